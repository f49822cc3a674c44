import CityBase

/// A customizable contraction hierarchy over links (Dibbelt, Strasser, Wagner (2016), "Customizable
/// contraction hierarchies", ACM Journal of Experimental Algorithmics 21): all that holds for a
/// network whatever its travel times are.
///
/// Nodes are links and arcs are turns, so that turn bans and turn times hold by construction. Links
/// are contracted in the order of a `LinkDissection`; wherever a way over links contracted earlier
/// leads from one link to another there is an arc between them. Arcs are kept by direction, for over a
/// separator most lead one way only. `WeightedHierarchy` gives the arcs their times: making this
/// takes longer, and is needed once for a network.
public final class LinkHierarchy: Sendable {
  /// A number per link: contracted in this order.
  let rankOfLink: [Int32]
  let linkOfRank: [Int32]
  let places: [SearchPlace]
  /// By link: the junction at its end.
  let junctionOfLink: [Int32]
  /// Milliseconds of the turns, and the arc of each; -1 for a turn from a link onto itself.
  let graph: TurnGraph
  let arcOfTurn: [Int32]

  /// By rank: the arcs up from it are [r] ..< [r + 1], the heads ascending.
  let firstOut: [Int32]
  /// By rank: the arcs down to it from above are [r] ..< [r + 1], the tails ascending.
  let firstIn: [Int32]
  /// By arc: the higher end. Arcs up come first, then arcs down.
  let upper: [Int32]

  /// By rank: the arcs down from it, [r] ..< [r + 1], in the order of their heads.
  let firstDown: [Int32]
  let down: [LowerArc]
  /// By rank: the arcs up to it, [r] ..< [r + 1], in the order of their tails.
  let firstUp: [Int32]
  let up: [LowerArc]

  /// The ranks above a rank are the rest of its cell, then the cells above that.
  let cellOfRank: [Int32]
  let cellFirst: [Int32]
  let cellParent: [Int32]
  /// Stretches of ranks that can be worked on at once, in the order in which one needs the other.
  let stages: [[Range<Int>]]

  /// An arc seen from its higher end.
  struct LowerArc: Sendable, BitwiseCopyable {
    var lower: Int32
    var arc: Int32
  }

  public var linkCount: Int { rankOfLink.count }
  public var turnCount: Int { arcOfTurn.count }
  /// The turns it was made for.
  public var turnGraph: TurnGraph { graph }
  /// How many arcs there are, those of turns included.
  public var arcCount: Int { upper.count }

  /// Finds the order and all arcs. The result does not depend on how `execute` shares out the work.
  public init(_ network: RoadNetwork, _ graph: TurnGraph, execute: ParallelLoop = runSerially) {
    let dissection = LinkDissection(network, execute: execute)
    let count = dissection.links.count
    var rankOfLink = [Int32](repeating: 0, count: count)
    for (rank, link) in dissection.links.enumerated() { rankOfLink[Int(link)] = Int32(rank) }
    self.rankOfLink = rankOfLink
    linkOfRank = dissection.links
    places = SearchPlace.all(of: network)
    junctionOfLink = network.linkTo.values.map(\.rawValue)
    self.graph = graph
    let fill = HierarchyFill(graph, rankOfLink: rankOfLink, linkOfRank: dissection.links)
    firstOut = fill.firstOut
    // The arcs down stand behind those up.
    let offset = Int32(fill.out.count)
    firstIn = fill.firstIn.map { $0 + offset }
    upper = fill.out + fill.into
    (firstDown, down) = Self.lowerArcs(count, first: firstIn, upper: upper)
    (firstUp, up) = Self.lowerArcs(count, first: firstOut, upper: upper)
    var cellOfRank = [Int32](repeating: 0, count: count)
    for c in dissection.parent.indices {
      for r in dissection.first[c]..<dissection.first[c + 1] { cellOfRank[Int(r)] = Int32(c) }
    }
    self.cellOfRank = cellOfRank
    cellFirst = dissection.first
    cellParent = dissection.parent
    stages = HierarchyStages(dissection, firstOut: firstOut, firstIn: firstIn).stages
    arcOfTurn = Self.arcs(of: graph, rankOfLink, firstOut, firstIn, upper)
  }

  /// The same hierarchy for turns that take other times: `graph` has to have the same turns.
  public init(_ other: LinkHierarchy, turnsOf graph: TurnGraph) {
    precondition(graph.turnCount == other.turnCount, "another network")
    self.graph = graph
    rankOfLink = other.rankOfLink
    linkOfRank = other.linkOfRank
    places = other.places
    junctionOfLink = other.junctionOfLink
    arcOfTurn = other.arcOfTurn
    firstOut = other.firstOut
    firstIn = other.firstIn
    upper = other.upper
    firstDown = other.firstDown
    down = other.down
    firstUp = other.firstUp
    up = other.up
    cellOfRank = other.cellOfRank
    cellFirst = other.cellFirst
    cellParent = other.cellParent
    stages = other.stages
  }

  /// The arcs by their higher ends.
  private static func lowerArcs(_ count: Int, first: [Int32], upper: [Int32])
    -> (first: [Int32], arcs: [LowerArc])
  {
    var starts = [Int32](repeating: 0, count: count + 1)
    let range = Int(first[0])..<Int(first[count])
    for a in range { starts[Int(upper[a]) + 1] += 1 }
    for r in 0..<count { starts[r + 1] += starts[r] }
    var next = starts
    var arcs = [LowerArc](repeating: LowerArc(lower: 0, arc: 0), count: range.count)
    for r in 0..<count {
      for a in first[r]..<first[r + 1] {
        let high = Int(upper[Int(a)])
        arcs[Int(next[high])] = LowerArc(lower: Int32(r), arc: a)
        next[high] += 1
      }
    }
    return (starts, arcs)
  }

  private static func arcs(
    of graph: TurnGraph, _ rankOfLink: [Int32], _ firstOut: [Int32], _ firstIn: [Int32],
    _ upper: [Int32]
  ) -> [Int32] {
    var arcs: [Int32] = []
    arcs.reserveCapacity(graph.turnCount)
    upper.withUnsafeBufferPointer { upper in
      for l in 0..<graph.linkCount {
        for t in graph.turns(from: LinkID(l)) {
          let from = rankOfLink[l]
          let to = rankOfLink[graph.turnTarget[t].index]
          let first = from < to ? firstOut : firstIn
          let low = Int(min(from, to))
          arcs.append(
            from == to
              ? -1
              : Self.find(max(from, to), in: upper, Int(first[low])..<Int(first[low + 1])))
        }
      }
    }
    return arcs
  }

  /// The arc with this upper end among those of a range; -1 where there is none.
  @inline(__always) static func find(
    _ wanted: Int32, in upper: UnsafeBufferPointer<Int32>, _ range: Range<Int>
  ) -> Int32 {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) >> 1
      if upper[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && upper[low] == wanted ? Int32(low) : -1
  }
}

/// Which ranks can be worked on at once: whole trees of cells first, then the cells above them, the
/// deepest first.
struct HierarchyStages {
  private(set) var stages: [[Range<Int>]] = []

  init(_ dissection: LinkDissection, firstOut: [Int32], firstIn: [Int32]) {
    let cells = dissection.parent.count
    guard cells > 0 else { return }
    // The work of a cell grows with the product of arcs in and out; whole trees add up.
    var work = [Double](repeating: 0, count: cells)
    for c in 0..<cells {
      for r in Int(dissection.first[c])..<Int(dissection.first[c + 1]) {
        work[c] += Double(firstOut[r + 1] - firstOut[r]) * Double(firstIn[r + 1] - firstIn[r]) + 10
      }
    }
    for c in 0..<cells where dissection.parent[c] >= 0 {
      work[Int(dissection.parent[c])] += work[c]
    }
    let share = (work.last ?? 0) / 64
    var trees: [Range<Int>] = []
    var byDepth: [[Range<Int>]] = []
    for c in 0..<cells {
      let up = Int(dissection.parent[c])
      if work[c] > share {
        let depth = Int(dissection.depth[c])
        while byDepth.count <= depth { byDepth.append([]) }
        byDepth[depth].append(Int(dissection.first[c])..<Int(dissection.first[c + 1]))
      } else if up < 0 || work[up] > share {
        trees.append(Int(dissection.firstBelow[c])..<Int(dissection.first[c + 1]))
      }
    }
    stages = ([trees] + byDepth.reversed()).filter { !$0.isEmpty }
  }
}
