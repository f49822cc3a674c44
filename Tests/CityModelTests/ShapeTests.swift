import CityBase
import XCTest

@testable import CityModel

final class ShapeTests: XCTestCase {
  /// The quick check must clear every plain ring and none that meets itself.
  func testRingsThatAreCertainlySimple() {
    let shift = Point2(500_000, 4_328_000)
    let cases: [(name: String, simple: Bool, points: [(Double, Double)])] = [
      ("square", true, [(0, 0), (10, 0), (10, 10), (0, 10)]),
      ("clockwise", true, [(0, 0), (0, 10), (10, 10), (10, 0)]),
      ("L", true, [(0, 0), (10, 0), (10, 4), (4, 4), (4, 10), (0, 10)]),
      ("point in line", true, [(0, 0), (5, 0), (10, 0), (10, 10)]),
      ("two points", false, [(0, 0), (10, 0)]),
      ("bow tie", false, [(0, 0), (10, 10), (10, 0), (0, 10)]),
      ("spike", false, [(0, 0), (10, 0), (20, 0), (10, 0), (10, 10), (0, 10)]),
      ("touching corner", false, [(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]),
      ("corner twice", false, [(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)]),
      ("flat", false, [(0, 0), (10, 0), (5, 0)]),
    ]
    for c in cases {
      let ring = c.points.map { Point2($0.0, $0.1) + shift }
      XCTAssertEqual(RingCheck.isCertainlySimple(ring), c.simple, c.name)
    }
    let many = (0..<65).map { Point2(Double($0), $0 % 2 == 0 ? 0 : 1) }
    XCTAssertFalse(RingCheck.isCertainlySimple(many + [Point2(30, 9)]))
  }

  /// A U of three bars 10 wide around a gap: its centroid lies in the gap.
  func testAPointForAnAreaLiesInIt() {
    var shapes = ShapeStore<BuildingID>()
    shapes.addPart([
      Point2(0, 0), Point2(50, 0), Point2(50, 60), Point2(40, 60), Point2(40, 10), Point2(10, 10),
      Point2(10, 60), Point2(0, 60),
    ])
    shapes.endShape(.area)
    let id = BuildingID(0)
    // 50 x 10 below and twice 10 x 50.
    XCTAssertEqual(shapes.area(of: id), 1500)
    let p = AreaPosition.of(id, in: shapes)
    XCTAssertTrue(shapes.contains(p, in: id))
    // The centroid's height is (500 * 5 + 1000 * 35) / 1500 = 25; both legs are equally wide there.
    XCTAssertEqual(p, Point2(5, 25))
    XCTAssertEqual(shapes.distance(from: Point2(25, 25), to: id), 15)
    XCTAssertEqual(shapes.distance(from: Point2(-3, -4), to: id), 5)
    XCTAssertEqual(shapes.distance(from: p, to: id), 0)
  }

  /// A ring of 20 around a hole of 10 with an island of 2 in it.
  func testAreasWithHolesAndIslands() {
    func square(_ half: Double) -> [Point2] {
      [Point2(-half, -half), Point2(half, -half), Point2(half, half), Point2(-half, half)]
    }
    var shapes = ShapeStore<DistrictID>()
    shapes.addPart(square(10))
    shapes.addPart(square(5))
    shapes.reverseLastPart()
    shapes.addPart(square(1))
    shapes.endShape(.area)
    let id = DistrictID(0)
    XCTAssertEqual(shapes.area(of: id), 400 - 100 + 4)
    XCTAssertEqual(shapes.length(of: id), 80 + 40 + 8)
    XCTAssertTrue(shapes.contains(Point2(7, 0), in: id))
    XCTAssertFalse(shapes.contains(Point2(3, 0.5), in: id))
    XCTAssertTrue(shapes.contains(Point2(0.5, 0.25), in: id))
    XCTAssertEqual(shapes.distance(from: Point2(3, 0), to: id), 2)
    XCTAssertEqual(shapes.polygons(of: id).map(\.count), [2, 1])
  }
}
