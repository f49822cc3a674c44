import CityBase
import CityText

/// The facility with the shortest walk, whatever it costs; of equal ones the shorter drive, then
/// the lower id.
public struct NearestFacility: ParkingChoice {
  public static let typeName = "nearest"

  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? {
    let promising = options.indices.filter { options[$0].availability.isPromising }
    return promising.min {
      let (a, b) = (options[$0], options[$1])
      return (a.walkMeters, a.driveSeconds, a.facility)
        < (b.walkMeters, b.driveSeconds, b.facility)
    }
  }
}
