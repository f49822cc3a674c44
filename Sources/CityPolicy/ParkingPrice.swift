import CityBase
import CitySimulation
import CityText

/// Sets another price for parking, in place of the facilities' own.
///
/// In a scenario: `{"type": "parking_price", "facilities": ["g1", {"district": "Hexi", "type":
/// "kerb"}], "cny_per_hour": 12, "from": "17:00", "until": "19:00"}`; what can stand in `facilities`
/// is told by `FacilitySelection`.
public struct ParkingPrice: PolicySettings {
  public static let typeName = "parking_price"
  public static let actsOn: String? = "parking"

  let selection: FacilitySelection
  /// Yuan an hour.
  let price: Double
  let window: PolicyWindow

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    selection = try FacilitySelection(from: &reader)
    price = try reader.number("cny_per_hour", in: 0...1000)
    window = try PolicyWindow(from: &reader)
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let facilities = try selection.facilities(on: site)
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site),
      onset: facilities.map { .setParkingPrice($0, cnyPerHour: price) },
      release: facilities.map { .restoreParkingPrice($0) },
      subjects: facilities.map { .parkingPrice($0) })
  }
}
