/// A discrete distribution over 0..<count from which a number in [0, 1) picks.
///
/// Built in O(n), picks in O(log n). The order of the weights is part of the result, so build it
/// from sorted input.
public struct WeightedChoice: Sendable, Hashable {
  /// Running sums of the weights.
  let cumulative: [Double]

  /// Weights that are not finite or below 0 count as 0.
  public init(_ weights: some Sequence<Double>) {
    var sum = 0.0
    cumulative = weights.map { w in
      if w.isFinite && w > 0 { sum += w }
      return sum
    }
  }

  public var count: Int { cumulative.count }
  /// The sum of all weights.
  public var total: Double { cumulative.last ?? 0 }

  /// The index whose share of the total `unit` (in [0, 1)) falls into; nil where all weights are 0.
  public func pick(_ unit: Double) -> Int? {
    guard total > 0, total.isFinite else { return nil }
    let target = unit * total
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let mid = (low + high) / 2
      if cumulative[mid] > target { high = mid } else { low = mid + 1 }
    }
    // Rounding may carry the target up to the total itself: step back over weights of 0.
    while low > 0, cumulative[low] == cumulative[low - 1] { low -= 1 }
    return low
  }
}
