import CityBase
import CityNetwork

/// The travel times that drivers expect, from an assignment of the demand itself before the run:
/// what people who drive here every day have learnt.
///
/// The departures are cut into intervals; in each, the trips are flows that last as long as it does,
/// and are assigned on their own. Only habitual trips count, where there are any: so that of two
/// scenarios one of which has some trips more from a table, all others expect the same times, and
/// choose the same ways. Of many trips a part stands for all: one in 2, 4, 8 and so on, drawn by
/// the trips' own keys, so that one more trip changes no other's part in it.
public struct PreRun: Sendable, Equatable {
  /// The most iterations of each assignment; 0 takes the times of the empty network.
  public var iterations = 8
  /// An assignment ends earlier at this relative gap.
  public var targetGap = 0.01
  /// Milliseconds that the volumes of one assignment cover, above 0.
  public var intervalMilliseconds: Int64 = 3_600_000
  /// An interval with more trips is sampled.
  public var mostTrips = 20_000

  public init() {}

  /// Those of some trips that the rest reckons with.
  static func expected(_ trips: [Trip]) -> [Trip] {
    let habitual = trips.filter { $0.isHabitual }
    return habitual.isEmpty ? trips : habitual
  }

  /// The departures of trips, cut into intervals as even as can be; none without any trip.
  func intervals(_ trips: [Trip]) -> [Range<Int64>] {
    guard let first = trips.lazy.map(\.departureMilliseconds).min(),
      let last = trips.lazy.map(\.departureMilliseconds).max()
    else { return [] }
    let whole = max(1, last - first + 1)
    let length = max(60_000, intervalMilliseconds)
    let count = min(1000, max(1, (whole + length / 2) / length))
    return (0..<count).map { first + whole * $0 / count..<first + whole * ($0 + 1) / count }
  }

  /// The times in an interval, with what the assignment came to; the times of the empty
  /// network where there are no iterations.
  func times(
    _ trips: [Trip], in interval: Range<Int64>, on assignment: StaticAssignment, empty: [Int32],
    execute: ParallelLoop
  ) -> AssignedTraffic {
    let hours = Double(max(60_000, min(interval.upperBound - interval.lowerBound, 1 << 40))) / 3.6e6
    var stride: UInt64 = 1
    while UInt64(max(1, mostTrips)) * stride < UInt64(trips.count) { stride *= 2 }
    let flows = trips.filter { StableHash.mix($0.key) % stride == 0 }.map {
      AssignmentFlow(
        origin: $0.origin.link, destination: $0.destination.link,
        vehiclesPerHour: Double(stride) / hours)
    }
    guard iterations > 0, !flows.isEmpty else {
      return AssignedTraffic(
        vehiclesPerHour: Array(repeating: 0, count: empty.count), times: RouteTimes(links: empty),
        relativeGap: 0, iterations: 0, unroutedVehiclesPerHour: 0)
    }
    var lasting = assignment
    lasting.delay.hours = max(0.25, hours)
    return lasting.assign(
      flows, costs: empty, iterations: iterations, targetGap: targetGap, execute: execute)
  }
}
