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
  private let paths: AimedPaths
  private let drives: TurnDrives

  /// `costs` are milliseconds by link; nil takes the times at the speed limits.
  public init(
    network: RoadNetwork, graph: TurnGraph, costs: [Int32]? = nil, random: RandomStream,
    perturbation: Double = 0.15
  ) {
    self.network = network
    self.costs = costs ?? LinkCosts.freeFlow(network)
    self.random = random
    self.perturbation = perturbation
    paths = AimedPaths(
      ShortestPaths(network, graph), costs: self.costs, spread: perturbation)
    drives = TurnDrives(network, graph)
  }

  /// Routes all trips; those whose demand prescribes a route keep it link by link. The result does not depend on how `execute` shares out the work. Trips
  /// without a way, or with a place the network does not have, are returned as refused. Throws where
  /// the routes are too many to be stored.
  public func assign(_ trips: [Trip], execute: ParallelLoop) throws(CityError) -> RouteAssignment {
    var answers = trips.map { trip in
      refusal(of: trip).map { Answer.refused($0) } ?? given(trip)
    }
    let groups = Self.byDestination(trips, where: { answers[$0] == nil })
    let routed = ChunkedWork.map(count: groups.count, execute: execute) { range in
      var paths = paths
      return groups[range].map { group in
        paths.aim(at: trips[group[0]].destination.link, from: group.map { trips[$0].origin.link })
        return group.map { route(trips[$0], &paths) }
      }
    }
    for (group, found) in zip(groups, routed.joined()) {
      for (trip, answer) in zip(group, found) { answers[trip] = answer }
    }
    return try Self.collect(trips, answers)
  }

  /// The trips that go to one link, for all links that trips go to.
  private static func byDestination(_ trips: [Trip], where isRouted: (Int) -> Bool) -> [[Int]] {
    let order = trips.indices.filter(isRouted).map { (trips[$0].destination.link.rawValue, $0) }
      .sorted(by: <)
    var groups: [[Int]] = []
    var last: Int32?
    for (link, trip) in order {
      if link == last { groups[groups.count - 1].append(trip) } else { groups.append([trip]) }
      last = link
    }
    return groups
  }

  private static func collect(_ trips: [Trip], _ answers: [Answer?]) throws(CityError)
    -> RouteAssignment
  {
    var out = RouteAssignment()
    for (trip, answer) in zip(trips, answers) {
      switch answer {
      case nil: break
      case .refused(let reason): out.refused.append(RefusedTrip(trip: trip, reason: reason))
      case .found(let links, let meters, let seconds):
        out.trips.append(trip)
        out.routes.routeOfTrip.append(try out.routes.arena.insert(links))
        out.lengthMeters.append(meters)
        out.freeFlowSeconds.append(seconds)
      }
    }
    return out
  }

  private enum Answer: Sendable {
    case found([LinkID], meters: Float, seconds: Float)
    case refused(String)
  }

  /// Why a trip cannot be made by anyone; nil where there may be a way.
  private func refusal(of trip: Trip) -> String? {
    for place in [trip.origin, trip.destination] {
      guard (0..<network.linkCount).contains(place.link.index), place.offset >= 0,
        place.offset <= network.linkLength[place.link]
      else { return "the network has no such place" }
      guard network.linkAccess[place.link].contains(.car) else {
        return "link \(network.linkExternalID[place.link]) is closed to cars"
      }
    }
    return trip.origin == trip.destination ? "origin and destination are the same place" : nil
  }

  /// The route that the demand prescribes; nil where it leaves it to us.
  private func given(_ trip: Trip) -> Answer? {
    let links = trip.givenRoute
    guard let first = links.first, let last = links.last else { return nil }
    guard first == trip.origin.link, last == trip.destination.link else {
      return .refused("the given route does not lead from the origin to the destination")
    }
    for (a, b) in zip(links, links.dropFirst()) where drives.connector(from: a, to: b) == nil {
      return .refused(
        "the given route cannot be driven: no way leads from link \(network.linkExternalID[a])"
          + " to link \(network.linkExternalID[b])")
    }
    guard links.count > 1 || trip.origin.offset <= trip.destination.offset else {
      return .refused("the given route ends behind the origin")
    }
    return found(links, for: trip)
  }

  private func route(_ trip: Trip, _ paths: inout AimedPaths) -> Answer {
    let view =
      perturbation > 0
      ? RoutePerturbation(random: random, key: trip.key, spread: perturbation) : nil
    guard let links = paths.route(from: trip.origin, to: trip.destination, perturbation: view)
    else {
      let from = network.linkExternalID[trip.origin.link]
      return .refused(
        "no way leads from link \(from) to link "
          + network.linkExternalID[trip.destination.link])
    }
    return found(links, for: trip)
  }

  private func found(_ links: [LinkID], for trip: Trip) -> Answer {
    let free = FreeFlow.measure(
      links, from: trip.origin.offset, to: trip.destination.offset, in: network,
      connector: drives.connector)
    return .found(links, meters: free.meters, seconds: free.seconds)
  }
}
