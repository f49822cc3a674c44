import CityBase
import CityEmergency
import CityModel
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// Stations and hospitals of a city folder.
final class SiteTests: XCTestCase {
  /// A layer of points, each 1 m north of `x` metres east of the tiny city's corner.
  private func layer(_ features: [(id: String, x: Double, y: Double, properties: String)]) -> String
  {
    let texts = features.map {
      #"{"type":"Feature","geometry":{"type":"Point","coordinates":["#
        + "\(500_000 + $0.x),\(4_330_000 + $0.y)]},"
        + #""properties":{"id":"\#($0.id)"\#($0.properties)}}"#
    }
    return #"{"type":"FeatureCollection","features":["# + texts.joined(separator: ",") + "]}"
  }

  func testStationsAndHospitals() throws {
    let city = try TinyCity(size: 3)
    let layers = [
      ("ambulance_station", "ambulances"), ("fire_station", "engines"), ("police_station", "cars"),
    ]
    for (kind, word) in layers {
      try city.write(
        layer([
          ("two", 200, 210, #","\#(word)":2"#), ("unknown", 400, 210, ""),
          ("none", 600, 210, #","\#(word)":0"#), ("lonely", 400, 2000, #","\#(word)":3"#),
        ]), to: "\(kind).geojson")
    }
    try city.write(
      layer([
        ("open", 200, 405, #","emergency":true"#), ("unsaid", 400, 405, ""),
        ("closed", 600, 405, #","emergency":false"#), ("far", 400, 2000, ""),
      ]), to: "hospitals.geojson")
    let words = ["road": "roads", "hospital": "hospitals"]
    let described = (["road", "hospital"] + layers.map(\.0)).map {
      #"{"file": "\#(words[$0] ?? $0).geojson", "kind": "\#($0)", "crs": "EPSG:4548"}"#
    }
    try city.write(
      """
      {"format": "citytwin-city", "version": 1, "name": "Tiny", "drive": "right",
       "time_zone": "Asia/Shanghai", "working_crs": "EPSG:4548",
       "layers": [\(described.joined(separator: ","))]}
      """, to: "city.json")
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: city.path, diagnostics: &diagnostics)
    XCTAssertEqual(diagnostics.entries.map(\.description), [])
    // Streets run at every 200 m; to the nearest of them in both directions.
    func nearest(_ p: Point2) -> (access: AccessPoint, distance: Double)? {
      let y = p.y - 4_330_000
      let distance = abs(y - min(800, (y / 200).rounded() * 200))
      return (AccessPoint(link: LinkID(Int((p.x - 500_000) / 200)), offset: 1), distance)
    }
    let sites = EmergencySites.build(from: map, nearest: nearest, diagnostics: &diagnostics)
    for kind in UnitKind.allCases {
      let posts = sites.posts.filter { $0.kind == kind }
      XCTAssertEqual(posts.map(\.name), ["two", "unknown"])
      XCTAssertEqual(posts.map(\.count), [2, EmergencySites.unitsWhereUnknown])
      XCTAssertEqual(posts.map(\.access.link), [LinkID(1), LinkID(2)])
      XCTAssertEqual(posts.first?.position, Point2(500_200, 4_330_210))
    }
    XCTAssertEqual(sites.hospitals.map(\.name), ["open", "unsaid"])
    XCTAssertEqual(diagnostics.count(of: "station-off-road"), 3)
    XCTAssertEqual(diagnostics.count(of: "hospital-off-road"), 1)
    XCTAssertEqual(diagnostics.count(of: "station-units-assumed"), 3)
    XCTAssertEqual(diagnostics.total, 7)
    XCTAssertTrue(
      diagnostics.entries.contains { $0.place == "fire_station lonely" }, "the place is named")
  }

  func testCallsThatNobodyCanComeTo() {
    var diagnostics = Diagnostics()
    let sites = EmergencySites(posts: [post("A", at: 0)], hospitals: [])
    sites.noteCallsWithoutUnits(
      [call("a", at: 0, on: 0), call("b", .fire, at: 0, on: 0), call("c", .fire, at: 0, on: 0)],
      diagnostics: &diagnostics)
    XCTAssertEqual(diagnostics.entries.map(\.code), ["calls-without-units"])
    XCTAssertTrue(diagnostics.entries[0].message.contains("2 calls"))
  }
}
