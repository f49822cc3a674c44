import CityBase
import CityNetwork
import XCTest

/// Roundabouts: as one junction where their arms lie near each other, as links where they do not.
final class RoundaboutTests: XCTestCase {
  private static let arms = [("e", 1.0, 0.0), ("n", 0, 1), ("w", -1, 0), ("s", 0, -1)]

  /// A ring with arms of 200 m in the four directions; where they are forked, each has a leg in and
  /// a leg out that meet the ring 6 m to the right and left of its axis.
  private func roundabout(radius r: Double, drivesOnRight: Bool = true, isForked: Bool = false)
    -> BuiltSketch
  {
    var s = Sketch(drivesOnRight: drivesOnRight)
    var ring: [String] = []
    for (name, x, y) in Self.arms {
      s.node(name + "9", x * (r + 200), y * (r + 200))
      if isForked {
        s.node(name + "5", x * (r + 20), y * (r + 20))
        // Seen outwards the leg out lies on the right.
        let inner = (r * r - 36).squareRoot()
        s.node(name + "out", x * inner + y * 6, y * inner - x * 6)
        s.node(name + "in", x * inner - y * 6, y * inner + x * 6)
        ring += [name + "out", name + "in"]
      } else {
        s.node(name, x * r, y * r)
        ring.append(name)
      }
      let d = r * 0.7071
      s.node(name + "d", d * (x - y), d * (x + y))
      ring.append(name + "d")
    }
    ring.append(ring[0])
    if !drivesOnRight { ring.reverse() }
    s.way("ring", ring.joined(separator: " "), lanes: 1, backward: 0, roundabout: true)
    for (name, _, _) in Self.arms {
      if isForked {
        s.way(name, "\(name)9 \(name)5")
        s.way(name + "in", "\(name)5 \(name)in", lanes: 1, backward: 0)
        s.way(name + "out", "\(name)out \(name)5", lanes: 1, backward: 0)
      } else {
        s.way(name, "\(name)9 \(name)")
      }
    }
    return s.build()
  }

  private func assertSound(_ built: BuiltSketch, line: UInt = #line) {
    XCTAssertEqual(NetworkInvariants.breaches(built.network), [], line: line)
  }

  func testAUsualRoundaboutIsOneJunction() {
    for built in [roundabout(radius: 17), roundabout(radius: 17, isForked: true)] {
      assertSound(built)
      // The roundabout and four dead ends; every arm leads to the three others.
      XCTAssertEqual(built.network.junctionCount, 5)
      XCTAssertEqual(built.network.linkCount, 8)
      XCTAssertEqual(built.network.junctionControl[built.junction(0, 0)], .roundabout)
      XCTAssertEqual(built.following("s+0"), ["e-0", "n-0", "w-0"])
    }
  }

  private func length(_ built: BuiltSketch, _ from: String, _ to: String) -> Double {
    guard let c = built.connectors(from, to).first else { return 0 }
    return Double(built.network.laneLength[built.network.lane(of: c)])
  }

  func testEveryArmFurtherIsAQuarterOfTheRingMore() {
    let built = roundabout(radius: 17)
    // 2 x 3.1416 x 17 / 4 = 26.7 m, here along eight chords: 8 x 2 x 17 x sin(22.5°) / 4 = 26.02.
    let right = length(built, "s+0", "e-0")
    let through = length(built, "s+0", "n-0")
    let left = length(built, "s+0", "w-0")
    XCTAssertEqual(through - right, 26.02, accuracy: 0.05)
    XCTAssertEqual(left - through, 26.02, accuracy: 0.05)
    // V = 8.6164 R^0.3673 km/h: 24.4 km/h for 17 m.
    if let c = built.connectors("s+0", "n-0").first {
      XCTAssertEqual(built.network.laneSpeed[built.network.lane(of: c)] * 3.6, 24.4, accuracy: 0.1)
    }
  }

  func testTheRingGoesFirstAndIsShared() {
    for drivesOnRight in [true, false] {
      let built = roundabout(radius: 17, drivesOnRight: drivesOnRight)
      assertSound(built)
      // Against the sun where one drives on the right: from the west past the south to the east.
      let (first, entry, exit) = drivesOnRight ? ("w+0", "s+0", "e-0") : ("e+0", "s+0", "w-0")
      let merge = built.conflict((entry, exit), (first, exit))
      XCTAssertEqual(merge?.kind, ConflictKind.merge)
      XCTAssertEqual(merge?.yields, 1)
      let shared = built.conflict((entry, "n-0"), (first, exit))
      XCTAssertEqual(shared?.kind, ConflictKind.shared)
      XCTAssertEqual(shared?.yields, 1)
      // Both drive the quarter from the south to the next arm, less 6 m at either end for joining
      // and leaving, and are near each other for a little more.
      if let shared {
        XCTAssertGreaterThan(shared.exit - shared.entry, 26 - 12)
        XCTAssertLessThan(shared.exit - shared.entry, 26 + 12)
        // Who comes from the west is 26 m further on its way at the same place.
        XCTAssertEqual(shared.shift, -26.02, accuracy: 0.05)
      }
      // Who leaves before the entry, and who enters only after one's own exit, is in nobody's way.
      XCTAssertNil(built.conflict((entry, exit), (first, "s-0")))
      XCTAssertNil(built.conflict((entry, exit), (drivesOnRight ? "e+0" : "w+0", "n-0")))
    }
  }

  func testTwoWhoPassEachOthersEntriesMeetTwice() {
    let built = roundabout(radius: 17)
    // From the south to the west and from the north to the east: three quarters each, of which two
    // are common to both.
    guard let a = built.connectors("s+0", "w-0").first, let b = built.connectors("n+0", "e-0").first
    else { return XCTFail("no way round") }
    let met = built.network.conflicts(of: a).filter { $0.other == b }
    XCTAssertEqual(met.map(\.kind), [ConflictKind.shared, ConflictKind.shared])
    // First the other one comes round to this entry, then this one to the other's.
    XCTAssertEqual(met.map(\.yields), [1, -1])
  }

  func testALargeRoundaboutKeepsItsLinks() {
    let built = roundabout(radius: 60)
    assertSound(built)
    let n = built.network
    // Four ring junctions and four dead ends; four ring links and eight of the arms.
    XCTAssertEqual(n.junctionCount, 8)
    XCTAssertEqual(n.linkCount, 12)
    XCTAssertEqual(n.linkIsRoundabout.values.count { $0 }, 4)
    // Into the ring one can only turn right; the ring goes on or out.
    XCTAssertEqual(built.following("s+0"), ["ring+3"])
    XCTAssertEqual(built.following("ring+2"), ["ring+3", "s-0"])
    // The ring goes first.
    XCTAssertEqual(built.conflict(("s+0", "ring+3"), ("ring+2", "ring+3"))?.yields, 1)
  }
}
