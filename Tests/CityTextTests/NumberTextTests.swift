import CityBase
import Foundation
import XCTest

@testable import CityText

final class NumberTextTests: XCTestCase {
  let random = RandomStream(seed: 11)

  func write(_ value: Double, _ decimals: Int) -> String {
    var bytes: [UInt8] = []
    NumberText.append(value, maxDecimals: decimals, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the C library prints, with the zeros at the end and a `-0` taken away.
  func printed(_ value: Double, _ decimals: Int) -> String {
    var text = String(format: "%.\(decimals)f", value)
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text == "-0" ? "0" : text
  }

  func testWritesWhatTheCLibraryPrints() {
    for i in 0..<60_000 {
      let unit = random.unit(.sampling, UInt64(i), 0)
      let size = [1e-6, 1, 180, 5e5, 1e9, 9e15][i % 6]
      let value = (unit - 0.5) * size
      let decimals = random.below(16, .sampling, UInt64(i), 1)
      XCTAssertEqual(write(value, decimals), printed(value, decimals))
    }
  }

  func testHalvesAndNeighbours() {
    // Exact halves in binary, and the numbers next to them, which must not be taken for halves.
    for k in 0..<2000 {
      for decimals in 0...3 {
        let half = (Double(k) + 0.5) / [1, 2, 4, 8][decimals]
        for v in [half, half.nextUp, half.nextDown, -half] {
          XCTAssertEqual(write(v, decimals), printed(v, decimals), "\(v) \(decimals)")
        }
      }
    }
    // 1.005 is a little less than it looks, 0.5 goes to even.
    XCTAssertEqual(write(1.005, 2), "1")
    XCTAssertEqual(write(0.5, 0), "0")
    XCTAssertEqual(write(1.5, 0), "2")
    XCTAssertEqual(write(0.125, 2), "0.12")
    XCTAssertEqual(write(0.999999999, 7), "1")
    XCTAssertEqual(write(-0.00000001, 7), "0")
    XCTAssertEqual(write(-0.0, 7), "0")
  }

  func testNeverWritesAnExponent() {
    XCTAssertEqual(write(1e22, 7), "1" + String(repeating: "0", count: 22))
    XCTAssertEqual(write(-9_007_199_254_740_994, 2), "-9007199254740994")
    XCTAssertEqual(write(1.5e300, 0), "15" + String(repeating: "0", count: 299))
    XCTAssertEqual(write(.leastNonzeroMagnitude, 15), "0")
    XCTAssertEqual(write(.infinity, 3), "null")
    for i in 0..<2000 {
      let v = Double(bitPattern: random.bits(.sampling, UInt64(i), 9))
      guard v.isFinite, abs(v) > 1e16 else { continue }
      XCTAssertEqual(Double(write(v, 7)), v)
    }
  }

  func testReadsWhatStrtodReads() {
    for i in 0..<60_000 {
      let bits = random.bits(.sampling, UInt64(i), 2)
      let unit = random.unit(.sampling, UInt64(i), 3)
      let text =
        switch i % 6 {
        case 0: String(format: "%.7f", (unit - 0.5) * 360)
        case 1: "\((unit - 0.5) * 360)"
        case 2: "\(Double(bitPattern: bits))"
        case 3: "\(bits).\(bits % 1_000_003)"
        case 4: "\(bits % 100_000_000_000_000_000)e\(Int(bits >> 57) - 64)"
        default: String(format: "%.17g", unit * 1e-5)
        }
      guard !text.contains("n") else { continue }
      let wanted = strtod(text, nil)
      XCTAssertEqual(NumberText.parseDouble(text)?.bitPattern, wanted.bitPattern, text)
    }
  }

  func testHardCases() {
    // Half way between two doubles, and a digit more; subnormal; overflow; long.
    for text in [
      "9007199254740993", "9007199254740992.5", "9007199254740993.0000000001",
      "2.2250738585072011e-308", "4.9e-324", "2.4703282292062327e-324", "1.7976931348623159e308",
      "0." + String(repeating: "0", count: 400) + "1", String(repeating: "9", count: 400),
      "123456789012345678901234567890.12345678901234567890e-20", "0e99999999999", "-0.0",
      "18446744073709551615e-19", "9999999999999999999e-19", "1e-400", "0.1e1",
    ] {
      XCTAssertEqual(
        NumberText.parseDouble(text)?.bitPattern, strtod(text, nil).bitPattern, text)
    }
  }

  func testRefusesWhatIsNoNumber() {
    for text in [
      "", "-", "+", ".", "e5", "1e", "1e+", "1x", " 1", "1 ", "nan", "inf", "0x10", "--1",
    ] { XCTAssertNil(NumberText.parseDouble(text), text) }
    XCTAssertEqual(NumberText.parseDouble("+.5"), 0.5)
    XCTAssertEqual(NumberText.parseDouble("3."), 3)
    XCTAssertNil(NumberText.parseInteger("9223372036854775808"))
    XCTAssertEqual(NumberText.parseInteger("-9223372036854775808"), .min)
    XCTAssertEqual(NumberText.parseInteger("+9223372036854775807"), .max)
    XCTAssertNil(NumberText.parseInteger("1.0"))
  }
}
