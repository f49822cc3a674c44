import CityBase
import CityModel
import XCTest

@testable import CityNetwork

/// Plain lines become roads that join where they touch.
final class RoadLayerTests: XCTestCase {
  private func line(
    _ id: String, _ points: [Point2], _ className: String = "residential", forward: Int? = nil,
    backward: Int? = nil, direction: RoadDirection? = nil
  ) -> RoadLine {
    var line = RoadLine(externalID: id, points: points, className: className)
    line.lanesForward = forward
    line.lanesBackward = backward
    line.direction = direction
    return line
  }

  func testEndsAreJoined() {
    var diagnostics = Diagnostics()
    let source = RoadLayerReader.read(
      [
        line("main", [Point2(0, 0), Point2(100, 0), Point2(300, 0)], "secondary"),
        // 6 cm off the main road's vertex, and across a cell border of the snapping grid.
        line("side", [Point2(100.04, -0.045), Point2(100, -200)]),
        // Ends 30 cm above the middle of a segment.
        line("stub", [Point2(200, 0.3), Point2(200, 150)]),
        // Too far away to be meant.
        line("apart", [Point2(250, 2), Point2(250, 150)]),
      ], signals: [Point2(105, 5), Point2(1000, 1000)], diagnostics: &diagnostics)
    XCTAssertEqual(source.ways[1].nodes[0], source.ways[0].nodes[1])
    XCTAssertEqual(source.ways[0].nodes.count, 4)
    XCTAssertEqual(source.ways[0].nodes[2], source.ways[2].nodes[0])
    XCTAssertFalse(source.ways[0].nodes.contains(source.ways[3].nodes[0]))
    XCTAssertEqual(source.nodes[Int(source.ways[0].nodes[1])].control, .signals)
    XCTAssertEqual(diagnostics.count(of: "road-ends-joined"), 1)
    XCTAssertEqual(diagnostics.count(of: "signal-dropped"), 1)
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    XCTAssertEqual(NetworkInvariants.breaches(network), [])
    XCTAssertEqual(network.signals.count, 1)
  }

  func testFieldsAndDefaults() {
    var diagnostics = Diagnostics()
    let points = [Point2(0, 0), Point2(100, 0)]
    func way(_ line: RoadLine) -> RoadSource.Way {
      RoadLayerReader.read([line], signals: [], diagnostics: &diagnostics).ways[0]
    }
    let plain = way(line("a", points, ""))
    XCTAssertEqual([plain.forwardLanes, plain.backwardLanes], [1, 1])
    XCTAssertEqual(plain.roadClass, .residential)
    let motorway = way(line("b", points, "motorway", forward: 3))
    XCTAssertEqual([motorway.forwardLanes, motorway.backwardLanes], [3, 0])
    let back = way(line("c", points, "primary", forward: 2, direction: .backward))
    XCTAssertEqual([back.forwardLanes, back.backwardLanes], [0, 2])
    let link = way(line("d", points, "trunk_link"))
    XCTAssertTrue(link.isRamp)
    XCTAssertEqual(link.roadClass, .trunk)
    XCTAssertEqual(way(line("e", points, "canal")).roadClass, .residential)
    XCTAssertEqual(diagnostics.count(of: "road-class-unknown"), 1)
  }
}
