import CityBase
import Foundation
import XCTest

final class TimeTests: XCTestCase {
  func testMomentsAgainstFoundation() throws {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    let random = RandomStream(seed: 5)
    // 1900 to 2400, with zones between -12:00 and +14:00 in quarters of an hour.
    for i in 0..<3000 {
      let seconds = random.below(15_778_800_000, .sampling, UInt64(i)) - 2_208_988_800
      let zone = (random.below(105, .sampling, UInt64(i), 1) - 48) * 900
      formatter.timeZone = try XCTUnwrap(TimeZone(secondsFromGMT: zone))
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      let instant = Instant(
        millisecondsSince1970: Int64(seconds) * 1000, zoneSeconds: Int32(zone))
      XCTAssertEqual(instant.iso8601, expected)
      XCTAssertEqual(Instant(iso8601: expected), instant)
      XCTAssertEqual(expected.dropFirst(11).prefix(8), instant.timeOfDay[...])
      let compact = expected.prefix(19).filter { $0 != "-" && $0 != ":" }
      XCTAssertEqual(instant.compact, compact)
    }
  }

  func testEveryDayOfFourCenturiesHasItsDate() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try XCTUnwrap(TimeZone(secondsFromGMT: 0))
    let first = try XCTUnwrap(Instant(iso8601: "1900-01-01T00:00Z"))
    for day in stride(from: 0, to: 146_097, by: 11) {
      let instant = first.advanced(byMilliseconds: Int64(day) * 86_400_000)
      let date = Date(timeIntervalSince1970: Double(instant.millisecondsSince1970) / 1000)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      let text = String(
        format: "%04d-%02d-%02dT00:00:00Z", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
      XCTAssertEqual(instant.iso8601, text)
    }
  }

  func testFormsOfAMoment() throws {
    let forms: [(String, Int64, Int32, String)] = [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("1970-01-01T00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
      ("1970-01-01T08:00:00+08:00", 0, 28800, "1970-01-01T08:00:00+08:00"),
      ("1969-12-31T20:30:00-03:30", 0, -12600, "1969-12-31T20:30:00-03:30"),
      ("1970-01-01T00:00:00.5Z", 500, 0, "1970-01-01T00:00:00.500Z"),
      ("1970-01-01T00:00:00.025Z", 25, 0, "1970-01-01T00:00:00.025Z"),
      ("1969-12-31T23:59:59.999Z", -1, 0, "1969-12-31T23:59:59.999Z"),
      ("2024-02-29T12:00:00Z", 1_709_208_000_000, 0, "2024-02-29T12:00:00Z"),
      ("2000-02-29T00:00:00Z", 951_782_400_000, 0, "2000-02-29T00:00:00Z"),
    ]
    for (text, milliseconds, zone, written) in forms {
      let instant = try XCTUnwrap(Instant(iso8601: text), text)
      XCTAssertEqual(instant.millisecondsSince1970, milliseconds, text)
      XCTAssertEqual(instant.zoneSeconds, zone, text)
      XCTAssertEqual(instant.iso8601, written)
      XCTAssertEqual(Instant(iso8601: written), instant)
    }
  }

  func testWhatIsNoMoment() {
    let refused = [
      "", "2026", "2026-03-02", "2026-03-02T07:00:00", "2026-03-02 07:00:00Z",
      "2026-3-2T07:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00Z",
      "2026-00-01T00:00Z", "2026-04-31T00:00Z", "2026-01-00T00:00Z", "2026-01-01T24:00Z",
      "2026-01-01T00:60Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00.1234Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:00+8",
      "2026-01-01T00:00:00+0800", "2026-01-01T00:00:00+19:00", "2026-01-01T00:00:00+18:01",
      "2026-01-01T00:00:00+08:60", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z",
      "2026-01-01T00:00:00+08:00Z", "-026-01-01T00:00Z", "2026-01-01T0٧:00Z", "+2026-01-01T00:00Z",
    ]
    for text in refused { XCTAssertNil(Instant(iso8601: text), text) }
  }

  func testMillisecondOfDayFollowsTheZone() {
    let noon = Instant(millisecondsSince1970: -43_200_000)
    XCTAssertEqual(noon.millisecondOfDay, 43_200_000)
    let inChina = Instant(millisecondsSince1970: -43_200_000, zoneSeconds: 28800)
    XCTAssertEqual(inChina.millisecondOfDay, 72_000_000)
    let inAlaska = Instant(millisecondsSince1970: 0, zoneSeconds: -32400)
    XCTAssertEqual(inAlaska.millisecondOfDay, 54_000_000)
  }

  func testDurations() {
    let forms: [(String, Int64?)] = [
      ("90s", 90_000), ("0.5s", 500), ("15min", 900_000), ("1.5h", 5_400_000), ("0s", 0),
      ("1h", 3_600_000), ("0.001s", 1), ("2400h", 8_640_000_000), ("2400.001h", nil),
      ("0.0005s", nil), ("", nil), ("s", nil), ("5", nil), ("-5s", nil), ("5 s", nil), ("5m", nil),
      (".5s", nil), ("5.s", nil), ("1.2.3s", nil), ("1e3s", nil), ("99999999999999999999s", nil),
      ("0.00000000000001h", nil), ("٣s", nil),
    ]
    for (text, milliseconds) in forms {
      XCTAssertEqual(DurationText.milliseconds(text), milliseconds, text)
    }
    for ms: Int64 in [0, 1, 20, 500, 1000, 1500, 60_000, 90_000, 3_600_000, 5_400_000, 86_400_001] {
      let text = DurationText.text(milliseconds: ms)
      XCTAssertEqual(DurationText.milliseconds(text), ms, text)
    }
    XCTAssertEqual(DurationText.text(milliseconds: 900_000), "15min")
    XCTAssertEqual(DurationText.text(milliseconds: 90_000), "90s")
  }

  func testTimesOfTheFirstDay() throws {
    let seven = try XCTUnwrap(Instant(iso8601: "2026-03-02T07:00:00+08:00"))
    let forms: [(String, Int64?)] = [
      ("07:30", 1_800_000), ("07:00:01", 1000), ("06:00", -3_600_000), ("24:00", 61_200_000),
      ("47:59:59", 147_599_000), ("2026-03-02T08:00:00+08:00", 3_600_000),
      ("2026-03-02T00:00:00Z", 3_600_000), ("48:00", nil), ("7:30", nil), ("07:60", nil),
      ("07:30:60", nil), ("07", nil), ("07:30:00:00", nil), ("", nil), ("ab:cd", nil),
      ("-1:30", nil), ("07:30 ", nil),
    ]
    for (text, milliseconds) in forms {
      XCTAssertEqual(TimeText(text)?.milliseconds(from: seven), milliseconds, text)
    }
  }

  func testTicks() {
    let clock = Clock(
      epoch: Instant(millisecondsSince1970: 1000, zoneSeconds: 3600), stepMilliseconds: 500)
    XCTAssertEqual(clock.instant(of: 3).millisecondsSince1970, 2500)
    XCTAssertEqual(clock.instant(of: 3).zoneSeconds, 3600)
    XCTAssertEqual(clock.stepSeconds, 0.5)
    let ticks: [(Int64, Tick)] = [
      (0, 0), (1, 1), (499, 1), (500, 1), (501, 2), (-1, 0), (-500, -1),
    ]
    for (milliseconds, tick) in ticks {
      XCTAssertEqual(clock.tick(atOrAfter: milliseconds), tick, "\(milliseconds)")
    }
  }
}
