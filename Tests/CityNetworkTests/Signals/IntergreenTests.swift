import CityBase
import XCTest

@testable import CityNetwork

/// Yellow, all-red and stages against what one reckons by hand.
final class IntergreenTests: XCTestCase {
  /// RiLSA's clearing less entering time: a car of 6 m at 10 m/s straight on (or faster, if the way
  /// allows) and 7 m/s in a turn, less the way of another at 40 km/h.
  func testClearanceByHand() {
    func time(_ speed: Double, _ turn: Turn, _ place: Double, _ other: Double) -> Double {
      SignalTiming.clearance(speed: speed, turn: turn, upTo: place, beforeEntering: other)
    }
    // (24 + 6) / 10 - 20 / 11.111
    XCTAssertEqual(time(8, .through, 24, 20), 3 - 1.8, accuracy: 1e-9)
    // (24 + 6) / 15: nobody is slower than the way allows.
    XCTAssertEqual(time(15, .through, 24, 20), 2 - 1.8, accuracy: 1e-9)
    // (15 + 6) / 7, with the other at the line.
    XCTAssertEqual(time(5, .left, 15, 0), 3, accuracy: 1e-9)
    XCTAssertEqual(time(5, .right, 8, 10), 2 - 0.9, accuracy: 1e-9)
  }

  private func crossing(_ west: Double, _ south: Double) -> BuiltSketch {
    var s = Sketch()
    s.node("m", 0, 0, .signals)
    for (name, x, y) in [("w", -1.0, 0.0), ("e", 1, 0), ("s", 0, -1), ("n", 0, 1)] {
      s.node(name, 300 * x, 300 * y)
    }
    let ew = s.way("ew", "w m e")
    let ns = s.way("ns", "s m n")
    s.limit(ew, forward: west / 3.6, backward: west / 3.6)
    s.limit(ns, forward: south / 3.6, backward: south / 3.6)
    return s.build()
  }

  /// Yellow is v / (2 · 3 m/s²) + 1 s, rounded up to half seconds, 3 to 5 s: 30 km/h 2.39, 50 km/h
  /// 3.31, 60 km/h 3.78, 70 km/h 4.24, 100 km/h 5.63.
  func testYellowFollowsTheSpeed() {
    for (speeds, yellows) in [
      ((30.0, 50.0), [3.0, 3.5]), ((60, 70), [4, 4.5]), ((100, 50), [5, 3.5]),
    ] {
      let built = crossing(speeds.0, speeds.1)
      let signal = SignalID(0)
      let table = Intergreens(built.network, signal)
      let phases = built.network.signals[signal].phases
      XCTAssertEqual(phases.count, 6)
      var shown: [Double] = []
      for (name, yellow) in zip(["ew+0", "ns+0"], yellows) {
        let c = built.network.connectors(
          from: LaneID(built.network.lanes(of: built.link(name)).lowerBound))
        let group = Int(built.network.connectorGroup[ConnectorID(c.lowerBound)])
        XCTAssertEqual(table.yellow[group], Int32(yellow * 1000), "\(speeds)")
        for phase in phases where phase.states[group] == .yellow {
          shown.append(Double(phase.milliseconds) / 1000)
        }
      }
      XCTAssertEqual(shown, yellows)
    }
  }

  /// After each green of a crossing's plan everything is red for the longest time by which anybody
  /// of it still clears a place when the first of the next green could reach it; in half seconds, 1
  /// to 4 s.
  func testAllRedIsTheLongestClearance() {
    for limit in [30.0, 50, 70] {
      let network = crossing(limit, limit).network
      let plan = network.signals[SignalID(0)]
      for stage in [0, 3] {
        let now = plan.phases[stage].states
        let next = plan.phases[(stage + 3) % 6].states
        var longest = 0.0
        for c in (0..<network.connectorCount).map({ ConnectorID($0) }) {
          for conflict in network.conflicts(of: c) where conflict.kind != ConflictKind.diverge {
            let (a, b) = (
              Int(network.connectorGroup[c]), Int(network.connectorGroup[conflict.other])
            )
            guard a >= 0, b >= 0, now[a] != .red, next[a] == .red, next[b] != .red, now[b] == .red
            else { continue }
            let crosses = conflict.kind == ConflictKind.crossing
            let out = crosses ? (conflict.entry + conflict.exit) / 2 : conflict.entry
            let into =
              crosses ? (conflict.otherEntry + conflict.otherExit) / 2 : conflict.otherEntry
            let way = Double(network.laneSpeed[network.lane(of: c)])
            let speed = max(way, network.connectorTurn[c] == .through ? 10 : 7)
            longest = max(longest, Double(out + 6) / speed - Double(into) * 3.6 / 40)
          }
        }
        let expected = min(4, max(1, (longest * 2).rounded(.up) / 2))
        XCTAssertEqual(Double(plan.phases[stage + 2].milliseconds) / 1000, expected)
        XCTAssertTrue(plan.phases[stage + 2].states.allSatisfy { $0 == .red })
        // The table for any two stages says the same of these two.
        let table = Intergreens(network, SignalID(0))
        XCTAssertEqual(table.allRed(from: now, to: next), Int32(expected * 1000))
        XCTAssertEqual(
          table.phases(from: now, to: next).map(\.states),
          plan.phases[(stage + 1)...(stage + 2)].map(\.states))
      }
    }
  }

  /// Greens of 30 and 20 s with 3 s of yellow and 2 s of red after each, which begin 8 s after the
  /// cycle does, at 7 s past midnight.
  func testAPlanAsStages() {
    let letters: [Character: SignalState] = [
      "G": .green, "g": .permissive, "y": .yellow, "r": .red,
    ]
    let plan = SignalController(
      externalID: "x", junction: JunctionID(0), groupCount: 2,
      phases: [(2, "rr"), (6, "rr"), (30, "Gr"), (3, "yr"), (2, "rr"), (20, "rG"), (3, "ry")].map {
        SignalPhase(milliseconds: $0 * 1000, states: $1.compactMap { letters[$0] })
      }, offsetMilliseconds: 7000)
    let staged = StagedPlan(plan)
    XCTAssertEqual(staged.cycleMilliseconds, 66_000)
    XCTAssertEqual(staged.stages.map(\.startMilliseconds), [8000, 43_000])
    XCTAssertEqual(staged.stages.map(\.greenMilliseconds), [30_000, 20_000])
    // After the second green: its yellow, and the reds with which the plan begins.
    XCTAssertEqual(staged.stages.map(\.betweenMilliseconds), [5000, 11_000])
    XCTAssertEqual(staged.stages[1].between.map(\.milliseconds), [3000, 2000, 6000])
    for (time, stage, since) in [
      (15_000, 0, 0), (45_000, 0, 30_000), (49_999, 0, 34_999), (50_000, 1, 0), (72_000, 1, 22_000),
      (80_999, 1, 30_999), (81_000, 0, 0), (7000, 1, 23_000), (0, 1, 16_000),
    ] as [(Int64, Int, Int64)] {
      let found = staged.stage(at: time)
      XCTAssertEqual([Int64(found.stage), found.since], [Int64(stage), since], "\(time)")
    }
    XCTAssertEqual(staged.stage(showing: [.red, .green]), 1)
    XCTAssertNil(staged.stage(showing: [.green, .green]))
  }

  /// A turning lane of its own leaves the road at B and leads back to A, for those who come from C.
  /// Who comes from A does not hook into it to get back to A; where the lane is a street of 200 m, it
  /// is like any other.
  func testNobodyHooksIntoATurningLane() {
    for (length, isOpen) in [(60.0, false), (200, true)] {
      var s = Sketch()
      s.node("a", 0, 0)
      s.node("b", length, 0)
      s.node("c", length + 300, 0)
      s.node("mid", length / 2, 0.4 * length)
      s.node("n", 0, 200)
      s.node("s", 0, -200)
      s.way("main", "a b c")
      s.way("lane", "b mid a", backward: 0)
      s.way("cross", "s a n")
      let built = s.build()
      func turns(_ from: String) -> [Turn] {
        built.connectors(from, "lane+0").map { built.network.connectorTurn[$0] }
      }
      XCTAssertTrue(
        turns("main-1").contains { $0 != .uTurn }, "\(length): \(built.following("main-1"))")
      XCTAssertEqual(turns("main+0").contains { $0 != .uTurn }, isOpen, "\(length)")
    }
  }
}
