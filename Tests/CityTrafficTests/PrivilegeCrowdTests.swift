import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Many privileged vehicles among many others.
final class PrivilegeCrowdTests: XCTestCase {
  private func step(_ run: GridRun, file: StaticString = #filePath, line: UInt = #line) throws {
    try run.simulation.step()
    let wrong = run.traffic.violations()
    XCTAssertEqual(wrong, [], "tick \(run.simulation.tick)", file: file, line: line)
    if !wrong.isEmpty { throw CityError.refused("stopped") }
  }

  private func crowd(
    _ network: RoadNetwork, trips: Int = 900, threads: Int = 1, seed: UInt64 = 1,
    privileges: Privileges = .all, restless: Range<Tick> = 0..<1600, toggle: Tick = 0,
    blocks: Bool = false
  ) throws -> (GridRun, Fleet) {
    let random = RandomStream(seed: seed)
    let kinds: [VehicleClass] = [.ambulance, .fireEngine, .policeCar]
    let outings: [Fleet.Outing] = (0..<10).map { (i: Int) -> Fleet.Outing in
      let n = UInt64(2 * i) + 1000
      let drive = Drive(
        name: "e\(i)", key: UInt64(i), vehicleClass: kinds[i % 3], privileges: privileges,
        origin: Fleet.place(network, random, n), destination: Fleet.place(network, random, n + 1))
      return Fleet.Outing(tick: 300 + Tick(i) * 40, drive: drive)
    }
    var fleet: Fleet?
    let run = GridRun(
      network: network, trips: trips, seconds: 300, threads: threads, seed: seed,
      reservedDrives: 400,
      others: {
        let made = Fleet($0, outings, restless: restless, toggle: toggle, blocks: blocks)
        fleet = made
        return [made]
      })
    return (run, try XCTUnwrap(fleet))
  }

  /// Ten privileged vehicles drive criss-cross for a quarter of an hour; some lose and regain
  /// privileges on the way.
  func testNoTwoVehiclesInOnePlaceAmongCrowds() throws {
    let networks: [(String, RoadNetwork, Int, Tick)] = [
      ("blocked", GridNetwork(size: 5, lanes: 2).build(), 900, 0),
      ("blocked, one lane", GridNetwork(size: 5).build(), 500, 0),
      ("signals", GridNetwork(size: 5, lanes: 2).build(), 1400, 0),
      ("one lane", GridNetwork(size: 5, spacing: 120).build(), 900, 0),
      ("priority", GridNetwork(size: 5, spacing: 120, isSignalised: false).build(), 700, 11),
      ("left", GridNetwork(size: 5, spacing: 150, lanes: 2, drivesOnRight: false).build(), 1200, 7),
      ("short", GridNetwork(size: 6, spacing: 30, isSignalised: false).build(), 400, 13),
    ]
    for (name, network, trips, toggle) in networks {
      let (run, fleet) = try crowd(
        network, trips: trips, toggle: toggle, blocks: name.hasPrefix("blocked"))
      var beside = 0
      for _ in 0..<2800 {
        try step(run)
        beside = max(beside, run.traffic.world.usedSideSlots().count)
      }
      let done = fleet.ended.count { $0 >= 0 }
      print(
        name, run.traffic.counts, "drives", fleet.ended.count, "ended", done, "most beside",
        beside, "hard", run.traffic.hardBrakings, "gridlocks", run.traffic.gridlocks.count)
      XCTAssertGreaterThan(beside, 1, name)
      // Edie's sums count those who filter like all others.
      XCTAssertEqual(
        LinkTotals(run.traffic.world).allVehicleTicks, run.traffic.vehicleTicks, name)
      XCTAssertEqual(done, fleet.ended.count, name)
      XCTAssertGreaterThan(run.traffic.counts.arrived * 100, run.traffic.counts.due * 95, name)
    }
  }

  func testSameBitsOnThreadsAndAfterAResume() throws {
    let network = GridNetwork(size: 6, spacing: 120).build()
    func made(_ threads: Int) throws -> GridRun {
      try crowd(network, trips: 1200, threads: threads, toggle: 9).0
    }
    let runs = try [1, 2, 4].map(made)
    defer { for r in runs { r.traffic.pool.shutDown() } }
    var saved: [[UInt8]] = []
    // While somebody filters past a queue; while somebody crosses the line from there; while
    // somebody is on the way onto a side list.
    let side = runs[0].traffic.world.side
    let occasions: [() -> Bool] = [
      { side.count.array.contains { $0 > 0 } }, { side.heldBy.array.contains { $0 >= 0 } },
      { side.reservedFor.array.contains { $0 >= 0 } },
    ]
    for tick in 0..<1200 {
      if tick >= 450, saved.count < occasions.count, occasions[saved.count]() {
        var writer = StateWriter()
        runs[0].simulation.encodeState(into: &writer)
        saved.append(writer.bytes)
      }
      for r in runs { try r.simulation.step() }
      if tick % 200 == 0 {
        let hashes = runs.map { $0.simulation.stateHash() }
        XCTAssertEqual(hashes[0], hashes[1], "tick \(tick)")
        XCTAssertEqual(hashes[0], hashes[2], "tick \(tick)")
      }
    }
    XCTAssertEqual(saved.count, occasions.count)
    let end = runs[0].simulation.stateHash()
    XCTAssertEqual(end, runs[1].simulation.stateHash())
    XCTAssertEqual(end, runs[2].simulation.stateHash())
    for bytes in saved {
      let resumed = try made(2)
      defer { resumed.traffic.pool.shutDown() }
      var reader = StateReader(bytes, file: "memory")
      try resumed.simulation.decodeState(from: &reader)
      XCTAssertTrue(reader.isAtEnd)
      XCTAssertEqual(resumed.traffic.violations(), [])
      while resumed.simulation.tick < 1200 { try resumed.simulation.step() }
      XCTAssertEqual(resumed.simulation.stateHash(), end)
    }
  }

  /// What would trap later is refused: lanes of other links, a held lane without a grant, more
  /// vehicles than a side list holds, a promise to nobody who comes.
  func testDamagedSideListsAreRefused() throws {
    let network = GridNetwork(size: 6, spacing: 120).build()
    let (run, _) = try crowd(network, trips: 1200)
    let side = run.traffic.world.side
    while !side.count.array.contains(where: { $0 > 0 })
      || !side.reservedFor.array.contains(where: { $0 >= 0 }), run.simulation.tick < 1500
    { try run.simulation.step() }
    let link = try XCTUnwrap(side.count.array.firstIndex { $0 > 0 })
    let awaited = try XCTUnwrap(side.reservedFor.array.firstIndex { $0 >= 0 })
    let free = try XCTUnwrap(side.heldBy.array.firstIndex(of: -1))
    let s = Int(side.base[link]) - side.firstSlot
    func isRefused(_ damage: () -> Void, _ repair: () -> Void) throws -> Bool {
      damage()
      var writer = StateWriter()
      run.simulation.encodeState(into: &writer)
      repair()
      var reader = StateReader(writer.bytes, file: "memory")
      let reading = try crowd(network, trips: 1200).0.simulation
      do throws(CityError) { try reading.decodeState(from: &reader) } catch { return true }
      return false
    }
    XCTAssertFalse(try isRefused({}, {}))
    let (lane, vehicle) = (side.lane[s], side.reservedFor[awaited])
    let other = (lane + 50) % Int32(network.roadLaneCount)
    XCTAssertTrue(try isRefused({ side.lane[s] = other }, { side.lane[s] = lane }))
    XCTAssertTrue(try isRefused({ side.heldBy[free] = 3 }, { side.heldBy[free] = -1 }))
    XCTAssertTrue(
      try isRefused(
        { side.reservedFor[awaited] = -1 }, { side.reservedFor[awaited] = vehicle }))
    let n = side.count[link]
    XCTAssertTrue(
      try isRefused({ side.count[link] = 99 }, { side.count[link] = n }))
  }

  /// The same calls on the same congested streets, with privileges and without: they shorten the
  /// drive, hardly any gets longer, and the others lose little.
  func testPrivilegesShortenTheDriveAndCostTheOthersLittle() throws {
    let network = GridNetwork(size: 5, lanes: 1).build()
    var saved = 0.0
    var drives = 0
    var carSeconds = [0.0, 0.0]
    for seed in UInt64(1)...5 {
      var seconds: [[Double]] = []
      for (i, privileges) in [Privileges.all, []].enumerated() {
        let (run, fleet) = try crowd(
          network, trips: 700, seed: seed, privileges: privileges, restless: 0..<0)
        while run.simulation.tick < 4000 && (run.simulation.tick < 800 || !isDone(run, fleet)) {
          try run.simulation.step()
        }
        XCTAssertFalse(fleet.ended.contains(-1))
        seconds.append(zip(fleet.begun, fleet.ended).map { Double($1 - $0) / 2 })
        for trip in run.traffic.demand.trips.indices {
          let end = run.traffic.world.vehicles.arrived[trip]
          XCTAssertGreaterThan(end, 0)
          carSeconds[i] +=
            Double(end) / 2 - Double(run.traffic.demand.trips[trip].departureMilliseconds) / 1000
        }
      }
      for (with, without) in zip(seconds[0], seconds[1]) {
        saved += without - with
        drives += 1
        // The traffic about them takes another course, which may cost a light.
        XCTAssertLessThan(with, without + 20)
      }
      print("seed", seed, seconds[0].reduce(0, +) / 10, seconds[1].reduce(0, +) / 10)
    }
    print("saved a drive", saved / Double(drives), "cars", carSeconds)
    XCTAssertGreaterThan(saved / Double(drives), 20)
    XCTAssertLessThan(carSeconds[0], carSeconds[1] * 1.03)
  }

  private func isDone(_ run: GridRun, _ fleet: Fleet) -> Bool {
    run.traffic.counts.arrived == run.traffic.demand.trips.count && !fleet.ended.contains(-1)
  }
}
