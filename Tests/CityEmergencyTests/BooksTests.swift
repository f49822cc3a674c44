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
