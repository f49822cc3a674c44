import CityBase
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// Random runs: books at every tick, interruption anywhere, damage to checkpoints, one call more.
final class BooksTests: XCTestCase {
  private static let seconds = 3600.0
  private static let links = EmergencyRun.network.linkCount

  /// Calls of all kinds, more than the units can manage, some at a post or where no way leads.
  private static func calls(_ seed: UInt64, count: Int = 120) -> [Call] {
    let random = RandomStream(seed: seed)
    return (0..<count).map { i in
      func draw(_ bound: Int, _ n: UInt64) -> Int { random.below(bound, .sampling, UInt64(i), n) }
      return call(
        "c\(i)", IncidentKind.allCases[draw(4, 0)], at: Double(draw(3000, 1)),
        on: draw(links, 2), priority: UInt8(1 + draw(5, 3)))
    }
  }

  private static func run(
    _ seed: UInt64, calls: [Call], units: Int = 2, drives: FakeDrives = FakeDrives()
  ) -> EmergencyRun {
    drives.driveSeconds = { from, to in
      let (a, b) = (from.link.index, to.link.index)
      return a == b ? 0 : (a * 31 + b * 17) % 23 == 0 ? nil : Double((a * 13 + b * 7) % 40) * 9
    }
    var settings = EmergencySettings()
    settings.onScene = [300, 600, 0, 200].map {
      DrawnTime(meanMilliseconds: $0 * 1000, spread: .exponential)
    }
    settings.turnout[2] = DrawnTime(meanMilliseconds: 0, spread: .fixed)
    settings.privileges = seed % 2 == 0 ? .all : .passRed
    return EmergencyRun(
      posts: [
        post("1", count: units, at: 3), post("2", count: units, at: 9),
        post("1", .fireEngine, count: units, at: 5), post("1", .police, count: units, at: 11),
      ],
      hospitals: [7, 9].map {
        HospitalSite(name: "h\($0)", access: place($0), position: position($0))
      }, calls: calls, settings: settings, stepMilliseconds: 1000, measured: 300_000..<2_000_000,
      seed: seed, drives: drives)
  }

  /// What policies do at a tick of these runs.
  private static func disturb(_ run: EmergencyRun) {
    switch run.tick {
    case 600: run.overrides.apply(.addUnits(post("new", .police, at: 14)))
    case 700: run.overrides.apply(.withdrawPrivileges(.passRed))
    case 1500: run.overrides.apply(.restorePrivileges(.passRed))
    default: break
    }
  }

  func testBooksBalanceAtEveryTick() {
    for seed in UInt64(1)...4 {
      let calls = Self.calls(seed)
      let run = Self.run(seed, calls: calls)
      var seen: Set<String> = []
      while Double(run.tick) < Self.seconds {
        Self.disturb(run)
        run.step()
        XCTAssertEqual(run.domain.violations(), [], "seed \(seed), tick \(run.tick)")
        seen.formUnion(run.unitStates.values)
        guard run.tick % 50 == 0 else { continue }
        // The same from outside: rows of the table against calls that have come, and nobody's
        // vehicle under way but those of units.
        let now = Int64(run.tick - 1) * 1000
        let responses = run.table("responses")
        let words = (0..<calls.count).map { responses.text($0, "status") ?? "" }
        XCTAssertEqual(
          words.count { $0 != "not_due" }, calls.count { $0.milliseconds <= now })
        let open = words.count { $0 == "open" }
        let states = run.unitStates.values
        XCTAssertEqual(open, states.count { $0 == "turnout" || $0 == "en_route" })
      }
      XCTAssertEqual(seen.count, UnitState.allCases.count, "every state comes")
      XCTAssertLessThanOrEqual(
        run.drives.begun.count, EmergencyDomain.reservedDrives(calls: calls))
      XCTAssertGreaterThan(run.drives.begun.count, 50)
      // Accidents that were cleared have gone, and no others.
      let responses = run.table("responses")
      let standing = (0..<calls.count).count {
        responses.text($0, "kind") == "accident" && responses.text($0, "cleared") == nil
      }
      XCTAssertGreaterThanOrEqual(run.drives.standing.count, standing)
      XCTAssertLessThanOrEqual(run.drives.standing.count, 2 * standing)
    }
  }

  /// A run that is interrupted and resumed ends in the same bytes.
  func testResume() throws {
    let calls = Self.calls(5)
    for stop: Tick in [1, 650, 1111, 1700, 2500] {
      let whole = Self.run(5, calls: calls)
      while whole.tick < stop {
        Self.disturb(whole)
        whole.step()
      }
      let resumed = Self.run(5, calls: calls, drives: whole.drives.copy())
      (resumed.tick, resumed.overrides) = (whole.tick, whole.overrides)
      var reader = StateReader(whole.state, file: "checkpoint")
      try resumed.domain.decodeState(from: &reader)
      XCTAssertTrue(reader.isAtEnd)
      XCTAssertEqual(resumed.state, whole.state)
      for run in [whole, resumed] {
        while Double(run.tick) < Self.seconds {
          Self.disturb(run)
          run.step()
        }
      }
      XCTAssertEqual(resumed.state, whole.state, "stopped at \(stop)")
      XCTAssertEqual(resumed.table("responses").rows, whole.table("responses").rows)
      XCTAssertEqual(resumed.table("units").rows, whole.table("units").rows)
      XCTAssertEqual(resumed.domain.metrics().first?.figures, whole.domain.metrics().first?.figures)
      XCTAssertEqual(resumed.drives.begun.count, whole.drives.begun.count)
    }
  }

  /// A checkpoint of other calls is refused, a damaged one refused or survived.
  func testDamagedCheckpoints() throws {
    let calls = Self.calls(6, count: 60)
    let run = Self.run(6, calls: calls)
    while run.tick < 1200 {
      Self.disturb(run)
      run.step()
    }
    let good = run.state
    let other = Self.run(6, calls: Self.calls(7, count: 60))
    var reader = StateReader(good, file: "checkpoint")
    XCTAssertThrowsError(try other.domain.decodeState(from: &reader))
    var refused = 0
    var survived = 0
    let mutations = Mutations()
    for round in 0..<3000 {
      let bad = mutations.mutate(good, round)
      let resumed = Self.run(6, calls: calls, drives: run.drives.copy())
      (resumed.tick, resumed.overrides) = (run.tick, run.overrides)
      var reader = StateReader(bad, file: "checkpoint")
      do {
        try resumed.domain.decodeState(from: &reader)
      } catch {
        refused += 1
        continue
      }
      survived += 1
      for _ in 0..<30 { resumed.step() }
      _ = (resumed.table("responses"), resumed.table("units"), resumed.features("units"))
      _ = (resumed.features("incidents"), resumed.domain.metrics())
    }
    XCTAssertGreaterThan(refused, 500)
    XCTAssertGreaterThan(survived, 50)
  }

  /// What a checkpoint holds while nothing goes on: calls without a way, a patient who cannot be
  /// brought away, a unit that cannot go home.
  func testEveryFieldIsRestored() throws {
    let calls = [
      call("no way", at: 10, on: 8), call("patient", at: 20, on: 1),
      call("jam", .accident, at: 30, on: 2), call("fire", .fire, at: 40, on: 3, priority: 1),
    ]
    func run(_ drives: FakeDrives) -> EmergencyRun {
      drives.driveSeconds = { from, to in
        to.link == LinkID(8) || to.link == LinkID(9) || from.link == LinkID(3) ? nil : 25
      }
      return EmergencyRun(
        posts: [
          post("A", count: 2, at: 0), post("F", .fireEngine, at: 0), post("P", .police, at: 0),
        ],
        hospitals: [HospitalSite(name: "H", access: place(9), position: position(9))],
        calls: calls, settings: .fixed(turnout: 30, onScene: 60, transportShare: 1),
        drives: drives)
    }
    let whole = run(FakeDrives())
    whole.overrides.apply(.addUnits(post("new", .fireEngine, at: 5)))
    whole.overrides.apply(.withdrawPrivileges(.passRed))
    var resumed: [EmergencyRun] = []
    while whole.tick < 1000 {
      whole.step()
      for run in resumed { run.step() }
      if whole.tick % 70 == 0 {
        // Those that were resumed up to 35 s ago have seen every timer come.
        for run in resumed { XCTAssertEqual(run.state, whole.state, "tick \(whole.tick)") }
        resumed = []
      }
      guard whole.tick % 23 == 0 else { continue }
      let fresh = run(whole.drives.copy())
      (fresh.tick, fresh.overrides) = (whole.tick, whole.overrides)
      var reader = StateReader(whole.state, file: "checkpoint")
      try fresh.domain.decodeState(from: &reader)
      XCTAssertEqual(fresh.state, whole.state, "tick \(whole.tick)")
      resumed.append(fresh)
    }
    // A unit that waits for a way home is free, and does not drive.
    XCTAssertEqual(whole.unitStates["F-fire_engine-1"], "returning")
    let units = whole.table("units")
    XCTAssertEqual(units.number(units.row("F-fire_engine-1"), "driving_s"), 25)
    XCTAssertEqual(units.number(units.row("F-fire_engine-1"), "busy_s"), 115)
  }

  /// Every byte of a checkpoint, set to what is far off: refused, or survived.
  func testEveryDamagedByte() {
    let calls = Self.calls(9, count: 12)
    let run = Self.run(9, calls: calls, units: 1)
    while run.tick < 3600, !(run.tick > 1000 && run.unitStates.values.contains("handover")) {
      Self.disturb(run)
      run.step()
    }
    XCTAssertLessThan(run.tick, 3600, "a unit hands a patient over")
    let good = run.state
    var refused = 0
    for at in good.indices {
      for (byte, count) in [(UInt8(0x01), 1), (0x7F, 1), (0xFF, 1), (0xFF, 8)] {
        var bad = good
        for i in at..<min(good.count, at + count) { bad[i] = byte }
        if bad == good { continue }
        let resumed = Self.run(9, calls: calls, units: 1, drives: run.drives.copy())
        (resumed.tick, resumed.overrides) = (run.tick, run.overrides)
        var reader = StateReader(bad, file: "checkpoint")
        guard (try? resumed.domain.decodeState(from: &reader)) != nil else {
          refused += 1
          continue
        }
        for _ in 0..<3 { resumed.step() }
        _ = (resumed.table("responses"), resumed.table("units"), resumed.features("units"))
        _ = (resumed.features("incidents"), resumed.domain.metrics())
      }
    }
    XCTAssertGreaterThan(refused, good.count)
  }

  /// What is drawn for a call is the same whoever comes.
  func testDrawsHangOnTheCall() {
    var times: [[Double?]] = []
    for others in [0, 3] {
      let settings = EmergencySettings()
      let run = EmergencyRun(
        posts: [post("far", count: others, at: 1), post("near", at: 2)],
        hospitals: [HospitalSite(name: "H", access: place(3), position: position(3))],
        calls: [call("c", at: 10, on: 2)], settings: settings, drives: FakeDrives(seconds: 50))
      run.run(toSeconds: 9000)
      let responses = run.table("responses")
      XCTAssertEqual(responses.text(0, "unit"), "near-ambulance-1")
      times.append([responses.seconds(0, "arrived"), responses.seconds(0, "cleared")])
    }
    XCTAssertEqual(times[0], times[1])
    XCTAssertNotNil(times[0][1])
  }

  /// With units to spare, one call more changes nothing about the others: turnout, work at the
  /// scene, transport, lanes.
  func testOneCallMoreChangesNoOther() {
    let calls = Self.calls(8)
    let more = calls + [call("another", .accident, at: 1000, on: 6)]
    let runs = [calls, more].map { Self.run(8, calls: $0, units: 60) }
    for run in runs { run.run(toSeconds: Self.seconds) }
    let (a, b) = (runs[0].table("responses"), runs[1].table("responses"))
    XCTAssertEqual(b.rows.count, a.rows.count + 1)
    // A police unit on its way back from the call may be nearer to a later one, so that of the
    // police only the work at the scene must be the same.
    let columns = ["unit", "dispatched", "arrived", "cleared", "hospital", "status"]
    for row in a.rows.indices {
      let same = b.row(a.text(row, "id") ?? "")
      if a.text(row, "kind") == "medical" || a.text(row, "kind") == "fire" {
        for column in columns { XCTAssertEqual(a.value(row, column), b.value(same, column)) }
      } else if let cleared = a.seconds(row, "cleared"), let arrived = a.seconds(row, "arrived") {
        XCTAssertEqual(
          b.seconds(same, "cleared") ?? 0, (b.seconds(same, "arrived") ?? 0) + cleared - arrived)
      }
    }
    let extra = Set(runs[1].drives.blockages).subtracting(runs[0].drives.blockages)
    XCTAssertTrue(1...2 ~= extra.count)
    XCTAssertTrue(Set(runs[0].drives.blockages).isSubset(of: runs[1].drives.blockages))
  }
}
