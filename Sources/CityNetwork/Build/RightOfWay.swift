import CityBase

/// Step seven: how a junction is ruled, and who yields to whom.
enum RightOfWay {
  static func settle(_ draft: inout JunctionDraft, _ graph: RoadGraph) {
    draft.control = control(of: draft)
    if draft.control == .signals { letDrivewaysPassBy(&draft) }
    setLevels(&draft)
    for i in draft.connectors.indices {
      let c = draft.connectors[i]
      let level = draft.approaches[c.approach].level + (c.isSlip ? 1 : 0)
      draft.connectors[i].rank = UInt8(level * 4 + order(c.turn))
    }
    for i in draft.conflicts.indices {
      draft.conflicts[i].yields = yields(draft.conflicts[i], draft)
    }
  }

  /// Where streets cross at signals, driveways and lanes of car parks that come out there as well
  /// have no lights of their own: they yield to all, like turning lanes beside the signals. Not so one
  /// that is an arm of the crossing: who goes straight on from there meets a street into which
  /// nobody else does.
  private static func letDrivewaysPassBy(_ draft: inout JunctionDraft) {
    func isStreet(_ profile: RoadProfile) -> Bool { profile.roadClass < .service }
    // Both carriageways of one street are several roads here; where streets cross, some turn.
    let doStreetsCross = draft.connectors.contains {
      ($0.turn == .left || $0.turn == .right)
        && isStreet(draft.approaches[$0.approach].profile)
        && isStreet(draft.departures[$0.departure].profile)
    }
    guard doStreetsCross else { return }
    let passed = Set(
      draft.connectors.filter {
        $0.turn == .through && isStreet(draft.approaches[$0.approach].profile)
      }.map(\.departure))
    let arms = Set(
      draft.connectors.filter {
        $0.turn == .through && isStreet(draft.departures[$0.departure].profile)
          && !passed.contains($0.departure)
      }.map(\.approach))
    for i in draft.connectors.indices
    where !isStreet(draft.approaches[draft.connectors[i].approach].profile)
      && !arms.contains(draft.connectors[i].approach)
    {
      draft.connectors[i].isSlip = true
    }
  }

  private static func control(of draft: JunctionDraft) -> JunctionControl {
    if draft.armCount <= 2 { return .passage }
    if draft.hasSignals { return .signals }
    return draft.touchesRing || draft.isMiniRoundabout ? .roundabout : .equal
  }

  /// Which approaches are the main road. Becomes `priority` where there is a difference.
  private static func setLevels(_ draft: inout JunctionDraft) {
    guard draft.control != .passage, draft.control != .signals else { return }
    var levels = [Int](repeating: 0, count: draft.approaches.count)
    if draft.control == .roundabout {
      for (i, a) in draft.approaches.enumerated() where !a.profile.isRoundabout { levels[i] = 1 }
    } else {
      levels = priorityLevels(draft)
      if Set(levels).count > 1 { draft.control = .priority }
    }
    for i in levels.indices { draft.approaches[i].level = levels[i] }
  }

  private static func priorityLevels(_ draft: JunctionDraft) -> [Int] {
    let approaches = draft.approaches
    var levels = [Int](repeating: 0, count: approaches.count)
    let signed = approaches.map { $0.sign == .stop || $0.sign == .giveWay }
    if signed.contains(true) && signed.contains(false) {
      return signed.map { $0 ? 1 : 0 }
    }
    if approaches.contains(where: \.profile.isRamp)
      && approaches.contains(where: { !$0.profile.isRamp })
    {
      for (i, a) in approaches.enumerated() where a.profile.isRamp { levels[i] = 1 }
    }
    let main = mainRoad(draft)
    for i in approaches.indices where !main[i] { levels[i] = max(1, levels[i]) }
    // Driveways yield to everyone, side streets included.
    let minor = approaches.indices.filter { levels[$0] > 0 }
    let isMixed = minor.contains { approaches[$0].profile.roadClass < .service }
    for i in minor where isMixed && approaches[i].profile.roadClass == .service { levels[i] = 2 }
    return levels
  }

  /// The approaches of the main road: all of the highest class; where that is a single one, it
  /// and the one straight opposite; at a T of equal roads that carry through traffic, the two
  /// that lie in one line. Ramps have the class of what they lead to elsewhere: where they meet
  /// another road, it alone tells.
  private static func mainRoad(_ draft: JunctionDraft) -> [Bool] {
    let all = draft.approaches
    let hasRoad = all.contains { !$0.profile.isRamp }
    func counts(_ profile: RoadProfile) -> Bool { !hasRoad || !profile.isRamp }
    guard let best = all.map(\.profile).filter(counts).map(\.roadClass).min() else { return [] }
    var main = all.map { $0.profile.roadClass == best && counts($0.profile) }
    let highest = all.indices.filter { main[$0] }
    let arms = Set(highest.map { all[$0].piece }).union(
      draft.departures.filter { $0.profile.roadClass == best && counts($0.profile) }.map(\.piece))
    if arms.count == 1, let only = highest.first {
      let partner = all.indices.filter { $0 != only }
        .min {
          (all[$0].profile.roadClass, all[only].heading.dot(all[$0].heading), $0)
            < (all[$1].profile.roadClass, all[only].heading.dot(all[$1].heading), $1)
        }
      if let partner { main[partner] = true }
    } else if highest.count == all.count, all.count == 3, draft.armCount == 3, best <= .tertiary {
      // The stem is the one without an approach opposite.
      for i in all.indices {
        let facing = all.indices.map { $0 == i ? 1 : all[i].heading.dot(all[$0].heading) }
        let others = all.indices.filter { $0 != i }
        let pair = all[others[0]].heading.dot(all[others[1]].heading)
        if pair < -0.9, (facing.min() ?? 0) > -0.8 { main[i] = false }
      }
    }
    return main
  }

  /// Through before right before left before turning round.
  static func order(_ turn: Turn) -> Int {
    switch turn {
    case .through: 0
    case .right: 1
    case .left: 2
    case .uTurn: 3
    }
  }

  /// 1 where `a` yields to `b`, -1 the other way round, 0 where neither does.
  ///
  /// Levels come first. Among equals, opposing and joining streams go by their turns; of streams
  /// that cross, the one from the right goes first (from the left at a roundabout, where those
  /// in the ring come from). Circles of yielding are left to the traffic engine.
  private static func yields(_ conflict: DraftConflict, _ draft: JunctionDraft) -> Int {
    let a = draft.connectors[conflict.a]
    let b = draft.connectors[conflict.b]
    if a.approach == b.approach { return 0 }
    if a.isSlip != b.isSlip { return a.isSlip ? 1 : -1 }
    let aa = draft.approaches[a.approach]
    let ab = draft.approaches[b.approach]
    if aa.level != ab.level { return aa.level > ab.level ? 1 : -1 }
    let byTurn = (order(a.turn) - order(b.turn)).signum()
    if draft.control == .signals || draft.control == .passage { return byTurn }
    if draft.control == .roundabout && !draft.isMiniRoundabout {
      // Who meets the other late on its way is in the ring already.
      let difference = conflict.entryA - conflict.entryB
      return abs(difference) < 1 ? 0 : difference > 0 ? -1 : 1
    }
    if (a.turn == .uTurn) != (b.turn == .uTurn) { return byTurn }
    let cosine = aa.heading.dot(ab.heading)
    if abs(cosine) > TurnFinder.throughCosine { return byTurn }
    let fromRight = aa.heading.cross(ab.heading) > 0
    return fromRight != draft.isMiniRoundabout ? 1 : -1
  }
}
