extension NumberText {
  /// A number that was found at some place in a text.
  public struct Scanned {
    /// Infinite where the number is beyond the range of `Double`.
    public var value: Double
    /// The first byte after the number.
    public var end: Int
    /// Whether it had neither fraction nor exponent.
    public var isWhole: Bool
  }

  /// The number that all of these bytes spell; nil where they spell anything else.
  ///
  /// The grammar is that of JSON, with a leading `+`, leading zeros and a missing digit before or
  /// after the point allowed as well (`+.5`, `007`, `3.`). Correctly rounded; never reads outside.
  public static func parseDouble(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard let s = scan(bytes, from: 0, strict: false), s.end == bytes.count else { return nil }
    return s.value
  }
  public static func parseDouble(_ bytes: ArraySlice<UInt8>) -> Double? {
    bytes.withUnsafeBytes { parseDouble($0) }
  }
  public static func parseDouble(_ bytes: [UInt8]) -> Double? {
    bytes.withUnsafeBytes { parseDouble($0) }
  }
  public static func parseDouble(_ text: some StringProtocol) -> Double? {
    parseDouble(Array(text.utf8))
  }

  /// The whole number that all of these bytes spell (digits with a sign in front); nil for
  /// anything else and where it does not fit 64 bits.
  public static func parseInteger(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    var i = 0
    let isNegative = bytes.first == 0x2D
    if isNegative || bytes.first == 0x2B { i = 1 }
    guard i < bytes.count else { return nil }
    var v: Int64 = 0
    while i < bytes.count {
      let d = bytes[i] &- 0x30
      guard d <= 9 else { return nil }
      let (m, o1) = v.multipliedReportingOverflow(by: 10)
      let (s, o2) = m.subtractingReportingOverflow(Int64(d))
      if o1 || o2 { return nil }
      v = s
      i += 1
    }
    if isNegative { return v }
    return v == .min ? nil : -v
  }
  public static func parseInteger(_ text: some StringProtocol) -> Int64? {
    Array(text.utf8).withUnsafeBytes { parseInteger($0) }
  }

  /// The JSON number that starts at a byte; nil where none does.
  public static func scanJSON(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Scanned? {
    scan(bytes, from: start, strict: true)
  }

  @inline(__always)
  static func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int, strict: Bool
  ) -> Scanned? {
    let n = bytes.count
    var i = start
    guard i < n else { return nil }
    let isNegative = bytes[i] == 0x2D
    if isNegative || (!strict && bytes[i] == 0x2B) { i += 1 }
    var mantissa: UInt64 = 0
    let wholeStart = i
    while i < n {
      let d = bytes[i] &- 0x30
      if d > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(d)
      i += 1
    }
    let wholeDigits = i - wholeStart
    if strict && (wholeDigits == 0 || (wholeDigits > 1 && bytes[wholeStart] == 0x30)) { return nil }
    var exponent = 0
    var fractionDigits = 0
    var isWhole = true
    if i < n && bytes[i] == 0x2E {
      isWhole = false
      i += 1
      let fractionStart = i
      while i < n {
        let d = bytes[i] &- 0x30
        if d > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(d)
        i += 1
      }
      fractionDigits = i - fractionStart
      if strict && fractionDigits == 0 { return nil }
      exponent = -fractionDigits
    }
    if wholeDigits + fractionDigits == 0 { return nil }
    if i < n && bytes[i] | 0x20 == 0x65 {
      isWhole = false
      var j = i + 1
      let isDown = j < n && bytes[j] == 0x2D
      if isDown || (j < n && bytes[j] == 0x2B) { j += 1 }
      let first = j
      var e = 0
      while j < n {
        let d = bytes[j] &- 0x30
        if d > 9 { break }
        // Held small, so that a line of digits cannot overflow; 10^100000 is out of range anyway.
        if e < 100_000 { e = e * 10 + Int(d) }
        j += 1
      }
      if j == first { return nil }
      exponent += isDown ? -e : e
      i = j
    }
    // 19 digits cannot overflow 64 bits.
    if wholeDigits + fractionDigits <= 19, let v = exact(mantissa, exponent) {
      return Scanned(value: isNegative ? -v : v, end: i, isWhole: isWhole)
    }
    let v = slow(UnsafeRawBufferPointer(rebasing: bytes[start..<i]))
    return Scanned(value: v, end: i, isWhole: isWhole)
  }

  static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// `mantissa * 10^exponent` correctly rounded, where that is cheap; nil otherwise.
  ///
  /// Two exact factors need one rounding only (Clinger 1990). A longer mantissa with up to 19
  /// decimals, as GIS programs like to write, is divided in 128 bits instead.
  @inline(__always)
  static func exact(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    if mantissa < 1 << 53 {
      if exponent == 0 { return Double(mantissa) }
      if exponent < 0 && exponent >= -22 { return Double(mantissa) / exactPowers[-exponent] }
      if exponent > 0 && exponent <= 22 { return Double(mantissa) * exactPowers[exponent] }
      return mantissa == 0 ? 0 : nil
    }
    if exponent <= 0 && exponent >= -19 { return quotient(mantissa, powersOfTen[-exponent]) }
    return nil
  }

  /// `a / b` correctly rounded, for positive `a` and `b`.
  static func quotient(_ a: UInt64, _ b: UInt64) -> Double {
    let shiftA = a.leadingZeroBitCount
    let shiftB = b.leadingZeroBitCount
    let high = a << UInt64(shiftA)
    let divisor = b << UInt64(shiftB)
    // Halved where needed, so that the quotient has exactly 64 bits.
    let isHalved = high >= divisor
    let dividend = isHalved ? (high >> 1, high << 63) : (high, 0)
    let (q, rest) = divisor.dividingFullWidth((dividend.0, UInt64(dividend.1)))
    var top = q >> 11
    let low = q & 0x7FF
    if low > 0x400 || (low == 0x400 && (rest != 0 || top & 1 == 1)) { top += 1 }
    let exponent = 11 - 64 + (isHalved ? 1 : 0) + shiftB - shiftA
    return Double(sign: .plus, exponent: exponent, significand: Double(top))
  }

  /// Any length and exponent: the standard library's own reading, which knows no locale.
  private static func slow(_ bytes: UnsafeRawBufferPointer) -> Double {
    let text = String(decoding: bytes, as: UTF8.self)
    if let v = Double(text) { return v }
    // Forms that it does not take (`.5`, `3.`) get their missing digit.
    return Double("\(text)0") ?? .nan
  }
}
