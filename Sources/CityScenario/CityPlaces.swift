import CityBase
import CityDemand
import CityGIS
import CityModel
import CityNetwork
import CitySimulation

/// Where in a city trips can begin and end. Serves one run on one thread; the city is shared.
public final class CityPlaces {
  let city: LoadedCity
  var map: CityMap { city.map }
  var network: RoadNetwork { city.network }
  private let pool: WorkerPool
  private let fromWGS84: CoordinateTransform
  /// Whether a load leaves out those whose way leads over crowded movements.
  var isThinned = true
  /// What the junctions let through.
  private(set) lazy var movements = MovementCapacity(network, city.graph)
  /// Kept because demand and emergency calls may both ask for it.
  private var zonesOfPeople: ZoneSystem?

  /// Refuses a working CRS that is not known.
  init(_ city: LoadedCity, pool: WorkerPool) throws(CityError) {
    self.city = city
    self.pool = pool
    fromWGS84 = try CoordinateTransform(from: "EPSG:4326", to: city.map.workingCRS)
  }

  /// Longitude and latitude as a point of the working CRS; nil where it has none.
  func working(_ degrees: Point2) -> Point2? {
    guard let point = fromWGS84.apply(degrees), point.isFinite else { return nil }
    return point.roundedToMillimetre
  }

  /// The nearest place by the road, and how many metres away it is; nil beyond a kilometre.
  func nearest(_ point: Point2) -> (access: AccessPoint, distance: Double)? {
    city.index.nearest(to: point)
  }

  /// The city cut into zones.
  func zones(_ settings: ZoneSettings, diagnostics: inout Diagnostics) -> ZoneSystem {
    ZoneBuilder.build(
      map, network: network, graph: city.graph, settings: settings, diagnostics: &diagnostics)
  }

  /// The city cut into zones with the people and places that demand is drawn from.
  func zonesOfPeople(diagnostics: inout Diagnostics) -> ZoneSystem {
    if let zonesOfPeople { return zonesOfPeople }
    let built = zones(.forGravity, diagnostics: &diagnostics)
    zonesOfPeople = built
    return built
  }

  /// Times and distances between zones in the empty network.
  func skim(_ zones: ZoneSystem) -> ZoneSkim {
    ZoneSkim.along(network, graph: city.graph, zones: zones) { pool.run(chunks: $0, $1) }
  }

  /// What comes in, goes out and passes through at the gates of the city; nil without any.
  func edge(_ zones: ZoneSystem, diagnostics: inout Diagnostics) -> EdgeTraffic? {
    let gates = EdgeGate.gates(
      of: map, on: network, population: zones.population, diagnostics: &diagnostics)
    guard !gates.isEmpty else { return nil }
    return EdgeTraffic(
      gates, zones: zones, network: network, graph: city.graph,
      execute: { pool.run(chunks: $0, $1) }, diagnostics: &diagnostics)
  }

  /// A gravity model's demand at which the roads are as full as a target says.
  func load(_ model: GravityModel, to target: LoadTarget) -> LoadedDemand {
    let execute: ParallelLoop = { self.pool.run(chunks: $0, $1) }
    var assignment = StaticAssignment(
      network, city.graph, LinkCapacity(network), hierarchy: city.hierarchy(execute: execute))
    assignment.movements = movements
    return LoadedDemand(
      model, target: target, assignment: assignment, movements: movements, isThinned: isThinned,
      execute: execute)
  }

  /// Those of some trips that set out where crowded movements do not let all do so.
  func thinned(_ trips: [Trip], by thinning: DemandThinning, random: RandomStream) -> [Trip] {
    let execute: ParallelLoop = { self.pool.run(chunks: $0, $1) }
    return thinning.kept(
      of: trips, hierarchy: city.hierarchy(execute: execute), random: random, execute: execute)
  }

  /// The way each trip sets out on.
  func assignRoutes(
    to trips: [Trip], random: RandomStream, choice: RouteChoiceSettings
  ) throws(CityError) -> RouteAssignment {
    let execute: ParallelLoop = { self.pool.run(chunks: $0, $1) }
    var hierarchy: LinkHierarchy?
    // Nobody looks for a way where the demand prescribes all of them.
    if case .logit = choice.model, trips.contains(where: { $0.givenRoute.isEmpty }) {
      hierarchy = city.hierarchy(execute: execute)
    }
    let assigner = RouteAssigner(
      network: network, graph: city.graph, hierarchy: hierarchy, random: random,
      model: choice.model, preRun: choice.preRun)
    return try assigner.assign(trips, execute: execute)
  }
}
