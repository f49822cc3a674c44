import CityBase
import CityScenario
import CityText
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
  /// Whether there is a table of the types that trips name.
  var hasTypes: Bool

  init(_ trips: SUMOTrips, hasTypes: Bool, name: String, timeZone: String) {
    self.name = name
    self.hasTypes = hasTypes
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

  /// The bytes of `scenario.json`, for the folder that holds `city.json`.
  var bytes: [UInt8] {
    func duration(_ milliseconds: Int64) -> String {
      DurationText.text(milliseconds: milliseconds)
    }
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", ScenarioFile.format)
    json.member("version", ScenarioFile.version)
    json.member("name", "\(name): the demand of SUMO")
    json.member("city", ".")
    json.key("clock")
    json.beginObject()
    json.member("start", midnight.advanced(byMilliseconds: start).iso8601)
    json.member("step", "0.5s")
    json.member("warm_up", "0s")
    json.member("measured", duration(measured))
    json.member("cool_down", duration(Self.coolDown))
    json.endObject()
    json.member("seed", 1)
    json.key("demand")
    json.beginObject()
    json.member("trips", SUMOTables.tripFile)
    json.endObject()
    if hasTypes {
      json.key("traffic")
      json.beginObject()
      json.member("vehicle_types", SUMOTables.typeFile)
      json.endObject()
    }
    json.key("policies")
    json.beginArray()
    json.endArray()
    json.key("outputs")
    json.beginObject()
    json.member("interval", "5min")
    json.member("snapshots", PropertyValue.null)
    json.endObject()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }
}
