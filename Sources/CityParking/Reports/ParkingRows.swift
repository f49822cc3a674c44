import CityBase
import CitySimulation

/// `parking.csv`: a row for each trip whose search for a space has ended, in order of departure.
///
/// `arrived` is when it ended; `tries` counts the facilities come upon; `stay_s` is how long the car
/// stands. A trip that found no facility near its destination has the outcome `none_near` and
/// nothing else.
public struct ParkingRows: TableSource {
  let domain: ParkingDomain
  let clock: Clock
  /// The trips that have a row.
  private let trips: [Int]
  public let tableName = "parking"
  public let tableColumns = [
    "trip", "purpose", "facility", "arrived", "tries", "search_s", "walk_m", "stay_s", "fee_cny",
    "outcome",
  ]
  public var rowCount: Int { trips.count }

  init(domain: ParkingDomain, clock: Clock) {
    self.domain = domain
    self.clock = clock
    trips = domain.drivers.indices.filter { domain.drivers[$0].outcome != .none }
  }

  public func row(_ index: Int) -> [PropertyValue] {
    let v = trips[index]
    let trip = domain.trips[v]
    let driver = domain.drivers[v]
    let hasParked = driver.outcome == .parked
    let isArrival = driver.outcome.isArrival
    let stands = hasParked || driver.outcome == .doubleParked
    let tries = Int(driver.refusals) + (hasParked ? 1 : 0)
    return [
      .text(trip.name),
      .text("\(trip.purpose)"),
      hasParked ? .text(domain.supply[Int(driver.facility)].externalID) : .null,
      isArrival ? .text(clock.instant(of: driver.settled).iso8601) : .null,
      .integer(Int64(tries)),
      isArrival ? .number(Double(driver.searchTicks) * clock.stepSeconds, decimals: 3) : .null,
      hasParked ? .number(driver.walkMeters, decimals: 1) : .null,
      stands ? .number(Double(driver.stayMilliseconds) / 1000, decimals: 3) : .null,
      hasParked ? .number(driver.feeCNY, decimals: 2) : .null,
      .text(driver.outcome.word),
    ]
  }
}

extension ParkingDomain {
  public func tables(clock: Clock) -> [any TableSource] {
    [ParkingRows(domain: self, clock: clock)]
  }
}
