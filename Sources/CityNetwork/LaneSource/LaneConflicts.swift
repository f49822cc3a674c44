import CityBase

/// Where the connectors of one junction of a lane source are in each other's way, and who yields.
///
/// Who meets whom is the source's word; where on their ways is found from the lines, as for
/// networks that are built here. Connectors from one lane or into one lane share its end whatever
/// the source says, and lines that truly cross are in each other's way even where it is silent.
struct LaneConflicts {
  /// Metres between centrelines below which two ways cross, although the source does not say so:
  /// less than half of a narrow car.
  static let crossing = 0.5

  /// Pairs by their position in `members`, `a` after `b`.
  private(set) var found: [DraftConflict] = []

  /// `yields` has, by pair of positions in `members` (the greater one first), 1 where the first
  /// yields, -1 where the second does, 0 where neither does.
  init(_ source: LaneSource, members: [Int], yields: [LanePair: Int8]) {
    let all = members.map { source.connectors[$0] }
    let lines = ConnectorLines(lines: all.map(\.points))
    let scales = all.map { c in
      let drawn = Polyline.length(c.points)
      return drawn > 0 ? Self.length(c) / drawn : 1
    }
    for b in all.indices {
      let near = lines.boxes[b].expanded(by: ConflictFinder.clearance)
      for a in 0..<b {
        let isNear = near.intersects(lines.boxes[a])
        guard isNear || all[a].fromLink == all[b].fromLink || all[a].toLink == all[b].toLink else {
          continue
        }
        let known = yields[LanePair(b, a)]
        guard let kind = Self.kind(all[b], all[a], isKnown: known != nil) else { continue }
        var areas: (b: Area, a: Area)?
        if isNear,
          kind != ConflictKind.crossing || known != nil || lines.cross(b, a, within: Self.crossing),
          let onB = lines.area(of: b, near: a), let onA = lines.area(of: a, near: b)
        {
          areas = (onB, onA)
        }
        // A lane's end is shared, wherever the lines are drawn.
        if areas == nil && kind == ConflictKind.merge { areas = ((.infinity, 0), (.infinity, 0)) }
        if areas == nil && kind == ConflictKind.diverge { areas = ((0, 0), (0, 0)) }
        guard let areas else { continue }
        found.append(
          Self.conflict(
            b, a, kind, areas.b, areas.a, scales, Self.length(all[b]), Self.length(all[a]),
            yields: Int(known ?? 0)))
      }
    }
  }

  private typealias Area = (entry: Double, exit: Double)

  /// Metres, never less than the network allows.
  static func length(_ c: LaneSource.Connector) -> Double { max(0.1, c.length) }

  /// How two connectors could meet; nil where they keep apart by construction.
  private static func kind(
    _ a: LaneSource.Connector, _ b: LaneSource.Connector, isKnown: Bool
  ) -> UInt8? {
    if a.toLink == b.toLink && a.toLane == b.toLane { return ConflictKind.merge }
    if a.fromLink == b.fromLink {
      if a.fromLane == b.fromLane { return ConflictKind.diverge }
      // Neighbours that keep their order never leave their own side.
      if !isKnown && a.toLink == b.toLink && (a.fromLane < b.fromLane) == (a.toLane < b.toLane) {
        return nil
      }
    }
    return ConflictKind.crossing
  }

  private static func conflict(
    _ a: Int, _ b: Int, _ kind: UInt8, _ lineA: Area, _ lineB: Area, _ scales: [Double],
    _ lengthA: Double, _ lengthB: Double, yields: Int
  ) -> DraftConflict {
    func area(_ line: Area, _ scale: Double, _ length: Double) -> Area {
      let exit = kind == ConflictKind.merge ? length : line.exit * scale + ConflictFinder.margin
      let entry = kind == ConflictKind.diverge ? 0 : min(length, line.entry * scale)
      return (max(0, entry - ConflictFinder.margin), min(length, max(0, exit)))
    }
    let onA = area(lineA, scales[a], lengthA)
    let onB = area(lineB, scales[b], lengthB)
    return DraftConflict(
      a: a, b: b, entryA: onA.entry, exitA: max(onA.entry, onA.exit), entryB: onB.entry,
      exitB: max(onB.entry, onB.exit), kind: kind, yields: yields)
  }
}

/// A pair of positions.
struct LanePair: Hashable {
  var first: Int
  var second: Int
  init(_ first: Int, _ second: Int) {
    self.first = first
    self.second = second
  }
}
