import CityBase
import CityDemand
import CityModel
import CityText

/// What a scenario says under `parking`. Everything has a default, so that `{}` turns parking on.
public struct ParkingSettings: Sendable {
  /// Trips of these purposes need a public space, in the order of `TripPurpose`. The default is all
  /// but `home`: who drives home has a space of his own.
  public var purposes: [TripPurpose] = TripPurpose.allCases.filter { $0 != .home }
  /// How drivers pick the next facility.
  public var choice: any ParkingChoice = GeneralizedCost()
  /// The object that the choice was read from, type included.
  var choiceSource: JSONValue?
  /// Facilities that a driver comes upon before he gives up, 1 to 16.
  public var maxTries = 5
  /// Metres from the destination, in a straight line, within which facilities are looked for.
  public var searchRadius = 800.0
  /// The share of drivers, 0 to 1, who know the occupancy, unless a policy sets another.
  public var guidedShare = 0.0
  /// How often guided drivers look whether their facility still has room, in milliseconds.
  public var guidanceMilliseconds: Int64 = 60_000
  public var drivers = DriverSettings()
  public var stays = StaySettings()
  public var doubleParking = DoubleParkingSettings()
  public var initial = InitialOccupancy()

  /// The most facilities a driver considers.
  static let mostOptions = 16

  public init() {}

  /// Reads the object strictly, and finishes it. `choices` are the types that a scenario may name.
  public init(from reader: inout JSONObjectReader, choices: [any ParkingChoice.Type])
    throws(CityError)
  {
    if reader.contains("purposes") { purposes = try Self.purposes(&reader) }
    if let value = reader.optionalValue("choice") {
      choice = try Self.choice(value, &reader, among: choices)
      choiceSource = value
    }
    maxTries = try reader.optionalInteger("max_tries", in: 1...Self.mostOptions) ?? maxTries
    searchRadius = try reader.optionalNumber("search_radius_m", in: 1...10_000) ?? searchRadius
    guidedShare = try reader.optionalNumber("guided_share", in: 0...1) ?? guidedShare
    guidanceMilliseconds =
      try reader.optionalMilliseconds("guidance_interval", in: 1000...3_600_000)
      ?? guidanceMilliseconds
    if var part = try reader.optionalObject("drivers") { drivers = try DriverSettings(&part) }
    if var part = try reader.optionalObject("stays") { stays = try StaySettings(&part) }
    if var part = try reader.optionalObject("double_parking") {
      doubleParking = try DoubleParkingSettings(&part)
    }
    if var part = try reader.optionalObject("at_start") { initial = try InitialOccupancy(&part) }
    try reader.finish()
  }

  private static func purposes(_ reader: inout JSONObjectReader) throws(CityError) -> [TripPurpose]
  {
    var wanted: Set<TripPurpose> = []
    for (i, word) in (try reader.strings("purposes")).enumerated() {
      guard let purpose = TripPurpose.allCases.first(where: { "\($0)" == word }) else {
        let words = TripPurpose.allCases.map { "\"\($0)\"" }.joined(separator: ", ")
        throw reader.error("purposes[\(i)]", "expected one of \(words), found \"\(word)\"")
      }
      wanted.insert(purpose)
    }
    return TripPurpose.allCases.filter { wanted.contains($0) }
  }

  private static func choice(
    _ value: JSONValue, _ reader: inout JSONObjectReader, among types: [any ParkingChoice.Type]
  ) throws(CityError) -> any ParkingChoice {
    var part = try JSONObjectReader(value, file: reader.file, path: reader.path(of: "choice"))
    let name = try part.string("type")
    guard let type = types.first(where: { $0.typeName == name }) else {
      let words = types.map { "\"\($0.typeName)\"" }.joined(separator: ", ")
      throw part.error("type", "expected one of \(words), found \"\(name)\"")
    }
    let choice = try type.init(from: &part)
    try part.finish()
    return choice
  }
}

extension ParkingSettings {
  /// Writes the settings with all defaults filled in, as a scenario has them.
  public func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("purposes")
    writer.beginArray()
    for purpose in purposes { writer.value("\(purpose)") }
    writer.endArray()
    writer.key("choice")
    if let choiceSource {
      writer.append(choiceSource)
    } else {
      writer.beginObject()
      writer.member("type", type(of: choice).typeName)
      writer.endObject()
    }
    writer.member("max_tries", maxTries)
    writer.member("search_radius_m", searchRadius)
    writer.member("guided_share", guidedShare)
    writer.member("guidance_interval", DurationText.text(milliseconds: guidanceMilliseconds))
    writer.key("drivers")
    drivers.write(to: &writer)
    writer.key("stays")
    stays.write(to: &writer)
    writer.key("double_parking")
    doubleParking.write(to: &writer)
    writer.key("at_start")
    initial.write(to: &writer)
    writer.endObject()
  }
}
