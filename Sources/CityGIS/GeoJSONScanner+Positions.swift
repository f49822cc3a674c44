import CityBase
import CityText

extension GeoJSONScanner {
  /// Scans nested arrays of positions without knowing the geometry's type, because that may come
  /// later: the depth of the positions tells what rings and parts are. Returns the depth (0 where
  /// there are none), or what is wrong with `at` on the place.
  mutating func scanPositions() -> (depth: Int, problem: String?) {
    var depth = 0
    var positionDepth = 0
    while true {
      // A value starts here: an array of values, or a position.
      guard peek() == 0x5B else { return (0, "expected an array or a position") }
      at += 1
      depth += 1
      let b = peek()
      if b == 0x5B {
        guard depth < 4 else { return (0, "coordinates nested more than four deep") }
        continue
      }
      if b == 0x5D {
        guard depth == 1 else { return (0, "an empty array among coordinates") }
        at += 1
        return (0, nil)
      }
      guard positionDepth == 0 || positionDepth == depth else {
        return (0, "coordinates nested unevenly")
      }
      positionDepth = depth
      if let problem = scanPosition() { return (0, problem) }
      depth -= 1
      // Values end here.
      while true {
        if depth == 0 { return (positionDepth, nil) }
        let b = peek()
        if b == 0x2C {
          at += 1
          break
        }
        guard b == 0x5D else { return (0, "expected \",\" or \"]\"") }
        at += 1
        if depth == positionDepth - 1 {
          table.firstPoint.append(UInt32(truncatingIfNeeded: table.coordinates.count))
        } else if depth == positionDepth - 2 {
          table.firstRing.append(UInt32(truncatingIfNeeded: table.firstPoint.count - 1))
        }
        depth -= 1
      }
    }
  }

  /// Scans numbers up to the end of their array; the third and later ones are dropped.
  @inline(__always)
  private mutating func scanPosition() -> String? {
    var x = 0.0
    var y = 0.0
    guard scanNumber(&x) else { return "expected a number" }
    guard peek() == 0x2C else { return "expected two numbers or more in a position" }
    at += 1
    guard scanNumber(&y) else { return "expected a number" }
    while peek() == 0x2C {
      at += 1
      var dropped = 0.0
      guard scanNumber(&dropped) else { return "expected a number" }
    }
    guard peek() == 0x5D else { return "expected \",\" or \"]\"" }
    at += 1
    guard x.isFinite && y.isFinite else { return "a number that is not finite" }
    table.coordinates.append(Point2(x, y))
    return nil
  }

  /// Scans a number: the short way where its digits and its power of ten are exact, so that one
  /// division rounds correctly, else by `NumberText`.
  @inline(__always)
  private mutating func scanNumber(_ value: inout Double) -> Bool {
    skipSpace()
    var i = at
    let isNegative = i < count && base[i] == 0x2D
    if isNegative { i += 1 }
    let wholeStart = i
    var mantissa: UInt64 = 0
    while i < count {
      let d = base[i] &- 0x30
      if d > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(d)
      i += 1
    }
    let whole = i - wholeStart
    if whole == 0 || (whole > 1 && base[wholeStart] == 0x30) { return scanOddNumber(&value) }
    var decimals = 0
    if i < count && base[i] == 0x2E {
      i += 1
      let start = i
      scanDigits(&i, &mantissa)
      decimals = i - start
      if decimals == 0 { return false }
    }
    if whole + decimals > 19 || mantissa >= 1 << 53 || (i < count && base[i] | 0x20 == 0x65) {
      return scanOddNumber(&value)
    }
    let v = Double(mantissa) / powers[decimals]
    value = isNegative ? -v : v
    at = i
    return true
  }

  /// Scans digits, eight at a time: a loop over single digits mispredicts its end for every number.
  @inline(__always)
  private func scanDigits(_ i: inout Int, _ mantissa: inout UInt64) {
    while i + 8 <= count {
      let word = UnsafeRawPointer(base + i).loadUnaligned(as: UInt64.self).littleEndian
      let digits = word ^ 0x3030_3030_3030_3030
      // The top bit of each byte that is more than 9.
      let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
      let n = others.trailingZeroBitCount >> 3
      if n == 0 { return }
      // The digits move to the end, behind zeros; then neighbours are joined three times over.
      var v = digits &<< UInt64(64 - 8 * n)
      v = (v &* 10 &+ (v &>> 8)) & 0x00FF_00FF_00FF_00FF
      v = (v &* 100 &+ (v &>> 16)) & 0x0000_FFFF_0000_FFFF
      v = (v &* 10_000 &+ (v &>> 32)) & 0xFFFF_FFFF
      mantissa = mantissa &* Self.smallPower(n) &+ v
      i += n
      if n < 8 { return }
    }
    while i < count && base[i] &- 0x30 <= 9 {
      mantissa = mantissa &* 10 &+ UInt64(base[i] &- 0x30)
      i += 1
    }
  }

  /// 10^n for n from 0 to 8, by multiplying instead of looking it up.
  @inline(__always)
  private static func smallPower(_ n: Int) -> UInt64 {
    (n & 1 != 0 ? 10 : 1) &* (n & 2 != 0 ? 100 : 1) &* (n & 4 != 0 ? 10_000 : 1)
      &* (n & 8 != 0 ? 100_000_000 : 1)
  }

  /// Long numbers, exponents, and the words for what is not finite.
  @inline(never)
  private mutating func scanOddNumber(_ value: inout Double) -> Bool {
    if let s = NumberText.scanJSON(all, from: at) {
      value = s.value
      at = s.end
      return true
    }
    let sign = at < count && base[at] == 0x2D ? 1 : 0
    for word: StaticString in ["NaN", "Infinity"] where starts(with: word, at: at + sign) {
      at += sign + word.utf8CodeUnitCount
      value = .nan
      return true
    }
    return false
  }
}
