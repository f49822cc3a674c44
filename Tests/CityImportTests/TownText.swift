import CityBase

@testable import CityImport

/// OpenStreetMap data for tests, laid out in metres around 3° east on the equator: the middle of a
/// UTM zone, where a degree of longitude is 111,319.5 m on WGS 84 and one of latitude 110,574.3 m,
/// and the projection's scale is 0.9996.
struct TownText {
  typealias Tags = [String: String]
  struct Node {
    var id: Int
    var lon: Double
    var lat: Double
    var tags: Tags
  }
  struct Way {
    var id: Int
    var nodes: [Int]
    var tags: Tags
  }
  struct Relation {
    var id: Int
    /// (type, id, role).
    var members: [(String, Int, String)]
    var tags: Tags
  }

  private(set) var nodes: [Node] = []
  private(set) var ways: [Way] = []
  private(set) var relations: [Relation] = []
  /// What the extract was cut to: west, south, east, north in metres.
  var bounds: [Double] = []

  static let metresPerDegree = Point2(111_319.49 * 0.9996, 110_574.28 * 0.9996)

  static func degrees(_ x: Double, _ y: Double) -> (lon: Double, lat: Double) {
    (3 + x / metresPerDegree.x, y / metresPerDegree.y)
  }

  mutating func node(_ id: Int, _ x: Double, _ y: Double, _ tags: Tags = [:]) {
    let (lon, lat) = Self.degrees(x, y)
    nodes.append(Node(id: id, lon: lon, lat: lat, tags: tags))
  }

  mutating func way(_ id: Int, _ nodes: [Int], _ tags: Tags) {
    ways.append(Way(id: id, nodes: nodes, tags: tags))
  }

  /// Members as (type, id, role).
  mutating func relation(_ id: Int, _ members: [(String, Int, String)], _ tags: Tags) {
    relations.append(Relation(id: id, members: members, tags: tags))
  }

  /// A closed way around a rectangle; its nodes are 10 times its id and the three after it.
  mutating func rectangle(
    _ id: Int, _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ tags: Tags
  ) {
    node(id * 10, x, y)
    node(id * 10 + 1, x + width, y)
    node(id * 10 + 2, x + width, y + height)
    node(id * 10 + 3, x, y + height)
    way(id, [id * 10, id * 10 + 1, id * 10 + 2, id * 10 + 3, id * 10], tags)
  }

  /// Tags written `k=v k=v`; values without blanks.
  static func tags(_ text: String) -> Tags {
    var tags: Tags = [:]
    for pair in text.split(separator: " ") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      tags[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return tags
  }

  static func sorted(_ tags: Tags) -> [(key: String, value: String)] {
    tags.sorted { $0.key < $1.key }
  }

  private static func text(_ tags: Tags) -> String {
    sorted(tags).map { "<tag k='\($0.key)' v='\($0.value)'/>" }.joined()
  }

  var xml: String {
    var lines: [String] = []
    if bounds.count == 4 {
      let (west, south) = Self.degrees(bounds[0], bounds[1])
      let (east, north) = Self.degrees(bounds[2], bounds[3])
      lines.append(
        "<bounds minlat='\(south)' minlon='\(west)' maxlat='\(north)' maxlon='\(east)'/>")
    }
    for n in nodes {
      lines.append("<node id='\(n.id)' lon='\(n.lon)' lat='\(n.lat)'>\(Self.text(n.tags))</node>")
    }
    for w in ways {
      let refs = w.nodes.map { "<nd ref='\($0)'/>" }.joined()
      lines.append("<way id='\(w.id)'>\(refs)\(Self.text(w.tags))</way>")
    }
    for r in relations {
      let members = r.members.map { "<member type='\($0)' ref='\($1)' role='\($2)'/>" }.joined()
      lines.append("<relation id='\(r.id)'>\(members)\(Self.text(r.tags))</relation>")
    }
    return "<osm version='0.6'>\n\(lines.joined(separator: "\n"))\n</osm>\n"
  }

  /// The town as it is read from its XML.
  func data(_ diagnostics: inout Diagnostics) throws -> OSMData {
    try OSMReader.parse(Array(xml.utf8), file: "town.osm", diagnostics: &diagnostics)
  }

  /// The town as a draft.
  func draft(_ options: OSMImportOptions = OSMImportOptions()) throws -> CityDraft {
    var diagnostics = Diagnostics()
    let data = try data(&diagnostics)
    var draft = try OSMImport.draft(
      data, name: "town", options: options, diagnostics: &diagnostics)
    draft.diagnostics = diagnostics
    return draft
  }
}

extension DraftEntity {
  func text(_ name: String) -> String? {
    guard case .text(let text)? = value(name) else { return nil }
    return text
  }

  func number(_ name: String) -> Double? {
    switch value(name) {
    case .number(let number, _)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }

  func value(_ name: String) -> PropertyValue? { properties.first { $0.name == name }?.value }
}
