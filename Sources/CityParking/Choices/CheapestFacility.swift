import CityBase
import CityText

/// The facility with the lowest fee for the stay; of equal ones the shorter walk, then the shorter
/// drive, then the lower id.
public struct CheapestFacility: ParkingChoice {
  public static let typeName = "cheapest"

  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? {
    let promising = options.indices.filter { options[$0].availability.isPromising }
    return promising.min {
      let (a, b) = (options[$0], options[$1])
      return (a.feeCNY, a.walkMeters, a.driveSeconds, a.facility)
        < (b.feeCNY, b.walkMeters, b.driveSeconds, b.facility)
    }
  }
}
