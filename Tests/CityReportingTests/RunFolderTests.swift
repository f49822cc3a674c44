import CityBase
import CitySimulation
import CityText
import XCTest

@testable import CityReporting

final class RunFolderTests: XCTestCase {
  private func manifest(_ ended: RunEnding) -> Manifest {
    Manifest(
      scenarioName: "Test", ended: ended, seed: 7, epoch: start, end: start, reached: start,
      crs: "EPSG:4548", networkHash: 0xAB, stateHash: nil,
      settings: { $0.value("settings") },
      inputs: [
        InputRecord(name: "scenario.json", byteCount: 3, sha256: "00")
      ], diagnostics: [Property("ring-repaired", .integer(2))])
  }

  func testOnlyRunsAreReplaced() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/run"
    let folder = try RunFolder.prepare(path: path)
    try folder.writeManifest(manifest(.interrupted))
    try folder.write(Array("x".utf8), to: "old.csv")
    XCTAssertFalse(try folder.isComplete())
    _ = try RunFolder.prepare(path: path)
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: path), [])

    // A browser extension has a manifest.json too.
    try folder.write(Array(#"{"manifest_version": 3}"#.utf8), to: "manifest.json")
    XCTAssertThrowsError(try RunFolder.prepare(path: path)) {
      XCTAssertEqual(($0 as? CityError)?.exitCode, 2)
    }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: path), ["manifest.json"])
  }

  func testManifestAndMetricsAreJSON() throws {
    let scratch = try ScratchFolder()
    let folder = RunFolder(existing: scratch.path)
    try folder.writeManifest(manifest(.complete))
    XCTAssertTrue(try folder.isComplete())
    let json = try JSONValue.read(path: folder.path(of: "manifest.json"))
    XCTAssertEqual(json["format"]?.string, "citytwin-run")
    XCTAssertEqual(json["network_hash"]?.string, "00000000000000ab")
    XCTAssertTrue(json["state_hash"]?.isNull ?? false)
    XCTAssertEqual(json["epoch"]?.string, "2026-03-02T07:00:00+08:00")
    XCTAssertEqual(json["inputs"]?.array?.first?["sha256"]?.string, "00")

    try folder.writeMetrics([
      MetricGroup("trips", [Property("due", .integer(3)), Property("mean", .number(.nan))])
    ])
    XCTAssertEqual(
      try scratch.text("metrics.json"),
      "{\n  \"trips\": {\n    \"due\": 3,\n    \"mean\": null\n  }\n}\n")
    try folder.writeTable(FakeTable())
    XCTAssertEqual(try scratch.text("people.csv"), "id,figure\n\"a,b\",\nc,2.5\n")
    try folder.writeSummary(
      FakeLayer(), at: moment(10), projection: try OutputProjection(from: "EPSG:4548"))
    XCTAssertTrue(try scratch.text("fake-summary.geojson").contains("2026-03-02T07:00:05+08:00"))
  }

  func testProgressLineSaysHowFarItIs() {
    let clock = Clock(epoch: start, stepMilliseconds: 500)
    // 600 ticks are five minutes, in two seconds: 150 times real time; 6,600 ticks are left.
    XCTAssertEqual(
      ProgressLine.text(
        clock: clock, firstTick: 0, tick: 600, endTick: 7200, vehicles: 12, elapsed: 2),
      "07:05:00  12 vehicles  8 %  150x real time  22 s left")
    var shown: [String] = []
    var quiet = ProgressLine(isShown: false, clock: clock, firstTick: 0, endTick: 10) {
      shown.append($0)
    }
    quiet.update(tick: 5, vehicles: 1)
    quiet.clear()
    XCTAssertEqual(shown, [])
    var loud = ProgressLine(isShown: true, clock: clock, firstTick: 0, endTick: 10) {
      shown.append($0)
    }
    loud.update(tick: 5, vehicles: 1)
    loud.update(tick: 6, vehicles: 1)
    loud.clear()
    XCTAssertEqual(shown.count, 2, "one line within a quarter of a second, and its removal")
    XCTAssertTrue(shown.allSatisfy { $0.hasPrefix("\r") && !$0.contains("\n") })
  }
}
