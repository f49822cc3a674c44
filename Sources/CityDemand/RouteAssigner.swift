import CityBase
import CityNetwork

/// A trip that cannot be made, and why.
public struct RefusedTrip: Sendable {
  public var trip: Trip
  /// For `refused.csv`.
  public var reason: String
  public init(trip: Trip, reason: String) {
    self.trip = trip
    self.reason = reason
  }
}

/// The route of every trip.
public struct RouteTable: Sendable {
  public var arena = RouteArena()
  public var routeOfTrip = Column<TripID, RouteID>()
  public init() {}
  /// The links of a trip, those of its origin and destination included.
  public func links(of trip: TripID) -> ArraySlice<LinkID> { arena[routeOfTrip[trip]] }
}

/// The trips that can be made, with their first routes.
public struct RouteAssignment: Sendable {
  /// In the order given, the refused ones left out.
  public var trips = Column<TripID, Trip>()
  public var routes = RouteTable()
  /// Seconds at the speed limits from origin to destination, junctions crossed without waiting.
  public var freeFlowSeconds = Column<TripID, Float>()
  /// Metres from origin to destination along links and connectors.
  public var lengthMeters = Column<TripID, Float>()
  public var refused: [RefusedTrip] = []
  public init() {}
}

/// Finds the first route of every trip: the quickest one as this driver sees the network.
///
/// Each driver's view scales the time of every link by a factor of their own, so that not all of
/// them crowd onto one way (Burrell, J. E. (1968), "Multiple route assignment and its application
/// to capacity restraint", draws link times at random in the same spirit).
public struct RouteAssigner: Sendable {
  public let network: RoadNetwork
  public let costs: [Int32]
  public let random: RandomStream
  /// The largest share by which a driver misjudges a link: 0 to 0.9.
  public let perturbation: Double
  private let paths: ShortestPaths

  /// `costs` are milliseconds by link; nil takes the times at the speed limits.
  public init(
    network: RoadNetwork, graph: TurnGraph, costs: [Int32]? = nil, random: RandomStream,
    perturbation: Double = 0.15
  ) {
    self.network = network
    self.costs = costs ?? LinkCosts.freeFlow(network)
    self.random = random
    self.perturbation = perturbation
    paths = ShortestPaths(network, graph)
  }

  /// Routes all trips. The result does not depend on how `execute` shares out the work. Trips
  /// without a way, or with a place the network does not have, are returned as refused. Throws where
  /// the routes are too many to be stored.
  public func assign(_ trips: [Trip], execute: ParallelLoop) throws(CityError) -> RouteAssignment {
    let routed = ChunkedWork.map(count: trips.count, execute: execute) { range in
      var paths = paths
      return range.map { route(trips[$0], &paths) }
    }
    var out = RouteAssignment()
    var next = 0
    for chunk in routed {
      for answer in chunk {
        let trip = trips[next]
        next += 1
        switch answer {
        case .refused(let reason): out.refused.append(RefusedTrip(trip: trip, reason: reason))
        case .found(let links, let meters, let seconds):
          out.trips.append(trip)
          out.routes.routeOfTrip.append(try out.routes.arena.insert(links))
          out.lengthMeters.append(meters)
          out.freeFlowSeconds.append(seconds)
        }
      }
    }
    return out
  }

  private enum Answer: Sendable {
    case found([LinkID], meters: Float, seconds: Float)
    case refused(String)
  }

  private func route(_ trip: Trip, _ paths: inout ShortestPaths) -> Answer {
    for place in [trip.origin, trip.destination] {
      guard (0..<network.linkCount).contains(place.link.index), place.offset >= 0,
        place.offset <= network.linkLength[place.link]
      else { return .refused("the network has no such place") }
      guard network.linkAccess[place.link].contains(.car) else {
        return .refused("link \(network.linkExternalID[place.link]) is closed to cars")
      }
    }
    guard trip.origin != trip.destination else {
      return .refused("origin and destination are the same place")
    }
    let view =
      perturbation > 0
      ? RoutePerturbation(random: random, key: trip.key, spread: perturbation) : nil
    guard
      let links = paths.route(
        from: trip.origin, to: trip.destination, costs: costs, perturbation: view)
    else {
      let from = network.linkExternalID[trip.origin.link]
      return .refused(
        "no way leads from link \(from) to link "
          + network.linkExternalID[trip.destination.link])
    }
    let free = FreeFlow.measure(
      links, from: trip.origin.offset, to: trip.destination.offset, in: network)
    return .found(links, meters: free.meters, seconds: free.seconds)
  }
}

/// Length and time of a route in an empty network.
public enum FreeFlow {
  /// Metres and seconds from an offset on the first link to one on the last, at the speed limits;
  /// connectors count with their turning speeds, the quickest between two links, and no waiting.
  public static func measure(
    _ links: some BidirectionalCollection<LinkID>, from: Float, to: Float,
    in network: RoadNetwork
  ) -> (meters: Float, seconds: Float) {
    var meters = 0.0
    var seconds = 0.0
    func add(_ length: Float, at speed: Float) {
      meters += Double(max(0, length))
      seconds += Double(max(0, length)) / Double(max(0.1, speed))
    }
    var before = LinkID.none
    for link in links {
      if before.isSome, let connector = quickest(from: before, to: link, network) {
        let lane = network.lane(of: connector)
        add(network.laneLength[lane], at: network.laneSpeed[lane])
      }
      add(network.linkLength[link], at: network.linkSpeedLimit[link])
      before = link
    }
    if let first = links.first, let last = links.last {
      let (a, b) = (network.linkSpeedLimit[first], network.linkSpeedLimit[last])
      let rest = max(0, network.linkLength[last] - to)
      meters -= Double(from) + Double(rest)
      seconds -= Double(from) / Double(max(0.1, a)) + Double(rest) / Double(max(0.1, b))
    }
    return (Float(max(0, meters)), Float(max(0, seconds)))
  }

  /// The connector between two links that takes the least time; nil where there is none.
  static func quickest(from: LinkID, to: LinkID, _ network: RoadNetwork) -> ConnectorID? {
    var best: ConnectorID?
    var bestSeconds = Float.infinity
    for lane in network.lanes(of: from) {
      for c in network.connectors(from: LaneID(lane)) {
        let id = ConnectorID(c)
        guard network.laneLink[network.connectorTo[id]] == to else { continue }
        let own = network.lane(of: id)
        let seconds = network.laneLength[own] / max(0.1, network.laneSpeed[own])
        if seconds < bestSeconds { (best, bestSeconds) = (id, seconds) }
      }
    }
    return best
  }
}
