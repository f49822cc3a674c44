import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Issues commands at ticks.
private struct Timetable: Policy {
  let name = "timetable"
  var entries: [(tick: Tick, command: Command)]
  func commands(_ observation: Observation) -> [Command] {
    entries.filter { $0.tick == observation.moment.tick }.map(\.command)
  }
}

final class OverrideTests: XCTestCase {
  private let network = GridNetwork(size: 3, isSignalised: false).build()

  /// Seconds on the road of one car over the whole grid, under commands.
  private func seconds(_ network: RoadNetwork, _ entries: [(Tick, Command)]) throws -> Double {
    let r = GridRun(
      network: network, trips: 1, seconds: 1, seed: 5,
      policies: [Timetable(entries: entries.map { (tick: $0.0, command: $0.1) })])
    while r.traffic.counts.arrived == 0, r.simulation.tick < 4000 { try r.simulation.step() }
    XCTAssertEqual(r.traffic.counts.arrived, 1)
    let vehicles = r.traffic.world.vehicles
    return Double(vehicles.arrived[0] - vehicles.departed[0]) / 2
  }

  func testALowerLimitIsKeptAndRestored() throws {
    let all = (0..<network.linkCount).map { LinkID($0) }
    let free = try seconds(network, [])
    let slow = try seconds(network, all.map { (0, .limitSpeed($0, metersPerSecond: 5)) })
    // Links of 200 m at 50 km/h built, at 18 km/h now: junctions aside 2.8 times as long.
    XCTAssertGreaterThan(slow, 2 * free)
    XCTAssertLessThan(slow, 3 * free)
    let restored = try seconds(
      network,
      all.map { (0, .limitSpeed($0, metersPerSecond: 5)) } + all.map { (1, .restoreSpeed($0)) })
    XCTAssertEqual(restored, free, accuracy: 1)
  }

  func testASignalPlanTakesThePlaceOfTheBuiltOne() throws {
    let signalled = GridNetwork(size: 3).build()
    let free = try seconds(signalled, [])
    let red: [(Tick, Command)] = signalled.signals.ids.map { id in
      var plan = signalled.signals[id]
      // Red for a minute, then green for everyone who may have it together is not asked for here.
      plan.phases =
        [
          SignalPhase(
            milliseconds: 60_000,
            states: Array(repeating: .red, count: Int(plan.groupCount)))
        ] + plan.phases
      return (0, .setSignalPlan(id, plan))
    }
    let delayed = try seconds(signalled, red)
    XCTAssertGreaterThan(delayed, free + 20)
    let back = try seconds(
      signalled, red + signalled.signals.ids.map { (1, .restoreSignalPlan($0)) })
    XCTAssertEqual(back, free, accuracy: 1)
  }

  func testOverridesSurviveAResume() throws {
    let signalled = GridNetwork(size: 3).build()
    var plan = signalled.signals[SignalID(0)]
    plan.offsetMilliseconds += 17_000
    let entries: [(tick: Tick, command: Command)] = [
      (50, .limitSpeed(LinkID(3), metersPerSecond: 4)),
      (60, .setSignalPlan(SignalID(0), plan)),
      (70, .closeLink(LinkID(9))),
      (400, .restoreSpeed(LinkID(3))),
    ]
    func run() -> GridRun {
      GridRun(
        network: signalled, trips: 300, seconds: 200, policies: [Timetable(entries: entries)])
    }
    let whole = run()
    var state: [UInt8] = []
    while whole.simulation.tick < 600 {
      try whole.simulation.step()
      if whole.simulation.tick == 222 {
        var writer = StateWriter()
        whole.simulation.encodeState(into: &writer)
        state = writer.bytes
      }
    }
    let resumed = run()
    var reader = StateReader(state, file: "memory")
    try resumed.simulation.decodeState(from: &reader)
    while resumed.simulation.tick < 600 { try resumed.simulation.step() }
    XCTAssertEqual(whole.simulation.stateHash(), resumed.simulation.stateHash())
  }
}
