import CityBase

/// The roundabouts of a graph, and which of them become one junction with all their ring.
///
/// Between the arms of a usual roundabout there is no room for a link that holds a car and its
/// stopping distance. Its ring then lies inside one junction, and drivers follow each other round
/// it. Only where the arms lie far apart do the parts of the ring stay links.
struct RingFinder {
  /// Metres of ring for each arm from which on the ring keeps its links: some 15 m belong to the
  /// arm itself and as much to stop lines and corners.
  static let roomyArm = 50.0
  /// Larger rings keep their links in any case, in metres of their box's longer side.
  static let largestWholeRing = 90.0
  /// Metres beyond the ring's box in which its arms may fork and still be part of the junction.
  static let armReach = 30.0

  private var root: [Int32]
  private var whole: [Int32: Box2] = [:]

  init(_ graph: RoadGraph, _ controls: NodeControls) {
    root = Array(repeating: -1, count: graph.positions.count)
    let ring = graph.pieces.filter(\.profile.isRoundabout)
    guard !ring.isEmpty else { return }
    var union = BoundedUnion(graph.positions)
    for p in ring { union.join(Int(p.from), Int(p.to), largestDiameter: .infinity) }
    var lengths: [Int32: Double] = [:]
    var signals: Set<Int32> = []
    for p in ring {
      let r = Int32(union.root(Int(p.from)))
      root[Int(p.from)] = r
      root[Int(p.to)] = r
      lengths[r, default: 0] += p.length
      whole[r, default: Box2()].add(Box2(p.points))
      for n in [p.from, p.to] where controls.hasSignals[Int(n)] { signals.insert(r) }
    }
    let arms = armCounts(graph)
    for (r, length) in lengths {
      guard let box = whole[r] else { continue }
      let isWhole =
        !signals.contains(r) && max(box.width, box.height) <= Self.largestWholeRing
        && length < Self.roomyArm * Double(max(2, arms[r] ?? 0))
      if !isWhole { whole[r] = nil }
    }
  }

  /// Roads that leave or enter each ring; the two legs of a forked arm count as one.
  private func armCounts(_ graph: RoadGraph) -> [Int32: Int] {
    var halves: [Int32: Int] = [:]
    for p in graph.pieces where !p.profile.isRoundabout {
      for n in [p.from, p.to] where root[Int(n)] >= 0 {
        halves[root[Int(n)], default: 0] += p.profile.isOneWay ? 1 : 2
      }
    }
    return halves.mapValues { ($0 + 1) / 2 }
  }

  /// Whether a node lies on a ring that becomes one junction.
  func isWhole(atNode node: Int) -> Bool { root[node] >= 0 && whole[root[node]] != nil }

  /// The largest diagonal of the junction made of the ring at either node.
  func largestDiameter(atNode a: Int, _ b: Int) -> Double {
    let box = whole[root[a]] ?? whole[root[b]] ?? Box2()
    return (box.max - box.min).length + 2 * Self.armReach
  }
}
