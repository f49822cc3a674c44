import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport

import XCTest

@testable import CityTraffic

final class SignalControlTests: XCTestCase {
  func testFixedTime() {
    XCTAssertEqual(SignalControlConformance.violations(of: FixedTime()), [])
  }

  func testActuated() {
    var inTurn = Actuated()
    inTurn.skips = false
    for control in [Actuated(), inTurn] {
      XCTAssertEqual(SignalControlConformance.violations(of: control), [])
      XCTAssertEqual(SignalControlConformance.violations(of: control, lanes: 3, step: 1000), [])
    }
  }

  func testMaxPressure() {
    XCTAssertEqual(SignalControlConformance.violations(of: MaxPressure()), [])
    XCTAssertEqual(SignalControlConformance.violations(of: MaxPressure(), lanes: 3), [])
  }

  /// Another cycle, other greens and another shift of a built plan.
  private func plan(_ built: SignalController, cycle: Int64, offset: Int32) -> SignalController {
    var plan = built
    XCTAssertNil(plan.stretchGreens(toCycle: cycle, least: 5000))
    plan.offsetMilliseconds = offset
    return plan
  }

  private func program(_ plan: SignalController, _ control: any SignalControl = FixedTime())
    -> SignalProgram
  {
    SignalProgram(name: "p", plan: plan, control: control)
  }

  /// Programs of all kinds take turns every 37 s, in which none has time to settle: whatever is under
  /// way when the next one comes, no green, yellow or all-red is cut, and the bits stay the same.
  func testNoChangeOfProgramsCutsAnything() throws {
    let network = GridNetwork(size: 2, lanes: 3).build()
    func schedule(_ signal: SignalID) -> SignalSchedule {
      let built = network.signals[signal]
      let programs = [
        program(built), program(plan(built, cycle: 120_000, offset: 50_000)),
        program(built, Actuated()), program(plan(built, cycle: 90_000, offset: 7_000)),
        program(built, MaxPressure()),
      ]
      let start: Int64 = 7 * 3_600_000
      return SignalSchedule(
        programs: programs,
        entries: (0..<16).map { i in
          SignalSchedule.Entry(
            from: start + Int64(i) * 37_000 + Int64(signal.index) * 11_500,
            program: (i * 3 + signal.index) % 5)
        })
    }
    func watch(_ threads: Int) -> SignalWatch {
      SignalWatch(network, FixedTime(), threads: threads, schedule: schedule)
    }
    let whole = watch(1)
    var states: [[UInt8]] = []
    for tick in 0..<1200 {
      if tick % 250 == 137 {
        var writer = StateWriter()
        whole.simulation.encodeState(into: &writer)
        states.append(writer.bytes)
      }
      try whole.simulation.step()
      whole.look()
    }
    XCTAssertEqual(whole.faults, [])
    XCTAssertGreaterThan(whole.changes, 100)
    for state in states {
      let resumed = watch(2)
      var reader = StateReader(state, file: "memory")
      try resumed.simulation.decodeState(from: &reader)
      while resumed.simulation.tick < 1200 { try resumed.simulation.step() }
      XCTAssertEqual(resumed.simulation.stateHash(), whole.simulation.stateHash())
    }
  }

  /// At 7:05 another plan takes over. Before, the signals show the first one by the clock. Of the most
  /// that can be missing, a cycle less what two cycles can be shortened by, each cycle makes up a
  /// quarter of its greens and the last wait a quarter of a cycle: with greens of 80 s in 90 that is
  /// (90 - 40 - 22) / 20 or less than two cycles, and the last. After four they show the second plan
  /// by the clock, for good.
  func testAPlanByTheTimeOfDayTakesOver() throws {
    let network = GridNetwork(size: 2, lanes: 1).build()
    let other = network.signals.ids.map { signal in
      self.plan(network.signals[signal], cycle: 90_000, offset: 13_000 + 20_000 * signal.rawValue)
    }
    let change: Int64 = 5 * 60_000
    let run = SignalWatch(network, FixedTime(), threads: 1) { [self] signal in
      SignalSchedule(
        programs: [program(network.signals[signal]), program(other[signal.index])],
        entries: [
          SignalSchedule.Entry(from: 0, program: 0),
          SignalSchedule.Entry(from: 7 * 3_600_000 + change, program: 1),
        ])
    }
    var late = 0
    for _ in 0..<2400 {
      let moment = run.simulation.moment
      try run.simulation.step()
      run.look()
      for signal in network.signals.ids {
        let time = 7 * 3_600_000 + moment.milliseconds
        let shown = run.traffic.signalStates(of: signal, at: moment)
        if moment.milliseconds < change {
          XCTAssertEqual(shown, states(network.signals[signal], at: time))
        } else if moment.milliseconds >= change + 4 * 90_000 {
          if shown != states(other[signal.index], at: time) { late += 1 }
        }
      }
    }
    XCTAssertEqual(run.faults, [])
    XCTAssertEqual(late, 0, "ticks out of step after four cycles")
  }

  /// What a plan shows at a time after midnight, by adding up its phases.
  private func states(_ plan: SignalController, at time: Int64) -> [SignalState] {
    let cycle = Int64(plan.cycleMilliseconds)
    var t = ((time - Int64(plan.offsetMilliseconds)) % cycle + cycle) % cycle
    for phase in plan.phases {
      if t < Int64(phase.milliseconds) { return phase.states }
      t -= Int64(phase.milliseconds)
    }
    return []
  }

  /// Monday to Friday a day plan from 6:00 to 20:00, on Saturday one from 9:00 on, else the first.
  func testSchedulesKnowTheDayOfTheWeek() {
    let plan = SignalController(
      externalID: "x", junction: JunctionID(0), groupCount: 0, phases: [], offsetMilliseconds: 0)
    let schedule = SignalSchedule(
      programs: (0..<3).map { _ in program(plan) },
      entries: [
        SignalSchedule.Entry(weekdays: 0b1_1111, from: 6 * 3_600_000, program: 1),
        SignalSchedule.Entry(weekdays: 0b1_1111, from: 20 * 3_600_000, program: 0),
        SignalSchedule.Entry(weekdays: 0b10_0000, from: 9 * 3_600_000, program: 2),
        SignalSchedule.Entry(weekdays: 0b100_0000, from: 0, program: 0),
      ])
    func at(_ day: Int64, _ hour: Int64, first: Int = 0) -> Int {
      schedule.program(at: (day * 24 + hour) * 3_600_000, firstWeekday: first)
    }
    XCTAssertEqual([at(0, 5), at(0, 6), at(0, 19), at(0, 20)], [0, 1, 1, 0])
    // Saturday before nine is still Friday's night; Saturday's plan ends with Sunday.
    XCTAssertEqual([at(5, 8), at(5, 9), at(5, 23), at(6, 0), at(7, 6)], [0, 2, 2, 0, 1])
    // A run that begins on a Saturday.
    XCTAssertEqual([at(0, 10, first: 5), at(2, 7, first: 5)], [2, 1])
    XCTAssertEqual(Instant(iso8601: "2026-03-02T00:00:00+08:00")?.weekday, 0)
    XCTAssertEqual(Instant(iso8601: "2026-03-01T23:59:59+08:00")?.weekday, 6)
    XCTAssertEqual(Instant(iso8601: "1969-12-31T23:59:59Z")?.weekday, 2)
  }
}
