import CityBase
import CityParking

/// The parking of a run: what there is to park in, and how drivers go about it.
public struct LoadedParking: Sendable {
  /// By the index of the city's parking facilities.
  public let supply: [ParkingSupply]
  public let settings: ParkingSettings

  /// How many facilities can be used, and the bays in them.
  public var facilityCount: Int { supply.count { $0.isUsable } }
  public var bayCount: Int { supply.reduce(0) { $0 + $1.usableCapacity } }

  /// Nil where the scenario has no parking.
  init?(_ scenario: ScenarioFile, places: CityPlaces, diagnostics: inout Diagnostics) {
    guard let settings = scenario.parking else { return nil }
    self.settings = settings
    supply = ParkingSupply.build(
      from: places.map, nearest: { places.nearest($0) }, diagnostics: &diagnostics)
    if facilityCount == 0 {
      diagnostics.warn(
        "parking-none", file: scenario.file(of: "parking"), place: "$.parking",
        "the city has no parking facility that can be used; nobody will find a space")
    }
  }
}
