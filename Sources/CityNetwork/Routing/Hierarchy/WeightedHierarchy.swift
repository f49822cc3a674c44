import CityBase

/// A hierarchy with the times of one moment: the customization of Dibbelt, Strasser and Wagner
/// (2016), for which every arc takes the least over all pairs of lower arcs that lead the same way.
///
/// A weight holds milliseconds in its upper half and the sum of link hashes in the lower one, as the
/// labels of `ShortestPaths` do: quickest ways are the same ones, and unique whatever the order.
public struct WeightedHierarchy: Sendable {
  public let hierarchy: LinkHierarchy
  /// Milliseconds by link.
  public let costs: [Int32]
  /// By arc; `none` where no way leads. A way of 24 days and more is none.
  private(set) var weights: [UInt64]
  /// By arc: the rank of the link in the middle, or -1 where it is a turn.
  private(set) var middle: [Int32]

  static let none = UInt64.max >> 1

  /// Over `costs`, milliseconds by link (`LinkCosts`), one for each link of the network. The result
  /// does not depend on how `execute` shares out the work.
  public init(_ hierarchy: LinkHierarchy, costs: [Int32], execute: ParallelLoop = runSerially) {
    self.hierarchy = hierarchy
    self.costs = costs
    weights = Array(repeating: Self.none, count: hierarchy.arcCount)
    middle = Array(repeating: -1, count: hierarchy.arcCount)
    guard costs.count == hierarchy.linkCount else { return }
    let graph = hierarchy.graph
    for t in 0..<graph.turnCount where hierarchy.arcOfTurn[t] >= 0 {
      let weight = Self.weight(
        of: t, into: graph.turnTarget[t].index, in: hierarchy, costs)
      let arc = Int(hierarchy.arcOfTurn[t])
      weights[arc] = min(weights[arc], weight)
    }
    weights.withUnsafeMutableBufferPointer { weights in
      middle.withUnsafeMutableBufferPointer { middle in
        nonisolated(unsafe) let (weights, middle) = (weights, middle)
        for stage in hierarchy.stages {
          execute(stage.count) { i in
            var work = CustomizationWork(hierarchy, weights, middle)
            work.run(stage[i])
            work.release()
          }
        }
      }
    }
  }

  /// That of a turn with the link it leads into.
  static func weight(
    of turn: Int, into link: Int, in hierarchy: LinkHierarchy, _ costs: [Int32]
  ) -> UInt64 {
    let cost = costs[link]
    if cost == LinkCosts.closed { return none }
    let place = hierarchy.places[link]
    let milliseconds =
      UInt64(max(cost, place.floor)) + UInt64(max(0, hierarchy.graph.turnMilliseconds[turn]))
    return (milliseconds << 32) + place.tieBreaker
  }
}

/// The customization of some ranks in a row.
private struct CustomizationWork {
  let hierarchy: LinkHierarchy
  let weights: UnsafeMutableBufferPointer<UInt64>
  let middle: UnsafeMutableBufferPointer<Int32>
  /// By rank; only what a row sets before is read.
  private let row: UnsafeMutablePointer<Entry>

  private struct Entry: BitwiseCopyable {
    var weight: UInt64
    var middle: Int64
  }

  init(
    _ hierarchy: LinkHierarchy, _ weights: UnsafeMutableBufferPointer<UInt64>,
    _ middle: UnsafeMutableBufferPointer<Int32>
  ) {
    self.hierarchy = hierarchy
    self.weights = weights
    self.middle = middle
    row = .allocate(capacity: max(1, hierarchy.linkCount))
  }

  func release() { row.deallocate() }

  mutating func run(_ ranks: Range<Int>) {
    hierarchy.upper.withUnsafeBufferPointer { upper in
      hierarchy.firstOut.withUnsafeBufferPointer { firstOut in
        hierarchy.firstIn.withUnsafeBufferPointer { firstIn in
          hierarchy.down.withUnsafeBufferPointer { down in
            hierarchy.up.withUnsafeBufferPointer { up in
              for r in ranks {
                improve(
                  r, upper, firstOut,
                  down[Int(hierarchy.firstDown[r])..<Int(hierarchy.firstDown[r + 1])])
                improve(
                  r, upper, firstIn,
                  up[Int(hierarchy.firstUp[r])..<Int(hierarchy.firstUp[r + 1])])
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
    _ lower: Slice<UnsafeBufferPointer<HierarchyLowerArc>>
  ) {
    let own = Int(first[r])..<Int(first[r + 1])
    if own.isEmpty { return }
    for a in own { row[Int(upper[a])] = Entry(weight: weights[a], middle: -1) }
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
          row[high] = Entry(weight: weight, middle: Int64(arc.lower))
        }
        a -= 1
      }
    }
    for a in own {
      let entry = row[Int(upper[a])]
      weights[a] = entry.weight
      middle[a] = Int32(truncatingIfNeeded: entry.middle)
    }
  }
}

typealias HierarchyLowerArc = LinkHierarchy.LowerArc
