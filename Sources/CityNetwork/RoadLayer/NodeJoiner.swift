import CityBase
import CitySpatial

/// Makes nodes of points: what lies within `tolerance` is one node.
struct NodeJoiner {
  /// Metres.
  static let tolerance = 0.1
  /// How far an end may lie from the line it is meant to touch, in metres.
  static let reach = 0.5

  private struct Cell: Hashable {
    var x: Int64
    var y: Int64
  }

  private(set) var positions: [Point2] = []
  private var nodesOfCell: [Cell: [Int32]] = [:]

  mutating func nodes(of points: [Point2]) -> [Int32] {
    var out: [Int32] = []
    out.reserveCapacity(points.count)
    for p in points {
      guard let n = node(at: p) else { continue }
      if out.last != n { out.append(n) }
    }
    return out
  }

  /// The node at a point; none where the point is no sound place.
  private mutating func node(at p: Point2) -> Int32? {
    guard p.isFinite, abs(p.x) < 1e8, abs(p.y) < 1e8 else { return nil }
    let x = Int64((p.x / Self.tolerance).rounded(.down))
    let y = Int64((p.y / Self.tolerance).rounded(.down))
    var best: (distance: Double, node: Int32)?
    for dx: Int64 in -1...1 {
      for dy: Int64 in -1...1 {
        for n in nodesOfCell[Cell(x: x + dx, y: y + dy)] ?? [] {
          let d = positions[Int(n)].distance(to: p)
          if d <= Self.tolerance, best.map({ (d, n) < $0 }) ?? true { best = (d, n) }
        }
      }
    }
    if let best { return best.node }
    let n = Int32(positions.count)
    positions.append(p)
    nodesOfCell[Cell(x: x, y: y), default: []].append(n)
    return n
  }

  /// Puts ends that touch the middle of another way into that way; says how many.
  func joinEnds(_ ways: inout [RoadSource.Way]) -> Int {
    var uses = [UInt8](repeating: 0, count: positions.count)
    for way in ways { for n in way.nodes { uses[Int(n)] = min(2, uses[Int(n)] + 1) } }
    var segments: [(way: Int, index: Int)] = []
    var boxes: [Box2] = []
    for (w, way) in ways.enumerated() where way.nodes.count > 1 {
      for i in 1..<way.nodes.count {
        segments.append((w, i))
        boxes.append(Box2([positions[Int(way.nodes[i - 1])], positions[Int(way.nodes[i])]]))
      }
    }
    let tree = HilbertRTree(boxes)
    // By way: after which of its nodes, how far along, which node goes in.
    var inserts: [(way: Int, index: Int, share: Double, node: Int32)] = []
    for (w, way) in ways.enumerated() {
      for end in [way.nodes.first, way.nodes.last].compactMap({ $0 }) where uses[Int(end)] == 1 {
        let p = positions[Int(end)]
        func foot(_ s: Int) -> (offset: Double, distance: Double) {
          let nodes = ways[segments[s].way].nodes
          let i = segments[s].index
          return Polyline.project(
            p, onto: [positions[Int(nodes[i - 1])], positions[Int(nodes[i])]])
        }
        let hit = tree.nearest(p, maxResults: 1, maxDistance: Self.reach) {
          segments[$0].way == w ? .infinity : foot($0).distance
        }.first
        guard let hit else { continue }
        let s = segments[hit.index]
        inserts.append((s.way, s.index, foot(hit.index).offset, end))
      }
    }
    inserts.sort { ($0.way, $0.index, $0.share, $0.node) > ($1.way, $1.index, $1.share, $1.node) }
    for i in inserts where !ways[i.way].nodes.contains(i.node) {
      ways[i.way].nodes.insert(i.node, at: i.index)
    }
    return inserts.count
  }
}

/// The nearest of some points.
struct PointIndex {
  private let tree: HilbertRTree
  private let indices: [Int]

  init(_ points: [Point2], where isWanted: (Int) -> Bool) {
    indices = points.indices.filter(isWanted)
    tree = HilbertRTree(indices.map { Box2(min: points[$0], max: points[$0]) })
  }

  func nearest(to p: Point2, maxDistance: Double) -> Int? {
    tree.nearest(p, maxResults: 1, maxDistance: maxDistance).first.map { indices[$0.index] }
  }
}
