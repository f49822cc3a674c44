import CityBase
import CityNetwork
import CitySimulation

/// Phase 2 for drivers: who looks for another way, and which one is taken.
///
/// A driver leaves the way he set out on because it is closed, because he stands in a lane that
/// does not lead there, or because nothing has moved for minutes.
struct RouteDecisions {
  var paths: ShortestPaths
  /// For guided drivers.
  var guidance = GuidanceSearch()
  private var overridesSeen: UInt32 = 0
  /// Turns that were missed for want of a gap.
  private(set) var missedTurns = 0
  private(set) var reroutes = 0
  /// The present costs and the search over them, kept until times or overrides change.
  private var costsNow: [Int32] = []
  private var searchNow: TimeSearch?
  private var costsMadeOf: (times: Int, overrides: UInt32)?

  init(_ network: RoadNetwork) { paths = ShortestPaths(network) }

  /// The present costs: travel times, and nothing over closed links.
  mutating func costs(_ times: TravelTimes, _ overrides: CityOverrides) -> [Int32] {
    if let made = costsMadeOf, made == (times.revision, overrides.version) { return costsNow }
    var costs = times.milliseconds
    for link in costs.indices where overrides.closures.values[link] > 0 {
      costs[link] = LinkCosts.closed
    }
    costsNow = costs
    searchNow = nil
    costsMadeOf = (times.revision, overrides.version)
    return costs
  }

  /// The same for drivers who look for another way: a link with all lanes blocked is one on which
  /// nothing moves.
  private mutating func costsOfDrivers(
    _ world: TrafficWorld, _ times: TravelTimes, _ overrides: CityOverrides
  ) -> [Int32] {
    var costs = costs(times, overrides)
    for link in world.walledLinks() where costs[link] < TravelTimes.longest {
      costs[link] = TravelTimes.longest
    }
    return costs
  }

  /// Costs as they are for a vehicle: those over links that are closed to its class are closed, but
  /// for its destination.
  func costs(_ costs: [Int32], for vehicle: Int, _ world: TrafficWorld) -> [Int32] {
    let barred = world.barredLinks(to: vehicle)
    if barred.isEmpty { return costs }
    var own = costs
    let end = world.destinationLink[vehicle]
    for link in barred where link != end { own[Int(link)] = LinkCosts.closed }
    return own
  }

  /// The quickest way as things are now.
  mutating func route(
    from origin: AccessPoint, to destination: AccessPoint, _ times: TravelTimes,
    _ overrides: CityOverrides
  ) -> [LinkID]? {
    paths.route(from: origin, to: destination, costs: costs(times, overrides))
  }

  /// Times between many places and one as things are now.
  mutating func withSearch<Result>(
    _ times: TravelTimes, _ overrides: CityOverrides, _ body: (inout TimeSearch) -> Result
  ) -> Result {
    let costs = costs(times, overrides)
    var search = searchNow ?? TimeSearch(paths, costs: costs)
    searchNow = nil
    defer { searchNow = search }
    return body(&search)
  }

  /// After a change of the overrides: everybody whose way has been closed looks for another one.
  mutating func followOverrides(
    _ world: TrafficWorld, _ times: TravelTimes, _ moment: Moment
  ) {
    guard moment.overrides.version != overridesSeen else { return }
    overridesSeen = moment.overrides.version
    guard world.takeOverClosures(moment.overrides) else { return }
    let isClosed = { (link: LinkID) in moment.overrides.isClosed(link) }
    var affected: [(slot: Int, lane: Int, isSettled: Bool)] = []
    world.forEachVehicle { slot, lane, isSettled in
      if world.isWayClosed(Int(world.slots.vehicle[slot]), isClosed) {
        affected.append((slot, lane, isSettled))
      }
    }
    for link in 0..<world.queueHead.count {
      var trip = world.queueHead[link]
      while trip >= 0 {
        prepareDeparture(Int(trip), world, times, moment)
        trip = world.vehicles.queueNext[trip]
      }
    }
    guard !affected.isEmpty else { return }
    let costs = costsOfDrivers(world, times, moment.overrides)
    for (slot, lane, isSettled) in affected {
      reroute(slot, lane: lane, isSettled: isSettled, world, costs)
    }
  }

  /// A trip that is due while its way is closed looks for another one before it departs.
  mutating func prepareDeparture(
    _ trip: Int, _ world: TrafficWorld, _ times: TravelTimes, _ moment: Moment
  ) {
    guard moment.overrides.version > 0,
      world.isWayClosed(trip, { moment.overrides.isClosed($0) })
    else { return }
    let found = paths.route(
      from: world.origin(of: trip), to: world.destination(of: trip),
      costs: costs(costs(times, moment.overrides), for: trip, world))
    guard let found else { return }
    world.setRoute(trip, following: found.dropFirst())
    reroutes += 1
  }

  /// Every few seconds: heads that stand in a lane that does not lead on, or stand for minutes in a
  /// queue that does not move.
  mutating func helpTheStuck(
    _ world: TrafficWorld, _ times: TravelTimes, _ moment: Moment
  ) {
    let step = moment.stepSeconds
    let missed = Int((world.settings.missedTurnSeconds / step).rounded())
    let stuck = Int((world.settings.rerouteSeconds / step).rounded())
    let fiveSeconds = max(1, Int64((5 / step).rounded()))
    let shortest = min(missed, stuck, Int(fiveSeconds))
    var current: [Int32]?
    for lane in world.roadLanesWithHeadsStanding(ticks: stuck, orWithoutWayOn: shortest)
    where !world.isHeadHeldBack(lane) {
      let s = Int(world.lanes.base[lane])
      let standing = Int(world.standing(s))
      let next = world.nextLink(of: Int(world.slots.vehicle[s]))
      if world.slots.next[s] == NextLane.wrongLane || (next >= 0 && world.isClosed[next] != 0) {
        let patience = world.isWayBackBlocked(lane) ? min(missed, Int(fiveSeconds)) : missed
        guard standing >= patience, !world.waitsAtRed(lane, moment) else { continue }
      } else {
        // Once every two minutes, each lane in its turn, and not for a light or a gap.
        guard standing >= stuck, world.lanes.waitsFor[lane] >= 0,
          (moment.tick / fiveSeconds + Int64(lane)) % max(1, Int64(stuck) / fiveSeconds) == 0
        else { continue }
      }
      let costs = current ?? costsOfDrivers(world, times, moment.overrides)
      current = costs
      takeAnyTurn(s, lane: lane, world, costs)
    }
  }

  /// Sends the head of a lane the quickest way that starts with a turn from this very lane.
  private mutating func takeAnyTurn(
    _ s: Int, lane: Int, _ world: TrafficWorld, _ costs: [Int32]
  ) {
    let vehicle = Int(world.slots.vehicle[s])
    let costs = self.costs(costs, for: vehicle, world)
    var best: [LinkID]?
    var bestTime = Int64.max
    var tried: [Int] = []
    for c in world.topology.connectors(fromLane: lane) {
      let to = Int(world.topology.connectorTo[c])
      let link = Int(world.topology.laneLink[to])
      if tried.contains(link) || costs[link] == LinkCosts.closed { continue }
      guard world.isOpen(to, to: vehicle) else { continue }
      tried.append(link)
      guard
        let way = paths.route(
          from: AccessPoint(link: LinkID(link), offset: 0),
          to: world.destination(of: vehicle), costs: costs)
      else { continue }
      let time = way.reduce(Int64(0)) { $0 + Int64(costs[$1.index]) }
      if time < bestTime {
        bestTime = time
        best = way
      }
    }
    guard let best, !world.isOnWay(vehicle, best) else { return }
    if world.slots.next[s] == NextLane.wrongLane {
      missedTurns += 1
      world.missedTurns[world.topology.laneLink[lane]] += 1
    } else {
      reroutes += 1
    }
    world.setRoute(vehicle, following: best[...])
    world.settle(s, lane: lane)
  }

  private mutating func reroute(
    _ s: Int, lane: Int, isSettled: Bool, _ world: TrafficWorld, _ costs: [Int32]
  ) {
    let vehicle = Int(world.slots.vehicle[s])
    let destination = world.destination(of: vehicle)
    let costs = self.costs(costs, for: vehicle, world)
    if isSettled {
      let next = world.nextLink(of: vehicle)
      guard next >= 0,
        let way = paths.route(
          from: AccessPoint(link: LinkID(next), offset: 0), to: destination, costs: costs)
      else { return }
      world.setRoute(vehicle, following: way[...])
    } else {
      let here = AccessPoint(
        link: LinkID(world.currentLink(of: vehicle)), offset: world.slots.position[s])
      guard let way = paths.route(from: here, to: destination, costs: costs) else { return }
      world.setRoute(vehicle, following: way.dropFirst())
      world.settle(s, lane: lane)
    }
    reroutes += 1
  }

  mutating func countReroute() { reroutes += 1 }

  func encode(into writer: inout StateWriter) {
    writer.write(overridesSeen)
    writer.write(Int64(missedTurns))
    writer.write(Int64(reroutes))
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    overridesSeen = try reader.read()
    missedTurns = Int(try reader.read(Int64.self))
    reroutes = Int(try reader.read(Int64.self))
  }
}
