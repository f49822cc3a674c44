import CityBase
import CityNetwork
import CityTestSupport
import CityTraffic
import XCTest

@testable import CityScenario

final class SignalPlanFileTests: XCTestCase {
  private let network = GridNetwork(size: 2, lanes: 3).build()

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

  func testWhatIsExportedReadsBackAsTheSame() throws {
    var odd = network
    // A plan that begins in the middle of a yellow, with an offset of its own.
    let phases = odd.signals[SignalID(0)].phases
    odd.signals[SignalID(0)].phases = Array(phases[1...] + phases[..<1])
    odd.signals[SignalID(0)].offsetMilliseconds = 17_250
    var control = Actuated()
    control.detectorMeters = 35
    control.skips = false
    var setup = SignalSetup()
    setup[SignalID(1)] = SignalSchedule(
      programs: [
        SignalProgram(
          name: "night", plan: odd.signals[SignalID(1)],
          limits: StagedPlan(odd.signals[SignalID(1)]).stages.map { _ in
            SignalProgram.Limits(minimum: 6500, maximum: 42_000)
          }, control: control),
        SignalProgram(name: "day", plan: odd.signals[SignalID(1)], control: MaxPressure()),
      ],
      entries: [
        SignalSchedule.Entry(from: 0, program: 0),
        SignalSchedule.Entry(weekdays: 0b1_1111, from: 25_230_000, program: 1),
      ])
    let bytes = SignalPlanFile.bytes(for: odd, setup)
    let read = try SignalPlanFile(bytes: bytes, path: "plans.json", for: odd)
    XCTAssertEqual(read.schedules.map(\.signal), Array(odd.signals.ids))
    for (signal, schedule) in read.schedules {
      for program in schedule.programs {
        for k in 0..<400 {
          let time = Int64(k) * 777
          XCTAssertEqual(
            states(program.plan, at: time), states(odd.signals[signal], at: time), "\(signal)")
        }
      }
    }
    let schedule = read.schedules[1].schedule
    XCTAssertEqual(schedule.programs.map(\.name), ["night", "day"])
    XCTAssertEqual(schedule.entries, setup[SignalID(1)]?.entries)
    XCTAssertEqual(schedule.programs[0].limits.last?.minimum, 6500)
    XCTAssertEqual(schedule.programs[0].limits.last?.maximum, 42_000)
    let actuated = try XCTUnwrap(schedule.programs[0].control as? Actuated)
    XCTAssertEqual(actuated.detectorMeters, 35)
    XCTAssertFalse(actuated.skips)
    XCTAssert(schedule.programs[1].control is MaxPressure)
    // Written once more, it is the same file.
    var again = SignalSetup()
    for (signal, schedule) in read.schedules { again[signal] = schedule }
    XCTAssertEqual(
      String(decoding: SignalPlanFile.bytes(for: odd, again), as: UTF8.self),
      String(decoding: bytes, as: UTF8.self))
  }

  /// A plan of two stages for the first signal of a crossing with two groups a stage.
  private func text(
    top: String = "", id: String? = nil, groups: String = "", show: String? = nil,
    stage: String = "", program: String = "", times: String = ""
  ) -> String {
    let count = Int(network.signals[SignalID(0)].groupCount)
    let plain = "G" + String(repeating: "r", count: count - 1)
    let other = String(repeating: "r", count: count - 1) + "G"
    return """
      {"format": "citytwin-signals", "version": 1, \(top) "signals": [
        {"id": "\(id ?? network.signals[SignalID(0)].externalID)", \(groups)
         "programs": [{"name": "a", \(program) "stages": [
           {"show": "\(show ?? plain)", "green_s": 20, \(stage) "then": []},
           {"show": "\(other)", "green_s": 10}]}] \(times)}]}
      """
  }

  func testRefusesWhatDoesNotFit() throws {
    let id = network.signals[SignalID(0)].externalID
    let count = Int(network.signals[SignalID(0)].groupCount)
    XCTAssertNoThrow(try SignalPlanFile(bytes: Array(text().utf8), path: "p", for: network))
    let stages = "$.signals[0].programs[0].stages"
    let cases: [(text: String, place: String, words: String)] = [
      (text(top: #""seed": 1,"#), "$", "unknown key \"seed\""),
      (text(id: id + "0"), "$.signals[0].id", "expected the id of a signal"),
      (text(groups: #""groups": ["one"],"#), "$.signals[0].groups", "the \(count) groups"),
      (text(show: "G"), "\(stages)[0].show", "expected \(count) letters"),
      (
        text(show: String(repeating: "x", count: count)), "\(stages)[0].show",
        "letters out of \"Ggyr\""
      ),
      (text(show: String(repeating: "r", count: count)), "\(stages)[0].show", "lets somebody go"),
      (
        text(stage: #""min_green_s": 30, "max_green_s": 20,"#), "\(stages)[0].max_green_s",
        "30.0 s or more"
      ),
      (
        text(program: #""control": {"type": "wise"},"#),
        "$.signals[0].programs[0].control.type", "\"max_pressure\""
      ),
      (
        text(program: #""control": {"type": "actuated", "gap": 2},"#),
        "$.signals[0].programs[0].control", "unknown key \"gap\""
      ),
      (
        text(times: #", "times": [{"from": "25:00", "program": "a"}]"#),
        "$.signals[0].times[0].from",
        "a time of day"
      ),
      (
        text(times: #", "times": [{"from": "07:00", "program": "b"}]"#),
        "$.signals[0].times[0].program", "one of \"a\""
      ),
      (
        text(times: #", "times": [{"from": "07:00", "program": "a", "days": ["monday"]}]"#),
        "$.signals[0].times[0].days[0]", "one of mon"
      ),
    ]
    for test in cases {
      XCTAssertThrowsError(
        try SignalPlanFile(bytes: Array(test.text.utf8), path: "plans.json", for: network),
        test.words
      ) { error in
        let city = error as? CityError
        XCTAssertEqual(city?.file, "plans.json")
        XCTAssertEqual(city?.place, test.place, "\(error)")
        XCTAssertTrue(city?.message.contains(test.words) ?? false, "\(error)")
        XCTAssertEqual(city?.exitCode, 2)
      }
    }
  }

  /// A plan file cut off or changed anywhere is read or refused, and never traps.
  func testDamageIsRefused() {
    let bytes = SignalPlanFile.bytes(for: network, SignalSetup(), signals: [SignalID(0)])
    let random = RandomStream(seed: 5)
    var refused = 0
    for i in 0..<600 {
      var damaged = bytes
      let at = random.below(bytes.count, .sampling, UInt64(i))
      if i % 3 == 0 {
        damaged.removeLast(bytes.count - at)
      } else {
        damaged[at] = UInt8(random.below(256, .sampling, UInt64(i), 1))
      }
      do throws(CityError) {
        _ = try SignalPlanFile(bytes: damaged, path: "p", for: network)
      } catch { refused += 1 }
    }
    XCTAssertGreaterThan(refused, 200, "every cut, for one")
  }
}
