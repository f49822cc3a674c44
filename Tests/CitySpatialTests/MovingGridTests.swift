import CityBase
import CitySpatial
import XCTest

final class MovingGridTests: XCTestCase {
  /// A thousand random insertions, moves and removals beside a plain table; a tenth of the points
  /// lie outside the bounds.
  func testAgreesWithALoopWhileThingsMove() {
    let source = RandomBoxes()
    var grid = MovingGrid(bounds: Box2(min: Point2(100, 100), max: Point2(900, 700)), cellSize: 50)
    var table = [Point2?](repeating: nil, count: 80)
    for step in 0..<1000 {
      let thing = Int(source.unit(step, 0) * 80)
      let p = Point2(source.unit(step, 1) * 1000, source.unit(step, 2) * 800)
      if table[thing] == nil {
        grid.insert(thing, at: p)
        table[thing] = p
      } else if source.unit(step, 3) < 0.3 {
        grid.remove(thing)
        table[thing] = nil
      } else {
        grid.move(thing, to: p)
        table[thing] = p
      }
      XCTAssertEqual(grid.count, table.count { $0 != nil })
      let q = Point2(source.unit(step, 4) * 1000, source.unit(step, 5) * 800)
      let window = Box2([q, q + Point2(source.unit(step, 6) * 300, 120)])
      let inside = table.indices.filter { table[$0].map(window.contains) ?? false }
      XCTAssertEqual(grid.items(in: window), inside)
      let distances = table.map { $0.map { q.distance(to: $0) } ?? .nan }
      for (k, limit) in [(1, Double.infinity), (7, 90), (200, .infinity)] {
        XCTAssertEqual(
          grid.nearest(q, maxResults: k, maxDistance: limit),
          nearestByLoop(distances, k, within: limit))
      }
    }
  }

  func testCellsGrowWhereTooManyWereAskedFor() {
    let box = Box2(min: Point2(0, 0), max: Point2(1e6, 1e6))
    var grid = MovingGrid(bounds: box, cellSize: 0.001)
    XCTAssertGreaterThanOrEqual(grid.cellSize, 1e6 / 2048)
    grid.insert(3, at: Point2(1e6, 0))
    XCTAssertEqual(grid.items(in: box), [3])
    XCTAssertEqual(grid.position(of: 3), Point2(1e6, 0))
    XCTAssertNil(grid.position(of: 2))
  }
}
