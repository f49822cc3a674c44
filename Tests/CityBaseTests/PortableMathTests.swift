import CityBase
import Foundation
import XCTest

final class PortableMathTests: XCTestCase {
  func check(
    _ value: Double, _ expected: Double, _ what: @autoclosure () -> String, line: UInt = #line
  ) {
    let error = abs(value - expected) / max(abs(expected), .leastNormalMagnitude)
    XCTAssertLessThanOrEqual(error, 2e-15, "\(what()): \(value) for \(expected)", line: line)
  }

  func testExponentialAgainstTheSystem() {
    var x = -708.25
    while x < 709.75 {
      check(PortableMath.exp(x), Foundation.exp(x), "exp \(x)")
      x += 0.00713
    }
    for i in 0..<2000 {
      let tiny = Double(sign: .plus, exponent: -(i % 60), significand: 1 + Double(i) / 2000)
      for v in [tiny, -tiny] { check(PortableMath.exp(v), Foundation.exp(v), "exp \(v)") }
    }
  }

  func testLogarithmAgainstTheSystem() {
    for e in -1074...1023 {
      for m in [1.0, 1.1, 1.25, 1.41421, 1.41422, 1.5, 1.9999999] {
        let x = Double(sign: .plus, exponent: e, significand: m)
        if x == 1 { continue }
        check(PortableMath.log(x), Foundation.log(x), "log \(x)")
      }
    }
    for i in 1...1000 {
      let x = Double(i) * 1e-6
      check(PortableMath.log(1 + x), Foundation.log(1 + x), "log 1 + \(x)")
      check(PortableMath.log(1 - x), Foundation.log(1 - x), "log 1 - \(x)")
    }
  }

  func testTheEdges() {
    XCTAssertEqual(PortableMath.exp(0), 1)
    XCTAssertEqual(PortableMath.exp(710), .infinity)
    XCTAssertEqual(PortableMath.exp(.infinity), .infinity)
    XCTAssertEqual(PortableMath.exp(-.infinity), 0)
    XCTAssertEqual(PortableMath.exp(-1e300), 0)
    XCTAssert(PortableMath.exp(.nan).isNaN)
    XCTAssertEqual(PortableMath.log(1), 0)
    XCTAssertEqual(PortableMath.log(0), -.infinity)
    XCTAssertEqual(PortableMath.log(.infinity), .infinity)
    XCTAssert(PortableMath.log(-1).isNaN)
    XCTAssert(PortableMath.log(.nan).isNaN)
  }

  func testOneUndoesTheOther() {
    for i in -300...300 {
      let x = Double(i) / 7
      XCTAssertEqual(PortableMath.log(PortableMath.exp(x)), x, accuracy: 4e-15 * max(1, abs(x)))
    }
  }
}
