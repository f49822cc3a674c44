import CityBase
import CityNetwork
import XCTest

/// How ways become links and junctions.
final class ShapeTests: XCTestCase {
  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  func testNodesOfDegreeTwoAreMerged() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 100, 0)
    s.node("c", 200, 50)
    s.way("one", "a b")
    s.way("two", "c b")
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionCount, 2)
    XCTAssertEqual(built.network.linkCount, 2)
    XCTAssertEqual(built.network.linkReverse[LinkID(0)], LinkID(1))
    // Named by the longer piece, whose way runs the other way.
    XCTAssertEqual(built.network.linkExternalID.values.sorted(), ["two+0", "two-0"])
    // 100 m and 111.803 m less 3 m for turning at each end; the lanes lie beside the line, so
    // that the two directions differ from it by the bend, the same amount each.
    let lengths = built.network.linkLength.values
    XCTAssertEqual((lengths[0] + lengths[1]) / 2, 205.803, accuracy: 0.01)
    // A dead end lets one turn round.
    XCTAssertEqual(built.following("two+0"), ["two-0"])
  }

  func testLaneDropKeepsAPassage() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 200, 0)
    s.node("c", 400, 0)
    s.way("wide", "a b", lanes: 2, backward: 0)
    s.way("narrow", "b c", lanes: 1, backward: 0)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionControl[built.junction(200, 0)], .passage)
    // Both lanes go on into the one there is, and neither has priority.
    XCTAssertEqual(built.lanes("wide+0", "narrow+0"), [[0, 0], [1, 0]])
    let pair = built.connectors("wide+0", "narrow+0")
    let merge = built.network.conflicts(of: pair[0]).first
    XCTAssertEqual(merge?.kind, 1)
    XCTAssertEqual(merge?.yields, 0)
  }

  func testWideningIsEnteredFromTheNeighbour() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 200, 0)
    s.node("c", 400, 0)
    s.way("narrow", "a b", lanes: 1, backward: 0)
    s.way("wide", "b c", lanes: 2, backward: 0)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.lanes("narrow+0", "wide+0"), [[0, 0], [0, 1]])
  }

  func testShortLinksAreAbsorbed() {
    // Two T junctions 10 m apart on one road.
    var s = Sketch()
    s.node("w", -200, 0)
    s.node("a", 0, 0)
    s.node("b", 10, 0)
    s.node("e", 200, 0)
    s.node("s", 0, -200)
    s.node("n", 10, 200)
    s.way("main", "w a b e", .secondary)
    s.way("south", "s a", .residential)
    s.way("north", "b n", .residential)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionCount, 5)
    XCTAssertEqual(built.network.linkCount, 8)
    XCTAssertEqual(built.following("south+0"), ["main+2", "main-0", "north+0"])
  }

  func testOneWayPiecesInsideAClusterAreObeyed() {
    // As above, but the 10 m between the two may only be driven eastwards.
    var s = Sketch()
    s.node("w", -200, 0)
    s.node("a", 0, 0)
    s.node("b", 10, 0)
    s.node("e", 200, 0)
    s.node("s", 0, -200)
    s.node("n", 10, 200)
    s.way("west", "w a", .secondary)
    s.way("between", "a b", .secondary, lanes: 1, backward: 0)
    s.way("east", "b e", .secondary)
    s.way("south", "s a", .residential)
    s.way("north", "b n", .residential)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.following("south+0"), ["east+0", "north+0", "west-0"])
    XCTAssertEqual(built.following("north-0"), ["east+0"])
  }

  func testCrossingOfDividedRoadsIsOneJunction() {
    // Two pairs of one-way carriageways, 20 m apart, with signals where they cross.
    var s = Sketch()
    for (name, x, y) in [("sw", -10.0, -10.0), ("se", 10, -10), ("ne", 10, 10), ("nw", -10, 10)] {
      s.node(name, x, y, .signals)
    }
    s.node("w1", -300, -10)
    s.node("e1", 300, -10)
    s.node("w2", -300, 10)
    s.node("e2", 300, 10)
    s.node("s1", -10, -300)
    s.node("n1", -10, 300)
    s.node("s2", 10, -300)
    s.node("n2", 10, 300)
    s.way("eastward", "w1 sw se e1", .primary, lanes: 3, backward: 0)
    s.way("westward", "e2 ne nw w2", .primary, lanes: 3, backward: 0)
    s.way("southward", "n1 nw sw s1", .primary, lanes: 3, backward: 0)
    s.way("northward", "s2 se ne n2", .primary, lanes: 3, backward: 0)
    let built = s.build()
    assertSound(built)
    let n = built.network
    XCTAssertEqual(n.signals.count, 1)
    // The four outer ends of each direction and the one crossing.
    XCTAssertEqual(n.junctionCount, 9)
    XCTAssertEqual(n.linkCount, 8)
    let middle = built.junction(0, 0)
    XCTAssertEqual(n.approaches(of: middle).count, 4)
    // Left, through and right from each, no turning round.
    XCTAssertEqual(
      built.following("eastward+0"), ["eastward+2", "northward+2", "southward+2"])
    // The left turn has a lane of its own and a stage of its own: four stages.
    XCTAssertEqual(built.lanes("eastward+0", "northward+2"), [[2, 2]])
    XCTAssertEqual(n.signals.values[0].phases.count, 12)
  }

  func testSignalsBeforeACrossingBelongToIt() {
    // Signals at the stop lines, none on the crossing itself, and one at a crosswalk far away.
    var s = Sketch()
    s.node("m", 0, 0)
    for (name, x, y) in [("w", -1.0, 0.0), ("e", 1, 0), ("s", 0, -1), ("n", 0, 1)] {
      s.node(name + "1", x * 12, y * 12, .signals)
      s.node(name, x * 300, y * 300)
    }
    s.node("walk", -150, 0, .signals)
    s.way("ew", "w walk w1 m e1 e")
    s.way("ns", "s s1 m n1 n")
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionCount, 5)
    XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .signals)
    XCTAssertEqual(built.network.signals.count, 1)
    XCTAssertEqual(built.diagnostics.count(of: "signal-dropped"), 1)
  }

  func testLanesOfAForkAndAMergeStayApart() {
    // Three lanes part into two and one, and come together again.
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 300, 0)
    s.node("c", 800, 0)
    s.node("d", 1100, 0)
    s.node("x", 400, -20)
    s.node("y", 700, -20)
    s.way("in", "a b", .trunk, lanes: 3, backward: 0)
    s.way("main", "b c", .trunk, lanes: 2, backward: 0)
    s.way("ramp", "b x y c", .trunk, lanes: 1, backward: 0, ramp: true)
    s.way("out", "c d", .trunk, lanes: 3, backward: 0)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.lanes("in+0", "ramp+0"), [[0, 0]])
    XCTAssertEqual(built.lanes("in+0", "main+0"), [[1, 0], [2, 1]])
    XCTAssertEqual(built.lanes("ramp+0", "out+0"), [[0, 0]])
    XCTAssertEqual(built.lanes("main+0", "out+0"), [[0, 1], [1, 2]])
    XCTAssertEqual(built.network.conflicts.count, 0)
  }

  /// A ramp that leaves a motorway at an angle of 27 degrees in the map; who drives off there goes
  /// as fast as the ramp allows, and nobody brakes to the 30 km/h of a street corner.
  func testRampsAreLeftAtSpeed() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 300, 0)
    s.node("c", 800, 0)
    s.node("x", 400, -50)
    let main = s.way("main", "a b c", .motorway, lanes: 2, backward: 0)
    let ramp = s.way("ramp", "b x", .motorway, lanes: 1, backward: 0, ramp: true)
    s.limit(main, forward: 30, backward: 30)
    s.limit(ramp, forward: 20, backward: 20)
    let built = s.build()
    assertSound(built)
    let n = built.network
    for (to, speed) in [("ramp+0", Float(20)), ("main+1", 30)] {
      for c in built.connectors("main+0", to) {
        XCTAssertEqual(n.laneSpeed[n.lane(of: c)], speed, to)
      }
    }
    XCTAssertEqual(built.connectors("main+0", "ramp+0").count, 1)
  }

  func testRampYields() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 300, 0)
    s.node("c", 600, 0)
    s.node("x", 150, -40)
    s.way("main", "a b c", .trunk, lanes: 1, backward: 0)
    s.way("ramp", "x b", .trunk, lanes: 1, backward: 0, ramp: true)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.conflict(("ramp+0", "main+1"), ("main+0", "main+1"))?.yields, 1)
  }

  func testDirtIsLeftOutWithAWord() {
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 100, 0)
    s.node("bad", .nan, 0)
    s.node("far", .infinity, 1e300)
    s.node("c", 200, 0)
    s.way("good", "a b c")
    s.way("dangling", "a nowhere")
    s.way("mad", "bad far")
    s.way("same", "a a a")
    s.way("path", "a b", access: .bicycle)
    s.way("lanes", "b c", lanes: 99)
    s.way("closed", "b c", lanes: 0, backward: 0)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.diagnostics.count(of: "way-too-short"), 3)
    XCTAssertEqual(built.diagnostics.count(of: "way-without-lanes"), 1)
    XCTAssertEqual(built.diagnostics.count(of: "way-lanes"), 1)
    XCTAssertEqual(
      built.network.linkExternalID.values.sorted(),
      ["good+0", "good+1", "good-0", "good-1", "lanes+0", "lanes-0"])
    XCTAssertEqual(Sketch().build().network.linkCount, 0)
  }
}
