import CityBase
import XCTest

@testable import CityGIS

final class PolygonTests: XCTestCase {
  func square(_ x: Double, _ y: Double, _ size: Double) -> [Point2] {
    [Point2(x, y), Point2(x + size, y), Point2(x + size, y + size), Point2(x, y + size)]
  }

  func testValidStaysAsItIs() throws {
    let out = try PolygonRepair.makeValid([[square(0, 0, 10), square(2, 2, 3)]])
    XCTAssertNil(out.repair)
    XCTAssertEqual(out.polygons.count, 1)
    XCTAssertEqual(out.polygons[0].count, 2)
    XCTAssertEqual(out.polygons[0][0], square(0, 0, 10) + [Point2(0, 0)])
    XCTAssertGreaterThan(Ring.signedArea(out.polygons[0][0]), 0)
    XCTAssertLessThan(Ring.signedArea(out.polygons[0][1]), 0)
    XCTAssertEqual(PolygonOperations.area(out.polygons), 91)
  }

  func testBowTieKeepsBothWings() throws {
    let out = try PolygonRepair.makeValid([
      [[Point2(0, 0), Point2(2, 2), Point2(2, 0), Point2(0, 2)]]
    ])
    XCTAssertTrue(out.repair?.hasPrefix("Self-intersection") ?? false)
    XCTAssertEqual(out.polygons.count, 2)
    XCTAssertEqual(PolygonOperations.area(out.polygons), 2, accuracy: 1e-12)
  }

  func testOverlapsAndHolesOutside() throws {
    // Two overlapping squares cover 4 + 4 - 1; a hole that sticks out takes only what it covers.
    let overlap = try PolygonRepair.makeValid([[square(0, 0, 2)], [square(1, 1, 2)]])
    XCTAssertEqual(PolygonOperations.area(overlap.polygons), 7, accuracy: 1e-12)
    let hole = try PolygonRepair.makeValid([[square(0, 0, 4), square(3, 3, 2)]])
    XCTAssertNotNil(hole.repair)
    XCTAssertEqual(PolygonOperations.area(hole.polygons), 15, accuracy: 1e-12)
  }

  func testDegenerate() throws {
    let line = [Point2(0, 0), Point2(1, 1), Point2(0, 0), Point2(1, 1)]
    for rings in [[], [[]], [[Point2(1, 1)]], [line], [[Point2(.nan, 0), Point2(1, .infinity)]]]
      as [PolygonRings]
    {
      let out = try PolygonRepair.makeValid([rings])
      XCTAssertEqual(out.polygons.count, 0)
      XCTAssertNotNil(out.repair)
    }
    XCTAssertEqual(try PolygonRepair.makeValid([]).polygons.count, 0)
    let repeated = try PolygonRepair.makeValid([[square(0, 0, 1).flatMap { [$0, $0, $0] }]])
    XCTAssertNil(repeated.repair)
    XCTAssertEqual(repeated.polygons[0][0].count, 5)
    let sliver = try PolygonRepair.makeValid(
      [[square(0, 0, 9), square(1, 1, 0.1)], [square(20, 0, 0.1)]], minArea: 1)
    XCTAssertEqual(sliver.polygons.map(\.count), [1])
    XCTAssertEqual(sliver.repair, "2 parts below 1.0")
  }

  func testOperations() throws {
    let union = try PolygonOperations.union([
      [square(0, 0, 2)], [square(2, 0, 2)], [square(9, 9, 1)],
    ])
    XCTAssertEqual(union.count, 2)
    XCTAssertEqual(PolygonOperations.area(union), 9, accuracy: 1e-12)
    let ring: [PolygonRings] = [[square(0, 0, 10), square(1, 1, 8)]]
    let inside = try XCTUnwrap(try PolygonOperations.pointOnSurface(ring))
    XCTAssertTrue(try PolygonOperations.contains(ring, inside))
    XCTAssertFalse(try PolygonOperations.contains(ring, Point2(5, 5)))
    XCTAssertTrue(try PolygonOperations.contains(ring, Point2(0, 5)), "on the edge")
    XCTAssertFalse(try PolygonOperations.contains(ring, Point2(.nan, 5)))
    XCTAssertNil(try PolygonOperations.pointOnSurface([]))
  }
}
