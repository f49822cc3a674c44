import CityBase

/// Step eight, second half: a fixed-time plan after F. V. Webster, "Traffic Signal Settings",
/// Road Research Technical Paper 39, 1958: cycle C = (1.5 L + 5) / (1 - Y), greens in proportion
/// to the flow ratios.
struct SignalTiming {
  /// Vehicles an hour that a lane discharges at green (Webster's order of magnitude; HCM: 1,900
  /// passenger cars less the usual losses).
  static let saturationFlow = 1800.0
  /// Nobody has counted here, so that flows are assumed: vehicles an hour and lane by class.
  static func assumedFlow(_ roadClass: RoadClass) -> Double {
    switch roadClass {
    case .motorway, .trunk: 600
    case .primary: 500
    case .secondary: 400
    case .tertiary: 300
    case .residential: 150
    case .service: 80
    }
  }
  /// The share of an approach's traffic that turns left, where it can also go elsewhere.
  static let leftShare = 0.2
  static let shortestCycle = 40.0
  static let longestCycle = 120.0
  static let shortestMainGreen = 8.0
  static let shortestLeftGreen = 6.0

  let draft: JunctionDraft
  let groups: SignalGroups
  let stages: [SignalStage]

  /// The phases: each stage, then its yellow and its all-red.
  func phases() -> [SignalPhase] {
    let between = stages.indices.map { intergreen(after: $0) }
    let greens = greens(lost: between.reduce(0) { $0 + $1.yellow + $1.allRed })
    var phases: [SignalPhase] = []
    for i in stages.indices {
      let now = stages[i].states
      let next = stages[(i + 1) % stages.count].states
      phases.append(phase(greens[i], now))
      phases.append(phase(between[i].yellow, Self.closing(now, next, .yellow)))
      phases.append(phase(between[i].allRed, Self.closing(now, next, .red)))
    }
    return phases
  }

  private func phase(_ seconds: Double, _ states: [SignalState]) -> SignalPhase {
    SignalPhase(milliseconds: Int32((seconds * 1000).rounded()), states: states)
  }

  /// What shows between two stages: who goes on keeps the weaker of its two states.
  private static func closing(
    _ now: [SignalState], _ next: [SignalState], _ ending: SignalState
  ) -> [SignalState] {
    zip(now, next).map { a, b in
      if a == .red { return .red }
      if b == .red { return ending }
      return a == .permissive || b == .permissive ? .permissive : .green
    }
  }

  /// Yellow: v / 2a + 1 s with 3 m/s² (the kinematic formula of the Institute of Transportation
  /// Engineers), 3 to 5 s. All-red: by how much who clears the junction last passes a place where
  /// ways meet later than who enters first at the next green, 1 to 4 s (the intergreen method of
  /// Germany's RiLSA 2015). Half seconds.
  private func intergreen(after stage: Int) -> (yellow: Double, allRed: Double) {
    var yellow = 3.0
    let now = stages[stage].states
    let next = stages[(stage + 1) % stages.count].states
    for (g, group) in groups.groups.enumerated() where now[g] != .red && next[g] == .red {
      let speed = draft.approaches[group.approach].profile.speed
      yellow = max(yellow, Self.halfSeconds(speed / (2 * 3.0) + 1))
    }
    var allRed = 1.0
    for c in draft.conflicts where c.kind != ConflictKind.diverge {
      let a = draft.connectors[c.a]
      let b = draft.connectors[c.b]
      guard a.group >= 0, b.group >= 0 else { continue }
      // Ways that join do so where their common stretch begins; others cross in the middle.
      let isCrossing = c.kind == ConflictKind.crossing
      let placeA = isCrossing ? (c.entryA + c.exitA) / 2 : c.entryA
      let placeB = isCrossing ? (c.entryB + c.exitB) / 2 : c.entryB
      if now[a.group] != .red && next[a.group] == .red && next[b.group] != .red
        && now[b.group] == .red
      {
        allRed = max(allRed, Self.clearance(a, upTo: placeA, beforeEntering: placeB))
      }
      if now[b.group] != .red && next[b.group] == .red && next[a.group] != .red
        && now[a.group] == .red
      {
        allRed = max(allRed, Self.clearance(b, upTo: placeB, beforeEntering: placeA))
      }
    }
    return (min(5, yellow), min(4, Self.halfSeconds(allRed)))
  }

  /// Seconds that one needs to clear a place less those that the other needs to reach it: cars of
  /// 6 m that clear at 10 m/s straight on and at 7 m/s in a turn, or faster if the way allows, and
  /// others that enter at 40 km/h (RiLSA 2015, section 2.5).
  static func clearance(
    _ c: DraftConnector, upTo place: Double, beforeEntering other: Double
  ) -> Double {
    clearance(speed: c.speed, turn: c.turn, upTo: place, beforeEntering: other)
  }

  /// The same for a way by its speed in m/s and its turn.
  static func clearance(
    speed: Double, turn: Turn, upTo place: Double, beforeEntering other: Double
  ) -> Double {
    let speed = max(speed, turn == .through ? 10 : 7)
    return (place + 6) / speed - other / (40 / 3.6)
  }

  static func halfSeconds(_ s: Double) -> Double { (s * 2 - 1e-9).rounded(.up) / 2 }

  /// Seconds of green for each stage, in halves.
  private func greens(lost: Double) -> [Double] {
    Self.greens(
      ratios: stages.map { ratio(of: $0) },
      shortest: stages.map { $0.isLeftOnly ? Self.shortestLeftGreen : Self.shortestMainGreen },
      lost: lost)
  }

  /// Seconds of green, in halves, for flow ratios, the shortest greens, and the seconds of a cycle
  /// that are lost. Where the shortest greens leave too little for the others, the cycle grows.
  static func greens(ratios: [Double], shortest: [Double], lost: Double) -> [Double] {
    let ratios = ratios.map { max(0.02, $0) }
    let sum = ratios.reduce(0, +)
    let wanted = (1.5 * lost + 5) / (1 - min(0.9, sum))
    var cycle = min(longestCycle, max(shortestCycle, wanted))
    var greens = share(cycle - lost, ratios, shortest)
    while cycle < longestCycle,
      zip(ratios, greens).contains(where: { $0 * cycle > fullestStage * $1 })
    {
      cycle = min(longestCycle, cycle + 2)
      greens = share(cycle - lost, ratios, shortest)
    }
    return greens
  }

  /// Flow over capacity that a stage may reach before the cycle grows: beyond it the queues of
  /// random arrivals grow fast (Highway Capacity Manual 2000, chapter 16).
  static let fullestStage = 0.85

  /// What is left above the minimum goes, half a second at a time, to the stage whose green is the
  /// shortest for its flow; so the cycle comes out exact.
  private static func share(_ seconds: Double, _ ratios: [Double], _ shortest: [Double])
    -> [Double]
  {
    var greens = shortest
    var left = Int(((seconds - greens.reduce(0, +)) * 2).rounded(.down))
    while left > 0 {
      let neediest = greens.indices.min {
        (greens[$0] / ratios[$0], $0) < (greens[$1] / ratios[$1], $1)
      }
      greens[neediest ?? 0] += 0.5
      left -= 1
    }
    return greens
  }

  /// The greatest flow ratio among the groups a stage opens.
  private func ratio(of stage: SignalStage) -> Double {
    var ratio = 0.02
    for (g, group) in groups.groups.enumerated() where stage.states[g] == .green {
      if stage.isLeftOnly && !group.isLeft { continue }
      let approach = draft.approaches[group.approach]
      let flow = Self.assumedFlow(approach.profile.roadClass) * Double(approach.lanes)
      var share = 1.0
      if groups.partner(of: g) != nil { share = group.isLeft ? Self.leftShare : 1 - Self.leftShare }
      ratio = max(ratio, flow * share / (Double(max(1, group.laneCount)) * Self.saturationFlow))
    }
    return ratio
  }
}

extension JunctionDraft {
  /// Gives a signalised junction its groups and plan; where nothing would ever have to wait, the
  /// signals are taken away.
  mutating func planSignals(_ graph: RoadGraph) {
    guard control == .signals else { return }
    let groups = SignalGroups(&self)
    let stages = SignalStages(self, groups).stages
    guard stages.count > 1 else {
      for i in connectors.indices { connectors[i].group = -1 }
      hasSignals = false
      RightOfWay.settle(&self, graph)
      return
    }
    groupCount = groups.groups.count
    phases = SignalTiming(draft: self, groups: groups, stages: stages).phases()
  }
}
