import CityBase
import CityNetwork
import CitySimulation

/// The signals in phase 2: what they are to run, then what each of them shows, a worker a junction.
extension TrafficDomain {
  func conductSignals(_ moment: Moment, plansHaveChanged: Bool) {
    let room = signalRoom
    let time = moment.signalTime
    room.look(
      at: time, moment.overrides.signalPlans, haveChanged: plansHaveChanged,
      isFirst: moment.tick == 0)
    if room.machines.isEmpty || moment.tick == 0 { return }
    let world = world
    let lists = room.machinesOfChunk
    let step = moment.clock.stepMilliseconds
    pool.run(chunks: lists.count) { chunk in
      for machine in lists[chunk] { machine.step(at: time, milliseconds: step, world: world) }
    }
  }

  /// What a signal shows to each of its groups at the start of a tick, after phase 2 of that tick.
  public func signalStates(of signal: SignalID, at moment: Moment) -> [SignalState] {
    guard 0..<network.signals.count ~= signal.index else { return [] }
    let start = world.signals.stateStart(of: signal.index, at: moment.signalTime)
    guard start >= 0 else { return [] }
    return (0..<Int(network.signals[signal].groupCount)).map {
      SignalState(rawValue: world.signals.state(start: start, group: $0)) ?? .red
    }
  }
}

extension Moment {
  /// Milliseconds after the first midnight of the run, on which plans go: it grows on over the
  /// midnights that follow, so that no cycle is cut there.
  var signalTime: Int64 { clock.epoch.millisecondOfDay + milliseconds }
}
