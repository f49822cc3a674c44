import CityBase
import CityDemand
import CityModel
import Foundation
import XCTest

final class CityMapInputTests: XCTestCase {
  private func feature(_ properties: String, square x: Double, _ y: Double, _ side: Double)
    -> String
  {
    let corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
      .map { "[\(x + $0.0),\(y + $0.1)]" }.joined(separator: ",")
    return "{\"type\":\"Feature\",\"properties\":{\(properties)},\"geometry\":"
      + "{\"type\":\"Polygon\",\"coordinates\":[[\(corners)]]}}"
  }

  private func collection(_ features: [String]) -> Data {
    Data("{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}".utf8)
  }

  func testLayersBecomeZoneInput() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("zone-input-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let city = """
      {"format":"citytwin-city","version":1,"name":"Two","drive":"right",
       "time_zone":"Asia/Shanghai","working_crs":"EPSG:4548","layers":[
        {"file":"s.geojson","kind":"subdistrict"},{"file":"b.geojson","kind":"building"},
        {"file":"h.geojson","kind":"hospital"}]}
      """
    try Data(city.utf8).write(to: folder.appendingPathComponent("city.json"))
    try collection([
      feature(
        "\"id\":\"x\",\"code\":\"120101\",\"name\":\"East\",\"population\":5000", square: 117.1, 39,
        0.01),
      feature("\"id\":\"y\",\"name\":\"West\"", square: 117, 39, 0.01),
    ]).write(to: folder.appendingPathComponent("s.geojson"))
    try collection([
      feature(
        "\"id\":\"b\",\"use\":\"office\",\"floor_area_m2\":1200,\"jobs\":40", square: 117.001,
        39.001, 0.001)
    ]).write(to: folder.appendingPathComponent("b.geojson"))
    try collection([
      feature("\"id\":\"h\",\"beds\":30", square: 117.005, 39.005, 0.001)
    ]).write(to: folder.appendingPathComponent("h.geojson"))
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
    let input = ZoneInput(map)
    XCTAssertEqual(input.subdistricts.map(\.externalID), ["120101", "y"])
    XCTAssertEqual(input.subdistricts.map(\.population), [5000, nil])
    XCTAssertEqual(input.buildings.map(\.floorArea), [1200])
    XCTAssertEqual(input.buildings.map(\.jobs), [40])
    XCTAssertEqual(input.facilities.map(\.floorArea), [3000])
    // A hundredth of a degree at 39 N: 1,110 m by 866 m.
    let ring = try XCTUnwrap(input.subdistricts.first?.polygons.first?.first)
    XCTAssertEqual(abs(Ring.signedArea(ring)), 1110 * 866, accuracy: 0.01 * 1110 * 866)
  }
}
