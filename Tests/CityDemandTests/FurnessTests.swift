import CityDemand
import XCTest

final class FurnessTests: XCTestCase {
  /// Balancing keeps the cross ratio t11 t22 / (t12 t21) of the seeds, here 4. With rows 60, 40 and
  /// columns 50, 50, x = t11 solves x (x - 10) = 4 (60 - x)(50 - x), so 3 x^2 - 430 x + 12000 = 0.
  func testTwoByTwoByHand() {
    let t = Furness.balanced(
      seed: [2, 1, 1, 2], rowTotals: [60, 40], columnTotals: [50, 50], iterations: 100)
    let discriminant: Double = 430 * 430 - 4 * 3 * 12000
    let x = (430 - discriminant.squareRoot()) / 6
    XCTAssertEqual(t[0], x, accuracy: 1e-9)
    XCTAssertEqual(t[1], 60 - x, accuracy: 1e-9)
    XCTAssertEqual(t[2], 50 - x, accuracy: 1e-9)
    XCTAssertEqual(t[3], x - 10, accuracy: 1e-9)
  }

  func testTotalsHoldWithExcludedCells() {
    let rows = [30.0, 50, 20]
    let columns = [40.0, 25, 35]
    let t = Furness.balanced(
      seed: [0, 1, 2, 3, 0, 1, 1, 1, 0], rowTotals: rows, columnTotals: columns, iterations: 400)
    for i in 0..<3 {
      XCTAssertEqual(t[i * 3] + t[i * 3 + 1] + t[i * 3 + 2], rows[i], accuracy: 1e-9)
      XCTAssertEqual(t[i] + t[i + 3] + t[i + 6], columns[i], accuracy: 1e-6)
      XCTAssertEqual(t[i * 4], 0, "a seed of 0 stays 0")
    }
  }

  func testImpossibleTotalsGiveNoNaN() {
    for seed in [[0.0, 0, 0, 0], [1, 0, 1, 0], [.infinity, 1, 1, 1]] {
      let t = Furness.balanced(seed: seed, rowTotals: [5, 5], columnTotals: [0, 10])
      XCTAssertTrue(t.allSatisfy { !($0 < 0) })
      XCTAssertEqual(t.count, 4)
    }
    XCTAssertEqual(Furness.balanced(seed: [1], rowTotals: [1, 2], columnTotals: [3]), [])
  }
}
