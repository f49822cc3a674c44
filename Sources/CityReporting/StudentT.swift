import CityBase

/// Student's t distribution: how far the mean of a few draws may lie off by chance.
///
/// Everything is computed from the regularized incomplete beta function: the probability beyond
/// ±t on n degrees of freedom is I(x; n/2, 1/2) with x = n / (n + t²) (Abramowitz and Stegun 1964,
/// 26.7.1), by the continued fraction 26.5.8 evaluated by the modified method of Lentz (Thompson
/// and Barnett 1986). Good to about 1e-12, with `+ - * /` and `PortableMath` alone.
public enum StudentT {
  /// The number t such that a draw lies within ±t with this probability (above 0, below 1), on
  /// 1 degree of freedom or more: 12.706 for 0.95 and 1, 1.960 for 0.95 and very many.
  public static func quantile(confidence: Double, degreesOfFreedom: Int) -> Double {
    precondition(confidence > 0 && confidence < 1 && degreesOfFreedom > 0)
    let distribution = Tails(degreesOfFreedom)
    var low = 0.0
    var high = 1.0
    while 1 - distribution.beyond(high) < confidence, high < 1e150 {
      low = high
      high *= 2
    }
    // The tail falls with t, so halving the stretch ends at two neighbouring numbers.
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if 1 - distribution.beyond(middle) < confidence { low = middle } else { high = middle }
    }
  }

  /// The probability that a draw lies outside ±t; 1 at 0, and falling with t.
  public static func probabilityBeyond(_ t: Double, degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom > 0)
    return Tails(degreesOfFreedom).beyond(t)
  }
}

/// Both tails of the distribution on one number of degrees of freedom.
private struct Tails {
  let n: Double
  /// The complete beta function B(n/2, 1/2).
  let beta: Double

  init(_ degreesOfFreedom: Int) {
    n = Double(degreesOfFreedom)
    // B(1/2, 1/2) = π, B(1, 1/2) = 2, and B(a + 1, b) = B(a, b) a / (a + b).
    var a = degreesOfFreedom % 2 == 0 ? 1 : 0.5
    var value = degreesOfFreedom % 2 == 0 ? 2 : Double.pi
    while a < n / 2 {
      value *= a / (a + 0.5)
      a += 1
    }
    beta = value
  }

  func beyond(_ t: Double) -> Double {
    let square = t * t
    guard square > 0 else { return 1 }
    let x = n / (n + square)
    // Not 1 - x, which loses its digits where t is small.
    let y = square / (n + square)
    guard x > 0, y > 0 else { return x > 0 ? 1 : 0 }
    let front = PortableMath.exp(n / 2 * PortableMath.log(x) + PortableMath.log(y) / 2) / beta
    // The fraction converges fast on this side of the mean; the other one is its complement.
    if x < (n / 2 + 1) / (n / 2 + 2.5) {
      return front * Self.fraction(x, n / 2, 0.5) / (n / 2)
    }
    return 1 - front * Self.fraction(y, 0.5, n / 2) / 0.5
  }

  /// The continued fraction of I(x; a, b), without the factor in front of it.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var numerator = 1.0
    var denominator = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var value = denominator
    for i in 1...10_000 {
      let m = Double(i)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var change = 1.0
      for coefficient in [even, odd] {
        numerator = nonzero(1 + coefficient / numerator)
        denominator = 1 / nonzero(1 + coefficient * denominator)
        change = numerator * denominator
        value *= change
      }
      if abs(change - 1) < 1e-15 { break }
    }
    return value
  }
}
