import CityBase
import CitySimulation
import CityText
import CityTraffic

/// What a scenario says about vehicles and drivers: `{"car_following": "idm",
/// "vehicle_types": "vehicle_types.csv", "filtering": ["motorcycle", "e_bike"],
/// "driver_deviation": 0.1, "pedestrians_h": 200}`.
public struct TrafficChoices: Sendable, Equatable {
  /// How drivers follow whose type does not say.
  public var carFollowing = CarFollowingModel.idm
  /// The file of the scenario's own types, as the scenario names it; nil for none.
  public var typeFile: String?
  /// Which classes filter past queues.
  public var filtering: [VehicleClass] = TrafficSettings().filteringClasses
  /// See `TrafficSettings.driverDeviation`.
  public var driverDeviation = 0.0
  /// See `TrafficSettings.pedestriansPerHour`.
  public var pedestriansPerHour = 0.0

  /// Classes that are narrow enough to filter.
  static let narrow: [VehicleClass] = [.motorcycle, .eBike]

  /// The defaults where there is no such member.
  init(_ source: JSONObjectReader?) throws(CityError) {
    guard var reader = source else { return }
    if let word = try reader.optionalString("car_following") {
      guard let model = Registry.carFollowing.first(where: { $0.word == word }) else {
        let words = Registry.carFollowing.map { "\"\($0.word)\"" }.joined(separator: ", ")
        throw reader.error("car_following", "expected one of \(words), found \"\(word)\"")
      }
      carFollowing = model
    }
    typeFile = try reader.optionalString("vehicle_types")
    if typeFile?.isEmpty == true {
      throw reader.error("vehicle_types", "expected the path of a CSV file, found an empty text")
    }
    if reader.contains("filtering") {
      filtering = []
      for word in try reader.strings("filtering") {
        guard let narrow = Self.narrow.first(where: { $0.word == word }) else {
          let words = Self.narrow.map { "\"\($0.word)\"" }.joined(separator: ", ")
          throw reader.error("filtering", "expected some of \(words), found \"\(word)\"")
        }
        if !filtering.contains(narrow) { filtering.append(narrow) }
      }
    }
    driverDeviation = try reader.optionalNumber("driver_deviation", in: 0...0.4) ?? 0
    pedestriansPerHour = try reader.optionalNumber("pedestrians_h", in: 0...20_000) ?? 0
    try reader.finish()
  }

  var inputFiles: [String] { typeFile.map { [$0] } ?? [] }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("car_following", .text(carFollowing.word))
    writer.key("filtering")
    writer.beginArray()
    for narrow in filtering { writer.value(narrow.word) }
    writer.endArray()
    writer.member("driver_deviation", .number(driverDeviation))
    writer.member("pedestrians_h", .number(pedestriansPerHour))
    if let typeFile { writer.member("vehicle_types", .text(typeFile)) }
    writer.endObject()
  }
}
