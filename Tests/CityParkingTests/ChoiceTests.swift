import CityBase
import CityModel
import CityParking
import CityTestSupport
import CityText
import XCTest

final class ChoiceTests: XCTestCase {
  func testEveryChoiceKeepsTheRules() {
    let choices: [any ParkingChoice] = [GeneralizedCost(), NearestFacility(), CheapestFacility()]
    for choice in choices {
      XCTAssertEqual(
        ParkingChoiceConformance.violations(of: choice), [], "\(type(of: choice).typeName)")
    }
  }

  func testTheCheckerCatchesThoseWhoDoNot() {
    let found = ParkingChoiceConformance.violations(of: FirstListed(), rounds: 200).joined()
    XCTAssertTrue(found.contains("order of the options"), found)
    XCTAssertTrue(found.contains("full"), found)
    let none = ParkingChoiceConformance.violations(of: Nobody(), rounds: 20)
    XCTAssertEqual(none, ["it never takes any"])
  }

  /// At 36 yuan an hour a second is worth 0.01 yuan, and one on foot twice that.
  func testTheGeneralizedCostByHand() {
    let driver = ParkingDriver(valueOfTimeCNYPerHour: 36, walkingWeight: 2)
    // drive 100 s: 1.00; walk 100 s there and back at 0.02: 4.00; fee 3: 8.00
    let near = option(0, drive: 100, walk: 100, fee: 3)
    // 2.00 + 10.00 + 0 = 12.00
    let free = option(1, drive: 200, walk: 250, fee: 0)
    XCTAssertEqual(GeneralizedCost().choose([near, free], for: driver), 0)
    // 12.00 less a taste of 4.01 is below 8.00.
    var loved = free
    loved.tasteCNY = 4.01
    XCTAssertEqual(GeneralizedCost().choose([near, loved], for: driver), 1)
    loved.tasteCNY = 3.99
    XCTAssertEqual(GeneralizedCost().choose([near, loved], for: driver), 0)
    // Who has no money to spare but time: at 9 yuan an hour it is 3 + 1.25 against 3.
    let poor = ParkingDriver(valueOfTimeCNYPerHour: 9, walkingWeight: 2)
    XCTAssertEqual(GeneralizedCost().choose([near, free], for: poor), 1)
    var full = near
    full.availability = .full
    XCTAssertEqual(GeneralizedCost().choose([full, free], for: driver), 1)
    XCTAssertNil(GeneralizedCost().choose([full], for: driver))
  }

  func testTheNearestAndTheCheapest() {
    let driver = ParkingDriver(valueOfTimeCNYPerHour: 36, walkingWeight: 2)
    let options = [
      option(0, drive: 10, walk: 90, fee: 5), option(1, drive: 900, walk: 80, fee: 9),
      option(2, drive: 20, walk: 85, fee: 1),
    ]
    XCTAssertEqual(NearestFacility().choose(options, for: driver), 1)
    XCTAssertEqual(CheapestFacility().choose(options, for: driver), 2)
  }

  private func option(_ id: Int, drive: Double, walk: Double, fee: Double) -> ParkingOption {
    ParkingOption(
      facility: ParkingFacilityID(id), type: .surface, availability: .unknown, driveSeconds: drive,
      walkMeters: walk * 1.34, walkSeconds: walk, feeCNY: fee, tasteCNY: 0)
  }
}

/// Takes what is listed first, full or not.
private struct FirstListed: ParkingChoice {
  static let typeName = "first"
  init() {}
  init(from reader: inout JSONObjectReader) throws(CityError) {}
  func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? { 0 }
}

/// Likes no facility at all.
private struct Nobody: ParkingChoice {
  static let typeName = "nobody"
  init() {}
  init(from reader: inout JSONObjectReader) throws(CityError) {}
  func choose(_ options: [ParkingOption], for driver: ParkingDriver) -> Int? { nil }
}
