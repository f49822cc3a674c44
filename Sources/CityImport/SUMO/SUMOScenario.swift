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
  /// The file of signal plans in the folder, if there is one.
  var signalPlans: String?
  /// Whether there is a table of the types that trips name.
  var hasTypes: Bool
  /// Milliseconds over which induction loops count; nil where there are none.
  var loopInterval: Int64?

  init(
    _ trips: SUMOTrips, hasTypes: Bool, name: String, timeZone: String,
    loops: [SUMOFurniture.Detector]
  ) {
    self.name = name
    self.hasTypes = hasTypes
    loopInterval = Self.interval(of: loops)
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

  /// What all loops say, or a quarter of an hour.
  private static func interval(of loops: [SUMOFurniture.Detector]) -> Int64? {
    guard let first = loops.first else { return nil }
    guard let period = first.period, loops.allSatisfy({ $0.period == period }),
      1...86_400 ~= period, period == period.rounded()
    else { return 15 * minute }
    return Int64(period) * 1000
  }

  /// The bytes of `scenario.json`, for the folder that holds `city.json`.
  var bytes: [UInt8] {
    ReadyScenario(
      name: "\(name): the demand of SUMO", start: midnight.advanced(byMilliseconds: start),
      warmUp: 0, measured: measured, coolDown: Self.coolDown, loopInterval: loopInterval,
      typeFile: hasTypes ? SUMOTables.typeFile : nil, signalPlans: signalPlans
    ).bytes { $0.member("trips", SUMOTables.tripFile) }
  }
}
