import CityBase
import XCTest

final class GeometryTests: XCTestCase {
  /// Three metres east, then four north.
  let corner = [Point2(0, 0), Point2(3, 0), Point2(3, 4)]

  func assertEqual(_ a: Point2, _ b: Point2, line: UInt = #line) {
    XCTAssertEqual(a.x, b.x, accuracy: 1e-12, line: line)
    XCTAssertEqual(a.y, b.y, accuracy: 1e-12, line: line)
  }

  func assertEqual(_ a: [Point2], _ b: [Point2], line: UInt = #line) {
    XCTAssertEqual(a.count, b.count, line: line)
    for (p, q) in zip(a, b) { assertEqual(p, q, line: line) }
  }

  func testPlacesAlongAChain() {
    XCTAssertEqual(Polyline.length(corner), 7)
    XCTAssertEqual(Polyline.length([]), 0)
    XCTAssertEqual(Polyline.length([Point2(1, 1)]), 0)
    let places: [(Double, Point2, Point2)] = [
      (-1, Point2(0, 0), Point2(1, 0)), (0, Point2(0, 0), Point2(1, 0)),
      (2, Point2(2, 0), Point2(1, 0)), (5, Point2(3, 2), Point2(0, 1)),
      (7, Point2(3, 4), Point2(0, 1)), (99, Point2(3, 4), Point2(0, 1)),
    ]
    for (distance, point, direction) in places {
      let found = Polyline.locate(corner, at: distance)
      assertEqual(found.point, point)
      assertEqual(found.direction, direction)
    }
    assertEqual(Polyline.locate([], at: 1).point, Point2(0, 0))
    assertEqual(Polyline.locate([Point2(5, 6)], at: 1).point, Point2(5, 6))
    let standing = [Point2(0, 0), Point2(0, 0), Point2(0, 2)]
    assertEqual(Polyline.locate(standing, at: 1).point, Point2(0, 1))
  }

  func testNearestPlaceOnAChain() {
    let cases: [(Point2, Double, Double)] = [
      (Point2(1, 1), 1, 1), (Point2(5, 2), 5, 2), (Point2(-3, -4), 0, 5), (Point2(3, 9), 7, 5),
      (Point2(6, -4), 3, 5), (Point2(2, 3), 6, 1),
    ]
    for (point, offset, distance) in cases {
      let found = Polyline.project(point, onto: corner)
      XCTAssertEqual(found.offset, offset, accuracy: 1e-12, "\(point)")
      XCTAssertEqual(found.distance, distance, accuracy: 1e-12, "\(point)")
    }
    XCTAssertEqual(Polyline.project(Point2(0, 0), onto: [Point2]()).distance, .infinity)
    XCTAssertEqual(Polyline.project(Point2(3, 4), onto: [Point2(0, 0)]).distance, 5)
  }

  func testPartOfAChain() {
    assertEqual(
      Polyline.slice(corner, from: 1, to: 5), [Point2(1, 0), Point2(3, 0), Point2(3, 2)])
    assertEqual(Polyline.slice(corner, from: 1, to: 2), [Point2(1, 0), Point2(2, 0)])
    assertEqual(Polyline.slice(corner, from: -1, to: 99), corner)
    // A corner at an end is not there twice.
    assertEqual(Polyline.slice(corner, from: 3, to: 7), [Point2(3, 0), Point2(3, 4)])
  }

  func testAChainMovedAside() {
    assertEqual(Polyline.offset(corner, left: 1), [Point2(0, 1), Point2(2, 1), Point2(2, 4)])
    assertEqual(Polyline.offset(corner, left: -1), [Point2(0, -1), Point2(4, -1), Point2(4, 4)])
    assertEqual(Polyline.offset(corner, left: 0), corner)
    // Points that lie on one another have no direction of their own.
    let standing = [Point2(0, 0), Point2(0, 0), Point2(0, 2), Point2(0, 2)]
    assertEqual(
      Polyline.offset(standing, left: 1),
      [Point2(-1, 0), Point2(-1, 0), Point2(-1, 2), Point2(-1, 2)])
    // Where a chain turns back, the mitre stays within twice the offset.
    for p in Polyline.offset([Point2(0, 0), Point2(9, 0), Point2(0, 0.1)], left: 1) {
      XCTAssertLessThanOrEqual(
        Polyline.project(p, onto: [Point2(0, 0), Point2(9, 0)]).distance, 2.1)
    }
  }

  func testRings() {
    let square = [Point2(0, 0), Point2(2, 0), Point2(2, 2), Point2(0, 2)]
    let ell = [
      Point2(0, 0), Point2(2, 0), Point2(2, 1), Point2(1, 1), Point2(1, 2), Point2(0, 2),
    ]
    let triangle = [Point2(0, 0), Point2(6, 0), Point2(0, 3)]
    let rings: [([Point2], area: Double, centroid: Point2)] = [
      (square, 4, Point2(1, 1)), (ell, 3, Point2(5.0 / 6, 5.0 / 6)), (triangle, 9, Point2(2, 1)),
    ]
    for (ring, area, centroid) in rings {
      for closed in [ring, ring + ring.prefix(1)] {
        XCTAssertEqual(Ring.signedArea(closed), area, accuracy: 1e-12)
        XCTAssertEqual(Ring.signedArea(closed.reversed()), -area, accuracy: 1e-12)
        assertEqual(Ring.centroid(closed), centroid)
        assertEqual(Ring.centroid(closed.reversed()), centroid)
      }
      // A national grid's coordinates have seven digits before the point.
      let far = ring.map { $0 + Point2(39_500_000, 4_300_000) }
      XCTAssertEqual(Ring.signedArea(far), area, accuracy: 1e-6)
    }
    XCTAssertEqual(Ring.signedArea([Point2(0, 0), Point2(1, 1)]), 0)
    assertEqual(Ring.centroid([]), Point2(0, 0))
    assertEqual(Ring.centroid([Point2(0, 0), Point2(4, 4), Point2(2, 2)]), Point2(2, 2))
  }

  func testInsideARing() {
    let ell = [
      Point2(0, 0), Point2(2, 0), Point2(2, 1), Point2(1, 1), Point2(1, 2), Point2(0, 2),
    ]
    for ring in [ell, ell.reversed(), ell + [ell[0]]] {
      for inside in [Point2(0.5, 0.5), Point2(1.5, 0.5), Point2(0.5, 1.5), Point2(0.9, 1.01)] {
        XCTAssert(Ring.contains(inside, in: ring), "\(inside)")
      }
      for outside in [Point2(1.5, 1.5), Point2(-1, 0), Point2(0.5, 2.5), Point2(3, 1)] {
        XCTAssertFalse(Ring.contains(outside, in: ring), "\(outside)")
      }
    }
    XCTAssertFalse(Ring.contains(Point2(0, 0), in: [Point2(0, 0), Point2(1, 0)]))
  }

  func testBoxes() {
    var box = Box2()
    XCTAssert(box.isEmpty && !box.intersects(box) && !box.contains(Point2(0, 0)))
    XCTAssertEqual(box.width, 0)
    box.add(Point2(1, 2))
    XCTAssertFalse(box.isEmpty)
    box.add(Point2(-1, 5))
    box.add(Box2())
    XCTAssertEqual(box, Box2(min: Point2(-1, 2), max: Point2(1, 5)))
    XCTAssertEqual(box.center, Point2(0, 3.5))
    XCTAssert(box.contains(Point2(1, 5)) && !box.contains(Point2(1.1, 5)))
    XCTAssert(box.intersects(Box2(min: Point2(1, 5), max: Point2(2, 6))))
    XCTAssertFalse(box.expanded(by: -0.1).intersects(Box2(min: Point2(1, 5), max: Point2(2, 6))))
    XCTAssertEqual(Box2(corner), Box2(min: Point2(0, 0), max: Point2(3, 4)))
  }

  func testPoints() {
    XCTAssertGreaterThan(Point2(1, 0).cross(Point2(0, 1)), 0)
    XCTAssertEqual(Point2(1, 0).leftNormal, Point2(0, 1))
    XCTAssertEqual(Point2(3, 4).normalized, Point2(0.6, 0.8))
    XCTAssertEqual(Point2(0, 0).normalized, Point2(1, 0))
    XCTAssertEqual(Point2(0, 0).lerp(to: Point2(4, 8), 0.25), Point2(1, 2))
    XCTAssertEqual(Point2(1.23449, -1.2346).roundedToMillimetre, Point2(1.234, -1.235))
    XCTAssertFalse(Point2(.nan, 0).isFinite)
  }
}
