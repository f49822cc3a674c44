import CityBase
import CityNetwork
import CitySimulation

/// What every signal shows at a moment: a function of the time where a plan runs by the clock, and
/// what its machine has put here where one conducts it.
struct SignalClock {
  /// By plan: where its phases begin, how many they are, and its shift in milliseconds. The built
  /// plans come first, one for each controller.
  private let firstPhase = RawList<Int32>()
  private let phaseCount = RawList<Int32>()
  private let offset = RawList<Int32>()
  /// By phase: its end in milliseconds from the start of the cycle, and where its states begin.
  private let phaseEnd = RawList<Int32>()
  private let firstState = RawList<Int32>()
  private let states = RawList<UInt8>()
  /// By controller: the plan in force, or, where a machine conducts it, -1 less the place of what
  /// it shows among the states.
  private let planOfSignal: RawColumn<Int32>
  /// One value: 1 from when on machines conduct signals, which may show another light at any time.
  private let isConducted = RawColumn<UInt8>(repeating: 0, count: 1)

  /// One value: how often a controller has been given a plan.
  private let changes = RawColumn<Int32>(repeating: 0, count: 1)

  init(_ network: RoadNetwork) {
    planOfSignal = RawColumn((0..<network.signals.count).map { Int32($0) })
    for controller in network.signals.values { append(controller) }
  }

  /// Adds a plan and returns the number it is known by from then on. Serial.
  @discardableResult
  func append(_ plan: SignalController) -> Int32 {
    firstPhase.append(Int32(phaseEnd.count))
    phaseCount.append(Int32(plan.phases.count))
    offset.append(plan.offsetMilliseconds)
    var end: Int32 = 0
    for phase in plan.phases {
      end += phase.milliseconds
      phaseEnd.append(end)
      firstState.append(Int32(states.count))
      for state in phase.states { states.append(state.rawValue) }
    }
    return Int32(firstPhase.count - 1)
  }

  /// Makes a place for what a machine shows to so many groups: all red. Serial.
  func appendLive(groups: Int) -> Int {
    isConducted[0] = 1
    let place = states.count
    for _ in 0..<(2 * groups) { states.append(SignalState.red.rawValue) }
    return place
  }

  /// Lets a controller run a plan by the clock.
  func follow(plan: Int32, signal: Int) {
    planOfSignal[signal] = plan
    changes[0] &+= 1
  }

  /// Shows states to the groups of a controller until the next call. Other states begin at the
  /// other half of the place, so that who waits at the light sees from where they begin that it
  /// has changed.
  func show(_ shown: [SignalState], at place: Int, signal: Int) {
    let now = -1 - Int(planOfSignal[signal])
    let isHere = now == place || now == place + shown.count
    if isHere, shown.indices.allSatisfy({ states[now + $0] == shown[$0].rawValue }) { return }
    let next = now == place ? place + shown.count : place
    for (i, state) in shown.enumerated() { states[next + i] = state.rawValue }
    planOfSignal[signal] = Int32(truncatingIfNeeded: -1 - next)
  }

  func free() {
    for list in [firstPhase, phaseCount, offset, phaseEnd, firstState] { list.free() }
    states.free()
    planOfSignal.free()
    isConducted.free()
    changes.free()
  }

  /// Where the states of a controller begin at a time in milliseconds after the run's first
  /// midnight, or -1 where it has no plan.
  func stateStart(of controller: Int, at time: Int64) -> Int {
    shown(by: controller, at: time).start
  }

  @inline(__always) var hasMachines: Bool { isConducted[0] != 0 }

  /// A number that is another one after every change of plans.
  @inline(__always) var plans: Int32 { changes[0] }

  /// The plan that a controller is known to run, or what its machine shows.
  @inline(__always) func plan(of controller: Int) -> Int32 { planOfSignal[controller] }

  /// The same, and until when it stays so as long as the plan does.
  func shown(by controller: Int, at time: Int64) -> (start: Int, until: Int64) {
    let plan = Int(planOfSignal[controller])
    if plan < 0 { return (-1 - plan, .max) }
    let first = Int(firstPhase[plan])
    let last = first + Int(phaseCount[plan]) - 1
    guard first <= last else { return (-1, .max) }
    let cycle = Int64(phaseEnd[last])
    var t = (time - Int64(offset[plan])) % cycle
    if t < 0 { t += cycle }
    var phase = first
    while phase < last && t >= Int64(phaseEnd[phase]) { phase += 1 }
    return (Int(firstState[phase]), time + Int64(phaseEnd[phase]) - t)
  }

  /// The state of a group, given where the states of its controller begin.
  @inline(__always) func state(start: Int, group: Int) -> UInt8 { states[start + group] }
}

/// What the signal of a junction shows, so that it need not be worked out in every tick, and what
/// the junction has made of it. Follows from the rest, but for `shown` and `revokes`, of which a run
/// that goes on from a checkpoint is told anew: it begins as with another light.
struct JunctionLight: BitwiseCopyable {
  /// As of `SignalClock.plan`.
  var plan = Int32.min
  /// Where its states begin.
  var start: Int32 = -1
  /// In milliseconds; from here on it has to be looked up.
  var until = Int64.min
  /// Where the states begin that it showed when the junction last decided.
  var shown: Int32 = -1
  /// 1 where somebody held a grant at yellow or red when the junction last decided.
  var revokes: UInt8 = 0
}

extension TrafficWorld {
  /// Where the states begin that the signal of a junction shows at a time, or -1 where it has none; by
  /// the worker of the junction.
  @inline(__always) func light(at junction: Int, _ time: Int64) -> Int {
    let signal = Int(topology.junctionSignal[junction])
    if signal < 0 { return -1 }
    let known = lights[junction]
    if time < known.until && known.plan == signals.plan(of: signal) { return Int(known.start) }
    return lookUpLight(junction, signal, time)
  }

  /// Whether a junction of a chunk may show another light than in the tick before.
  @inline(__always) func lightsMayBeNew(_ chunk: Int, _ scratch: ChunkScratch, at time: Int64)
    -> Bool
  {
    if signals.hasMachines { return true }
    if time < scratch.counters[0].sameLightsUntil
      && scratch.counters[0].plansSeen == signals.plans
    {
      return false
    }
    var until = Int64.max
    for junction in Int(layout.firstJunction[chunk])..<Int(layout.firstJunction[chunk + 1])
    where topology.junctionSignal[junction] >= 0 {
      _ = light(at: junction, time)
      until = min(until, lights[junction].until)
    }
    scratch.counters[0].sameLightsUntil = until
    scratch.counters[0].plansSeen = signals.plans
    return true
  }

  private func lookUpLight(_ junction: Int, _ signal: Int, _ time: Int64) -> Int {
    let (start, until) = signals.shown(by: signal, at: time)
    lights[junction].plan = signals.plan(of: signal)
    lights[junction].start = Int32(truncatingIfNeeded: start)
    lights[junction].until = until
    return start
  }
}
