import CityBase

@testable import CityImport

/// OpenStreetMap XML for tests, laid out in metres around 3° east on the equator: the middle of a
/// UTM zone, where a degree of longitude is 111,319.5 m on WGS 84 and one of latitude 110,574.3 m,
/// and the projection's scale is 0.9996.
struct TownText {
  private var lines: [String] = []

  static let metresPerDegree = Point2(111_319.49 * 0.9996, 110_574.28 * 0.9996)

  mutating func node(_ id: Int, _ x: Double, _ y: Double, _ tags: [String: String] = [:]) {
    let lon = 3 + x / Self.metresPerDegree.x
    let lat = y / Self.metresPerDegree.y
    lines.append("<node id='\(id)' lon='\(lon)' lat='\(lat)'>\(Self.text(tags))</node>")
  }

  mutating func way(_ id: Int, _ nodes: [Int], _ tags: [String: String]) {
    let refs = nodes.map { "<nd ref='\($0)'/>" }.joined()
    lines.append("<way id='\(id)'>\(refs)\(Self.text(tags))</way>")
  }

  /// Members as (type, id, role).
  mutating func relation(_ id: Int, _ members: [(String, Int, String)], _ tags: [String: String]) {
    let members = members.map { "<member type='\($0)' ref='\($1)' role='\($2)'/>" }.joined()
    lines.append("<relation id='\(id)'>\(members)\(Self.text(tags))</relation>")
  }

  /// A closed way around a rectangle; its nodes are 10 times its id and the three after it.
  mutating func rectangle(
    _ id: Int, _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ tags: [String: String]
  ) {
    node(id * 10, x, y)
    node(id * 10 + 1, x + width, y)
    node(id * 10 + 2, x + width, y + height)
    node(id * 10 + 3, x, y + height)
    way(id, [id * 10, id * 10 + 1, id * 10 + 2, id * 10 + 3, id * 10], tags)
  }

  private static func text(_ tags: [String: String]) -> String {
    tags.sorted { $0.key < $1.key }.map { "<tag k='\($0.key)' v='\($0.value)'/>" }.joined()
  }

  var xml: String { "<osm version='0.6'>\n\(lines.joined(separator: "\n"))\n</osm>\n" }

  /// The town as a draft.
  func draft(_ options: OSMImportOptions = OSMImportOptions()) throws -> CityDraft {
    var diagnostics = Diagnostics()
    let data = try OSMReader.parse(Array(xml.utf8), file: "town.osm", diagnostics: &diagnostics)
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
