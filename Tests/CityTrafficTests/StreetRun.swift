import CityBase
import CityDemand
import CityNetwork
import CitySimulation

@testable import CityTraffic

/// A run on a small network with trips given one by one.
struct StreetRun {
  /// A trip by the places it begins and ends at, in seconds and metres.
  struct Journey {
    var second: Double
    var from: AccessPoint
    var to: AccessPoint
  }

  let simulation: Simulation
  let traffic: TrafficDomain

  init(
    _ network: RoadNetwork, _ journeys: [Journey], threads: Int = 1, policies: [any Policy] = [],
    settings: TrafficSettings = TrafficSettings(), signals: SignalSetup = SignalSetup(),
    typeOf: (Int) -> UInt8 = { _ in 0 }
  ) {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: [], freeFlowSeconds: [])
    for (i, journey) in journeys.sorted(by: { $0.second < $1.second }).enumerated() {
      guard let way = paths.route(from: journey.from, to: journey.to, costs: costs) else {
        continue
      }
      var trip = Trip(
        name: "j\(i)", departureMilliseconds: Int64(journey.second * 1000), origin: journey.from,
        destination: journey.to)
      trip.vehicleType = typeOf(i)
      demand.trips.append(trip)
      demand.routeFirst.append(Int32(demand.links.count))
      demand.routeCount.append(Int32(way.count))
      demand.links.append(contentsOf: way)
      demand.freeFlowSeconds.append(0)
    }
    let random = RandomStream(seed: 1)
    let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    let clock = Clock(epoch: start, stepMilliseconds: 500)
    traffic = TrafficDomain(
      network: network, demand: demand, settings: settings, clock: clock,
      measured: 0..<86_400_000, random: random, pool: WorkerPool(threads: threads),
      signals: signals)
    simulation = Simulation(
      clock: clock, network: network, random: random, policies: policies, domains: [traffic],
      recorders: [])
  }

  /// The moment of any tick, for phases called one by one.
  func moment(ofTick tick: Tick) -> Moment {
    let now = simulation.moment
    return Moment(tick: tick, clock: now.clock, random: now.random, overrides: now.overrides)
  }

  /// Seconds from entering the road to leaving it, or nil where it has not left.
  func seconds(of trip: Int) -> Double? {
    let vehicles = traffic.world.vehicles
    guard vehicles.left[trip] >= 0 else { return nil }
    return Double(vehicles.left[trip] - vehicles.departed[trip]) / 2
  }

  /// The mean of those that have arrived, of some trips.
  func meanSeconds(_ isMeant: (Trip) -> Bool = { _ in true }) -> Double {
    let trips = traffic.demand.trips
    let times = trips.indices.filter { isMeant(trips[$0]) }.compactMap { seconds(of: $0) }
    return times.reduce(0, +) / Double(max(1, times.count))
  }

  /// Steps until a second of the run; what is wrong at any tick is returned.
  func drive(to second: Double, each body: () -> Void = {}) throws -> [String] {
    while Double(simulation.tick) < second * 2 {
      try simulation.step()
      let wrong = traffic.violations()
      if !wrong.isEmpty { return wrong.map { "tick \(simulation.tick): \($0)" } }
      body()
    }
    return []
  }
}

/// Small networks: a straight street eastwards, a fork, a crossing.
enum RoadShapes {
  static func build(
    length: Double, forward: Int, backward: Int, limit: Double = 50 / 3.6
  ) -> RoadNetwork {
    var source = RoadSource()
    for x in [0, length] {
      source.nodes.append(RoadSource.Node(position: Point2(x, 0), externalID: Int64(x)))
    }
    source.ways.append(
      RoadSource.Way(
        externalID: "street", nodes: [0, 1], roadClass: .secondary, forwardLanes: forward,
        backwardLanes: backward, speedLimit: limit))
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// A street of two lanes that forks, so that either half of the traffic needs a lane of its own.
  static func fork(length: Double) -> (
    network: RoadNetwork, trunk: LinkID, left: LinkID, right: LinkID
  ) {
    var source = RoadSource()
    let places = [(0.0, 0.0), (length, 0), (length + 250, 120), (length + 250, -120)]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(position: Point2(place.0, place.1), externalID: Int64(i)))
    }
    for (name, nodes, lanes) in [
      ("trunk", [0, 1] as [Int32], 2), ("left", [1, 2], 1), ("right", [1, 3], 1),
    ] {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: lanes,
          backwardLanes: 0, speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    let east = Point2(1, 0)
    return (
      network, link(network, near: Point2(length / 2, 0), towards: east),
      link(network, near: Point2(length + 125, 60), towards: east),
      link(network, near: Point2(length + 125, -60), towards: east)
    )
  }

  /// A crossing of two streets without signals; arms of `arm` metres to the west, east, south and
  /// north, two lanes across and one each way along, or one way eastwards.
  static func crossing(arm: Double, eastwardOnly: Bool = false) -> RoadNetwork {
    var source = RoadSource()
    let places = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(Double(place.0) * arm, Double(place.1) * arm), externalID: Int64(i)))
    }
    for (name, nodes, backward) in [
      ("eastward", [1, 0, 2] as [Int32], eastwardOnly ? 0 : 1), ("northward", [3, 0, 4], 1),
    ] {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1,
          backwardLanes: backward, speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// The link that leads in a direction from a place, both seen from the middle of the network.
  static func link(_ network: RoadNetwork, near: Point2, towards: Point2) -> LinkID {
    func score(_ link: LinkID) -> Double {
      let (point, direction) = network.linkPosition(link, network.linkLength[link] / 2)
      return point.distance(to: near) - (direction.x * towards.x + direction.y * towards.y) * 1000
    }
    return (0..<network.linkCount).map { LinkID($0) }.min { score($0) < score($1) } ?? LinkID(0)
  }
}
