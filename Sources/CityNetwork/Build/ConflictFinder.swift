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
    let ring = draft.ring
    let draft0 = draft
    draft.connectors.withUnsafeBufferPointer { connectors in
      for b in connectors.indices.dropFirst() {
        let near = lines.boxes[b].expanded(by: clearance)
        for a in 0..<b where near.intersects(lines.boxes[a]) {
          if let ring, connectors[a].ring != nil, connectors[b].ring != nil {
            found += RingConflicts(a, b, connectors, lines, ring).found
          } else if let kind = kind(connectors, a, b, draft0),
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
  private static func kind(
    _ all: UnsafeBufferPointer<DraftConnector>, _ a: Int, _ b: Int, _ draft: JunctionDraft
  ) -> UInt8? {
    let isMerge = all[a].departure == all[b].departure && all[a].toLane == all[b].toLane
    if isMerge { return ConflictKind.merge }
    let isDiverge = all[a].approach == all[b].approach && all[a].fromLane == all[b].fromLane
    if isDiverge { return ConflictKind.diverge }
    return runSideBySide(all, a, b, draft) ? nil : ConflictKind.crossing
  }

  /// Connectors that keep their order from lane to lane, be it along one movement, at a fork or
  /// where roads run together, never leave their own side: where they come near, that is the
  /// source's centrelines lying closer than the lanes do.
  private static func runSideBySide(
    _ all: UnsafeBufferPointer<DraftConnector>, _ a: Int, _ b: Int, _ draft: JunctionDraft
  ) -> Bool {
    if all[a].approach == all[b].approach, BusLaneConnectors.cross(all[a], all[b]) { return false }
    let isToTheRight = all[a].toLane < all[b].toLane
    if all[a].movement == all[b].movement {
      return (all[a].fromLane < all[b].fromLane) == isToTheRight
    }
    // Lanes go to movements in order, from the kerb to the middle.
    if all[a].approach == all[b].approach { return true }
    if all[a].turn == .through, all[b].turn == .through, keepApart(all[a], all[b], draft) {
      return true
    }
    guard all[a].departure == all[b].departure, all[a].turn == .through, all[b].turn == .through
    else { return false }
    return (all[a].side < all[b].side) == isToTheRight
  }

  /// Opposite directions of one road, each on its own side: neither's end lies on the far side of
  /// the other's start.
  private static func keepApart(
    _ a: DraftConnector, _ b: DraftConnector, _ draft: JunctionDraft
  ) -> Bool {
    let headingA = draft.approaches[a.approach].heading
    let headingB = draft.approaches[b.approach].heading
    guard headingA.dot(headingB) < -0.7 else { return false }
    func isOneRoad(_ approach: Int, _ departure: Int) -> Bool {
      let from = draft.approaches[approach]
      let to = draft.departures[departure]
      // Two directions of one piece, or the two sides of a divided road.
      return from.piece == to.piece
        || from.profile.isOneWay && to.profile.isOneWay
          && from.profile.roadClass == to.profile.roadClass
          && from.heading.dot(to.heading) < -JunctionArms.dividedCosine
    }
    return isOneRoad(a.approach, b.departure) && isOneRoad(b.approach, a.departure)
  }

  private static func conflict(
    _ a: Int, _ b: Int, _ kind: UInt8, _ lines: ConnectorLines, _ lengthA: Double,
    _ lengthB: Double
  ) -> DraftConflict? {
    guard var onA = lines.area(of: a, near: b), var onB = lines.area(of: b, near: a) else {
      return nil
    }
    if kind == ConflictKind.diverge {
      onA.entry = 0
      onB.entry = 0
    } else if kind == ConflictKind.merge {
      onA.exit = lengthA
      onB.exit = lengthB
    }
    return DraftConflict(
      a: a, b: b, entryA: max(0, onA.entry - margin), exitA: min(lengthA, onA.exit + margin),
      entryB: max(0, onB.entry - margin), exitB: min(lengthB, onB.exit + margin), kind: kind)
  }
}
