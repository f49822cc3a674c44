import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// What may not depend on how a city is written down.
final class InvarianceTests: XCTestCase {
  /// A city of 4 x 4 crossings written down in some way, and the trips of a quarter of an hour.
  private struct Town {
    var source: RoadSource
    /// The name that a street of the plain town has here.
    var name: (String) -> String = { $0 }
  }

  private static var plain: GridNetwork { GridNetwork(size: 4, lanes: 2) }

  private static var mirrored: Town {
    var source = plain.source
    source.drivesOnRight.toggle()
    for i in source.nodes.indices { source.nodes[i].position.x *= -1 }
    return Town(source: source)
  }

  private static var renamed: Town {
    var source = plain.source
    let nodes = source.nodes.count
    // Another order of nodes and ways, and other names for them.
    source.nodes = source.nodes.reversed()
    for i in source.nodes.indices { source.nodes[i].externalID += 70_000 }
    source.ways = source.ways.reversed()
    for i in source.ways.indices {
      source.ways[i].nodes = source.ways[i].nodes.map { Int32(nodes) - 1 - $0 }
      source.ways[i].externalID = "street " + source.ways[i].externalID
    }
    return Town(source: source) { "street " + $0 }
  }

  #if DEBUG
    private static let (trips, ticks) = (300, 1200)
  #else
    private static let (trips, ticks) = (900, 3600)
  #endif

  /// When each trip departed and arrived, by its name.
  private func ends(_ town: Town) throws -> [String: [Int64]] {
    var diagnostics = Diagnostics()
    let plain = Self.plain.build()
    let network = NetworkBuilder.build(town.source, diagnostics: &diagnostics)
    XCTAssertEqual(network.linkCount, plain.linkCount)
    var links: [String: LinkID] = [:]
    for link in network.linkExternalID.ids { links[network.linkExternalID[link]] = link }
    var demand = GridRun.demand(
      plain, count: Self.trips, seconds: Double(Self.ticks) / 4, random: RandomStream(seed: 5))
    func there(_ link: LinkID) throws -> LinkID {
      try XCTUnwrap(links[town.name(plain.linkExternalID[link])])
    }
    demand.links = try demand.links.map { try there($0) }
    for i in demand.trips.indices {
      demand.trips[i].origin.link = try there(demand.trips[i].origin.link)
      demand.trips[i].destination.link = try there(demand.trips[i].destination.link)
    }
    let clock = Clock(
      epoch: Instant(millisecondsSince1970: 0, zoneSeconds: 0), stepMilliseconds: 500)
    var settings = TrafficSettings()
    // Ways looked for anew depend on which of two equal ones comes first.
    settings.rerouteSeconds = 1e9
    let random = RandomStream(seed: 5)
    let traffic = TrafficDomain(
      network: network, demand: demand, settings: settings, clock: clock,
      measured: 0..<86_400_000, random: random, pool: WorkerPool(threads: 1))
    defer { traffic.pool.shutDown() }
    let simulation = Simulation(
      clock: clock, network: network, random: random, policies: [], domains: [traffic],
      recorders: [])
    for _ in 0..<Self.ticks {
      try simulation.step()
      try assertConserved(traffic)
    }
    XCTAssertEqual(traffic.missedTurns, 0)
    XCTAssertGreaterThan(traffic.counts.arrived, Self.trips / 2)
    var found: [String: [Int64]] = [:]
    for (i, trip) in demand.trips.enumerated() {
      found[trip.name] = [traffic.world.vehicles.departed[i], traffic.world.vehicles.arrived[i]]
    }
    return found
  }

  /// Every trip that is due waits, is in one slot, or has arrived; at every tick.
  private func assertConserved(_ traffic: TrafficDomain) throws {
    let world = traffic.world
    var seen = [UInt8](repeating: 0, count: traffic.demand.trips.count)
    var onRoad = 0
    for lane in 0..<traffic.network.laneCount {
      let first = Int(world.lanes.base[lane])
      for s in first..<(first + Int(world.lanes.count[lane])) {
        seen[Int(world.slots.vehicle[s])] += 1
        onRoad += 1
      }
    }
    for link in 0..<traffic.network.linkCount {
      var trip = world.queueHead[link]
      while trip >= 0 {
        seen[Int(trip)] += 1
        trip = world.vehicles.queueNext[trip]
      }
    }
    for i in seen.indices {
      let isDue = i < traffic.releasedTrips
      let hasArrived = world.vehicles.arrived[i] >= 0
      let places = Int(seen[i]) + (hasArrived ? 1 : 0)
      if places != (isDue ? 1 : 0) { XCTFail("trip \(i) is in \(places) places") }
    }
    XCTAssertEqual(onRoad, traffic.counts.onRoad)
    XCTAssertEqual(traffic.counts.due, traffic.releasedTrips)
  }

  private func differences(_ a: [String: [Int64]], _ b: [String: [Int64]]) -> Int {
    a.keys.count { a[$0] != b[$0] }
  }

  /// Not a tick differs for anybody where left is right and people drive on the left.
  func testAMirroredCityMovesAlike() throws {
    let plain = try ends(Town(source: Self.plain.source))
    XCTAssertEqual(differences(plain, try ends(Self.mirrored)), 0)
  }

  /// Nor where streets and junctions have other names and stand in another order in the file.
  func testNamesAndTheirOrderMoveNobody() throws {
    let plain = try ends(Town(source: Self.plain.source))
    XCTAssertEqual(differences(plain, try ends(Self.renamed)), 0)
  }
}
