import CityBase
import CityDemand
import CityEmergency
import CityNetwork
import CitySimulation
import CityTraffic

/// A small town on both banks of a river: three streets along it on each bank, six across, and two
/// bridges, one in the west and one in the far east. An ambulance waits on the south bank.
struct TwoBanks {
  let network: RoadNetwork
  private let index: LinkIndex
  static let clock = Clock(
    epoch: Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800),
    stepMilliseconds: 500)

  init() {
    var source = RoadSource()
    let heights = [0.0, 200, 400, 800, 1000, 1200]
    for y in heights {
      for column in 0..<6 {
        source.nodes.append(
          RoadSource.Node(
            position: Point2(Double(column) * 200, y), externalID: Int64(source.nodes.count)))
      }
    }
    func node(_ column: Int, _ row: Int) -> Int32 { Int32(row * 6 + column) }
    func way(_ name: String, _ nodes: [Int32]) {
      source.ways.append(
        RoadSource.Way(
          externalID: name, name: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1,
          backwardLanes: 1, speedLimit: 50 / 3.6))
    }
    for row in 0..<6 { way("row-\(row)", (0..<6).map { node($0, row) }) }
    for column in 0..<6 {
      way("south-\(column)", (0..<3).map { node(column, $0) })
      way("north-\(column)", (3..<6).map { node(column, $0) })
    }
    way("west-bridge", [node(1, 2), node(1, 3)])
    way("east-bridge", [node(5, 2), node(5, 3)])
    var diagnostics = Diagnostics()
    network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    index = LinkIndex(network)
  }

  func access(_ x: Double, _ y: Double) -> AccessPoint {
    index.nearest(to: Point2(x, y))?.access ?? AccessPoint(link: LinkID(0), offset: 0)
  }

  func links(_ name: String) -> [LinkID] {
    network.linkName.ids.filter { network.linkName[$0] == name }
  }

  /// Cars that cross the western bridge to the north, one every so many milliseconds.
  func demand(crossings: Int, every interval: Int64) -> TrafficDemand {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: [], freeFlowSeconds: [])
    for i in 0..<crossings {
      let trip = Trip(
        name: "c\(i)", departureMilliseconds: Int64(i) * interval,
        origin: access(100 + Double(i % 3) * 200, Double(i % 2) * 200),
        destination: access(100 + Double(i % 4) * 100, 1000 + Double(i % 2) * 200))
      guard let way = paths.route(from: trip.origin, to: trip.destination, costs: costs) else {
        continue
      }
      demand.trips.append(trip)
      demand.routeFirst.append(Int32(demand.links.count))
      demand.routeCount.append(Int32(way.count))
      demand.links.append(contentsOf: way)
      demand.freeFlowSeconds.append(1)
    }
    return demand
  }

  /// Medical calls at places, one every ten minutes from `first` seconds on.
  func calls(at places: [(Double, Double)], first: Int64) -> [Call] {
    places.enumerated().map { i, place in
      Call(
        name: "call-\(i)", milliseconds: (first + Int64(i) * 600) * 1000,
        access: access(place.0, place.1), position: Point2(place.0, place.1), kind: .medical,
        priority: 1)
    }
  }

  /// The response times of the calls in seconds, nil for those nobody has reached.
  func responses(
    to calls: [Call], demand: TrafficDemand, policies: [any Policy] = [],
    privileges: Privileges = .all, seconds: Int
  ) throws -> [Double?] {
    let random = RandomStream(seed: 1)
    let pool = WorkerPool(threads: 1)
    defer { pool.shutDown() }
    let traffic = TrafficDomain(
      network: network, demand: demand, settings: TrafficSettings(), clock: Self.clock,
      measured: 0..<Int64(seconds) * 1000, random: random, pool: pool,
      reservedDrives: EmergencyDomain.reservedDrives(calls: calls))
    var settings = EmergencySettings()
    settings.privileges = privileges
    settings.transportShare = 0
    settings.onScene = settings.onScene.map { _ in DrawnTime(meanMilliseconds: 60_000) }
    let post = UnitPost(
      name: "station", kind: .ambulance, count: 1, access: access(210, 190),
      position: Point2(210, 190))
    let emergency = EmergencyDomain(
      sites: EmergencySites(posts: [post], hospitals: []), calls: calls, settings: settings,
      network: network, traffic: traffic, clock: Self.clock,
      measured: 0..<Int64(seconds) * 1000, random: random)
    let simulation = Simulation(
      clock: Self.clock, network: network, random: random, policies: policies,
      domains: [traffic, emergency], recorders: [])
    for _ in 0..<(seconds * 2) { try simulation.step() }
    guard
      let table = emergency.tables(clock: Self.clock).first(where: { $0.tableName == "responses" }),
      let column = table.tableColumns.firstIndex(of: "response_s")
    else { return [] }
    return (0..<table.rowCount).map {
      if case .number(let seconds, _) = table.row($0)[column] { return seconds }
      return nil
    }
  }
}

/// Issues commands at the start of a run.
struct FromTheStart: Policy {
  let name = "from the start"
  let orders: [Command]
  func commands(_ observation: Observation) -> [Command] {
    observation.moment.tick == 0 ? orders : []
  }
}
