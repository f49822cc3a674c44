import CityBase
import CityDemand
import CityText

/// `{"gravity": {"trips": 9000, "mean_distance_m": 4000, ...}}`: trips drawn from population and
/// places.
struct GravityDemand: DemandSettings {
  static let key = "gravity"

  let total: GravitySettings.Total
  let meanDistanceMeters: Double?
  let minimumDistanceMeters: Double
  let impedance: GravitySettings.Impedance?
  let beta: Double?
  let departures: DepartureSettings

  var inputFiles: [String] { [] }

  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    var reader = try JSONObjectReader(value, file: file, path: path)
    let trips = try reader.optionalInteger("trips", in: 0...GravitySettings.tripLimit)
    let rate = try reader.optionalNumber("trips_per_person_and_day", in: 0...100)
    switch (trips, rate) {
    case (let trips?, nil): total = .trips(trips)
    case (nil, let rate?): total = .perPersonAndDay(rate)
    default:
      throw .refused(
        "expected either \"trips\" or \"trips_per_person_and_day\"", file: file, place: path)
    }
    meanDistanceMeters = try reader.optionalNumber("mean_distance_m", in: 1...1_000_000)
    minimumDistanceMeters = try reader.optionalNumber("minimum_distance_m", in: 0...1_000_000) ?? 0
    impedance = try reader.optionalChoice("impedance")
    beta = try reader.optionalNumber("beta", in: 0...1000)
    departures = try DepartureSettings(try reader.optionalObject("departures"))
    try reader.finish()
  }

  func makeTrips(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError) -> [Trip] {
    let window = try departures.window(for: site)
    var settings = GravitySettings(total: total, window: window)
    settings.profile = try departures.profile(over: window)
    settings.meanDistanceMeters = meanDistanceMeters
    settings.minimumDistanceMeters = minimumDistanceMeters
    if let impedance { settings.impedance = impedance }
    if let beta { settings.beta = beta }
    settings.prefix = site.prefix
    let zones = site.places.zonesOfPeople(diagnostics: &diagnostics)
    let model = try GravityModel(
      zones: zones, skim: site.places.skim(zones), settings: settings, epoch: site.clock.epoch,
      diagnostics: &diagnostics)
    return model.trips(random: site.random)
  }
}
