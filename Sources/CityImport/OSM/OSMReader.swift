import CityBase
import CityGIS
import CityText

/// Reads OpenStreetMap XML (`.osm`, `.osm.gz`) into columns.
///
/// Refused, with file and byte: a truncated or damaged gzip file, malformed XML, a root that is not
/// `<osm>`, and the formats this reader does not know (`.osm.pbf`, `.osm.bz2`, change files).
/// Elements without a usable id or place are left out with a diagnostic; so are repeats of an id.
public struct OSMReader {
  private let file: String
  private var strings = OSMStringPool()
  private var tagKey: [UInt32] = []
  private var tagValue: [UInt32] = []

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

  /// Reads a file, plain or gzip-compressed.
  public static func read(path: String, diagnostics: inout Diagnostics) throws(CityError) -> OSMData
  {
    if path.hasSuffix(".pbf") { throw notXML("OpenStreetMap PBF", path) }
    let bytes = try CompressedInput.read(path: path)
    return try parse(bytes, file: path, diagnostics: &diagnostics)
  }

  /// Reads XML in memory; `file` is named in messages.
  public static func parse(_ bytes: [UInt8], file: String, diagnostics: inout Diagnostics)
    throws(CityError) -> OSMData
  {
    // A PBF file starts with the length of a header that names itself; bzip2 with "BZh".
    if bytes.count > 15 && bytes[6..<15].elementsEqual("OSMHeader".utf8) {
      throw notXML("OpenStreetMap PBF", file)
    }
    if bytes.starts(with: "BZh".utf8) { throw notXML("bzip2", file) }
    var reader = OSMReader(file)
    let result = bytes.withUnsafeBytes { raw -> Result<Void, CityError> in
      do throws(CityError) {
        try reader.scan(raw, &diagnostics)
        return .success(())
      } catch { return .failure(error) }
    }
    try result.get()
    return reader.finish(&diagnostics)
  }

  private static func notXML(_ what: String, _ file: String) -> CityError {
    .refused(
      "\(what) is not supported yet; convert it to .osm or .osm.gz first"
        + " (osmium cat \(file) -o city.osm.gz)", file: file)
  }

  private init(_ file: String) {
    self.file = file
    for key in OSMKey.allCases { _ = strings.intern(key.text) }
  }

  // MARK: Scanning

  /// What is being read between the start and the end of an element.
  private enum Open { case nothing, node, way, relation, skipped }

  private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ diagnostics: inout Diagnostics)
    throws(CityError)
  {
    var xml = XMLScanner(bytes, file: file)
    guard try xml.next() else { return }
    guard xml.name == "osm" else {
      throw xml.error("expected the root element <osm>, found <\(xml.name.string)>")
    }
    var open = Open.nothing
    var firstTag = 0
    while try xml.next() {
      // Elements lie at depth 2, their tags, nodes and members at 3; anything deeper is unknown.
      if xml.depth == 2 {
        if xml.isStart {
          firstTag = tagKey.count
          open = start(&xml, &diagnostics)
        } else {
          finishElement(open, firstTag)
          open = .nothing
        }
      } else if xml.depth == 3 && xml.isStart {
        switch open {
        case .nothing, .skipped: continue
        case .node, .way, .relation: child(&xml, of: open, &diagnostics)
        }
      }
    }
  }

  private mutating func start(_ xml: inout XMLScanner, _ diagnostics: inout Diagnostics) -> Open {
    let kind: Open
    switch xml.name {
    case "node": kind = .node
    case "way": kind = .way
    case "relation": kind = .relation
    default: return .nothing
    }
    // JOSM marks what its user has deleted; history extracts mark what is gone.
    if let action = xml.attribute("action"), action == "delete" { return .skipped }
    if let visible = xml.attribute("visible"), visible == "false" { return .skipped }
    guard let id = xml.attribute("id")?.integer else {
      diagnostics.warn(
        "osm-id", file: file, place: "byte \(xml.offset)",
        "a \(xml.name.string) without a whole number as id is left out")
      return .skipped
    }
    switch kind {
    case .node:
      guard let position = position(&xml, id, &diagnostics) else { return .skipped }
      nodeID.append(id)
      nodePosition.append(position)
    case .way:
      wayID.append(id)
      wayRefs.append(OSMRange(start: UInt32(truncatingIfNeeded: refID.count), count: 0))
    default:
      relationID.append(id)
      relationMembers.append(OSMRange(start: UInt32(truncatingIfNeeded: memberID.count), count: 0))
    }
    return kind
  }

  private func position(_ xml: inout XMLScanner, _ id: Int64, _ diagnostics: inout Diagnostics)
    -> Point2?
  {
    guard let lat = xml.attribute("lat")?.double, let lon = xml.attribute("lon")?.double else {
      diagnostics.warn(
        "osm-position", file: file, place: "node \(id), byte \(xml.offset)",
        "a node without lat and lon in degrees is left out")
      return nil
    }
    guard abs(lat) <= 90, abs(lon) <= 180 else {
      diagnostics.warn(
        "osm-position", file: file, place: "node \(id), byte \(xml.offset)",
        "lat \(lat), lon \(lon) is no place on Earth; the node is left out")
      return nil
    }
    return Point2(lon, lat)
  }

  private mutating func child(
    _ xml: inout XMLScanner, of open: Open, _ diagnostics: inout Diagnostics
  ) {
    switch (xml.name, open) {
    case ("tag", _):
      guard let key = xml.attribute("k"), let value = xml.attribute("v") else { return }
      tagKey.append(intern(key))
      tagValue.append(intern(value))
    case ("nd", .way):
      guard let ref = xml.attribute("ref")?.integer else {
        diagnostics.warn(
          "osm-ref", file: file, place: "byte \(xml.offset)",
          "an nd without a whole number as ref is left out")
        return
      }
      refID.append(ref)
    case ("member", .relation):
      guard let type = xml.attribute("type"), let ref = xml.attribute("ref")?.integer else {
        return
      }
      switch type {
      case "node": memberKind.append(.node)
      case "way": memberKind.append(.way)
      case "relation": memberKind.append(.relation)
      default: return
      }
      memberID.append(ref)
      memberRole.append(xml.attribute("role").map { intern($0) } ?? strings.intern(""))
    default: return
    }
  }

  private mutating func intern(_ text: ByteText) -> UInt32 {
    // Only a text with references in it has to be decoded before it can be compared.
    text.raw.contains(0x26) ? strings.intern(text.string) : strings.intern(text.raw)
  }

  private mutating func finishElement(_ open: Open, _ firstTag: Int) {
    let tags = OSMRange(
      start: UInt32(truncatingIfNeeded: firstTag),
      count: UInt32(truncatingIfNeeded: tagKey.count - firstTag))
    switch open {
    case .node: nodeTags.append(tags)
    case .way:
      wayTags.append(tags)
      wayRefs[wayRefs.count - 1].count =
        UInt32(truncatingIfNeeded: refID.count) &- wayRefs[wayRefs.count - 1].start
    case .relation:
      relationTags.append(tags)
      relationMembers[relationMembers.count - 1].count =
        UInt32(truncatingIfNeeded: memberID.count)
        &- relationMembers[relationMembers.count - 1].start
    case .nothing, .skipped: break
    }
  }

  // MARK: Ordering

  private func finish(_ diagnostics: inout Diagnostics) -> OSMData {
    let nodes = order(nodeID, "node", &diagnostics)
    let ways = order(wayID, "way", &diagnostics)
    let relations = order(relationID, "relation", &diagnostics)
    let ids = Self.pick(nodeID, nodes)
    let wayRefs = Self.pick(wayRefs, ways)
    return OSMData(
      file: file, texts: strings.texts(), tags: (tagKey, tagValue),
      nodes: (ids, Self.pick(nodePosition, nodes), Self.pick(nodeTags, nodes)),
      ways: (Self.pick(wayID, ways), wayRefs, Self.pick(wayTags, ways)),
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
    for (i, element) in all.enumerated() {
      if i + 1 < all.count && ids[all[i + 1]] == ids[element] {
        diagnostics.warn(
          "osm-duplicate", file: file, place: "\(what) \(ids[element])",
          "the id comes more than once; the last element counts")
      } else {
        kept.append(element)
      }
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
