import CityBase
import XCTest

@testable import CityImport

final class TurnOnRedTests: XCTestCase {
  /// Longitude and latitude of cities, and whether one may turn right at red there.
  func testByPlace() {
    let cities: [(String, Double, Double, Bool)] = [
      ("Phoenix", -112.07, 33.45, true), ("Anchorage", -149.9, 61.2, true),
      ("Toronto", -79.38, 43.65, true), ("Mexico City", -99.13, 19.43, true),
      ("Bogota", -74.07, 4.71, false), ("Berlin", 13.4, 52.52, false),
      ("Reykjavik", -21.94, 64.15, false), ("London", -0.13, 51.5, false),
      ("Tianjin", 117.2, 39.12, false), ("Sydney", 151.2, -33.87, false),
    ]
    for (name, x, y, isAllowed) in cities {
      XCTAssertEqual(TurnOnRed.isUsual(at: Point2(x, y)), isAllowed, name)
    }
  }
}
