import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The centrelines of connectors, their lengths and turning speeds.
enum ConnectorGeometry {
  /// Nobody creeps round a corner more slowly than this, in m/s.
  static let slowestTurn = 3.0
  static let curveSteps = 8

  /// The speed in m/s at which free vehicles drive an arc: V = 8.6164 R^0.3673 (km/h, m), for
  /// pavements that fall away from the centre; NCHRP Report 672, Roundabouts: An Informational
  /// Guide (2010), equation 6-2, after AASHTO's side friction. The same arc at a street corner is
  /// driven no faster.
  static func speed(onRadius radius: Double) -> Double {
    guard radius < 1000 else { return 60 }
    return max(slowestTurn, 8.6164 * pow(max(1, radius), 0.3673) / 3.6)
  }

  static func make(_ draft: inout JunctionDraft, _ graph: RoadGraph) {
    for (i, m) in draft.movements.enumerated() {
      let (a, d) = (draft.approaches[m.approach], draft.departures[m.departure])
      for (from, to) in LaneAssignment.lanePairs(m, draft) {
        let new = connector(i, from: a.places[from], to: d.places[to], beside: from, draft, graph)
        draft.connectors.append(new)
      }
    }
    for way in BusLaneConnectors.ways(draft) {
      var new = connector(
        way.movement, from: way.from, to: way.to, beside: way.beside, draft, graph)
      new.isForBuses = true
      draft.connectors.append(new)
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

  /// The connector of a movement between two of all lanes; `beside` is the lane for all that it starts
  /// from or beside.
  private static func connector(
    _ movement: Int, from: Int, to: Int, beside: Int, _ draft: JunctionDraft, _ graph: RoadGraph
  ) -> DraftConnector {
    let m = draft.movements[movement]
    let a = draft.approaches[m.approach]
    let d = draft.departures[m.departure]
    let ends = (a.end(of: from), d.start(of: to))
    var points: [Point2]
    var part: RingPart?
    var radius: Double
    if let round = roundTheRing(m, ends, beside: beside, draft, graph) {
      (points, part) = round
      radius = draft.ring?.radius ?? 0
    } else if m.isSlip, let along = alongSlip(m, ends, draft, graph) {
      points = along.points
      radius = along.radius
    } else {
      points = sound(curve(ends.0, a.endHeading, ends.1, d.startHeading))
      radius = keepsSpeed(m, a, d) ? .infinity : Self.radius(points, a.endHeading, d.startHeading)
    }
    let limit = min(a.profile.speed, d.profile.speed)
    return DraftConnector(
      movement: movement, approach: m.approach, departure: m.departure, fromLane: from, toLane: to,
      turn: m.turn, side: m.side, isSlip: m.isSlip, ring: part, points: points, box: Box2(points),
      length: max(0.1, (Polyline.length(points) * 1000).rounded() / 1000),
      speed: (min(limit, speed(onRadius: radius)) * 1000).rounded() / 1000)
  }

  /// Whether a movement is one of those on large roads that are built to be driven at speed: onto
  /// a ramp, off it and past it. Maps draw the corner at a point; it is driven over a long way.
  private static func keepsSpeed(_ m: Movement, _ a: Approach, _ d: Departure) -> Bool {
    guard m.turn == .through, a.heading.dot(d.heading) > TurnFinder.throughCosine else {
      return false
    }
    let isLarge = a.profile.roadClass <= .trunk && d.profile.roadClass <= .trunk
    return isLarge || a.profile.isRamp || d.profile.isRamp
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

  /// The way of a movement that goes round a ring inside the junction: the kerb lane keeps to the
  /// outer lane of the ring, the others to the inner ones.
  private static func roundTheRing(
    _ m: Movement, _ ends: (Point2, Point2), beside: Int, _ draft: JunctionDraft,
    _ graph: RoadGraph
  ) -> (points: [Point2], part: RingPart?)? {
    guard let ring = draft.ring else { return nil }
    let steps = m.path.filter { graph.pieces[Int($0 >> 1)].profile.isRoundabout }
    guard let first = steps.first, let last = steps.last else { return nil }
    let a = draft.approaches[m.approach]
    let d = draft.departures[m.departure]
    let found = ring.connect(
      ends.0, a.endHeading, ends.1, d.startHeading, lane: min(beside, ring.lanes.count - 1),
      from: graph.pieces[Int(first >> 1)].from,
      to: graph.pieces[Int(last >> 1)].to)
    return found.map { ($0.points, $0.part) }
  }

  /// A turning lane of its own keeps to the line that the source gives it: two arcs that meet in
  /// its middle.
  private static func alongSlip(
    _ m: Movement, _ ends: (Point2, Point2), _ draft: JunctionDraft, _ graph: RoadGraph
  ) -> (points: [Point2], radius: Double)? {
    var line: [Point2] = []
    for step in m.path {
      let points = graph.pieces[Int(step >> 1)].points
      for p in step & 1 == 0 ? points : points.reversed() where line.last != p { line.append(p) }
    }
    let length = Polyline.length(line)
    guard length > 5 else { return nil }
    let middle = Polyline.locate(line, at: length / 2)
    let a = draft.approaches[m.approach]
    let d = draft.departures[m.departure]
    let first = curve(ends.0, a.endHeading, middle.point, middle.direction)
    let second = curve(middle.point, middle.direction, ends.1, d.startHeading)
    let radius = min(
      radius(first, a.endHeading, middle.direction),
      Self.radius(second, middle.direction, d.startHeading))
    return (sound(first + second), radius)
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
