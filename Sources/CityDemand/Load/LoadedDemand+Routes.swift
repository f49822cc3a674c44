import CityBase
import CityNetwork

extension LoadedDemand {
  /// Leaves out trips whose chosen ways make movements fuller than they can be: what thinning could
  /// not know before drivers had chosen. `isOwn` tells the trips of this demand from others, all of
  /// which stay. Who goes is drawn by the trip's own key. The ways of the others stay as they are.
  public func trimmed(
    _ routed: RouteAssignment, movements: MovementCapacity, random: RandomStream,
    isOwn: (Trip) -> Bool
  ) -> RouteAssignment {
    guard target.volumeOverCapacity > 0, vehiclesPerHourPerTrip > 0 else { return routed }
    let graph = movements.graph
    var volumes = LoadLimits.Volumes(
      turns: Array(repeating: 0, count: graph.turnCount),
      links: Array(repeating: 0, count: graph.linkCount),
      departing: Array(repeating: 0, count: graph.linkCount))
    for id in routed.trips.ids {
      let way = routed.routes.links(of: id)
      if let first = way.first { volumes.departing[first.index] += 1 }
      for link in way { volumes.links[link.index] += 1 }
      Self.forEachTurn(of: way, graph) { volumes.turns[$0] += 1 }
    }
    // So many that come by chance are no reason to leave somebody out.
    func perHour(_ counts: [Double]) -> [Double] {
      counts.map { ($0 - $0.squareRoot()) * vehiclesPerHourPerTrip }
    }
    volumes = LoadLimits.Volumes(
      turns: perHour(volumes.turns), links: perHour(volumes.links),
      departing: perHour(volumes.departing))
    var shares = Array(repeating: 1.0, count: graph.turnCount)
    var origins = Array(repeating: 1.0, count: graph.linkCount)
    let limits = LoadLimits(target, movements: movements, entries: entries)
    guard
      limits.fit(
        turns: &shares, origins: &origins, to: volumes,
        movements.use(turns: volumes.turns, links: volumes.links), mayRise: false)
    else { return routed }
    return routed.keeping { id in
      let trip = routed.trips[id]
      guard isOwn(trip) else { return true }
      let way = routed.routes.links(of: id)
      var least = way.first.map { origins[$0.index] } ?? 1
      Self.forEachTurn(of: way, graph) { least = min(least, shares[$0]) }
      return least >= 1 || random.unit(.demandThinning, trip.key, 1) < least
    }
  }

  private static func forEachTurn(
    of way: ArraySlice<LinkID>, _ graph: TurnGraph, _ body: (Int) -> Void
  ) {
    for (a, b) in zip(way, way.dropFirst()) {
      for turn in graph.turns(from: a) where graph.turnTarget[turn] == b { body(turn) }
    }
  }
}

extension RouteAssignment {
  /// The same without some of its trips.
  func keeping(_ isKept: (TripID) -> Bool) -> RouteAssignment {
    var out = self
    out.trips = Column()
    out.routes.routeOfTrip = Column()
    out.freeFlowSeconds = Column()
    out.lengthMeters = Column()
    for id in trips.ids where isKept(id) {
      out.trips.append(trips[id])
      out.routes.routeOfTrip.append(routes.routeOfTrip[id])
      out.freeFlowSeconds.append(freeFlowSeconds[id])
      out.lengthMeters.append(lengthMeters[id])
    }
    return out
  }
}
