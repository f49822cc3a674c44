import CityBase
import CityDemand
import CityModel
import XCTest

@testable import CityParking

/// What must hold at every tick, whatever happens.
final class BooksTests: XCTestCase {
  func testBaysAndDriversBalanceAtEveryTick() {
    for seed in 1...2 as ClosedRange<UInt64> {
      let run = ParkingRun.town(seed: seed, trips: 300)
      while run.tick < 5000 {
        run.step()
        let violations = run.parking.violations()
        XCTAssertEqual(violations, [], "seed \(seed), tick \(run.tick)")
        if !violations.isEmpty { return }
      }
      for figure in ["arrivals", "refused", "gave_up", "violations", "mean_search_s"] {
        XCTAssertGreaterThan(run.figure(figure), 0, "\(figure): the town must be busy")
      }
      run.step(until: 12_000)
      XCTAssertEqual(run.drives.held, [], "every journey that was held is completed")
      XCTAssertEqual(run.drives.standing, [], "every blockage is taken away")
      let completed = run.drives.completions.map(\.vehicle)
      XCTAssertEqual(completed.count, Set(completed).count, "no journey ends twice")
    }
  }

  /// The books would say so if something were wrong.
  func testWrongBooksAreNoticed() throws {
    let breaks: [(String, (ParkingDomain, Int, Int) -> Void)] = [
      ("a bay is forgotten", { parking, v, _ in parking.drivers[v].bay = -1 }),
      (
        "two in a bay", { parking, v, other in parking.drivers[other].bay = parking.drivers[v].bay }
      ),
      ("a bay is let twice", { parking, v, _ in parking.bays.vacate(Int(parking.drivers[v].bay)) }),
      (
        "a car is counted twice",
        { parking, v, _ in parking.bays.occupy(Int(parking.drivers[v].bay)) }
      ),
      ("a driver is nowhere", { parking, v, _ in parking.drivers[v].state = .gone }),
      ("another facility", { parking, v, _ in parking.drivers[v].facility += 1 }),
      ("a lane is blocked", { parking, v, _ in parking.drivers[v].blockage = 3 }),
      ("an outcome too soon", { parking, v, _ in parking.drivers[v].settled = -1 }),
    ]
    for (name, damage) in breaks {
      let run = ParkingRun.town()
      run.step(until: 600)
      let standing = run.parking.drivers.indices.filter {
        run.parking.drivers[$0].state.isStanding
      }
      XCTAssertEqual(run.parking.violations(), [])
      damage(run.parking, try XCTUnwrap(standing.first), try XCTUnwrap(standing.last))
      XCTAssertNotEqual(run.parking.violations(), [], name)
    }
  }

  func testEveryCarThatParkedLeavesOnce() {
    let run = ParkingRun.town()
    let strangers = ParkingDomain.reservedDrives(
      trips: [], supply: run.supply, settings: run.settings)
    // 0.4 of 20 and of 6 and 5 bays, 0.6 of 4 and 3 kerb bays, each rounded.
    XCTAssertEqual(strangers, 8 + 2 + 2 + 2 + 2)
    run.step(until: 120_000)
    let parked = run.rows.values.count {
      $0.last == .text("parked") || $0.last == .text("double_parked")
    }
    XCTAssertGreaterThan(parked, 100)
    XCTAssertEqual(run.drives.begun.count, parked + strangers)
    let names = run.drives.begun.map(\.drive.name)
    XCTAssertEqual(names.count, Set(names).count, "each car has a name of its own")
    XCTAssertEqual(Set(run.drives.begun.map(\.drive.key)).count, names.count, "and a key")
    XCTAssertTrue(run.drives.begun.allSatisfy { $0.drive.purpose == .home && $0.drive.isTrip })
    XCTAssertLessThanOrEqual(
      run.drives.begun.count,
      ParkingDomain.reservedDrives(trips: run.trips, supply: run.supply, settings: run.settings))
    XCTAssertEqual(run.parking.violations(), [])
  }

  func testHomeTripsAreLeftAlone() {
    let trips = [ParkingRun.trip("a", at: 0, to: 4, .home), ParkingRun.trip("b", at: 0, to: 4)]
    let run = ParkingRun(
      supply: [ParkingRun.facility("p", link: 4, bays: 2)], settings: ParkingRun.emptySettings(),
      trips: trips)
    run.step(until: 20)
    XCTAssertEqual(run.drives.redirects.map(\.vehicle.rawValue), [1])
    XCTAssertEqual(run.figure("arrivals"), 1)
  }

  func testUnlimitedSupplyMeansNoSearch() {
    let trips = (0..<2000).map { i in
      ParkingRun.trip("t\(i)", at: Int64(i) * 500, from: i % 7, to: 8 + i % 11)
    }
    let run = ParkingRun(
      supply: [3, 9, 15].map { ParkingRun.facility("p\($0)", link: $0, bays: 100_000, price: 5) },
      settings: ParkingRun.emptySettings(), trips: trips)
    run.step(until: 1100)
    XCTAssertEqual(run.figure("arrivals"), 2000)
    for figure in [
      "mean_search_s", "p50_search_s", "p90_search_s", "cruising_share", "refused", "gave_up",
      "violations",
    ] {
      XCTAssertEqual(run.figure(figure), 0, figure)
    }
    XCTAssertEqual(run.drives.redirects.count, 2000, "one goal each")
  }

  func testNobodyParkingCostsNothingButAGlance() {
    let run = ParkingRun(
      supply: [ParkingRun.facility("p", link: 4, bays: 50)], settings: ParkingRun.emptySettings(),
      trips: [])
    run.step(until: 100_000)
    XCTAssertEqual(run.drives.searches, 0)
    XCTAssertEqual(run.figure("mean_occupancy"), 0)
  }

  func testFacilitiesThatCannotBeUsed() {
    var far = ParkingRun.facility("elsewhere", link: 4, bays: 5)
    far.access?.link = LinkID(100_000)
    let run = ParkingRun(
      supply: [
        ParkingRun.facility("negative", link: 4, bays: -7), far,
        ParkingRun.facility("endless", link: 4, bays: .max),
      ],
      settings: ParkingRun.emptySettings(), trips: [ParkingRun.trip("a", at: 0, to: 4)])
    run.step(until: 10)
    XCTAssertEqual(run.rows["a"]?[2], .text("endless"))
    XCTAssertEqual(run.parking.violations(), [])
  }
}
