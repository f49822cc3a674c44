import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityPolicy

final class SignalPlanTests: XCTestCase {
  /// A plan from seconds and letters: G green, g permissive, y yellow, r red.
  private func controller(_ phases: [(Int32, String)]) -> SignalController {
    let letters: [Character: SignalState] = [
      "G": .green, "g": .permissive, "y": .yellow, "r": .red,
    ]
    return SignalController(
      externalID: "x", junction: JunctionID(0), groupCount: Int32(phases[0].1.count),
      phases: phases.map { seconds, states in
        SignalPhase(milliseconds: seconds * 1000, states: states.compactMap { letters[$0] })
      }, offsetMilliseconds: 7000)
  }

  /// Greens 30 and 20, with 3 yellow and 2 all-red after each: a cycle of 60.
  private var simple: SignalController {
    controller([(30, "Gr"), (3, "yr"), (2, "rr"), (20, "rG"), (3, "ry"), (2, "rr")])
  }

  private func milliseconds(_ keys: String, _ built: SignalController) throws -> [Int32] {
    try PolicyTown.settings(SignalPlan.self, #"{"signals": ["5"], \#(keys)}"#)
      .plan(inPlaceOf: built).phases.map(\.milliseconds)
  }

  func testChangesTheGreensAndNothingElse() throws {
    XCTAssertEqual(
      try milliseconds(#""green_s": [35.5, 12]"#, simple), [35500, 3000, 2000, 12000, 3000, 2000])
    XCTAssertEqual(
      try milliseconds(#""offset_s": 12"#, simple), [30000, 3000, 2000, 20000, 3000, 2000])
    // 90 less 10 between leaves 80, 3 to 2: 48 and 32. With 1 to 3 given: 20 and 60.
    XCTAssertEqual(
      try milliseconds(#""cycle_s": 90"#, simple), [48000, 3000, 2000, 32000, 3000, 2000])
    XCTAssertEqual(
      try milliseconds(#""cycle_s": 90, "green_s": [10, 30]"#, simple),
      [20000, 3000, 2000, 60000, 3000, 2000])
    // Three equal greens of 41 - 9 = 32 s: 10.667, 21.333 and 32 rounded, less the one before.
    let three = controller([(9, "Grr"), (3, "yrr"), (9, "rGr"), (3, "ryr"), (9, "rrG"), (3, "rry")])
    let thirds = try milliseconds(#""cycle_s": 41"#, three)
    XCTAssertEqual(thirds, [10667, 3000, 10666, 3000, 10667, 3000])
    XCTAssertEqual(thirds.reduce(0, +), 41000)

    let settings = try PolicyTown.settings(
      SignalPlan.self, #"{"signals": ["5"], "green_s": [35, 12], "offset_s": 12.5}"#)
    let plan = try settings.plan(inPlaceOf: simple)
    XCTAssertEqual(plan.offsetMilliseconds, 12500)
    XCTAssertEqual(plan.phases.map(\.states), simple.phases.map(\.states))
    XCTAssertEqual(plan.externalID, "x")
  }

  func testAStageIsWhatLetsSomebodyGo() {
    XCTAssertEqual(simple.greenStages, [0, 3])
    // The left turn goes on, yielding and then alone: its second green is a stage, yellow is not.
    XCTAssertEqual(
      controller([(30, "Gg"), (3, "yg"), (8, "rG"), (3, "ry")]).greenStages, [0, 2])
    // Who goes on through the phases between makes no stage of them.
    XCTAssertEqual(
      controller([(9, "GGr"), (3, "Gyr"), (1, "Grr"), (20, "GrG"), (3, "yry"), (1, "rrr")])
        .greenStages, [0, 3])
    XCTAssertEqual(controller([(60, "Gg")]).greenStages, [0])
    XCTAssertEqual(controller([(60, "rr")]).greenStages, [])
  }

  /// The plans that the network builder makes are stage, yellow, all-red, over and over.
  func testFindsTheStagesOfBuiltPlans() throws {
    for lanes in 1...3 {
      let network = GridNetwork(size: 3, lanes: lanes).build()
      XCTAssertEqual(network.signals.count, 9)
      for signal in network.signals.values {
        XCTAssertEqual(signal.greenStages, Array(stride(from: 0, to: signal.phases.count, by: 3)))
      }
    }
    // The shipped city has all kinds of junctions.
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let path = root.appendingPathComponent("GeoData/haihe/network.cimn").path
    let city = try NetworkFile.decode(try InputFile.read(path: path), file: path)
    XCTAssertGreaterThan(city.signals.count, 150)
    for signal in city.signals.values {
      XCTAssertEqual(
        signal.greenStages, Array(stride(from: 0, to: signal.phases.count, by: 3)),
        signal.externalID)
    }
  }

  func testSetsAndRestoresThePlan() throws {
    let network = PolicyTown.network
    // Node 5 is the crossing at (200, 200): row 1, column 1 of four by four.
    let signal = try XCTUnwrap(
      network.signals.ids.first { network.signals[$0].externalID == "5" })
    XCTAssertEqual(
      network.junctionPosition[network.signals[signal].junction].distance(to: Point2(200, 200)), 0,
      accuracy: 1)
    for selector in [#""5""#, #""lamp-1""#, #"{"near": [0.23, 0.2]}"#, #""5", "lamp-1""#] {
      let policy = try PolicyTown.policy(
        SignalPlan.self,
        #"{"signals": [\#(selector)], "offset_s": 30, "from": "07:05", "until": "07:55"}"#)
      var plan = network.signals[signal]
      plan.offsetMilliseconds = 30_000
      XCTAssertEqual(
        try PolicyTown.agenda(policy),
        [600: [.setSignalPlan(signal, plan)], 6600: [.restoreSignalPlan(signal)]], selector)
      XCTAssertEqual(policy.claims, [PolicyClaim(.signalPlan(signal), 600..<6600)])
    }
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    let policy = try PolicyTown.policy(
      SignalPlan.self, #"{"signals": ["5", "6", "9", "10"], "cycle_s": 110, "until": "07:20"}"#)
    XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
  }

  func testRefusesWhatCannotBe() throws {
    let stages = try XCTUnwrap(PolicyTown.network.signals.values.first).greenStages.count
    let tooMany = Array(repeating: "20", count: stages + 1).joined(separator: ",")
    assertRefused(
      SignalPlan.self,
      [
        Refusal(#"{"signals": ["5"]}"#, ".green_s", "one of \"green_s\""),
        Refusal(#"{"signals": [], "cycle_s": 60}"#, ".signals", "one signal or more"),
        Refusal(#"{"signals": ["lamp-11"], "cycle_s": 60}"#, ".signals[0]", "mean \"lamp-1\"?"),
        Refusal(#"{"signals": ["lamp-2"], "cycle_s": 60}"#, ".signals[0]", "no signal of the road"),
        Refusal(#"{"signals": [5], "cycle_s": 60}"#, ".signals[0]", "found a number"),
        Refusal(
          #"{"signals": ["5", {"near": [0.26, 0.2]}], "cycle_s": 60}"#, ".signals[1]",
          "within 50 m of a signal"),
        Refusal(#"{"signals": [{"at": [1, 1]}], "cycle_s": 60}"#, ".signals[0]", "near"),
        Refusal(
          #"{"signals": ["5"], "green_s": [\#(tooMany)]}"#, ".green_s",
          "has \(stages) green stages; expected a number for each, found \(stages + 1)"),
        Refusal(#"{"signals": ["5"], "green_s": [20, 4]}"#, ".green_s[1]", "from 5.0"),
        Refusal(#"{"signals": ["5"], "green_s": [20, "4"]}"#, ".green_s[1]", "a number"),
        Refusal(#"{"signals": ["5"], "cycle_s": 12}"#, ".cycle_s", "5.0 s or more"),
        Refusal(#"{"signals": ["5"], "offset_s": -1}"#, ".offset_s", "from 0.0"),
      ])
    // 20 s less 10 between leaves 10: 6 and 4.
    XCTAssertThrowsError(try milliseconds(#""cycle_s": 20"#, simple)) {
      XCTAssertTrue("\($0)".contains("leaves green stage 1 of signal \"x\" 4.0 s"), "\($0)")
    }
    XCTAssertThrowsError(try milliseconds(#""cycle_s": 20"#, controller([(60, "rr")])))
  }
}
