import CityBase

/// Step five, second half: which lanes of an approach serve which movement, and where they end.
///
/// Lanes and movements are both taken from the kerb to the middle of the road, and lanes go to
/// movements in that order, so that movements of one approach never cross each other.
enum LaneAssignment {
  static func assign(_ draft: inout JunctionDraft) {
    for a in draft.approaches.indices {
      let order = draft.movements.indices.filter { draft.movements[$0].approach == a }
        .sorted { key($0, draft) < key($1, draft) }
      guard !order.isEmpty else { continue }
      let n = draft.approaches[a].lanes
      let options = order.map {
        Option(
          turn: draft.movements[$0].turn,
          lanes: draft.departures[draft.movements[$0].departure].lanes)
      }
      let marked = LaneArrows.lanes(draft.approaches[a], order.map { draft.movements[$0] }, draft)
      for (m, range) in zip(order, marked ?? leavingLanes(n, options)) {
        draft.movements[m].fromLanes = range
      }
    }
    for d in draft.departures.indices { receive(d, &draft) }
  }

  struct Option {
    var turn: Turn
    /// Lanes of the departure.
    var lanes: Int
  }

  /// Rises from the sharpest right turn to turning round on the left.
  private static func key(_ movement: Int, _ draft: JunctionDraft) -> (Double, Int) {
    let m = draft.movements[movement]
    if m.turn == .uTurn { return (3, m.departure) }
    if let share = m.ringShare { return (share, m.departure) }
    return (bend(m, draft), m.departure)
  }

  /// Metres beyond the junction that tell where a road leads which goes straight on.
  private static let lookAhead = 30.0

  /// How much a movement bends: 1 less the cosine of its angle, negative to the right. Ramps leave
  /// alongside the road they part from; of ways straight on, where they are a little later tells more
  /// than how they point.
  static func bend(_ m: Movement, _ draft: JunctionDraft) -> Double {
    let a = draft.approaches[m.approach]
    let d = draft.departures[m.departure]
    func middle(_ lanes: [Point2]) -> Point2 { lanes[0].lerp(to: lanes[lanes.count - 1], 0.5) }
    var most = 2.0
    var heading = d.heading
    if m.turn == .through, !a.laneEnds.isEmpty, !d.laneStarts.isEmpty {
      let way = middle(d.laneStarts) + d.heading * lookAhead - middle(a.laneEnds)
      if way.dot(a.heading) > 0 { heading = way.normalized }
      most = 1 - TurnFinder.throughCosine
    }
    let size = min(most, 1 - max(-1, min(1, a.heading.dot(heading))))
    return a.heading.cross(heading) >= 0 ? size : -size
  }

  /// The lanes of an approach with `n` lanes that serve each option (from the right to the left).
  static func leavingLanes(_ n: Int, _ options: [Option]) -> [ClosedRange<Int>] {
    let right = options.prefix { $0.turn == .right }
    let left = options.suffix(
      from: options.firstIndex { $0.turn == .left || $0.turn == .uTurn } ?? options.count)
    let through = options[right.endIndex..<left.startIndex]
    let split = Split(
      lanes: n, right: right.map(\.lanes), through: through.map(\.lanes), left: left.map(\.lanes))
    return spread(split.right, right.map(\.lanes)) + spread(split.through, through.map(\.lanes))
      + spread(split.left, left.map(\.lanes))
  }

  /// Shares a range of lanes among options side by side: those who have room for several lanes
  /// get them, from the outside in; every lane serves someone.
  static func spread(_ range: ClosedRange<Int>, _ room: [Int]) -> [ClosedRange<Int>] {
    let n = range.count
    let k = room.count
    guard k > 1 else { return Array(repeating: range, count: k) }
    let low = range.lowerBound
    let sizes = room.map { min(max(1, $0), n) }
    if sizes.reduce(0, +) < n || n == 1 {
      return (0..<k).map { i in
        let start = min(n - 1, i * n / k)
        return (low + start)...(low + max(start, (i + 1) * n / k - 1))
      }
    }
    var covered = low
    return (0..<k).map { i in
      var start = low + (n - sizes[i]) * i / (k - 1)
      // No gap may open between neighbours.
      start = min(start, covered)
      let end = i == k - 1 ? range.upperBound : start + sizes[i] - 1
      covered = end + 1
      return min(start, range.upperBound)...min(end, range.upperBound)
    }
  }

  /// How an approach's lanes are shared between turning right, going through and turning left.
  private struct Split {
    var right = 0...0
    var through = 0...0
    var left = 0...0

    init(lanes n: Int, right r: [Int], through t: [Int], left l: [Int]) {
      right = 0...(n - 1)
      through = right
      left = right
      if t.isEmpty {
        guard !r.isEmpty, !l.isEmpty, n > 1 else { return }
        // Half each; the middle lane of an odd number serves both if both can take it.
        let half = (n + 1) / 2
        let nr = min(half, max(1, r.reduce(0, +)))
        let nl = min(half, max(1, l.reduce(0, +)))
        right = 0...(max(nr, n - nl) - 1)
        left = (n - max(nl, n - right.count))...(n - 1)
        return
      }
      guard n > 1 else { return }
      let room = t.reduce(0, +)
      // Lanes given to turning alone; from three lanes on the left turn has its own.
      var ownLeft = l.isEmpty || n < 3 ? 0 : n >= 6 && l.reduce(0, +) > 1 ? 2 : 1
      var ownRight = r.isEmpty || n < 5 ? 0 : 1
      // Lanes that find no room beyond the junction are turning lanes, left ones first.
      if !l.isEmpty && ownLeft == 0 && n - ownRight > room { ownLeft = 1 }
      if !r.isEmpty && ownRight == 0 && n - ownLeft > max(room, 1) { ownRight = 1 }
      right = 0...max(0, ownRight - 1)
      left = (n - max(1, ownLeft))...(n - 1)
      through = ownRight...(n - 1 - ownLeft)
    }
  }

  /// Gives the movements that end in a departure their lanes there.
  private static func receive(_ d: Int, _ draft: inout JunctionDraft) {
    let departure = draft.departures[d]
    let m = departure.lanes
    var through: [(side: Double, index: Int)] = []
    for (i, movement) in draft.movements.enumerated() where movement.departure == d {
      let c = min(movement.fromLanes.count, m)
      switch movement.turn {
      case .right: draft.movements[i].toLanes = 0...(c - 1)
      case .left, .uTurn: draft.movements[i].toLanes = (m - c)...(m - 1)
      case .through:
        let ends = draft.approaches[movement.approach].laneEnds
        let middle = ends[0].lerp(to: ends[ends.count - 1], 0.5)
        let start = departure.laneStarts[0].lerp(to: departure.laneStarts[m - 1], 0.5)
        draft.movements[i].side = departure.startHeading.cross(middle - start)
        through.append((draft.movements[i].side, i))
      }
    }
    // Roads that run together keep their side: the one from the right takes the kerb lanes.
    through.sort { ($0.side, $0.index) < ($1.side, $1.index) }
    let ranges = spread(0...(m - 1), through.map { draft.movements[$0.index].fromLanes.count })
    for (t, range) in zip(through, ranges) { draft.movements[t.index].toLanes = range }
  }

  /// The pairs of lanes a movement joins, from the kerb to the middle.
  static func lanePairs(_ m: Movement, _ draft: JunctionDraft) -> [(from: Int, to: Int)] {
    let a = m.fromLanes
    let d = m.toLanes
    switch m.turn {
    case .right:
      return a.map { ($0, min(d.lowerBound + $0 - a.lowerBound, d.upperBound)) }
    case .left:
      return a.map { ($0, max(d.upperBound - (a.upperBound - $0), d.lowerBound)) }
    case .uTurn:
      // Turning round keeps the order from the middle of the road outwards.
      return a.map { ($0, max(d.upperBound - (a.upperBound - $0), d.lowerBound)) }
    case .through:
      let shift = straightestShift(m, draft)
      var pairs = a.map {
        ($0, min(d.upperBound, max(d.lowerBound, $0 - a.lowerBound + shift + d.lowerBound)))
      }
      guard opensNewLanes(m, draft), let first = pairs.first, let last = pairs.last else {
        return pairs
      }
      // Where a road widens, the new lanes are entered from their neighbours.
      pairs.insert(contentsOf: (d.lowerBound..<first.1).map { (first.0, $0) }, at: 0)
      if last.1 < d.upperBound { pairs += ((last.1 + 1)...d.upperBound).map { (last.0, $0) } }
      return pairs
    }
  }

  /// Whether those who go straight on may at once take lanes that begin beyond: where nobody else
  /// goes there, and onto the turning lanes before the next junction.
  private static func opensNewLanes(_ m: Movement, _ draft: JunctionDraft) -> Bool {
    let others = draft.movements.filter { $0.departure == m.departure }
    if others.count == 1 { return true }
    let departure = draft.departures[m.departure]
    return others.count { $0.turn == .through } == 1 && departure.length < longestBay
      && departure.turns.count == departure.lanes
      && departure.turns.contains { !LaneArrows.goesOn($0) }
  }

  /// Metres; turning lanes that are longer can be reached by changing lanes.
  private static let longestBay = 150.0

  /// By how many lanes the through lanes move over: so that they go on as through lanes where a road
  /// widens and arrows tell, and as straight as they can.
  private static func straightestShift(_ m: Movement, _ draft: JunctionDraft) -> Int {
    let room = m.toLanes.count - m.fromLanes.count
    guard room != 0 else { return 0 }
    let approach = draft.approaches[m.approach]
    if room < 0, let marked = mergingShift(m.fromLanes, room, approach.turns) { return marked }
    let departure = draft.departures[m.departure]
    let starts = departure.laneStarts
    var best = 0
    var most = -1
    var least = Double.infinity
    for shift in min(0, room)...max(0, room) {
      let lane = max(0, -shift)
      let from = approach.laneEnds[m.fromLanes.lowerBound + lane]
      let to = starts[m.toLanes.lowerBound + max(0, shift)]
      let aside = abs(approach.heading.cross(to - from))
      let first = m.toLanes.lowerBound + shift - m.fromLanes.lowerBound
      let alike =
        room < 0
        ? 0
        : m.fromLanes.count { LaneArrows.isSameLane($0, of: approach, $0 + first, of: departure) }
      if alike > most || alike == most && aside < least - 0.01 {
        most = alike
        least = aside
        best = shift
      }
    }
    return best
  }

  /// The shift by which the lanes that end are those whose arrows say so; nil where none does.
  private static func mergingShift(_ lanes: ClosedRange<Int>, _ room: Int, _ turns: [LaneTurns])
    -> Int?
  {
    guard turns.indices.contains(lanes.upperBound) else { return nil }
    let marks = turns[lanes]
    let atKerb = marks.prefix { $0.contains(.mergeToLeft) }.count
    let inTheMiddle = marks.reversed().prefix { $0.contains(.mergeToRight) }.count
    if atKerb > 0 { return max(room, -atKerb) }
    return inTheMiddle > 0 ? min(0, room + inTheMiddle) : nil
  }
}
