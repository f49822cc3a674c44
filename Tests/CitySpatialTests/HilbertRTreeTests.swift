import CityBase
import CitySpatial
import XCTest

final class HilbertRTreeTests: XCTestCase {
  let source = RandomBoxes()

  /// Every size around the borders of one, two and three levels, with every node size.
  func testWindowsAgreeWithALoop() {
    for nodeSize in [2, 4, 8, 16, 64] {
      for count in [0, 1, 2, 3, 15, 16, 17, 255, 256, 257, 3000] {
        let boxes = source.boxes(count)
        let tree = HilbertRTree(boxes, nodeSize: nodeSize)
        for (i, window) in source.boxes(40, size: 200).enumerated() {
          let expected = boxes.indices.filter { boxes[$0].intersects(window) }
          XCTAssertEqual(tree.items(in: window), expected, "\(nodeSize) \(count) window \(i)")
        }
      }
    }
  }

  func testNationalGridCoordinatesMissNothingAndAreOffByCentimetresAtMost() {
    let shift = Point2(39_500_000.123, 4_328_000.456)
    let boxes = source.boxes(2000, extent: 40_000, size: 30).map {
      Box2(min: $0.min + shift, max: $0.max + shift)
    }
    let tree = HilbertRTree(boxes)
    for w in source.boxes(200, extent: 40_000, size: 3000) {
      let window = Box2(min: w.min + shift, max: w.max + shift)
      let found = Set(tree.items(in: window))
      for (i, box) in boxes.enumerated() {
        if box.intersects(window) { XCTAssertTrue(found.contains(i)) }
        if found.contains(i) { XCTAssertTrue(box.intersects(window.expanded(by: 0.01))) }
      }
    }
  }

  func testNearestAgreesWithALoop() {
    for count in [0, 1, 16, 17, 900] {
      let boxes = source.boxes(count)
      let tree = HilbertRTree(boxes, nodeSize: 8)
      for q in source.boxes(60, extent: 1400) {
        let distances = boxes.map { distance(q.min, $0) }
        for (k, limit) in [(1, Double.infinity), (5, 60), (2000, .infinity), (3, 0)] {
          let expected = nearestByLoop(distances, k, within: limit)
          let found = tree.nearest(q.min, maxResults: k, maxDistance: limit)
          XCTAssertEqual(found.map(\.index), expected.map(\.index))
          for (f, e) in zip(found, expected) {
            XCTAssertEqual(f.distance, e.distance, accuracy: 1e-9)
          }
        }
      }
    }
  }

  func testNearestByExactDistanceAsksTheGeometryAndFilters() {
    let boxes = source.boxes(500)
    let tree = HilbertRTree(boxes)
    for q in source.boxes(60) {
      // To the far corner, and odd items only.
      let exact = { (i: Int) -> Double in
        i % 2 == 0
          ? .infinity : max(q.min.distance(to: boxes[i].min), q.min.distance(to: boxes[i].max))
      }
      let expected = nearestByLoop(boxes.indices.map(exact), 4, within: 80)
      var asked = 0
      let found = tree.nearest(q.min, maxResults: 4, maxDistance: 80) {
        asked += 1
        return exact($0)
      }
      XCTAssertEqual(found.map(\.index), expected.map(\.index))
      XCTAssertLessThan(asked, boxes.count / 2)
    }
  }

  func testEqualBoxesComeInOrderOfTheirIndices() {
    let box = Box2(min: Point2(5, 5), max: Point2(6, 6))
    let tree = HilbertRTree(Array(repeating: box, count: 100), nodeSize: 4)
    XCTAssertEqual(tree.items(in: box), Array(0..<100))
    let found = tree.nearest(Point2(0, 5), maxResults: 40)
    XCTAssertEqual(found.map(\.index), Array(0..<40))
    XCTAssertEqual(found.map(\.distance), Array(repeating: 5, count: 40))
  }

  func testUnusableBoxesKeepTheirIndexAndAreNeverFound() {
    var tree = HilbertRTree()
    XCTAssertEqual(tree.add(Box2()), 0)
    XCTAssertEqual(tree.add(Point2(.nan, 0)), 1)
    XCTAssertEqual(tree.add(Point2(1, 2)), 2)
    XCTAssertEqual(tree.add(Box2(min: Point2(0, 0), max: Point2(.infinity, 1))), 3)
    tree.finish()
    XCTAssertEqual(tree.count, 4)
    XCTAssertEqual(tree.foundCount, 1)
    let everything = Box2(
      min: Point2(-.infinity, -.infinity), max: Point2(.infinity, .infinity))
    XCTAssertEqual(tree.items(in: everything), [2])
    XCTAssertEqual(tree.nearest(Point2(0, 0), maxResults: 9).map(\.index), [2])
  }

  func testOddQuestionsHaveEmptyAnswers() {
    let tree = HilbertRTree(source.boxes(100))
    XCTAssertEqual(tree.items(in: Box2()), [])
    XCTAssertEqual(tree.items(at: Point2(.nan, 0)), [])
    XCTAssertEqual(tree.nearest(Point2(.nan, 0)), [])
    XCTAssertEqual(tree.nearest(Point2(0, 0), maxResults: 0), [])
    XCTAssertEqual(tree.nearest(Point2(0, 0), maxDistance: -1), [])
    XCTAssertEqual(tree.nearest(Point2(0, 0), maxDistance: .nan), [])
  }

  func testASearchCanEndEarlyAndFirstIsTheLowest() {
    let boxes = source.boxes(1000)
    let tree = HilbertRTree(boxes)
    let window = Box2(min: Point2(0, 0), max: Point2(2000, 2000))
    var calls = 0
    XCTAssertFalse(
      tree.searchWhile(window) { _ in
        calls += 1
        return calls < 3
      })
    XCTAssertEqual(calls, 3)
    XCTAssertEqual(tree.first(in: window) { $0 >= 40 }, 40)
    XCTAssertNil(tree.first(in: window) { _ in false })
  }

  /// The curve visits each cell once and steps to a neighbour each time; seen on its coarsest
  /// 64 by 64 cells, whose positions are the upper twelve bits.
  func testTheCurveIsContinuous() {
    var cells = [(Int, Int)?](repeating: nil, count: 4096)
    for x in 0..<64 {
      for y in 0..<64 {
        let d = HilbertCurve.position(x: UInt16(x << 10), y: UInt16(y << 10)) >> 20
        XCTAssertNil(cells[Int(d)])
        cells[Int(d)] = (x, y)
      }
    }
    for (a, b) in zip(cells, cells.dropFirst()) {
      guard let a, let b else { return XCTFail("a cell was left out") }
      XCTAssertEqual(abs(a.0 - b.0) + abs(a.1 - b.1), 1)
    }
  }
}
