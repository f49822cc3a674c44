/// Balancing of a trip matrix to row and column totals.
///
/// Furness, K. P. (1965), "Time function iteration", Traffic Engineering and Control 7, 458-460;
/// the doubly constrained model it solves is that of Wilson, A. G. (1967), "A statistical theory
/// of spatial distribution models", Transportation Research 1, 253-269. See Ortuzar and Willumsen,
/// Modelling Transport, chapter 5.
public struct Furness: Sendable {
  /// Cells as T[i, j] = a[i] * b[j] * seed[i * columns + j].
  public private(set) var rowFactors: [Double]
  public private(set) var columnFactors: [Double]

  /// Factors of 1 for a matrix with this many rows and columns.
  public init(rows: Int, columns: Int) {
    rowFactors = Array(repeating: 1, count: Swift.max(0, rows))
    columnFactors = Array(repeating: 1, count: Swift.max(0, columns))
  }

  /// Runs a fixed number of iterations, columns first and rows last, so that the row totals fit
  /// exactly and the column totals as well as the iterations got them. Starts from the factors as
  /// they are. A row or column whose seeds are all 0 stays empty; totals below 0 count as 0.
  ///
  /// O(iterations * rows * columns). The sizes must fit, else nothing is done.
  public mutating func balance(
    seed: [Double], rowTotals: [Double], columnTotals: [Double], iterations: Int
  ) {
    let n = rowFactors.count
    let m = columnFactors.count
    guard rowTotals.count == n, columnTotals.count == m, seed.count == n * m else { return }
    var columnSums = [Double](repeating: 0, count: m)
    for _ in 0..<Swift.max(1, iterations) {
      for j in 0..<m { columnSums[j] = 0 }
      for i in 0..<n where rowFactors[i] > 0 {
        let a = rowFactors[i]
        let base = i * m
        for j in 0..<m { columnSums[j] += a * seed[base + j] }
      }
      for j in 0..<m {
        columnFactors[j] = Self.factor(total: columnTotals[j], sum: columnSums[j])
      }
      for i in 0..<n {
        let base = i * m
        var sum = 0.0
        for j in 0..<m { sum += columnFactors[j] * seed[base + j] }
        rowFactors[i] = Self.factor(total: rowTotals[i], sum: sum)
      }
    }
  }

  private static func factor(total: Double, sum: Double) -> Double {
    guard total > 0, total.isFinite, sum > 0 else { return 0 }
    let f = total / sum
    return f.isFinite ? f : 0
  }

  /// The balanced cells, row by row.
  public func matrix(seed: [Double]) -> [Double] {
    let m = columnFactors.count
    guard seed.count == rowFactors.count * m else { return [] }
    var out = seed
    for i in rowFactors.indices {
      let a = rowFactors[i]
      for j in 0..<m { out[i * m + j] *= a * columnFactors[j] }
    }
    return out
  }

  /// The balanced matrix in one call, from factors of 1.
  public static func balanced(
    seed: [Double], rowTotals: [Double], columnTotals: [Double], iterations: Int = 50
  ) -> [Double] {
    var f = Furness(rows: rowTotals.count, columns: columnTotals.count)
    f.balance(
      seed: seed, rowTotals: rowTotals, columnTotals: columnTotals, iterations: iterations)
    return f.matrix(seed: seed)
  }
}
