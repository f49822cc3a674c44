import CityBase
import XCTest

@testable import CityDemand

/// Holds the day of the surveys against what was published.
final class SurveyTests: XCTestCase {
  /// Trips of a purpose, there and back, that start in each hour, in percent of its own.
  private func hours(_ entry: TravelSurvey.Purpose) -> [Double] {
    let (out, home) = (entry.out.reduce(0, +), entry.home.reduce(0, +))
    return (0..<24).map { h in
      home > 0 ? 50 * (entry.out[h] / out + entry.home[h] / home) : 100 * entry.out[h] / out
    }
  }

  func testSharesOfTheDay() {
    let survey = TravelSurvey.purposes
    XCTAssertEqual(survey.reduce(0) { $0 + $1.percent }, 100, accuracy: 1e-9)
    // Mobilitaet in Deutschland 2017: 43 % of all trips are made at the wheel.
    let driven = survey.reduce(0) { $0 + TravelSurvey.carPercent($1) }
    XCTAssertEqual(driven, 43, accuracy: 0.5)
    let pattern = DailyPattern.survey
    XCTAssertEqual(pattern.hourShare.reduce(0, +), 1, accuracy: 1e-12)
    for hour in pattern.purposeShare { XCTAssertEqual(hour.reduce(0, +), 1, accuracy: 1e-12) }
    for hour in pattern.originShare ?? [] { XCTAssertEqual(hour.reduce(0, +), 1, accuracy: 1e-12) }
    for entry in survey {
      XCTAssertEqual(entry.out.count, 24)
      XCTAssertTrue(entry.home.isEmpty || entry.home.count == 24)
      XCTAssertTrue((entry.out + entry.home).allSatisfy { $0 >= 0 })
    }
    // As many go home from a place as went there, over the whole day.
    let home = Int(TripPurpose.home.rawValue)
    for purpose in TripPurpose.allCases where purpose != .home && purpose != .business {
      let p = Int(purpose.rawValue)
      let out = (0..<24).reduce(0) { $0 + pattern.hourShare[$1] * pattern.purposeShare[$1][p] }
      let back = (0..<24).reduce(0) {
        $0 + pattern.hourShare[$1] * pattern.purposeShare[$1][home]
          * (pattern.originShare?[$1][p] ?? 0)
      }
      XCTAssertEqual(out, back, accuracy: 1e-9, "\(purpose)")
    }
  }

  func testHoursArePublishedOnes() throws {
    let survey = TravelSurvey.purposes
    let shopping = hours(try XCTUnwrap(survey.first { $0.purpose == .shopping }))
    // NTS0502b, shopping, Monday to Friday, 7 h to 21 h.
    let published = [
      1.0, 3.2, 7.2, 11.6, 13.0, 11.0, 10.0, 8.9, 7.6, 7.2, 6.2, 5.4, 4.4, 1.8, 0.8,
    ]
    for (i, share) in published.enumerated() {
      XCTAssertEqual(shopping[7 + i], share, accuracy: 0.4, "shopping at \(7 + i) h")
    }
    // The same table: commuting at 17 h, and taking children to school or home at 15 h.
    XCTAssertEqual(
      hours(try XCTUnwrap(survey.first { $0.purpose == .work }))[17], 13.6, accuracy: 0.5)
    XCTAssertEqual(hours(try XCTUnwrap(survey.first { $0.percent == 4 }))[15], 31.2, accuracy: 0.5)
    // Of all car trips, the busiest hours are those of the peaks.
    let busiest = DailyPattern.survey.hourShare.enumerated().sorted { $0.element > $1.element }
    XCTAssertTrue(Set(busiest.prefix(4).map(\.offset)).isSubset(of: [7, 8, 15, 16, 17]))
    XCTAssertEqual(DailyPattern.carTripsPerPersonAndDay, 1.333, accuracy: 1e-9)
  }

  func testMorningIsForWorkAndAfternoonForHome() {
    let shares = DailyPattern.survey.purposeShare
    func share(_ hour: Int, _ purpose: TripPurpose) -> Double {
      shares[hour][Int(purpose.rawValue)]
    }
    for purpose in TripPurpose.allCases where purpose != .work {
      XCTAssertGreaterThan(share(7, .work), share(7, purpose), "\(purpose)")
    }
    XCTAssertGreaterThan(share(7, .work), 0.4)
    XCTAssertLessThan(share(15, .work), 0.05)
    XCTAssertGreaterThan(share(15, .home), 0.4)
    XCTAssertGreaterThan(share(10, .shopping), share(10, .work))
  }

  func testWhereThoseComeFromWhoGoHome() throws {
    let epoch = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)  // 07:00
    func origins(_ hour: Int64) throws -> [Double] {
      let from = (hour - 7) * 3_600_000
      let hour = try DepartureProfile.uniform(from: from, to: from + 3_600_000)
      return DailyPattern.survey.originShares(over: hour, epoch: epoch)
    }
    let (morning, evening) = (try origins(8), try origins(17))
    XCTAssertEqual(morning.reduce(0, +), 1, accuracy: 1e-12)
    XCTAssertGreaterThan(morning[Int(TripPurpose.education.rawValue)], 0.4, "the school run")
    XCTAssertGreaterThan(evening[Int(TripPurpose.work.rawValue)], 0.4)
    // The round pattern keeps its round shares.
    XCTAssertEqual(
      DailyPattern.weekday.originShares(
        over: try DepartureProfile.uniform(from: 0, to: 1000), epoch: epoch),
      TripPurpose.allCases.map(DailyPattern.awayShare))
  }
}
