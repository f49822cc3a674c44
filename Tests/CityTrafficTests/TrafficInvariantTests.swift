import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
@testable import CityTraffic
import XCTest

final class TrafficInvariantTests: XCTestCase {
  private func check(_ network: RoadNetwork, trips: Int, name: String) throws {
    let run = GridRun(network: network, trips: trips, seconds: 300)
    XCTAssertGreaterThan(run.traffic.demand.trips.count, trips / 2)
    for _ in 0..<2400 {
      try run.simulation.step()
      let wrong = run.traffic.violations()
      XCTAssertEqual(wrong, [], "\(name), tick \(run.simulation.tick)")
      if !wrong.isEmpty { break }
    }
    let counts = run.traffic.counts
    print(
      name, counts, "hard", run.traffic.hardBrakings, "missed", run.traffic.missedTurns,
      "lane changes", run.traffic.laneChanges, "gridlocks", run.traffic.gridlocks.count)
    XCTAssertGreaterThan(counts.arrived * 100, counts.due * 95, name)
  }

  func testNoTwoVehiclesInOnePlaceOnASignalisedGrid() throws {
    try check(GridNetwork(size: 4, lanes: 2).build(), trips: 600, name: "signals")
  }

  func testNoTwoVehiclesInOnePlaceWithoutSignals() throws {
    try check(
      GridNetwork(size: 4, lanes: 1, isSignalised: false).build(), trips: 500, name: "unsignalled")
  }

  func testNoTwoVehiclesInOnePlaceWhereOneDrivesOnTheLeft() throws {
    try check(
      GridNetwork(size: 3, lanes: 2, drivesOnRight: false).build(), trips: 400, name: "left")
  }

  /// The checks above are worth nothing if they would not see a vehicle put out of its place.
  func testAVehicleOutOfPlaceIsSeen() throws {
    let run = GridRun(
      network: GridNetwork(size: 3, lanes: 2).build(), trips: 300, seconds: 100)
    while run.traffic.counts.onRoad < 60 { try run.simulation.step() }
    XCTAssertEqual(run.traffic.violations(), [])
    let world = run.traffic.world
    let crowded = try XCTUnwrap(
      (0..<world.topology.roadLanes).first { world.lanes.count[$0] >= 2 })
    let follower = Int(world.lanes.base[crowded]) + 1
    let place = world.slots.position[follower]
    world.slots.position[follower] = world.slots.position[follower - 1] - 1
    XCTAssertTrue(run.traffic.violations().contains { $0.contains("gap") })
    world.slots.position[follower] = place
    let speed = world.slots.speed[follower]
    world.slots.speed[follower] = .nan
    XCTAssertTrue(run.traffic.violations().contains { $0.contains("speed") })
    world.slots.speed[follower] = speed
    world.lanes.count[crowded] -= 1
    XCTAssertTrue(run.traffic.violations().contains { $0.contains("on the road") })
    world.lanes.count[crowded] += 1
    XCTAssertEqual(run.traffic.violations(), [])
  }

  /// Two vehicles in one conflict area are seen: every grant is moved to the middle of a crossing.
  func testTwoVehiclesInOneAreaAreSeen() throws {
    let run = GridRun(
      network: GridNetwork(size: 3, lanes: 1, isSignalised: false).build(), trips: 400,
      seconds: 100)
    let world = run.traffic.world
    for _ in 0..<400 {
      try run.simulation.step()
      for c in 0..<world.topology.connectors where world.grants.count[c] > 0 {
        for k in world.topology.conflicts(ofConnector: c) {
          let conflict = world.topology.conflicts[k]
          let o = conflict.other.index
          guard conflict.kind == 0, world.grants.count[o] > 0 else { continue }
          for (connector, at) in [(c, conflict.entry), (o, conflict.otherEntry)] {
            let g = Int(world.grants.base[connector])
            world.grants.rear[g] =
              at + 0.1 - world.vehicles.displacement[world.grants.vehicle[g]]
          }
          XCTAssertTrue(run.traffic.violations().contains { $0.contains("in one area") })
          return
        }
      }
    }
    XCTFail("no two conflicting grants in 400 ticks")
  }

  /// Alone on the road a driver takes the time of the limit, his own factor and one run-up.
  func testFreeFlow() throws {
    let network = GridNetwork(size: 1, spacing: 1000).build()
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    let run = GridRun(network: network, trips: 1, seconds: 1, settings: settings)
    let trip = run.traffic.demand.trips[0]
    XCTAssertNotEqual(trip.origin.link, trip.destination.link)
    while run.traffic.counts.arrived == 0, run.simulation.tick < 2000 { try run.simulation.step() }
    let vehicles = run.traffic.world.vehicles
    let seconds = Double(vehicles.arrived[0] - vehicles.departed[0]) / 2
    let limit = 50 / 3.6
    let free = Double(vehicles.metres[0]) / limit
    // At most a cycle of the one signal, the run-up from 5 m/s and the approach to the turn.
    XCTAssertGreaterThan(seconds, free)
    XCTAssertLessThan(seconds, free * 1.05 + 60)
  }
}
