/// How one figure differs between a baseline and a variant that were run with the same seeds.
///
/// Pairs stand for the same people and calls, so that what they share cancels: the interval is that
/// of the mean of the differences (paired t test; Law and Kelton, Simulation Modeling and
/// Analysis, on common random numbers).
public struct PairedDifference: Sendable, Equatable {
  /// The pairs in which both runs have the figure.
  public let replications: Int
  /// Means over these pairs; nil where there are none.
  public let baseline: Double?
  public let value: Double?
  /// The mean of variant less baseline.
  public let difference: Double?
  /// The interval that holds the true difference with 95 % confidence, were the runs draws from a
  /// normal distribution; nil where there are fewer than two pairs.
  public let interval: ClosedRange<Double>?
  /// Whether every pair has exactly the same figure.
  public let isSame: Bool

  /// The share of intervals that hold the true value.
  public static let confidence = 0.95

  /// What the difference tells.
  public enum Verdict: Sendable, Equatable {
    /// No pair has the figure on both sides.
    case missing
    /// Every pair is exactly equal.
    case same
    /// One pair alone differs, and nothing says by how much others would.
    case single
    /// The interval holds 0.
    case noise
    /// The interval lies on one side of 0.
    case effect
  }

  /// Compares figures pair by pair; nil is a run that does not have the figure. The lists must be
  /// of the same length.
  public init(baseline: [Double?], value: [Double?]) {
    precondition(baseline.count == value.count)
    let pairs = zip(baseline, value).compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    replications = pairs.count
    isSame = !pairs.isEmpty && pairs.allSatisfy { $0.0 == $0.1 }
    guard !pairs.isEmpty else {
      (self.baseline, self.value, difference, interval) = (nil, nil, nil, nil)
      return
    }
    let count = Double(pairs.count)
    let differences = pairs.map { $0.1 - $0.0 }
    let mean = differences.reduce(0, +) / count
    self.baseline = pairs.reduce(0) { $0 + $1.0 } / count
    self.value = pairs.reduce(0) { $0 + $1.1 } / count
    difference = mean
    guard pairs.count > 1 else {
      interval = nil
      return
    }
    let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    let t = StudentT.quantile(
      confidence: Self.confidence, degreesOfFreedom: pairs.count - 1)
    let half = t * deviation / count.squareRoot()
    interval = half.isFinite && mean.isFinite ? (mean - half)...(mean + half) : nil
  }

  public var verdict: Verdict {
    if replications == 0 { return .missing }
    if isSame { return .same }
    guard let interval else { return .single }
    return interval.contains(0) ? .noise : .effect
  }
}
