import CityBase
import CityNetwork
import CityScenario
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityImport

/// Signals timed for the demand of a scenario, in a city of one crossing.
final class DemandSignalsTests: XCTestCase {
  /// A city folder with a network and a scenario of an hour.
  private func folder(_ network: RoadNetwork, demand: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "retimed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: folder.appendingPathComponent(name))
    }
    try write(NetworkFile.encode(network), "network.cimn")
    try write(
      Array(
        """
        {"format": "citytwin-city", "version": 1, "name": "One", "drive": "right",
         "time_zone": "Asia/Shanghai", "working_crs": "EPSG:4548", "network": "network.cimn",
         "layers": []}
        """.utf8), "city.json")
    try write(
      Array(
        """
        {"format": "citytwin-scenario", "version": 1, "name": "One", "city": ".",
         "clock": {"start": "2026-03-02T07:00:00+08:00", "measured": "1h"}, "seed": 1,
         "demand": \(demand)}
        """.utf8), "scenario.json")
    return folder
  }

  private func network(in folder: URL) throws -> RoadNetwork {
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("network.cimn")))
    return try NetworkFile.decode(bytes, file: "network.cimn")
  }

  /// 300 trips an hour go from west to east and 100 from south to north, as a table has them. Nothing
  /// is drawn here that other greens could let through, so that the signals stay as they were built;
  /// timed for these flows, they would be others.
  func testATableOfTripsKeepsTheSignals() throws {
    let network = GridNetwork(size: 1, spacing: 300).build()
    let folder = try folder(network, demand: #"{"trips": "trips.csv"}"#)
    defer { try? FileManager.default.removeItem(at: folder) }
    func link(_ x: Double, _ y: Double, _ east: Double, _ north: Double) -> LinkID {
      network.linkFrom.ids.first { link in
        let (point, direction) = network.linkPosition(link, network.linkLength[link] / 2)
        return point.distance(to: Point2(x, y)) < 60
          && direction.x * east + direction.y * north > 0.9
      } ?? .none
    }
    let ways = [
      (link(150, 300, 1, 0), link(450, 300, 1, 0), 300),
      (link(300, 150, 0, 1), link(300, 450, 0, 1), 100),
    ]
    var rows = "id,depart,from_link,from_offset_m,to_link,to_offset_m\n"
    for (k, (from, to, count)) in ways.enumerated() {
      for i in 0..<count {
        let second = i * 3600 / count
        let time = String(format: "07:%02d:%02d", second / 60, second % 60)
        rows += "w\(k)-\(i),\(time),\(network.linkExternalID[from]),50,"
        rows += "\(network.linkExternalID[to]),200\n"
      }
    }
    try Data(rows.utf8).write(to: folder.appendingPathComponent("trips.csv"))
    let loaded = try DemandSignals.retime(city: folder.path)
    XCTAssertEqual(loaded.demand.trips.count, 400, "\(loaded.diagnostics.entries)")
    let retimed = try self.network(in: folder)
    let graph = TurnGraph(network)
    var flows = [Double](repeating: 0, count: graph.turnCount)
    for (from, to, count) in ways {
      for turn in graph.turns(from: from) where graph.turnTarget[turn] == to {
        flows[turn] = Double(count)
      }
    }
    XCTAssertEqual(flows.reduce(0, +), 400)
    let expected = SignalRetiming(network, graph: graph, flows: flows).retimed()
    XCTAssertEqual(retimed.signals.values, network.signals.values)
    XCTAssertNotEqual(expected.signals.values, network.signals.values)
    // Flow ratios of 1/6 and 1/18 on lanes that discharge 1,800: the greens are 3 to 1, but for the
    // shortest of 8 s.
    let greens = expected.signals.values[0].greenStages
      .map { Double(expected.signals.values[0].phases[$0].milliseconds) / 1000 }.sorted()
    XCTAssertEqual(greens[0], 8, accuracy: 2)
    XCTAssertGreaterThan(greens[1], 2 * greens[0])
  }

  /// On nine crossings with a load there are other ways than the shortest, so that flows and plans
  /// hang on each other. The rounds by hand: everybody on the plans as built; then those who set out,
  /// on the plans of the round before; plans always for the mean of the flows so far, from the network
  /// as it was built.
  func testALoadTimesTheSignalsInThreeRounds() throws {
    let built = GridNetwork(size: 3, spacing: 250).build()
    let folder = try folder(built, demand: #"{"gravity": {"load": "heavy"}}"#)
    defer { try? FileManager.default.removeItem(at: folder) }
    let graph = TurnGraph(built)
    let basis = try ScenarioBasis(path: folder.path + "/scenario.json")
    var counted: [[Double]] = []
    var plans = [built]
    for round in 0..<3 {
      let on = basis.with(signalsOf: plans[round])
      counted.append(
        try XCTUnwrap(on.turnsPerHour(isThinned: round > 0, options: RunOptions())))
      let mean = (0..<graph.turnCount).map { turn in
        counted.reduce(0) { $0 + $1[turn] } / Double(counted.count)
      }
      plans.append(SignalRetiming(built, graph: graph, flows: mean).retimed())
    }
    XCTAssertGreaterThan(counted[0].reduce(0, +), 1000)
    // Each round changes something; else nothing could tell one from three.
    for k in 1...3 { XCTAssertNotEqual(plans[k].signals.values, plans[k - 1].signals.values) }
    let loaded = try DemandSignals.retime(city: folder.path)
    let retimed = try network(in: folder)
    XCTAssertEqual(retimed.signals.values, plans[3].signals.values)
    XCTAssertEqual(retimed.linkExternalID, built.linkExternalID)
    XCTAssertEqual(retimed.conflicts.count, built.conflicts.count)
    // What it returns is what the folder now loads as.
    let again = try ScenarioLoader.load(path: folder.path + "/scenario.json", options: RunOptions())
    XCTAssertEqual(again.demand.trips.map(\.origin), loaded.demand.trips.map(\.origin))
    XCTAssertEqual(again.demand.links, loaded.demand.links)
    XCTAssertEqual(again.network.networkHash, loaded.network.networkHash)
  }
}
