import CityBase
import CitySimulation
import CityText

/// Tells a share of the drivers which car parks have bays left.
///
/// In a scenario: `{"type": "parking_guidance", "share": 0.4, "from": "17:00"}`. The share is of all
/// who look for a bay, in place of the scenario's own; who is among them is drawn for each driver,
/// so that a greater share only adds to them.
public struct ParkingGuidance: PolicySettings {
  public static let typeName = "parking_guidance"
  public static let actsOn: String? = "parking"

  /// 0 to 1.
  let share: Double
  let window: PolicyWindow

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    share = try reader.number("share", in: 0...1)
    window = try PolicyWindow(from: &reader)
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    TimedPolicy(
      name: name, ticks: try window.ticks(on: site), onset: [.setGuidedShare(share)],
      release: [.restoreGuidedShare], subjects: [.guidedShare])
  }
}
