import CityBase
import CityNetwork
import CitySimulation

/// Traffic on the common clock: every vehicle by itself, from its access point to its destination.
public final class TrafficDomain: ReportingDomain {
  public let name = "traffic"
  public let network: RoadNetwork
  public let demand: TrafficDemand
  /// How the trips stand: those of the demand and those begun by other domains.
  public internal(set) var counts = TrafficCounts()
  /// Circles of queues waiting for each other that stood longer than the settings allow, in the
  /// order they were found.
  public var gridlocks: [GridlockReport] { gridlock.reports.filter { $0.kind == .gridlock } }
  /// Queues that stood as long without such a circle.
  public var standstills: [GridlockReport] { gridlock.reports.filter { $0.kind == .standstill } }
  public var missedTurns: Int { decisions.missedTurns }
  /// Vehicle-ticks worked off so far.
  public private(set) var vehicleTicks: Int64 = 0
  /// The most vehicles that were on the road at once, over the whole run and within the measured
  /// window.
  public private(set) var peakOnRoad = 0
  private(set) var peakMeasured = 0

  /// How many drives other domains may begin.
  public let reservedDrives: Int
  var driveState = DriveState()
  /// The trips of the demand that have become due.
  private(set) var releasedTrips = 0

  let random: RandomStream
  let world: TrafficWorld
  let signalRoom: SignalRoom
  let pool: WorkerPool
  /// Nil where it goes phase by phase.
  private let order: TickOrder?
  /// Milliseconds from the epoch: whose trips and which hours the final figures are about.
  let measured: Range<Int64>
  var times: TravelTimes
  var decisions: RouteDecisions
  var gridlock: GridlockDetector
  var stuck: StuckHours
  var recent: RecentLinkMeasures
  /// The lanes' sums at the start and end of the measured window; nil until then.
  var totalsAtStart: LinkTotals?
  var totalsAtEnd: LinkTotals?
  var eventsAtStart = EventCounts()
  var eventsAtEnd = EventCounts()
  var interval = IntervalState()
  let movements: MovementMeasures
  /// What loops count, where a scenario has any.
  var detectors: DetectorMeasures?
  let stepSeconds: Double
  /// The ticks done so far.
  private(set) var lastTick: Tick = 0
  private var arrivals: [Leaver] = []
  /// The version of the overrides whose limits and plans are in force.
  private var limitsSeen: UInt32 = 0
  private var limitedLinks: [Int] = []

  /// Puts the traffic of a run together. The demand's links must be those of the network; figures
  /// count trips due, and traffic, within `measured` (milliseconds from the epoch). Other domains
  /// may begin up to `reservedDrives` drives. `signals` says who controls which signal when.
  public init(
    network: RoadNetwork, demand: TrafficDemand, settings: TrafficSettings, clock: Clock,
    measured: Range<Int64>, random: RandomStream, pool: WorkerPool, reservedDrives: Int = 0,
    signals: SignalSetup = SignalSetup()
  ) {
    self.network = network
    self.demand = demand
    self.reservedDrives = max(0, reservedDrives)
    self.random = random
    self.pool = pool
    self.measured = measured
    stepSeconds = clock.stepSeconds
    world = TrafficWorld(
      network: network, settings: settings, demand: demand, reservedDrives: reservedDrives,
      random: random, stepSeconds: Float(clock.stepSeconds))
    order = TickOrder(world, threads: pool.threads)
    movements = MovementMeasures(world)
    signalRoom = SignalRoom(
      signals, network: network, layout: world.layout, clock: world.signals, epoch: clock.epoch)
    times = TravelTimes(network)
    decisions = RouteDecisions(network)
    gridlock = GridlockDetector(laneCount: network.laneCount)
    stuck = StuckHours(vehicleCount: demand.trips.count + max(0, reservedDrives))
    recent = RecentLinkMeasures(
      linkCount: network.linkCount, stepSeconds: clock.stepSeconds)
  }

  /// Phase 2: trips become due, ways are looked for anew, and every so often the travel times and
  /// the stuck are looked after.
  public func decide(_ moment: Moment) {
    if moment.milliseconds >= measured.lowerBound, totalsAtStart == nil {
      totalsAtStart = LinkTotals(world)
      eventsAtStart = events
    }
    if moment.milliseconds >= measured.upperBound, totalsAtEnd == nil {
      totalsAtEnd = LinkTotals(world)
      eventsAtEnd = events
    }
    let plansHaveChanged = followLimits(moment.overrides)
    followBlockages(moment.overrides)
    movements.look(moment)
    world.updateGates()
    conductSignals(moment, plansHaveChanged: plansHaveChanged)
    decisions.followOverrides(world, times, moment)
    releaseDueTrips(moment)
    let step = moment.stepSeconds
    if isDue(every: world.settings.travelTimeSeconds, moment) {
      times.update(world, stepSeconds: Double(step))
      recent.update(world, seconds: Double(world.settings.travelTimeSeconds))
    }
    if isDue(every: 5, moment) { decisions.helpTheStuck(world, times, moment) }
    if isDue(every: RouteDecisions.guidanceRound, moment) {
      decisions.guide(world, tripCount: demand.trips.count, times, moment)
    }
    lookForTheStuck(moment)
  }

  private func lookForTheStuck(_ moment: Moment) {
    let ticks = { (seconds: Float) in max(1, Int((seconds / moment.stepSeconds).rounded())) }
    if isDue(every: 10, moment) {
      gridlock.look(
        world, tick: moment.tick, standingTicks: ticks(world.settings.gridlockSeconds),
        interval: ticks(10))
    }
    if isDue(every: StuckHours.window, moment) { stuck.look(world) }
  }

  /// Phases 3 to 7.
  public func advance(_ moment: Moment) {
    let world = world
    let chunks = world.layout.count
    world.passages.now[0] = Double(moment.tick + 1) * stepSeconds
    world.clock[0] = Int32(truncatingIfNeeded: moment.tick)
    if let order, world.side.isInUse[0] == 0 {
      for parts in order.steps {
        pool.run(chunks: parts.count) { world.follow(parts[$0], moment) }
      }
    } else {
      pool.run(chunks: chunks) { world.change(chunk: $0, moment: moment) }
      pool.run(chunks: chunks) { world.grant(chunk: $0, moment: moment) }
      pool.run(chunks: chunks) { world.advance(chunk: $0, moment: moment) }
    }
    world.clock[0] = Int32(truncatingIfNeeded: moment.tick + 1)
    world.distribute(arrived: &arrivals)
    pool.run(chunks: chunks) { world.transfer(chunk: $0) }
    vehicleTicks += Int64(vehiclesOnRoad)
    driveState.ended.removeAll(keepingCapacity: true)
    for arrival in arrivals { finish(arrival, tick: moment.tick + 1) }
    lastTick = moment.tick + 1
  }

  /// Takes over the counts of a checkpoint.
  func restore(
    counts: TrafficCounts, releasedTrips: Int, vehicleTicks: Int64, peak: (run: Int, measured: Int),
    lastTick: Tick
  ) {
    self.counts = counts
    self.releasedTrips = releasedTrips
    self.vehicleTicks = vehicleTicks
    self.lastTick = lastTick
    world.clock[0] = Int32(truncatingIfNeeded: lastTick)
    peakOnRoad = peak.run
    peakMeasured = peak.measured
  }

  /// Phase 8.
  public func insert(_ moment: Moment) {
    let world = world
    pool.run(chunks: world.layout.count) { world.insert(chunk: $0, tick: moment.tick + 1) }
    driveState.approaching = driveState.approachingNext
    driveState.approachingNext.removeAll(keepingCapacity: true)
    for i in 0..<world.chunks.count {
      for vehicle in world.chunks[i].departures.elements { countDeparture(Int(vehicle)) }
      for vehicle in world.chunks[i].approaching.elements {
        driveState.approaching.append(VehicleID(rawValue: vehicle))
      }
    }
    peakOnRoad = max(peakOnRoad, vehiclesOnRoad)
    if measured.contains(moment.milliseconds) { peakMeasured = max(peakMeasured, vehiclesOnRoad) }
  }

  private func countDeparture(_ vehicle: Int) {
    guard isTrip(vehicle) else {
      driveState.services.departed += 1
      return
    }
    counts.departed += 1
    interval.departed += 1
  }

  /// Takes over the limits that policies have set; true where they may have set signal plans, too.
  private func followLimits(_ overrides: CityOverrides) -> Bool {
    guard overrides.version != limitsSeen else { return false }
    limitsSeen = overrides.version
    let limits = overrides.speedLimits.values
    let limited = limits.indices.filter { limits[$0] > 0 }
    if !limited.isEmpty || !limitedLinks.isEmpty {
      let speed = { (link: LinkID) in
        limits[link.index] > 0 ? limits[link.index] : self.network.linkSpeedLimit[link]
      }
      for link in Set(limited + limitedLinks).sorted() {
        world.setLimit(speed(LinkID(link)), ofLink: link)
      }
      limitedLinks = limited
      times.follow(limits: speed)
    }
    return true
  }

  private func isDue(every seconds: Float, _ moment: Moment) -> Bool {
    let ticks = max(1, Int64((seconds / moment.stepSeconds).rounded()))
    return moment.tick > 0 && moment.tick % ticks == 0
  }

  private func releaseDueTrips(_ moment: Moment) {
    driveState.released.removeAll(keepingCapacity: true)
    while releasedTrips < demand.trips.count,
      demand.trips[releasedTrips].departureMilliseconds <= moment.milliseconds
    {
      decisions.prepareDeparture(releasedTrips, world, times, moment)
      world.enqueue(releasedTrips)
      driveState.released.append(VehicleID(releasedTrips))
      releasedTrips += 1
      counts.due += 1
    }
  }

  private func finish(_ arrival: Leaver, tick: Tick) {
    let v = Int(arrival.vehicle)
    let watch = world.vehicles.watch[v]
    world.vehicles.left[v] = tick
    world.vehicles.metres[v] += arrival.position
    if watch & Watch.events != 0 { driveState.ended.append(VehicleID(v)) }
    if isTrip(v) { counts.left += 1 } else { driveState.services.left += 1 }
    if watch & Watch.held == 0 { endJourney(v, tick: tick) }
  }

  /// The journey of a vehicle that has left the road is at its end.
  func endJourney(_ v: Int, tick: Tick) {
    world.vehicles.arrived[v] = tick
    guard isTrip(v) else {
      driveState.services.arrived += 1
      return
    }
    counts.arrived += 1
    interval.arrived += 1
  }

  /// The trips whose vehicles are on a link, lane by lane from the kerb, front to back, then those
  /// who filter past them.
  public func trips(on link: LinkID) -> [TripID] {
    network.lanes(of: link).flatMap { lane in
      (0..<Int(world.lanes.count[lane])).map {
        TripID(rawValue: world.slots.vehicle[Int(world.lanes.base[lane]) + $0])
      }
    }
      + (0..<Int(world.side.count[link.index])).map {
        TripID(rawValue: world.slots.vehicle[Int(world.side.base[link.index]) + $0])
      }
  }

  /// How often a vehicle had to brake harder than any car can, because the room it had counted on
  /// was gone; and how many lane changes there were.
  public var hardBrakings: Int {
    (0..<world.chunks.count).reduce(0) { $0 + world.chunks[$1].counters[0].hardBrakings }
  }
  public var laneChanges: Int {
    (0..<world.chunks.count).reduce(0) { $0 + world.chunks[$1].counters[0].laneChanges }
  }
}

extension TrafficDomain {
  /// Counted from the start of the run.
  var events: EventCounts {
    EventCounts(
      missedTurns: missedTurns, reroutes: decisions.reroutes, laneChanges: laneChanges,
      hardBrakings: hardBrakings)
  }

  /// Counted within the measured window, as far as the run has come.
  var measuredEvents: EventCounts {
    if totalsAtStart == nil { return EventCounts() }
    return (totalsAtEnd == nil ? events : eventsAtEnd) - eventsAtStart
  }
}

/// What has happened since the last row of the time series.
struct IntervalState {
  var departed = 0
  var arrived = 0
  var vehicleTicks: Int64 = 0
  var metres = 0.0
}
