import CityBase
import CityNetwork
import XCTest

/// Rings of streets for one direction that nobody has tagged as roundabouts.
final class GyratoryTests: XCTestCase {
  /// A triangle with sides of 100 m, against the clock where one drives on the right, and a road for
  /// both directions away from each corner.
  private func triangle(
    drivesOnRight: Bool = true, isReversed: Bool = false, _ ringClass: RoadClass = .primary,
    armClass: RoadClass = .primary, at corner: NodeControl = .none, sign: NodeControl = .none
  ) -> BuiltSketch {
    var s = Sketch(drivesOnRight: drivesOnRight)
    s.node("a", -50, 0, corner)
    s.node("b", 50, 0, corner)
    s.node("c", 0, 86.6, corner)
    // 10 m before the corner at b.
    s.node("yield", 40, 0, sign, .forward)
    s.node("a9", -223, -100)
    s.node("b9", 223, -100)
    s.node("c9", 0, 286)
    let isForward = drivesOnRight != isReversed
    let ring = ["a yield b", "b c", "c a"].map {
      isForward ? $0 : $0.split(separator: " ").reversed().joined(separator: " ")
    }
    for (i, nodes) in ring.enumerated() {
      s.way("ring\(i)", nodes, ringClass, lanes: 2, backward: 0)
    }
    for n in ["a", "b", "c"] { s.way(n, "\(n)9 \(n)", armClass) }
    return s.build()
  }

  private func controls(_ built: BuiltSketch) -> [JunctionControl] {
    [(-50.0, 0.0), (50, 0), (0, 86.6)].map {
      built.network.junctionControl[built.junction($0.0, $0.1)]
    }
  }

  func testWhoIsInTheRingGoesFirst() {
    for drivesOnRight in [true, false] {
      let built = triangle(drivesOnRight: drivesOnRight)
      XCTAssertEqual(NetworkInvariants.breaches(built.network), [])
      XCTAssertEqual(controls(built), [.roundabout, .roundabout, .roundabout])
      XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 1)
      // From the ring past the first corner after it, and into the ring there.
      let (along, beyond) = drivesOnRight ? ("ring0+0", "ring1+0") : ("ring1+0", "ring0+0")
      let merge = built.conflict(("b+0", beyond), (along, beyond))
      XCTAssertEqual(merge?.yields, 1)
    }
  }

  func testARingTheOtherWayRoundIsNone() {
    let built = triangle(isReversed: true)
    XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 0)
    XCTAssertFalse(controls(built).contains(.roundabout))
  }

  func testSignalsAndSignsRuleOtherwise() {
    for built in [triangle(at: .signals), triangle(sign: .giveWay), triangle(sign: .stop)] {
      XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 0)
      XCTAssertFalse(controls(built).contains(.roundabout))
    }
  }

  func testFastRoadsRampsAndDrivewaysAreNone() {
    XCTAssertFalse(controls(triangle(.motorway, armClass: .motorway)).contains(.roundabout))
    XCTAssertFalse(controls(triangle(.service, armClass: .service)).contains(.roundabout))
  }

  func testARoadOfAHigherClassRulesTheRing() {
    let built = triangle(.residential, armClass: .primary)
    XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 0)
  }

  /// The four streets round a block, each for one direction and each longer than the block.
  func testABlockIsNoRing() {
    for side in [60.0, 100] {
      var s = Sketch()
      let h = side / 2
      for (name, x, y) in [("a", -h, -h), ("b", h, -h), ("c", h, h), ("d", -h, h)] {
        s.node(name, x, y)
      }
      for (from, to, x, y) in [
        ("a", "b", 1.0, 0.0), ("b", "c", 0, 1), ("c", "d", -1, 0), ("d", "a", 0, -1),
      ] {
        let a = s.source.nodes[Int(s.index(from))].position
        let b = s.source.nodes[Int(s.index(to))].position
        s.node(from + to + "0", a.x - 150 * x, a.y - 150 * y)
        s.node(from + to + "9", b.x + 150 * x, b.y + 150 * y)
        s.way(from + to, "\(from)\(to)0 \(from) \(to) \(from)\(to)9", lanes: 1, backward: 0)
      }
      let built = s.build()
      XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 0)
      XCTAssertFalse(built.network.linkIsRoundabout.values.contains(true))
    }
  }

  /// A street parts into two halves round a narrow green and becomes one again; a side street comes
  /// in on either side.
  func testARoadRoundANarrowGreenIsNone() {
    var s = Sketch()
    for (name, x, y) in [
      ("w9", -400.0, 0.0), ("w", -100, 0), ("ws", -90, -10), ("s", 0, -10), ("es", 90, -10),
      ("e", 100, 0), ("en", 90, 10), ("n", 0, 10), ("wn", -90, 10), ("e9", 400, 0), ("s9", 0, -200),
      ("n9", 0, 200),
    ] { s.node(name, x, y) }
    s.way("west", "w9 w")
    s.way("south", "w ws s es e", lanes: 1, backward: 0)
    s.way("north", "e en n wn w", lanes: 1, backward: 0)
    s.way("east", "e e9")
    s.way("in", "s9 s")
    s.way("out", "n9 n")
    let built = s.build()
    XCTAssertEqual(built.diagnostics.count(of: "gyratories"), 0)
  }
}
