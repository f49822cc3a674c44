import CityBase

/// What a relation points at.
enum OSMMemberKind: UInt8, Sendable {
  case node, way, relation
}

/// A part of an arena: the tags of an element, the nodes of a way, the members of a relation.
struct OSMRange: Sendable, BitwiseCopyable {
  var start: UInt32
  var count: UInt32
  static let empty = OSMRange(start: 0, count: 0)
  var indices: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
}

/// An OpenStreetMap file in columns: elements ascending by id, with their nodes, members and tags
/// in arenas. It never changes once read.
///
/// A class, so that handing it around counts one reference and not one for each column.
public final class OSMData: Sendable {
  /// The file, for messages.
  let file: String
  /// What the extract was cut to, in degrees, as the file says; empty where it does not.
  let bounds: Box2
  /// Every different key and value; the known keys come first.
  let texts: [String]
  /// The numbers of keys that end in `:conditional`.
  let conditionalKeys: Set<UInt32>
  let tagKey: [UInt32]
  let tagValue: [UInt32]

  let nodeID: [Int64]
  /// Degrees, longitude first.
  let nodePosition: [Point2]
  let nodeTags: [OSMRange]

  let wayID: [Int64]
  let wayRefs: [OSMRange]
  let wayTags: [OSMRange]
  /// Indices of nodes in way order; -1 where the file does not hold the node.
  let refs: [Int32]

  let relationID: [Int64]
  let relationMembers: [OSMRange]
  let relationTags: [OSMRange]
  let memberKind: [OSMMemberKind]
  let memberID: [Int64]
  /// The role as a number among `texts`.
  let memberRole: [UInt32]

  init(
    file: String, bounds: Box2, texts: [String], tags: (keys: [UInt32], values: [UInt32]),
    nodes: (ids: [Int64], positions: [Point2], tags: [OSMRange]),
    ways: (ids: [Int64], refs: [OSMRange], tags: [OSMRange]), refs: [Int32],
    relations: (ids: [Int64], members: [OSMRange], tags: [OSMRange]),
    members: (kinds: [OSMMemberKind], ids: [Int64], roles: [UInt32])
  ) {
    self.file = file
    self.bounds = bounds
    self.texts = texts
    conditionalKeys = Set(
      texts.indices.lazy.filter { texts[$0].hasSuffix(":conditional") }.map { UInt32($0) })
    (tagKey, tagValue) = tags
    (nodeID, nodePosition, nodeTags) = nodes
    (wayID, wayRefs, wayTags) = ways
    self.refs = refs
    (relationID, relationMembers, relationTags) = relations
    (memberKind, memberID, memberRole) = members
  }

  /// How many nodes, ways and relations there are.
  public var nodeCount: Int { nodeID.count }
  public var wayCount: Int { wayID.count }
  public var relationCount: Int { relationID.count }

  func tags(ofNode i: Int) -> OSMTags { OSMTags(data: self, range: nodeTags[i].indices) }
  func tags(ofWay i: Int) -> OSMTags { OSMTags(data: self, range: wayTags[i].indices) }
  func tags(ofRelation i: Int) -> OSMTags { OSMTags(data: self, range: relationTags[i].indices) }

  /// The nodes of a way, as indices; -1 for those the file does not hold.
  func nodes(ofWay i: Int) -> ArraySlice<Int32> { refs[wayRefs[i].indices] }

  /// The index of an element by its id, or nil.
  func nodeIndex(_ id: Int64) -> Int? { Self.find(id, in: nodeID) }
  func wayIndex(_ id: Int64) -> Int? { Self.find(id, in: wayID) }

  static func find(_ id: Int64, in ids: [Int64]) -> Int? {
    ids.withUnsafeBufferPointer { ids in
      var low = 0
      var high = ids.count
      while low < high {
        let middle = (low + high) >> 1
        if ids[middle] < id { low = middle + 1 } else { high = middle }
      }
      return low < ids.count && ids[low] == id ? low : nil
    }
  }
}

/// The tags of one element.
struct OSMTags: Sendable {
  let data: OSMData
  let range: Range<Int>

  var isEmpty: Bool { range.isEmpty }

  /// The value of a key, or nil.
  subscript(key: OSMKey) -> String? {
    for i in range where data.tagKey[i] == key.rawValue { return data.texts[Int(data.tagValue[i])] }
    return nil
  }

  /// Whether a key is there with any value but `no`.
  func has(_ key: OSMKey) -> Bool { self[key].map { $0 != "no" } ?? false }

  /// The value as a number, a unit behind it ignored; nil unless finite.
  func number(_ key: OSMKey) -> Double? { self[key].flatMap(OSMNumber.leading) }

  /// A key by its place in the arena.
  func key(_ place: Int) -> String { data.texts[Int(data.tagKey[place])] }

  /// Whether any key holds at some times only (`access:conditional`).
  var hasConditions: Bool {
    range.contains { data.conditionalKeys.contains(data.tagKey[$0]) }
  }

  /// All tags as properties, sorted by key.
  var properties: [Property] {
    range.map {
      Property(data.texts[Int(data.tagKey[$0])], .text(data.texts[Int(data.tagValue[$0])]))
    }
    .sorted { $0.name < $1.name }
  }
}

/// Numbers as mappers write them.
enum OSMNumber {
  /// The decimal number a text starts with (`12.5 m`, `3;4`, `2,5`), or nil.
  static func leading(_ text: String) -> Double? {
    var value = 0.0
    var scale = 0.0
    var digits = 0
    var negative = false
    for (i, c) in text.utf8.enumerated() {
      switch c {
      case 45 where i == 0: negative = true
      case 43 where i == 0: continue
      case 48...57:
        digits += 1
        if digits > 18 { return nil }
        if scale > 0 {
          value += Double(c - 48) * scale
          scale /= 10
        } else {
          value = value * 10 + Double(c - 48)
        }
      case 46 where scale == 0, 44 where scale == 0: scale = 0.1
      default: return digits > 0 ? (negative ? -value : value) : nil
      }
    }
    return digits > 0 ? (negative ? -value : value) : nil
  }

  /// What comes behind the leading number, without blanks and in lower case.
  static func unit(_ text: String) -> String {
    let rest = text.utf8.drop { (48...57).contains($0) || $0 == 46 || $0 == 44 || $0 == 45 }
    return String(decoding: rest.filter { $0 != 32 }, as: UTF8.self).lowercased()
  }
}
