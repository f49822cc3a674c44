import CityBase
import CityNetwork
import CitySimulation

/// Guided drivers: those who look, every few minutes, whether there is a better way as things are now.
extension RouteDecisions {
  /// Seconds between two rounds; in each, those look whose turn it is.
  static let guidanceRound: Float = 5

  /// Lets the guided drivers whose turn it is take another way where it saves enough.
  ///
  /// Only drivers of trips are guided, and nobody whose next turn is settled, nor anybody so near to
  /// the end of the link that the lane leaves no choice any more.
  mutating func guide(
    _ world: TrafficWorld, tripCount: Int, _ times: TravelTimes, _ moment: Moment
  ) {
    let settings = world.settings.guidance
    let share = settings.share
    guard share > 0 else { return }
    let rounds = UInt64(max(1, (settings.intervalSeconds / Self.guidanceRound).rounded()))
    let ticks = max(1, Int64((Self.guidanceRound / Float(moment.stepSeconds)).rounded()))
    let turn = UInt64(moment.tick / ticks) % rounds
    var looking: [(slot: Int, lane: Int)] = []
    world.forEachVehicle { slot, lane, isSettled in
      let vehicle = Int(world.slots.vehicle[slot])
      guard !isSettled, vehicle < tripCount, lane < world.topology.roadLanes else { return }
      let key = world.tripKey[vehicle]
      // The turn hangs on other bits than who is guided.
      guard StableHash.mix(key) % rounds == turn,
        moment.random.unit(.guidance, key) < share
      else { return }
      looking.append((slot, lane))
    }
    guard !looking.isEmpty else { return }
    let costs = costs(times, moment.overrides)
    // The ways are the same either way; new times for a hierarchy pay where many look on them.
    let looks = Float(looking.count) * world.settings.travelTimeSeconds / Self.guidanceRound
    if looks >= Self.manyLooks {
      guidance.follow(costs, world.network, paths.graph)
    } else {
      guidance.search = nil
    }
    for (slot, lane) in looking { look(slot, lane: lane, world, costs) }
  }

  /// Looks between two updates of the times from which on they are looked up in a hierarchy.
  private static let manyLooks: Float = 500

  private mutating func quickest(
    from here: AccessPoint, to destination: AccessPoint, _ costs: [Int32]
  ) -> [LinkID]? {
    if let way = guidance.search?.route(from: here, to: destination) { return way }
    return paths.route(from: here, to: destination, costs: costs)
  }

  /// One driver's look.
  private mutating func look(_ s: Int, lane: Int, _ world: TrafficWorld, _ costs: [Int32]) {
    let vehicle = Int(world.slots.vehicle[s])
    let old = world.wayAhead(of: vehicle)
    guard !old.isEmpty else { return }
    let current = LinkID(world.currentLink(of: vehicle))
    let here = AccessPoint(link: current, offset: world.slots.position[s])
    let destination = world.destination(of: vehicle)
    let found =
      world.barredLinks(to: vehicle).isEmpty
      ? quickest(from: here, to: destination, costs)
      : paths.route(from: here, to: destination, costs: self.costs(costs, for: vehicle, world))
    guard let way = found else { return }
    let new = way.dropFirst()
    guard !old.elementsEqual(new), !new.isEmpty,
      let before = milliseconds(from: current, along: old, costs),
      let after = milliseconds(from: current, along: new, costs)
    else { return }
    let settings = world.settings.guidance
    let saved = Double(before - after)
    guard saved >= Double(before) * settings.leastSaving,
      saved >= settings.leastSavingSeconds * 1000
    else { return }
    if let next = new.first, next != old.first, !world.canStillTurn(s, lane: lane, into: next) {
      return
    }
    world.setRoute(vehicle, following: new)
    world.settle(s, lane: lane)
    countReroute()
  }

  /// From the end of a link over others to the end of the last; nil where they do not follow one
  /// another or one is closed.
  private func milliseconds(
    from link: LinkID, along way: some Collection<LinkID>, _ costs: [Int32]
  ) -> Int64? {
    var sum: Int64 = 0
    var at = link
    let graph = paths.graph
    for next in way {
      guard costs[next.index] != LinkCosts.closed,
        let turn = graph.turns(from: at).first(where: { graph.turnTarget[$0] == next })
      else { return nil }
      sum += Int64(costs[next.index]) + Int64(graph.turnMilliseconds[turn])
      at = next
    }
    return sum
  }
}

/// What guided drivers look things up in while there are many of them; it can be made again from the
/// times at any moment, so that no checkpoint holds it.
struct GuidanceSearch {
  var search: HierarchySearch?
  private var hierarchy: LinkHierarchy?

  /// Makes ready for these times.
  mutating func follow(_ costs: [Int32], _ network: RoadNetwork, _ graph: TurnGraph) {
    if let search, search.weighted.costs == costs { return }
    let hierarchy = hierarchy ?? LinkHierarchy(network, graph)
    self.hierarchy = hierarchy
    search = HierarchySearch(WeightedHierarchy(hierarchy, costs: costs, isForMany: false))
  }
}

extension TrafficWorld {
  /// The links that a vehicle has still to enter.
  func wayAhead(of vehicle: Int) -> [LinkID] {
    var links: [LinkID] = []
    var i = Int(vehicles.routeIndex[vehicle]) + 1
    while i < Int(vehicles.routeEnd[vehicle]) {
      links.append(routes[i])
      i += 1
    }
    return links
  }

  /// Whether a vehicle's lane leads into a link, or there is still the way to change lanes.
  func canStillTurn(_ s: Int, lane: Int, into link: LinkID) -> Bool {
    for c in topology.connectors(fromLane: lane)
    where topology.laneLink[Int(topology.connectorTo[c])] == link.rawValue {
      return true
    }
    return lanes.length[lane] - slots.position[s] >= Rule.changeRoom
  }
}
