import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import CityTraffic
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
}
