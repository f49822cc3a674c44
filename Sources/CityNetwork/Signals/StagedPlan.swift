import CityBase

/// A fixed-time plan seen as a round of stages: the greens, and what shows between each and the
/// next one.
public struct StagedPlan: Sendable, Hashable {
  public struct Stage: Sendable, Hashable {
    /// A state for each group.
    public var states: [SignalState]
    public var greenMilliseconds: Int32
    /// From the start of the cycle (that of the plan's first phase) to the start of the green.
    public var startMilliseconds: Int64
    /// Yellow, all-red and whatever else shows until the next stage begins.
    public var between: [SignalPhase]

    /// Milliseconds from the end of the green to the next stage.
    public var betweenMilliseconds: Int64 {
      between.reduce(0) { $0 + Int64($1.milliseconds) }
    }
  }

  /// One or more, in the order of the plan.
  public let stages: [Stage]
  public let cycleMilliseconds: Int64
  public let offsetMilliseconds: Int64

  /// Takes a plan apart. A plan in which nobody ever gets a green has its first phase for its only
  /// stage; one without phases is all red for a minute.
  public init(_ plan: SignalController) {
    var phases = plan.phases
    if phases.isEmpty {
      let states = [SignalState](repeating: .red, count: Int(max(0, plan.groupCount)))
      phases = [SignalPhase(milliseconds: 60_000, states: states)]
    }
    var starts: [Int64] = [0]
    for phase in phases { starts.append((starts.last ?? 0) + Int64(max(1, phase.milliseconds))) }
    let greens = plan.greenStages
    let first = greens.isEmpty ? [0] : greens
    var stages: [Stage] = []
    for (n, phase) in first.enumerated() {
      let next = n + 1 < first.count ? first[n + 1] : first[0] + phases.count
      stages.append(
        Stage(
          states: phases[phase].states, greenMilliseconds: max(1, phases[phase].milliseconds),
          startMilliseconds: starts[phase],
          between: ((phase + 1)..<next).map { phases[$0 % phases.count] }))
    }
    self.stages = stages
    cycleMilliseconds = starts.last ?? 60_000
    offsetMilliseconds = Int64(plan.offsetMilliseconds)
  }

  /// Where a cycle that runs by the clock is: milliseconds from its start, at a time in milliseconds
  /// after midnight.
  public func position(at time: Int64) -> Int64 {
    let t = (time - offsetMilliseconds) % cycleMilliseconds
    return t < 0 ? t + cycleMilliseconds : t
  }

  /// The stage that a plan by the clock is in, or has just ended, and the milliseconds since that
  /// stage's green began.
  public func stage(at time: Int64) -> (stage: Int, since: Int64) {
    let position = position(at: time)
    // Before the first stage of the cycle the last one of the cycle before is at its end.
    let current = stages.lastIndex { $0.startMilliseconds <= position }
    let stage = current ?? stages.count - 1
    let since = position - stages[stage].startMilliseconds
    return (stage, since < 0 ? since + cycleMilliseconds : since)
  }

  /// The stage that shows these states, or nil.
  public func stage(showing states: [SignalState]) -> Int? {
    stages.firstIndex { $0.states == states }
  }

  public func stage(after stage: Int) -> Int { (stage + 1) % stages.count }
}

extension SignalState {
  /// Whether it lets anybody go.
  public var isOpen: Bool { self == .green || self == .permissive }
}

extension SignalController {
  /// The phases that let somebody go who could not before, or only yielding: what planners call the
  /// stages of a plan. The others lie between them (yellow and all-red) and end something.
  public var greenStages: [Int] {
    func freedom(_ state: SignalState) -> Int {
      switch state {
      case .red, .yellow: 0
      case .permissive: 1
      case .green: 2
      }
    }
    let opening = phases.indices.filter { i in
      let before = phases[(i + phases.count - 1) % phases.count]
      return zip(before.states, phases[i].states).contains { freedom($0) < freedom($1) }
    }
    guard opening.isEmpty else { return opening }
    // A plan in which nothing ever changes for the better has what it shows as its one stage.
    return phases.indices.filter { phases[$0].states.contains { freedom($0) > 0 } }
  }
}
