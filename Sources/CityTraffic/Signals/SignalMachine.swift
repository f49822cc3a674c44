import CityBase
import CityNetwork
import CitySimulation

/// One signal that somebody else than the clock conducts: for the time of a change of plans, or for
/// good. It sees to it that greens keep their minimum and that yellow and all-red show in full.
///
/// `@unchecked Sendable`: its state changes in phase 2 alone, by the worker of its junction, who reads
/// the vehicles as they stand.
final class SignalMachine: @unchecked Sendable {
  /// A program as the machine runs it.
  struct Program {
    let plan: StagedPlan
    let limits: [SignalProgram.Limits]
    let control: any SignalControl
    let isFixed: Bool
    let detection: SignalDetection
    /// What the clock knows the plan by.
    let clockPlan: Int32
    /// By stage that is green, stage that may be called, and lane: whether somebody waiting in that
    /// lane is not let go by the one and is by the other.
    let calls: [Bool]
    /// By stage and lane: whether it lets anybody go.
    let opens: [Bool]
  }

  enum Mode: UInt8 {
    /// By the clock: nothing to do.
    case clocked = 0
    case green = 1
    case between = 2
  }

  struct Target: Equatable {
    var program: Int
    var stage: Int
  }

  /// Before anything, in milliseconds: some thirty years.
  static let longAgo: Int64 = -1 << 40

  let signal: Int
  let junction: Int
  let chunk: Int
  /// Where the clock keeps what the machine shows.
  let liveStates: Int
  let groupCount: Int
  let intergreens: Intergreens
  /// The lanes with signals on the approaches.
  let lanes: [SignalLane]
  /// First those of the schedule, then plans that policies have set, as they came.
  private(set) var programs: [Program] = []
  let schedule: SignalSchedule
  /// The plans of policies, in the order of the programs behind those of the schedule.
  private(set) var imposed: [SignalController] = []

  /// The program that is to run, and the one that does.
  var wanted = 0
  var running = 0
  var mode = Mode.clocked
  var stage = 0
  /// Milliseconds after the first midnight: since when the green, or the way to the next one, lasts.
  var since: Int64 = 0
  var target = Target(program: 0, stage: 0)
  /// Since when another stage has been called, or -1.
  var calledSince: Int64 = -1
  /// By stage of the running program: when its green was last seen.
  var lastGreen: [Int64] = []
  /// By lane: when a vehicle was last seen on the loop, and whether anybody is at or beyond it.
  var lastSeen: [Int64]
  var isPresent: [Bool]
  var isAnyPresent = false
  /// What shows on the way to the target; follows from the rest.
  private var way: [SignalPhase] = []

  init(
    signal: Int, junction: Int, chunk: Int, liveStates: Int, schedule: SignalSchedule,
    network: RoadNetwork
  ) {
    self.signal = signal
    self.junction = junction
    self.chunk = chunk
    self.liveStates = liveStates
    self.schedule = schedule
    groupCount = Int(network.signals[SignalID(signal)].groupCount)
    intergreens = Intergreens(network, SignalID(signal))
    lanes = SignalLane.lanes(of: JunctionID(junction), network)
    lastSeen = Array(repeating: Self.longAgo, count: lanes.count)
    isPresent = Array(repeating: false, count: lanes.count)
  }

  var program: Program { programs[running] }

  func add(_ program: SignalProgram, clockPlan: Int32) {
    let plan = StagedPlan(program.plan)
    let limits = plan.stages.indices.map { i in
      program.limits.indices.contains(i)
        ? program.limits[i] : SignalProgram.defaultLimits(of: plan.stages[i])
    }
    func opens(_ group: Int, _ stage: Int) -> Bool { plan.stages[stage].states[group].isOpen }
    var calls: [Bool] = []
    for now in plan.stages.indices {
      for other in plan.stages.indices {
        for lane in lanes {
          calls.append(lane.groups.contains { opens($0, other) && !opens($0, now) })
        }
      }
    }
    programs.append(
      Program(
        plan: plan, limits: limits, control: program.control,
        isFixed: program.control is FixedTime, detection: program.control.detection,
        clockPlan: clockPlan, calls: calls,
        opens: plan.stages.indices.flatMap { stage in
          lanes.map { $0.groups.contains { opens($0, stage) } }
        }))
  }

  /// The index of the program of a plan that a policy has set, if it has been set before.
  func imposedProgram(_ plan: SignalController) -> Int? {
    imposed.firstIndex(of: plan).map { schedule.programs.count + $0 }
  }

  func impose(_ plan: SignalController, clockPlan: Int32) {
    imposed.append(plan)
    add(SignalProgram(name: "", plan: plan, control: FixedTime()), clockPlan: clockPlan)
  }

  func isCalled(_ other: Int, from now: Int) -> Bool {
    guard isAnyPresent else { return false }
    let first = (now * program.plan.stages.count + other) * lanes.count
    return lanes.indices.contains { isPresent[$0] && program.calls[first + $0] }
  }

  func gap(at time: Int64) -> Int64 {
    var latest = since
    let first = stage * lanes.count
    for lane in lanes.indices where program.opens[first + lane] {
      latest = max(latest, lastSeen[lane])
    }
    return time - latest
  }
}

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
    if program.detection.isNeeded { world.detect(self, time: time, step: milliseconds) }
    if mode == .between { goOn(at: time) }
    if mode == .green { decide(at: time, milliseconds: milliseconds, world: world) }
    if mode != .clocked { show(at: time, clock) }
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
    lastGreen[stage] = time
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

  /// Lets the clock show what is its own to show; the rest comes with the next tick.
  func show(_ clock: SignalClock) {
    if mode == .clocked { clock.follow(plan: program.clockPlan, signal: signal) }
  }

  /// Shows what is to be seen, in place of the clock.
  private func show(at time: Int64, _ clock: SignalClock) {
    guard mode != .clocked else { return }
    clock.show(
      mode == .green ? states : phaseOfWay(at: time).phase.states, at: liveStates, signal: signal)
  }
}

/// A lane that ends at a signal.
struct SignalLane {
  let lane: Int
  /// Groups that its ways over the junction belong to, ascending.
  let groups: [Int]

  /// The lanes into a junction that have signals, in their order.
  static func lanes(of junction: JunctionID, _ network: RoadNetwork) -> [SignalLane] {
    network.approaches(of: junction).flatMap { network.lanes(of: LinkID($0)) }.compactMap { lane in
      let groups = network.connectors(from: LaneID(lane))
        .map { Int(network.connectorGroup[ConnectorID($0)]) }.filter { $0 >= 0 }
      return groups.isEmpty ? nil : SignalLane(lane: lane, groups: Set(groups).sorted())
    }
  }
}
