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
  var wanted = 0 {
    didSet { if wanted != oldValue { isIdle = false } }
  }
  var running = 0
  var mode = Mode.clocked
  var stage = 0
  /// Milliseconds after the first midnight: since when the green, or the way to the next one, lasts.
  var since: Int64 = 0
  var target = Target(program: 0, stage: 0)
  /// Since when another stage has been called, or -1.
  var calledSince: Int64 = -1
  /// By stage of the running program: when its last green began or ended.
  var lastGreen: [Int64] = []
  /// By lane: when a vehicle was last seen on the loop, and whether anybody is at or beyond it.
  var lastSeen: [Int64]
  var isPresent: [Bool]
  var isAnyPresent = false
  /// When a vehicle was last seen on any loop.
  var lastSeenAnywhere: Int64 { lastSeen.max() ?? Self.longAgo }
  /// Whether nothing can change before somebody comes or another program is wanted.
  var isIdle = false
  /// What shows on the way to the target; follows from the rest.
  var way: [SignalPhase] = []

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
