import CityBase

/// One stage of a signal plan: what each group shows while the stage lasts.
struct SignalStage {
  var states: [SignalState]
  /// Protected left turns run shorter than main stages.
  var isLeftOnly: Bool
}

/// Step eight, first half: which groups go together.
///
/// Approaches whose main movements do not meet share a stage (two stages at a simple crossing).
/// Left turns go with it, yielding; where an approach has lanes for the left turn alone and must
/// cross two or more oncoming lanes, they get a stage of their own instead (the criterion of the
/// FHWA Signal Timing Manual, 2008, chapter 4, in its simplest form). What fits with nobody gets
/// its own stage, so that an odd geometry is served one approach at a time.
struct SignalStages {
  /// Roads whose directions differ by more than 120 degrees come towards each other.
  static let oncomingCosine = -0.5

  private(set) var stages: [SignalStage] = []
  private let groups: SignalGroups

  init(_ draft: JunctionDraft, _ groups: SignalGroups) {
    self.groups = groups
    var waiting = mains(draft)
    while let first = waiting.first {
      var members = [first]
      waiting.removeFirst()
      let heading = draft.approaches[groups.groups[first].approach].heading
      // The one most nearly opposite first.
      let order = waiting.sorted {
        let a = heading.dot(draft.approaches[groups.groups[$0].approach].heading)
        let b = heading.dot(draft.approaches[groups.groups[$1].approach].heading)
        return (a, $0) < (b, $1)
      }
      for g in order where members.allSatisfy({ groups.relation($0, g) == .free }) {
        members.append(g)
      }
      waiting.removeAll { members.contains($0) }
      addStage(members, draft)
    }
  }

  /// The main group of each approach, the greatest road first.
  private func mains(_ draft: JunctionDraft) -> [Int] {
    groups.groups.indices.filter { !groups.groups[$0].isLeft || groups.partner(of: $0) == nil }
      .sorted {
        let a = draft.approaches[groups.groups[$0].approach]
        let b = draft.approaches[groups.groups[$1].approach]
        return (a.profile.roadClass, -a.lanes, $0) < (b.profile.roadClass, -b.lanes, $1)
      }
  }

  private mutating func addStage(_ members: [Int], _ draft: JunctionDraft) {
    var states = [SignalState](repeating: .red, count: groups.groups.count)
    for g in members { states[g] = .green }
    var apart: [Int] = []
    for g in members {
      guard !groups.groups[g].isLeft, let left = groups.partner(of: g) else { continue }
      if let state = state(of: left, beside: states, draft) {
        states[left] = state
      } else {
        apart.append(left)
      }
    }
    addLeftStages(apart, beside: members)
    stages.append(SignalStage(states: states, isLeftOnly: false))
  }

  /// What a left turn may show beside the groups that are open; nil where it needs its own stage. It
  /// may yield to traffic that comes towards it, not to a road that it crosses.
  private func state(of left: Int, beside states: [SignalState], _ draft: JunctionDraft)
    -> SignalState?
  {
    func heading(_ group: Int) -> Point2 { draft.approaches[groups.groups[group].approach].heading }
    var isFree = true
    var yieldsToGreen = false
    var oncomingLanes = 0
    for h in states.indices where states[h] != .red {
      switch groups.relation(left, h) {
      case .free: continue
      case .yields:
        isFree = false
        if states[h] == .green {
          guard heading(left).dot(heading(h)) < Self.oncomingCosine else { return nil }
          yieldsToGreen = true
          oncomingLanes = max(oncomingLanes, groups.groups[h].laneCount)
        }
      case .goesFirst: return nil
      case .excluded:
        // Two yielding left turns sort it out between them; a green one leaves no room.
        if states[h] == .green { return nil }
        isFree = false
      }
    }
    if isFree { return .green }
    guard yieldsToGreen else { return nil }
    return groups.groups[left].hasOwnLanes && oncomingLanes > 1 ? nil : .permissive
  }

  /// Protected left turns, those that do not meet at once; beside a single one its own approach
  /// may already go.
  private mutating func addLeftStages(_ apart: [Int], beside members: [Int]) {
    var waiting = apart
    while let first = waiting.first {
      var together = [first]
      for g in waiting.dropFirst() where together.allSatisfy({ groups.relation($0, g) == .free }) {
        together.append(g)
      }
      waiting.removeAll { together.contains($0) }
      for left in together {
        guard let main = groups.partner(of: left), members.contains(main) else { continue }
        if together.allSatisfy({ groups.relation(main, $0) == .free }) { together.append(main) }
      }
      var states = [SignalState](repeating: .red, count: groups.groups.count)
      for g in together { states[g] = .green }
      stages.append(SignalStage(states: states, isLeftOnly: true))
    }
  }
}
