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
  /// By arc: the arcs that it stands for; of one that is a turn, -1 - the link it leads into.
  private(set) var firstHalf: [Int32]
  private(set) var secondHalf: [Int32]
  /// The arcs that searches go over.
  private(set) var upward = SearchArcs()
  private(set) var downward = SearchArcs()

  static let none = UInt64.max >> 1

  /// Over `costs`, milliseconds by link (`LinkCosts`), one for each link of the network. Where there
  /// will be many searches, arcs that are no quickest ways are left out of them, which costs about as
  /// much again. The result does not depend on how `execute` shares out the work.
  public init(
    _ hierarchy: LinkHierarchy, costs: [Int32], isForMany: Bool = true,
    execute: ParallelLoop = runSerially
  ) {
    self.hierarchy = hierarchy
    self.costs = costs
    weights = Array(repeating: Self.none, count: hierarchy.arcCount)
    firstHalf = Array(repeating: -1, count: hierarchy.arcCount)
    secondHalf = firstHalf
    guard costs.count == hierarchy.linkCount else { return }
    let graph = hierarchy.graph
    for t in 0..<graph.turnCount where hierarchy.arcOfTurn[t] >= 0 {
      let into = graph.turnTarget[t]
      let weight = Self.weight(of: t, into: into.index, in: hierarchy, costs)
      let arc = Int(hierarchy.arcOfTurn[t])
      if weight < weights[arc] { weights[arc] = weight }
      firstHalf[arc] = -1 - into.rawValue
    }
    weights.withUnsafeMutableBufferPointer { weights in
      firstHalf.withUnsafeMutableBufferPointer { first in
        secondHalf.withUnsafeMutableBufferPointer { second in
          nonisolated(unsafe) let (weights, first, second) = (weights, first, second)
          for stage in hierarchy.stages {
            execute(stage.count) { i in
              let work = CustomizationWork(hierarchy, weights, first, second)
              work.run(stage[i])
              work.release()
            }
          }
        }
      }
    }
    let isNeeded =
      isForMany
      ? NeededArcs.find(hierarchy, weights, execute: execute) : weights.map { $0 < Self.none }
    upward = SearchArcs(hierarchy.firstOut, hierarchy.upper, weights, isNeeded)
    downward = SearchArcs(hierarchy.firstIn, hierarchy.upper, weights, isNeeded)
  }

  /// Milliseconds from the end of the first link of a way to the end of the last one; nil where they
  /// do not follow one another or one is closed.
  public func milliseconds(along links: [LinkID]) -> Int64? {
    var sum: UInt64 = 0
    for (a, b) in zip(links, links.dropFirst()) {
      let graph = hierarchy.graph
      guard let turn = graph.turns(from: a).first(where: { graph.turnTarget[$0] == b }) else {
        return nil
      }
      let weight = Self.weight(of: turn, into: b.index, in: hierarchy, costs)
      if weight >= Self.none { return nil }
      sum += weight >> 32
    }
    return Int64(sum)
  }

  /// By arc, the least of some figures of the turns that it stands for; 1 where no way leads.
  func least(ofTurns figures: [Double]) -> [Double] {
    var least = [Double](repeating: 1, count: hierarchy.arcCount)
    for (turn, arc) in hierarchy.arcOfTurn.enumerated()
    where arc >= 0 && firstHalf[Int(arc)] < 0 && figures.indices.contains(turn) {
      least[Int(arc)] = figures[turn]
    }
    // The halves of an arc have a lower end of lower rank.
    for r in 0..<hierarchy.linkCount {
      for first in [hierarchy.firstOut, hierarchy.firstIn] {
        for a in Int(first[r])..<Int(first[r + 1]) where firstHalf[a] >= 0 {
          least[a] = min(least[Int(firstHalf[a])], least[Int(secondHalf[a])])
        }
      }
    }
    return least
  }

  /// The same hierarchy over times in which every link costs up to twice as much, by a factor of its
  /// own: each set makes other ways the quickest. They are the same in every run.
  public func variants(count: Int, execute: ParallelLoop) -> [WeightedHierarchy] {
    (0..<max(0, count)).map { k in
      let slower = costs.indices.map { l -> Int32 in
        if costs[l] == LinkCosts.closed { return costs[l] }
        let unit = StableHash.mix(hierarchy.places[l].hash &+ UInt64(k + 1)) >> 11
        let factor = 1 + Double(unit) * 0x1p-53
        return Int32(min(2e9, Double(costs[l]) * factor))
      }
      return WeightedHierarchy(hierarchy, costs: slower, execute: execute)
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

/// The arcs of one direction that searches go over, by their lower end.
struct SearchArcs: Sendable {
  struct Arc: Sendable, BitwiseCopyable {
    var weight: UInt64
    /// The rank at the other end.
    var upper: Int32
    var arc: Int32
  }

  /// One more than there are ranks.
  private(set) var first: [Int32] = [0]
  private(set) var arcs: [Arc] = []

  init() {}

  init(_ firstArc: [Int32], _ upper: [Int32], _ weights: [UInt64], _ isNeeded: [Bool]) {
    first.reserveCapacity(firstArc.count)
    for r in 0..<max(0, firstArc.count - 1) {
      for a in Int(firstArc[r])..<Int(firstArc[r + 1]) where isNeeded[a] {
        arcs.append(Arc(weight: weights[a], upper: upper[a], arc: Int32(truncatingIfNeeded: a)))
      }
      first.append(Int32(arcs.count))
    }
  }
}
