import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

/// A road from the west to a place of control in the east, with driveways on the way.
final class StreetSegmentTests: XCTestCase {
  /// The main road is the way of each `piece` of so many metres, "m0" the first; at each end of one but the
  /// last a driveway leads south, "d0" the first. At the end a road as wide crosses, "s" and "n", and
  /// the main road goes on for 300 m: "e".
  private func road(
    _ pieces: [Double], _ control: NodeControl = .signals, yieldsAfter: Int? = nil
  ) -> RoadNetwork {
    var source = RoadSource()
    func node(_ x: Double, _ y: Double, _ control: NodeControl = .none) -> Int32 {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(x, y), control: control, externalID: Int64(source.nodes.count)))
      return Int32(source.nodes.count - 1)
    }
    func way(_ name: String, _ a: Int32, _ b: Int32, _ roadClass: RoadClass = .secondary) {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: [a, b], roadClass: roadClass, forwardLanes: 1,
          backwardLanes: 1, speedLimit: 50 / 3.6))
    }
    var x = 0.0
    var last = node(0, 0)
    for (i, length) in pieces.enumerated() {
      x += length
      let isEnd = i == pieces.count - 1
      let next = node(x, 0, isEnd ? control : .none)
      way("m\(i)", last, next, i == yieldsAfter ? .residential : .secondary)
      if isEnd {
        way("e", next, node(x + 300, 0))
        way("s", node(x, -300), next)
        way("n", node(x, 300), next)
      } else if i == yieldsAfter {
        // A main road across.
        way("a\(i)", node(x, -200), next)
        way("b\(i)", node(x, 200), next)
      } else {
        way("d\(i)", next, node(x, -200), .residential)
      }
      last = next
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// Uses with `volumes` on ways by the names of their links: ["m0 m1": 600].
  private func uses(_ network: RoadNetwork, _ volumes: [String: Double])
    -> (own: [String: Double], segment: [String: Double], turns: [String: Double])
  {
    let graph = TurnGraph(network)
    let names = network.linkExternalID.values.map { String($0) }
    var turns = [Double](repeating: 0, count: graph.turnCount)
    var links = [Double](repeating: 0, count: network.linkCount)
    var numbers: [String: Int] = [:]
    for (name, volume) in volumes {
      let ends = name.split(separator: " ").compactMap { names.firstIndex(of: "\($0)+0") }
      XCTAssertEqual(ends.count, 2, "\(name) in \(names)")
      guard ends.count == 2,
        let turn = graph.turns(from: LinkID(ends[0])).first(where: {
          graph.turnTarget[$0].index == ends[1]
        })
      else { continue }
      turns[turn] = volume
      numbers[name] = turn
      for end in ends { links[end] = max(links[end], volume) }
    }
    let movements = MovementCapacity(network, graph)
    let use = movements.use(turns: turns, links: links)
    let segments = StreetSegments(movements).use(use)
    func named(_ values: [Double]) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: zip(names, values))
    }
    return (named(use.ofLink), named(segments), numbers.mapValues { use.ofTurn[$0] })
  }

  /// 600 vehicles an hour are a third of what a lane carries and well more of what a signal lets go:
  /// so full is the street all along, past its driveways, whatever turns off into them.
  func testAStreetIsAsFullAsItsSignal() throws {
    let network = road([250, 250, 250])
    let volumes = ["m0 m1": 650.0, "m1 m2": 600, "m1 d1": 50, "m2 e": 600]
    let found = uses(network, volumes)
    let atSignal = try XCTUnwrap(found.turns["m2 e"])
    XCTAssertGreaterThan(atSignal, 0.4)
    XCTAssertLessThan(try XCTUnwrap(found.own["m0+0"]), 0.4)
    for link in ["m0+0", "m1+0", "m2+0"] {
      XCTAssertEqual(try XCTUnwrap(found.segment[link]), atSignal, accuracy: 1e-12, link)
    }
    // Beyond the signal a new segment begins, and driveways are none of this one.
    for link in ["e+0", "d1+0", "s+0"] {
      XCTAssertEqual(found.segment[link], found.own[link], link)
    }
  }

  /// A street that crosses a main road is as full as the gaps there are, up to it, and beyond it as the
  /// signal.
  func testAPlaceWhereOneYieldsEndsASegment() throws {
    let network = road([250, 250, 250, 250], yieldsAfter: 1)
    let found = uses(network, ["m0 m1": 300.0, "m1 m2": 300, "m2 m3": 300, "m3 e": 300])
    let there = try XCTUnwrap(found.turns["m1 m2"])
    let atSignal = try XCTUnwrap(found.turns["m3 e"])
    XCTAssertNotEqual(there, atSignal, accuracy: 0.01)
    XCTAssertEqual(try XCTUnwrap(found.segment["m0+0"]), there, accuracy: 1e-12)
    XCTAssertEqual(try XCTUnwrap(found.segment["m2+0"]), atSignal, accuracy: 1e-12)
  }

  /// Two miles before a signal a road is one of uninterrupted flow.
  func testALongRoadIsNoStreet() throws {
    let network = road([500, 2000, 1100, 250])
    let found = uses(network, ["m0 m1": 600.0, "m1 m2": 600, "m2 m3": 600, "m3 e": 600])
    let atSignal = try XCTUnwrap(found.turns["m3 e"])
    XCTAssertEqual(try XCTUnwrap(found.segment["m2+0"]), atSignal, accuracy: 1e-12)
    XCTAssertEqual(try XCTUnwrap(found.segment["m1+0"]), atSignal, accuracy: 1e-12)
    XCTAssertEqual(found.segment["m0+0"], found.own["m0+0"])
    XCTAssertLessThan(try XCTUnwrap(found.own["m0+0"]), 0.4)
  }
}
