import CityBase

/// Step six: where the connectors of a junction come too close for two vehicles.
///
/// An area runs from where the centrelines come nearer than a vehicle's width and a margin, to
/// where they part again, measured along each of the two and widened a little.
enum ConflictFinder {
  /// Metres between centrelines: 1.8 m of car and half a metre of room.
  static let clearance = 2.3
  /// Metres added before and after an area, for the corners of a turning vehicle.
  static let margin = 0.5

  static func find(_ draft: inout JunctionDraft) {
    var found: [DraftConflict] = []
    let lines = ConnectorLines(draft.connectors)
    draft.connectors.withUnsafeBufferPointer { connectors in
      for b in connectors.indices.dropFirst() {
        let near = lines.boxes[b].expanded(by: clearance)
        for a in 0..<b where near.intersects(lines.boxes[a]) {
          if let kind = kind(connectors, a, b),
            let conflict = conflict(a, b, kind, lines, connectors[a].length, connectors[b].length)
          {
            found.append(conflict)
          }
        }
      }
    }
    draft.conflicts = found
  }

  /// What two connectors would have between them; nil where they keep apart by construction.
  private static func kind(_ all: UnsafeBufferPointer<DraftConnector>, _ a: Int, _ b: Int)
    -> UInt8?
  {
    let isMerge = all[a].departure == all[b].departure && all[a].toLane == all[b].toLane
    if isMerge { return DraftConflict.merge }
    let isDiverge = all[a].approach == all[b].approach && all[a].fromLane == all[b].fromLane
    if isDiverge { return DraftConflict.diverge }
    return runSideBySide(all, a, b) ? nil : DraftConflict.crossing
  }

  /// Connectors that keep their order from lane to lane, be it along one movement, at a fork or
  /// where roads run together, never leave their own side: where they come near, that is the
  /// source's centrelines lying closer than the lanes do. Only those who share a lane of a small
  /// roundabout do meet.
  private static func runSideBySide(
    _ all: UnsafeBufferPointer<DraftConnector>, _ a: Int, _ b: Int
  ) -> Bool {
    if all[a].ringLane >= 0 && all[a].ringLane == all[b].ringLane { return false }
    let isToTheRight = all[a].toLane < all[b].toLane
    if all[a].movement == all[b].movement {
      return (all[a].fromLane < all[b].fromLane) == isToTheRight
    }
    // Lanes go to movements in order, from the kerb to the middle.
    if all[a].approach == all[b].approach { return true }
    guard all[a].departure == all[b].departure, all[a].turn == .through, all[b].turn == .through
    else { return false }
    return (all[a].side < all[b].side) == isToTheRight
  }

  private static func conflict(
    _ a: Int, _ b: Int, _ kind: UInt8, _ lines: ConnectorLines, _ lengthA: Double,
    _ lengthB: Double
  ) -> DraftConflict? {
    guard var onA = lines.area(of: a, near: b), var onB = lines.area(of: b, near: a) else {
      return nil
    }
    if kind == DraftConflict.diverge {
      onA.entry = 0
      onB.entry = 0
    } else if kind == DraftConflict.merge {
      onA.exit = lengthA
      onB.exit = lengthB
    }
    return DraftConflict(
      a: a, b: b, entryA: max(0, onA.entry - margin), exitA: min(lengthA, onA.exit + margin),
      entryB: max(0, onB.entry - margin), exitB: min(lengthB, onB.exit + margin), kind: kind)
  }
}

/// The lines of a junction's connectors in one array, with what the search for near places asks
/// for again and again.
private struct ConnectorLines {
  struct Segment {
    var start: Point2
    var end: Point2
    /// Metres from the start of the line, and of the segment itself.
    var run: Double
    var length: Double
    var low: Point2
    var high: Point2
  }

  private var segments: [Segment] = []
  /// Segments of line i are [i] ..< [i + 1].
  private var first: [Int] = [0]
  private(set) var boxes: [Box2] = []

  init(_ connectors: [DraftConnector]) {
    segments.reserveCapacity(connectors.count * 5)
    for c in connectors {
      var run = 0.0
      for i in 1..<c.points.count {
        let a = c.points[i - 1]
        let b = c.points[i]
        let length = a.distance(to: b)
        segments.append(
          Segment(
            start: a, end: b, run: run, length: length,
            low: Point2(min(a.x, b.x), min(a.y, b.y)),
            high: Point2(max(a.x, b.x), max(a.y, b.y))))
        run += length
      }
      first.append(segments.count)
      boxes.append(c.box)
    }
  }

  /// The stretch of a line that lies near another, from its first to its last such place.
  func area(of line: Int, near other: Int) -> (entry: Double, exit: Double)? {
    segments.withUnsafeBufferPointer { s in
      let own = first[line]..<first[line + 1]
      let others = first[other]..<first[other + 1]
      let box = boxes[other].expanded(by: ConflictFinder.clearance)
      for i in own {
        guard let near = Self.near(s[i], box, others, s) else { continue }
        // From the end backwards; what lies between does not matter.
        for k in own.reversed() where k > i {
          if let last = Self.near(s[k], box, others, s) { return (near.low, last.high) }
        }
        return (near.low, near.high)
      }
      return nil
    }
  }

  @inline(__always)
  private static func near(
    _ a: Segment, _ box: Box2, _ others: Range<Int>, _ s: UnsafeBufferPointer<Segment>
  ) -> (low: Double, high: Double)? {
    if a.low.x > box.max.x || a.high.x < box.min.x { return nil }
    if a.low.y > box.max.y || a.high.y < box.min.y { return nil }
    let d = ConflictFinder.clearance
    var low = Double.infinity
    var high = -Double.infinity
    for j in others {
      let b = s[j]
      if b.low.x > a.high.x + d || b.high.x < a.low.x - d { continue }
      if b.low.y > a.high.y + d || b.high.y < a.low.y - d { continue }
      if let r = Nearness.stretch(a.start, a.end, near: b.start, b.end, radius: d) {
        low = min(low, r.lowerBound)
        high = max(high, r.upperBound)
      }
    }
    return low <= high ? (a.run + a.length * low, a.run + a.length * high) : nil
  }
}
