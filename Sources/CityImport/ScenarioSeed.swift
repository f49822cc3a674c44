import CityBase
import CityModel
import CityNetwork
import CityText
import Foundation

/// Makes a ready scenario for an imported city: half an hour of moderate morning traffic.
public struct ScenarioSeed: Sendable {
  /// Trips at the wheel of a resident in the half hour: 1.33 on a day (Mobilitaet in Deutschland
  /// 2017: 3.1 trips, 43 % of them driving a car), 9 % of them in the morning's busiest hour.
  static let tripsPerResident = 0.06
  /// The fewest and the most trips for each kilometre of lane. With trips of some ten minutes, 12
  /// keep about four vehicles on a kilometre of lane; at capacity there are about 25.
  static let tripsPerLaneKilometre = 4.0...12.0
  /// Trips for each kilometre of lane where nothing is known of residents.
  static let tripsOfEmptyCity = 6.0
  /// Square metres of residential floor for each resident: 47 of dwelling in Germany (Destatis
  /// 2020), and a quarter more for walls, stairs and cellars.
  static let floorPerResident = 60.0

  public var name: String
  public var trips: Int
  /// The start of the clock: Monday, 2026-03-02, 07:00 in the city's own zone.
  public var start: Instant

  /// The seed of a draft and its network.
  public init(_ draft: CityDraft, _ network: RoadNetwork) {
    name = draft.name
    trips = Self.tripCount(
      residents: Self.residents(draft), laneKilometres: NetworkFigures(network).laneKilometres)
    start = Self.morning(in: draft.timeZone)
  }

  static func tripCount(residents: Double, laneKilometres: Double) -> Int {
    let rate = tripsPerLaneKilometre
    let trips =
      residents > 0
      ? min(
        max(residents * tripsPerResident, laneKilometres * rate.lowerBound),
        laneKilometres * rate.upperBound)
      : laneKilometres * tripsOfEmptyCity
    return Int(max(0, min(trips, 1_000_000)).rounded())
  }

  /// Residents as the buildings give them: tagged, else by floor area.
  static func residents(_ draft: CityDraft) -> Double {
    var sum = 0.0
    for entity in draft.entities where entity.kind == .building {
      var isHome = false
      var floor = 0.0
      var tagged: Double?
      for property in entity.properties {
        switch (property.name, property.value) {
        case ("use", .text(let use)): isHome = use == BuildingUse.residential.rawValue
        case ("floor_area_m2", .number(let area, _)): floor = area
        case ("population", .number(let people, _)): tagged = people
        default: break
        }
      }
      sum += tagged ?? (isHome ? floor / floorPerResident : 0)
    }
    return sum
  }

  private static func morning(in zone: String) -> Instant {
    let midnightUTC: Int64 = 1_772_409_600_000  // 2026-03-02T00:00:00Z
    let date = Date(timeIntervalSince1970: Double(midnightUTC) / 1000)
    let seconds = TimeZone(identifier: zone)?.secondsFromGMT(for: date) ?? 0
    return Instant(
      millisecondsSince1970: midnightUTC + (7 * 3600 - Int64(seconds)) * 1000,
      zoneSeconds: Int32(clamping: seconds))
  }

  /// The bytes of `scenario.json`, for the folder that holds `city.json`.
  public var bytes: [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", "citytwin-scenario")
    json.member("version", 1)
    json.member("name", "\(name): half an hour in the morning")
    json.member("city", ".")
    json.key("clock")
    json.beginObject()
    json.member("start", start.iso8601)
    json.member("step", "0.5s")
    json.member("warm_up", "0min")
    json.member("measured", "30min")
    json.member("cool_down", "0min")
    json.endObject()
    json.member("seed", 1)
    json.key("demand")
    json.beginObject()
    json.key("gravity")
    json.beginObject()
    json.member("trips", trips)
    json.endObject()
    json.endObject()
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
