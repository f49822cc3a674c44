import CityBase

/// An order of all links in which few links stand between any two parts of the network: nested
/// dissection (George 1973) of the junctions, by cuts through as few links as can be.
///
/// A set of junctions is cut in two; the links from one part to the other are its separator, for
/// every way between links of the two parts uses one of them. An edge cut between junctions so
/// becomes a node separator between links, as Buchhold, Wagner, Zeitz and Zündorf (2020),
/// "Customizable contraction hierarchies with turn costs", have it. A cell is a separator; ranks
/// count through the cells of the parts first, then through the cell itself.
struct LinkDissection {
  /// By rank.
  private(set) var links: [Int32] = []
  /// By cell: its ranks are `first` [c] ..< `first` [c + 1].
  private(set) var first: [Int32] = [0]
  /// By cell: the cell that its whole part borders on, a later one; -1 at the top.
  private(set) var parent: [Int32] = []
  /// By cell: 0 at the top.
  private(set) var depth: [Int32] = []
  /// By cell: the first rank of the cells below it.
  private(set) var firstBelow: [Int32] = []

  init(_ network: RoadNetwork, execute: ParallelLoop) {
    let graph = JunctionGraph(network)
    var tree = Tree()
    var parts = [Part(junctions: Array(0..<Int32(network.junctionCount)), cell: -1)]
    var partOfJunction = [Int32](repeating: 0, count: network.junctionCount)
    var placeOfJunction = [Int32](repeating: 0, count: network.junctionCount)
    // Level by level: all parts of a level are cut at once.
    while !parts.isEmpty {
      // Those that are alone already belong to no part any more.
      for j in partOfJunction.indices { partOfJunction[j] = -1 }
      for (p, part) in parts.enumerated() {
        for (i, j) in part.junctions.enumerated() {
          partOfJunction[Int(j)] = Int32(p)
          placeOfJunction[Int(j)] = Int32(i)
        }
      }
      let level = parts
      let site = CutSite(graph: graph, part: partOfJunction, place: placeOfJunction)
      let cuts = ChunkedWork.map(count: level.count, execute: execute) { range in
        range.map { PartCut(level[$0].junctions, site) }
      }
      var next: [Part] = []
      for (part, cut) in zip(level, cuts.joined()) {
        let cell = cut.links.isEmpty ? part.cell : tree.add(cut.links, below: part.cell)
        for side in cut.sides where !side.isEmpty { next.append(Part(junctions: side, cell: cell)) }
      }
      parts = next
    }
    number(tree)
  }

  private struct Part {
    var junctions: [Int32]
    /// The cell that separates it from the rest.
    var cell: Int32
  }

  private struct Tree {
    var links: [[Int32]] = []
    var parent: [Int32] = []
    mutating func add(_ cut: [Int32], below cell: Int32) -> Int32 {
      links.append(cut)
      parent.append(cell)
      return Int32(links.count - 1)
    }
  }

  /// Numbers the cells so that those below come first, each tree in one stretch.
  private mutating func number(_ tree: Tree) {
    let count = tree.links.count
    var children = [[Int32]](repeating: [], count: count)
    var stack: [Int32] = []
    for c in 0..<count {
      let up = Int(tree.parent[c])
      if up >= 0 { children[up].append(Int32(c)) } else { stack.append(Int32(c)) }
    }
    // A cell before those below it; backwards, that is the other way round.
    var order: [Int32] = []
    while let c = stack.popLast() {
      order.append(c)
      stack.append(contentsOf: children[Int(c)])
    }
    var numberOf = [Int32](repeating: -1, count: count)
    for (i, c) in order.reversed().enumerated() { numberOf[Int(c)] = Int32(i) }
    parent = Array(repeating: -1, count: count)
    depth = Array(repeating: 0, count: count)
    firstBelow = Array(repeating: 0, count: count)
    for (i, c) in order.reversed().enumerated() {
      firstBelow[i] =
        children[Int(c)].map { firstBelow[Int(numberOf[Int($0)])] }.min() ?? Int32(links.count)
      links.append(contentsOf: tree.links[Int(c)])
      first.append(Int32(links.count))
      let up = tree.parent[Int(c)]
      parent[i] = up < 0 ? -1 : numberOf[Int(up)]
    }
    for i in (0..<count).reversed() where parent[i] >= 0 {
      depth[i] = depth[Int(parent[i])] + 1
    }
  }
}

/// The junctions with their neighbours; both directions of a road and parallel links are one edge.
struct JunctionGraph: Sendable {
  let position: [Point2]
  /// The edges of junction j are `head` and `width` [`first` [j]] ..< [`first` [j + 1]].
  let first: [Int32]
  let head: [Int32]
  /// The links between the two, of both directions.
  let width: [Int32]
  /// The links that leave junction j are `departures` [`firstDeparture` [j]] ..< [j + 1].
  let firstDeparture: [Int32]
  let departures: [Int32]
  let linkTo: [Int32]

  init(_ network: RoadNetwork) {
    let count = network.junctionCount
    position = network.junctionPosition.values
    linkTo = network.linkTo.values.map(\.rawValue)
    let from = network.linkFrom.values
    var starts = [Int32](repeating: 0, count: count + 1)
    for j in from { starts[j.index + 1] += 1 }
    for j in 0..<count { starts[j + 1] += starts[j] }
    var next = starts
    var departing = [Int32](repeating: 0, count: from.count)
    for (l, j) in from.enumerated() {
      departing[Int(next[j.index])] = Int32(l)
      next[j.index] += 1
    }
    firstDeparture = starts
    departures = departing
    // Every link counts at both of its ends.
    var ends: [[Int32]] = Array(repeating: [], count: count)
    for l in from.indices where from[l].rawValue != linkTo[l] {
      ends[from[l].index].append(linkTo[l])
      ends[Int(linkTo[l])].append(from[l].rawValue)
    }
    var first: [Int32] = [0]
    var head: [Int32] = []
    var width: [Int32] = []
    for list in ends {
      let start = head.count
      for other in list.sorted() {
        if head.count > start, head[head.count - 1] == other {
          width[width.count - 1] += 1
        } else {
          head.append(other)
          width.append(1)
        }
      }
      first.append(Int32(head.count))
    }
    self.first = first
    self.head = head
    self.width = width
  }
}
