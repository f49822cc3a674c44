import CityBase
import CityGIS
import CityNetwork
import CityText
import Foundation
import XCTest

@testable import CityImport

/// The layers of a network, read back as any GIS would.
final class NetworkExportTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "/network-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  /// A main road from the west to the east, two lanes each way with arrows from the west, and a
  /// street from the south that may not turn left; signals where they meet.
  private func town() throws -> BuiltTown {
    var town = TownText.crossing(
      "highway=secondary lanes=4 turn:lanes:forward=left;through|through;right maxspeed=50"
        + " name=Main", "highway=secondary lanes=4", "highway=tertiary",
      "highway=tertiary oneway=yes",
      node: "highway=traffic_signals")
    town.relation(
      90, [("way", 13, "from"), ("node", 1, "via"), ("way", 11, "to")],
      TownText.tags("type=restriction restriction=no_left_turn"))
    return try BuiltTown(town)
  }

  private func export(_ built: BuiltTown) throws -> NetworkExport {
    try NetworkExport(built.network, cityName: "town", workingCRS: built.draft.workingCRS)
  }

  private struct Layer {
    var ids: [String] = []
    var properties: [String: [String: Any]] = [:]
    var coordinates: [String: [[Double]]] = [:]
  }

  private func layer(_ name: String) throws -> Layer {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/out/\(name).geojson"))
    let object = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    var layer = Layer()
    for feature in try XCTUnwrap(object["features"] as? [[String: Any]]) {
      let id = try XCTUnwrap(feature["id"] as? String)
      layer.ids.append(id)
      layer.properties[id] = feature["properties"] as? [String: Any]
      let geometry = try XCTUnwrap(feature["geometry"] as? [String: Any])
      if let line = geometry["coordinates"] as? [[Double]] {
        layer.coordinates[id] = line
      } else {
        layer.coordinates[id] = [try XCTUnwrap(geometry["coordinates"] as? [Double])]
      }
    }
    return layer
  }

  /// Metres east and north of node 1.
  private func metres(_ degrees: [Double]) -> Point2 {
    Point2(
      (degrees[0] - 3) * TownText.metresPerDegree.x, degrees[1] * TownText.metresPerDegree.y)
  }

  func testLinksAndLanes() throws {
    let counts = try export(town()).write(to: folder + "/out")
    XCTAssertEqual(
      counts.map(\.file),
      [
        "links.geojson", "lanes.geojson", "turns.geojson", "junctions.geojson", "signals.geojson",
      ])
    let links = try layer("links")
    // The street to the north is one-way.
    XCTAssertEqual(
      links.ids.sorted(), ["11+0", "11-0", "12+0", "12-0", "13+0", "13-0", "14+0"])
    let west = try XCTUnwrap(links.properties["11+0"])
    XCTAssertEqual(west["name"] as? String, "Main")
    XCTAssertEqual(west["class"] as? String, "secondary")
    XCTAssertEqual(west["lanes"] as? Int, 2)
    XCTAssertEqual(west["speed_kmh"] as? Double ?? 0, 50, accuracy: 0.06)
    XCTAssertEqual(west["reverse"] as? String, "11-0")
    XCTAssertEqual(west["from"] as? String, "2")
    XCTAssertEqual(west["to"] as? String, "1")
    XCTAssertEqual(west["access"] as? String, "car;truck;bus;motorcycle;bicycle;emergency")
    XCTAssertNil(links.properties["14+0"]?["reverse"])

    let lanes = try layer("lanes")
    XCTAssertEqual(lanes.ids.count, 4 * 2 + 3)
    // Two lanes of 3.25 m to the right of the way's line: the kerb lane's middle is 4.875 m south
    // of it for traffic to the east, the other's 1.625 m.
    for (lane, south) in [("11+0_0", 4.875), ("11+0_1", 1.625)] {
      for point in try XCTUnwrap(lanes.coordinates[lane]) {
        XCTAssertEqual(metres(point).y, -south, accuracy: 0.02, lane)
      }
    }
    XCTAssertEqual(lanes.properties["11+0_0"]?["turns"] as? String, "through;right")
    XCTAssertEqual(lanes.properties["11+0_1"]?["turns"] as? String, "left;through")
    XCTAssertEqual(lanes.properties["11+0_0"]?["width_m"] as? Double, 3.25)
    XCTAssertEqual(lanes.properties["13+0_0"]?["turns"] as? String, "through;right")
  }

  func testTurnsStartAndEndOnTheirLanes() throws {
    try export(town()).write(to: folder + "/out")
    let lanes = try layer("lanes")
    let turns = try layer("turns")
    XCTAssertTrue(turns.ids.contains("11+0_0>12+0_0"))
    XCTAssertTrue(turns.ids.contains("11+0_0>13-0_0"))
    XCTAssertTrue(turns.ids.contains("11+0_1>14+0_0"))
    XCTAssertFalse(turns.ids.contains { $0.hasPrefix("13+0_0>11") }, "the turn that is banned")
    for id in turns.ids {
      let turn = try XCTUnwrap(turns.properties[id])
      let from = "\(turn["from_link"] ?? "")_\(turn["from_lane"] ?? "")"
      let to = "\(turn["to_link"] ?? "")_\(turn["to_lane"] ?? "")"
      XCTAssertEqual(id, "\(from)>\(to)")
      let line = try XCTUnwrap(turns.coordinates[id])
      let end = try XCTUnwrap(lanes.coordinates[from]?.last)
      let start = try XCTUnwrap(lanes.coordinates[to]?.first)
      XCTAssertEqual(metres(line[0]).distance(to: metres(end)), 0, accuracy: 0.05, id)
      XCTAssertEqual(
        metres(line[line.count - 1]).distance(to: metres(start)), 0, accuracy: 0.05, id)
      // Only what crosses the signals belongs to a group.
      XCTAssertEqual(turn["signal_group"] != nil, turn["junction"] as? String == "1", id)
    }
    XCTAssertEqual(turns.properties["11+0_0>12+0_0"]?["turn"] as? String, "through")
    XCTAssertEqual(turns.properties["11+0_0>13-0_0"]?["turn"] as? String, "right")
    XCTAssertEqual(turns.properties["11+0_1>14+0_0"]?["turn"] as? String, "left")
    // Whoever turns left crosses the road, whoever turns right from the kerb lane crosses nobody
    // who comes the other way.
    XCTAssertGreaterThan(turns.properties["11+0_1>14+0_0"]?["conflicts"] as? Int ?? 0, 0)
  }

  func testJunctionsAndSignals() throws {
    try export(town()).write(to: folder + "/out")
    let junctions = try layer("junctions")
    XCTAssertEqual(junctions.ids.sorted(), ["1", "2", "3", "4", "5"])
    let middle = try XCTUnwrap(junctions.properties["1"])
    XCTAssertEqual(middle["control"] as? String, "signals")
    XCTAssertEqual(middle["approaches"] as? Int, 3)
    XCTAssertEqual(middle["departures"] as? Int, 4)
    XCTAssertEqual(
      metres(try XCTUnwrap(junctions.coordinates["1"]?.first)).length, 0, accuracy: 0.02)
    XCTAssertNil(junctions.properties["2"]?["cycle_s"])

    let signals = try layer("signals")
    XCTAssertGreaterThanOrEqual(signals.ids.count, 2)
    let cycle = try XCTUnwrap(middle["cycle_s"] as? Double)
    for id in signals.ids {
      let group = try XCTUnwrap(signals.properties[id])
      XCTAssertEqual(group["cycle_s"] as? Double, cycle)
      XCTAssertEqual(signals.coordinates[id]?.count, group["lanes"] as? Int)
      let shown = ["green_s", "permissive_s", "yellow_s"].reduce(0.0) {
        $0 + (group[$1] as? Double ?? .nan)
      }
      XCTAssertGreaterThan(shown, 0, id)
      XCTAssertLessThan(shown, cycle, "\(id) also has red")
      // The plan says the same: what is shown from each second on, until the cycle ends.
      let plan = try XCTUnwrap(group["plan"] as? String).split(separator: ",").map {
        $0.split(separator: " ")
      }
      XCTAssertEqual(plan.first?.first, "0")
      var red = 0.0
      for (i, part) in plan.enumerated() where part[1] == "red" {
        let end = i + 1 < plan.count ? Double(plan[i + 1][0]) ?? .nan : cycle
        red += end - (Double(part[0]) ?? .nan)
      }
      XCTAssertEqual(red, cycle - shown, accuracy: 1e-6, id)
    }
  }

  /// An export is written over, with the maps that lie beside it kept; other folders are refused.
  func testFolders() throws {
    let export = try export(town())
    let out = folder + "/out"
    try export.write(to: out)
    let before = try Data(contentsOf: URL(fileURLWithPath: out + "/turns.geojson"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: out + "/map.qgz"))
    try Data("old".utf8).write(to: URL(fileURLWithPath: out + "/turns.geojson"))
    try export.write(to: out)
    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: out + "/turns.geojson")), before)
    XCTAssertTrue(FileManager.default.fileExists(atPath: out + "/map.qgz"))
    let summary = try JSONValue.read(path: out + "/network.json")
    XCTAssertEqual(summary["format"]?.string, "citytwin-network")
    XCTAssertEqual(summary["layers"]?.array?.first?["features"]?.integer, 7)
    try FileManager.default.createDirectory(
      atPath: folder + "/site", withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/site/network.json"))
    XCTAssertThrowsError(try export.write(to: folder + "/site")) {
      XCTAssertEqual(($0 as? CityError)?.kind, .refused, "\($0)")
    }
  }
}
