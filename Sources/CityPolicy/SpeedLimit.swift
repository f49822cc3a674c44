import CityBase
import CitySimulation
import CityText

/// Sets another speed limit on links, higher or lower than the built one.
///
/// In a scenario: `{"type": "speed_limit", "area": [[117.20, 39.10], [117.22, 39.10], [117.21,
/// 39.12]], "speed_kmh": 30, "from": "07:00", "until": "09:00"}`, or `links` in place of `area`, as
/// for a link closure. In an area are the links whose middle lies in it.
public struct SpeedLimit: PolicySettings {
  public static let typeName = "speed_limit"
  /// Kilometres an hour: from a walking pace to what Chinese motorways allow and a little more.
  static let range = 5.0...130.0

  enum Target: Sendable {
    case links(LinkSelection)
    case area(PolicyArea)
  }

  let target: Target
  /// Kilometres an hour.
  let speed: Double
  let window: PolicyWindow

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    let area = reader.optionalValue("area")
    if reader.optionalValue("links") == nil, let area {
      target = .area(try PolicyArea(area, file: reader.file, path: reader.path(of: "area")))
    } else if area == nil {
      target = .links(try LinkSelection(from: &reader))
    } else {
      throw reader.error("area", "expected either \"links\" or \"area\"")
    }
    speed = try reader.number("speed_kmh", in: Self.range)
    window = try PolicyWindow(from: &reader)
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let links =
      switch target {
      case .links(let selection): try selection.links(on: site)
      case .area(let area): try area.links(on: site)
      }
    let limit = Float(speed / 3.6)
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site),
      onset: links.map { .limitSpeed($0, metersPerSecond: limit) },
      release: links.map { .restoreSpeed($0) }, subjects: links.map { .speedLimit($0) })
  }
}
