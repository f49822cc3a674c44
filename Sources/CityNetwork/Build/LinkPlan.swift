import CityBase
import CitySpatial

/// A link before it has its id: a piece in one direction.
struct PlannedLink {
  var piece: Int32
  var isForward: Bool
  var externalID: String
  /// The centreline of this direction's carriageway between the stop lines.
  var points: [Point2]
  var length: Float
  /// Lanes for all, and those for buses beside them.
  var lanes: Int
  var bus: BusLanes
}

/// Step four: the carriageways, with their junctions and links in their final order.
struct LinkPlan {
  /// The cluster that became each junction.
  private(set) var clusterOfJunction: [Int32] = []
  private(set) var junctionOfCluster: [Int32]
  private(set) var center: [Point2] = []
  /// The smallest external id among the nodes of each cluster.
  private(set) var nodeID: [Int64]
  private(set) var links: [PlannedLink] = []
  /// Links that end in junction j are [j] ..< [j + 1].
  private(set) var firstApproach: [Int32] = [0]
  /// The link of a piece forwards (2 p) and backwards (2 p + 1), or -1.
  private(set) var linkOfPiece: [Int32]
  private let clusterOfNode: [Int32]

  init(
    _ roads: CleanRoads, _ graph: RoadGraph, _ clusters: JunctionClusters, _ arms: JunctionArms
  ) {
    junctionOfCluster = Array(repeating: -1, count: clusters.count)
    clusterOfNode = clusters.clusterOfNode
    nodeID = Array(repeating: .max, count: clusters.count)
    linkOfPiece = Array(repeating: -1, count: graph.pieces.count * 2)
    orderJunctions(roads, graph, clusters, arms)
    for cluster in clusterOfJunction {
      var approaches: [PlannedLink] = []
      for arm in arms.arms(of: Int(cluster)) {
        let piece = Int(arm.piece)
        let profile = graph.pieces[piece].profile
        if (arm.isAtTo ? profile.forward : profile.backward) > 0 {
          approaches.append(link(piece, isForward: arm.isAtTo, roads, graph, arms))
        }
      }
      approaches.sort { ($0.externalID, $0.piece) < ($1.externalID, $1.piece) }
      for a in approaches {
        linkOfPiece[Int(a.piece) * 2 + (a.isForward ? 0 : 1)] = Int32(links.count)
        links.append(a)
      }
      firstApproach.append(Int32(links.count))
    }
  }

  func cluster(ofNode node: Int32) -> Int { Int(clusterOfNode[Int(node)]) }

  /// Junctions follow a Hilbert curve; at one place of the curve, their external ids.
  private mutating func orderJunctions(
    _ roads: CleanRoads, _ graph: RoadGraph, _ clusters: JunctionClusters, _ arms: JunctionArms
  ) {
    var sum = [Point2](repeating: Point2(0, 0), count: clusters.count)
    var members = [Double](repeating: 0, count: clusters.count)
    for (node, c) in clusters.clusterOfNode.enumerated() where c >= 0 {
      let c = Int(c)
      sum[c] = sum[c] + roads.positions[node]
      members[c] += 1
      nodeID[c] = min(nodeID[c], roads.source.nodes[node].externalID)
    }
    var bounds = Box2()
    for c in sum.indices {
      sum[c] = (sum[c] * (1 / max(1, members[c]))).roundedToMillimetre
      bounds.add(sum[c])
    }
    let order = (0..<clusters.count).filter { !arms.arms(of: $0).isEmpty }
      .map { (key: HilbertCurve.position(of: sum[$0], in: bounds), id: nodeID[$0], cluster: $0) }
      .sorted { ($0.key, $0.id, $0.cluster) < ($1.key, $1.id, $1.cluster) }
    for o in order {
      junctionOfCluster[o.cluster] = Int32(clusterOfJunction.count)
      clusterOfJunction.append(Int32(o.cluster))
      center.append(sum[o.cluster])
    }
  }

  private func link(
    _ index: Int, isForward: Bool, _ roads: CleanRoads, _ graph: RoadGraph, _ arms: JunctionArms
  ) -> PlannedLink {
    let piece = graph.pieces[index]
    let kept = Self.cut(
      piece.points, from: arms.trimAtFrom[index], to: piece.length - arms.trimAtTo[index])
    let lanes = Int(isForward ? piece.profile.forward : piece.profile.backward)
    let bus = isForward ? piece.profile.forwardBus : piece.profile.backwardBus
    let side =
      piece.profile.isOneWay ? 0 : -Double(lanes + bus.count) * piece.profile.laneWidth / 2
    let line = Polyline.offset(isForward ? kept : kept.reversed(), left: side)
    let points = Self.sound(line)
    let way = roads.source.ways[Int(piece.namedBy)].externalID
    let sign = isForward != piece.isNamedBackwards ? "+" : "-"
    return PlannedLink(
      piece: Int32(index), isForward: isForward, externalID: "\(way)\(sign)\(piece.number)",
      points: points, length: Self.length(points), lanes: lanes, bus: bus)
  }

  /// The part between two distances from the start.
  private static func cut(_ points: [Point2], from: Double, to: Double) -> [Point2] {
    withoutCrumbs(Polyline.slice(points, from: from, to: to))
  }

  /// Leaves out corners so near each other or the ends that they would turn a stop line.
  private static func withoutCrumbs(_ points: [Point2]) -> [Point2] {
    guard let first = points.first, let last = points.last, points.count > 2 else { return points }
    var out = [first]
    out.reserveCapacity(points.count)
    for p in points.dropFirst().dropLast() {
      let room = out.count == 1 ? shortestEnd : shortestSegment
      if p.distance(to: out[out.count - 1]) >= room && p.distance(to: last) >= shortestEnd {
        out.append(p)
      }
    }
    out.append(last)
    return out
  }

  /// Metres of the first and last segment of a link, and of those between.
  private static let shortestEnd = 1.0
  private static let shortestSegment = 0.2

  /// Rounded to millimetres, without crumbs, and never shorter than 10 cm.
  private static func sound(_ points: [Point2]) -> [Point2] {
    let out = withoutCrumbs(points).map(\.roundedToMillimetre)
    guard let first = out.first else { return [Point2(0, 0), Point2(0.1, 0)] }
    if out.count < 2 || Polyline.length(out) < 0.1 {
      return [first, (first + Point2(0.1, 0)).roundedToMillimetre]
    }
    return out
  }

  /// Metres, to the millimetre.
  static func length(_ points: [Point2]) -> Float {
    Float(max(0.1, (Polyline.length(points) * 1000).rounded() / 1000))
  }
}
