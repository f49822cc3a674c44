import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityCLI

/// Peaks in generated cities, from the command line to the files of the run.
final class PeakTests: XCTestCase {
  private struct Peak {
    var metrics: JSONValue
    var gridlocks: CSVTable

    func figure(_ group: String, _ name: String) -> Double {
      metrics[group]?[name]?.number ?? .nan
    }
  }

  private func cim(_ arguments: [String]) {
    var err = ""
    let output = CommandOutput(out: { _ in }, err: { err += $0 })
    XCTAssertEqual(CommandLineTool.run(arguments, output), 0, err)
  }

  /// Draws a city of some kilometres and lets some trips depart within so many minutes.
  private func peak(
    _ folder: URL, kilometres: String, trips: Int, minutes: Int, meanMetres: Int
  ) throws -> Peak {
    let city = folder.appendingPathComponent("city").path
    if !FileManager.default.fileExists(atPath: city) {
      cim(["generate", "city", "--out", city, "--size", kilometres, "--quiet"])
    }
    let end = minutes < 60 ? "07:\(minutes)" : "09:00"
    let scenario = """
      {"format": "citytwin-scenario", "version": 1, "name": "peak", "city": ".",
       "clock": {"start": "2026-03-02T07:00:00+08:00", "step": "0.5s", "warm_up": "0min",
         "measured": "\(minutes)min", "cool_down": "0min"},
       "seed": 1,
       "demand": {"gravity": {"trips": \(trips), "mean_distance_m": \(meanMetres),
         "minimum_distance_m": 500, "departures": {"from": "07:00", "to": "\(end)"}}}}
      """
    let file = city + "/peak.json"
    try scenario.write(toFile: file, atomically: true, encoding: .utf8)
    let run = folder.appendingPathComponent("run").path
    cim(["run", file, "--out", run, "--quiet"])
    return Peak(
      metrics: try JSONValue.read(path: run + "/metrics.json"),
      gridlocks: try CSVTable.read(path: run + "/gridlocks.csv"))
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("peak-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Volume over capacity of some 0.6 in the busiest tenth of the roads: nobody stands for five
  /// minutes. At many times that the report says who stands where, and why.
  func testASmallCityHasNoGridlockAtModerateLoad() throws {
    #if DEBUG
      print("skipped: whole cities are driven in release builds only")
    #else
      try inFolder { folder in
        let moderate = try peak(
          folder, kilometres: "3", trips: 2700, minutes: 40, meanMetres: 1500)
        XCTAssertEqual(moderate.figure("traffic", "gridlocks"), 0)
        XCTAssertEqual(moderate.figure("traffic", "standing_over_5min"), 0)
        XCTAssertEqual(moderate.gridlocks.rowCount, 0)
        let due = moderate.figure("trips", "due")
        XCTAssertLessThan(moderate.figure("trips", "waiting"), 0.01 * due)
        XCTAssertLessThan(moderate.figure("traffic", "missed_turns"), 0.01 * due)
        XCTAssertTrue((1.1...2.0).contains(moderate.figure("trips", "travel_time_ratio")))
        let heavy = try peak(
          folder, kilometres: "3", trips: 43200, minutes: 40, meanMetres: 1500)
        XCTAssertGreaterThan(heavy.figure("traffic", "standing_over_5min"), 0)
        XCTAssertGreaterThan(heavy.figure("traffic", "stuck_hours"), 10)
        XCTAssertGreaterThan(heavy.gridlocks.rowCount, 0)
      }
    #endif
  }

  /// A hundred thousand trips in two hours, and twice as many: with CIM_HEAVY_TESTS only, because it
  /// takes minutes. `Benchmarks/peak-table` prints the same as a table.
  func testATwoHourPeakOfAHundredThousandTrips() throws {
    guard ProcessInfo.processInfo.environment["CIM_HEAVY_TESTS"] != nil else {
      print("skipped: set CIM_HEAVY_TESTS for the peak of 100,000 trips")
      return
    }
    try inFolder { folder in
      let moderate = try peak(
        folder, kilometres: "15.72", trips: 100_000, minutes: 120, meanMetres: 5000)
      XCTAssertEqual(moderate.figure("traffic", "gridlocks"), 0)
    }
  }
}
