import CityBase

/// Step three: nodes that lie too close together for a link between them become one junction.
struct JunctionClusters {
  /// No link is shorter than this, in metres, but for the ends that junctions take from it.
  static let shortestLink = 15.0
  /// Signalised nodes this close belong to one crossing of divided roads.
  static let dividedRoadReach = 30.0
  /// The largest diagonal of a cluster, so that a chain of short pieces does not swallow a street;
  /// crossings of divided roads with signals may be larger.
  static let largestDiameter = 40.0
  static let largestSignalDiameter = 100.0
  /// The same round an island.
  static let largestIslandDiameter = 80.0
  static let mostRounds = 6
  /// Nodes of a roundabout that keeps its links belong to one arm up to this diagonal.
  static let oneArm = 20.0
  /// Metres between two stop lines below which a link is absorbed: two cars find no room there.
  static let shortestRemainder = 12.0
  /// The same beside signals, where a queue that is let go must not have to wait for the next one:
  /// some three cars and the room for corners.
  static let signalRemainder = 24.0
  /// The same where only the number of lanes changes, and not to more.
  static let freeRemainder = 25.0
  /// Where less than this would be left, junctions may become larger, by a factor.
  static let hardlyAnything = 6.0
  static let hardlyAnythingFactor = 1.75
  /// Pieces longer than this stay links, whatever the junctions at their ends take from them.
  static let longestAbsorbed = 40.0
  /// Pieces with both ends in one cluster are part of it up to this length.
  static let longestInside = 75.0

  /// The cluster of each node, or -1 for nodes without pieces.
  private(set) var clusterOfNode: [Int32]
  private(set) var count = 0
  /// Whether each piece lies within a cluster.
  private(set) var isInside: [Bool]
  private var union: BoundedUnion
  private let hasSignals: [Bool]
  private let rings: RingFinder

  init(_ graph: RoadGraph, _ nodeControls: NodeControls, _ rings: RingFinder) {
    union = BoundedUnion(graph.positions)
    hasSignals = nodeControls.hasSignals
    self.rings = rings
    clusterOfNode = []
    isInside = []
    for p in graph.pieces where p.profile.isRoundabout && rings.isWhole(atNode: Int(p.from)) {
      union.join(Int(p.from), Int(p.to), largestDiameter: .infinity)
    }
    var candidates: [(length: Double, piece: Int32, limit: Double)] = []
    for (i, p) in graph.pieces.enumerated() where p.from != p.to {
      let a = Int(p.from)
      let b = Int(p.to)
      guard graph.degree[a] > 1, graph.degree[b] > 1 else { continue }
      let bothSignals = hasSignals[a] && hasSignals[b]
      guard p.length < (bothSignals ? Self.dividedRoadReach : Self.shortestLink) else { continue }
      candidates.append((p.length, Int32(i), limit(p)))
    }
    join(candidates, graph)
    number(graph)
  }

  /// The largest diagonal of a cluster that a piece may lie in.
  private func limit(_ p: RoadPiece) -> Double {
    if rings.isWhole(atNode: Int(p.from)) || rings.isWhole(atNode: Int(p.to)) {
      return rings.largestDiameter(atNode: Int(p.from), Int(p.to))
    }
    if p.profile.isRoundabout { return Self.oneArm }
    let isSignalised = hasSignals[Int(p.from)] || hasSignals[Int(p.to)]
    return isSignalised ? Self.largestSignalDiameter : Self.largestDiameter
  }

  /// Joins the junctions at both ends of pieces of which the stop lines leave too little; true
  /// where anything has changed.
  mutating func absorb(_ arms: JunctionArms, _ graph: RoadGraph) -> Bool {
    var candidates: [(length: Double, piece: Int32, limit: Double)] = []
    let others = PieceEnds(graph)
    var isSignalised = [Bool](repeating: false, count: count)
    for node in graph.positions.indices where hasSignals[node] && clusterOfNode[node] >= 0 {
      isSignalised[Int(clusterOfNode[node])] = true
    }
    for (i, p) in graph.pieces.enumerated() where !isInside[i] {
      let a = Int(p.from)
      let b = Int(p.to)
      let left = p.length - arms.neededAtFrom[i] - arms.neededAtTo[i]
      let isFree =
        isPassage(p, Int32(i), at: p.from, others)
        || isPassage(p.reversed, Int32(i), at: p.to, others)
      let nearSignals =
        isSignalised[Int(clusterOfNode[a])] && isSignalised[Int(clusterOfNode[b])]
      let least =
        isFree
        ? Self.freeRemainder : nearSignals ? Self.signalRemainder : Self.shortestRemainder
      guard left < least,
        p.length < Self.longestAbsorbed,
        graph.degree[a] > 1, graph.degree[b] > 1, clusterOfNode[a] != clusterOfNode[b]
      else { continue }
      let reach = left < Self.hardlyAnything ? Self.hardlyAnythingFactor : 1
      let limit = nearSignals ? max(limit(p), Self.largestSignalDiameter) : limit(p)
      candidates.append((left, Int32(i), limit * reach))
    }
    let left = graph.pieces.indices.map {
      graph.pieces[$0].length - arms.neededAtFrom[$0] - arms.neededAtTo[$0]
    }
    for i in ShortCycles(
      graph, clusterOfNode: clusterOfNode, count: count, left: left, rings
    ).pieces {
      let limit = max(limit(graph.pieces[Int(i)]), Self.largestIslandDiameter)
      candidates.append((left[Int(i)], i, limit))
    }
    guard join(candidates, graph) else { return false }
    number(graph)
    return true
  }

  /// Whether nothing is lost where a piece becomes part of the junction at its far end: at its
  /// start it only goes on from one road, perhaps beside a piece for the other direction, with no
  /// more lanes than that road has.
  private func isPassage(
    _ p: RoadPiece, _ index: Int32, at node: Int32, _ ends: PieceEnds
  ) -> Bool {
    let others = ends.others(than: index, at: node)
    guard let road = others.first(where: { $0.profile.forward >= p.profile.forward }) else {
      return false
    }
    switch others.count {
    case 1: return true
    case 2:
      // Where a road divides: one piece in, one out, and the road of both directions.
      guard p.profile.isOneWay, !road.profile.isOneWay,
        let side = others.first(where: \.profile.isOneWay)
      else { return false }
      return (p.profile.forward > 0) == (side.profile.forward > 0)
    default: return false
    }
  }

  @discardableResult
  private mutating func join(
    _ candidates: [(length: Double, piece: Int32, limit: Double)], _ graph: RoadGraph
  ) -> Bool {
    var isChanged = false
    for c in candidates.sorted(by: { ($0.length, $0.piece) < ($1.length, $1.piece) }) {
      let p = graph.pieces[Int(c.piece)]
      if union.join(Int(p.from), Int(p.to), largestDiameter: c.limit) { isChanged = true }
    }
    return isChanged
  }

  private mutating func number(_ graph: RoadGraph) {
    count = 0
    clusterOfNode = Array(repeating: -1, count: graph.positions.count)
    isInside = Array(repeating: false, count: graph.pieces.count)
    var idOfRoot = [Int32](repeating: -1, count: graph.positions.count)
    for node in graph.positions.indices where graph.degree[node] > 0 {
      let root = union.root(node)
      if idOfRoot[root] < 0 {
        idOfRoot[root] = Int32(count)
        count += 1
      }
      clusterOfNode[node] = idOfRoot[root]
    }
    for (i, p) in graph.pieces.enumerated() {
      isInside[i] =
        clusterOfNode[Int(p.from)] == clusterOfNode[Int(p.to)] && p.from != p.to
        && (p.length <= Self.longestInside
          || p.profile.isRoundabout && rings.isWhole(atNode: Int(p.from)))
    }
  }
}

/// The pieces at nodes where no more than three meet.
private struct PieceEnds {
  private let graph: RoadGraph
  /// Three places for each node.
  private var pieces: [Int32]

  init(_ graph: RoadGraph) {
    self.graph = graph
    pieces = Array(repeating: -1, count: 3 * graph.positions.count)
    for (i, p) in graph.pieces.enumerated() {
      for node in [p.from, p.to] {
        let places = 3 * Int(node)..<3 * Int(node) + 3
        if let free = places.first(where: { pieces[$0] < 0 }) { pieces[free] = Int32(i) }
      }
    }
  }

  /// The other pieces at a node, each as it leads there; none where more than three meet.
  func others(than index: Int32, at node: Int32) -> [RoadPiece] {
    guard graph.degree[Int(node)] <= 3 else { return [] }
    return pieces[3 * Int(node)..<3 * Int(node) + 3].filter { $0 >= 0 && $0 != index }.map {
      let other = graph.pieces[Int($0)]
      return other.to == node ? other : other.reversed
    }
  }
}

/// Disjoint sets of nodes that know the box around their members.
struct BoundedUnion {
  private var parent: [Int32]
  private var boxes: [Box2]

  init(_ positions: [Point2]) {
    parent = (0..<Int32(positions.count)).map { $0 }
    boxes = positions.map { Box2(min: $0, max: $0) }
  }

  mutating func root(_ node: Int) -> Int {
    var n = node
    while Int(parent[n]) != n {
      parent[n] = parent[Int(parent[n])]
      n = Int(parent[n])
    }
    return n
  }

  func box(_ root: Int) -> Box2 { boxes[root] }

  /// True where two sets have become one.
  @discardableResult
  mutating func join(_ a: Int, _ b: Int, largestDiameter: Double) -> Bool {
    let ra = root(a)
    let rb = root(b)
    guard ra != rb else { return false }
    var box = boxes[ra]
    box.add(boxes[rb])
    guard (box.max - box.min).length <= largestDiameter else { return false }
    // The smaller node stays the root, so that the outcome hangs on nothing else.
    let (keep, give) = ra < rb ? (ra, rb) : (rb, ra)
    parent[give] = Int32(keep)
    boxes[keep] = box
    return true
  }
}
