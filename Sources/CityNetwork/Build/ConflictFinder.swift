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
    let connectors = draft.connectors
    for b in connectors.indices.dropFirst() {
      for a in 0..<b {
        if let conflict = conflict(a, b, connectors) { draft.conflicts.append(conflict) }
      }
    }
  }

  private static func conflict(_ a: Int, _ b: Int, _ all: [DraftConnector]) -> DraftConflict? {
    let ca = all[a]
    let cb = all[b]
    guard ca.box.expanded(by: clearance).intersects(cb.box) else { return nil }
    let sameFrom = ca.approach == cb.approach && ca.fromLane == cb.fromLane
    let sameTo = ca.departure == cb.departure && ca.toLane == cb.toLane
    if !sameFrom && !sameTo && runSideBySide(ca, cb) { return nil }
    guard var onA = area(ca.points, near: cb.points), var onB = area(cb.points, near: ca.points)
    else { return nil }
    if sameFrom {
      onA.entry = 0
      onB.entry = 0
    }
    if sameTo {
      onA.exit = ca.length
      onB.exit = cb.length
    }
    return DraftConflict(
      a: a, b: b, entryA: max(0, onA.entry - margin), exitA: min(ca.length, onA.exit + margin),
      entryB: max(0, onB.entry - margin), exitB: min(cb.length, onB.exit + margin),
      kind: sameTo ? DraftConflict.merge : sameFrom ? DraftConflict.diverge : DraftConflict.crossing
    )
  }

  /// Connectors that keep their order from lane to lane, be it along one movement, at a fork or
  /// where roads run together, never leave their own side: where they come near, that is the
  /// source's centrelines lying closer than the lanes do. Only those who share a lane of a small
  /// roundabout do meet.
  private static func runSideBySide(_ a: DraftConnector, _ b: DraftConnector) -> Bool {
    if a.ringLane >= 0 && a.ringLane == b.ringLane { return false }
    if a.movement == b.movement { return (a.fromLane < b.fromLane) == (a.toLane < b.toLane) }
    // Lanes go to movements in order, from the kerb to the middle.
    if a.approach == b.approach { return true }
    if a.departure == b.departure && a.turn == .through && b.turn == .through {
      return (a.side < b.side) == (a.toLane < b.toLane)
    }
    return false
  }

  /// The stretch of a line that lies near another, from its first to its last such place.
  private static func area(_ line: [Point2], near other: [Point2]) -> (entry: Double, exit: Double)?
  {
    var entry = Double.infinity
    var exit = -Double.infinity
    var run = 0.0
    for i in 1..<line.count {
      let a = line[i - 1]
      let b = line[i]
      let length = a.distance(to: b)
      let low = Point2(min(a.x, b.x) - clearance, min(a.y, b.y) - clearance)
      let high = Point2(max(a.x, b.x) + clearance, max(a.y, b.y) + clearance)
      for j in 1..<other.count {
        let c = other[j - 1]
        let d = other[j]
        if max(c.x, d.x) < low.x || min(c.x, d.x) > high.x { continue }
        if max(c.y, d.y) < low.y || min(c.y, d.y) > high.y { continue }
        if let r = Nearness.stretch(a, b, near: c, d, radius: clearance) {
          entry = min(entry, run + length * r.lowerBound)
          exit = max(exit, run + length * r.upperBound)
        }
      }
      run += length
    }
    return entry <= exit ? (entry, exit) : nil
  }
}
