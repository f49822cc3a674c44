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
  static let largestSignalDiameter = 60.0
  /// Pieces with both ends in one cluster are part of it up to this length.
  static let longestInside = 60.0

  /// The cluster of each node, or -1 for nodes without pieces.
  private(set) var clusterOfNode: [Int32]
  private(set) var count = 0
  /// Whether each piece lies within a cluster.
  private(set) var isInside: [Bool]

  init(_ graph: RoadGraph, _ nodeControls: NodeControls) {
    var union = BoundedUnion(graph.positions)
    let ring = RingBounds(graph)
    var candidates: [(length: Double, piece: Int32, limit: Double)] = []
    for (i, p) in graph.pieces.enumerated() where p.from != p.to {
      let a = Int(p.from)
      let b = Int(p.to)
      guard graph.degree[a] > 1, graph.degree[b] > 1 else { continue }
      let bothSignals = nodeControls.hasSignals[a] && nodeControls.hasSignals[b]
      guard p.length < (bothSignals ? Self.dividedRoadReach : Self.shortestLink) else { continue }
      let limit =
        p.profile.isRoundabout
        ? ring.limit(ofNode: a) : bothSignals ? Self.largestSignalDiameter : Self.largestDiameter
      candidates.append((p.length, Int32(i), limit))
    }
    candidates.sort { ($0.length, $0.piece) < ($1.length, $1.piece) }
    for c in candidates {
      let p = graph.pieces[Int(c.piece)]
      union.join(Int(p.from), Int(p.to), largestDiameter: c.limit)
    }
    clusterOfNode = Array(repeating: -1, count: graph.positions.count)
    isInside = Array(repeating: false, count: graph.pieces.count)
    number(graph, &union)
  }

  private mutating func number(_ graph: RoadGraph, _ union: inout BoundedUnion) {
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
        && p.length <= Self.longestInside
    }
  }
}

/// A roundabout without any piece long enough for a link becomes one junction if it is small; of
/// others only nodes as near as those of one arm are joined, so that the ring keeps its links.
private struct RingBounds {
  static let wholeRing = 30.0
  static let oneArm = 20.0
  private var limits: [Double]

  init(_ graph: RoadGraph) {
    var union = BoundedUnion(graph.positions)
    limits = Array(repeating: Self.oneArm, count: graph.positions.count)
    let ring = graph.pieces.filter(\.profile.isRoundabout)
    for p in ring { union.join(Int(p.from), Int(p.to), largestDiameter: .infinity) }
    var hasLinks: Set<Int> = []
    for p in ring where p.length >= JunctionClusters.shortestLink {
      hasLinks.insert(union.root(Int(p.from)))
    }
    for p in ring {
      let root = union.root(Int(p.from))
      let box = union.box(root)
      if !hasLinks.contains(root) && (box.max - box.min).length <= Self.wholeRing {
        limits[Int(p.from)] = Self.wholeRing
      }
    }
  }

  func limit(ofNode node: Int) -> Double { limits[node] }
}

/// Disjoint sets of nodes that know the box around their members.
private struct BoundedUnion {
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

  mutating func join(_ a: Int, _ b: Int, largestDiameter: Double) {
    let ra = root(a)
    let rb = root(b)
    guard ra != rb else { return }
    var box = boxes[ra]
    box.add(boxes[rb])
    guard (box.max - box.min).length <= largestDiameter else { return }
    // The smaller node stays the root, so that the outcome hangs on nothing else.
    let (keep, give) = ra < rb ? (ra, rb) : (rb, ra)
    parent[give] = Int32(keep)
    boxes[keep] = box
  }
}
