import CityBase
import CityNetwork
import CitySimulation

/// The machines of all signals that are not left to the clock for the whole run.
///
/// `@unchecked Sendable`: it changes in the serial part of phase 2 only.
final class SignalRoom: @unchecked Sendable {
  /// Ascending by signal.
  private(set) var machines: [SignalMachine] = []
  /// Indices of `machines` by chunk of the network.
  private(set) var machinesOfChunk: [[SignalMachine]]
  private var machineOfSignal: [SignalMachine?]
  private let firstWeekday: Int
  /// The first moment at which a schedule may have something else to say.
  private var nextLook = Int64.min
  let clock: SignalClock
  let network: RoadNetwork
  private let layout: ChunkLayout

  init(
    _ setup: SignalSetup, network: RoadNetwork, layout: ChunkLayout, clock: SignalClock,
    epoch: Instant
  ) {
    self.network = network
    self.layout = layout
    self.clock = clock
    machinesOfChunk = Array(repeating: [], count: layout.count)
    machineOfSignal = Array(repeating: nil, count: network.signals.count)
    firstWeekday = epoch.weekday
    for signal in setup.signals where 0..<network.signals.count ~= signal.index {
      if let schedule = setup[signal] { makeMachine(signal.index, schedule) }
    }
  }

  func machine(of signal: Int) -> SignalMachine? { machineOfSignal[signal] }

  /// Makes the machine of a signal that has had none, with the built plan as its only program. Serial.
  @discardableResult
  func makeMachine(_ signal: Int) -> SignalMachine {
    if let machine = machineOfSignal[signal] { return machine }
    let built = network.signals[SignalID(signal)]
    return makeMachine(
      signal,
      SignalSchedule(programs: [SignalProgram(name: "", plan: built, control: FixedTime())]))
  }

  @discardableResult
  private func makeMachine(_ signal: Int, _ schedule: SignalSchedule) -> SignalMachine {
    let controller = network.signals[SignalID(signal)]
    let junction = controller.junction.index
    let chunk = (layout.firstJunction.lastIndex { Int($0) <= junction } ?? 0)
    let machine = SignalMachine(
      signal: signal, junction: junction, chunk: min(chunk, layout.count - 1),
      liveStates: clock.appendLive(groups: Int(controller.groupCount)), schedule: schedule,
      network: network)
    for program in schedule.programs {
      let plan = program.plan == controller ? Int32(signal) : clock.append(program.plan)
      machine.add(program, clockPlan: plan)
    }
    machineOfSignal[signal] = machine
    let at = machines.firstIndex { $0.signal > signal } ?? machines.count
    machines.insert(machine, at: at)
    let list = machinesOfChunk[machine.chunk]
    machinesOfChunk[machine.chunk].insert(
      machine, at: list.firstIndex { $0.signal > signal } ?? list.count)
    return machine
  }

  /// Finds the program that every signal is to run now: what a policy has set, and else what its
  /// schedule says. Serial.
  func look(at time: Int64, _ plans: [CityOverrides.SignalPlan], haveChanged: Bool, isFirst: Bool) {
    guard haveChanged || time >= nextLook || isFirst else { return }
    for entry in plans where 0..<network.signals.count ~= entry.signal.index {
      if isFitting(entry) { makeMachine(entry.signal.index) }
    }
    let day = SignalSchedule.day
    let today = time / day * day
    nextLook = today + day
    var imposed = plans[...]
    for machine in machines {
      while let first = imposed.first, first.signal.index < machine.signal {
        imposed.removeFirst()
      }
      if let entry = imposed.first, entry.signal.index == machine.signal, isFitting(entry) {
        machine.wanted = program(of: entry.plan, machine)
      } else {
        machine.wanted = machine.schedule.program(at: time, firstWeekday: firstWeekday)
      }
      for entry in machine.schedule.entries where today + entry.from > time {
        nextLook = min(nextLook, today + entry.from)
      }
      if isFirst { machine.begin(at: time, clock) }
    }
  }

  private func program(of plan: SignalController, _ machine: SignalMachine) -> Int {
    if let known = machine.imposedProgram(plan) { return known }
    machine.impose(plan, clockPlan: clock.append(plan))
    return machine.programs.count - 1
  }

  /// Plans without the groups of the controller's own are passed over.
  private func isFitting(_ entry: CityOverrides.SignalPlan) -> Bool {
    let own = network.signals[entry.signal]
    return !entry.plan.phases.isEmpty
      && entry.plan.phases.allSatisfy {
        $0.states.count == Int(own.groupCount) && $0.milliseconds > 0
      }
  }
}
