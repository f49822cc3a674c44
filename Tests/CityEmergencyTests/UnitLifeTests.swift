import CityBase
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// One unit, step by step, against times worked out by hand.
final class UnitLifeTests: XCTestCase {
  /// Seconds between the links of these tests, both ways; 0 on one link.
  private static let seconds: [Set<Int>: Double] = [
    [0, 1]: 100, [1, 2]: 200, [1, 3]: 150, [0, 3]: 80, [3, 4]: 70, [0, 4]: 90, [0, 2]: 500,
  ]
  private func drives() -> FakeDrives {
    let drives = FakeDrives()
    drives.driveSeconds = { from, to in
      from.link == to.link ? 0 : Self.seconds[[from.link.index, to.link.index]]
    }
    return drives
  }
  private let hospitals = [
    HospitalSite(name: "far", access: place(2), position: position(2)),
    HospitalSite(name: "near", access: place(3), position: position(3)),
  ]

  func testLifeOfAnAmbulance() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)], hospitals: hospitals, calls: [call("c", at: 10, on: 1)],
      settings: .fixed(transportShare: 1), measured: 0..<2_000_000, drives: drives())
    let unit = "A-ambulance-1"
    // Call 10; turnout 60 to 70; drive 100 to 170; scene 300 to 470; to the near hospital 150 to
    // 620; handover 600 to 1220; home 80 to 1300.
    let timetable: [(until: Double, state: String)] = [
      (10, "idle"), (70, "turnout"), (170, "en_route"), (470, "on_scene"), (620, "transport"),
      (1220, "handover"), (1300, "returning"), (1400, "idle"),
    ]
    for (until, state) in timetable {
      while Double(run.tick) * 0.5 < until {
        run.step()
        // After the step that begins at `until` less a half, the state of before still holds.
        XCTAssertEqual(run.unitStates[unit], state, "at \(Double(run.tick - 1) * 0.5) s")
        XCTAssertEqual(run.domain.violations(), [])
      }
    }
    let responses = run.table("responses")
    XCTAssertEqual(responses.text(0, "unit"), unit)
    XCTAssertEqual(responses.text(0, "hospital"), "near")
    XCTAssertEqual(responses.text(0, "status"), "served")
    XCTAssertEqual(responses.seconds(0, "time"), 10)
    XCTAssertEqual(responses.seconds(0, "dispatched"), 10)
    XCTAssertEqual(responses.seconds(0, "arrived"), 170)
    XCTAssertEqual(responses.seconds(0, "cleared"), 470)
    XCTAssertEqual(responses.number(0, "response_s"), 160)
    XCTAssertEqual(responses.number(0, "dispatch_delay_s"), 0)
    let units = run.table("units")
    XCTAssertEqual(units.number(0, "calls"), 1)
    XCTAssertEqual(units.number(0, "busy_s"), 1210)
    XCTAssertEqual(units.number(0, "driving_s"), 330)
    XCTAssertEqual(units.number(0, "utilisation") ?? 0, 1210 / 1400, accuracy: 1e-4)
    XCTAssertEqual(run.drives.begun.map(\.drive.privileges), [.all, .all, []])
    XCTAssertEqual(
      run.drives.begun.map(\.drive.vehicleClass), Array(repeating: .ambulance, count: 3))
    XCTAssertLessThanOrEqual(
      run.drives.begun.count,
      EmergencyDomain.reservedDrives(calls: [
        call("c", at: 10, on: 1)
      ]))
  }

  /// The place of a unit in snapshots: its post, its place on the road, the scene, the hospital.
  func testWhereAUnitIsShown() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)], hospitals: hospitals, calls: [call("c", at: 10, on: 1)],
      settings: .fixed(transportShare: 1), drives: drives())
    for (time, link) in [(5.0, 0), (40, 0), (100, 0), (300, 1), (500, 1), (900, 3), (1350, 0)] {
      run.run(toSeconds: time)
      let shown = run.features("units").first?.point
      XCTAssertEqual(shown?.distance(to: position(link)) ?? 99, 0, accuracy: 0.01, "at \(time) s")
      let incident = run.features("incidents").first
      XCTAssertEqual(
        incident?.text("status"),
        time < 10
          ? nil
          : time < 170
            ? "open"
            : time < 470
              ? "attended" : nil)
    }
  }

  func testIsSentElsewhereOnTheWayHome() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)], hospitals: hospitals,
      calls: [call("first", at: 10, on: 1), call("second", at: 1240, on: 4)],
      settings: .fixed(transportShare: 1), drives: drives())
    run.run(toSeconds: 1235)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "returning")
    let vehicle = run.drives.begun[2].vehicle
    XCTAssertEqual(run.drives.privileges[vehicle], [])
    run.run(toSeconds: 1240)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "en_route")
    XCTAssertEqual(run.drives.privileges[vehicle], .all)
    XCTAssertEqual(run.drives.redirects.map(\.vehicle), [vehicle])
    XCTAssertEqual(run.drives.redirects.map(\.destination), [place(4)])
    XCTAssertEqual(run.drives.redirects.map(\.tick), [2480])
    // Without a turnout from where it is, which here is still the hospital: 70 s.
    run.run(toSeconds: 1320)
    let responses = run.table("responses")
    XCTAssertEqual(responses.seconds(1, "arrived"), 1310)
    XCTAssertEqual(responses.number(1, "response_s"), 70)
    XCTAssertEqual(run.drives.begun.count, 3)
    XCTAssertEqual(run.domain.violations(), [])
  }

  /// A call that waits is served before the unit that becomes free goes home.
  func testQueueIsServedFirst() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)],
      calls: [call("first", at: 0, on: 1), call("second", at: 5, on: 1)],
      settings: .fixed(), drives: drives())
    run.run(toSeconds: 459.5)
    XCTAssertEqual(run.table("responses").text(1, "status"), "queued")
    XCTAssertEqual(run.figure("queued"), .integer(1))
    run.run(toSeconds: 460)
    // 0 + 60 + 100 + 300: it already stands where the second call is.
    XCTAssertEqual(run.table("responses").seconds(1, "arrived"), 460)
    XCTAssertEqual(run.table("responses").number(1, "dispatch_delay_s"), 455)
    XCTAssertEqual(run.drives.begun.count, 1)
  }

  func testMostUrgentFirst() {
    let priorities: [UInt8] = [3, 1, 2, 1, 3, 2, 5, 4]
    let calls = priorities.enumerated().map {
      call("call-\($0.offset)", at: Double(1 + $0.offset), on: 0, priority: $0.element)
    }
    let run = EmergencyRun(
      posts: [post("A", at: 0)], calls: [call("busy", at: 0, on: 0)] + calls,
      settings: .fixed(turnout: 0, onScene: 100))
    run.run(toSeconds: 1000)
    let responses = run.table("responses")
    let order = calls.sorted {
      ($0.priority, $0.milliseconds) < ($1.priority, $1.milliseconds)
    }.map(\.name)
    for (place, name) in order.enumerated() {
      XCTAssertEqual(
        responses.seconds(responses.row(name), "arrived"), Double(100 * (place + 1)), name)
    }
    XCTAssertEqual(run.drives.begun.count, 0)
  }

  func testNearestByTravelTimeAndByDistance() {
    // The unit on link 1 is 20 s away, that on link 2 is 10 s; a bird is sooner at the first.
    let target = 0
    let byDistance = [1, 2, 3, 4, 5, 6].sorted {
      position($0).distance(to: position(target)) < position($1).distance(to: position(target))
    }
    let (near, far) = (byDistance[0], byDistance[5])
    for (rule, expected) in [
      (NearestByTravelTime() as any DispatchRule, "far-ambulance-1"),
      (NearestByDistance(), "near-ambulance-1"),
    ] {
      let drives = FakeDrives()
      drives.driveSeconds = { from, _ in from.link.index == near ? 20 : 10 }
      var settings = EmergencySettings.fixed()
      settings.rule = rule
      let run = EmergencyRun(
        posts: [post("near", at: near), post("far", at: far)],
        calls: [call("c", at: 0, on: target)], settings: settings, drives: drives)
      run.run(toSeconds: 1)
      XCTAssertEqual(run.table("responses").text(0, "unit"), expected)
      XCTAssertEqual(drives.searches, 1)
      XCTAssertEqual(DispatchRuleConformance.violations(of: rule), [])
    }
  }

  /// Only units of the right kind are asked about, and come.
  func testKindsOfUnits() {
    let kinds: [(IncidentKind, VehicleClass)] = [
      (.medical, .ambulance), (.fire, .fireEngine), (.police, .policeCar), (.accident, .policeCar),
    ]
    for (kind, vehicle) in kinds {
      let run = EmergencyRun(
        posts: [post("A", at: 0), post("A", .fireEngine, at: 0), post("A", .police, at: 0)],
        calls: [call("c", kind, at: 0, on: 1)], settings: .fixed(), drives: drives())
      run.run(toSeconds: 200)
      XCTAssertEqual(run.drives.begun.map(\.drive.vehicleClass), [vehicle])
      XCTAssertEqual(run.table("responses").text(0, "unit"), "A-\(kind.unit.word)-1")
    }
  }

  /// Where no way leads to the call, it is looked at again every half minute.
  func testNoWay() {
    let drives = drives()
    let run = EmergencyRun(
      posts: [post("A", at: 0)], calls: [call("c", at: 10, on: 8)], settings: .fixed(),
      drives: drives)
    run.run(toSeconds: 99)
    XCTAssertEqual(run.table("responses").text(0, "status"), "queued")
    XCTAssertEqual(drives.searches, 3, "at 10, 40 and 70 s")
    XCTAssertEqual(run.domain.failedDrives, 3)
    drives.driveSeconds = { _, _ in 50 }
    // A drive that traffic refuses leaves the call waiting as well: at 100 + 60 s.
    drives.reservedDrives = 0
    run.run(toSeconds: 161)
    XCTAssertEqual(run.table("responses").text(0, "status"), "queued")
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "idle")
    XCTAssertEqual(run.domain.failedDrives, 4)
    XCTAssertEqual(run.domain.violations(), [])
    drives.reservedDrives = 10
    // Sent again at 190, off at 250, there at 300.
    run.run(toSeconds: 301)
    XCTAssertEqual(run.table("responses").seconds(0, "arrived"), 300)
  }

  /// Without any way to a hospital the patient is treated on the spot, after ten tries.
  func testNoWayToAHospital() {
    let drives = FakeDrives()
    drives.driveSeconds = { _, to in to.link == LinkID(3) ? nil : 10 }
    let run = EmergencyRun(
      posts: [post("A", at: 0)], hospitals: [hospitals[1]], calls: [call("c", at: 0, on: 1)],
      settings: .fixed(transportShare: 1), drives: drives)
    run.run(toSeconds: 370 + 299)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "on_scene")
    XCTAssertEqual(run.table("responses").seconds(0, "cleared"), 370)
    run.run(toSeconds: 370 + 301)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "returning")
  }

  /// A unit that waits for a way home and is sent to a call where it stands stays there for as long
  /// as the call takes, not until it would have looked for the way again.
  func testIsSentWhereItStands() {
    let drives = FakeDrives()
    drives.driveSeconds = { _, to in to.link == LinkID(0) ? nil : 10 }
    let run = EmergencyRun(
      posts: [post("A", at: 0)],
      calls: [call("first", at: 0, on: 1), call("second", at: 80, on: 1)],
      settings: .fixed(turnout: 0, onScene: 60), drives: drives)
    // At the scene at 10, free at 70, at the second scene at 80, free at 140, on the way home at once.
    run.run(toSeconds: 79)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "returning")
    run.run(toSeconds: 139)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "on_scene")
    XCTAssertEqual(run.table("responses").seconds(1, "arrived"), 80)
    drives.driveSeconds = { _, _ in 10 }
    run.run(toSeconds: 145)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "returning")
    XCTAssertEqual(run.table("responses").seconds(1, "cleared"), 140)
    run.run(toSeconds: 150)
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "idle")
  }

  /// Times end at the nearest tick, so that they are right on average.
  func testTimesAreRoundedToTicks() {
    for (milliseconds, seconds) in [(0, 0.0), (200, 0), (300, 0.5), (700, 0.5), (800, 1)] {
      var settings = EmergencySettings.fixed(turnout: 0)
      settings.onScene[0].meanMilliseconds = Int64(milliseconds)
      let run = EmergencyRun(
        posts: [post("A", at: 0)], calls: [call("c", at: 0, on: 0)], settings: settings)
      run.run(toSeconds: 2)
      XCTAssertEqual(run.table("responses").seconds(0, "cleared"), seconds)
    }
  }
}
