import CityBase
import CityNetwork
import XCTest

/// Signals timed for a demand that is known.
final class SignalRetimingTests: XCTestCase {
  /// Two streets of one lane each way cross at signals; vehicles an hour straight on, each way.
  private func phases(ew: Double, ns: Double) -> [SignalPhase] {
    var s = Sketch()
    s.node("m", 0, 0, .signals)
    for (name, x, y) in [("w", -1.0, 0.0), ("e", 1, 0), ("s", 0, -1), ("n", 0, 1)] {
      s.node(name, 300 * x, 300 * y)
    }
    s.way("ew", "w m e")
    s.way("ns", "s m n")
    let built = s.build()
    let graph = TurnGraph(built.network)
    var flows = [Double](repeating: 0, count: graph.turnCount)
    let straight = [
      ("ew+0", "ew+1", ew), ("ew-1", "ew-0", ew), ("ns+0", "ns+1", ns), ("ns-1", "ns-0", ns),
    ]
    for (from, to, flow) in straight {
      for turn in graph.turns(from: built.link(from))
      where graph.turnTarget[turn] == built.link(to) {
        flows[turn] = flow
      }
    }
    let retimed = SignalRetiming(built.network, graph: graph, flows: flows).retimed()
    XCTAssertEqual(NetworkInvariants.breaches(retimed), [])
    return retimed.signals.values[0].phases
  }

  private func seconds(_ phases: [SignalPhase]) -> [Double] {
    phases.map { Double($0.milliseconds) / 1000 }
  }

  /// 900 and 300 vehicles an hour on lanes that discharge 1,800 are flow ratios of 1/2 and 1/6, so
  /// that Webster's cycle is (1.5 L + 5) / (1 - 2/3), of which the first stage has three quarters of
  /// what is not lost.
  func testGreensAreInProportionToTheFlows() {
    let times = seconds(phases(ew: 900, ns: 300))
    XCTAssertEqual(times.count, 6)
    let lost = times[1] + times[2] + times[4] + times[5]
    let cycle = (1.5 * lost + 5) * 3
    XCTAssertEqual(times.reduce(0, +), cycle, accuracy: 1)
    let greens = [times[0], times[3]].sorted()
    XCTAssertEqual(greens[1], (cycle - lost) * 0.75, accuracy: 1)
    XCTAssertEqual(greens[0], (cycle - lost) * 0.25, accuracy: 1)
  }

  /// A stage that hardly anybody needs keeps its 8 s; beside them the cycle has to grow until the
  /// other one is no fuller than 85 %.
  func testNoStageIsFullerThanItShouldBe() {
    for flow in [300.0, 600, 900] {
      let times = seconds(phases(ew: flow, ns: 10))
      let cycle = times.reduce(0, +)
      let greens = [times[0], times[3]].sorted()
      XCTAssertEqual(greens[0], 8)
      XCTAssertLessThanOrEqual(flow / 1800 * cycle / greens[1], 0.85 + 0.01)
    }
  }
}
