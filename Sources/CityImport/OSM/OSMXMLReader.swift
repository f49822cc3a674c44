import CityBase
import CityText

/// Reads OpenStreetMap XML.
struct OSMXMLReader {
  private var collector: OSMCollector
  private var file: String { collector.file }

  static func read(
    _ bytes: UnsafeRawBufferPointer, file: String, _ diagnostics: inout Diagnostics
  ) throws(CityError) -> OSMData {
    var reader = OSMXMLReader(collector: OSMCollector(file))
    try reader.scan(bytes, &diagnostics)
    return try reader.collector.finish(&diagnostics)
  }

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
    while try xml.next() {
      // Elements lie at depth 2, their tags, nodes and members at 3; anything deeper is unknown.
      if xml.depth == 2 {
        if xml.isStart {
          open = start(&xml, &diagnostics)
        } else {
          switch open {
          case .node: collector.closeNode()
          case .way: collector.closeWay()
          case .relation: collector.closeRelation()
          case .nothing, .skipped: break
          }
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
    case "bounds":
      readBounds(&xml)
      return .nothing
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
      collector.addNode(id, position)
    case .way: collector.addWay(id)
    default: collector.addRelation(id)
    }
    return kind
  }

  /// What the extract was cut to, in degrees.
  private mutating func readBounds(_ xml: inout XMLScanner) {
    guard let west = xml.attribute("minlon")?.double, let south = xml.attribute("minlat")?.double,
      let east = xml.attribute("maxlon")?.double, let north = xml.attribute("maxlat")?.double,
      OSMCollector.isPlace(lon: west, lat: south), OSMCollector.isPlace(lon: east, lat: north),
      west <= east, south <= north
    else { return }
    collector.bounds.add(Box2(min: Point2(west, south), max: Point2(east, north)))
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
    guard OSMCollector.isPlace(lon: lon, lat: lat) else {
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
      collector.addTag(intern(key), intern(value))
    case ("nd", .way):
      guard let ref = xml.attribute("ref")?.integer else {
        diagnostics.warn(
          "osm-ref", file: file, place: "byte \(xml.offset)",
          "an nd without a whole number as ref is left out")
        return
      }
      collector.addRef(ref)
    case ("member", .relation):
      guard let type = xml.attribute("type"), let ref = xml.attribute("ref")?.integer else {
        return
      }
      let kind: OSMMemberKind
      switch type {
      case "node": kind = .node
      case "way": kind = .way
      case "relation": kind = .relation
      default: return
      }
      collector.addMember(
        kind, ref, role: xml.attribute("role").map { intern($0) } ?? collector.intern(""))
    default: return
    }
  }

  private mutating func intern(_ text: ByteText) -> UInt32 {
    // Only a text with references in it has to be decoded before it can be compared.
    text.raw.contains(0x26) ? collector.intern(text.string) : collector.intern(text.raw)
  }
}
