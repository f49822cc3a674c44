import CityBase

/// The centrelines of connectors, their lengths and turning speeds.
enum ConnectorGeometry {
  /// Comfortable lateral acceleration in m/s². It lies below the side friction that AASHTO's "A
  /// Policy on Geometric Design of Highways and Streets" allows at low speeds (0.28 g at 30 km/h).
  static let lateralAcceleration = 2.0
  /// Nobody creeps round a corner more slowly than this, in m/s.
  static let slowestTurn = 3.0
  static let curveSteps = 8

  static func make(_ draft: inout JunctionDraft, _ graph: RoadGraph) {
    for (i, m) in draft.movements.enumerated() {
      let a = draft.approaches[m.approach]
      let d = draft.departures[m.departure]
      let ringPieces = m.path.filter { graph.pieces[Int($0 >> 1)].profile.isRoundabout }
      let ring = !ringPieces.isEmpty
      for (from, to) in LaneAssignment.lanePairs(m, draft) {
        let ringLane = ring ? ringLane(from, ringPieces, graph) : -1
        var points =
          ring
          ? alongRing(a.laneEnds[from], d.laneStarts[to], m.path, ringLane, graph)
          : curve(a.laneEnds[from], a.endHeading, d.laneStarts[to], d.startHeading)
        points = sound(points)
        let limit = min(a.profile.speed, d.profile.speed)
        let radius = ring ? ringRadius(m.path, graph) : radius(points, a.endHeading, d.startHeading)
        let speed = (lateralAcceleration * radius).squareRoot()
        draft.connectors.append(
          DraftConnector(
            movement: i, approach: m.approach, departure: m.departure, fromLane: from, toLane: to,
            turn: m.turn, side: m.side, ringLane: ringLane, points: points, box: Box2(points),
            length: max(0.1, (Polyline.length(points) * 1000).rounded() / 1000),
            speed: (min(limit, max(slowestTurn, speed)) * 1000).rounded() / 1000))
      }
    }
    draft.connectors.sort {
      (
        draft.approaches[$0.approach].link, $0.fromLane, draft.departures[$0.departure].link,
        $0.toLane
      )
        < (
          draft.approaches[$1.approach].link, $1.fromLane, draft.departures[$1.departure].link,
          $1.toLane
        )
    }
  }

  /// A cubic Bézier curve that leaves and arrives along the lanes, with the handles that make it
  /// a near circle where the corner is even.
  static func curve(_ p0: Point2, _ h0: Point2, _ p3: Point2, _ h3: Point2) -> [Point2] {
    let chord = p3 - p0
    let distance = chord.length
    let aside = abs(h0.cross(chord))
    if h0.dot(h3) > 0.9999 && aside < 0.05 && h0.dot(chord) > 0 { return [p0, p3] }
    // 2 / (3 (1 + cos(angle / 2))): the handle of an arc over its chord.
    let halfCosine = max(0, (1 + h0.dot(h3)) / 2).squareRoot()
    var k0 = distance * 2 / (3 * (1 + halfCosine))
    var k3 = k0
    // Handles do not reach beyond the corner where the two lanes' lines meet.
    let sine = h0.cross(h3)
    if abs(sine) > 0.2 {
      let toCorner = chord.cross(h3) / sine
      let fromCorner = h0.cross(chord) / -sine
      if toCorner > 0 { k0 = min(k0, toCorner) }
      if fromCorner < 0 { k3 = min(k3, -fromCorner) }
    }
    let c0 = p0 + h0 * k0
    let c3 = p3 - h3 * k3
    return (0...curveSteps).map { i in
      let t = Double(i) / Double(curveSteps)
      let s = 1 - t
      let a = p0 * (s * s * s) + c0 * (3 * s * s * t)
      return a + c3 * (3 * s * t * t) + p3 * (t * t * t)
    }
  }

  /// The kerb lane keeps to the outer lane of the ring, the others to the inner ones.
  private static func ringLane(_ lane: Int, _ ringPieces: [Int32], _ graph: RoadGraph) -> Int {
    let lanes = ringPieces.map { max(1, laneCount($0, graph)) }.min() ?? 1
    return min(lane, lanes - 1)
  }

  private static func laneCount(_ step: Int32, _ graph: RoadGraph) -> Int {
    let profile = graph.pieces[Int(step >> 1)].profile
    return Int(step & 1 == 0 ? profile.forward : profile.backward)
  }

  /// Round a small roundabout: from the lane, along a lane of the ring, to the lane.
  private static func alongRing(
    _ start: Point2, _ end: Point2, _ path: [Int32], _ ringLane: Int, _ graph: RoadGraph
  ) -> [Point2] {
    var line: [Point2] = []
    for step in path {
      let points = graph.pieces[Int(step >> 1)].points
      for p in step & 1 == 0 ? points : points.reversed() where line.last != p { line.append(p) }
    }
    if let step = path.first(where: { graph.pieces[Int($0 >> 1)].profile.isRoundabout }) {
      let lanes = max(1, laneCount(step, graph))
      let width = graph.pieces[Int(step >> 1)].profile.laneWidth
      line = Polyline.offset(
        line, left: laneOffset(min(ringLane, lanes - 1), of: lanes, width: width))
    }
    let length = Polyline.length(line)
    let inner = curveSteps - 2
    let ring = (0...inner).map {
      Polyline.locate(line, at: length * Double($0) / Double(inner)).point
    }
    return [start] + ring + [end]
  }

  private static func ringRadius(_ path: [Int32], _ graph: RoadGraph) -> Double {
    var box = Box2()
    for step in path { box.add(Box2(graph.pieces[Int(step >> 1)].points)) }
    return max(box.width, box.height) / 2
  }

  /// The radius of an arc with this chord and change of direction.
  private static func radius(_ points: [Point2], _ h0: Point2, _ h3: Point2) -> Double {
    let chord = points[0].distance(to: points[points.count - 1])
    // sin(angle / 2); the chord of an arc is 2 r sin(angle / 2).
    let sine = max(0, (1 - h0.dot(h3)) / 2).squareRoot()
    return sine > 1e-3 ? chord / (2 * sine) : .infinity
  }

  private static func sound(_ points: [Point2]) -> [Point2] {
    var out: [Point2] = []
    out.reserveCapacity(points.count)
    for p in points {
      let q = p.roundedToMillimetre
      if out.last != q { out.append(q) }
    }
    if out.count < 2, let p = out.first { out.append((p + Point2(0.1, 0)).roundedToMillimetre) }
    return out
  }
}
