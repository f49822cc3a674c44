import CityBase
import CityScenario
import CitySimulation
import CityTraffic
import Foundation
import XCTest

/// The shipped morning peak, looked at after every tick.
final class MorningPeakTests: XCTestCase {
  func testNobodyIsLostAndNoTwoAreInOnePlace() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("Scenarios/morning-peak/scenario.json").path
    let loaded = try ScenarioLoader.load(path: path, options: RunOptions())
    let pool = WorkerPool(threads: 2)
    defer { pool.shutDown() }
    let random = RandomStream(seed: loaded.seed)
    let traffic = TrafficDomain(
      network: loaded.network, demand: loaded.demand, settings: TrafficSettings(),
      clock: loaded.clock, measured: loaded.measuredWindow, random: random, pool: pool)
    let simulation = Simulation(
      clock: loaded.clock, network: loaded.network, random: random, policies: loaded.policies,
      domains: [traffic], recorders: [])
    // Without optimization the whole of it takes minutes.
    #if DEBUG
      let end: Tick = 200
    #else
      let end = loaded.endTick
    #endif
    while simulation.tick < end {
      try simulation.step()
      let wrong = traffic.violations()
      XCTAssertEqual(wrong, [], "tick \(simulation.tick)")
      if !wrong.isEmpty { return }
    }
    XCTAssertGreaterThan(traffic.peakOnRoad, 100)
    guard end == loaded.endTick else { return }
    let counts = traffic.counts
    XCTAssertGreaterThanOrEqual(counts.due, 8000)
    XCTAssertGreaterThanOrEqual(traffic.peakOnRoad, 1000)
    XCTAssertGreaterThanOrEqual(Double(counts.arrived), 0.95 * Double(counts.due))
    XCTAssertEqual(traffic.gridlocks.count, 0)
    let trips = try XCTUnwrap(traffic.metrics().first { $0.name == "trips" })
    func figure(_ name: String) -> Double {
      guard case .number(let value, _)? = trips.figures.first(where: { $0.name == name })?.value
      else { return .nan }
      return value
    }
    XCTAssertGreaterThanOrEqual(figure("mean_distance_m"), 3000)
    XCTAssertTrue((1.3...2.0).contains(figure("travel_time_ratio")))
  }
}
