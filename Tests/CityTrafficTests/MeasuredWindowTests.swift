import CityBase
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// What is counted is counted within the measured window, and the same after a resume.
final class MeasuredWindowTests: XCTestCase {
  private func figures(_ run: GridRun) -> [String: Double] {
    var found: [String: Double] = [:]
    for figure in run.traffic.metrics()[1].figures {
      if case .integer(let n) = figure.value { found[figure.name] = Double(n) }
    }
    return found
  }

  private let counted = ["missed_turns", "reroutes", "lane_changes", "hard_brakings"]

  /// A window over the whole run, up to a second and from it on: the parts make up the whole, and the
  /// most on the road is that of one of them.
  func testThePartsMakeUpTheWhole() throws {
    let network = GridNetwork(size: 4, lanes: 2).build()
    let runs = [0..<Int64(600_000), 0..<200_000, 200_000..<600_000].map {
      GridRun(network: network, trips: 700, seconds: 250, measured: $0)
    }
    var peaks = [0, 0]
    for tick in 0..<1200 {
      for run in runs { try run.simulation.step() }
      peaks[tick < 400 ? 0 : 1] = max(peaks[tick < 400 ? 0 : 1], runs[0].traffic.vehiclesOnRoad)
    }
    let all = runs.map(figures)
    for name in counted {
      XCTAssertEqual(all[0][name] ?? -1, (all[1][name] ?? 0) + (all[2][name] ?? 0), name)
    }
    XCTAssertGreaterThan(all[1]["lane_changes"] ?? 0, 0)
    XCTAssertGreaterThan(all[2]["lane_changes"] ?? 0, 0)
    XCTAssertEqual(all[0]["lane_changes"], Double(runs[0].traffic.laneChanges))
    XCTAssertEqual(all[1]["peak_on_road"], Double(peaks[0]))
    XCTAssertEqual(all[2]["peak_on_road"], Double(peaks[1]))
    var writer = StateWriter()
    runs[2].simulation.encodeState(into: &writer)
    let resumed = GridRun(
      network: network, trips: 700, seconds: 250, measured: 200_000..<600_000)
    var reader = StateReader(writer.bytes, file: "memory")
    try resumed.simulation.decodeState(from: &reader)
    XCTAssertEqual(figures(resumed), all[2])
  }
}
