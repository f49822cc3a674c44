import CityBase
import CityReporting
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityScenario

/// Whole runs of a tiny city, held against each other byte by byte.
final class RunTests: XCTestCase {
  private func run(
    _ city: TinyCity, to name: String, _ options: RunOptions = RunOptions()
  ) throws -> RunResult {
    let path = city.path + "/" + name
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: options)
    let folder = try RunFolder.prepare(path: path)
    return try ScenarioRunner(loaded, folder: folder, options: options).run()
  }

  /// Every file of a run that must not differ between two equal runs.
  private func files(_ city: TinyCity, _ name: String) throws -> [String: Data] {
    let url = city.url.appendingPathComponent(name)
    var found: [String: Data] = [:]
    for case let file as String in FileManager.default.enumerator(atPath: url.path) ?? .init() {
      if file == "performance.json" || file.hasPrefix("checkpoints") { continue }
      var isFolder: ObjCBool = false
      let path = url.appendingPathComponent(file)
      _ = FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder)
      if !isFolder.boolValue { found[file] = try Data(contentsOf: path) }
    }
    return found
  }

  private func assertSame(
    _ a: [String: Data], _ b: [String: Data], _ message: String, line: UInt = #line
  ) {
    XCTAssertEqual(a.keys.sorted(), b.keys.sorted(), message, line: line)
    for (name, bytes) in a { XCTAssertEqual(bytes, b[name], "\(message): \(name)", line: line) }
  }

  private func number(_ result: RunResult, _ group: String, _ name: String) -> Double? {
    let value = result.metrics.first { $0.name == group }?.figures.first { $0.name == name }?.value
    switch value {
    case .integer(let i): return Double(i)
    case .number(let d, _): return d
    default: return nil
    }
  }

  func testEveryTripIsAccountedFor() throws {
    let city = try TinyCity()
    let result = try run(city, to: "run")
    XCTAssertEqual(result.ending, .complete)
    XCTAssertEqual(number(result, "trips", "due"), 120)
    let parts = ["arrived", "on_road", "waiting"].compactMap { number(result, "trips", $0) }
    XCTAssertEqual(parts.count, 3)
    XCTAssertEqual(parts.reduce(0, +), 120)
    // Six streets of a kilometre at 50 km/h: three minutes of clearing are enough for most.
    XCTAssertGreaterThan(parts[0], 100)
    let written = try files(city, "run").keys.sorted()
    for name in [
      "gridlocks.csv", "gridlocks.geojson", "links.geojson", "manifest.json", "metrics.json",
      "refused.csv", "snapshots.geojsonl",
      "snapshots/20260302T070000.geojson", "snapshots/20260302T070800.geojson", "timeseries.csv",
      "trips.csv",
    ] {
      XCTAssertTrue(written.contains(name), name)
    }
    XCTAssertFalse(written.contains { $0.hasSuffix(".part") })
  }

  func testSameBytesOnAnyThreadsAndAfterAnyInterruption() throws {
    let city = try TinyCity()
    let whole = try run(city, to: "whole")
    let expected = try files(city, "whole")
    _ = try run(city, to: "threads", RunOptions(threads: 3))
    assertSame(expected, try files(city, "threads"), "three threads")

    for (i, time) in ["07:00:30", "07:03:07", "07:07:59"].enumerated() {
      let options = RunOptions(stopAt: TimeText(time))
      XCTAssertEqual(try run(city, to: "cut\(i)", options).ending, .interrupted)
      let manifest = try JSONValue.read(path: city.path + "/cut\(i)/manifest.json")
      XCTAssertEqual(manifest["ended"]?.string, "interrupted")
      let runner = try ScenarioRunner.resume(
        runFolder: city.path + "/cut\(i)", options: RunOptions(threads: 2))
      let result = try runner.run()
      XCTAssertEqual(result.stateHash, whole.stateHash)
      assertSame(expected, try files(city, "cut\(i)"), "stopped at \(time)")
    }
  }

  func testOneRunMayBeInterruptedAgainAndAgain() throws {
    let city = try TinyCity()
    _ = try run(city, to: "whole")
    var options = RunOptions(stopAt: TimeText("07:02"), checkpointMilliseconds: 30_000)
    _ = try run(city, to: "cut", options)
    for time in ["07:04", "07:06"] {
      options.stopAt = TimeText(time)
      let runner = try ScenarioRunner.resume(runFolder: city.path + "/cut", options: options)
      XCTAssertEqual(try runner.run().ending, .interrupted)
    }
    _ = try ScenarioRunner.resume(runFolder: city.path + "/cut", options: RunOptions()).run()
    assertSame(try files(city, "whole"), try files(city, "cut"), "interrupted three times")
    let kept = try FileManager.default.contentsOfDirectory(atPath: city.path + "/cut/checkpoints")
    XCTAssertEqual(kept.count, 2, "the newest two: \(kept)")
  }

  func testTheWorkingFolderLeavesNoTrace() throws {
    let (a, b) = (try TinyCity(), try TinyCity())
    _ = try run(a, to: "run")
    _ = try run(b, to: "elsewhere/run")
    assertSame(try files(a, "run"), try files(b, "elsewhere/run"), "two folders")
    for (name, bytes) in try files(a, "run") {
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains(a.path), name)
    }
  }

  func testAnotherSeedIsAnotherMorning() throws {
    let city = try TinyCity()
    _ = try run(city, to: "one")
    _ = try run(city, to: "two", RunOptions(seed: 2))
    let (one, two) = (try files(city, "one"), try files(city, "two"))
    XCTAssertNotEqual(one["trips.csv"], two["trips.csv"])
  }

  func testAChangedInputIsNotResumed() throws {
    let city = try TinyCity()
    _ = try run(city, to: "run", RunOptions(stopAt: TimeText("07:01")))
    try city.write(TinyCity.scenario(seed: 3), to: "scenario.json")
    XCTAssertThrowsError(
      try ScenarioRunner.resume(runFolder: city.path + "/run", options: RunOptions())
    ) {
      XCTAssertEqual(($0 as? CityError)?.exitCode, 2)
      XCTAssertTrue("\($0)".contains("scenario.json"), "\($0)")
    }
  }

  func testADamagedCheckpointGivesWayToTheOneBefore() throws {
    let city = try TinyCity()
    _ = try run(city, to: "whole")
    _ = try run(
      city, to: "cut", RunOptions(stopAt: TimeText("07:03"), checkpointMilliseconds: 60_000))
    let folder = city.url.appendingPathComponent("cut/checkpoints")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let newest = folder.appendingPathComponent(try XCTUnwrap(names.last))
    var bytes = try Data(contentsOf: newest)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: newest)
    _ = try ScenarioRunner.resume(runFolder: city.path + "/cut", options: RunOptions()).run()
    assertSame(try files(city, "whole"), try files(city, "cut"), "from the older checkpoint")
  }

  func testUntilEndsARunEarly() throws {
    let city = try TinyCity()
    let result = try run(city, to: "run", RunOptions(until: TimeText("07:02")))
    XCTAssertEqual(result.ending, .complete)
    XCTAssertEqual(result.reached.timeOfDay, "07:02:00")
    let rows = try String(
      contentsOf: city.url.appendingPathComponent("run/timeseries.csv"), encoding: .utf8)
    XCTAssertEqual(rows.split(separator: "\n").count, 3, "a header and two minutes")
  }

  func testTripsWithoutAWayAreListed() throws {
    let city = try TinyCity(
      scenario: TinyCity.scenario(demand: #"[{"trips": "trips.csv"}, \#(TinyCity.gravity)]"#))
    let other = try TinyCity()
    let network = try ScenarioLoader.load(path: other.scenarioPath, options: RunOptions()).network
    let island = try XCTUnwrap(
      network.linkFrom.ids.first { network.linkName[$0] == "Island Road" })
    let street = try XCTUnwrap(network.linkFrom.ids.first { network.linkName[$0] == "Row 2" })
    let (from, to) = (network.linkExternalID[street], network.linkExternalID[island])
    try city.write(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m
      lost,07:01,\(from),10,\(to),20
      away,06:30,\(from),10,\(from),50
      short,07:01:30,\(from),10,\(from),50

      """, to: "trips.csv")
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    XCTAssertEqual(loaded.refused.map(\.trip.name), ["lost"])
    XCTAssertEqual(loaded.demand.trips.count, 121)
    XCTAssertEqual(loaded.inputs.map(\.name).last, "trips.csv")
    _ = try run(city, to: "run")
    let refused = try String(
      contentsOf: city.url.appendingPathComponent("run/refused.csv"), encoding: .utf8)
    XCTAssertTrue(refused.contains("lost,2026-03-02T07:01:00+08:00,\(from),\(to),"), refused)
  }

  func testAClosureShowsInSnapshotsAndKeepsPeopleOut() throws {
    let closure =
      #"[{"type": "link_closure", "links": [{"road": "Row 2"}], "from": "07:01","#
      + #" "until": "07:03"}]"#
    let city = try TinyCity(scenario: TinyCity.scenario(policies: closure))
    let result = try run(city, to: "run")
    XCTAssertEqual(number(result, "trips", "due"), 120)
    func closed(_ time: String) throws -> Set<String> {
      let json = try JSONValue.read(path: city.path + "/run/snapshots/20260302T\(time).geojson")
      let properties = (json["features"]?.array ?? []).compactMap { $0["properties"] }
      return Set(
        properties.filter { $0["closed"]?.bool == true }.compactMap { $0["name"]?.string })
    }
    XCTAssertEqual(try closed("070200"), ["Row 2"])
    XCTAssertEqual(try closed("070400"), [])
  }

  func testAnOutputThatCannotBeWrittenFailsTheRun() throws {
    let city = try TinyCity()
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    let folder = try RunFolder.prepare(path: city.path + "/run")
    let runner = try ScenarioRunner(loaded, folder: folder, options: RunOptions())
    let snapshots = city.path + "/run/snapshots"
    let observer = RunObserver(shouldStop: {
      // A file where the snapshots were to go.
      try? FileManager.default.removeItem(atPath: snapshots)
      _ = FileManager.default.createFile(atPath: snapshots, contents: nil)
      return false
    })
    XCTAssertThrowsError(try runner.run(observer)) {
      XCTAssertEqual(($0 as? CityError)?.exitCode, 1, "\($0)")
    }
    let manifest = try JSONValue.read(path: folder.path(of: "manifest.json"))
    XCTAssertEqual(manifest["ended"]?.string, "failed")
  }

  func testAnInterruptionFromOutsideCanBeResumed() throws {
    let city = try TinyCity()
    _ = try run(city, to: "whole")
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    let folder = try RunFolder.prepare(path: city.path + "/cut")
    var asked = 0
    let observer = RunObserver(shouldStop: {
      asked += 1
      return asked > 333
    })
    let cut = try ScenarioRunner(loaded, folder: folder, options: RunOptions()).run(observer)
    XCTAssertEqual(cut.ending, .interrupted)
    XCTAssertEqual(cut.reached.timeOfDay, "07:02:46", "333 ticks of half a second")
    _ = try ScenarioRunner.resume(runFolder: folder.path, options: RunOptions()).run()
    assertSame(try files(city, "whole"), try files(city, "cut"), "interrupted from outside")
  }

  func testWhatIsMissingIsRefusedBeforeAnythingIsWritten() throws {
    let cases: [(from: String, to: String, place: String)] = [
      ("\"city\": \".\"", "\"city\": \"nowhere\"", "$.city"),
      ("\"vehicles\"", "\"vehicels\"", "$.outputs.snapshots.layers[0]"),
      (
        "\"policies\": []", "\"policies\": [{\"type\": \"link_closure\", \"links\": [\"no\"]}]",
        "$.policies[0].links[0]"
      ),
      ("\"from\": \"07:00\"", "\"from\": \"07:06\"", "$.demand"),
    ]
    for test in cases {
      let text = TinyCity.scenario().replacingOccurrences(of: test.from, with: test.to)
      let city = try TinyCity(scenario: text)
      XCTAssertThrowsError(
        try {
          let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
          _ = try ScenarioRunner(
            loaded, folder: RunFolder(existing: city.path + "/run"), options: RunOptions())
        }(), test.to
      ) {
        XCTAssertEqual(($0 as? CityError)?.exitCode, 2, "\($0)")
        XCTAssertEqual(($0 as? CityError)?.place, test.place, "\($0)")
      }
    }
  }
}
