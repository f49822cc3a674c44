import CityBase

/// Gathers the elements of a file as its reader meets them, and puts them in order at the end.
struct OSMCollector {
  let file: String
  /// Degrees, as the file's header gives them; empty for none.
  var bounds = Box2()
  private(set) var strings = OSMStringPool()
  private var tagKey: [UInt32] = []
  private var tagValue: [UInt32] = []
  private var firstTag = 0

  private var nodeID: [Int64] = []
  private var nodePosition: [Point2] = []
  private var nodeTags: [OSMRange] = []
  private var wayID: [Int64] = []
  private var wayRefs: [OSMRange] = []
  private var wayTags: [OSMRange] = []
  private var refID: [Int64] = []
  private var relationID: [Int64] = []
  private var relationMembers: [OSMRange] = []
  private var relationTags: [OSMRange] = []
  private var memberKind: [OSMMemberKind] = []
  private var memberID: [Int64] = []
  private var memberRole: [UInt32] = []

  /// What columns with 32-bit numbers can count.
  static let mostEntries = Int(Int32.max)

  init(_ file: String) {
    self.file = file
    for key in OSMKey.allCases { _ = strings.intern(key.text) }
  }

  // MARK: Elements

  /// Adds a node; its tags follow. `degrees` must be a place on Earth.
  mutating func addNode(_ id: Int64, _ degrees: Point2) {
    nodeID.append(id)
    nodePosition.append(Self.rounded(degrees))
    nodeTags.append(.empty)
    firstTag = tagKey.count
  }

  mutating func addWay(_ id: Int64) {
    wayID.append(id)
    wayRefs.append(OSMRange(start: UInt32(truncatingIfNeeded: refID.count), count: 0))
    wayTags.append(.empty)
    firstTag = tagKey.count
  }

  mutating func addRelation(_ id: Int64) {
    relationID.append(id)
    relationMembers.append(OSMRange(start: UInt32(truncatingIfNeeded: memberID.count), count: 0))
    relationTags.append(.empty)
    firstTag = tagKey.count
  }

  mutating func addTag(_ key: UInt32, _ value: UInt32) {
    tagKey.append(key)
    tagValue.append(value)
  }

  mutating func addRef(_ id: Int64) { refID.append(id) }

  mutating func addMember(_ kind: OSMMemberKind, _ id: Int64, role: UInt32) {
    memberKind.append(kind)
    memberID.append(id)
    memberRole.append(role)
  }

  mutating func intern(_ text: UnsafeRawBufferPointer) -> UInt32 { strings.intern(text) }
  mutating func intern(_ text: String) -> UInt32 { strings.intern(text) }

  private var newTags: OSMRange {
    OSMRange(
      start: UInt32(truncatingIfNeeded: firstTag),
      count: UInt32(truncatingIfNeeded: tagKey.count - firstTag))
  }

  /// Closes the element added last, whose tags, nodes and members are all there.
  mutating func closeNode() {
    if tagKey.count > firstTag { nodeTags[nodeTags.count - 1] = newTags }
  }

  mutating func closeWay() {
    wayTags[wayTags.count - 1] = newTags
    wayRefs[wayRefs.count - 1].count =
      UInt32(truncatingIfNeeded: refID.count) &- wayRefs[wayRefs.count - 1].start
  }

  mutating func closeRelation() {
    relationTags[relationTags.count - 1] = newTags
    relationMembers[relationMembers.count - 1].count =
      UInt32(truncatingIfNeeded: memberID.count)
      &- relationMembers[relationMembers.count - 1].start
  }

  /// OpenStreetMap keeps seven decimals; rounding to them makes XML and PBF of one place equal.
  static func rounded(_ degrees: Point2) -> Point2 {
    Point2((degrees.x * 1e7).rounded() / 1e7, (degrees.y * 1e7).rounded() / 1e7)
  }

  /// Whether degrees are a place on Earth.
  static func isPlace(lon: Double, lat: Double) -> Bool { abs(lat) <= 90 && abs(lon) <= 180 }

  // MARK: Ordering

  /// The file in columns. Refused where it holds more than they can count.
  func finish(_ diagnostics: inout Diagnostics) throws(CityError) -> OSMData {
    let most = max(
      max(nodeID.count, wayID.count, relationID.count),
      max(refID.count, memberID.count, tagKey.count))
    guard most < Self.mostEntries else {
      throw .refused("holds \(most) elements, tags or references, more than 2 billion", file: file)
    }
    let nodes = order(nodeID, "node", &diagnostics)
    let ways = order(wayID, "way", &diagnostics)
    let relations = order(relationID, "relation", &diagnostics)
    let ids = Self.pick(nodeID, nodes)
    return OSMData(
      file: file, bounds: bounds, texts: strings.texts(), tags: (tagKey, tagValue),
      nodes: (ids, Self.pick(nodePosition, nodes), Self.pick(nodeTags, nodes)),
      ways: (Self.pick(wayID, ways), Self.pick(wayRefs, ways), Self.pick(wayTags, ways)),
      refs: resolve(ids, &diagnostics),
      relations: (
        Self.pick(relationID, relations), Self.pick(relationMembers, relations),
        Self.pick(relationTags, relations)
      ),
      members: (memberKind, memberID, memberRole))
  }

  /// The order that sorts ids; nil where they are sorted already, as in most files. Of a repeated
  /// id the last element counts.
  private func order(_ ids: [Int64], _ what: String, _ diagnostics: inout Diagnostics) -> [Int]? {
    var isSorted = true
    for i in ids.indices.dropFirst() where ids[i - 1] >= ids[i] {
      isSorted = false
      break
    }
    if isSorted { return nil }
    let all = ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
    var kept: [Int] = []
    kept.reserveCapacity(all.count)
    var repeated = 0
    for (i, element) in all.enumerated() {
      guard i + 1 < all.count && ids[all[i + 1]] == ids[element] else {
        kept.append(element)
        continue
      }
      repeated += 1
      if repeated <= diagnostics.limitPerCode {
        diagnostics.warn(
          "osm-duplicate", file: file, place: "\(what) \(ids[element])",
          "the id comes more than once; the last element counts")
      }
    }
    if repeated > diagnostics.limitPerCode {
      diagnostics.warn(
        "osm-duplicate", file: file, "\(repeated) ids of \(what)s come more than once")
    }
    return kept
  }

  private static func pick<T>(_ values: [T], _ order: [Int]?) -> [T] {
    guard let order else { return values }
    return order.map { values[$0] }
  }

  /// Node ids of all ways as node indices, -1 for those that are not in the file.
  private func resolve(_ ids: [Int64], _ diagnostics: inout Diagnostics) -> [Int32] {
    var dangling = 0
    var example: Int64 = 0
    let refs = refID.map { id -> Int32 in
      if let index = OSMData.find(id, in: ids) { return Int32(truncatingIfNeeded: index) }
      if dangling == 0 { example = id }
      dangling += 1
      return -1
    }
    if dangling > 0 {
      diagnostics.warn(
        "osm-dangling-node", file: file,
        "\(dangling) references of ways lead to nodes that are not in the file (the first:"
          + " node \(example)); lines are cut there")
    }
    return refs
  }
}
