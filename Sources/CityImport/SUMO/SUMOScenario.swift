import CityBase
import Foundation

/// The ready scenario of a SUMO demand: the trips as they were, and no snapshots.
///
/// SUMO counts seconds from the midnight of a day without a date: it is taken as 1970-01-01 in the
/// city's zone.
struct SUMOScenario {
  /// Time after the last departure in which the last vehicles can arrive.
  static let coolDown: Int64 = 3_600_000
  static let minute: Int64 = 60_000

  var name: String
  var midnight: Instant
  /// Milliseconds from midnight: the minute of the first departure.
  var start: Int64
  /// Milliseconds from the start to the minute after the last departure.
  var measured: Int64

  init(_ trips: SUMOTrips, name: String, timeZone: String) {
    self.name = name
    let seconds =
      TimeZone(identifier: timeZone)?
      .secondsFromGMT(for: Date(timeIntervalSince1970: 0)) ?? 0
    midnight = Instant(
      millisecondsSince1970: -Int64(seconds) * 1000, zoneSeconds: Int32(clamping: seconds))
    let first = trips.rows.first?.departure ?? 0
    let last = trips.rows.last?.departure ?? 0
    start = first / Self.minute * Self.minute
    // Thirty days, a day less than a scenario may have.
    measured = min((last - start) / Self.minute + 1, 30 * 1440) * Self.minute
  }

  /// The bytes of `scenario.json`, for the folder that holds `city.json` and the file of signal
  /// plans, if there is one.
  func bytes(plans: String?) -> [UInt8] {
    ReadyScenario(
      name: "\(name): the demand of SUMO", start: midnight.advanced(byMilliseconds: start),
      warmUp: 0, measured: measured, coolDown: Self.coolDown,
      signalPlans: plans
    ).bytes { $0.member("trips", SUMOTables.tripFile) }
  }
}
