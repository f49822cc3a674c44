import CityBase
import CitySimulation
import CityText

/// From when to when a policy holds: `"from": "07:20", "until": "07:50"`, each a time of the first
/// day or ISO 8601 with zone. Without `from` it holds from the start of the run, without `until` to
/// its end.
struct PolicyWindow: Sendable {
  let from: TimeText?
  let until: TimeText?
  private let file: String
  private let place: String

  init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    place = reader.path(of: "until")
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

  /// The ticks of a run in which it holds; `Tick.max` is an end that never comes. What began before
  /// the run holds from its first tick.
  func ticks(on site: PolicySite) throws(CityError) -> Range<Tick> {
    let first = from.map { site.tick(of: $0) } ?? 0
    guard let until else { return first..<Tick.max }
    let last = site.tick(of: until)
    guard last > first else {
      throw .refused(
        from == nil
          ? "expected a time after the start of the run, \(site.clock.epoch.iso8601)"
          : "expected a time after \"from\" and after the start of the run, a tick or more",
        file: file, place: place)
    }
    return first..<last
  }
}
