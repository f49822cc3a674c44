/// Numbers to text and back, the same on every system and in every locale.
public enum NumberText {
  // Literals, so that the table needs no code at start and no check at each use.
  static let powersOfTen: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// Appends a whole number in decimal digits.
  public static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    appendDecimal(
      whole: UInt64(truncatingIfNeeded: value.magnitude), fraction: 0, decimals: 0,
      isNegative: value < 0, to: &bytes)
  }

  /// Appends a number with at most this many decimals (0 to 15), trailing zeros dropped, never in
  /// exponent form and never `-0`; `null` where it is not finite.
  ///
  /// The exact binary value is rounded, halves to even, so the digits are those of `%.Nf`. Beyond
  /// 2^53 the shortest digits that read back the same are padded with zeros.
  public static func append(_ value: Double, maxDecimals: Int, to bytes: inout [UInt8]) {
    guard value.isFinite else {
      bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
      return
    }
    let magnitude = value.magnitude
    guard magnitude < 0x1p53 else {
      appendHuge(value, to: &bytes)
      return
    }
    let decimals = min(15, max(0, maxDecimals))
    var whole: UInt64
    var fraction: UInt64 = 0
    if decimals == 0 {
      whole = UInt64(magnitude.rounded(.toNearestOrEven))
    } else {
      whole = UInt64(magnitude)
      let scale = powersOfTen[decimals]
      // The difference is exact, so only the product below has to be rounded.
      fraction = roundedProduct(magnitude - Double(whole), Double(scale))
      if fraction >= scale {
        whole += 1
        fraction -= scale
      }
    }
    appendDecimal(
      whole: whole, fraction: fraction, decimals: decimals,
      isNegative: value < 0 && (whole | fraction) != 0, to: &bytes)
  }

  /// Writes from the last digit to the first, then appends all at once.
  private static func appendDecimal(
    whole: UInt64, fraction: UInt64, decimals: Int, isNegative: Bool, to bytes: inout [UInt8]
  ) {
    withUnsafeTemporaryAllocation(byteCount: 40, alignment: 8) { buffer in
      var i = 40
      if fraction != 0 {
        var rest = fraction
        var digits = decimals
        while rest % 10 == 0 {
          rest /= 10
          digits -= 1
        }
        let end = i - digits
        i = writeDigits(rest, to: buffer, endingAt: i)
        while i > end {
          i -= 1
          buffer[i] = 0x30
        }
        i -= 1
        buffer[i] = 0x2E
      }
      i = writeDigits(whole, to: buffer, endingAt: i)
      if isNegative {
        i -= 1
        buffer[i] = 0x2D
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[i..<40]))
    }
  }

  @inline(__always)
  private static func writeDigits(
    _ value: UInt64, to buffer: UnsafeMutableRawBufferPointer, endingAt end: Int
  ) -> Int {
    var i = end
    var large = value
    while large >> 32 != 0 {
      let q = large / 10
      i -= 1
      buffer[i] = 0x30 + UInt8(truncatingIfNeeded: large &- q &* 10)
      large = q
    }
    // Half the width divides twice as fast.
    var rest = UInt32(truncatingIfNeeded: large)
    while rest >= 10 {
      let q = rest / 10
      i -= 1
      buffer[i] = 0x30 + UInt8(truncatingIfNeeded: rest &- q &* 10)
      rest = q
    }
    i -= 1
    buffer[i] = 0x30 + UInt8(truncatingIfNeeded: rest)
    return i
  }

  /// `a * b`, at least 0 and below 2^52, rounded to a whole number as if computed exactly, halves
  /// to even.
  ///
  /// The product's own rounding error can only matter where the rounded product seems to be half
  /// way; there a fused multiply tells on which side the exact one lies.
  static func roundedProduct(_ a: Double, _ b: Double) -> UInt64 {
    let product = a * b
    // Adding 2^52 leaves no room for a fraction, so the sum is rounded, halves to even.
    var r = (product + 0x1p52) - 0x1p52
    let rest = product - r
    if rest == 0.5 || rest == -0.5 {
      let error = (-product).addingProduct(a, b)
      if rest == 0.5 && error > 0 { r += 1 }
      if rest == -0.5 && error < 0 { r -= 1 }
    }
    return UInt64(r)
  }

  /// 2^53 and more: whole numbers all of them, written out from their shortest digits.
  private static func appendHuge(_ value: Double, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(0x2D) }
    var digits: [UInt8] = []
    var pointAt: Int?
    var exponent = 0
    let text = Array("\(value.magnitude)".utf8)
    var i = 0
    while i < text.count, text[i] != 0x65 {
      if text[i] == 0x2E { pointAt = digits.count } else { digits.append(text[i]) }
      i += 1
    }
    if i < text.count {
      for b in text[(i + 1)...] where b >= 0x30 { exponent = exponent * 10 + Int(b - 0x30) }
    }
    let wholeCount = (pointAt ?? digits.count) + exponent
    for j in 0..<wholeCount { bytes.append(j < digits.count ? digits[j] : 0x30) }
  }
}
