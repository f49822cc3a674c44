import CityBase
import CityNetwork
import XCTest

/// What is joined into one junction, what is merged away, and how turning lanes come about.
final class ClusterTests: XCTestCase {
  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  /// A road of two directions parts round an island of 18 m and comes together again.
  func testAnIslandIsNoJunction() {
    var s = Sketch()
    s.node("w", -300, 0)
    s.node("a", 0, 0)
    s.node("n", 9, 3)
    s.node("s", 9, -3)
    s.node("b", 18, 0)
    s.node("e", 300, 0)
    s.way("west", "w a")
    s.way("eastward", "a s b", lanes: 1, backward: 0)
    s.way("westward", "b n a", lanes: 1, backward: 0)
    s.way("east", "b e")
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.junctionCount, 3)
    XCTAssertEqual(built.network.linkCount, 4)
    XCTAssertEqual(built.following("west+0"), ["east+0"])
    XCTAssertEqual(built.network.junctionControl[built.junction(9, 0)], .passage)
    XCTAssertEqual(built.network.conflicts.count, 0)
  }

  /// A side street parts round a triangular island before it meets the main road, its legs the
  /// given height and half as far apart as that on either side.
  private func triangle(height h: Double) -> BuiltSketch {
    var s = Sketch()
    s.node("w", -300, 0)
    s.node("a", -h / 2, 0)
    s.node("b", h / 2, 0)
    s.node("e", 300, 0)
    s.node("top", 0, -h)
    s.node("s", 0, -300)
    s.way("main", "w a b e", .secondary)
    s.way("side", "s top", .tertiary)
    s.way("out", "b top", .tertiary, lanes: 1, backward: 0)
    s.way("in", "top a", .tertiary, lanes: 1, backward: 0)
    return s.build()
  }

  /// With 30 m the island has sides of 30, 33.5 and 33.5 m, between the stop lines of which hardly
  /// a car finds room; with 60 m there are streets between.
  func testATriangularIslandLiesWithinOneJunction() {
    let small = triangle(height: 30)
    assertSound(small)
    XCTAssertEqual(small.network.junctionCount, 4)
    XCTAssertEqual(small.network.linkCount, 6)
    XCTAssertEqual(small.following("side+0"), ["main+2", "main-0"])
    XCTAssertEqual(small.following("main+0"), ["main+2", "side-0"])
    let large = triangle(height: 60)
    assertSound(large)
    XCTAssertEqual(large.network.junctionCount, 6)
    XCTAssertEqual(large.network.linkCount, 10)
  }

  /// Where a road divides, opposite directions keep to their sides, and nobody turns round.
  func testTheSidesOfADividedRoadDoNotMeet() {
    var s = Sketch()
    s.node("w", -300, 0)
    s.node("a", 0, 0)
    s.node("s1", 60, -8)
    s.node("n1", 60, 8)
    s.node("s2", 400, -8)
    s.node("n2", 400, 8)
    s.way("two", "w a")
    s.way("eastward", "a s1 s2", lanes: 2, backward: 0)
    s.way("westward", "n2 n1 a", lanes: 2, backward: 0)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.following("westward+0"), ["two-0"])
    XCTAssertEqual(built.following("two+0"), ["eastward+0"])
    // Two lanes become one, and one becomes two.
    XCTAssertEqual(
      Set(built.network.conflicts.map(\.kind)), [ConflictKind.merge, ConflictKind.diverge])
  }

  /// Two streets of equal rank from west to east, and a street between them.
  private func twoStreets(apart y: Double) -> BuiltSketch {
    var s = Sketch()
    for (name, x, y) in [
      ("w1", -200.0, 0.0), ("a", 0, 0), ("e1", 200, 0), ("w2", -200, y), ("b", 0, y),
      ("e2", 200, y),
    ] {
      s.node(name, x, y)
    }
    s.way("south", "w1 a e1", .residential)
    s.way("north", "w2 b e2", .residential)
    s.way("between", "a b", .residential)
    return s.build()
  }

  /// A side street of 24 m between two streets of equal rank: 3 m of half a road at either end and
  /// 4 m of corner would leave 10 m; the corners give way, so that 15 m are left.
  func testCornersGiveWayToShortStreets() {
    let built = twoStreets(apart: 24)
    assertSound(built)
    XCTAssertEqual(built.network.linkLength[built.link("between+0")], 15, accuracy: 0.01)
    // At 17 m less than 12 m are left between the two roads: one junction with four arms.
    let joined = twoStreets(apart: 17)
    assertSound(joined)
    XCTAssertFalse(joined.link("between+0").isSome)
    XCTAssertEqual(joined.following("south+0"), ["north+1", "north-0", "south+1"])
  }

  /// A crossing with signals where the right turn from the west has a lane of its own, which leaves
  /// the road 12 m before the crossing and reaches the other one 12 m beyond it.
  private func slip() -> BuiltSketch {
    var s = Sketch()
    s.node("m", 0, 0, .signals)
    for (name, x, y) in [("w", -1.0, 0.0), ("e", 1, 0), ("s", 0, -1), ("n", 0, 1)] {
      s.node(name, 300 * x, 300 * y)
    }
    s.node("a", -12, 0)
    s.node("b", 0, -12)
    s.node("c", -4, -4)
    s.way("ew", "w a m e", .primary)
    s.way("ns", "n m b s", .primary)
    s.way("slip", "a c b", .primary, lanes: 1, backward: 0, ramp: true)
    return s.build()
  }

  func testASlipLanePassesByTheSignals() {
    let built = slip()
    assertSound(built)
    let n = built.network
    XCTAssertEqual(n.junctionCount, 5)
    XCTAssertEqual(n.signals.count, 1)
    guard let turn = built.connectors("ew+0", "ns+2").first,
      let through = built.connectors("ew+0", "ew+2").first
    else { return XCTFail("no way") }
    XCTAssertEqual(n.connectorGroup[turn], -1)
    XCTAssertGreaterThanOrEqual(n.connectorGroup[through], 0)
    // It yields to whoever else comes into the same road.
    XCTAssertEqual(built.conflict(("ew+0", "ns+2"), ("ns+0", "ns+2"))?.yields, 1)
    XCTAssertEqual(built.conflict(("ew+0", "ns+2"), ("ew-2", "ns+2"))?.yields, 1)
    // And keeps to the line of the source, past (-4, -4).
    let nearest = n.points(of: turn).map { $0.distance(to: Point2(-4, -4)) }.min() ?? .infinity
    XCTAssertLessThan(nearest, 1)
  }

  /// A driveway comes out at a crossing with signals: it gets no stage, and yields to all.
  func testADrivewayHasNoLights() {
    func crossing(hasDriveway: Bool) -> BuiltSketch {
      var s = Sketch()
      s.node("m", 0, 0, .signals)
      for (name, x, y) in [
        ("w", -300.0, 0.0), ("e", 300, 0), ("s", 0, -300), ("n", 0, 300), ("yard", 60, 104),
      ] {
        s.node(name, x, y)
      }
      s.way("ew", "w m e", .secondary)
      s.way("ns", "s m n", .secondary)
      if hasDriveway { s.way("yard", "yard m", .service) }
      return s.build()
    }
    let with = crossing(hasDriveway: true)
    let without = crossing(hasDriveway: false)
    assertSound(with)
    XCTAssertEqual(
      with.network.signals.values[0].phases.count, without.network.signals.values[0].phases.count)
    let ways = with.connectors("yard+0", "ew-0")
    XCTAssertEqual(ways.count, 1)
    for c in ways {
      XCTAssertEqual(with.network.connectorGroup[c], -1)
      for k in with.network.conflicts(of: c) where k.kind != ConflictKind.diverge {
        XCTAssertEqual(k.yields, 1)
      }
    }
  }

  // MARK: - Turning lanes

  /// A road of some lanes that crosses another one, with arrows, kerb lane first.
  private func marked(_ arrows: [LaneTurns], drivesOnRight: Bool = true) -> BuiltSketch {
    var s = Sketch(drivesOnRight: drivesOnRight)
    s.node("m", 0, 0)
    for (name, x, y) in [("w", -200.0, 0.0), ("e", 200, 0), ("s", 0, -200), ("n", 0, 200)] {
      s.node(name, x, y)
    }
    let way = s.way("in", "w m", .primary, lanes: arrows.count, backward: 0)
    s.way("out", "m e", .primary, lanes: 2, backward: 0)
    s.way("ns", "s m n", .primary, lanes: 2)
    s.mark(way, arrows)
    return s.build()
  }

  func testLanesFollowTheirArrows() {
    let built = marked([.right, .through, .left, .left])
    assertSound(built)
    XCTAssertEqual(built.lanes("in+0", "ns-0").map { $0[0] }, [0])
    XCTAssertEqual(built.lanes("in+0", "out+0").map { $0[0] }, [1])
    XCTAssertEqual(built.lanes("in+0", "ns+1").map { $0[0] }, [2, 3])
    // Without arrows the left turn would have one lane of four.
    XCTAssertEqual(marked([[], [], [], []]).lanes("in+0", "ns+1").count, 1)
    // A lane with two arrows serves both, one without any goes straight on.
    let shared = marked([[.through, .right], [], .left])
    XCTAssertEqual(shared.lanes("in+0", "ns-0").map { $0[0] }, [0])
    XCTAssertEqual(shared.lanes("in+0", "out+0").map { $0[0] }, [0, 1])
    // Where one drives on the left the kerb is in the north.
    let left = marked([.left, .through, .right], drivesOnRight: false)
    assertSound(left)
    XCTAssertEqual(left.lanes("in+0", "ns+1").map { $0[0] }, [0])
    XCTAssertEqual(left.lanes("in+0", "ns-0").map { $0[0] }, [2])
    // Arrows that would make ways cross are not believed: the left turn from the kerb.
    let odd = marked([.left, .through, .right])
    assertSound(odd)
    XCTAssertEqual(odd.lanes("in+0", "ns+1").map { $0[0] }, [2])
  }

  /// An alley on the left 40 m before the crossing: the arrows that are repeated beyond it are meant
  /// for the crossing.
  func testArrowsAreMeantForTheJunctionTheyArePaintedFor() {
    var s = Sketch()
    for (name, x, y) in [
      ("w", -300.0, 0.0), ("a", -40, 0), ("m", 0, 0), ("e", 200, 0), ("s", 0, -200), ("n", 0, 200),
      ("alley", -40, 150),
    ] {
      s.node(name, x, y)
    }
    let first = s.way("first", "w a", .primary, lanes: 2, backward: 0)
    let second = s.way("second", "a m", .primary, lanes: 2, backward: 0)
    s.way("out", "m e", .primary, lanes: 2, backward: 0)
    s.way("ns", "s m n", .primary)
    s.way("alley", "a alley", .service, lanes: 1, backward: 0)
    s.mark(first, [[.through, .right], .left])
    s.mark(second, [[.through, .right], .left])
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.lanes("first+0", "second+0"), [[0, 0], [1, 1]])
    XCTAssertEqual(built.lanes("second+0", "ns+1").map { $0[0] }, [1])
    XCTAssertEqual(built.lanes("second+0", "out+0").map { $0[0] }, [0])
  }

  // MARK: - What the source says by direction

  func testLimitsAndSignsByDirection() {
    var s = Sketch()
    s.node("w", -300, 0)
    s.node("sign", -20, 0, .stop, .forward)
    s.node("m", 0, 0)
    s.node("other", 20, 0, .stop, .forward)
    s.node("e", 300, 0)
    s.node("n", 0, 300)
    s.node("s", 0, -300)
    let ew = s.way("ew", "w sign m other e", .residential)
    s.way("ns", "s m n", .residential)
    s.limit(ew, forward: 10, backward: 7)
    let built = s.build()
    assertSound(built)
    XCTAssertEqual(built.network.linkSpeedLimit[built.link("ew+0")], 10)
    XCTAssertEqual(built.network.linkSpeedLimit[built.link("ew-0")], 7)
    // The sign before the crossing rules; the one beyond it faces those who drive away.
    XCTAssertEqual(built.conflict(("ew+0", "ew+1"), ("ns+0", "ns+1"))?.yields, 1)
    XCTAssertEqual(built.conflict(("ew-1", "ew-0"), ("ns+0", "ns+1"))?.yields, -1)
  }

  /// No turning round over the short link between two carriageways.
  func testABanOverSeveralWays() {
    func divided(isBanned: Bool) -> BuiltSketch {
      var s = Sketch()
      for (name, x, y) in [
        ("w1", -300.0, -6.0), ("a", 0, -6), ("e1", 300, -6), ("e2", 300, 6), ("b", 0, 6),
        ("w2", -300, 6), ("n", 0, 300),
      ] {
        s.node(name, x, y)
      }
      let east1 = s.way("east1", "w1 a", .primary, lanes: 1, backward: 0)
      s.way("east2", "a e1", .primary, lanes: 1, backward: 0)
      s.way("west1", "e2 b", .primary, lanes: 1, backward: 0)
      let west2 = s.way("west2", "b w2", .secondary, lanes: 1, backward: 0)
      let link = s.way("link", "a b", .primary)
      s.way("side", "b n", .tertiary)
      if isBanned { s.ban([east1, link, west2], over: "a b") }
      return s.build()
    }
    XCTAssertTrue(divided(isBanned: true).following("east1+0").contains("side+0"))
    XCTAssertFalse(divided(isBanned: true).following("east1+0").contains("west2+0"))
  }
}
