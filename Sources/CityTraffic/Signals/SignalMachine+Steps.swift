import CityBase
import CityNetwork

/// How a machine goes from tick to tick.
extension SignalMachine {
  /// Begins with the wanted program, as a run does at its first tick: where the clock has it.
  func begin(at time: Int64, _ clock: SignalClock) {
    running = wanted
    let (stage, elapsed) = program.plan.stage(at: time)
    let green = Int64(program.plan.stages[stage].greenMilliseconds)
    lastGreen = Array(repeating: time, count: program.plan.stages.count)
    if program.isFixed {
      release(clock)
    } else if elapsed < green {
      enter(Target(program: running, stage: stage), at: time)
    } else {
      self.stage = stage
      setOut(to: program.plan.stage(after: stage), of: running, at: time - (elapsed - green))
    }
    show(at: time, clock)
  }

  /// One tick.
  func step(at time: Int64, milliseconds: Int64, world: TrafficWorld) {
    let clock = world.signals
    if mode == .clocked {
      if running == wanted { return }
      takeOver(at: time, clock)
    }
    if isIdle {
      if world.isNobody(before: junction) { return }
      isIdle = false
    }
    if program.detection.isNeeded { world.detect(self, time: time, step: milliseconds) }
    if mode == .between { goOn(at: time) }
    if mode == .green { decide(at: time, milliseconds: milliseconds, world: world) }
    if mode != .clocked { show(at: time, clock) }
    isIdle = rests(at: time, world)
  }

  /// Whether the green stays until somebody comes. Who has just left the approaches may still be on a
  /// loop; a few seconds later he is gone.
  private func rests(at time: Int64, _ world: TrafficWorld) -> Bool {
    mode == .green && running == wanted && !isAnyPresent && program.detection.restsWhenEmpty
      && time - since >= program.limits[stage].minimum && time - lastSeenAnywhere > 5000
      && world.isNobody(before: junction)
  }

  /// Leaves the clock, at what it shows now.
  private func takeOver(at time: Int64, _ clock: SignalClock) {
    let (stage, elapsed) = program.plan.stage(at: time)
    let green = Int64(program.plan.stages[stage].greenMilliseconds)
    lastGreen = Array(repeating: time, count: program.plan.stages.count)
    self.stage = stage
    calledSince = -1
    if elapsed < green {
      mode = .green
      since = time - elapsed
    } else {
      setOut(to: program.plan.stage(after: stage), of: running, at: time - (elapsed - green))
    }
  }

  /// Gives the signal back to the clock, which shows the same.
  private func release(_ clock: SignalClock) {
    mode = .clocked
    clock.follow(plan: program.clockPlan, signal: signal)
  }

  private func decide(at time: Int64, milliseconds: Int64, world: TrafficWorld) {
    if running != wanted, let same = programs[wanted].plan.stage(showing: states) {
      change(to: wanted, stage: same, at: time)
    }
    let isCalledNow =
      isAnyPresent
      && program.plan.stages.indices.contains { $0 != stage && isCalled($0, from: stage) }
    if !isCalledNow { calledSince = -1 } else if calledSince < 0 { calledSince = time }
    guard time - since >= program.limits[stage].minimum else { return }
    if running != wanted {
      let next = programs[wanted].plan.stage(at: time).stage
      return setOut(to: next, of: wanted, at: time)
    }
    if program.isFixed {
      let (stage, elapsed) = program.plan.stage(at: time)
      if stage == self.stage, elapsed < Int64(program.plan.stages[stage].greenMilliseconds) {
        return release(world.signals)
      }
    }
    if program.detection.restsWhenEmpty, !isAnyPresent, world.isNobody(before: junction) { return }
    let view = SignalView(machine: self, world: world, time: time, step: milliseconds)
    guard let next = program.control.nextStage(view), program.plan.stages.indices.contains(next)
    else { return }
    if next != stage || program.plan.stages.count == 1 { setOut(to: next, of: running, at: time) }
  }

  /// The states of the green that is on.
  private var states: [SignalState] { program.plan.stages[stage].states }

  /// Another program goes on with the green that is on.
  private func change(to program: Int, stage: Int, at time: Int64) {
    running = program
    self.stage = stage
    lastGreen = Array(repeating: time, count: self.program.plan.stages.count)
    calledSince = -1
  }

  private func setOut(to stage: Int, of program: Int, at time: Int64) {
    lastGreen[self.stage] = time
    mode = .between
    target = Target(program: program, stage: stage)
    since = time
    findWay()
    if way.isEmpty { enter(target, at: time) }
  }

  /// What shows until the target: what the plan has between its stages in their order, and else what
  /// the intergreens ask for.
  func findWay() {
    let plan = program.plan
    way =
      target.program == running && target.stage == plan.stage(after: stage)
      ? plan.stages[stage].between
      : intergreens.phases(
        from: states, to: programs[target.program].plan.stages[target.stage].states)
  }

  private func goOn(at time: Int64) {
    let whole = way.reduce(Int64(0)) { $0 + Int64($1.milliseconds) }
    if time - since >= whole { return enter(target, at: time) }
    // Where another program is wanted by now and everything is red long enough, it may begin.
    guard target.program != wanted else { return }
    let plan = programs[wanted].plan
    let next = plan.stage(at: time).stage
    let (phase, elapsed) = phaseOfWay(at: time)
    let needed = intergreens.allRed(from: states, to: plan.stages[next].states)
    // Red is to be seen by everybody before anybody's next green, his own too.
    if phase.states.allSatisfy({ $0 == .red }),
      elapsed >= Int64(max(needed, Intergreens.shortestAllRed))
    {
      enter(Target(program: wanted, stage: next), at: time)
    }
  }

  private func enter(_ target: Target, at time: Int64) {
    if target.program != running || lastGreen.count != programs[target.program].plan.stages.count {
      lastGreen = Array(
        repeating: time, count: programs[target.program].plan.stages.count)
    }
    running = target.program
    stage = target.stage
    mode = .green
    since = time
    calledSince = -1
    lastGreen[stage] = time
  }

  private func phaseOfWay(at time: Int64) -> (phase: SignalPhase, elapsed: Int64) {
    var elapsed = time - since
    for phase in way {
      if elapsed < Int64(phase.milliseconds) { return (phase, elapsed) }
      elapsed -= Int64(phase.milliseconds)
    }
    return (way.last ?? SignalPhase(milliseconds: 1, states: states), elapsed)
  }

  /// Shows what is known without the time, as after a checkpoint: what is on the way to a green comes
  /// with the next tick.
  func show(_ clock: SignalClock) {
    switch mode {
    case .clocked: clock.follow(plan: program.clockPlan, signal: signal)
    case .green: clock.show(states, at: liveStates, signal: signal)
    case .between: break
    }
  }

  /// Shows what is to be seen, in place of the clock.
  private func show(at time: Int64, _ clock: SignalClock) {
    guard mode != .clocked else { return }
    clock.show(
      mode == .green ? states : phaseOfWay(at: time).phase.states, at: liveStates, signal: signal)
  }
}
