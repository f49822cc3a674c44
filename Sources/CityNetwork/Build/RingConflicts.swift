import CityBase

/// What two connectors round one roundabout have between them.
///
/// Those on one lane of the ring share it from where the second joins to where the first leaves,
/// perhaps twice; there they follow each other. Others only cross each other's ways in and out.
struct RingConflicts {
  private(set) var found: [DraftConflict] = []
  private let a: Int
  private let b: Int
  private let one: DraftConnector
  private let other: DraftConnector
  private let lines: ConnectorLines

  /// Metres of a way in or out between two looks at how near the other line is.
  private static let stride = 0.5

  init(
    _ a: Int, _ b: Int, _ all: UnsafeBufferPointer<DraftConnector>, _ lines: ConnectorLines,
    _ ring: RingLine
  ) {
    self.a = a
    self.b = b
    one = all[a]
    other = all[b]
    self.lines = lines
    guard let partA = one.ring, let partB = other.ring else { return }
    if partA.lane == partB.lane { share(partA, partB, whole: ring.length(partA.lane)) }
    cross(partA, partB)
  }

  private var startTogether: Bool {
    one.approach == other.approach && one.fromLane == other.fromLane
  }
  private var endTogether: Bool {
    one.departure == other.departure && one.toLane == other.toLane
  }

  // MARK: - On one lane

  private mutating func share(_ partA: RingPart, _ partB: RingPart, whole: Double) {
    for turns in -1...1 {
      let startB = partB.start + Double(turns) * whole
      let low = max(partA.start, startB)
      let high = min(partA.start + partA.length, startB + partB.length)
      guard high > low else { continue }
      // The same two places along either connector.
      let lowA = partA.joinAt + low - partA.start
      let lowB = partB.joinAt + low - startB
      let highA = lowA + high - low
      let highB = lowB + high - low
      let before = reach(
        from: lowA, lowB, back: true, isA: low <= partA.start, isB: low <= startB)
      let beyond = min(
        reach(
          from: highA, highB, back: false, isA: high >= partA.start + partA.length,
          isB: high >= startB + partB.length),
        one.length - highA, other.length - highB)
      let isDiverge = startTogether && low <= partA.start && low <= startB
      let isMerge =
        endTogether && high >= partA.start + partA.length && high >= startB + partB.length
      found.append(
        DraftConflict(
          a: a, b: b, entryA: isDiverge ? 0 : max(0, lowA - before),
          exitA: isMerge ? one.length : highA + beyond,
          entryB: isDiverge ? 0 : max(0, lowB - before),
          exitB: isMerge ? other.length : highB + beyond,
          kind: isMerge
            ? ConflictKind.merge : isDiverge ? ConflictKind.diverge : ConflictKind.shared))
    }
  }

  /// For how many metres before or beyond a common place the ways of those who join or leave there
  /// are still near the other line.
  private func reach(from atA: Double, _ atB: Double, back: Bool, isA: Bool, isB: Bool) -> Double {
    let step = back ? -Self.stride : Self.stride
    func reach(_ line: Int, _ start: Double, _ length: Double, near other: Int) -> Double {
      var at = start
      while at > 0 && at < length,
        lines.distance(from: lines.point(of: line, at: at), to: other) < ConflictFinder.clearance
      {
        at += step
      }
      return abs(at - start)
    }
    return max(
      isA ? reach(a, atA, one.length, near: b) : 0, isB ? reach(b, atB, other.length, near: a) : 0)
      + ConflictFinder.margin
  }

  // MARK: - In and out

  private mutating func cross(_ partA: RingPart, _ partB: RingPart) {
    let sameLane = partA.lane == partB.lane
    for (i, piece) in Self.pieces(one, partA).enumerated() {
      for (k, otherPiece) in Self.pieces(other, partB).enumerated() {
        // Ring beside ring never meets; on one lane only those who leave meet those who join.
        if i == 1 && k == 1 || sameLane && (i == 1 || k == 1 || i == k) { continue }
        if i == 0 && k == 0 && one.approach == other.approach { continue }
        let isMerge = i == 2 && k == 2 && endTogether
        if i == 2 && k == 2 && one.departure == other.departure && !isMerge
          && (partA.lane < partB.lane) == (one.toLane < other.toLane)
        {
          continue
        }
        add(piece, otherPiece, isMerge: isMerge)
      }
    }
  }

  /// The segments in, along and out of the ring.
  private static func pieces(_ c: DraftConnector, _ part: RingPart) -> [Range<Int>] {
    [0..<part.joinPoint, part.joinPoint..<part.leavePoint, part.leavePoint..<c.points.count - 1]
  }

  private mutating func add(_ piece: Range<Int>, _ otherPiece: Range<Int>, isMerge: Bool) {
    guard let onA = lines.area(of: a, piece, near: b, otherPiece),
      let onB = lines.area(of: b, otherPiece, near: a, piece)
    else { return }
    let margin = ConflictFinder.margin
    let new = DraftConflict(
      a: a, b: b, entryA: max(0, onA.entry - margin),
      exitA: isMerge ? one.length : min(one.length, onA.exit + margin),
      entryB: max(0, onB.entry - margin),
      exitB: isMerge ? other.length : min(other.length, onB.exit + margin),
      kind: isMerge ? ConflictKind.merge : ConflictKind.crossing)
    // What lies within a stretch they share needs no words of its own.
    let isCovered = found.contains {
      $0.entryA <= new.entryA && $0.exitA >= new.exitA && $0.entryB <= new.entryB
        && $0.exitB >= new.exitB
    }
    if !isCovered { found.append(new) }
  }
}
