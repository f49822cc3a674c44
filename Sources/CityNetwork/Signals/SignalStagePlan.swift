import CityBase

/// A fixed-time plan read back as stages, each with the yellow and all-red after it.
struct SignalStagePlan {
  struct Stage {
    var states: [SignalState]
    /// The phases that follow the green, unchanged.
    var between: [SignalPhase]
    var shortestGreen: Double
  }

  private(set) var stages: [Stage] = []

  /// Nil where the plan is not a round of stages with three phases each, as the builder makes them.
  init?(_ plan: SignalController) {
    guard plan.phases.count % 3 == 0, plan.phases.count >= 6 else { return nil }
    for i in stride(from: 0, to: plan.phases.count, by: 3) {
      let green = plan.phases[i]
      let yellow = plan.phases[i + 1]
      guard yellow.states.contains(.yellow) || yellow.milliseconds <= 5000 else { return nil }
      // What was given to a stage at the least is known by its length alone.
      let shortest = min(SignalTiming.shortestMainGreen, Double(green.milliseconds) / 1000)
      stages.append(
        Stage(
          states: green.states, between: [yellow, plan.phases[i + 2]], shortestGreen: shortest))
    }
  }

  /// Seconds of a cycle that are nobody's green.
  var lost: Double {
    stages.reduce(0) { sum, stage in
      stage.between.reduce(sum) { $0 + Double($1.milliseconds) / 1000 }
    }
  }

  /// The flow ratio that each stage has to serve: its fullest lane, where that lane has no other
  /// stage; what lanes with several stages still lack then goes to the first of these.
  func ratios(of lanes: [[SignalRetiming.Use]]) -> [Double] {
    var ratios = [Double](repeating: 0, count: stages.count)
    for uses in lanes {
      for i in stages.indices {
        let own = uses.reduce(0) { $0 + ($1.stages == [i] ? $1.ratio : 0) }
        ratios[i] = max(ratios[i], own)
      }
    }
    for uses in lanes {
      let open = Set(uses.flatMap(\.stages)).sorted()
      guard open.count > 1, let first = open.first else { continue }
      let whole = uses.reduce(0) { $0 + $1.ratio }
      let given = open.reduce(0) { $0 + ratios[$1] }
      if whole > given { ratios[first] += whole - given }
    }
    return ratios
  }

  /// The phases with Webster's cycle and greens for these ratios.
  func phases(ratios: [Double]) -> [SignalPhase] {
    let greens = SignalTiming.greens(
      ratios: ratios, shortest: stages.map(\.shortestGreen), lost: lost)
    var phases: [SignalPhase] = []
    for (stage, green) in zip(stages, greens) {
      phases.append(
        SignalPhase(milliseconds: Int32((green * 1000).rounded()), states: stage.states))
      phases += stage.between
    }
    return phases
  }
}
