import CityBase
import CityText

/// Decodes the blocks of a PBF file: a table of texts, and groups of nodes, ways and relations that
/// name their texts by number and their places as differences.
struct OSMBlockDecoder {
  var collector: OSMCollector
  private let file: String
  private var texts: [OSMRange] = []
  /// The number of each text in the collector's pool; `unknown` until it is first used.
  private var poolNumber: [UInt32] = []
  private static let unknown = UInt32.max

  private var granularity: Int64 = 100
  private var latOffset: Int64 = 0
  private var lonOffset: Int64 = 0
  private var lostNodes = 0

  // Kept from group to group for their memory.
  private var ids: [Int64] = []
  private var keys: [Int64] = []
  private var values: [Int64] = []
  private var lats: [Int64] = []
  private var lons: [Int64] = []
  private var kinds: [Int64] = []
  private var visible: [Int64] = []

  init(_ file: String) {
    self.file = file
    collector = OSMCollector(file)
  }

  func finish(_ diagnostics: inout Diagnostics) throws(CityError) -> OSMData {
    if lostNodes > diagnostics.limitPerCode {
      diagnostics.warn(
        "osm-position", file: file, "\(lostNodes) nodes in all lie at no place on Earth")
    }
    return try collector.finish(&diagnostics)
  }

  /// Reads one block. Refused where it is malformed.
  mutating func decode(
    _ block: UnsafeRawBufferPointer, place: String, _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    granularity = 100
    latOffset = 0
    lonOffset = 0
    texts.removeAll(keepingCapacity: true)
    var groups: [ProtobufScanner] = []
    var message = ProtobufScanner(block, file: file, place: place)
    // Fields may come in any order, and groups need all others.
    while try message.next() {
      switch message.field {
      case 1: try readTexts(message.message(), in: block)
      case 2: groups.append(try message.message())
      case 17:
        granularity = try message.integer()
        guard (1...1_000_000_000).contains(granularity) else {
          throw message.error("expected a granularity of 1 to 10^9, found \(granularity)")
        }
      case 19: latOffset = try message.integer()
      case 20: lonOffset = try message.integer()
      default: break
      }
    }
    poolNumber.removeAll(keepingCapacity: true)
    poolNumber.append(contentsOf: repeatElement(Self.unknown, count: texts.count))
    for group in groups { try decode(group, block, &diagnostics) }
  }

  private mutating func readTexts(
    _ table: ProtobufScanner, in block: UnsafeRawBufferPointer
  ) throws(CityError) {
    guard let base = block.baseAddress else { return }
    var table = table
    while try table.next() {
      guard table.field == 1 else { continue }
      let text = try table.bytes()
      let start = text.baseAddress.map { $0 - base } ?? 0
      texts.append(
        OSMRange(
          start: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: text.count)))
    }
  }

  private mutating func decode(
    _ group: ProtobufScanner, _ block: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    var group = group
    while try group.next() {
      switch group.field {
      case 1: try readNode(group.message(), block, &diagnostics)
      case 2: try readDense(group.message(), block, &diagnostics)
      case 3: try readWay(group.message(), block)
      case 4: try readRelation(group.message(), block)
      default: break
      }
    }
  }

  // MARK: Texts and places

  private mutating func text(
    _ number: Int64, _ block: UnsafeRawBufferPointer, _ message: borrowing ProtobufScanner
  ) throws(CityError) -> UInt32 {
    guard number >= 0, number < Int64(texts.count) else {
      throw message.error("text \(number) of \(texts.count)")
    }
    let known = poolNumber[Int(number)]
    if known != Self.unknown { return known }
    let range = texts[Int(number)].indices
    let id = collector.intern(UnsafeRawBufferPointer(rebasing: block[range]))
    poolNumber[Int(number)] = id
    return id
  }

  private mutating func addTags(
    _ block: UnsafeRawBufferPointer, _ message: borrowing ProtobufScanner
  ) throws(CityError) {
    guard keys.count == values.count else {
      throw message.error("\(keys.count) keys and \(values.count) values of tags")
    }
    for i in keys.indices {
      collector.addTag(
        try text(keys[i], block, message), try text(values[i], block, message))
    }
  }

  /// The place of a node in degrees; nil, with a diagnostic, where it is not on Earth. Hostile
  /// figures wrap around to some place or none; no harm comes of either.
  private mutating func place(
    _ id: Int64, _ lat: Int64, _ lon: Int64, _ diagnostics: inout Diagnostics
  ) -> Point2? {
    let p = Point2(
      Double(lonOffset &+ granularity &* lon) / 1e9, Double(latOffset &+ granularity &* lat) / 1e9)
    if OSMCollector.isPlace(lon: p.x, lat: p.y) { return p }
    lostNodes += 1
    if lostNodes <= diagnostics.limitPerCode {
      diagnostics.warn(
        "osm-position", file: file, place: "node \(id)",
        "lat \(p.y), lon \(p.x) is no place on Earth; the node is left out")
    }
    return nil
  }

  // MARK: Elements

  private mutating func clear() {
    ids.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    lats.removeAll(keepingCapacity: true)
    lons.removeAll(keepingCapacity: true)
    kinds.removeAll(keepingCapacity: true)
    visible.removeAll(keepingCapacity: true)
  }

  /// Whether an element's metadata says that it has been deleted.
  private func isDeleted(_ info: ProtobufScanner) throws(CityError) -> Bool {
    var info = info
    var isVisible = true
    while try info.next() { if info.field == 6 { isVisible = try info.integer() != 0 } }
    return !isVisible
  }

  private mutating func readNode(
    _ node: ProtobufScanner, _ block: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    clear()
    var node = node
    var id: Int64 = 0
    var lat: Int64 = 0
    var lon: Int64 = 0
    var isDeleted = false
    while try node.next() {
      switch node.field {
      case 1: id = try node.signed()
      case 2: try node.append(to: &keys, zigzag: false)
      case 3: try node.append(to: &values, zigzag: false)
      case 4: isDeleted = try self.isDeleted(node.message())
      case 8: lat = try node.signed()
      case 9: lon = try node.signed()
      default: break
      }
    }
    guard !isDeleted, let p = place(id, lat, lon, &diagnostics) else { return }
    collector.addNode(id, p)
    try addTags(block, node)
    collector.closeNode()
  }

  private mutating func readDense(
    _ dense: ProtobufScanner, _ block: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    clear()
    var dense = dense
    while try dense.next() {
      switch dense.field {
      case 1: try dense.append(to: &ids, zigzag: true)
      case 5:
        var info = try dense.message()
        while try info.next() {
          if info.field == 6 { try info.append(to: &visible, zigzag: false) }
        }
      case 8: try dense.append(to: &lats, zigzag: true)
      case 9: try dense.append(to: &lons, zigzag: true)
      case 10: try dense.append(to: &keys, zigzag: false)
      default: break
      }
    }
    guard ids.count == lats.count, ids.count == lons.count else {
      throw dense.error("\(ids.count) nodes with \(lats.count) and \(lons.count) coordinates")
    }
    guard visible.isEmpty || visible.count == ids.count else {
      throw dense.error("\(ids.count) nodes with \(visible.count) marks of visibility")
    }
    try addDense(block, dense, &diagnostics)
  }

  private mutating func addDense(
    _ block: UnsafeRawBufferPointer, _ dense: borrowing ProtobufScanner,
    _ diagnostics: inout Diagnostics
  ) throws(CityError) {
    var id: Int64 = 0
    var lat: Int64 = 0
    var lon: Int64 = 0
    var k = 0
    for i in ids.indices {
      id = id &+ ids[i]
      lat = lat &+ lats[i]
      lon = lon &+ lons[i]
      let isVisible = visible.isEmpty || visible[i] != 0
      let p = isVisible ? place(id, lat, lon, &diagnostics) : nil
      if let p { collector.addNode(id, p) }
      // Key and value after key and value, a zero behind the last of each node; nothing at all
      // where no node of the group has tags.
      guard !keys.isEmpty else { continue }
      while k < keys.count && keys[k] != 0 {
        guard k + 1 < keys.count else { throw dense.error("a key without a value") }
        if p != nil {
          collector.addTag(
            try text(keys[k], block, dense), try text(keys[k + 1], block, dense))
        }
        k += 2
      }
      guard k < keys.count else { throw dense.error("tags for fewer nodes than there are") }
      k += 1
      if p != nil { collector.closeNode() }
    }
  }

  private mutating func readWay(
    _ way: ProtobufScanner, _ block: UnsafeRawBufferPointer
  ) throws(CityError) {
    clear()
    var way = way
    var id: Int64 = 0
    var isDeleted = false
    while try way.next() {
      switch way.field {
      case 1: id = try way.integer()
      case 2: try way.append(to: &keys, zigzag: false)
      case 3: try way.append(to: &values, zigzag: false)
      case 4: isDeleted = try self.isDeleted(way.message())
      case 8: try way.append(to: &ids, zigzag: true)
      default: break
      }
    }
    if isDeleted { return }
    collector.addWay(id)
    try addTags(block, way)
    var ref: Int64 = 0
    for difference in ids {
      ref = ref &+ difference
      collector.addRef(ref)
    }
    collector.closeWay()
  }

  private mutating func readRelation(
    _ relation: ProtobufScanner, _ block: UnsafeRawBufferPointer
  ) throws(CityError) {
    clear()
    var relation = relation
    var id: Int64 = 0
    var isDeleted = false
    while try relation.next() {
      switch relation.field {
      case 1: id = try relation.integer()
      case 2: try relation.append(to: &keys, zigzag: false)
      case 3: try relation.append(to: &values, zigzag: false)
      case 4: isDeleted = try self.isDeleted(relation.message())
      case 8: try relation.append(to: &lats, zigzag: false)
      case 9: try relation.append(to: &ids, zigzag: true)
      case 10: try relation.append(to: &kinds, zigzag: false)
      default: break
      }
    }
    guard ids.count == lats.count, ids.count == kinds.count else {
      throw relation.error(
        "\(ids.count) members with \(lats.count) roles and \(kinds.count) types")
    }
    if isDeleted { return }
    collector.addRelation(id)
    try addTags(block, relation)
    var member: Int64 = 0
    for i in ids.indices {
      member = member &+ ids[i]
      guard let kind = UInt8(exactly: kinds[i]).flatMap(OSMMemberKind.init(rawValue:)) else {
        continue
      }
      collector.addMember(kind, member, role: try text(lats[i], block, relation))
    }
    collector.closeRelation()
  }
}
