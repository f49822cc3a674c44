import CityBase
import XCTest

@testable import CityDemand

final class DrawTests: XCTestCase {
  func testChoiceFollowsWeights() {
    let choice = WeightedChoice([0, 1, 0, 3, 0])
    // A quarter of [0, 1) falls on the weight of 1; weights of 0 are never picked.
    XCTAssertEqual(choice.pick(0), 1)
    XCTAssertEqual(choice.pick(0.2499), 1)
    XCTAssertEqual(choice.pick(0.25), 3)
    XCTAssertEqual(choice.pick(0.9999999999999999), 3)
    XCTAssertEqual(choice.pick(1), 3)
    XCTAssertNil(WeightedChoice([0, -1, .nan]).pick(0.5))
    XCTAssertNil(WeightedChoice([]).pick(0.5))
  }

  func testProfilePlacesDepartures() throws {
    let profile = try DepartureProfile([
      .init(from: 200, to: 300, share: 3), .init(from: 0, to: 100, share: 1),
    ])
    XCTAssertEqual(profile.milliseconds(at: 0), 0)
    XCTAssertEqual(profile.milliseconds(at: 0.125), 50)
    XCTAssertEqual(profile.milliseconds(at: 0.25), 200)
    XCTAssertEqual(profile.milliseconds(at: 0.625), 250)
    XCTAssertEqual(profile.milliseconds(at: 0.9999999999999999), 299)
    XCTAssertEqual(profile.range, 0..<300)
  }

  func testProfileRefusesNonsense() {
    let bad: [[DepartureProfile.Interval]] = [
      [], [.init(from: 5, to: 5, share: 1)], [.init(from: 0, to: 9, share: -1)],
      [.init(from: 0, to: 9, share: .nan)], [.init(from: 0, to: 9, share: 0)],
      [.init(from: 0, to: 9, share: 1), .init(from: 8, to: 12, share: 1)],
      [.init(from: .min, to: .max, share: 1)],
    ]
    for intervals in bad {
      XCTAssertThrowsError(try DepartureProfile(intervals), "\(intervals)")
    }
    XCTAssertThrowsError(
      try DepartureProfile.weights([1, 1], from: .max - 5, pieceMilliseconds: 10))
  }

  func testDayPatternCutsAtLocalHours() throws {
    let epoch = try XCTUnwrap(Instant(iso8601: "2026-03-02T06:30:00+08:00"))
    var hours = [Double](repeating: 0, count: 24)
    (hours[6], hours[7], hours[8]) = (1, 3, 4)
    let purposes = [[Double]](repeating: [1, 0, 0, 0, 0, 0, 0], count: 24)
    let pattern = try DailyPattern(hourWeights: hours, purposeWeights: purposes)
    // Half of hour 6 (1/8 of the day), all of hour 7, a quarter of hour 8.
    let window: Range<Int64> = 0..<(105 * 60_000)
    XCTAssertEqual(
      pattern.dayShare(of: window, epoch: epoch), 0.5 / 8 + 3.0 / 8 + 0.25 * 4 / 8,
      accuracy: 1e-12)
    let profile = try pattern.profile(over: window, epoch: epoch)
    XCTAssertEqual(profile.intervals.map(\.from), [0, 30 * 60_000, 90 * 60_000])
    // Shares go as 0.5 : 3 : 1, so two ninths into the whole lies 1 - 0.5 = 0.5 into hour 7's 3.
    XCTAssertEqual(
      Double(profile.milliseconds(at: 2.0 / 9)), 30 * 60_000 + 3_600_000.0 / 6, accuracy: 1)
    XCTAssertThrowsError(try DailyPattern(hourWeights: hours, purposeWeights: []))
    XCTAssertEqual(DailyPattern.weekday.hourShare.reduce(0, +), 1, accuracy: 1e-12)
    let away = TripPurpose.allCases.reduce(0) { $0 + DailyPattern.awayShare($1) }
    XCTAssertEqual(away, 1, accuracy: 1e-12)
  }
}
