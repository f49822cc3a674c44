import CityBase

/// The ring of a roundabout that lies inside one junction: a closed line for each of its lanes.
struct RingLine {
  /// Corners of each lane, the outer one (0) first, in the direction of travel.
  private(set) var lanes: [[Point2]] = []
  /// Metres along each lane from its first corner to each corner, and round to the first again.
  private(set) var runs: [[Double]] = []
  /// The corner at which each node lies.
  private var cornerOfNode: [Int32: Int] = [:]
  /// Half of the longer side of its box, in metres.
  private(set) var radius = 0.0

  /// Metres from an arm's node to where its lanes run into the ring or out of it.
  static let joinReach = 6.0

  /// Nil where the pieces inside a junction do not make one closed ring.
  init?(_ inside: ArraySlice<Int32>, _ graph: RoadGraph) {
    let pieces = inside.map { graph.pieces[Int($0)] }.filter(\.profile.isRoundabout)
    guard let first = pieces.first,
      pieces.allSatisfy({ $0.profile.forward > 0 && $0.profile.backward == 0 })
    else {
      return nil
    }
    var corners: [Point2] = []
    var node = first.from
    var used = 0
    repeat {
      let following = pieces.filter { $0.from == node }
      guard following.count == 1, let piece = following.first, used < pieces.count else {
        return nil
      }
      cornerOfNode[node] = corners.count
      corners += piece.points.dropLast()
      node = piece.to
      used += 1
    } while node != first.from
    guard used == pieces.count, corners.count > 2 else { return nil }
    let box = Box2(corners)
    radius = max(box.width, box.height) / 2
    let count = pieces.map { Int($0.profile.forward) }.min() ?? 1
    for lane in 0..<count {
      let left = laneOffset(lane, of: count, width: first.profile.laneWidth)
      let line = Self.offset(corners, left: left)
      var run = [0.0]
      for i in line.indices {
        run.append(run[i] + line[i].distance(to: line[(i + 1) % line.count]))
      }
      guard let length = run.last, length > 1 else { return nil }
      lanes.append(line)
      runs.append(run)
    }
  }

  /// A closed line moved to the left, its corners rounded to millimetres.
  private static func offset(_ line: [Point2], left: Double) -> [Point2] {
    line.indices.map { i in
      let before = (line[i] - line[(i + line.count - 1) % line.count]).normalized
      let after = (line[(i + 1) % line.count] - line[i]).normalized
      let middle = (before + after).normalized
      // A sharp corner moves out further than the line, but not without bound.
      let stretch = 1 / max(0.5, middle.dot(after))
      return (line[i] + middle.leftNormal * (left * stretch)).roundedToMillimetre
    }
  }

  func length(_ lane: Int) -> Double { runs[lane][lanes[lane].count] }

  /// Metres along a lane to where a node lies.
  func place(of node: Int32, _ lane: Int) -> Double? {
    cornerOfNode[node].map { runs[lane][$0] }
  }

  /// The point at a distance along a lane, and the direction of travel there.
  func locate(_ lane: Int, at distance: Double) -> (point: Point2, direction: Point2) {
    let line = lanes[lane]
    let s = wrapped(distance, lane)
    var i = 0
    while i + 1 < line.count && runs[lane][i + 1] <= s { i += 1 }
    let direction = (line[(i + 1) % line.count] - line[i]).normalized
    return ((line[i] + direction * (s - runs[lane][i])).roundedToMillimetre, direction)
  }

  /// The corners of a lane strictly between two distances, the second beyond the first.
  func corners(_ lane: Int, from start: Double, to end: Double) -> [Point2] {
    let whole = length(lane)
    var found: [(Double, Point2)] = []
    for (i, p) in lanes[lane].enumerated() {
      var s = runs[lane][i]
      while s <= start + 0.01 { s += whole }
      if s < end - 0.01 { found.append((s, p)) }
    }
    return found.sorted { $0.0 < $1.0 }.map(\.1)
  }

  func wrapped(_ distance: Double, _ lane: Int) -> Double {
    let whole = length(lane)
    let s = distance.truncatingRemainder(dividingBy: whole)
    return s < 0 ? s + whole : s
  }
}

/// The part of a connector that follows a lane of the ring.
struct RingPart {
  var lane: Int
  /// Metres along the ring's lane where it joins, from 0 to the whole length.
  var start: Double
  /// Metres driven along the ring's lane.
  var length: Double
  /// Metres along the connector where it joins and leaves the ring, and the points there.
  var joinAt: Double
  var leaveAt: Double
  var joinPoint: Int
  var leavePoint: Int
}

extension RingLine {
  /// The line of a connector into the ring at one node, along a lane of it, and out at another; nil
  /// where there is hardly any ring between the two.
  func connect(
    _ start: Point2, _ startHeading: Point2, _ end: Point2, _ endHeading: Point2, lane: Int,
    from entry: Int32, to exit: Int32
  ) -> (points: [Point2], part: RingPart)? {
    guard let a = place(of: entry, lane), let b = place(of: exit, lane) else { return nil }
    var arc = b - a
    while arc <= 0.01 { arc += length(lane) }
    let reach = min(Self.joinReach, (arc - 1) / 2)
    guard reach > 1 else { return nil }
    let joinRun = a + reach
    let leaveRun = a + arc - reach
    let join = locate(lane, at: joinRun)
    let leave = locate(lane, at: leaveRun)
    var points: [Point2] = []
    func add(_ p: Point2) {
      let q = p.roundedToMillimetre
      if points.last != q { points.append(q) }
    }
    for p in ConnectorGeometry.curve(start, startHeading, join.point, join.direction) { add(p) }
    add(join.point)
    let joinPoint = points.count - 1
    for p in corners(lane, from: joinRun, to: leaveRun) { add(p) }
    add(leave.point)
    let leavePoint = points.count - 1
    for p in ConnectorGeometry.curve(leave.point, leave.direction, end, endHeading) { add(p) }
    return (
      points,
      RingPart(
        lane: lane, start: wrapped(joinRun, lane), length: leaveRun - joinRun,
        joinAt: Polyline.length(Array(points[...joinPoint])),
        leaveAt: Polyline.length(Array(points[...leavePoint])),
        joinPoint: joinPoint, leavePoint: leavePoint)
    )
  }
}
