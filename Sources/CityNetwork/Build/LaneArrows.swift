import CityBase

extension LaneTurns {
  /// The same marks seen in a mirror.
  var mirrored: LaneTurns {
    let pairs: [(LaneTurns, LaneTurns)] = [
      (.sharpLeft, .sharpRight), (.left, .right), (.slightLeft, .slightRight),
      (.mergeToLeft, .mergeToRight),
    ]
    var out = intersection([.reverse, .through])
    for (a, b) in pairs {
      if contains(a) { out.insert(b) }
      if contains(b) { out.insert(a) }
    }
    return out
  }
}

/// Which lanes of an approach serve which movement, by the arrows painted on them.
enum LaneArrows {
  /// The lanes of each movement, which must come from the right to the left; nil where the arrows
  /// do not fit the movements there are.
  static func lanes(_ approach: Approach, _ movements: [Movement], _ draft: JunctionDraft)
    -> [ClosedRange<Int>]?
  {
    guard approach.turns.count == approach.lanes, approach.lanes > 0,
      approach.turns.contains(where: { !$0.subtracting(.anyMerge).isEmpty })
    else { return nil }
    guard let turns = turnsHere(approach, movements, draft) else { return nil }
    let bearings = movements.map { bearing($0, draft) }
    var serving = [[Int]](repeating: [], count: movements.count)
    for (lane, marks) in turns.enumerated() {
      for arrow in arrows(marks) {
        guard let m = movement(for: arrow, bearings, movements) else { continue }
        if serving[m].last != lane { serving[m].append(lane) }
      }
    }
    partLanesThatGoOn(&serving, approach, movements, draft)
    serveTheRest(&serving, lanes: approach.lanes, movements)
    return ranges(serving, lanes: approach.lanes)
  }

  /// Whether a lane goes straight on, maybe among others; so does one without arrows.
  static func goesOn(_ marks: LaneTurns) -> Bool {
    marks.contains(.through) || marks.isSubset(of: .anyMerge)
  }

  /// Whether a lane beyond a junction may be the one before it going on, by their arrows: both go
  /// straight on, or both are for the same turn. True where there are no arrows beyond.
  static func isSameLane(
    _ lane: Int, of approach: Approach, _ beyond: Int, of departure: Departure
  ) -> Bool {
    guard departure.turns.count == departure.lanes else { return true }
    let there = departure.turns[beyond]
    let here = approach.turns.count == approach.lanes ? approach.turns[lane] : []
    return goesOn(here)
      ? goesOn(there) : !here.intersection(there).isDisjoint(with: [.anyLeft, .anyRight])
  }

  /// The nearest link beyond that arrows may be meant for, in metres; farther over driveways, which
  /// turning lanes run past.
  private static let arrowReach = 60.0
  private static let arrowReachOverDriveways = 150.0

  /// What the arrows say of this very junction: where the road soon leads on to another one, arrows
  /// that are repeated there are meant for that one. Nil where all of them may be.
  private static func turnsHere(
    _ approach: Approach, _ movements: [Movement], _ draft: JunctionDraft
  ) -> [LaneTurns]? {
    let isPast = passesDriveways(approach, movements, draft)
    let through = movements.filter { $0.turn == .through }.map { draft.departures[$0.departure] }
    guard
      let next = through.first(where: {
        $0.length < (isPast ? arrowReachOverDriveways : arrowReach)
          && $0.profile.roadClass == approach.profile.roadClass
          && ($0.lanes == approach.lanes || isPast && $0.turns.count == $0.lanes)
      })
    else { return approach.turns }
    if next.turns.count == next.lanes {
      return approach.turns.indices.map { lane in
        let repeated = marks(of: lane, approach, repeatedIn: next)
        let here = approach.turns[lane]
        return repeated.isEmpty ? here : here.subtracting(repeated).union(.through)
      }
    }
    if next.length >= arrowReach { return approach.turns }
    return next.leadsToSignals && !draft.hasSignals ? nil : approach.turns
  }

  /// Arrows of a lane that it has again beyond: counted from the kerb those towards the kerb, and
  /// from the middle of the road the others.
  private static func marks(of lane: Int, _ approach: Approach, repeatedIn next: Departure)
    -> LaneTurns
  {
    let fromMiddle = next.lanes - approach.lanes + lane
    let atKerb = lane < next.lanes ? next.turns[lane] : []
    let inTheMiddle = fromMiddle >= 0 ? next.turns[fromMiddle] : []
    let there =
      atKerb.intersection(.anyRight).union(inTheMiddle.intersection([.anyLeft, .reverse]))
    return approach.turns[lane].intersection(there)
  }

  /// Whether an approach without signals can turn into driveways and the like only.
  private static func passesDriveways(
    _ approach: Approach, _ movements: [Movement], _ draft: JunctionDraft
  ) -> Bool {
    !draft.hasSignals && approach.profile.roadClass < .residential
      && movements.allSatisfy {
        $0.turn == .through || $0.turn == .uTurn
          || draft.departures[$0.departure].profile.roadClass == .service
      }
  }

  /// Degrees to the left that a movement turns, as its arrow would show it.
  private static func bearing(_ m: Movement, _ draft: JunctionDraft) -> Double {
    if m.turn == .uTurn { return 180 }
    // Monotonic in the angle, and close enough to it to tell arrows apart.
    return 90 * LaneAssignment.bend(m, draft)
  }

  private static let nominal: [(mark: LaneTurns, bearing: Double)] = [
    (.sharpRight, -140), (.right, -90), (.slightRight, -35), (.through, 0), (.slightLeft, 35),
    (.left, 90), (.sharpLeft, 140), (.reverse, 180),
  ]

  /// The single arrows of a lane; one without any goes straight on.
  private static func arrows(_ marks: LaneTurns) -> [(mark: LaneTurns, bearing: Double)] {
    let found = nominal.filter { marks.contains($0.mark) }
    return found.isEmpty ? nominal.filter { $0.mark == .through } : found
  }

  /// The movement that an arrow means: of those on its side of straight on the one that bends most
  /// nearly so.
  private static func movement(
    for arrow: (mark: LaneTurns, bearing: Double), _ bearings: [Double], _ movements: [Movement]
  ) -> Int? {
    let fitting = movements.indices.filter {
      if arrow.mark == .reverse { return movements[$0].turn == .uTurn }
      if movements[$0].turn == .uTurn { return false }
      if arrow.mark == .through { return abs(bearings[$0]) < 60 }
      return arrow.bearing > 0 ? bearings[$0] > -10 : bearings[$0] < 10
    }
    return fitting.min {
      (abs(bearings[$0] - arrow.bearing), $0) < (abs(bearings[$1] - arrow.bearing), $1)
    }
  }

  /// Where a road parts and all its arrows point straight on, they name the way on that bends least,
  /// and mean all: the lanes go to roads of its class side by side.
  private static func partLanesThatGoOn(
    _ serving: inout [[Int]], _ approach: Approach, _ movements: [Movement], _ draft: JunctionDraft
  ) {
    let ways = movements.indices.filter {
      movements[$0].turn == .through
        && draft.departures[movements[$0].departure].profile.roadClass
          == approach.profile.roadClass
    }
    let lanes = ways.flatMap { serving[$0] }.sorted()
    guard let low = lanes.first, let high = lanes.last, low < high,
      ways.contains(where: { serving[$0].isEmpty })
    else { return }
    let room = ways.map { draft.departures[movements[$0].departure].lanes }
    for (way, range) in zip(ways, LaneAssignment.spread(low...high, room)) {
      serving[way] = Array(range)
    }
  }

  /// Movements that no arrow names take the lane at their end of the order, and lanes that serve
  /// nobody go with their neighbour.
  private static func serveTheRest(
    _ serving: inout [[Int]], lanes: Int, _ movements: [Movement]
  ) {
    for m in serving.indices where serving[m].isEmpty {
      let before = serving[..<m].compactMap(\.last).max()
      let after = serving[(m + 1)...].compactMap(\.first).min()
      switch movements[m].turn {
      case .right: serving[m] = [before ?? 0]
      case .left, .uTurn: serving[m] = [after ?? lanes - 1]
      case .through: serving[m] = [after ?? before ?? 0]
      }
    }
    for lane in 0..<lanes where !serving.contains(where: { $0.contains(lane) }) {
      let nearest = serving.indices.min {
        (distance(lane, serving[$0]), $0) < (distance(lane, serving[$1]), $1)
      }
      if let nearest { serving[nearest] = (serving[nearest] + [lane]).sorted() }
    }
  }

  private static func distance(_ lane: Int, _ lanes: [Int]) -> Int {
    lanes.map { abs($0 - lane) }.min() ?? .max
  }

  /// Runs of lanes in the order of the movements, so that none crosses another; nil where the
  /// arrows would have them cross.
  private static func ranges(_ serving: [[Int]], lanes: Int) -> [ClosedRange<Int>]? {
    var found: [ClosedRange<Int>] = []
    for its in serving {
      guard let low = its.min(), let high = its.max() else { return nil }
      if let last = found.last, low < last.lowerBound || high < last.upperBound { return nil }
      // Two neighbours may share one lane, not more.
      if let last = found.last, low < last.upperBound { return nil }
      found.append(low...high)
    }
    return found
  }
}
