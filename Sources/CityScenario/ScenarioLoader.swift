import CityBase
import CityDemand
import CityModel
import CityNetwork
import CityPolicy
import CityReporting
import CitySimulation
import CityText
import CityTraffic

/// Reads a scenario and all it names, in the order in which one needs the other.
public enum ScenarioLoader {
  /// Loads a scenario for a run. Refuses what cannot run; the diagnostics of the result tell what
  /// was left out or repaired.
  public static func load(path: String, options: RunOptions) throws(CityError) -> LoadedScenario {
    try load(path: path, options: options) { _ throws(CityError) in }
  }

  /// Loads a scenario that has to be what it was when a run began, inputs and end alike.
  static func load(
    path: String, options: RunOptions, expecting inputs: [InputRecord], runFolder: String
  ) throws(CityError) -> LoadedScenario {
    try load(path: path, options: options) { now throws(CityError) in
      try RunInputs.check(now, against: inputs, runFolder: runFolder)
    }
  }

  private static func load(
    path: String, options: RunOptions, check: ([InputRecord]) throws(CityError) -> Void
  ) throws(CityError) -> LoadedScenario {
    try ScenarioBasis(path: path, check: check).bound(options: options)
  }

  /// How the parts of a demand come about that are given as a load.
  static func loads(of basis: ScenarioBasis, isThinned: Bool, options: RunOptions)
    throws(CityError) -> [LoadedDemand]
  {
    let pool = WorkerPool(threads: options.threads)
    defer { pool.shutDown() }
    var diagnostics = Diagnostics()
    let scenario = basis.scenario
    let places = try CityPlaces(basis.city, pool: pool)
    places.isThinned = isThinned
    let (_, parts) = try makeTrips(
      scenario, places: places, catalogue: try VehicleCatalogue(scenario),
      clock: cityClock(scenario.clock, map: basis.city.map, diagnostics: &diagnostics),
      random: RandomStream(seed: options.seed ?? scenario.seed), diagnostics: &diagnostics)
    return parts.compactMap(\.load)
  }

  /// What the signals of a scenario's city are to run, without its demand.
  public static func loadSignals(path: String, diagnostics: inout Diagnostics) throws(CityError)
    -> (network: RoadNetwork, setup: SignalSetup)
  {
    let scenario = try ScenarioFile.read(path: path)
    let city = try LoadedCity(
      try loadMap(scenario, diagnostics: &diagnostics), diagnostics: &diagnostics)
    let pool = WorkerPool(threads: 1)
    defer { pool.shutDown() }
    let clock = cityClock(scenario.clock, map: city.map, diagnostics: &diagnostics)
    let site = policySite(
      try CityPlaces(city, pool: pool), clock: clock,
      endTick: clock.tick(atOrAfter: scenario.clock.totalMilliseconds))
    let setup = try scenario.signals?.setup(on: site, diagnostics: &diagnostics)
    return (city.network, setup ?? SignalSetup())
  }

  /// Puts a scenario and its city together with the people and calls of one seed. `diagnostics` are
  /// those of the city, with which the list begins.
  static func bind(
    _ scenario: ScenarioFile, to city: LoadedCity, inputs: [InputRecord], options: RunOptions,
    diagnostics cityDiagnostics: Diagnostics
  ) throws(CityError) -> LoadedScenario {
    let pool = WorkerPool(threads: options.threads)
    defer { pool.shutDown() }
    var diagnostics = cityDiagnostics
    let clock = cityClock(scenario.clock, map: city.map, diagnostics: &diagnostics)
    let endTick = try endTick(scenario, clock: clock, until: options.until)
    let seed = options.seed ?? scenario.seed
    let places = try CityPlaces(city, pool: pool)
    let random = RandomStream(seed: seed)
    let catalogue = try VehicleCatalogue(scenario)
    var (trips, parts) = try makeTrips(
      scenario, places: places, catalogue: catalogue, clock: clock, random: random,
      diagnostics: &diagnostics)
    let types = catalogue.used(by: &trips)
    try check(types, scenario)
    let chosen = try places.assignRoutes(
      to: trips, random: random, choice: scenario.routeChoice)
    let routed = trimmed(chosen, &parts, places: places, random: random)
    noteRefused(routed.refused, diagnostics: &diagnostics)
    let parking = LoadedParking(scenario, places: places, diagnostics: &diagnostics)
    let emergency = try LoadedEmergency(
      scenario, places: places, clock: clock, random: random, diagnostics: &diagnostics)
    let site = policySite(places, clock: clock, endTick: endTick)
    let signals = try scenario.signals?.setup(on: site, diagnostics: &diagnostics) ?? SignalSetup()
    let policies = try bindPolicies(scenario, on: site)
    return LoadedScenario(
      scenario: scenario, city: city, clock: clock, endTick: endTick, seed: seed,
      demand: TrafficDemand(routed), vehicleTypes: types, parts: parts, refused: routed.refused,
      preRun: routed.preRun, signals: signals, parking: parking,
      emergency: emergency, policies: policies, inputs: inputs, diagnostics: diagnostics)
  }

  /// The trips of loads whose chosen ways do not make movements too full, and all others.
  private static func trimmed(
    _ chosen: RouteAssignment, _ parts: inout [LoadedScenario.Part], places: CityPlaces,
    random: RandomStream
  ) -> RouteAssignment {
    var routed = chosen
    for i in parts.indices {
      guard let load = parts[i].load else { continue }
      let prefix = parts[i].prefix + "-"
      let before = routed.trips.count
      routed = load.trimmed(
        routed, movements: places.movements, random: random,
        isOwn: { $0.name.hasPrefix(prefix) })
      parts[i].leftOut += before - routed.trips.count
    }
    return routed
  }

  /// The city folder that a scenario names.
  static func loadMap(_ scenario: ScenarioFile, diagnostics: inout Diagnostics)
    throws(CityError) -> CityMap
  {
    let folder = scenario.cityFolder
    guard InputFile.exists(path: CityDescription.path(of: CityDescription.fileName, in: folder))
    else {
      throw .refused(
        "expected a city folder with a \(CityDescription.fileName), found none at \(folder)",
        file: scenario.file(of: "city"), place: "$.city")
    }
    return try CityMap.load(folder: folder, diagnostics: &diagnostics)
  }

  /// The network file of a city, or else what its road layer gives.
  public static func loadNetwork(_ map: CityMap, diagnostics: inout Diagnostics)
    throws(CityError) -> RoadNetwork
  {
    try loadNetworkWithHash(map, diagnostics: &diagnostics).network
  }

  /// The same with the network's hash, which a network file brings along.
  static func loadNetworkWithHash(_ map: CityMap, diagnostics: inout Diagnostics)
    throws(CityError) -> (network: RoadNetwork, hash: UInt64)
  {
    let network: RoadNetwork
    var hash: UInt64?
    if let path = map.networkPath {
      let bytes = try InputFile.read(path: path)
      (network, hash) = try NetworkFile.decodeWithHash(bytes, file: path)
    } else {
      let source = RoadLayerReader.read(map, diagnostics: &diagnostics)
      network = NetworkBuilder.build(source, diagnostics: &diagnostics)
      try network.validate()
    }
    guard network.linkCount > 0 else {
      throw .refused("the city has no roads to drive on", file: map.folder)
    }
    return (network, hash ?? network.networkHash)
  }

  /// The scenario's clock, shown in the city's zone.
  private static func cityClock(
    _ settings: ClockSettings, map: CityMap, diagnostics: inout Diagnostics
  ) -> Clock {
    var epoch = settings.start
    let zone = map.zoneSeconds(at: epoch)
    if zone != epoch.zoneSeconds {
      let given = epoch.iso8601
      epoch.zoneSeconds = zone
      diagnostics.note(
        "start-zone", place: "$.clock.start",
        "\(given) is \(epoch.iso8601) in \(map.timeZoneName), the zone of the city; times of day "
          + "are meant there")
    }
    return Clock(epoch: epoch, stepMilliseconds: settings.stepMilliseconds)
  }

  private static func endTick(_ scenario: ScenarioFile, clock: Clock, until: TimeText?)
    throws(CityError) -> Tick
  {
    let end = clock.tick(atOrAfter: scenario.clock.totalMilliseconds)
    guard let until else { return end }
    let milliseconds = until.milliseconds(from: clock.epoch)
    guard milliseconds > 0 else {
      throw .usage("--until lies before the start of the run, \(clock.epoch.iso8601)")
    }
    return min(end, clock.tick(atOrAfter: min(milliseconds, scenario.clock.totalMilliseconds)))
  }

  private static func makeTrips(
    _ scenario: ScenarioFile, places: CityPlaces, catalogue: VehicleCatalogue, clock: Clock,
    random: RandomStream, diagnostics: inout Diagnostics
  ) throws(CityError) -> (trips: [Trip], parts: [LoadedScenario.Part]) {
    let simulated = 0..<scenario.clock.totalMilliseconds
    var trips: [Trip] = []
    var parts: [LoadedScenario.Part] = []
    var names: Set<String> = []
    for (i, entry) in scenario.demand.enumerated() {
      let key = type(of: entry.settings).key
      let earlier = scenario.demand[..<i].count { type(of: $0.settings).key == key }
      let site = DemandSite(
        scenarioPath: entry.file, map: places.map, network: places.network, places: places,
        clock: clock, simulatedWindow: simulated,
        defaultWindow: 0..<scenario.clock.measuredWindow.upperBound, random: random,
        catalogue: catalogue, prefix: earlier == 0 ? key : "\(key)\(earlier + 1)")
      var made: DemandPart
      do throws(CityError) {
        made = try entry.settings.makeDemand(for: site, diagnostics: &diagnostics)
      } catch {
        guard error.file == nil else { throw error }
        throw CityError(error.kind, error.message, file: entry.file, place: entry.place)
      }
      try draw(entry, catalogue, random, &made.trips)
      made.trips.removeAll { !simulated.contains($0.departureMilliseconds) }
      // Names differ within a part, so that one alone can be taken as it is.
      if scenario.demand.count == 1 { swap(&trips, &made.trips) }
      for trip in made.trips {
        if names.insert(trip.name).inserted {
          trips.append(trip)
        } else {
          diagnostics.warn(
            "trip-duplicate", file: entry.file, place: entry.place,
            "another part of the demand has a trip \"\(trip.name)\"; this one is left out")
        }
      }
      parts.append(
        LoadedScenario.Part(
          prefix: site.prefix, load: made.load, leftOut: made.leftOut, gates: made.gates))
    }
    return (trips.inDepartureOrder(), parts)
  }

  /// Refuses more types than drivers can differ in.
  private static func check(_ types: [VehicleType], _ scenario: ScenarioFile) throws(CityError) {
    guard scenario.traffic.driverDeviation > 0, types.count > TrafficSettings.mostTypesOfManners
    else { return }
    throw .refused(
      "where drivers differ, trips are made with \(TrafficSettings.mostTypesOfManners) types at most"
        + ", found \(types.count)",
      file: scenario.file(of: "traffic"), place: "$.traffic.driver_deviation")
  }

  /// Draws what the trips of a part are made with that do not say.
  private static func draw(
    _ entry: ScenarioFile.DemandEntry, _ catalogue: VehicleCatalogue, _ random: RandomStream,
    _ trips: inout [Trip]
  ) throws(CityError) {
    if entry.types.shares.isEmpty { return }
    var places: [UInt8] = []
    for (name, _) in entry.types.shares {
      guard let place = catalogue.index(name) else {
        let known = catalogue.types.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw .refused(
          "expected one of the types \(known), found \"\(name)\"", file: entry.file,
          place: "\(entry.place).types")
      }
      places.append(place)
    }
    for i in trips.indices where trips[i].vehicleType == nil {
      trips[i].vehicleType = entry.types.draw(trips[i], places, random)
    }
  }

  private static func noteRefused(_ refused: [RefusedTrip], diagnostics: inout Diagnostics) {
    for trip in refused {
      diagnostics.warn(
        "trip-refused", place: "trip \(trip.trip.name)", "\(trip.reason); the trip is refused")
    }
  }

  private static func policySite(_ places: CityPlaces, clock: Clock, endTick: Tick) -> PolicySite {
    PolicySite(
      map: places.map, network: places.network, clock: clock, endTick: endTick,
      locate: { places.working($0) }, nearest: { places.nearest($0) })
  }

  private static func bindPolicies(_ scenario: ScenarioFile, on site: PolicySite)
    throws(CityError) -> [any Policy]
  {
    var policies: [any Policy] = []
    for entry in scenario.policies {
      do throws(CityError) {
        policies.append(try entry.settings.makePolicy(named: entry.name, on: site))
      } catch {
        throw CityError(
          error.kind, error.message, file: entry.file, place: error.place ?? entry.place)
      }
    }
    if let clash = PolicyContradiction.first(in: policies) {
      let entry = scenario.policies[clash.second]
      throw .refused(clash.message(policies, on: site), file: entry.file, place: entry.place)
    }
    return policies
  }
}
