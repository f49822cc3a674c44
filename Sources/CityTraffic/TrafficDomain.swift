import CityBase
import CityNetwork
import CitySimulation

/// Traffic on the common clock: every vehicle by itself, from its access point to its destination.
public final class TrafficDomain: Domain {
  public let name = "traffic"
  public let network: RoadNetwork
  public let demand: TrafficDemand
  public private(set) var counts = TrafficCounts()
  /// Cycles of drivers waiting for each other that stood longer than the settings allow.
  public var gridlocks: [GridlockReport] { gridlock.reports }
  public var missedTurns: Int { decisions.missedTurns }
  /// Vehicle-ticks worked off so far.
  public private(set) var vehicleTicks: Int64 = 0
  /// The most vehicles that were on the road at once.
  public private(set) var peakOnRoad = 0

  let world: TrafficWorld
  let pool: WorkerPool
  /// Milliseconds from the epoch: whose trips and which hours the final figures are about.
  let measured: Range<Int64>
  var times: TravelTimes
  var decisions: RouteDecisions
  var gridlock: GridlockDetector
  var recent: RecentLinkMeasures
  /// The lanes' sums at the start and end of the measured window; nil until then.
  var totalsAtStart: LinkTotals?
  var totalsAtEnd: LinkTotals?
  var interval = IntervalState()
  let stepSeconds: Double
  /// The ticks done so far.
  private(set) var lastTick: Tick = 0
  private var arrivals: [Leaver] = []

  /// Puts the traffic of a run together. The demand's links must be those of the network; figures
  /// count trips due, and traffic, within `measured` (milliseconds from the epoch).
  public init(
    network: RoadNetwork, demand: TrafficDemand, settings: TrafficSettings, clock: Clock,
    measured: Range<Int64>, random: RandomStream, pool: WorkerPool
  ) {
    self.network = network
    self.demand = demand
    self.pool = pool
    self.measured = measured
    stepSeconds = clock.stepSeconds
    world = TrafficWorld(
      network: network, settings: settings, demand: demand, random: random,
      stepSeconds: Float(clock.stepSeconds))
    times = TravelTimes(network)
    decisions = RouteDecisions(network)
    gridlock = GridlockDetector(laneCount: network.laneCount)
    recent = RecentLinkMeasures(
      linkCount: network.linkCount, stepSeconds: clock.stepSeconds)
  }

  /// Phase 2: trips become due, ways are looked for anew, and every so often the travel times and
  /// the stuck are looked after.
  public func decide(_ moment: Moment) {
    if moment.milliseconds >= measured.lowerBound, totalsAtStart == nil {
      totalsAtStart = LinkTotals(world)
    }
    if moment.milliseconds >= measured.upperBound, totalsAtEnd == nil {
      totalsAtEnd = LinkTotals(world)
    }
    decisions.followOverrides(world, demand, times, moment)
    releaseDueTrips(moment)
    let step = moment.stepSeconds
    if isDue(every: world.settings.travelTimeSeconds, moment) {
      times.update(world, stepSeconds: Double(step))
      recent.update(world, seconds: Double(world.settings.travelTimeSeconds))
    }
    if isDue(every: 5, moment) { decisions.helpTheStuck(world, demand, times, moment) }
    if isDue(every: 10, moment) {
      gridlock.look(
        world, tick: moment.tick,
        standingTicks: Int((world.settings.gridlockSeconds / step).rounded()))
    }
  }

  /// Phases 3 to 7.
  public func advance(_ moment: Moment) {
    let world = world
    let step = moment.stepSeconds
    let chunks = world.layout.count
    pool.run(chunks: chunks) { world.change(chunk: $0, tick: moment.tick, step: step) }
    pool.run(chunks: chunks) { world.grant(chunk: $0, moment: moment) }
    pool.run(chunks: chunks) { world.advance(chunk: $0, step: step) }
    world.distribute(arrived: &arrivals)
    pool.run(chunks: chunks) { world.transfer(chunk: $0) }
    vehicleTicks += Int64(counts.onRoad)
    for arrival in arrivals { finish(arrival, tick: moment.tick + 1) }
    lastTick = moment.tick + 1
  }

  /// Takes over the counts of a checkpoint.
  func restore(counts: TrafficCounts, vehicleTicks: Int64, peak: Int, lastTick: Tick) {
    self.counts = counts
    self.vehicleTicks = vehicleTicks
    self.lastTick = lastTick
    peakOnRoad = peak
  }

  /// Phase 8.
  public func insert(_ moment: Moment) {
    let world = world
    pool.run(chunks: world.layout.count) { world.insert(chunk: $0, tick: moment.tick + 1) }
    for i in 0..<world.chunks.count {
      counts.departed += world.chunks[i].departures.count
      interval.departed += world.chunks[i].departures.count
    }
    peakOnRoad = max(peakOnRoad, counts.onRoad)
  }

  private func isDue(every seconds: Float, _ moment: Moment) -> Bool {
    let ticks = max(1, Int64((seconds / moment.stepSeconds).rounded()))
    return moment.tick > 0 && moment.tick % ticks == 0
  }

  private func releaseDueTrips(_ moment: Moment) {
    while counts.due < demand.trips.count,
      demand.trips[counts.due].departureMilliseconds <= moment.milliseconds
    {
      decisions.prepareDeparture(counts.due, world, demand, times, moment)
      world.enqueue(counts.due)
      counts.due += 1
    }
  }

  private func finish(_ arrival: Leaver, tick: Tick) {
    let v = Int(arrival.vehicle)
    world.vehicles.arrived[v] = tick
    world.vehicles.metres[v] += arrival.position
    counts.arrived += 1
    interval.arrived += 1
  }

  /// The trips whose vehicles are on a link, lane by lane from the kerb, front to back.
  public func trips(on link: LinkID) -> [TripID] {
    network.lanes(of: link).flatMap { lane in
      (0..<Int(world.lanes.count[lane])).map {
        TripID(rawValue: world.slots.vehicle[Int(world.lanes.base[lane]) + $0])
      }
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

/// What has happened since the last row of the time series.
struct IntervalState {
  var departed = 0
  var arrived = 0
  var vehicleTicks: Int64 = 0
  var metres = 0.0
}
