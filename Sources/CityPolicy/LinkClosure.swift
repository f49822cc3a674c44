import CityBase
import CitySimulation
import CityText

/// Closes links for a stretch of time: nobody may enter them, who is on them may leave.
///
/// In a scenario: `{"type": "link_closure", "links": ["4711", {"road": "Quay Road"}, {"near":
/// [117.21, 39.12]}], "from": "07:20", "until": "07:50"}`. A text is the id of a link (`4711+0`), or
/// of a way of the source (`4711`), which stands for all its links. `near` is the nearest link within
/// 50 m, and the other direction with it. Without `from` it is closed from the start, without `until`
/// to the end. Closures of one link add up: it is open again when the last one ends.
public struct LinkClosure: PolicySettings {
  public static let typeName = "link_closure"

  let selection: LinkSelection
  let window: PolicyWindow

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    selection = try LinkSelection(from: &reader)
    window = try PolicyWindow(from: &reader)
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let links = try selection.links(on: site)
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site), onset: links.map { .closeLink($0) },
      release: links.map { .reopenLink($0) })
  }
}
