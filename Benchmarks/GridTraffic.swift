import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTraffic

/// A run on a grid with trips between any two links.
struct GridTraffic {
  let simulation: Simulation
  let traffic: TrafficDomain
  let pool: WorkerPool

  init(network: RoadNetwork, demand: TrafficDemand, threads: Int) {
    let random = RandomStream(seed: 1)
    let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    let clock = Clock(epoch: start, stepMilliseconds: 500)
    pool = WorkerPool(threads: threads)
    traffic = TrafficDomain(
      network: network, demand: demand, settings: TrafficSettings(), clock: clock,
      measured: 0..<86_400_000, random: random, pool: pool)
    simulation = Simulation(
      clock: clock, network: network, random: random, policies: [], domains: [traffic],
      recorders: [])
  }

  func drive(seconds: Int) {
    // Without recorders a step has nothing that could fail.
    for _ in 0..<(seconds * 2) { try? simulation.step() }
  }

  /// One vehicle on the road for one second is one.
  var vehicleSeconds: Double { Double(traffic.vehicleTicks) * 0.5 }

  /// Trips with their shortest ways, spread evenly over some seconds.
  static func demand(_ network: RoadNetwork, count: Int, seconds: Double) -> TrafficDemand {
    let random = RandomStream(seed: 1)
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    var routed: [(trip: Trip, way: [LinkID])] = []
    for key in 0..<UInt64(count * 2) where routed.count < count {
      let from = LinkID(random.below(network.linkCount, .originZone, key))
      let to = LinkID(random.below(network.linkCount, .destinationZone, key))
      let departure = Int64(random.unit(.departureTime, key) * seconds * 1000)
      let trip = Trip(
        name: "t\(key)", departureMilliseconds: departure,
        origin: AccessPoint(link: from, offset: network.linkLength[from] * 0.5),
        destination: AccessPoint(link: to, offset: network.linkLength[to] * 0.5))
      if from != to, let way = paths.route(from: trip.origin, to: trip.destination, costs: costs) {
        routed.append((trip, way))
      }
    }
    routed.sort {
      ($0.trip.departureMilliseconds, $0.trip.name) < ($1.trip.departureMilliseconds, $1.trip.name)
    }
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: [], freeFlowSeconds: [])
    for (trip, way) in routed {
      demand.trips.append(trip)
      demand.routeFirst.append(Int32(demand.links.count))
      demand.routeCount.append(Int32(way.count))
      demand.links += way
      demand.freeFlowSeconds.append(Float(way.reduce(0) { $0 + Int(costs[$1.index]) }) / 1000)
    }
    return demand
  }
}
