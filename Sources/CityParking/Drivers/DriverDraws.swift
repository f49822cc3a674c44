import CityBase
import CityDemand

/// What chance gives to each driver, as a function of his trip's own key alone: nobody's draws
/// change when trips, facilities or policies are added.
struct DriverDraws {
  let random: RandomStream
  let settings: ParkingSettings

  /// Whether he knows the occupancy when such a share of drivers does. A higher share adds people
  /// to those who know and takes nobody away.
  func isGuided(_ key: UInt64, share: Double) -> Bool {
    random.unit(.parkingKnowledge, key) < share
  }

  /// Yuan an hour: lognormal around the mean.
  func valueOfTime(_ key: UInt64) -> Double {
    settings.drivers.valueOfTimeCNYPerHour
      * lognormal(settings.drivers.valueOfTimeSpread, random.normal(.parkingKnowledge, key))
  }

  /// Milliseconds at the destination.
  func stay(_ key: UInt64, _ purpose: TripPurpose) -> Int64 {
    let mean = Double(settings.stays.meanMilliseconds[Int(purpose.rawValue)])
    return switch settings.stays.form {
    case .lognormal:
      milliseconds(mean * lognormal(settings.stays.spread, random.normal(.parkingStay, key)))
    case .exponential: exponential(mean, random.unit(.parkingStay, key))
    }
  }

  /// What he makes of a facility, in yuan: Gumbel's distribution with mode 0.
  func taste(_ key: UInt64, facility: UInt64) -> Double {
    let unit = max(random.unit(.parkingChoice, key, facility), 0x1p-54)
    return -settings.drivers.tasteCNY * PortableMath.log(-PortableMath.log(unit))
  }

  /// Whether he double-parks when he has found no space.
  func doubleParks(_ key: UInt64) -> Bool {
    random.unit(.doubleParking, key) < settings.doubleParking.share
  }

  /// Milliseconds in the lane.
  func doubleParkingTime(_ key: UInt64) -> Int64 {
    exponential(
      Double(settings.doubleParking.meanMilliseconds), random.unit(.doubleParking, key, 1))
  }

  /// Milliseconds until a car that was there at the start leaves.
  func stayFromStart(facility: UInt64, car: Int) -> Int64 {
    exponential(
      Double(settings.initial.meanMilliseconds),
      random.unit(.parkingAtStart, facility, UInt64(car) * 8))
  }

  /// With mean 1 and the given standard deviation, from a standard normal number.
  private func lognormal(_ spread: Double, _ normal: Double) -> Double {
    let variance = PortableMath.log(1 + spread * spread)
    return PortableMath.exp(variance.squareRoot() * normal - variance / 2)
  }

  private func exponential(_ mean: Double, _ unit: Double) -> Int64 {
    milliseconds(-mean * PortableMath.log(1 - unit))
  }

  /// Whole milliseconds, 1 to thirty days.
  private func milliseconds(_ value: Double) -> Int64 {
    Int64(exactly: min(2_592_000_000, max(1, value.rounded()))) ?? 1
  }
}
