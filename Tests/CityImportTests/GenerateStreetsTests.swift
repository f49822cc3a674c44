import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityImport

final class GenerateStreetsTests: XCTestCase {
  /// Several seeds and sizes, because a rule that holds for one city proves little.
  static let cities: [GeneratedCity] = [(1, 7.0), (2, 6.0), (3, 3.0), (4, 2.0), (77, 12.0)]
    .compactMap { try? GeneratedCity(seed: $0.0, size: $0.1) }

  func testEveryStreetCanBeReachedAndLeft() {
    XCTAssertEqual(Self.cities.count, 5)
    for city in Self.cities {
      let count = city.draft.roads.nodes.count
      XCTAssertGreaterThan(count, 30)
      XCTAssertEqual(city.reached(from: 0, backwards: false), count)
      XCTAssertEqual(city.reached(from: 0, backwards: true), count)
    }
  }

  func testJunctionsHaveRoomAndOpenAngles() {
    for city in Self.cities {
      for node in city.around.indices {
        let pieces = city.around[node]
        XCTAssertTrue((2...4).contains(pieces.count), "\(pieces.count) streets at a node")
        let directions = pieces.map {
          (city.position(city.other($0, than: node)) - city.position(node)).normalized
        }
        for (i, a) in directions.enumerated() {
          // The cosine of 40 degrees.
          for b in directions.dropFirst(i + 1) { XCTAssertLessThan(a.dot(b), 0.7660) }
        }
      }
      for (i, piece) in city.pieces.enumerated() where city.around[piece.from].count > 2 {
        XCTAssertGreaterThan(length(city, from: piece.from, along: i), 60)
      }
    }
  }

  /// Metres from a junction along a piece to the next one.
  private func length(_ city: GeneratedCity, from start: Int, along first: Int) -> Double {
    var (node, piece, sum) = (start, first, 0.0)
    while true {
      let next = city.other(piece, than: node)
      sum += city.position(node).distance(to: city.position(next))
      if city.around[next].count != 2 || next == start { return sum }
      let onward = city.around[next].first { $0 != piece }
      (node, piece) = (next, onward ?? piece)
    }
  }

  func testNoTwoStreetsCrossWithoutANode() {
    for city in Self.cities {
      let boxes = city.pieces.map { Box2([city.position($0.from), city.position($0.to)]) }
      let grid = NearPairs(boxes: boxes, cellSize: 250)
      var compared = 0
      for i in city.pieces.indices {
        let (a, b) = (city.position(city.pieces[i].from), city.position(city.pieces[i].to))
        for k in grid.near(boxes[i]) where k > i {
          let (p, q) = (city.position(city.pieces[k].from), city.position(city.pieces[k].to))
          compared += 1
          // Touching at a common node is no crossing: the signs of the sides must differ strictly.
          let isCrossing =
            (b - a).cross(p - a) * (b - a).cross(q - a) < 0
            && (q - p).cross(a - p) * (q - p).cross(b - p) < 0
          XCTAssertFalse(isCrossing && !sharesNode(city.pieces[i], city.pieces[k]))
        }
      }
      XCTAssertGreaterThan(compared, 100)
    }
  }

  private func sharesNode(
    _ a: (from: Int, to: Int, way: Int), _ b: (from: Int, to: Int, way: Int)
  ) -> Bool { a.from == b.from || a.from == b.to || a.to == b.from || a.to == b.to }

  func testTheRiverIsCrossedByBridgesOnly() throws {
    let options = CityGeneratorOptions(seed: 5, sizeKilometers: 8)
    let plan = CityPlan(options)
    let city = try GeneratedCity(seed: 5, size: 8)
    let middle = stride(from: -3_900.0, through: 3_900, by: 25).map {
      plan.terrain.place(Point2(0, $0))
    }
    var crossings: [Double] = []
    for (i, piece) in city.pieces.enumerated() {
      let (a, b) = (city.position(piece.from), city.position(piece.to))
      for (k, (p, q)) in zip(middle, middle.dropFirst()).enumerated()
      where Segment.intersect(a, b, p, q) {
        XCTAssertTrue(city.way(i).isBridge)
        XCTAssertLessThanOrEqual(city.way(i).roadClass, .secondary)
        crossings.append(Double(k) * 25)
      }
      if !city.way(i).isBridge {
        let away = middle.map { Segment.distance($0, a, b) }.min() ?? 0
        XCTAssertGreaterThan(away, plan.terrain.riverWidth / 2)
      }
    }
    XCTAssertGreaterThanOrEqual(crossings.count, 5)
    for (a, b) in zip(crossings.sorted(), crossings.sorted().dropFirst()) {
      XCTAssertLessThan(b - a, 2_200)
      XCTAssertGreaterThan(b - a, 500)
    }
  }

  func testSignalsStandWhereMainStreetsCross() {
    for city in Self.cities {
      let signals = city.entities(.signal)
      for node in city.around.indices where city.around[node].count == 4 {
        let main = city.around[node].filter { city.way($0).roadClass <= .secondary }
        guard main.count == 4 else { continue }
        XCTAssertEqual(city.draft.roads.nodes[node].control, .signals)
      }
      XCTAssertEqual(
        signals.count, city.draft.roads.nodes.filter { $0.control == .signals }.count)
    }
  }

  func testWantedNumberOfLinks() throws {
    let options = CityGeneratorOptions(
      seed: 3, links: 20_000, detail: .streets, streets: .simple)
    let draft = try CityGenerator.generate(options)
    var degree = Array(repeating: 0, count: draft.roads.nodes.count)
    for way in draft.roads.ways {
      for (a, b) in zip(way.nodes, way.nodes.dropFirst()) {
        degree[Int(a)] += 1
        degree[Int(b)] += 1
      }
    }
    // Every edge between two nodes that are no mere bends makes two links.
    let links = degree.reduce(0) { $0 + ($1 > 2 ? $1 : 0) }
    XCTAssertEqual(Double(links), 20_000, accuracy: 3_000)
  }
}
