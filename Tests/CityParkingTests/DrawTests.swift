import CityBase
import CityDemand
import XCTest

@testable import CityParking

/// The same people whatever else happens.
final class DrawTests: XCTestCase {
  func testAHigherGuidedShareOnlyAddsPeople() {
    let draws = DriverDraws(random: RandomStream(seed: 5), settings: ParkingSettings())
    let keys = (0..<20_000).map { StableHash.of("trip \($0)") }
    var before: Set<UInt64> = []
    for share in [0, 0.1, 0.3, 0.31, 0.8, 1] {
      let guided = Set(keys.filter { draws.isGuided($0, share: share) })
      XCTAssertTrue(before.isSubset(of: guided), "share \(share)")
      // Three standard deviations of a binomial share are below 0.011.
      XCTAssertEqual(Double(guided.count) / Double(keys.count), share, accuracy: 0.011)
      before = guided
    }
  }

  func testStaysHaveTheMeanAndSpreadOfTheSettings() {
    var settings = ParkingSettings()
    settings.stays.spread = 0.5
    settings.stays.meanMilliseconds[Int(TripPurpose.shopping.rawValue)] = 3_600_000
    for form in StaySettings.Form.allCases {
      settings.stays.form = form
      let draws = DriverDraws(random: RandomStream(seed: 2), settings: settings)
      let hours = (0..<40_000).map {
        Double(draws.stay(StableHash.of("\($0)"), .shopping)) / 3_600_000
      }
      let mean = hours.reduce(0, +) / 40_000
      let variance = hours.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
      let spread = form == .exponential ? 1 : 0.5
      // Four standard errors of the mean; those of the spread are about as large.
      XCTAssertEqual(mean, 1, accuracy: 4 * spread / 200, "\(form)")
      XCTAssertEqual(variance.squareRoot(), spread, accuracy: 0.03, "\(form)")
      XCTAssertGreaterThan(hours.min() ?? 0, 0)
    }
  }

  func testTastesFollowGumbel() {
    var settings = ParkingSettings()
    settings.drivers.tasteCNY = 2
    let draws = DriverDraws(random: RandomStream(seed: 3), settings: settings)
    let tastes = (0..<40_000).map { draws.taste(StableHash.of("p\($0)"), facility: 77) }
    let mean = tastes.reduce(0, +) / 40_000
    // The mean of Gumbel's distribution is Euler's constant times its scale; its standard deviation
    // is π/√6 = 1.28 times the scale.
    XCTAssertEqual(mean, 2 * 0.577216, accuracy: 4 * 2 * 1.28 / 200)
    XCTAssertEqual(draws.taste(1, facility: 2), draws.taste(1, facility: 2))
    XCTAssertNotEqual(draws.taste(1, facility: 2), draws.taste(1, facility: 3))
  }

  func testAnotherTripChangesNobodyElse() {
    let roomy = [2, 9, 14].map {
      ParkingRun.facility("p\($0)", link: $0, bays: 5000, price: Double($0))
    }
    var settings = ParkingSettings()
    settings.guidedShare = 0.5
    settings.stays.meanMilliseconds = settings.stays.meanMilliseconds.map { $0 / 10 }
    settings.initial.surface = 0.02
    var trips = (0..<300).map { i in
      ParkingRun.trip("t\(i)", at: Int64(i) * 4000, from: i % 13, to: 5 + i % 17)
    }
    let before = ParkingRun(supply: roomy, settings: settings, trips: trips)
    trips.insert(ParkingRun.trip("another", at: 599_000, to: 11), at: 150)
    let after = ParkingRun(supply: roomy, settings: settings, trips: trips)
    before.step(until: 9000)
    after.step(until: 9000)
    XCTAssertNotNil(after.rows["another"])
    XCTAssertEqual(before.rows, after.rows.filter { $0.key != "another" })
    func drives(_ run: ParkingRun) -> [String] {
      run.drives.begun.filter { !$0.drive.name.hasPrefix("another") }
        .map { "\($0.tick) \($0.drive.name) \($0.drive.key) \($0.drive.destination)" }
    }
    XCTAssertGreaterThan(drives(before).count, 400)
    XCTAssertEqual(drives(before), drives(after))
  }
}
