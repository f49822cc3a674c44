import CityBase
import CityDemand
import CityGIS
import CityModel
import CityNetwork
import CitySimulation

/// Where in a city trips can begin and end.
public final class CityPlaces {
  let map: CityMap
  let network: RoadNetwork
  let graph: TurnGraph
  /// Finds the nearest place by the road, among links that are connected and open to cars.
  let index: LinkIndex
  private let pool: WorkerPool
  private let fromWGS84: CoordinateTransform

  /// Indexes the network. Refuses a working CRS that is not known.
  init(map: CityMap, network: RoadNetwork, pool: WorkerPool) throws(CityError) {
    self.pool = pool
    self.map = map
    self.network = network
    graph = TurnGraph(network)
    let connected = graph.largestComponent()
    let usable: [Bool] = network.linkAccess.ids.map {
      connected[$0.index] && network.linkAccess[$0].contains(.car)
    }
    index = LinkIndex(network, usable: usable)
    fromWGS84 = try CoordinateTransform(from: "EPSG:4326", to: map.workingCRS)
  }

  /// Longitude and latitude as a point of the working CRS; nil where it has none.
  func working(_ degrees: Point2) -> Point2? {
    guard let point = fromWGS84.apply(degrees), point.isFinite else { return nil }
    return point.roundedToMillimetre
  }

  /// The city cut into zones.
  func zones(_ settings: ZoneSettings, diagnostics: inout Diagnostics) -> ZoneSystem {
    ZoneBuilder.build(
      map, network: network, graph: graph, settings: settings, diagnostics: &diagnostics)
  }

  /// Times and distances between zones in the empty network.
  func skim(_ zones: ZoneSystem) -> ZoneSkim {
    ZoneSkim.along(network, graph: graph, zones: zones) { pool.run(chunks: $0, $1) }
  }

  /// The way each trip sets out on, as its driver sees the empty road.
  func assignRoutes(to trips: [Trip], random: RandomStream) throws(CityError) -> RouteAssignment {
    let assigner = RouteAssigner(network: network, graph: graph, random: random)
    return try assigner.assign(trips) { pool.run(chunks: $0, $1) }
  }
}
