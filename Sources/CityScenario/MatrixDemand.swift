import CityBase
import CityDemand
import CityText

/// `{"matrix": {"file": "matrix.csv", "purpose": "work", "departures": {...}}}`: numbers of trips
/// between zones.
struct MatrixDemand: DemandSettings {
  static let key = "matrix"

  let file: String
  let zones: ZoneSettings.Level
  let scale: Double
  let purpose: TripPurpose
  let departures: DepartureSettings

  var inputFiles: [String] { [file] }

  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    var reader = try JSONObjectReader(value, file: file, path: path)
    self.file = try reader.string("file")
    zones = try reader.optionalChoice("zones") ?? .automatic
    scale = try reader.optionalNumber("scale", in: 0...1000) ?? 1
    purpose = try Self.purpose(&reader)
    departures = try DepartureSettings(try reader.optionalObject("departures"))
    try reader.finish()
  }

  private static func purpose(_ reader: inout JSONObjectReader) throws(CityError) -> TripPurpose {
    guard let word = try reader.optionalString("purpose") else { return .other }
    guard let purpose = TripPurpose(word: word) else {
      let words = TripPurpose.allCases.map { "\"\($0.word)\"" }.joined(separator: ", ")
      throw reader.error("purpose", "expected one of \(words), found \"\(word)\"")
    }
    return purpose
  }

  func makeTrips(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError) -> [Trip] {
    let window = try departures.window(for: site)
    var settings = ZoneSettings()
    settings.level = zones
    let system = site.places.zones(settings, diagnostics: &diagnostics)
    let matrix = try OriginDestinationMatrix.read(
      path: site.path(of: file), zones: system, diagnostics: &diagnostics)
    let even = try DepartureProfile.uniform(from: window.lowerBound, to: window.upperBound)
    let profile = try departures.profile(over: window) ?? even
    return try matrix.trips(
      zones: system, profile: profile, random: site.random, scale: scale, purpose: purpose,
      prefix: site.prefix)
  }
}
