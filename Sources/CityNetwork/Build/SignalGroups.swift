import CityBase

/// Connectors that always see the same light: of each approach those that go through or right,
/// and those that turn left or round.
struct SignalGroup {
  var approach: Int
  var isLeft: Bool
  var connectors: [Int] = []
  /// Different lanes it starts from, and whether none of them serves the other group.
  var laneCount = 0
  var hasOwnLanes = true
}

/// How two groups stand to each other.
enum GroupRelation {
  case free
  /// They conflict, and in every conflict the first yields.
  case yields
  /// They conflict, and in every conflict the second yields.
  case goesFirst
  case excluded
}

/// The groups of a junction and their relations.
struct SignalGroups {
  private(set) var groups: [SignalGroup] = []
  private var relations: [GroupRelation] = []

  init(_ draft: inout JunctionDraft) {
    for a in draft.approaches.indices {
      for isLeft in [false, true] {
        var group = SignalGroup(approach: a, isLeft: isLeft)
        var lanes: Set<Int> = []
        var otherLanes: Set<Int> = []
        for (i, c) in draft.connectors.enumerated() where c.approach == a && !c.isSlip {
          if (c.turn == .left || c.turn == .uTurn) != isLeft {
            if !c.isForBuses { otherLanes.insert(c.fromLane) }
            continue
          }
          group.connectors.append(i)
          if !c.isForBuses { lanes.insert(c.fromLane) }
          draft.connectors[i].group = groups.count
        }
        guard !group.connectors.isEmpty else { continue }
        group.laneCount = lanes.count
        group.hasOwnLanes = lanes.isDisjoint(with: otherLanes)
        groups.append(group)
      }
    }
    relate(draft)
  }

  func relation(_ g: Int, _ h: Int) -> GroupRelation { relations[g * groups.count + h] }

  /// The other group of the same approach, or nil.
  func partner(of g: Int) -> Int? {
    groups.indices.first { $0 != g && groups[$0].approach == groups[g].approach }
  }

  private mutating func relate(_ draft: JunctionDraft) {
    let n = groups.count
    relations = Array(repeating: .free, count: n * n)
    for c in draft.conflicts where c.kind != ConflictKind.diverge {
      let g = draft.connectors[c.a].group
      let h = draft.connectors[c.b].group
      guard g >= 0, h >= 0, g != h else { continue }
      add(g, h, c.yields)
      add(h, g, -c.yields)
    }
  }

  private mutating func add(_ g: Int, _ h: Int, _ yields: Int) {
    let now: GroupRelation = yields > 0 ? .yields : yields < 0 ? .goesFirst : .excluded
    let i = g * groups.count + h
    relations[i] = relations[i] == .free || relations[i] == now ? now : .excluded
  }
}
