import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import CityTraffic

/// A run on a small grid with trips drawn between any two links; where the settings have several
/// types of vehicles, as many trips are made with each.
struct GridRun {
  let simulation: Simulation
  let traffic: TrafficDomain

  init(
    network: RoadNetwork, trips count: Int, seconds: Double, threads: Int = 1, seed: UInt64 = 1,
    policies: [any Policy] = [], step: Int64 = 500, settings: TrafficSettings = TrafficSettings(),
    reservedDrives: Int = 0, measured: Range<Int64> = 0..<86_400_000,
    others: (TrafficDomain) -> [any Domain] = { _ in [] }
  ) {
    let random = RandomStream(seed: seed)
    let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    let clock = Clock(epoch: start, stepMilliseconds: step)
    var demand = Self.demand(network, count: count, seconds: seconds, random: random)
    if settings.vehicleTypes.count > 1 {
      for i in demand.trips.indices {
        let types = settings.vehicleTypes.count
        demand.trips[i].vehicleType = UInt8(
          random.below(types, .vehicleClass, demand.trips[i].key))
      }
    }
    traffic = TrafficDomain(
      network: network, demand: demand, settings: settings, clock: clock,
      measured: measured, random: random, pool: WorkerPool(threads: threads),
      reservedDrives: reservedDrives)
    simulation = Simulation(
      clock: clock, network: network, random: random, policies: policies,
      domains: [traffic] + others(traffic),
      recorders: [])
  }

  static func demand(
    _ network: RoadNetwork, count: Int, seconds: Double, random: RandomStream
  ) -> TrafficDemand {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    var trips: [Trip] = []
    var i = 0
    while trips.count < count {
      let key = UInt64(i)
      i += 1
      let from = LinkID(random.below(network.linkCount, .originZone, key))
      let to = LinkID(random.below(network.linkCount, .destinationZone, key))
      if from == to { continue }
      let departure = Int64(random.unit(.departureTime, key) * seconds * 1000)
      trips.append(
        Trip(
          name: "t\(key)", departureMilliseconds: departure,
          origin: AccessPoint(link: from, offset: network.linkLength[from] * 0.5),
          destination: AccessPoint(link: to, offset: network.linkLength[to] * 0.5)))
    }
    trips.sort { ($0.departureMilliseconds, $0.name) < ($1.departureMilliseconds, $1.name) }
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: [], freeFlowSeconds: [])
    for trip in trips {
      guard let way = paths.route(from: trip.origin, to: trip.destination, costs: costs) else {
        continue
      }
      demand.trips.append(trip)
      demand.routeFirst.append(Int32(demand.links.count))
      demand.routeCount.append(Int32(way.count))
      demand.links.append(contentsOf: way)
      let ms = way.reduce(0) { $0 + Int(costs[$1.index]) }
      demand.freeFlowSeconds.append(Float(ms) / 1000)
    }
    return demand
  }
}
