import CityBase
import CityNetwork
import CitySimulation
import CityText

/// Closes links for a stretch of time: nobody may enter them, who is on them may leave.
///
/// In a scenario: `{"type": "link_closure", "links": ["4711", {"road": "Quay Road"},
/// {"near": [117.21, 39.12]}], "from": "07:20", "until": "07:50"}`. A text is the id of a link
/// (`4711+0`), or of a way of the source (`4711`), which stands for all its links. `near` is the
/// nearest link within 50 m, and the other direction with it. Without `from` it is closed from the
/// start, without `until` to the end.
public struct LinkClosure: PolicySettings {
  public static let typeName = "link_closure"

  enum Selector: Sendable {
    case id(String)
    case road(String)
    case near(Point2)
  }

  /// Metres; further away a point means no link.
  static let searchRadius = 50.0

  /// What to close, each with its JSON path.
  let selectors: [(selector: Selector, path: String)]
  let from: TimeText?
  let until: TimeText?
  let file: String

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    var selectors: [(Selector, String)] = []
    for (i, value) in try reader.array("links").enumerated() {
      let path = reader.path(of: "links[\(i)]")
      selectors.append((try Self.selector(value, file: reader.file, path: path), path))
    }
    guard !selectors.isEmpty else { throw reader.error("links", "expected one link or more") }
    self.selectors = selectors
    from = try reader.optionalTime("from")
    until = try reader.optionalTime("until")
    if let from, let until, !Self.isOrdered(from, until) {
      throw reader.error("until", "expected a time after \"from\"")
    }
  }

  private static func isOrdered(_ from: TimeText, _ until: TimeText) -> Bool {
    switch (from, until) {
    case (.instant(let a), .instant(let b)): a < b
    case (.timeOfDay(let a), .timeOfDay(let b)): a < b
    default: true
    }
  }

  private static func selector(_ value: JSONValue, file: String, path: String) throws(CityError)
    -> Selector
  {
    if let id = value.string { return .id(id) }
    guard value.members != nil else {
      throw .refused(
        "expected the id of a link, {\"road\": name} or {\"near\": [longitude, latitude]}, found "
          + value.kindInWords, file: file, place: path)
    }
    var reader = try JSONObjectReader(value, file: file, path: path)
    let road = try reader.optionalString("road")
    let near = reader.contains("near") ? try reader.numbers("near") : []
    try reader.finish()
    if let road, near.isEmpty { return .road(road) }
    guard road == nil, near.count == 2, abs(near[0]) <= 180, abs(near[1]) <= 90 else {
      throw .refused(
        "expected either {\"road\": name} or {\"near\": [longitude, latitude]}", file: file,
        place: path)
    }
    return .near(Point2(near[0], near[1]))
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    var links: Set<LinkID> = []
    for (selector, path) in selectors {
      do throws(CityError) {
        links.formUnion(try LinkSelection.links(selector, in: site))
      } catch {
        throw .refused(error.message, file: file, place: path)
      }
    }
    let first = from.map { site.tick(of: $0) } ?? 0
    let last = until.map { site.tick(of: $0) }
    if let last, last <= first {
      throw .refused("\"until\" lies before the closure begins or the run starts", file: file)
    }
    return LinkClosurePolicy(name: name, links: links.sorted(), from: first, until: last)
  }
}

/// A closure bound to the links and ticks of a run.
struct LinkClosurePolicy: Policy {
  let name: String
  /// In ascending order.
  let links: [LinkID]
  let from: Tick
  let until: Tick?

  func commands(_ observation: Observation) -> [Command] {
    let tick = observation.moment.tick
    if tick == from { return links.map { .closeLink($0) } }
    if tick == until { return links.map { .reopenLink($0) } }
    return []
  }
}
