import CityBase

extension JunctionDraft {
  /// Gathers what meets at a junction.
  init(
    junction: Int, _ plan: LinkPlan, _ graph: RoadGraph, _ arms: JunctionArms,
    _ nodeControls: NodeControls
  ) {
    let cluster = Int(plan.clusterOfJunction[junction])
    let ends = arms.arms(of: cluster)
    let inside = arms.inside(cluster)
    nodeID = plan.nodeID[cluster]
    armCount = ends.count
    approaches = []
    departures = []
    for l in Int(plan.firstApproach[junction])..<Int(plan.firstApproach[junction + 1]) {
      var approach = Approach(Int32(l), plan.links[l], graph)
      let piece = graph.pieces[Int(approach.piece)]
      approach.origin = plan.cluster(ofNode: approach.isForward ? piece.from : piece.to)
      approaches.append(approach)
    }
    for arm in ends {
      let leaving = plan.linkOfPiece[Int(arm.piece) * 2 + (arm.isAtTo ? 1 : 0)]
      if leaving >= 0 {
        var departure = Departure(leaving, plan.links[Int(leaving)], graph)
        let piece = graph.pieces[Int(arm.piece)]
        let end = arm.isAtTo ? piece.from : piece.to
        departure.leadsToSignals = nodeControls.hasSignals[Int(end)]
        departure.target = plan.cluster(ofNode: end)
        departures.append(departure)
      }
    }
    departures.sort { $0.link < $1.link }
    let nodes =
      ends.map(\.node) + inside.flatMap { [graph.pieces[Int($0)].from, graph.pieces[Int($0)].to] }
    hasSignals = nodes.contains { nodeControls.hasSignals[Int($0)] }
    isMiniRoundabout = nodes.contains { nodeControls.isMiniRoundabout[Int($0)] }
    let ringArms = ends.contains { graph.pieces[Int($0.piece)].profile.isRoundabout }
    let ringInside = inside.contains { graph.pieces[Int($0)].profile.isRoundabout }
    touchesRing = ringArms || ringInside
    ring = ringInside ? RingLine(inside, graph) : nil
  }
}

/// Lane 0 lies at the kerb, on the right; the builder works in a world that drives on the right.
func laneOffset(_ lane: Int, of count: Int, width: Double) -> Double {
  Double(2 * lane - count + 1) / 2 * width
}

extension PlannedLink {
  /// Where one of all its lanes lies at an end of its line.
  func place(of lane: Int, at end: Point2, _ heading: Point2, width: Double) -> Point2 {
    end + heading.leftNormal * laneOffset(lane, of: lanes + bus.count, width: width)
  }
}

extension Approach {
  init(_ id: Int32, _ planned: PlannedLink, _ graph: RoadGraph) {
    let piece = graph.pieces[Int(planned.piece)]
    let points = planned.points
    let last = points[points.count - 1]
    let reach = min(JunctionArms.directionReach, Double(planned.length) / 2)
    let before = Polyline.locate(points, at: Double(planned.length) - reach).point
    let end = (last - points[points.count - 2]).normalized
    link = id
    self.piece = planned.piece
    isForward = planned.isForward
    node = planned.isForward ? piece.to : piece.from
    profile = planned.isForward ? piece.profile : piece.profile.reversed
    lanes = planned.lanes
    busLanes = planned.bus
    places = planned.bus.open(planned.lanes)
    heading = (last - before).normalized
    endHeading = end
    laneEnds = places.map {
      planned.place(of: $0, at: last, end, width: piece.profile.laneWidth)
    }
    sign = planned.isForward ? piece.signAtTo : piece.signAtFrom
    turns = planned.isForward ? piece.turnsAtTo : piece.turnsAtFrom
  }

  /// Where one of all lanes ends.
  func end(of lane: Int) -> Point2 {
    if let open = places.firstIndex(of: lane) { return laneEnds[open] }
    // Beside the nearest lane for all.
    let near = places.indices.min { abs(places[$0] - lane) < abs(places[$1] - lane) } ?? 0
    return laneEnds[near] + endHeading.leftNormal
      * (Double(lane - places[near]) * profile.laneWidth)
  }

  /// The directed piece, as in `Movement.path`.
  var directedPiece: Int32 { piece * 2 + (isForward ? 0 : 1) }
}

extension Departure {
  init(_ id: Int32, _ planned: PlannedLink, _ graph: RoadGraph) {
    let piece = graph.pieces[Int(planned.piece)]
    let points = planned.points
    let first = points[0]
    let reach = min(JunctionArms.directionReach, Double(planned.length) / 2)
    let start = (points[1] - first).normalized
    link = id
    self.piece = planned.piece
    isForward = planned.isForward
    node = planned.isForward ? piece.from : piece.to
    profile = planned.isForward ? piece.profile : piece.profile.reversed
    lanes = planned.lanes
    busLanes = planned.bus
    places = planned.bus.open(planned.lanes)
    length = Double(planned.length)
    turns = planned.isForward ? piece.turnsAtTo : piece.turnsAtFrom
    heading = (Polyline.locate(points, at: reach).point - first).normalized
    startHeading = start
    laneStarts = places.map {
      planned.place(of: $0, at: first, start, width: piece.profile.laneWidth)
    }
  }

  /// Where one of all lanes starts.
  func start(of lane: Int) -> Point2 {
    if let open = places.firstIndex(of: lane) { return laneStarts[open] }
    let near = places.indices.min { abs(places[$0] - lane) < abs(places[$1] - lane) } ?? 0
    return laneStarts[near] + startHeading.leftNormal
      * (Double(lane - places[near]) * profile.laneWidth)
  }

  var directedPiece: Int32 { piece * 2 + (isForward ? 0 : 1) }
}
