import CityBase
import CityNetwork
import CitySimulation

/// What every signal shows at a moment: a function of the time and of the plans in force.
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
  /// By controller: the plan in force.
  private let planOfSignal: RawColumn<Int32>

  init(_ network: RoadNetwork) {
    planOfSignal = RawColumn((0..<network.signals.count).map { Int32($0) })
    for controller in network.signals.values { append(controller) }
  }

  private func append(_ plan: SignalController) {
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
  }

  /// Puts these plans in the place of the built ones; all others go back to theirs. Plans that do
  /// not have the groups of their controller's own are passed over. Serial.
  func use(_ plans: [CityOverrides.SignalPlan], _ network: RoadNetwork) {
    for signal in 0..<planOfSignal.count { planOfSignal[signal] = Int32(signal) }
    let built = planOfSignal.count
    if firstPhase.count > built {
      let phases = Int(firstPhase[built])
      states.truncate(to: phases < firstState.count ? Int(firstState[phases]) : states.count)
      for list in [phaseEnd, firstState] { list.truncate(to: phases) }
      for list in [firstPhase, phaseCount, offset] { list.truncate(to: built) }
    }
    for entry in plans where 0..<built ~= entry.signal.index {
      let own = network.signals[entry.signal]
      let fits = entry.plan.phases.allSatisfy {
        $0.states.count == Int(own.groupCount) && $0.milliseconds > 0
      }
      guard fits, !entry.plan.phases.isEmpty else { continue }
      planOfSignal[entry.signal.index] = Int32(firstPhase.count)
      append(entry.plan)
    }
  }

  func free() {
    for list in [firstPhase, phaseCount, offset, phaseEnd, firstState] { list.free() }
    states.free()
    planOfSignal.free()
  }

  /// Where the states of a controller begin at a time of day in milliseconds, or -1 where it has
  /// no plan.
  func stateStart(of controller: Int, atMillisecondOfDay time: Int64) -> Int {
    let plan = Int(planOfSignal[controller])
    let first = Int(firstPhase[plan])
    let last = first + Int(phaseCount[plan]) - 1
    guard first <= last else { return -1 }
    let cycle = Int64(phaseEnd[last])
    var t = (time - Int64(offset[plan])) % cycle
    if t < 0 { t += cycle }
    var phase = first
    while phase < last && t >= Int64(phaseEnd[phase]) { phase += 1 }
    return Int(firstState[phase])
  }

  /// The state of a group, given where the states of its controller begin.
  @inline(__always) func state(start: Int, group: Int) -> UInt8 { states[start + group] }
}
