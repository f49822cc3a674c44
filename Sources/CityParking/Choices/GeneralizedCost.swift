import CityBase
import CityText

/// The facility of the least generalized cost in yuan: the drive to it and the walk to the
/// destination and back, both at the driver's own value of time, and the fee, less his own taste.
///
/// With a taste that follows Gumbel's distribution this is a multinomial logit (McFadden 1974). Of
/// equal costs the one nearer to the destination wins, then the lower id.
public struct GeneralizedCost: ParkingChoice {
  public static let typeName = "generalized_cost"

  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? {
    let promising = options.indices.filter { options[$0].availability.isPromising }
    return promising.min {
      let (a, b) = (options[$0], options[$1])
      return (Self.cost(a, driver), a.walkMeters, a.facility)
        < (Self.cost(b, driver), b.walkMeters, b.facility)
    }
  }

  /// Yuan.
  static func cost(_ option: ParkingOption, _ driver: ParkingDriver) -> Double {
    let seconds = option.driveSeconds + 2 * driver.walkingWeight * option.walkSeconds
    return option.feeCNY + driver.valueOfTimeCNYPerHour * seconds / 3600 - option.tasteCNY
  }
}
