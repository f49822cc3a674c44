import CityBase
import CityParking
import XCTest

final class OpeningHoursTests: XCTestCase {
  /// A text, times when one may enter, times when not.
  static let table: [(text: String, open: [String], closed: [String])] = [
    ("", ["00:00", "12:00", "23:59"], []),
    ("24/7", ["00:00", "23:59"], []),
    ("00:00-24:00", ["00:00", "23:59"], []),
    ("06:30-23:00", ["06:30", "22:59"], ["06:29", "23:00", "00:00"]),
    ("6:30-9:00", ["06:30", "08:59"], ["09:00"]),
    (" 06:30 - 23:00 ", ["06:30"], ["23:00"]),
    ("18:00-08:00", ["18:00", "23:59", "00:00", "07:59"], ["08:00", "17:59"]),
    ("07:00-12:00,14:00-18:00", ["07:00", "14:00"], ["12:00", "13:59", "18:00"]),
    ("14:00-18:00; 07:00-12:00", ["11:59", "17:59"], ["13:00"]),
    ("20:00-24:00", ["20:00", "23:59"], ["00:00", "19:59"]),
    ("20:00-00:00", ["20:00", "23:59"], ["00:00", "19:59"]),
    ("08:00-08:00", ["08:00", "07:59", "20:00"], []),
    ("22:00-06:00;05:00-07:00", ["23:00", "05:30", "06:59"], ["07:00", "21:00"]),
  ]

  func testTheTableOfHours() throws {
    for (text, open, closed) in Self.table {
      let hours = try XCTUnwrap(OpeningHours(text), text)
      for time in open { XCTAssertTrue(hours.isOpen(at: instant(time)), "\(text) at \(time)") }
      for time in closed { XCTAssertFalse(hours.isOpen(at: instant(time)), "\(text) at \(time)") }
    }
  }

  func testWhatCannotBeReadIsRefused() {
    for text in [
      "always", "Mo-Fr 08:00-18:00", "08:00", "08:00-", "-08:00", "25:00-26:00", "08:60-09:00",
      "24:00-06:00", "08:00-24:01", "8-18", "08:00-09:00-10:00", "08:00–18:00", ",", "24/8", "-",
      "99999999999999999999:00-10:00", "+8:00-10:00", "08:0-10:00",
    ] {
      XCTAssertNil(OpeningHours(text), text)
    }
  }

  private func instant(_ time: String) -> Instant {
    Instant(iso8601: "2026-03-02T\(time)+08:00") ?? Instant(millisecondsSince1970: 0)
  }
}
