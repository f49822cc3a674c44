import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityGIS

final class CoordinateTransformTests: XCTestCase {
  /// A grid over Tianjin.
  let tianjin = (0..<400).map {
    Point2(116.7 + Double($0 % 20) * 0.06, 38.6 + Double($0 / 20) * 0.08)
  }

  func testCentralMeridianByHand() throws {
    // EPSG:4548 is a transverse Mercator at 117 E with false easting 500 km and scale 1: on its
    // meridian x is 500,000 and y the length of the meridian, for CGCS2000 (a 6378137,
    // 1/f 298.257222101) at 39 N by Bessel's series 4,318,578.2 m (computed below).
    let t = try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4548")
    let p = try XCTUnwrap(t.apply(Point2(117, 39)))
    XCTAssertEqual(p.x, 500_000, accuracy: 1e-4)
    let f = 1 / 298.257222101
    let n = f / (2 - f)
    let phi = 39 * Double.pi / 180
    let radius = 6_378_137 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64)
    let series =
      phi - (1.5 * n - 9 / 16.0 * n * n * n) * sin(2 * phi)
      + (15 / 16.0 * n * n) * sin(4 * phi) - (35 / 48.0 * n * n * n) * sin(6 * phi)
    XCTAssertEqual(p.y, radius * series, accuracy: 1e-3)
    XCTAssertTrue(t.sourceIsGeographic)
    XCTAssertFalse(t.targetIsGeographic)
  }

  func testRoundTripWithinAMillimetre() throws {
    let there = try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4548")
    let back = try CoordinateTransform(from: "EPSG:4548", to: "EPSG:4490")
    var points = tianjin
    XCTAssertEqual(try there.apply(&points), 0)
    for (a, b) in zip(points, tianjin) where b.x == 117 {
      XCTAssertEqual(a.x, 500_000, accuracy: 0.001)
    }
    let metres = points
    XCTAssertEqual(try back.apply(&points), 0)
    for (a, b) in zip(points, tianjin) {
      XCTAssertEqual(a.x, b.x, accuracy: 1e-8)
      XCTAssertEqual(a.y, b.y, accuracy: 1e-8)
    }
    try there.apply(&points)
    for (a, b) in zip(points, metres) { XCTAssertLessThan(a.distance(to: b), 0.001) }
  }

  func testRanges() throws {
    for name in ["EPSG:4326", "EPSG:4490"] {
      let t = try CoordinateTransform(from: name, to: "EPSG:4548")
      var points = [
        Point2(117, 39), Point2(117, 200), Point2(1000, 39), Point2(.nan, 39),
        Point2(117, .infinity),
      ]
      XCTAssertEqual(try t.apply(&points), 4)
      XCTAssertTrue(points[0].isFinite)
      for p in points[1...] { XCTAssertTrue(p.x.isNaN && p.y.isNaN) }
      XCTAssertNil(t.apply(Point2(117, -91)))
    }
    let same = try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4326")
    XCTAssertNil(same.apply(Point2(1000, 39)))
    XCTAssertEqual(same.apply(Point2(117.25, 39.5)), Point2(117.25, 39.5))
    var none: [Point2] = []
    XCTAssertEqual(try same.apply(&none), 0)
  }

  func testUnknownSystems() throws {
    for name in [
      "EPSG:999999", "EPSG:", "", "nonsense", "+proj=nonsense", "+proj=pipeline", "EPSG:\0",
    ] {
      for (from, to) in [(name, "EPSG:4326"), ("EPSG:4326", name)] {
        XCTAssertThrowsError(try CoordinateTransform(from: from, to: to)) {
          XCTAssertEqual(($0 as? CityError)?.kind, .refused)
          XCTAssertTrue("\($0)".contains("\"\(name)\""), "\($0)")
        }
      }
    }
    XCTAssertTrue(try CRS.isGeographic("EPSG:4490"))
    XCTAssertFalse(try CRS.isGeographic("EPSG:4548"))
    XCTAssertTrue(try CRS.isGeographic("gcj-02"))
    XCTAssertTrue(try CRS.isMetric("EPSG:4548"))
    XCTAssertFalse(try CRS.isMetric("EPSG:4490"))
    XCTAssertFalse(try CRS.isMetric("EPSG:2263"), "feet")
    XCTAssertThrowsError(try CRS.isGeographic("EPSG:999999"))
  }

  func testLocalTransverseMercator() throws {
    let name = CRS.localTransverseMercator(lon: 9.7, lat: 50.87)
    XCTAssertTrue(try CRS.isMetric(name))
    let t = try CoordinateTransform(from: "EPSG:4326", to: name)
    let centre = try XCTUnwrap(t.apply(Point2(9.7, 50.87)))
    XCTAssertLessThan(centre.length, 0.001)
    let north = try XCTUnwrap(t.apply(Point2(9.7, 50.88)))
    // A hundredth of a degree of latitude at 51 N is 1,112.6 m.
    XCTAssertEqual(north.y, 1112.6, accuracy: 0.5)
  }

  func testShiftedLongitudes() throws {
    for name in ["GCJ-02", "BD-09"] {
      let there = try CoordinateTransform(from: "EPSG:4326", to: name)
      let back = try CoordinateTransform(from: name, to: "EPSG:4326")
      for p in tianjin {
        let q = try XCTUnwrap(there.apply(p))
        XCTAssertGreaterThan(q.distance(to: p), 0.001)
        XCTAssertLessThan(q.distance(to: p), 0.02)
        let r = try XCTUnwrap(back.apply(q))
        XCTAssertLessThan(r.distance(to: p), 1e-9)
      }
      let across = try CoordinateTransform(from: name, to: "EPSG:4548")
      let direct = try CoordinateTransform(from: "EPSG:4326", to: "EPSG:4548")
      let a = try XCTUnwrap(there.apply(Point2(117.2, 39.1)).flatMap { across.apply($0) })
      let b = try XCTUnwrap(direct.apply(Point2(117.2, 39.1)))
      XCTAssertLessThan(a.distance(to: b), 0.001)
    }
  }

  func testPublishedGCJ02Pairs() throws {
    guard let path = SharedData.path("conformance/gcj02-vectors.csv") else { return }
    let t = try CoordinateTransform(from: "EPSG:4326", to: "GCJ-02")
    let table = try CSVTable.read(path: path)
    XCTAssertGreaterThan(table.rowCount, 3)
    for row in table.rows {
      let v = try (1...4).map { try XCTUnwrap(row.number($0)) }
      let p = try XCTUnwrap(t.apply(Point2(v[1], v[0])))
      XCTAssertEqual(p.x, v[3], accuracy: 1e-6, row[0])
      XCTAssertEqual(p.y, v[2], accuracy: 1e-6, row[0])
    }
  }

  func testManyThreadsAgree() async throws {
    let wanted = try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4548")
    var serial = tianjin
    try wanted.apply(&serial)
    let points = tianjin
    let all = try await withThrowingTaskGroup(of: [Point2].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var mine = points
          for _ in 0..<20 {
            mine = points
            try CoordinateTransform(from: "EPSG:4490", to: "EPSG:4548").apply(&mine)
          }
          return mine
        }
      }
      return try await group.reduce(into: [[Point2]]()) { $0.append($1) }
    }
    XCTAssertEqual(all.count, 8)
    for one in all { XCTAssertEqual(one, serial) }
  }
}
