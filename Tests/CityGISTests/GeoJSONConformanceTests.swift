import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityGIS

/// Good and bad GeoJSON collected by others.
final class GeoJSONConformanceTests: XCTestCase {
  /// What the collection calls bad but a reader of layers has no quarrel with: advice on rings,
  /// precision and collections, bounding boxes and foreign members, which are not looked at.
  let harmless: Set<String> = [
    "bad-polygon-interiorring-rhr", "polygon_winding_order", "excessive_precision_truncated",
    "bbox-4or6elements", "bbox-contains-string", "bbox-string", "point-toomany",
    "feature_changed_semantics", "featurecollection_changed_semantics",
    "geometry_changed_semantics",
    // The ends of this ring differ in height alone.
    "different-first-size",
  ]

  func testCollection() throws {
    guard let files = try SharedData.unpack("conformance/geojson-good-and-bad.tar.gz") else {
      return
    }
    var good = 0
    var bad = 0
    for (path, bytes) in files where path.hasSuffix(".geojson") {
      let name = String(path.split(separator: "/").last ?? "").replacing(".geojson", with: "")
      var diagnostics = Diagnostics()
      let result = Result {
        try GeoJSONReader.parse(bytes, file: name, diagnostics: &diagnostics)
      }
      let isClean = (try? result.get()) != nil && diagnostics.isEmpty
      if path.contains("/good/") && name != "good-geometrycollection" {
        good += 1
        XCTAssertTrue(isClean, "\(name): \(result) \(diagnostics.entries)")
      } else {
        bad += 1
        XCTAssertEqual(isClean, harmless.contains(name), "\(name): \(diagnostics.entries)")
      }
      if case .failure(let error) = result {
        XCTAssertTrue("\(error)".contains("byte"), "\(error)")
      }
    }
    print("GeoJSON collection: \(good) good, \(bad) bad")
    XCTAssertGreaterThan(good, 15)
    XCTAssertGreaterThan(bad, 40)
  }
}
