import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTraffic

/// What every control of a signal must keep to, whatever it prefers. A new control has one test that
/// calls this.
public enum SignalControlConformance {
  /// The rules that a control breaks in ten minutes of random traffic through four signals, in
  /// words; empty if none.
  ///
  /// No green is shorter than its minimum, no yellow is cut, nobody gets green before the all-red
  /// after those whose ways cross his has passed, no two groups in conflict are green together, and
  /// green ends in yellow. The same run gives the same bits on two threads and after a resume.
  public static func violations(
    of control: any SignalControl, lanes: Int = 2, step: Int64 = 500
  ) -> [String] {
    var found: [String] = []
    if type(of: control).typeName.isEmpty { found.append("it has no name") }
    let network = GridNetwork(size: 2, lanes: lanes).build()
    let run = SignalWatch(network, control, threads: 1, step: step)
    var state: [UInt8] = []
    let ticks = 600_000 / step
    do {
      for tick in 0..<ticks {
        if tick == ticks / 3 {
          var writer = StateWriter()
          run.simulation.encodeState(into: &writer)
          state = writer.bytes
        }
        try run.simulation.step()
        run.look()
      }
      found += run.faults
      if run.changes == 0 { found.append("it never changes the stage") }
      let other = SignalWatch(network, control, threads: 2, step: step)
      var reader = StateReader(state, file: "memory")
      try other.simulation.decodeState(from: &reader)
      if !reader.isAtEnd { found.append("the checkpoint is longer than what is read of it") }
      while other.simulation.tick < ticks { try other.simulation.step() }
      if other.simulation.stateHash() != run.simulation.stateHash() {
        found.append("a resumed run on two threads goes on differently")
      }
    } catch {
      found.append("it stops with an error: \(error)")
    }
    run.pool.shutDown()
    return found
  }
}

/// A run that is watched tick by tick for what its signals show.
public final class SignalWatch {
  public let network: RoadNetwork
  public let simulation: Simulation
  public let traffic: TrafficDomain
  let pool: WorkerPool
  private let intergreens: [Intergreens]
  private let leastGreen: Int64
  /// By signal and group: the state, and since which millisecond it has been shown; what was shown
  /// before it.
  private var shown: [[(state: SignalState, since: Int64, before: SignalState)]] = []
  /// By signal and group: when it was last open.
  private var lastOpen: [[Int64]] = []
  public private(set) var faults: [String] = []
  /// How often a group got green.
  public private(set) var changes = 0

  /// All signals under one control, with 700 random trips in ten minutes, or schedules of their own.
  public init(
    _ network: RoadNetwork, _ control: any SignalControl, threads: Int, step: Int64 = 500,
    trips: Int = 700, leastGreen: Int64 = SignalProgram.leastGreen, policies: [any Policy] = [],
    schedule: ((SignalID) -> SignalSchedule?)? = nil
  ) {
    self.network = network
    self.leastGreen = leastGreen
    pool = WorkerPool(threads: threads)
    intergreens = network.signals.ids.map { Intergreens(network, $0) }
    let random = RandomStream(seed: 3)
    // Sunday, 1 March 2026, 23:00 UTC is Monday, 7:00 in China.
    let epoch = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    let clock = Clock(epoch: epoch, stepMilliseconds: step)
    var setup = SignalSetup()
    for signal in network.signals.ids {
      let plain = SignalSchedule(programs: [
        SignalProgram(name: "only", plan: network.signals[signal], control: control)
      ])
      setup[signal] = schedule == nil ? plain : schedule?(signal)
    }
    traffic = TrafficDomain(
      network: network, demand: Self.demand(network, count: trips, random: random),
      settings: TrafficSettings(), clock: clock, measured: 0..<86_400_000, random: random,
      pool: pool, signals: setup)
    simulation = Simulation(
      clock: clock, network: network, random: random, policies: policies, domains: [traffic],
      recorders: [])
  }

  private static func demand(_ network: RoadNetwork, count: Int, random: RandomStream)
    -> TrafficDemand
  {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    var made: [(trip: Trip, way: [LinkID])] = []
    var i: UInt64 = 0
    while made.count < count, i < UInt64(20 * count) {
      i += 1
      let from = LinkID(random.below(network.linkCount, .originZone, i))
      let to = LinkID(random.below(network.linkCount, .destinationZone, i))
      let trip = Trip(
        name: "t\(i)", departureMilliseconds: Int64(random.below(600_000, .departureTime, i)),
        origin: AccessPoint(link: from, offset: network.linkLength[from] * 0.5),
        destination: AccessPoint(link: to, offset: network.linkLength[to] * 0.5))
      if from != to, let way = paths.route(from: trip.origin, to: trip.destination, costs: costs) {
        made.append((trip, way))
      }
    }
    made.sort {
      ($0.trip.departureMilliseconds, $0.trip.name) < ($1.trip.departureMilliseconds, $1.trip.name)
    }
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: [], freeFlowSeconds: [])
    for (trip, way) in made {
      demand.trips.append(trip)
      demand.routeFirst.append(Int32(demand.links.count))
      demand.routeCount.append(Int32(way.count))
      demand.links += way
      demand.freeFlowSeconds.append(0)
    }
    return demand
  }

  /// Looks at what the signals showed in the tick just done.
  public func look() {
    let tick = simulation.tick - 1
    let moment = Moment(
      tick: tick, clock: simulation.clock, random: simulation.random,
      overrides: simulation.overrides)
    let now = moment.milliseconds
    let isFirst = shown.isEmpty
    for signal in network.signals.ids {
      let states = traffic.signalStates(of: signal, at: moment)
      if isFirst {
        // What went on before the run is not known.
        shown.append(states.map { ($0, Int64.min / 2, $0) })
        lastOpen.append(states.map { $0.isOpen ? now : Int64.min / 2 })
      }
      compare(signal, states, now)
      for group in states.indices {
        if states[group].isOpen { lastOpen[signal.index][group] = now }
      }
    }
  }

  private func compare(_ signal: SignalID, _ states: [SignalState], _ now: Int64) {
    let s = signal.index
    let step = simulation.clock.stepMilliseconds
    func fault(_ text: String) { faults.append("signal \(s) at \(now) ms: \(text)") }
    for group in states.indices {
      let (before, since, _) = shown[s][group]
      let state = states[group]
      guard state != before else { continue }
      let lasted = now - since
      // A state is looked at once a step, so one that lasts m may be seen for m less a step.
      switch (before, state) {
      case (.green, .red), (.permissive, .red): fault("group \(group) turns red without yellow")
      case (.yellow, .green), (.yellow, .permissive):
        fault("group \(group) turns green out of yellow")
      case (.yellow, .red):
        if lasted < Int64(intergreens[s].yellow[group]) - step + 1 {
          fault("the yellow of group \(group) lasts \(lasted) ms")
        }
      default: break
      }
      if state == .yellow, before.isOpen, lasted < leastGreen - step + 1 {
        fault("the green of group \(group) lasts \(lasted) ms")
      }
      if state.isOpen && !before.isOpen {
        changes += 1
        checkClearance(signal, group, states, now, fault)
      }
      // Green and yielding green are one green, and its minimum is that of both.
      let start = state.isOpen && before.isOpen ? since : now
      shown[s][group] = (state, start, before)
    }
    checkConflicts(signal, states, fault)
  }

  private func checkClearance(
    _ signal: SignalID, _ group: Int, _ states: [SignalState], _ now: Int64,
    _ fault: (String) -> Void
  ) {
    let table = intergreens[signal.index]
    let step = simulation.clock.stepMilliseconds
    for other in states.indices where other != group && !states[other].isOpen {
      var from = [SignalState](repeating: .red, count: states.count)
      var to = from
      from[other] = .green
      to[group] = .green
      guard isInConflict(signal, group, other) else { continue }
      let needed = Int64(table.yellow[other]) + Int64(table.allRed(from: from, to: to))
      // The last tick at which it was open lies up to a step before the end of its green.
      let passed = now - lastOpen[signal.index][other]
      if passed < needed - step + 1 {
        fault("group \(group) begins \(passed) ms after group \(other), not \(needed)")
      }
    }
  }

  private func checkConflicts(
    _ signal: SignalID, _ states: [SignalState], _ fault: (String) -> Void
  ) {
    for a in states.indices where states[a] == .green {
      for b in states.indices where b > a && states[b] == .green {
        if isInConflict(signal, a, b) { fault("groups \(a) and \(b) are green together") }
      }
    }
  }

  private func isInConflict(_ signal: SignalID, _ a: Int, _ b: Int) -> Bool {
    network.connectors(of: network.signals[signal].junction).contains { c in
      Int(network.connectorGroup[ConnectorID(c)]) == a
        && network.conflicts(of: ConnectorID(c)).contains {
          $0.kind != ConflictKind.diverge && Int(network.connectorGroup[$0.other]) == b
        }
    }
  }
}
