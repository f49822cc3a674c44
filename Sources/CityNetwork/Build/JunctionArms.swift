import CityBase

/// One end of a piece of road at a junction.
struct Arm {
  var piece: Int32
  /// Whether the piece's `to` end is here.
  var isAtTo: Bool
  /// The source's node it ends at.
  var node: Int32
  /// Away from the junction, length 1, over the first metres.
  var outward: Point2
}

/// The arms of every junction, and how far the roads are cut back there so that stop lines do
/// not lie on crossing roads.
struct JunctionArms {
  /// Arms of cluster c are `arms[first[c] ..< first[c + 1]]`.
  private(set) var arms: [Arm] = []
  private(set) var first: [Int32] = [0]
  /// Pieces inside cluster c, likewise.
  private(set) var inside: [Int32] = []
  private(set) var firstInside: [Int32] = [0]
  /// Metres cut from the two ends of each piece.
  private(set) var trimAtFrom: [Double]
  private(set) var trimAtTo: [Double]
  /// How much of that the roads need to keep clear of each other, without room for corners.
  private(set) var neededAtFrom: [Double]
  private(set) var neededAtTo: [Double]

  /// Over this length from its end a road's direction at a junction is measured.
  static let directionReach = 12.0
  /// Room between a crossing road and the stop line, for the corner's radius: about 4 m of it
  /// lets a car turn right at 3 to 4 m/s.
  static let cornerRoom = 4.0
  static let largestTrim = 35.0
  /// Metres on either side of a node over which lanes move aside.
  static let shiftRoom = 6.0
  /// Where roads part at less than 20 degrees, the smaller one (a ramp) is cut back until it lies
  /// beside the other, but no further than this: its lanes then start where they are apart.
  static let forkCosine = 0.94
  static let largestForkTrim = 25.0
  /// The two sides of a divided road part at less than 70 degrees.
  static let dividedCosine = 0.34
  static let largestDividedTrim = 10.0
  /// Links are left this long, in metres, as far as the room for corners can give it.
  static let roomyLink = 15.0

  init(_ graph: RoadGraph, _ clusters: JunctionClusters) {
    trimAtFrom = Array(repeating: 0, count: graph.pieces.count)
    trimAtTo = trimAtFrom
    neededAtFrom = trimAtFrom
    neededAtTo = trimAtFrom
    collect(graph, clusters)
    for c in 0..<clusters.count { trim(c, graph) }
    for i in graph.pieces.indices { bound(i, graph.pieces[i].length) }
  }

  func arms(of cluster: Int) -> ArraySlice<Arm> {
    arms[Int(first[cluster])..<Int(first[cluster + 1])]
  }
  func inside(_ cluster: Int) -> ArraySlice<Int32> {
    inside[Int(firstInside[cluster])..<Int(firstInside[cluster + 1])]
  }

  /// Dead ends of which junctions leave too little for two cars that turn round there: they would lock
  /// each other and the junction.
  func stubs(in graph: RoadGraph) -> [Int] {
    graph.pieces.indices.filter { i in
      let p = graph.pieces[i]
      return (graph.degree[Int(p.from)] == 1) != (graph.degree[Int(p.to)] == 1)
        && p.length - neededAtFrom[i] - neededAtTo[i] < JunctionClusters.shortestRemainder
    }
  }

  private mutating func collect(_ graph: RoadGraph, _ clusters: JunctionClusters) {
    var armCount = [Int32](repeating: 0, count: clusters.count + 1)
    var insideCount = armCount
    for (i, p) in graph.pieces.enumerated() {
      let a = Int(clusters.clusterOfNode[Int(p.from)])
      if clusters.isInside[i] {
        insideCount[a + 1] += 1
      } else {
        armCount[a + 1] += 1
        armCount[Int(clusters.clusterOfNode[Int(p.to)]) + 1] += 1
      }
    }
    for c in 0..<clusters.count {
      armCount[c + 1] += armCount[c]
      insideCount[c + 1] += insideCount[c]
    }
    first = armCount
    firstInside = insideCount
    let none = Arm(piece: -1, isAtTo: false, node: -1, outward: Point2(1, 0))
    arms = Array(repeating: none, count: Int(armCount[clusters.count]))
    inside = Array(repeating: -1, count: Int(insideCount[clusters.count]))
    for (i, p) in graph.pieces.enumerated() {
      let a = Int(clusters.clusterOfNode[Int(p.from)])
      if clusters.isInside[i] {
        inside[Int(insideCount[a])] = Int32(i)
        insideCount[a] += 1
        continue
      }
      let b = Int(clusters.clusterOfNode[Int(p.to)])
      let reach = min(Self.directionReach, p.length / 2)
      let start = Polyline.locate(p.points, at: reach).point - p.points[0]
      arms[Int(armCount[a])] = Arm(
        piece: Int32(i), isAtTo: false, node: p.from, outward: start.normalized)
      armCount[a] += 1
      let end = Polyline.locate(p.points, at: p.length - reach).point
      let back = end - graph.positions[Int(p.to)]
      arms[Int(armCount[b])] = Arm(
        piece: Int32(i), isAtTo: true, node: p.to, outward: back.normalized)
      armCount[b] += 1
    }
  }

  private mutating func trim(_ cluster: Int, _ graph: RoadGraph) {
    let range = Int(first[cluster])..<Int(first[cluster + 1])
    guard range.count <= 12 * TurnFinder.mostRoads else { return }
    for i in range {
      let (needed, hasCorner) =
        switch range.count {
        case 1: (3.0, false)
        case 2: (max(passageTrim(range, graph), crossingTrim(i, cluster, graph)), false)
        default: (crossingTrim(i, cluster, graph), meetsAtAnAngle(i, range, graph))
        }
      // Lanes that fork or run together need a few metres to move aside.
      let least = range.count > 2 && !hasCorner ? Self.shiftRoom : 0
      let metres = max(needed + (hasCorner ? Self.cornerRoom : 0), least)
      if arms[i].isAtTo {
        neededAtTo[Int(arms[i].piece)] = needed
        trimAtTo[Int(arms[i].piece)] = metres
      } else {
        neededAtFrom[Int(arms[i].piece)] = needed
        trimAtFrom[Int(arms[i].piece)] = metres
      }
    }
  }

  /// Whether some other road neither runs along an arm nor straight on from it.
  private func meetsAtAnAngle(_ index: Int, _ range: Range<Int>, _ graph: RoadGraph) -> Bool {
    range.contains {
      $0 != index && abs(arms[index].outward.dot(arms[$0].outward)) < Self.forkCosine
        && !isDivided(arms[index], arms[$0], graph)
    }
  }

  /// Whether two arms are the two sides of a divided road, one for each direction; these never
  /// cross, whatever the angle at which they part.
  private func isDivided(_ a: Arm, _ b: Arm, _ graph: RoadGraph) -> Bool {
    guard a.outward.dot(b.outward) > Self.dividedCosine else { return false }
    let (leavesA, entersA) = directions(a, graph)
    let (leavesB, entersB) = directions(b, graph)
    return leavesA != entersA && leavesB != entersB && leavesA != leavesB
  }

  /// Where the lanes change they need a few metres to shift; otherwise a bend is enough.
  private func passageTrim(_ range: Range<Int>, _ graph: RoadGraph) -> Double {
    let a = graph.pieces[Int(arms[range.lowerBound].piece)].profile
    let b = graph.pieces[Int(arms[range.lowerBound + 1].piece)].profile
    return a.forward + a.backward == b.forward + b.backward ? 1.5 : Self.shiftRoom
  }

  /// How far out an arm must end so that its edges lie beyond the other roads.
  private func crossingTrim(_ index: Int, _ cluster: Int, _ graph: RoadGraph) -> Double {
    let arm = arms[index]
    let origin = graph.positions[Int(arm.node)]
    let half = graph.pieces[Int(arm.piece)].profile.halfWidth
    let side = arm.outward.leftNormal * half
    let reach = arm.outward * Self.largestTrim
    var needed = 0.0
    func keepOff(_ a: Point2, _ b: Point2, _ width: Double, atMost: Double) {
      for start in [origin, origin + side, origin - side] {
        if let r = Nearness.inStrip(start, start + reach, along: a, b, radius: width) {
          needed = max(needed, min(atMost, r.upperBound * Self.largestTrim))
        }
      }
    }
    for i in Int(first[cluster])..<Int(first[cluster + 1]) where i != index {
      let other = arms[i]
      let isForking = arm.outward.dot(other.outward) > Self.forkCosine
      let isDivided = isDivided(arm, other, graph)
      // Roads from different nodes that run side by side never part.
      if isForking || isDivided, arm.node != other.node { continue }
      if isForking && !isDivided && !givesWay(index, to: i, cluster, graph) { continue }
      let a = graph.positions[Int(other.node)]
      keepOff(
        a, a + other.outward * 40, graph.pieces[Int(other.piece)].profile.halfWidth,
        atMost: isDivided
          ? Self.largestDividedTrim : isForking ? Self.largestForkTrim : Self.largestTrim)
    }
    for p in inside(cluster).prefix(TurnFinder.mostInside) {
      let piece = graph.pieces[Int(p)]
      let a = graph.positions[Int(piece.from)]
      let b = graph.positions[Int(piece.to)]
      let along = (b - a).normalized
      guard abs(arm.outward.dot(along)) < Self.forkCosine else { continue }
      keepOff(a, b, piece.profile.halfWidth, atMost: Self.largestTrim)
    }
    return min(needed, Self.largestTrim)
  }

  /// Whether the first of two arms that fork is the one to be cut back: the ramp, the smaller road,
  /// or else the one that bends away.
  private func givesWay(_ a: Int, to b: Int, _ cluster: Int, _ graph: RoadGraph) -> Bool {
    let profileA = graph.pieces[Int(arms[a].piece)].profile
    let profileB = graph.pieces[Int(arms[b].piece)].profile
    if profileA.isRamp != profileB.isRamp { return profileA.isRamp }
    if profileA.roadClass != profileB.roadClass { return profileA.roadClass > profileB.roadClass }
    let lanesA = profileA.forward + profileA.backward
    let lanesB = profileB.forward + profileB.backward
    if lanesA != lanesB { return lanesA < lanesB }
    let bendA = straightest(a, cluster)
    let bendB = straightest(b, cluster)
    return bendA != bendB ? bendA > bendB : a > b
  }

  private func directions(_ arm: Arm, _ graph: RoadGraph) -> (leaves: Bool, enters: Bool) {
    let profile = graph.pieces[Int(arm.piece)].profile
    return arm.isAtTo
      ? (profile.backward > 0, profile.forward > 0) : (profile.forward > 0, profile.backward > 0)
  }

  /// The cosine between an arm and the one most nearly opposite.
  private func straightest(_ index: Int, _ cluster: Int) -> Double {
    arms(of: cluster).map { arms[index].outward.dot($0.outward) }.min() ?? 0
  }

  /// Leaves 15 m if only the room for corners stands against it, and at the least a third of every
  /// piece and 5 m.
  private mutating func bound(_ piece: Int, _ length: Double) {
    let needed = neededAtFrom[piece] + neededAtTo[piece]
    let corners = trimAtFrom[piece] + trimAtTo[piece] - needed
    let most = max(0, length - max(5, length / 3))
    let room = max(0, min(most, length - Self.roomyLink) - needed)
    let cornerShare = corners > 0 ? min(1, room / corners) : 0
    let share = needed > most ? most / needed : 1
    trimAtFrom[piece] =
      neededAtFrom[piece] * share + (trimAtFrom[piece] - neededAtFrom[piece]) * cornerShare
    trimAtTo[piece] =
      neededAtTo[piece] * share + (trimAtTo[piece] - neededAtTo[piece]) * cornerShare
  }
}
