import CityBase
import CityDemand
import CityModel
import CityParking
import CitySimulation
import CityTestSupport
import XCTest

/// What befalls single drivers, worked out by hand. Drives take ten ticks of a second; who is held
/// comes upon his goal a tick before he is there.
final class StoryTests: XCTestCase {
  /// The destination, and the facility right there.
  static let here = 4
  /// A link some way off.
  static let there = 8

  static func settings(_ change: (inout ParkingSettings) -> Void = { _ in }) -> ParkingSettings {
    ParkingRun.emptySettings {
      $0.choice = NearestFacility()
      $0.stays.spread = 0
      $0.stays.meanMilliseconds = $0.stays.meanMilliseconds.map { _ in 1_200_000 }
      change(&$0)
    }
  }

  static func run(
    _ names: [(String, at: Int64)], bays: Int = 1, settings: ParkingSettings = settings(),
    hours: OpeningHours = .always, withThere: Bool = true, measured: Range<Int64> = 0..<2_000_000
  ) -> ParkingRun {
    let trips = names.map { ParkingRun.trip($0.0, at: $0.at, to: here) }
    return ParkingRun(
      supply: [
        ParkingRun.facility("here", link: here, bays: bays, price: 4, hours: hours)
      ] + (withThere ? [ParkingRun.facility("there", link: there, bays: 1, price: 8)] : []),
      settings: settings, trips: trips, measured: measured,
      drives: FakeDrives(trips: trips, seconds: 10))
  }

  func testTwoDriversAndOneBay() {
    let run = Self.run([("a", at: 0), ("b", at: 1000)])
    run.step(until: 2000)
    // a: held from tick 10, parked at 11. b: refused at 11, parked elsewhere at 22.
    let straight = ParkingRun.position(ParkingRun.middle(Self.here))
      .distance(to: ParkingRun.position(ParkingRun.middle(Self.there)))
    let walk = 1.3 * straight
    let stands = 1200 + 2 * walk / 1.34
    XCTAssertEqual(run.figure("arrivals"), 2)
    XCTAssertEqual(run.figure("refused"), 1)
    XCTAssertEqual(run.figure("mean_search_s"), 5.5)
    XCTAssertEqual(run.figure("p50_search_s"), 0)
    XCTAssertEqual(run.figure("p90_search_s"), 11)
    XCTAssertEqual(run.figure("cruising_share"), 0.5)
    XCTAssertEqual(run.figure("mean_walk_m"), walk / 2, accuracy: 0.05)
    XCTAssertEqual(run.figure("turnover"), 1)
    XCTAssertEqual(run.figure("mean_occupancy"), (1200 + stands) / 2 / 2000, accuracy: 0.001)
    // Twenty minutes are two started quarters of an hour.
    let quarters = (stands / 900).rounded(.up)
    XCTAssertEqual(run.figure("revenue_cny"), 2 * 1 + quarters * 2)
    XCTAssertEqual(run.figure("gave_up") + run.figure("violations"), 0)
    XCTAssertEqual(
      run.drives.completions,
      [
        FakeDrives.Completion(vehicle: VehicleID(0), tick: 11),
        FakeDrives.Completion(
          vehicle: VehicleID(1), tick: 22 + Tick((walk / 1.34).rounded(.up))),
      ])
    let home = run.drives.begun
    XCTAssertEqual(home.map(\.drive.name), ["a-return", "b-return"])
    XCTAssertEqual(home.first?.tick, 11 + 1200)
    XCTAssertEqual(home.last?.tick, 22 + Tick(stands.rounded(.up)))
    XCTAssertEqual(home.first?.drive.origin, ParkingRun.middle(Self.here))
    XCTAssertEqual(home.last?.drive.origin, ParkingRun.middle(Self.there))
    XCTAssertEqual(home.last?.drive.destination, run.trips[1].origin)
    XCTAssertEqual(run.rows["b"]?[4], .integer(2), "two tries")
    XCTAssertEqual(run.rows["b"]?[3], .text("2026-03-02T08:00:22+08:00"))
  }

  func testOnlyTripsDueInTheWindowCount() {
    let run = Self.run([("a", at: 0), ("b", at: 1000)], measured: 500..<1_000_000)
    run.step(until: 2000)
    XCTAssertEqual(run.figure("arrivals"), 1)
    XCTAssertEqual(run.figure("mean_search_s"), 11)
    XCTAssertEqual(run.rows.count, 2, "the table has them all")
  }

  func testAGuidedDriverIsNotRefused() {
    let guided = Self.settings {
      $0.guidedShare = 1
      $0.guidanceMilliseconds = 1000
    }
    // b hears on the way that the bay has gone; c knows it before he sets out.
    let run = Self.run([("a", at: 0), ("b", at: 1000), ("c", at: 40_000)], settings: guided)
    run.step(until: 12)
    XCTAssertEqual(run.drives.redirects.last?.destination, ParkingRun.middle(Self.there))
    XCTAssertEqual(run.drives.redirects.last?.tick, 11)
    run.step(until: 100)
    XCTAssertEqual(run.outcome("b"), "parked")
    XCTAssertEqual(run.rows["b"]?[4], .integer(1), "one try")
    XCTAssertEqual(run.rows["b"]?[5], .number(0, decimals: 3))
    // Both are full for c, who tries his luck all the same.
    XCTAssertEqual(run.figure("refused"), 2)
  }

  func testAPolicySetsTheGuidedShare() {
    let run = Self.run(
      [("a", at: 0), ("b", at: 20_000)], settings: Self.settings { $0.guidedShare = 0 })
    run.overrides.apply(.setGuidedShare(1))
    run.step(until: 100)
    XCTAssertEqual(run.figure("refused"), 0)
    XCTAssertEqual(run.rows["b"]?[2], .text("there"))
  }

  func testWhoFindsNothingStopsInTheLane() {
    let settings = Self.settings {
      $0.doubleParking.share = 1
      $0.doubleParking.residualWidth = 0.9
    }
    let run = Self.run([("a", at: 0), ("b", at: 1000)], settings: settings, withThere: false)
    run.step(until: 23)
    // Refused at 11, at his destination at 22.
    let lane = LaneID(ParkingRun.network.lanes(of: LinkID(Self.here)).lowerBound)
    let offset = ParkingRun.middle(Self.here).offset
    XCTAssertEqual(
      run.drives.blockages,
      [LaneBlockage(lane: lane, from: offset - 4.5, to: offset, residualWidth: 0.9)])
    XCTAssertEqual(run.drives.standing.count, 1)
    XCTAssertEqual(run.drives.completions.last?.tick, 22)
    XCTAssertEqual(run.figure("violations"), 1)
    XCTAssertEqual(run.figure("mean_search_s"), 5.5)
    XCTAssertEqual(run.parking.violations(), [])
    while run.drives.begun.isEmpty, run.tick < 100_000 {
      XCTAssertEqual(run.drives.standing.count, 1, "at tick \(run.tick)")
      run.step()
    }
    while !run.drives.begun.contains(where: { $0.drive.name == "b-return" }), run.tick < 100_000 {
      run.step()
    }
    XCTAssertEqual(run.drives.standing, [])
    XCTAssertEqual(run.drives.begun.last?.drive.origin, run.trips[1].destination)
    XCTAssertEqual(run.outcome("b"), "double_parked")
  }

  func testWhoFindsNothingMayDriveBack() {
    let run = Self.run(
      [("a", at: 0), ("b", at: 1000)], settings: Self.settings { $0.doubleParking.share = 0 },
      withThere: false)
    run.step(until: 23)
    XCTAssertEqual(run.drives.redirects.last?.destination, run.trips[1].origin)
    XCTAssertEqual(run.figure("gave_up"), 1)
    XCTAssertEqual(run.drives.completions.last?.tick, 22)
    XCTAssertEqual(run.drives.blockages, [])
    XCTAssertEqual(run.outcome("b"), "gave_up")
    XCTAssertEqual(run.figure("mean_search_s"), 0, "he gave up at once when he was refused")
  }

  func testHoursAreMinded() throws {
    let late = try XCTUnwrap(OpeningHours("09:00-18:00"))
    let run = Self.run([("a", at: 0)], hours: late)
    run.step(until: 30)
    XCTAssertEqual(run.rows["a"]?[2], .text("there"), "here it is closed until nine")
    let alone = Self.run([("a", at: 0), ("b", at: 3_595_000)], hours: late, withThere: false)
    alone.step(until: 3700)
    XCTAssertEqual(alone.outcome("a"), "none_near")
    XCTAssertEqual(alone.drives.completions.map(\.vehicle.rawValue), [1], "a was left alone")
    XCTAssertEqual(alone.outcome("b"), "parked", "at 09:00:05 it is open")
  }

  func testWhoComesTooLateIsRefused() throws {
    let hours = try XCTUnwrap(OpeningHours("06:00-08:00"))
    let trips = [ParkingRun.trip("a", at: 0, to: Self.here)]
    let drives = FakeDrives(trips: trips)
    // Setting out, then the search, which promises a second; but the road takes a hundred.
    var calls = 0
    drives.driveSeconds = { _, _ in
      calls += 1
      return calls > 2 ? 100 : 1
    }
    let start = ParkingRun.start.advanced(byMilliseconds: -10_000)
    let run = ParkingRun(
      supply: [ParkingRun.facility("here", link: Self.here, bays: 5, hours: hours)],
      settings: Self.settings { $0.doubleParking.share = 0 }, trips: trips, start: start,
      drives: drives)
    run.step(until: 500)
    XCTAssertEqual(run.figure("refused"), 1)
    XCTAssertEqual(run.outcome("a"), "gave_up")
  }

  func testAPriceMovesDrivers() {
    let trips = (0..<200).map { ParkingRun.trip("t\($0)", at: Int64($0) * 100, to: Self.here) }
    func share(price: Double?) -> Double {
      let run = ParkingRun(
        supply: [Self.here, Self.there].map {
          ParkingRun.facility("p\($0)", link: $0, bays: 500, price: 2)
        },
        settings: Self.settings { $0.choice = GeneralizedCost() }, trips: trips)
      if let price {
        run.overrides.apply(.setParkingPrice(ParkingFacilityID(0), cnyPerHour: price))
      }
      run.step(until: 60)
      return Double(run.rows.values.count { $0[2] == .text("p\(Self.here)") }) / 200
    }
    let plain = share(price: nil)
    XCTAssertGreaterThan(plain, 0.5)
    XCTAssertEqual(share(price: 2), plain)
    XCTAssertGreaterThan(share(price: 0), plain)
    XCTAssertLessThan(share(price: 30), 0.1)
  }

  func testWhereNoWayLeadsNobodyIsSent() {
    var walled = ParkingRun.facility("walled", link: Self.here, bays: 9)
    walled.access?.offset += 1
    let wall = walled.access
    let trips = [ParkingRun.trip("a", at: 0, to: Self.here)]
    let drives = FakeDrives(trips: trips)
    drives.driveSeconds = { $1 == wall ? nil : 10 }
    let run = ParkingRun(
      supply: [walled, ParkingRun.facility("there", link: Self.there, bays: 1)],
      settings: Self.settings(), trips: trips, drives: drives)
    run.step(until: 100)
    XCTAssertEqual(run.rows["a"]?[2], .text("there"))
  }

  func testTheSnapshotTellsHeldFromOccupied() {
    let run = Self.run([("a", at: 0)])
    run.step(until: 11)
    XCTAssertEqual(Self.state(run), "here: 0 of 1, 1 held, full; there: 0 of 1, 0 held, open")
    run.step(until: 12)
    XCTAssertEqual(Self.state(run), "here: 1 of 1, 0 held, full; there: 0 of 1, 0 held, open")
    XCTAssertEqual(
      run.parking.closeInterval(seconds: 12), [.integer(1), .integer(1), .integer(0), .integer(0)])
    XCTAssertEqual(
      run.parking.closeInterval(seconds: 12), [.integer(0), .integer(1), .integer(0), .integer(0)])
  }

  private static func state(_ run: ParkingRun) -> String {
    var sink = ListSink()
    let moment = Moment(
      tick: run.tick, clock: run.clock, random: run.random, overrides: run.overrides)
    for layer in run.parking.snapshotLayers { layer.addFeatures(to: &sink, at: moment) }
    return sink.lines.joined(separator: "; ")
  }
}

/// Features as short lines.
private struct ListSink: FeatureSink {
  var lines: [String] = []
  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property]) {
    func text(_ name: String) -> String {
      switch properties.first(where: { $0.name == name })?.value {
      case .integer(let value): "\(value)"
      case .text(let value): value
      default: "?"
      }
    }
    lines.append(
      "\(id): \(text("occupied")) of \(text("capacity")), \(text("held")) held, \(text("state"))")
  }
}
