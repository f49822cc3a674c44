import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Lanes that are passed over while nothing happens on them: see `LaneRest`.
final class LaneRestTests: XCTestCase {
  /// A run in which everybody is roused before every tick is the same, bit for bit.
  func testRestChangesNothing() throws {
    let network = GridNetwork(size: 5, lanes: 2).build()
    let runs = (0..<2).map { _ in GridRun(network: network, trips: 900, seconds: 400) }
    let world = runs[0].traffic.world
    var mostAsleep = 0
    for tick in 0..<1000 {
      runs[1].traffic.world.rouseAll()
      for r in runs { try r.simulation.step() }
      let asleep = (0..<world.topology.roadLanes).count {
        world.lanes.rests[$0] == LaneRest.asleep
      }
      mostAsleep = max(mostAsleep, asleep)
      guard tick % 50 == 49 else { continue }
      XCTAssertEqual(
        runs[0].simulation.stateHash(), runs[1].simulation.stateHash(), "tick \(tick)")
    }
    XCTAssertGreaterThan(mostAsleep, 0, "nothing was tried")
  }

  /// A run in which every junction is looked at in every tick, and every driver by all that there is to
  /// ask, is the same, bit for bit; with one manner of driving and with several.
  func testShortWaysChangeNothing() throws {
    let network = GridNetwork(size: 5, lanes: 2).build()
    for deviation in [Float(0), 0.2] {
      var settings = TrafficSettings()
      settings.driverDeviation = deviation
      let runs = (0..<2).map { _ in
        GridRun(network: network, trips: 900, seconds: 400, settings: settings)
      }
      let world = runs[1].traffic.world
      world.hasShortWalk = false
      for tick in 0..<1000 {
        for j in 0..<world.topology.junctions { world.busy.ask(j) }
        for r in runs { try r.simulation.step() }
        guard tick % 50 == 49 else { continue }
        XCTAssertEqual(
          runs[0].simulation.stateHash(), runs[1].simulation.stateHash(), "tick \(tick)")
      }
      XCTAssertGreaterThan(runs[0].traffic.counts.arrived, 0, "nothing was tried")
    }
  }

  /// Nobody looks at a lane asleep, and yet the ticks at standstill grow by one a tick.
  func testTicksAtStandstillGoOnAsleep() throws {
    let run = GridRun(network: GridNetwork(size: 5, lanes: 2).build(), trips: 900, seconds: 400)
    let world = run.traffic.world
    for _ in 0..<300 { try run.simulation.step() }
    let sleepers = (0..<world.topology.roadLanes).filter {
      world.lanes.rests[$0] == LaneRest.asleep
    }
    XCTAssertFalse(sleepers.isEmpty)
    let before = sleepers.map { world.standing(Int(world.lanes.base[$0])) }
    try run.simulation.step()
    for (lane, stood) in zip(sleepers, before)
    where world.lanes.rests[lane] == LaneRest.asleep {
      XCTAssertEqual(world.standing(Int(world.lanes.base[lane])), stood + 1)
    }
  }
}
