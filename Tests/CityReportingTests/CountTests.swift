import CityBase
import CityText
import Foundation
import XCTest

@testable import CityReporting

final class CountTests: XCTestCase {
  private let epoch = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)

  /// A run folder with two detectors over two hours in quarters of an hour, and one movement.
  private func runFolder(ended: String = "complete") throws -> String {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "counts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    addTeardownBlock { try? FileManager.default.removeItem(at: url) }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }
    try write(
      #"{"format": "citytwin-run", "ended": "\#(ended)", "epoch": "\#(epoch.iso8601)"}"#,
      "manifest.json")
    var detectors = "detector,link,count,begin,end\n"
    var movements = "from_link,to_link,volume,begin,end\n"
    for i in 0..<8 {
      let begin = epoch.advanced(byMilliseconds: Int64(i) * 900_000).iso8601
      let end = epoch.advanced(byMilliseconds: Int64(i + 1) * 900_000).iso8601
      detectors += "d1,l1,25,\(begin),\(end)\nd2,l1,\(i < 4 ? 10 : 0),\(begin),\(end)\n"
      // Two ways out of the link, the second in the first hour alone; none in the last quarter.
      if i < 7 { movements += "l1,l2,5,\(begin),\(end)\n" }
      if i < 4 { movements += "l1,l3,2,\(begin),\(end)\n" }
      movements += "l9,l3,1,\(begin),\(end)\n"
    }
    try write(detectors, "detectors.csv")
    try write(movements, "movements.csv")
    let features = [("d1", 117.2), ("d2", 117.25)].map {
      #"{"type":"Feature","geometry":{"type":"Point","coordinates":[\#($0.1),39]},"#
        + #""properties":{"id":"\#($0.0)"}}"#
    }
    try write(
      #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}",
      "detectors.geojson")
    return url.path
  }

  private func compare(_ csv: String, run: String? = nil) throws -> CountComparison {
    let modelled = try ModelledCounts(run: try run ?? runFolder())
    let table = try CSVTable.parse(Array(csv.utf8), file: "counts.csv")
    return try CountComparison(try ObservedCounts(table, epoch: epoch), modelled)
  }

  /// GEH of 120 against 100 is √(2 · 400 / 220) = 1.9069.
  func testGEHByTheFormula() {
    XCTAssertEqual(CountComparison.geh(modelled: 120, observed: 100), 1.9069, accuracy: 0.00005)
    XCTAssertEqual(CountComparison.geh(modelled: 100, observed: 120), 1.9069, accuracy: 0.00005)
    XCTAssertEqual(CountComparison.geh(modelled: 0, observed: 0), 0)
    XCTAssertEqual(CountComparison.geh(modelled: 0, observed: 50), 10)
  }

  /// Quarters of an hour are added up by clock hour, longer counts become hourly volumes, links count
  /// who leaves them.
  func testHoursSitesAndLinks() throws {
    let found = try compare(
      """
      \u{FEFF}site,begin,end,count,remark
      d1,07:00,07:15,30,
      d1,07:15,07:30,30,"wet, cold"
      d1,07:30,08:00,60,
      d1,08:00,09:00,100,
      d2,07:00,09:00,20,
      l1,2026-03-02T07:00:00+08:00,08:00,28,
      l1,08:00,09:00,15,
      """)
    XCTAssertEqual(found.siteHours.map(\.site), ["d1", "d1", "d2", "l1", "l1"])
    XCTAssertEqual(found.siteHours.map(\.observed), [120, 100, 20, 28, 15])
    XCTAssertEqual(found.siteHours.map(\.modelled), [100, 100, 40, 28, 15])
    XCTAssertEqual(found.siteHours.map(\.hours), [1, 1, 2, 1, 1])
    XCTAssertEqual(found.siteHours[0].geh, 1.9069, accuracy: 0.00005)
    // 20 and 10 an hour: √(2 · 100 / 30).
    XCTAssertEqual(found.siteHours[2].geh, 2.5820, accuracy: 0.00005)
    XCTAssertEqual(found.count(below: 5), 5)
    XCTAssertEqual(found.count(below: 2), 4)
    // Differences of hourly volumes: -20, 0, +10, 0, 0.
    XCTAssertEqual(found.rmse, 10, accuracy: 1e-9)
    XCTAssertEqual(try XCTUnwrap(found.rmsePercent), 10 / 54.6 * 100, accuracy: 1e-9)
    XCTAssertEqual(found.totalObserved, 283)
    XCTAssertEqual(found.totalModelled, 283)
    XCTAssertEqual(found.places["d2"]?.x, 117.25)
    XCTAssertEqual(found.bySite.map(\.observed), [220, 20, 43])
  }

  /// Links over whose end nobody went, and quarters of an hour in which nobody moved anywhere, count 0;
  /// where all ways end is not known, and said so.
  func testLinksAndIntervalsWithoutTraffic() throws {
    let folder = try runFolder()
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    func time(_ quarter: Int64) -> String {
      epoch.advanced(byMilliseconds: quarter * 900_000).iso8601
    }
    try write(
      #"{"format": "citytwin-run", "ended": "complete", "epoch": "\#(epoch.iso8601)", "#
        + #""reached": "\#(time(6))", "settings": {"clock": {"warm_up": "0s"}, "#
        + #""outputs": {"movements": {"interval": "15min"}}}}"#, "manifest.json")
    // Nobody moves in the first quarter, nor from the fourth on.
    try write(
      "from_link,to_link,volume,begin,end\nl1,l2,5,\(time(1)),\(time(2))\n"
        + "l1,l2,7,\(time(2)),\(time(3))\n", "movements.csv")
    let links = ["l1", "l2", "l7"].map {
      #"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[117,39],[117.01,39]]},"#
        + #""properties":{"id":"\#($0)","kind":"link"}}"#
    }
    try write(
      #"{"type":"FeatureCollection","features":["# + links.joined(separator: ",") + "]}",
      "links.geojson")
    let found = try compare(
      """
      site,begin,end,count
      l1,07:00,08:00,20
      l1,08:00,08:30,4
      l7,07:00,07:15,50
      l7,08:00,08:15,0
      """, run: folder)
    XCTAssertEqual(found.siteHours.map(\.site), ["l1", "l1", "l7", "l7"])
    XCTAssertEqual(found.siteHours.map(\.modelled), [12, 0, 0, 0])
    // 200 an hour against none.
    XCTAssertEqual(found.siteHours[2].geh, 20, accuracy: 1e-9)
    XCTAssertEqual(try XCTUnwrap(found.places["l7"]?.x), 117.005, accuracy: 1e-9)
    for (csv, words) in [
      ("l2,07:00,08:00,3", ["\"l2\"", "all ways end", "line 2"]),
      ("l8,07:00,08:00,3", ["expected a detector", "\"l8\""]),
      ("l1,07:00,09:00,3", ["intervals of the run", "15min"]),
    ] {
      XCTAssertThrowsError(try compare("site,begin,end,count\n" + csv, run: folder), csv) {
        for word in words { XCTAssertTrue("\($0)".contains(word), "\($0)") }
      }
    }
  }

  /// m = 0.5 c + 10 exactly.
  func testRegressionOfALine() throws {
    let hours = [20.0, 40, 100].map {
      CountComparison.SiteHour(
        site: "s", begin: epoch, end: epoch, observed: $0, modelled: 0.5 * $0 + 10, hours: 1)
    }
    let line = try XCTUnwrap(CountComparison(siteHours: hours).regression)
    XCTAssertEqual(line.slope, 0.5, accuracy: 1e-12)
    XCTAssertEqual(line.intercept, 10, accuracy: 1e-12)
    XCTAssertEqual(line.r2, 1, accuracy: 1e-12)
    XCTAssertNil(CountComparison(siteHours: [hours[0], hours[0]]).regression)
  }

  func testBrokenTablesAreRefusedWithTheirLine() throws {
    let header = "site,begin,end,count\n"
    for (csv, words) in [
      ("site,begin,end\nd1,07:00,08:00", ["line 1", "\"count\""]),
      ("sitte,begin,end,count\nd1,07:00,08:00,3", ["line 1", "\"site\"", "\"sitte\""]),
      (header, ["below the header"]),
      (header + "d1,07:00,08:00,-3", ["line 2", "count of 0 or more", "-3"]),
      (header + "d1,07:00,08:00,many", ["line 2", "count of 0 or more", "many"]),
      (header + "d1,07:00,08:00,", ["line 2", "count of 0 or more"]),
      (header + "d1,7 o'clock,08:00,3", ["line 2", "begin as a time", "7 o'clock"]),
      (header + "d1,08:00,08:00,3", ["line 2", "an end after the begin"]),
      (header + ",07:00,08:00,3", ["line 2", "name of a site"]),
      (header + "d1,07:00,08:00,3\nd1,07:45,08:15,3", ["line 3", "overlap", "line 2"]),
      (header + "d3,07:00,08:00,3", ["line 2", "expected a detector", "\"d3\""]),
      (header + "d1,07:05,08:00,3", ["line 2", "intervals of the run", "15min"]),
      (header + "d1,07:00,10:00,3", ["line 2", "intervals of the run"]),
    ] {
      XCTAssertThrowsError(try compare(csv), csv) { error in
        XCTAssertEqual((error as? CityError)?.exitCode, 2)
        for word in words + ["counts.csv"] { XCTAssertTrue("\(error)".contains(word), "\(error)") }
      }
    }
    XCTAssertThrowsError(try compare(header, run: try runFolder(ended: "interrupted"))) {
      XCTAssertTrue("\($0)".contains("cim resume"), "\($0)")
    }
  }

  func testTheFilesOfAComparison() throws {
    let found = try compare("site,begin,end,count\nd1,07:00,08:00,300\nd2,07:00,08:00,40\n")
    let folder = try runFolder() + "/against"
    try CountFolder(path: folder).write(found)
    let table = try CSVTable.read(path: folder + "/counts.csv")
    XCTAssertEqual(table.rowCount, 2)
    XCTAssertEqual(table.number(0, try table.requiredColumn("geh")), 14.142)
    let points = try JSONValue.read(path: folder + "/counts.geojson")
    let features = try XCTUnwrap(points["features"]?.array)
    XCTAssertEqual(features.count, 2)
    XCTAssertEqual(features[0]["properties"]?["marker-color"]?.string, "#d73027")
    XCTAssertEqual(features[1]["properties"]?["marker-color"]?.string, "#1a9850")
    let figures = try JSONValue.read(path: folder + "/manifest.json")
    XCTAssertEqual(figures["geh_below_5"]?.number, 1)
    XCTAssertEqual(figures["share_below_10"]?.number, 0.5)
    // Written anew over itself, but not over another's folder.
    try CountFolder(path: folder).write(found)
    XCTAssertThrowsError(try CountFolder(path: try runFolder()).write(found))
  }
}
