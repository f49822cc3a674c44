import CityBase
import CityNetwork
import CityScenario
import CityTestSupport
import Foundation
import XCTest

@testable import CityImport
@testable import CityTraffic

/// Imported folders load, run, and keep their books.
final class SUMORunTests: XCTestCase {
  private func figure(_ run: CityRun, _ group: String, _ name: String) -> Double {
    for g in run.metrics() where g.name == group {
      for f in g.figures where f.name == name {
        switch f.value {
        case .integer(let n): return Double(n)
        case .number(let x, _): return x
        default: return .nan
        }
      }
    }
    return .nan
  }

  /// Steps to the end or a number of ticks, with everything looked at on the way.
  private func drive(_ run: CityRun, ticks: Int64) throws {
    while !run.isOver && run.simulation.tick < ticks {
      try run.simulation.step()
      let wrong = run.violations()
      XCTAssertEqual(wrong, [], "tick \(run.simulation.tick)")
      if !wrong.isEmpty { return }
    }
  }

  func testEverybodyCrossesTheCrossing() throws {
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let flows = ["WC": "CE", "EC": "CS", "SC": "CW"].sorted { $0.key < $1.key }.map {
      #"<flow id="\#($0)" begin="0" end="600" period="15" from="\#($0)" to="\#($1)"/>"#
    }
    let routes =
      "<routes>\(flows.joined())<vehicle id=\"v\" depart=\"5\"><route edges=\"SC CE\"/>"
      + "</vehicle></routes>"
    for (name, cross) in [("plain", CrossText()), ("signals", .signalled)] {
      let (net, rou, out) = ("\(folder)/a.net.xml", "\(folder)/a.rou.xml", "\(folder)/\(name)")
      try cross.text.write(toFile: net, atomically: true, encoding: .utf8)
      try routes.write(toFile: rou, atomically: true, encoding: .utf8)
      let report = try SUMOImport.run(
        network: net, out: out, options: SUMOImportOptions(routes: [rou]))
      XCTAssertTrue(report.contains("121 vehicles, 1 of them"), report)
      let loaded = try ScenarioLoader.load(path: "\(out)/scenario.json", options: RunOptions())
      XCTAssertEqual(loaded.demand.trips.count, 121)
      XCTAssertEqual(loaded.refused.count, 0)
      let v = try XCTUnwrap(loaded.demand.trips.firstIndex { $0.name == "v" })
      let first = Int(loaded.demand.routeFirst[v])
      let links = loaded.demand.links[first..<(first + Int(loaded.demand.routeCount[v]))]
      XCTAssertEqual(links.map { loaded.network.linkExternalID[$0] }, ["SC", "CE"])
      let run = try CityRun(loaded, threads: 1)
      try drive(run, ticks: 2400)
      XCTAssertEqual(figure(run, "trips", "due"), 121)
      XCTAssertEqual(figure(run, "trips", "arrived"), 121, name)
      // Importing again replaces the folder.
      _ = try SUMOImport.run(network: net, out: out, options: SUMOImportOptions())
      XCTAssertFalse(FileManager.default.fileExists(atPath: "\(out)/trips.csv"))
    }
  }

  /// Drivers of SUMO's usual model, named or not, come into the run with what their types say; what
  /// they do not say is as "Vehicle Type Parameter Defaults" has it for their class. All get through
  /// lights and gaps, in which they are as careless as they are in SUMO.
  func testKraussDriversKeepTheirFigures() throws {
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let flows = ["WC": ("CE", "named"), "EC": ("CS", "lorry"), "SC": ("CW", "alike")]
      .sorted { $0.key < $1.key }.map {
        #"<flow id="\#($0)" begin="0" end="600" period="15" from="\#($0)" to="\#($1.0)""#
          + #" type="\#($1.1)"/>"#
      }
    let routes = """
      <routes>
      <vType id="named" carFollowModel="Krauss" accel="0.8" decel="3.5" tau="1.2" sigma="0.3" minGap="1"/>
      <vType id="lorry" vClass="truck" sigma="0.2"/>
      <vType id="alike" carFollowModel="IDM" accel="1.5" decel="2" tau="1" minGap="2"/>
      \(flows.joined())</routes>
      """
    let (net, rou, out) = ("\(folder)/a.net.xml", "\(folder)/a.rou.xml", "\(folder)/city")
    try CrossText.signalled.text.write(toFile: net, atomically: true, encoding: .utf8)
    try routes.write(toFile: rou, atomically: true, encoding: .utf8)
    _ = try SUMOImport.run(network: net, out: out, options: SUMOImportOptions(routes: [rou]))
    let loaded = try ScenarioLoader.load(path: "\(out)/scenario.json", options: RunOptions())
    let drivers = Dictionary(
      uniqueKeysWithValues: loaded.vehicleTypes.map { ($0.name, $0) })
    for (name, parameters) in [
      (
        "named",
        DriverParameters(
          maximumAcceleration: 0.8, comfortableBraking: 3.5, timeHeadway: 1.2, standstillGap: 1,
          imperfection: 0.3)
      ),
      (
        "lorry",
        DriverParameters(
          maximumAcceleration: 1.3, comfortableBraking: 4, timeHeadway: 1, standstillGap: 2.5,
          imperfection: 0.2)
      ),
    ] {
      let driver = try XCTUnwrap(drivers[name], name)
      XCTAssertEqual(driver.carFollowing, .krauss, name)
      XCTAssertEqual(driver.parameters(.idm), parameters, name)
    }
    XCTAssertEqual(drivers["alike"]?.carFollowing, .idm)
    let run = try CityRun(loaded, threads: 1)
    try drive(run, ticks: 2400)
    XCTAssertEqual(figure(run, "trips", "arrived"), 120)
    XCTAssertEqual(figure(run, "traffic", "hard_brakings"), 0)
  }

  /// The network and demand of Wildau. Counts, lengths and cycles are what Python's ElementTree
  /// finds in the file: edges with a lane that allows passenger cars, those lanes, pairs of edges with
  /// a connection; all without the edges below 7 m, over which pairs go on, unless nothing leads to
  /// them or away or they lie between two signals. Cycles are the sums of the phases' durations; at
  /// gneJ5 a phase of 19 s lets go only what is closed to cars and lasts its 5 s.
  func testWildau() throws {
    guard let net = SharedData.path("traffic/wildau/net.net.xml.gz"),
      let routes = SharedData.path("traffic/wildau/flows_SUMOV2.2.rou.xml"),
      let detectors = SharedData.path("traffic/wildau/detectors.xml")
    else { throw XCTSkip("no wildau") }
    let out = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: out) }
    let report = try SUMOImport.run(
      network: net, out: out,
      options: SUMOImportOptions(
        routes: [routes], additional: [detectors], timeZone: "Europe/Berlin"))
    XCTAssertTrue(report.contains("18 detectors"), report)
    let loaded = try ScenarioLoader.load(path: "\(out)/scenario.json", options: RunOptions())
    let n = loaded.network
    XCTAssertEqual(n.linkCount, 587)
    XCTAssertEqual(n.roadLaneCount, 589)
    let pairs = Set(
      (0..<n.connectorCount).map { c in
        "\(n.laneLink[n.connectorFrom[ConnectorID(c)]]) \(n.laneLink[n.connectorTo[ConnectorID(c)]])"
      })
    XCTAssertEqual(pairs.count, 936)
    let length = n.linkLength.values.reduce(0.0) { $0 + Double($1) }
    XCTAssertEqual(length, 43_356.65, accuracy: 0.1)
    let cycles = Dictionary(
      uniqueKeysWithValues: n.signals.values.map { ($0.externalID, $0.cycleMilliseconds) })
    XCTAssertEqual(cycles, ["31511424": 90_000, "891707410": 90_000, "gneJ5": 76_000])
    // Nobody loses the way by what junctions have taken in.
    XCTAssertEqual(loaded.demand.trips.count, 2286)
    XCTAssertEqual(loaded.refused.count, 0)
    let run = try CityRun(loaded, threads: 1)
    #if DEBUG
      try drive(run, ticks: 600)
      XCTAssertGreaterThan(figure(run, "trips", "arrived"), 20)
    #else
      // Two hours; all set out in the first, by Krauss's model at 0.8 m/s².
      try drive(run, ticks: 14_400)
      XCTAssertEqual(figure(run, "trips", "arrived"), 2286)
      XCTAssertEqual(figure(run, "trips", "waiting"), 0)
    #endif
    let types = loaded.vehicleTypes.filter { ["pkw", "truck"].contains($0.name) }
    XCTAssertEqual(types.map(\.carFollowing), [.krauss, .krauss])
  }
}
