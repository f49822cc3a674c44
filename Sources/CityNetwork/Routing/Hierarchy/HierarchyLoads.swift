import CityBase

/// Volumes on the quickest ways between many pairs of links: each pair loads the few arcs of its way,
/// and one sweep from the top hands the loads of all arcs down to the turns they stand for (as
/// Buchhold, Sanders and Wagner (2019), "Real-time traffic assignment using engineered customizable
/// contraction hierarchies", do it).
public struct HierarchyLoads: Sendable {
  /// A whole number of vehicles, or of any part of one, that go from one link to another.
  public struct Pair: Sendable, BitwiseCopyable {
    public var origin: LinkID
    public var destination: LinkID
    public var amount: Int64
    public init(origin: LinkID, destination: LinkID, amount: Int64) {
      self.origin = origin
      self.destination = destination
      self.amount = amount
    }
  }

  /// Of those who would, how many take turns and set out on links.
  public struct Shares: Sendable {
    /// By turn of the graph, 0 to 1.
    public var turns: [Double]
    /// By link, of those who begin there, 0 to 1.
    public var origins: [Double]
    public init(turns: [Double], origins: [Double]) {
      self.turns = turns
      self.origins = origins
    }
  }

  /// What passes each link, in the unit of the pairs.
  public private(set) var amounts: [Int64]
  /// What of it starts there, and so does not drive over all of the link.
  public private(set) var departing: [Int64]
  /// What takes each turn of the graph; a turn from a link onto itself is nobody's.
  public private(set) var turnAmounts: [Int64] = []
  /// The sum of amount times milliseconds from end to end of all ways.
  public private(set) var milliseconds = 0.0
  /// What no way leads for.
  public private(set) var unrouted: Int64 = 0

  /// Loads all pairs; quickest where those with one destination stand in a row. Pairs of one link with
  /// itself load that link alone. With `shares`, of each pair only the least share of its origin and
  /// the turns on its way sets out. The result does not depend on how `execute` shares out the work.
  public init(
    _ weighted: WeightedHierarchy, _ pairs: [Pair], shares: Shares? = nil, execute: ParallelLoop
  ) {
    let hierarchy = weighted.hierarchy
    amounts = Array(repeating: 0, count: hierarchy.linkCount)
    departing = amounts
    let leastOfArc = shares.map { weighted.least(ofTurns: $0.turns) }
    let chunks = ChunkedWork.map(count: pairs.count, execute: execute) { range in
      Self.ways(weighted, pairs[range], leastOfArc, shares?.origins ?? [])
    }
    var loads = [Int64](repeating: 0, count: hierarchy.arcCount)
    for chunk in chunks {
      var at = 0
      for (pair, amount, count) in chunk.counts {
        if count < 0 {
          unrouted &+= amount
          continue
        }
        for arc in chunk.arcs[at..<at + Int(count)] { loads[Int(arc)] &+= amount }
        at += Int(count)
        amounts[pairs[pair].origin.index] &+= amount
        departing[pairs[pair].origin.index] &+= amount
      }
      milliseconds += chunk.milliseconds
    }
    handDown(&loads, weighted)
    turnAmounts = hierarchy.arcOfTurn.map { arc in
      arc >= 0 && weighted.firstHalf[Int(arc)] < 0 ? loads[Int(arc)] : 0
    }
  }

  private struct Ways: Sendable {
    /// The arcs of one pair after the other.
    var arcs: [Int32] = []
    /// What of each pair sets out, and how many arcs are its way; -1 for one without a way.
    var counts: [(pair: Int, amount: Int64, arcs: Int32)] = []
    var milliseconds = 0.0
  }

  private static func ways(
    _ weighted: WeightedHierarchy, _ pairs: ArraySlice<Pair>, _ leastOfArc: [Double]?,
    _ origins: [Double]
  ) -> Ways {
    var search = HierarchySearch(weighted)
    var out = Ways()
    let known = 0..<weighted.hierarchy.linkCount
    for (i, pair) in zip(pairs.indices, pairs) {
      guard known ~= pair.origin.index, known ~= pair.destination.index else {
        out.counts.append((i, pair.amount, -1))
        continue
      }
      var least = 1.0
      if origins.indices.contains(pair.origin.index) { least = origins[pair.origin.index] }
      if pair.origin == pair.destination {
        out.counts.append((i, part(least, of: pair.amount), 0))
        continue
      }
      guard let meeting = search.meet(from: pair.origin, to: pair.destination) else {
        out.counts.append((i, pair.amount, -1))
        continue
      }
      let before = out.arcs.count
      search.appendArcs(over: meeting.rank, to: &out.arcs)
      if let leastOfArc {
        for arc in out.arcs[before...] { least = min(least, leastOfArc[Int(arc)]) }
      }
      let amount = part(least, of: pair.amount)
      out.counts.append((i, amount, Int32(out.arcs.count - before)))
      out.milliseconds += Double(amount) * Double(meeting.weight >> 32)
    }
    return out
  }

  private static func part(_ share: Double, of amount: Int64) -> Int64 {
    guard share < 1 else { return amount }
    return Int64(exactly: (Double(amount) * max(0, share)).rounded()) ?? 0
  }

  /// Hands what passes over an arc to the two arcs it stands for, the highest first.
  private mutating func handDown(_ loads: inout [Int64], _ weighted: WeightedHierarchy) {
    let hierarchy = weighted.hierarchy
    for r in (0..<hierarchy.linkCount).reversed() {
      for first in [hierarchy.firstOut, hierarchy.firstIn] {
        for a in Int(first[r])..<Int(first[r + 1]) where loads[a] != 0 {
          let half = weighted.firstHalf[a]
          if half < 0 {
            amounts[Int(-1 - half)] &+= loads[a]
          } else {
            loads[Int(half)] &+= loads[a]
            loads[Int(weighted.secondHalf[a])] &+= loads[a]
          }
        }
      }
    }
  }
}
