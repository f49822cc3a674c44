import CityBase
import CityReporting
import CitySimulation
import Foundation
import XCTest

final class StudentTTests: XCTestCase {
  func testQuantilesAreThosePublished() {
    // Two-sided values from the tables of NIST's e-Handbook (1.3.6.7.2) and, to more digits, of
    // the CRC Standard Mathematical Tables.
    let published: [(confidence: Double, degrees: Int, t: Double)] = [
      (0.95, 1, 12.7062047), (0.95, 2, 4.3026527), (0.95, 3, 3.1824463), (0.95, 4, 2.7764451),
      (0.95, 5, 2.5705818), (0.95, 6, 2.4469119), (0.95, 7, 2.3646243), (0.95, 8, 2.3060041),
      (0.95, 9, 2.2621572), (0.95, 10, 2.2281389), (0.95, 14, 2.1447867), (0.95, 19, 2.0930241),
      (0.95, 29, 2.0452296), (0.95, 30, 2.0422725), (0.95, 49, 2.0095752), (0.95, 99, 1.9842170),
      (0.95, 100, 1.9839715), (0.95, 1000, 1.9623391), (0.9, 1, 6.3137515), (0.9, 5, 2.0150484),
      (0.99, 1, 63.6567412), (0.99, 2, 9.9248432), (0.99, 10, 3.1692727), (0.999, 3, 12.9239786),
    ]
    for row in published {
      XCTAssertEqual(
        StudentT.quantile(confidence: row.confidence, degreesOfFreedom: row.degrees), row.t,
        accuracy: 1e-6, "\(row)")
    }
    // With very many degrees it is the normal distribution.
    XCTAssertEqual(
      StudentT.quantile(confidence: 0.95, degreesOfFreedom: 1_000_000), 1.9599640,
      accuracy: 3e-6)
  }

  func testTailsHaveTheirClosedForms() {
    for t in [1e-9, 0.001, 0.1, 0.7, 1, 2.5, 10, 300, 1e6] {
      // On 1 degree it is Cauchy's distribution, on 2 and 4 the integral is algebraic.
      let s2 = t / (2 + t * t).squareRoot()
      let s4 = t / (4 + t * t).squareRoot()
      let exact = [
        1: 1 - 2 / Double.pi * atan(t), 2: 1 - s2, 4: 1 - s4 * (1.5 - 0.5 * s4 * s4),
      ]
      for (degrees, tail) in exact.sorted(by: { $0.key < $1.key }) {
        XCTAssertEqual(
          StudentT.probabilityBeyond(t, degreesOfFreedom: degrees), tail, accuracy: 1e-12,
          "\(degrees) degrees, \(t)")
      }
    }
    XCTAssertEqual(StudentT.probabilityBeyond(0, degreesOfFreedom: 3), 1)
    XCTAssertEqual(StudentT.probabilityBeyond(.infinity, degreesOfFreedom: 3), 0)
  }
}

final class PairedDifferenceTests: XCTestCase {
  func testThreePairsByHand() throws {
    let pairs = PairedDifference(baseline: [10, 12, 11], value: [13, 14, 15])
    // Differences 3, 2, 4: mean 3, standard deviation 1; t on 2 degrees is 4.3026527.
    let half = 4.3026527 / 3.0.squareRoot()
    XCTAssertEqual(pairs.baseline, 11)
    XCTAssertEqual(pairs.value, 14)
    XCTAssertEqual(pairs.difference, 3)
    let interval = try XCTUnwrap(pairs.interval)
    XCTAssertEqual(interval.lowerBound, 3 - half, accuracy: 1e-6)
    XCTAssertEqual(interval.upperBound, 3 + half, accuracy: 1e-6)
    XCTAssertEqual(pairs.replications, 3)
    XCTAssertEqual(pairs.verdict, .effect)
    // Differences 1, -1, 3: mean 1, standard deviation 2; the interval is 1 ± 4.97.
    XCTAssertEqual(PairedDifference(baseline: [0, 0, 0], value: [1, -1, 3]).verdict, .noise)
  }

  func testWhatCannotBeComparedSaysSo() {
    let one = PairedDifference(baseline: [2], value: [5])
    XCTAssertEqual(one.difference, 3)
    XCTAssertNil(one.interval, "nothing is known about noise")
    XCTAssertEqual(one.verdict, .single)
    let holes = PairedDifference(baseline: [1, nil, 3, 7], value: [2, 5, nil, 8])
    XCTAssertEqual(holes.replications, 2)
    XCTAssertEqual(holes.baseline, 4)
    XCTAssertEqual(holes.difference, 1)
    let none = PairedDifference(baseline: [nil, 1], value: [1, nil])
    XCTAssertEqual(none.verdict, .missing)
    XCTAssertNil(none.difference)
    XCTAssertNil(none.baseline)
  }

  func testEqualIsExactlyZeroAndSwappingFlipsEverySign() throws {
    let a = [0.1, 17.3, 1e9 / 3, 2]
    let b = [0.7, 11.9, 1e9 / 7, 2]
    let same = PairedDifference(baseline: a, value: a)
    XCTAssertEqual(same.verdict, .same)
    XCTAssertEqual(same.difference, 0)
    XCTAssertEqual(same.interval, 0...0)
    let there = PairedDifference(baseline: a, value: b)
    let back = PairedDifference(baseline: b, value: a)
    XCTAssertEqual(back.difference, there.difference.map { -$0 })
    XCTAssertEqual(back.interval?.lowerBound, there.interval.map { -$0.upperBound })
    XCTAssertEqual(back.interval?.upperBound, there.interval.map { -$0.lowerBound })
    XCTAssertEqual(back.baseline, there.value)
  }

  func testFiguresAreTakenAsTheyArePublished() {
    let figures = RunFigures([
      MetricGroup(
        "a",
        [
          Property("count", .integer(3)), Property("share", .number(2.0 / 3, decimals: 2)),
          Property("word", .text("x")), Property("none", .null),
          Property("no_number", .number(.nan, decimals: 1)),
        ])
    ])
    XCTAssertEqual(figures.names, ["a.count", "a.share", "a.none", "a.no_number"])
    XCTAssertEqual(figures.values, [3, 0.67, nil, nil])
    let more = RunFigures([MetricGroup("b", [Property("count", .integer(1))])])
    let rows = FigureComparison.all(variant: "v", baseline: [figures], value: [more])
    XCTAssertEqual(rows.map(\.figure), ["a.count", "a.share", "a.none", "a.no_number", "b.count"])
    XCTAssertTrue(rows.allSatisfy { $0.difference.verdict == .missing })
  }
}
