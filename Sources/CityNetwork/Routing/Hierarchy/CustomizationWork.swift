import CityBase

/// The customization of some ranks in a row. Every worker makes its own, and writes the arcs of its
/// own ranks alone, from those of lower ranks, which are done.
struct CustomizationWork {
  let hierarchy: LinkHierarchy
  let weights: UnsafeMutableBufferPointer<UInt64>
  let firstHalf: UnsafeMutableBufferPointer<Int32>
  let secondHalf: UnsafeMutableBufferPointer<Int32>
  /// By rank; only what a row sets before is read.
  private let row: UnsafeMutablePointer<Entry>

  private struct Entry: BitwiseCopyable {
    var weight: UInt64
    /// -1 where the arc is as it was.
    var first: Int32
    var second: Int32
  }

  init(
    _ hierarchy: LinkHierarchy, _ weights: UnsafeMutableBufferPointer<UInt64>,
    _ firstHalf: UnsafeMutableBufferPointer<Int32>,
    _ secondHalf: UnsafeMutableBufferPointer<Int32>
  ) {
    self.hierarchy = hierarchy
    self.weights = weights
    self.firstHalf = firstHalf
    self.secondHalf = secondHalf
    row = .allocate(capacity: max(1, hierarchy.linkCount))
  }

  func release() { row.deallocate() }

  func run(_ ranks: Range<Int>) {
    hierarchy.upper.withUnsafeBufferPointer { upper in
      hierarchy.firstOut.withUnsafeBufferPointer { firstOut in
        hierarchy.firstIn.withUnsafeBufferPointer { firstIn in
          hierarchy.down.withUnsafeBufferPointer { down in
            hierarchy.up.withUnsafeBufferPointer { up in
              for r in ranks {
                improve(
                  r, upper, firstOut,
                  down[Int(hierarchy.firstDown[r])..<Int(hierarchy.firstDown[r + 1])], isUp: true)
                improve(
                  r, upper, firstIn,
                  up[Int(hierarchy.firstUp[r])..<Int(hierarchy.firstUp[r + 1])], isUp: false)
              }
            }
          }
        }
      }
    }
  }

  /// Lowers the arcs of a rank in one direction by the ways over lower ranks.
  @inline(__always)
  private func improve(
    _ r: Int, _ upper: UnsafeBufferPointer<Int32>, _ first: UnsafeBufferPointer<Int32>,
    _ lower: Slice<UnsafeBufferPointer<LinkHierarchy.LowerArc>>, isUp: Bool
  ) {
    let own = Int(first[r])..<Int(first[r + 1])
    if own.isEmpty { return }
    for a in own { row[Int(upper[a])] = Entry(weight: weights[a], first: -1, second: -1) }
    for arc in lower {
      let base = weights[Int(arc.arc)]
      if base >= WeightedHierarchy.none { continue }
      let k = Int(arc.lower)
      var a = Int(first[k + 1]) - 1
      let start = Int(first[k])
      while a >= start {
        let high = Int(upper[a])
        if high <= r { break }
        let weight = base + weights[a]
        if weight < row[high].weight {
          row[high] = Entry(
            weight: weight, first: arc.arc, second: Int32(truncatingIfNeeded: a))
        }
        a -= 1
      }
    }
    for a in own {
      let entry = row[Int(upper[a])]
      if entry.first < 0 { continue }
      weights[a] = entry.weight
      // Up: from here down to the lower rank and up again. Down: the other way round.
      firstHalf[a] = isUp ? entry.first : entry.second
      secondHalf[a] = isUp ? entry.second : entry.first
    }
  }
}

/// Finds the arcs that may be part of a quickest way: those for which no pair of arcs over a higher rank
/// is quicker (after the perfect witness search of Dibbelt, Strasser and Wagner 2016). An arc that is no
/// quickest way itself is part of none, so that it may be left out of all searches.
enum NeededArcs {
  static func find(
    _ hierarchy: LinkHierarchy, _ weights: [UInt64], execute: ParallelLoop
  ) -> [Bool] {
    var least = weights
    least.withUnsafeMutableBufferPointer { least in
      nonisolated(unsafe) let least = least
      for stage in hierarchy.stages.reversed() {
        execute(stage.count) { i in
          let row = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, hierarchy.linkCount))
          let owner = UnsafeMutablePointer<Int32>.allocate(capacity: max(1, hierarchy.linkCount))
          owner.initialize(repeating: -1, count: hierarchy.linkCount)
          lower(stage[i], hierarchy, least, row, owner)
          row.deallocate()
          owner.deallocate()
        }
      }
    }
    return weights.indices.map { weights[$0] < WeightedHierarchy.none && least[$0] >= weights[$0] }
  }

  private static func lower(
    _ ranks: Range<Int>, _ hierarchy: LinkHierarchy,
    _ least: UnsafeMutableBufferPointer<UInt64>, _ row: UnsafeMutablePointer<UInt64>,
    _ owner: UnsafeMutablePointer<Int32>
  ) {
    hierarchy.upper.withUnsafeBufferPointer { upper in
      hierarchy.firstOut.withUnsafeBufferPointer { firstOut in
        hierarchy.firstIn.withUnsafeBufferPointer { firstIn in
          for r in ranks.reversed() {
            // Ways r > v > w go over arcs from v to w; ways w > v > r over arcs from w to v.
            lower(
              r, upper, own: firstOut, with: firstOut, against: firstIn, isUp: true, least, row,
              owner)
            lower(
              r, upper, own: firstIn, with: firstIn, against: firstOut, isUp: false, least, row,
              owner)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func lower(
    _ r: Int, _ upper: UnsafeBufferPointer<Int32>, own first: UnsafeBufferPointer<Int32>,
    with: UnsafeBufferPointer<Int32>, against: UnsafeBufferPointer<Int32>, isUp: Bool,
    _ least: UnsafeMutableBufferPointer<UInt64>, _ row: UnsafeMutablePointer<UInt64>,
    _ owner: UnsafeMutablePointer<Int32>
  ) {
    let own = Int(first[r])..<Int(first[r + 1])
    if own.count < 2 { return }
    // Each direction of each rank has a mark of its own.
    let label = Int32(truncatingIfNeeded: r * 2 + (isUp ? 0 : 1))
    for a in own {
      row[Int(upper[a])] = least[a]
      owner[Int(upper[a])] = label
    }
    for a in own {
      let v = Int(upper[a])
      let base = row[v]
      if base >= WeightedHierarchy.none { continue }
      // From the lower v to higher w.
      for b in Int(with[v])..<Int(with[v + 1]) {
        let w = Int(upper[b])
        if owner[w] == label {
          let weight = base + least[b]
          if weight < row[w] { row[w] = weight }
        }
      }
      // To this one, from higher ones.
      var best = base
      for b in Int(against[v])..<Int(against[v + 1]) {
        let w = Int(upper[b])
        if owner[w] == label {
          let weight = row[w] + least[b]
          if weight < best { best = weight }
        }
      }
      row[v] = best
    }
    for a in own { least[a] = row[Int(upper[a])] }
  }
}
