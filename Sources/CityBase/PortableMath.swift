/// `exp` and `log` that give the same bits on every platform, because they use nothing but
/// `+ - * /` and the binary layout of a number. Good to about 1e-15 relative.
public enum PortableMath {
  static let ln2 = 0.693147180559945309417232121458176568

  /// e to the power of x. Overflows to infinity, underflows to 0, and NaN stays NaN.
  public static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.78 { return .infinity }
    if x < -708.3 { return 0 }
    let k = (x / ln2).rounded(.toNearestOrEven)
    // ln2 in two parts, so that k * high is exact.
    let r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    // Taylor's series in Horner's form: |r| <= 0.35, so 14 terms reach 1e-17.
    var sum = 1.0
    var n = 14.0
    while n >= 1 {
      sum = 1 + sum * r / n
      n -= 1
    }
    // k may be 1024, and 2 to that power is no number.
    return sum * 2 * Double(sign: .plus, exponent: Int(k) - 1, significand: 1)
  }

  /// The natural logarithm. NaN below 0, minus infinity at 0.
  public static func log(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    var e = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      e += 1
    }
    // log m = 2 atanh((m - 1) / (m + 1)), |s| <= 0.1716.
    let s = (m - 1) / (m + 1)
    let s2 = s * s
    var sum = 0.0
    var n = 23.0
    while n >= 1 {
      sum = 1 / n + sum * s2
      n -= 2
    }
    return e * ln2 + 2 * s * sum
  }
}
