import CityBase
import CityNetwork
import XCTest

/// Small junctions whose lanes, conflicts and right of way follow by reasoning.
final class JunctionTests: XCTestCase {
  /// Four roads of 200 m that meet at the origin.
  private func crossing(
    lanes: Int = 1, _ control: NodeControl = .none, drivesOnRight: Bool = true,
    minor: RoadClass = .tertiary
  ) -> Sketch {
    var s = Sketch(drivesOnRight: drivesOnRight)
    s.node("m", 0, 0, control)
    s.node("w", -200, 0)
    s.node("e", 200, 0)
    s.node("s", 0, -200)
    s.node("n", 0, 200)
    s.way("ew", "w m e", lanes: lanes)
    s.way("ns", "s m n", minor, lanes: lanes)
    return s
  }

  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  func testPlainCrossingHasThreeWaysOnForEach() {
    let built = crossing().build()
    assertSound(built)
    // Four dead ends and the crossing; four roads in two directions.
    XCTAssertEqual(built.network.junctionCount, 5)
    XCTAssertEqual(built.network.linkCount, 8)
    // Three movements from each of four arms, and a turning place at each dead end.
    XCTAssertEqual(built.network.connectorCount, 4 * 3 + 4)
    XCTAssertEqual(built.following("ew+0"), ["ew+1", "ns+1", "ns-0"])
    XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .equal)
    // From the west the left turn ends in the north, the right turn in the south.
    XCTAssertEqual(turn(built, "ew+0", "ns+1"), .left)
    XCTAssertEqual(turn(built, "ew+0", "ns-0"), .right)
    XCTAssertEqual(turn(built, "ew+0", "ew+1"), .through)
    // Priority to the right: who comes from the south goes before who comes from the west...
    XCTAssertEqual(built.conflict(("ew+0", "ew+1"), ("ns+0", "ns+1"))?.yields, 1)
    // ...and the left turn lets the oncoming traffic go.
    XCTAssertEqual(built.conflict(("ew+0", "ns+1"), ("ew-1", "ew-0"))?.yields, 1)
  }

  private func turn(_ built: BuiltSketch, _ from: String, _ to: String) -> Turn? {
    built.connectors(from, to).first.map { built.network.connectorTurn[$0] }
  }

  func testConflictsOfAPlainCrossing() {
    let built = crossing().build()
    let through = built.conflict(("ew+0", "ew+1"), ("ns+0", "ns+1"))
    XCTAssertEqual(through?.kind, 0)
    // Two lines at a right angle: 2.3 m before the point where they meet, half a metre of margin.
    if let c = through { XCTAssertEqual(c.exit - c.entry, 2 * (2.3 + 0.5), accuracy: 0.01) }
    // Opposite directions pass each other; so do the two right turns from west and east.
    XCTAssertNil(built.conflict(("ew+0", "ew+1"), ("ew-1", "ew-0")))
    XCTAssertNil(built.conflict(("ew+0", "ns-0"), ("ew-1", "ns+1")))
    // The right turn from the south and the through traffic from the west end in one lane.
    let merge = built.conflict(("ns+0", "ew+1"), ("ew+0", "ew+1"))
    XCTAssertEqual(merge?.kind, 1)
    if let merge, let c = built.connectors("ns+0", "ew+1").first {
      XCTAssertEqual(merge.exit, built.network.laneLength[built.network.lane(of: c)])
    }
    // Movements of one lane part from a common start.
    let diverge = built.conflict(("ew+0", "ns-0"), ("ew+0", "ew+1"))
    XCTAssertEqual(diverge?.kind, 2)
    XCTAssertEqual(diverge?.entry, 0)
    XCTAssertEqual(diverge?.yields, 0)
  }

  func testLanesOfAThreeLaneCrossing() {
    let built = crossing(lanes: 3, .signals).build()
    assertSound(built)
    // The middle lane turns left alone, the other two go through, the kerb lane also turns right.
    XCTAssertEqual(built.lanes("ew+0", "ns+1"), [[2, 2]])
    XCTAssertEqual(built.lanes("ew+0", "ew+1"), [[0, 0], [1, 1]])
    XCTAssertEqual(built.lanes("ew+0", "ns-0"), [[0, 0]])
    // Two oncoming through lanes: the left turn has its own stage.
    let n = built.network
    let signal = n.signals.values[0]
    let left = built.connectors("ew+0", "ns+1")[0]
    let oncoming = built.connectors("ew-1", "ew-0")[0]
    let greens = signal.phases.filter { $0.states[Int(n.connectorGroup[left])] == .green }
    XCTAssertFalse(greens.isEmpty)
    for phase in greens {
      XCTAssertEqual(phase.states[Int(n.connectorGroup[oncoming])], .red)
    }
    XCTAssertFalse(
      signal.phases.contains { $0.states[Int(n.connectorGroup[left])] == .permissive })
  }

  func testSignalsOfASimpleCrossing() {
    let built = crossing(.signals).build()
    assertSound(built)
    let n = built.network
    XCTAssertEqual(n.junctionControl[built.junction(0, 0)], .signals)
    let signal = n.signals.values[0]
    // Two stages with yellow and all-red each.
    XCTAssertEqual(signal.phases.count, 6)
    // 50 km/h: 13.89 / 6 + 1 = 3.3 s of yellow, in half seconds 3.5.
    XCTAssertEqual(signal.phases[1].milliseconds, 3500)
    XCTAssert(40_000...120_000 ~= signal.cycleMilliseconds)
    let left = Int(n.connectorGroup[built.connectors("ew+0", "ns+1")[0]])
    let through = Int(n.connectorGroup[built.connectors("ew+0", "ew+1")[0]])
    for phase in signal.phases where phase.states[through] == .green {
      XCTAssertEqual(phase.states[left], .permissive)
    }
  }

  func testSideStreetYieldsAtAT() {
    var s = Sketch()
    s.node("m", 0, 0)
    s.node("w", -200, 0)
    s.node("e", 200, 0)
    s.node("s", 0, -200)
    s.way("main", "w m e", .secondary)
    s.way("side", "s m", .residential)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .priority)
    // Right into the main road yields to the traffic from the left; left yields to both.
    XCTAssertEqual(built.conflict(("side+0", "main+1"), ("main+0", "main+1"))?.yields, 1)
    XCTAssertEqual(built.conflict(("side+0", "main-0"), ("main+0", "main+1"))?.yields, 1)
    XCTAssertEqual(built.conflict(("side+0", "main-0"), ("main-1", "main-0"))?.yields, 1)
    // Who turns left out of the main road yields to the oncoming traffic, not to the side street.
    XCTAssertEqual(built.conflict(("main-1", "side-0"), ("main+0", "main+1"))?.yields, 1)
    XCTAssertEqual(built.conflict(("main-1", "side-0"), ("side+0", "main-0"))?.yields, -1)
    // Ranks rise from the main through traffic to the left turn out of the side street.
    func rank(_ a: String, _ b: String) -> UInt8 {
      built.network.connectorRank[built.connectors(a, b)[0]]
    }
    XCTAssertLessThan(rank("main+0", "main+1"), rank("main-1", "side-0"))
    XCTAssertLessThan(rank("main-1", "side-0"), rank("side+0", "main+1"))
    XCTAssertLessThan(rank("side+0", "main+1"), rank("side+0", "main-0"))
  }

  /// Beside three lanes for each direction, some 10 m from the middle to the kerb, 20 m leave no 12 m
  /// for two cars that turn round; 40 m do, and so do 20 m beside a lane of 3 m.
  func testADeadEndHasRoomToTurn() {
    for (metres, lanes, isLeft) in [(20.0, 3, false), (40, 3, true), (20, 1, true)] {
      var s = Sketch()
      s.node("m", 0, 0)
      s.node("w", -200, 0)
      s.node("e", 200, 0)
      s.node("s", 0, -metres)
      s.way("main", "w m e", .secondary, lanes: lanes)
      s.way("side", "s m", .residential)
      let built = s.build()
      assertSound(built)
      XCTAssertEqual(built.link("side+0") != .none, isLeft, "\(metres) m beside \(lanes) lanes")
      XCTAssertEqual(built.diagnostics.entries.contains { $0.code == "stubs" }, !isLeft)
      // Without it the main road goes on without a junction.
      XCTAssertEqual(built.network.linkCount, isLeft ? 6 : 2)
    }
  }

  func testStopSignMakesAMinorRoad() {
    var s = Sketch()
    s.node("m", 0, 0)
    for (name, x, y) in [("w", -200.0, 0.0), ("e", 200, 0), ("s", 0, -200), ("n", 0, 200)] {
      s.node(name, x, y)
    }
    s.node("sign1", 0, -12, .stop)
    s.node("sign2", 0, 12, .giveWay)
    s.way("ew", "w m e", .residential)
    s.way("ns", "s sign1 m sign2 n", .residential)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .priority)
    // Against the rule of the right-hand side, because of the sign.
    XCTAssertEqual(built.conflict(("ew+0", "ew+1"), ("ns+0", "ns+1"))?.yields, -1)
  }

  func testLeftHandDrivingIsTheMirrorImage() {
    let right = crossing(lanes: 2, .signals).build().network
    let left = crossing(lanes: 2, .signals, drivesOnRight: false).build()
    assertSound(left)
    XCTAssertEqual(left.network.connectorCount, right.connectorCount)
    XCTAssertEqual(left.network.conflicts.count, right.conflicts.count)
    XCTAssertEqual(left.network.signals.values.map(\.phases), right.signals.values.map(\.phases))
    // From the west the kerb is in the north: the lane of the left turn is lane 0.
    XCTAssertEqual(left.lanes("ew+0", "ns+1"), [[0, 0]])
    XCTAssertEqual(turn(left, "ew+0", "ns+1"), .left)
    let lane = LaneID(left.network.lanes(of: left.link("ew+0")).lowerBound)
    // Two lanes of 3.25 m: the kerb lane's middle lies 1.5 lanes to the left of the road's line.
    XCTAssertEqual(left.network.lanePosition(lane, 50).point.y, 1.5 * 3.25, accuracy: 0.001)
  }

  func testTurnBan() {
    var s = crossing()
    s.ban(0, over: "m", into: 1)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.following("ew+0"), ["ew+1"])
    XCTAssertEqual(built.following("ew-1"), ["ew-0"])
    XCTAssertEqual(built.following("ns+0"), ["ew+1", "ew-0", "ns+1"])
  }
}
