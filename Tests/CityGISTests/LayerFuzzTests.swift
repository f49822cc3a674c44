import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityGIS

/// Damaged layers are read or refused; none may trap. A trap ends the test program.
final class LayerFuzzTests: XCTestCase {
  let mutations = Mutations()
  let good = Array(
    #"{"type":"FeatureCollection","crs":null,"features":[{"type":"Feature","id":1,"geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]},"properties":{"a":"x\u00e9","b":[1,{}],"c":-2.5}},{"type":"Feature","properties":null,"geometry":{"coordinates":[[1,2],[3.5,4e1,5]],"type":"LineString"}}]}"#
      .utf8)

  func testGeoJSON() throws {
    let transform = try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4548")
    var accepted = 0
    for round in 0..<4000 {
      var diagnostics = Diagnostics()
      let bytes = mutations.mutate(good, round)
      guard var t = try? GeoJSONReader.parse(bytes, file: "f", diagnostics: &diagnostics) else {
        continue
      }
      accepted += 1
      try t.transform(transform, diagnostics: &diagnostics)
      for i in 0..<t.count {
        _ = (t.properties(i), t.featureID(i), t.place(i), t.lines(i))
        XCTAssertTrue(t.points(i).allSatisfy(\.isFinite))
        let polygons = t.polygons(i)
        for ring in polygons.joined() {
          XCTAssertGreaterThanOrEqual(ring.count, 4)
          XCTAssertEqual(ring.first, ring.last)
        }
        if !polygons.isEmpty {
          let repaired = try PolygonRepair.makeValid(polygons)
          for p in repaired.polygons { XCTAssertGreaterThan(Ring.signedArea(p[0]), 0) }
        }
      }
    }
    XCTAssertGreaterThan(accepted, 100)
    XCTAssertLessThan(accepted, 3900)
  }

  func testCompressed() {
    let compressed = gzipped(good)
    var accepted = 0
    for round in 0..<4000 {
      let bytes = mutations.mutate(compressed, round)
      guard let out = try? CompressedInput.expand(bytes, file: "f.gz") else { continue }
      accepted += 1
      // Only bytes that the checksum does not cover may change unseen: those of the header.
      XCTAssertEqual(out, good)
    }
    XCTAssertLessThan(accepted, 1000)
  }
}
