import CityBase
import CityText
import Foundation
import XCTest

@testable import CityImport

final class CityFolderWriterTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "/city-folder-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  private func town() -> TownText {
    var town = TownText()
    for i in 0..<3 {
      town.node(i, Double(i) * 200, 0)
      town.node(10 + i, Double(i) * 200, 200)
    }
    town.way(1, [0, 1, 2], ["highway": "tertiary", "maxspeed": "30 mph", "bridge": "yes"])
    town.way(2, [10, 11, 12], ["highway": "residential"])
    town.way(3, [0, 10], ["highway": "residential"])
    town.way(4, [1, 11], ["highway": "residential", "oneway": "yes"])
    town.way(5, [2, 12], ["highway": "residential"])
    town.rectangle(6, 20, 20, 20, 10, ["building": "house", "name": "\"Rose\" \\ Cottage"])
    return town
  }

  private func write(_ out: String) throws {
    let file = folder + "/town.osm"
    try Data(town().xml.utf8).write(to: URL(fileURLWithPath: file))
    _ = try OSMImport.run(
      file: file, out: out, options: OSMImportOptions(timeZone: "Asia/Shanghai"))
  }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  private func object(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  func testTheFolderIsWhole() throws {
    let out = folder + "/city"
    try write(out)
    XCTAssertEqual(
      try names(out),
      [
        "README.md", "buildings.geojson", "city.json", "network.cimn", "roads.geojson",
        "scenario.json",
      ])
    XCTAssertEqual(try names(folder), ["city", "town.osm"], "nothing is left beside it")
    let city = try object(out + "/city.json")
    XCTAssertEqual(city["working_crs"] as? String, "EPSG:32631")
    XCTAssertEqual(city["time_zone"] as? String, "Asia/Shanghai")
    XCTAssertEqual(city["drive"] as? String, "right")
    let layers = try XCTUnwrap(city["layers"] as? [[String: Any]])
    XCTAssertEqual(layers.map { $0["kind"] as? String }, ["building", "road"])
    let scenario = try object(out + "/scenario.json")
    let clock = try XCTUnwrap(scenario["clock"] as? [String: Any])
    XCTAssertEqual(clock["start"] as? String, "2026-03-02T06:50:00+08:00")
  }

  func testTheRoadLayerSaysWhatTheNetworkIsBuiltFrom() throws {
    let out = folder + "/city"
    try write(out)
    let roads = try object(out + "/roads.geojson")
    let features = try XCTUnwrap(roads["features"] as? [[String: Any]])
    XCTAssertEqual(features.count, 5)
    let first = try XCTUnwrap(features.first?["properties"] as? [String: Any])
    XCTAssertEqual(first["class"] as? String, "tertiary")
    XCTAssertEqual(first["speed_kmh"] as? Double ?? 0, 48.3, accuracy: 1e-9)
    XCTAssertEqual(first["maxspeed"] as? String, "30 mph")
    XCTAssertEqual(first["bridge"] as? Bool, true)
    XCTAssertEqual(first["one_way"] as? String, "no")
    let geometry = try XCTUnwrap(features.first?["geometry"] as? [String: Any])
    let line = try XCTUnwrap(geometry["coordinates"] as? [[Double]])
    XCTAssertEqual(line[0][0], 3, accuracy: 1e-7)
    XCTAssertEqual(line[0][1], 0, accuracy: 1e-7)
    XCTAssertEqual(line[2][0], 3 + 400 / TownText.metresPerDegree.x, accuracy: 1e-7)
  }

  func testAnEarlierCityIsReplacedAndAnyOtherFolderIsNot() throws {
    let out = folder + "/city"
    try write(out)
    // A layer of the earlier city goes; what somebody else has put there keeps the folder as it is.
    let layer = out + "/sensors.geojson"
    XCTAssertFalse(try names(out).contains("sensors.geojson"))
    try Data("old".utf8).write(to: URL(fileURLWithPath: layer))
    try write(out + "/")
    XCTAssertFalse(try names(out).contains("sensors.geojson"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: out + "/notes.txt"))
    let before = try names(out)
    XCTAssertThrowsError(try write(out)) {
      XCTAssertEqual(($0 as? CityError)?.kind, .refused, "\($0)")
    }
    XCTAssertEqual(try names(out), before)
    let home = folder + "/home"
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: home + "/letter.txt"))
    let foreign = folder + "/foreign"
    try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: foreign + "/city.json"))
    for target in [home, foreign, folder + "/town.osm"] {
      XCTAssertThrowsError(try write(target)) {
        XCTAssertEqual(($0 as? CityError)?.kind, .refused, "\($0)")
      }
    }
    XCTAssertEqual(try names(home), ["letter.txt"])
  }

  func testABadOptionOrAFileWithoutRoadsWritesNothing() throws {
    let out = folder + "/city"
    let file = folder + "/empty.osm"
    try Data("<osm><node id='1' lat='1' lon='1'/></osm>".utf8)
      .write(to: URL(fileURLWithPath: file))
    let cases: [(OSMImportOptions, CityError.Kind)] = [
      (OSMImportOptions(), .refused), (OSMImportOptions(timeZone: "Mars/Base"), .usage),
      (OSMImportOptions(drive: "middle"), .usage), (OSMImportOptions(name: ""), .usage),
      (OSMImportOptions(load: "full"), .usage),
    ]
    for (options, kind) in cases {
      XCTAssertThrowsError(try OSMImport.run(file: file, out: out, options: options)) {
        XCTAssertEqual(($0 as? CityError)?.kind, kind, "\($0)")
      }
    }
    XCTAssertEqual(try names(folder), ["empty.osm"])
  }

  func testLoadOfTheSeed() {
    XCTAssertEqual(ScenarioSeed.Load("moderate"), .word("moderate"))
    XCTAssertEqual(ScenarioSeed.Load("0.75"), .number(0.75))
    for text in ["", "full", "-0.1", "2.1", "nan", "inf"] { XCTAssertNil(ScenarioSeed.Load(text)) }
    var seed = ScenarioSeed(
      CityDraft(name: "t", timeZone: "UTC", workingCRS: "EPSG:32631", layerCRS: "EPSG:4326"))
    XCTAssertTrue(String(decoding: seed.bytes, as: UTF8.self).contains("\"load\": \"moderate\""))
    seed.load = .number(0.75)
    XCTAssertTrue(String(decoding: seed.bytes, as: UTF8.self).contains("\"load\": 0.75"))
  }

  func testNumbersOfTheReport() {
    XCTAssertEqual(
      [0, 999, 1000, 1_234_567].map(ImportReport.grouped), ["0", "999", "1,000", "1,234,567"])
    XCTAssertEqual(ImportReport.percent(0.9999), "99.9 %")
    XCTAssertEqual(ImportReport.percent(1), "100.0 %")
    XCTAssertEqual(OSMImport.baseName("data/bad-hersfeld.osm.gz"), "bad-hersfeld")
  }
}
