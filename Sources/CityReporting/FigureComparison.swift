/// One row of a comparison: a figure of a variant against the baseline's.
public struct FigureComparison: Sendable, Equatable {
  /// The label of the variant.
  public let variant: String
  /// "group.name".
  public let figure: String
  public let difference: PairedDifference

  /// Compares every figure that the runs of the baseline or the variant have, in the order of the
  /// baseline's `metrics.json`, then what the variant has more. The runs are paired in order, and
  /// there are as many of one as of the other.
  public static func all(
    variant: String, baseline: [RunFigures], value: [RunFigures]
  ) -> [FigureComparison] {
    var names: [String] = []
    var known: Set<String> = []
    for run in baseline + value {
      for name in run.names where known.insert(name).inserted { names.append(name) }
    }
    return names.map { name in
      FigureComparison(
        variant: variant, figure: name,
        difference: PairedDifference(
          baseline: baseline.map { $0[name] }, value: value.map { $0[name] }))
    }
  }
}

/// One run of a comparison.
public struct Replication: Sendable {
  public let seed: UInt64
  public let figures: RunFigures
  public let stateHash: UInt64

  public init(seed: UInt64, figures: RunFigures, stateHash: UInt64) {
    self.seed = seed
    self.figures = figures
    self.stateHash = stateHash
  }
}
