import CityBase
import CityNetwork
import CityTestSupport
import XCTest

/// What must hold in every network holds in networks that nobody planned.
final class RandomSourceTests: XCTestCase {
  /// Ways that wander over a jittered grid of nodes, with every attribute drawn at random.
  private func source(_ seed: UInt64, spacing: Double) -> RoadSource {
    let random = RandomStream(seed: seed)
    var counter: UInt64 = 0
    func draw(_ n: Int) -> Int {
      counter += 1
      return random.below(n, .sampling, counter)
    }
    var source = RoadSource()
    source.drivesOnRight = draw(2) == 0
    let side = 9
    for i in 0..<(side * side) {
      let x = Double(i % side) * spacing + Double(draw(1000)) / 1000 * spacing * 0.8
      let y = Double(i / side) * spacing + Double(draw(1000)) / 1000 * spacing * 0.8
      let control: NodeControl =
        [.none, .none, .none, .none, .signals, .stop, .giveWay, .miniRoundabout][draw(8)]
      source.nodes.append(
        RoadSource.Node(position: Point2(x, y), control: control, externalID: Int64(i)))
    }
    for w in 0..<40 {
      var at = draw(side * side)
      var nodes = [Int32(at)]
      for _ in 0..<(1 + draw(6)) {
        let step = [1, -1, side, -side, side + 1][draw(5)]
        if 0..<(side * side) ~= at + step { at += step }
        nodes.append(Int32(at))
      }
      let oneWay = draw(3) == 0
      source.ways.append(
        RoadSource.Way(
          externalID: "w\(w)", nodes: nodes, roadClass: RoadClass.allCases[draw(7)],
          forwardLanes: 1 + draw(4), backwardLanes: oneWay ? 0 : 1 + draw(3),
          speedLimit: 5 + Double(draw(25)), isRoundabout: draw(12) == 0, isRamp: draw(8) == 0))
    }
    for _ in 0..<20 {
      let via = source.ways[draw(source.ways.count)]
      source.turnBans.append(
        RoadSource.TurnBan(
          fromWay: Int32(draw(60)), viaNode: via.nodes[0], toWay: Int32(draw(source.ways.count))))
    }
    return source
  }

  func testInvariantsHold() {
    for seed in 0..<8 as Range<UInt64> {
      // From streets of a block's length down to a heap that is all short pieces.
      let spacing = [120.0, 60, 25, 14][Int(seed % 4)]
      let source = source(seed, spacing: spacing)
      var diagnostics = Diagnostics()
      let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
      let breaches = NetworkInvariants.breaches(network, ringsAreLarge: spacing > 100)
      XCTAssertEqual(breaches, [], "seed \(seed)")
      var again = Diagnostics()
      XCTAssertEqual(NetworkBuilder.build(source, diagnostics: &again), network)
      XCTAssertEqual(again, diagnostics)
    }
  }

  func testAStarOfManyRoadsIsBounded() {
    // Without optimization a thousand roads take minutes.
    #if DEBUG
      let roads = 150
    #else
      let roads = 1000
    #endif
    var s = Sketch()
    s.node("m", 0, 0)
    for i in 0..<roads {
      let x = Double(i % 250) * 4 - 500
      s.node("n\(i)", i < 500 ? x : 500, i < 500 ? Double(300 + i) : x)
    }
    var source = s.source
    for i in 1...roads {
      source.ways.append(
        RoadSource.Way(
          externalID: "w\(i)", nodes: [0, Int32(i)], roadClass: .service, forwardLanes: 1,
          backwardLanes: 1, speedLimit: 5))
    }
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    XCTAssertEqual(diagnostics.count(of: "junction-too-large"), 1)
    XCTAssertNoThrow(try network.validate())
    XCTAssertEqual(network.linkCount, 2 * roads)
  }

  func testGridIsSound() {
    for lanes in 1...4 {
      for drivesOnRight in [true, false] {
        let grid = GridNetwork(size: 3, spacing: 120, lanes: lanes, drivesOnRight: drivesOnRight)
        let network = grid.build()
        XCTAssertEqual(NetworkInvariants.breaches(network), [])
        XCTAssertEqual(network.signals.count, 9)
        // Three streets each way with four pieces in two directions.
        XCTAssertEqual(network.linkCount, 2 * 3 * 4 * 2)
      }
    }
  }
}
