import CityBase
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// What policies and accidents do.
final class CouplingTests: XCTestCase {
  func testPrivilegesAreTakenAwayAndGivenBack() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)], calls: [call("c", at: 0, on: 1)], settings: .fixed(turnout: 0),
      drives: FakeDrives(seconds: 100))
    run.run(toSeconds: 10)
    let vehicle = run.drives.begun[0].vehicle
    XCTAssertEqual(run.drives.privileges[vehicle], .all)
    run.overrides.apply(.withdrawPrivileges(.passRed))
    run.step()
    XCTAssertEqual(run.drives.privileges[vehicle], .filterQueue)
    XCTAssertEqual(run.features("units").first?.text("privileges"), "filter_queue")
    run.overrides.apply(.restorePrivileges(.all))
    run.step()
    XCTAssertEqual(run.drives.privileges[vehicle], .all)
    run.overrides.apply(.withdrawPrivileges(.all))
    run.run(toSeconds: 450)
    // On the way home there is nothing to take away.
    XCTAssertEqual(run.unitStates["A-ambulance-1"], "returning")
    XCTAssertEqual(run.drives.privileges[run.drives.begun[1].vehicle], [])
  }

  func testPrivilegesOfTheScenario() {
    for some: Privileges in [[], .passRed, .filterQueue, .all] {
      var settings = EmergencySettings.fixed(turnout: 0)
      settings.privileges = some
      let run = EmergencyRun(
        posts: [post("A", at: 0)], calls: [call("c", at: 0, on: 1)], settings: settings)
      run.step()
      XCTAssertEqual(run.drives.begun.map(\.drive.privileges), [some])
    }
  }

  func testAddedPostComesIntoServiceOnce() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)],
      calls: [call("first", at: 0, on: 0), call("second", at: 10, on: 2)],
      settings: .fixed(turnout: 0, onScene: 5000), measured: 0..<1_000_000)
    run.run(toSeconds: 99.5)
    XCTAssertEqual(run.table("responses").text(1, "status"), "queued")
    run.overrides.apply(.addUnits(post("B", count: 2, at: 2)))
    run.overrides.apply(.addUnits(post("A", at: 3)))
    run.run(toSeconds: 500)
    XCTAssertEqual(
      run.unitStates.keys.sorted(),
      ["A-ambulance-1", "A-ambulance-2", "B-ambulance-1", "B-ambulance-2"])
    XCTAssertEqual(run.table("responses").seconds(1, "arrived"), 100)
    XCTAssertEqual(run.table("responses").text(1, "unit"), "B-ambulance-1")
    XCTAssertEqual(run.table("units").number(2, "utilisation"), 0)
    // Busy 0 to 500.5 and 100 to 500.5; in service 500.5 and three times 400.5 seconds.
    XCTAssertEqual(
      run.figure("utilisation")?.double ?? 0, (500.5 + 400.5) / (500.5 + 3 * 400.5), accuracy: 1e-4)
  }

  /// Lanes are closed from the call until the unit is done, and units stop before them.
  func testAccidentClosesLanes() {
    let network = EmergencyRun.network
    var widths: Set<Int> = []
    for (i, offset) in (0..<40).map({ ($0, Float($0) * 10) }) {
      let link = LinkID(i % network.linkCount)
      let accident = Call(
        name: "accident-\(i)", milliseconds: 5000,
        access: AccessPoint(link: link, offset: min(offset, network.linkLength[link])),
        position: Point2(0, 0), kind: .accident, priority: 2)
      var settings = EmergencySettings.fixed()
      settings.twoLanesShare = 0.5
      settings.accidentResidualWidth = 0.5
      let run = EmergencyRun(
        posts: [post("P", .police, at: (i + 7) % network.linkCount)], calls: [accident],
        settings: settings, drives: FakeDrives(seconds: 40))
      run.run(toSeconds: 4)
      XCTAssertEqual(run.drives.blockages.count, 0)
      run.run(toSeconds: 404.5)
      let blockages = run.drives.blockages
      XCTAssertEqual(run.drives.standing.count, blockages.count)
      XCTAssertTrue(1...2 ~= blockages.count)
      widths.insert(blockages.count)
      for b in blockages {
        XCTAssertTrue(network.lanes(of: link).contains(b.lane.index))
        XCTAssertLessThan(b.from, b.to)
        XCTAssertLessThanOrEqual(b.to, network.linkLength[link])
        XCTAssertEqual(b.to - b.from, 15, accuracy: 0.01)
        XCTAssertEqual(b.residualWidth, 0.5)
        let goal = run.drives.begun[0].drive.destination
        XCTAssertEqual(goal.link, link)
        XCTAssertLessThan(goal.offset, b.from)
      }
      // 5 + 60 + 40 + 300 seconds.
      run.run(toSeconds: 405)
      XCTAssertEqual(run.drives.standing.count, 0)
    }
    XCTAssertEqual(widths, [1, 2], "one lane and two lanes both come")
  }

  func testNoCallsNoMoves() {
    let run = EmergencyRun(
      posts: [post("A", count: 5, at: 0), post("F", .fireEngine, at: 1)],
      hospitals: [HospitalSite(name: "H", access: place(2), position: position(2))], calls: [])
    let before = run.unitStates
    run.run(toSeconds: 5000)
    XCTAssertEqual(run.drives.begun.count, 0)
    XCTAssertEqual(run.drives.searches, 0)
    XCTAssertEqual(run.unitStates, before)
    XCTAssertEqual(run.figure("calls"), .integer(0))
    XCTAssertEqual(run.figure("utilisation"), .number(0, decimals: 4))
    XCTAssertEqual(run.figure("mean_response_s"), .null)
  }

  /// Figures against hand-made ones: calls answered after 99, 100, 500 and 1000 s, and one open.
  func testFigures() {
    let drives = FakeDrives()
    drives.driveSeconds = { _, to in [0, 100, 500, 1000, 100_000][min(4, to.link.index)] }
    let run = EmergencyRun(
      posts: [post("A", count: 4, at: 0)],
      calls: [1, 2, 3, 4].map { call("c\($0)", at: 100, on: $0) } + [
        call("early", at: 1, on: 0), call("waits", at: 200, on: 1),
      ], settings: .fixed(turnout: 0, onScene: 99), measured: 50_000..<400_000, drives: drives)
    // The early call, outside of the measured window, keeps a unit until the four others come.
    run.run(toSeconds: 298.5)
    for (name, count) in [("calls", 5), ("served", 1), ("open", 3), ("queued", 1)] {
      XCTAssertEqual(run.figure(name), .integer(Int64(count)), name)
    }
    // At 299 the first is done and already stands where the waiting call is.
    run.run(toSeconds: 1200)
    let expected: [(String, Double)] = [
      ("calls", 5), ("served", 4), ("queued", 0), ("open", 1),
      ("mean_response_s", (99 + 100 + 500 + 1000) / 4), ("p50_response_s", 300),
      ("p90_response_s", 850), ("within_8min", 0.5), ("within_9min", 0.75),
      ("within_15min", 0.75),
    ]
    for (name, value) in expected {
      XCTAssertEqual(run.figure(name)?.double ?? -1, value, accuracy: 0.005, name)
    }
    // Busy from 50 to 100 with the early call, from 100 to 398 with the two on one link, and three
    // times from 100 to 400; four units in service from 50 to 400.
    XCTAssertEqual(
      run.figure("utilisation")?.double ?? -1, (50 + 298 + 3 * 300) / 1400, accuracy: 1e-4)
    XCTAssertEqual(
      run.domain.metrics().first?.figures.map(\.name),
      [
        "calls", "served", "queued", "open", "mean_response_s", "p50_response_s",
        "p90_response_s", "within_8min", "within_9min", "within_15min", "utilisation",
      ])
  }

  /// Columns of the time series: what came and was reached in the interval, what waits and works.
  func testIntervals() {
    let run = EmergencyRun(
      posts: [post("A", at: 0)], calls: (0..<3).map { call("c\($0)", at: Double($0 * 10), on: 0) },
      settings: .fixed(turnout: 0, onScene: 100))
    run.run(toSeconds: 59.5)
    XCTAssertEqual(run.domain.closeInterval(seconds: 60), [3, 1, 2, 1].map { .integer($0) })
    run.run(toSeconds: 119.5)
    XCTAssertEqual(run.domain.closeInterval(seconds: 60), [0, 1, 1, 1].map { .integer($0) })
    run.run(toSeconds: 399.5)
    XCTAssertEqual(run.domain.closeInterval(seconds: 280), [0, 1, 0, 0].map { .integer($0) })
  }
}
