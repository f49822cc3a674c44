import CityBase
import CityText
import CityTraffic

/// What a scenario says about vehicles and drivers: `{"car_following": "idm",
/// "vehicle_types": "vehicle_types.csv"}`.
public struct TrafficChoices: Sendable, Equatable {
  /// How drivers follow whose type does not say.
  public var carFollowing = CarFollowingModel.idm
  /// The file of the scenario's own types, as the scenario names it; nil for none.
  public var typeFile: String?

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
    try reader.finish()
  }

  var inputFiles: [String] { typeFile.map { [$0] } ?? [] }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("car_following", .text(carFollowing.word))
    if let typeFile { writer.member("vehicle_types", .text(typeFile)) }
    writer.endObject()
  }
}
