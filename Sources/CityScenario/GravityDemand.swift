import CityBase
import CityDemand
import CityNetwork
import CityText

/// `{"gravity": {"trips": 9000, "mean_distance_m": 4000, ...}}`: trips drawn from population and
/// places; with `"load": "moderate"` in place of a number, as many as fill the roads so far.
struct GravityDemand: DemandSettings {
  static let key = "gravity"

  /// How many trips there are.
  enum Amount: Sendable {
    case total(GravitySettings.Total)
    case load(LoadTarget)
  }

  /// What people travel for at which hour. The raw values are the words of scenario files.
  enum Pattern: String, Sendable, CaseIterable {
    /// Round assumptions of this engine.
    case round
    /// What national surveys found.
    case survey
  }

  let amount: Amount
  let meanDistanceMeters: Double?
  let minimumDistanceMeters: Double
  let impedance: GravitySettings.Impedance?
  let beta: Double?
  let pattern: Pattern
  /// Whether traffic comes in, goes out and passes through at the city's gates.
  let usesGates: Bool
  let departures: DepartureSettings

  var inputFiles: [String] { [] }

  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    var reader = try JSONObjectReader(value, file: file, path: path)
    amount = try Self.amount(&reader, file: file, path: path)
    meanDistanceMeters = try reader.optionalNumber("mean_distance_m", in: 1...1_000_000)
    minimumDistanceMeters = try reader.optionalNumber("minimum_distance_m", in: 0...1_000_000) ?? 0
    impedance = try reader.optionalChoice("impedance")
    beta = try reader.optionalNumber("beta", in: 0...1000)
    // A number of trips means what it meant before there were gates and surveys.
    var byLoad = false
    if case .load = amount { byLoad = true }
    pattern = try reader.optionalChoice("pattern") ?? (byLoad ? .survey : .round)
    usesGates = try reader.optionalBool("gates") ?? byLoad
    departures = try DepartureSettings(try reader.optionalObject("departures"))
    try reader.finish()
  }

  private static func amount(_ reader: inout JSONObjectReader, file: String, path: String)
    throws(CityError) -> Amount
  {
    let trips = try reader.optionalInteger("trips", in: 0...GravitySettings.tripLimit)
    let rate = try reader.optionalNumber("trips_per_person_and_day", in: 0...100)
    let load = try loadTarget(&reader)
    switch (trips, rate, load) {
    case (let trips?, nil, nil): return .total(.trips(trips))
    case (nil, let rate?, nil): return .total(.perPersonAndDay(rate))
    case (nil, nil, let load?): return .load(load)
    default:
      throw .refused(
        "expected one of \"trips\", \"trips_per_person_and_day\" and \"load\"", file: file,
        place: path)
    }
  }

  private static func loadTarget(_ reader: inout JSONObjectReader) throws(CityError) -> LoadTarget?
  {
    guard let value = reader.optionalValue("load") else { return nil }
    if let word = value.string, let target = LoadTarget(word: word) { return target }
    if let number = value.number, LoadTarget.range.contains(number) {
      return LoadTarget(volumeOverCapacity: number)
    }
    throw reader.error(
      "load",
      "expected \"light\", \"moderate\", \"heavy\" or a volume over capacity from 0 to 2 for the "
        + "busiest tenth of the roads")
  }

  func makeTrips(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError) -> [Trip] {
    try makeDemand(for: site, diagnostics: &diagnostics).trips
  }

  func makeDemand(for site: DemandSite, diagnostics: inout Diagnostics) throws(CityError)
    -> DemandPart
  {
    let zones = site.places.zonesOfPeople(diagnostics: &diagnostics)
    var model = try model(zones, for: site, diagnostics: &diagnostics)
    var report: LoadedDemand?
    if case .load(let target) = amount {
      let loaded = site.places.load(model, to: target)
      model = model.with(tripCount: loaded.tripCount)
      report = loaded
      note(loaded, &diagnostics)
    }
    var trips = model.trips(random: site.random)
    let drawn = trips.count
    if let report {
      trips = site.places.thinned(trips, by: report.thinning, random: site.random)
    }
    return DemandPart(
      trips: trips, load: report, leftOut: drawn - trips.count,
      gates: (model.edge?.inbound.count ?? 0, model.edge?.outbound.count ?? 0))
  }

  private func model(
    _ zones: ZoneSystem, for site: DemandSite, diagnostics: inout Diagnostics
  ) throws(CityError) -> GravityModel {
    let window = try departures.window(for: site)
    var settings = GravitySettings(total: .trips(0), window: window)
    if case .total(let total) = amount { settings.total = total }
    settings.profile = try departures.profile(over: window)
    settings.meanDistanceMeters = meanDistanceMeters
    settings.minimumDistanceMeters = minimumDistanceMeters
    if let impedance { settings.impedance = impedance }
    if let beta { settings.beta = beta }
    settings.prefix = site.prefix
    settings.pattern = pattern == .survey ? .survey : .weekday
    let edge = usesGates ? site.places.edge(zones, diagnostics: &diagnostics) : nil
    return try GravityModel(
      zones: zones, skim: site.places.skim(zones), settings: settings, epoch: site.clock.epoch,
      edge: edge, diagnostics: &diagnostics)
  }

  private func note(_ loaded: LoadedDemand, _ diagnostics: inout Diagnostics) {
    func hundredths(_ value: Double) -> String {
      let n = Int((min(value, 1e6) * 100).rounded())
      return "\(n / 100).\(n / 10 % 10)\(n % 10)"
    }
    let target = loaded.target.volumeOverCapacity
    if target > 0, abs(loaded.reached - target) > 0.1 * target {
      diagnostics.warn(
        "load-missed",
        "the busiest tenth of the roads reaches a volume over capacity of "
          + "\(hundredths(loaded.reached)) instead of \(hundredths(target))")
    }
  }
}
