import CityBase
import CityNetwork
import CityScenario
import CityTraffic
import XCTest

@testable import CityImport

/// Actuated programs and switches of programs, by hand.
final class SUMOActuatedTests: XCTestCase {
  private func cross(_ programs: String) -> CrossText {
    var cross = CrossText.signalled
    cross.programs = programs
    return cross
  }

  private func schedule(_ built: BuiltCross) throws -> SignalSchedule {
    let bytes = try XCTUnwrap(built.city.plans)
    let file = try SignalPlanFile(bytes: bytes, path: "signals.json", for: built.network)
    XCTAssertEqual(file.schedules.count, 1)
    return file.schedules[0].schedule
  }

  func testAnActuatedProgramStaysOne() throws {
    let built = try BuiltCross(
      cross(
        """
        <tlLogic id="T" type="actuated" programID="1" offset="0">
          <param key="max-gap" value="2.5"/>
          <param key="detector-gap" value="1.5"/>
          <param key="show-detectors" value="true"/>
          <param key="jam-threshold" value="30"/>
          <phase duration="30" minDur="6" maxDur="45" state="GgrrGG"/>
          <phase duration="3" state="yyrryy"/>
          <phase duration="20" minDur="5" state="rrGGrr"/>
          <phase duration="3" state="rryyrr"/>
          <phase duration="2" state="uurruu"/>
        </tlLogic>
        """))
    let schedule = try schedule(built)
    XCTAssertEqual(schedule.programs.count, 1)
    let program = schedule.programs[0]
    let control = try XCTUnwrap(program.control as? Actuated)
    XCTAssertEqual(control.extensionSeconds, 2.5)
    XCTAssertNil(control.detectorMeters)
    XCTAssertEqual(control.detectorSeconds, 1.5)
    // Without detector-length SUMO's loops are lines.
    XCTAssertEqual(control.detectorLengthMeters, 0)
    XCTAssertFalse(control.skips)
    // A phase with a shortest duration alone may last for ever (here, for a day).
    XCTAssertEqual(program.limits.map(\.minimum), [6000, 5000])
    XCTAssertEqual(program.limits.map(\.maximum), [45_000, 86_400_000])
    XCTAssertEqual(
      program.plan.phases.map(\.milliseconds), [30_000, 3000, 20_000, 3000, 2000])
    XCTAssertEqual(built.city.untaken.count(of: "signal parameter jam-threshold"), 1)
    XCTAssertEqual(built.city.untaken.count(of: #"signals with type="actuated""#), 0)
    XCTAssertEqual(built.city.untaken.count(of: "signal parameter max-gap"), 0)
    XCTAssertTrue(built.city.files.contains { $0.name == "signals.json" })
  }

  /// A phase for the railway, which is not here: SUMO ends it after its shortest duration.
  func testAPhaseForNobodyLastsItsShortest() throws {
    let built = try BuiltCross(
      cross(
        """
        <tlLogic id="T" type="actuated" programID="1" offset="0">
          <param key="detector-length" value="2"/>
          <phase duration="30" minDur="6" maxDur="45" state="GgrrGG"/>
          <phase duration="3" state="yyrryy"/>
          <phase duration="19" minDur="5" maxDur="50" state="rrrrrrG"/>
          <phase duration="4" state="rrrrrrr"/>
          <phase duration="20" minDur="5" state="rrGGrr"/>
          <phase duration="3" state="rryyrr"/>
        </tlLogic>
        """))
    let program = try schedule(built).programs[0]
    XCTAssertEqual(
      program.plan.phases.map(\.milliseconds), [30_000, 3000, 5000, 4000, 20_000, 3000])
    XCTAssertEqual(program.limits.map(\.minimum), [6000, 5000])
    let control = try XCTUnwrap(program.control as? Actuated)
    XCTAssertEqual(control.detectorLengthMeters, 2)
    // In 5 s of green 5 / 1.9 cars pass, 7.5 m each, and half a one; two seconds at 13.89 m/s would
    // be 27.8 m.
    XCTAssertEqual(try XCTUnwrap(control.detectorMeters), 23.487, accuracy: 0.001)
    XCTAssertEqual(built.city.untaken.count(of: "signal parameter detector-length"), 0)
  }

  func testAStaticProgramNeedsNoPlanFile() throws {
    let built = try BuiltCross(.signalled)
    XCTAssertNil(built.city.plans)
    XCTAssertFalse(built.city.files.contains { $0.name == "signals.json" })
  }

  private func program(_ id: String, green: Int) -> String {
    """
    <tlLogic id="T" type="static" programID="\(id)" offset="0">
      <phase duration="\(green)" state="GgrrGG"/><phase duration="3" state="yyrryy"/>
      <phase duration="20" state="rrGGrr"/><phase duration="3" state="rryyrr"/>
    </tlLogic>
    """
  }

  /// A table of half an hour, ten minutes of which are another program: 48 times a day. One that comes
  /// again every second is no plan, and runs once.
  func testATableComesAgain() throws {
    func built(_ period: Int) throws -> BuiltCross {
      try BuiltCross(
        cross(program("0", green: 30) + program("1", green: 50)),
        routes: """
          <additional>
            <WAUT id="w" refTime="0" startProg="0" period="\(period)">
              <wautSwitch time="600" to="1"/><wautSwitch time="1200" to="0"/>
            </WAUT>
            <wautJunction wautID="w" junctionID="T" procedure="Stretch"/>
          </additional>
          """)
    }
    let half = try built(1800)
    let entries = try schedule(half).entries
    XCTAssertEqual(entries.count, 97)
    XCTAssertEqual(entries.prefix(4).map(\.from), [0, 600_000, 1_200_000, 2_400_000])
    XCTAssertEqual(entries.prefix(4).map(\.program), [0, 1, 0, 1])
    XCTAssertEqual(entries.last?.from, 85_800_000)
    XCTAssertEqual(half.city.untaken.count(of: "wautJunction procedure"), 1)
    XCTAssertEqual(half.city.untaken.count(of: "tables of programs without a period"), 0)
    let second = try built(1)
    XCTAssertEqual(try schedule(second).entries.map(\.from), [0, 600_000, 1_200_000])
    XCTAssertEqual(
      second.city.untaken.count(of: "tables of programs with thousands of switches a day"), 1)
  }

  /// A table that counts from six o'clock: program 0 until seven, then 1, at half past nine 0 again.
  func testProgramsChangeByTheTable() throws {
    let built = try BuiltCross(
      cross(program("0", green: 30) + program("1", green: 50)),
      routes: """
        <additional>
          <WAUT id="w" refTime="21600" startProg="0">
            <wautSwitch time="3600" to="1"/><wautSwitch time="12600" to="0"/>
            <wautSwitch time="86400" to="1"/><wautSwitch time="7200" to="9"/>
          </WAUT>
          <wautJunction wautID="w" junctionID="T"/>
        </additional>
        """)
    let schedule = try schedule(built)
    XCTAssertEqual(schedule.programs.map(\.name), ["0", "1"])
    XCTAssertEqual(schedule.programs.map { $0.plan.phases[0].milliseconds }, [30_000, 50_000])
    XCTAssertEqual(schedule.entries.map(\.from), [0, 7 * 3_600_000, 9 * 3_600_000 + 1_800_000])
    XCTAssertEqual(schedule.entries.map(\.program), [0, 1, 0])
    XCTAssertEqual(built.network.signals[SignalID(0)].phases[0].milliseconds, 30_000)
    XCTAssertEqual(built.city.untaken.count(of: "switches of programs after the first day"), 1)
    XCTAssertEqual(built.city.untaken.count(of: "switches to programs that are not there"), 1)
    XCTAssertEqual(built.city.untaken.count(of: "further programs of one signal"), 0)
  }
}
