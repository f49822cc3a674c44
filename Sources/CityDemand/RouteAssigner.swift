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
  /// What the assignments before the run came to, by interval; empty where there were none.
  public var preRun: [PreRunFigures] = []
  public init() {}
}

/// What one assignment before the run came to.
public struct PreRunFigures: Sendable, Equatable {
  /// Departures from, in milliseconds from the start of the clock.
  public var from: Int64
  public var to: Int64
  public var iterations: Int
  /// See `AssignedTraffic.relativeGap`.
  public var relativeGap: Double

  init(_ interval: Range<Int64>, _ traffic: AssignedTraffic) {
    from = interval.lowerBound
    to = interval.upperBound
    iterations = traffic.iterations
    relativeGap = traffic.relativeGap
  }
}

/// Finds the first route of every trip, as a `RouteModel` says.
///
/// With alternatives, drivers choose on the times that a `PreRun` of the demand comes to in the
/// interval of their departure.
public struct RouteAssigner: Sendable {
  public let network: RoadNetwork
  /// The times of the empty network, in milliseconds by link.
  public let costs: [Int32]
  public let random: RandomStream
  public let model: RouteModel
  public let preRun: PreRun
  private let graph: TurnGraph
  private let hierarchy: LinkHierarchy?
  private let drives: TurnDrives
  /// By link: what tells it apart from others in every run.
  private let linkKeys: [UInt64]

  /// `costs` are milliseconds by link; nil takes the times at the speed limits. `hierarchy` may be
  /// handed over where somebody has that of the network already.
  public init(
    network: RoadNetwork, graph: TurnGraph, hierarchy: LinkHierarchy? = nil,
    costs: [Int32]? = nil, random: RandomStream, model: RouteModel = .logit(LogitChoice()),
    preRun: PreRun = PreRun()
  ) {
    self.network = network
    self.graph = graph
    self.hierarchy = hierarchy
    self.costs = costs ?? LinkCosts.freeFlow(network)
    self.random = random
    self.model = model
    self.preRun = preRun
    drives = TurnDrives(network, graph)
    linkKeys = network.linkExternalID.values.map { StableHash.of($0) }
  }

  /// Routes all trips; those whose demand prescribes a route keep it link by link. The result does
  /// not depend on how `execute` shares out the work. Trips without a way, or with a place the
  /// network does not have, are returned as refused. Throws where the routes are too many to be
  /// stored.
  public func assign(_ trips: [Trip], execute: ParallelLoop) throws(CityError) -> RouteAssignment {
    var answers = trips.map { trip in
      refusal(of: trip).map { Answer.refused($0) } ?? given(trip)
    }
    assignSlow(trips, &answers, execute: execute)
    guard answers.contains(where: { $0 == nil }) else { return try Self.collect(trips, answers) }
    var notes: [PreRunFigures] = []
    switch model {
    case .perturbed(let spread):
      let paths = AimedPaths(ShortestPaths(network, graph), costs: costs, spread: spread)
      let groups = Self.byDestination(trips, where: { answers[$0] == nil })
      let routed = ChunkedWork.map(count: groups.count, execute: execute) { range in
        var paths = paths
        return groups[range].map { group in
          paths.aim(at: trips[group[0]].destination.link, from: group.map { trips[$0].origin.link })
          return group.map { route(trips[$0], spread: spread, &paths) }
        }
      }
      for (group, found) in zip(groups, routed.joined()) {
        for (trip, answer) in zip(group, found) { answers[trip] = answer }
      }
    case .logit(let choice):
      let hierarchy = hierarchy ?? LinkHierarchy(network, graph, execute: execute)
      var assignment = StaticAssignment(
        network, graph, LinkCapacity(network), hierarchy: hierarchy)
      assignment.movements = MovementCapacity(network, graph)
      let known = PreRun.expected(trips.indices.filter { answers[$0] == nil }.map { trips[$0] })
      let intervals = preRun.intervals(known)
      for (i, interval) in intervals.enumerated() {
        // Who departs before the first or after the last one expects what is usual then.
        let from = i == 0 ? Int64.min : interval.lowerBound
        let to = i == intervals.count - 1 ? Int64.max : interval.upperBound
        let departing = trips.indices.filter {
          answers[$0] == nil && trips[$0].departureMilliseconds >= from
            && trips[$0].departureMilliseconds < to
        }
        guard !departing.isEmpty else { continue }
        let expected = preRun.times(
          known.filter { interval.contains($0.departureMilliseconds) }, in: interval,
          on: assignment, empty: costs, execute: execute)
        notes.append(PreRunFigures(interval, expected))
        let weighted = expected.times.weighted(hierarchy, execute: execute)
        let sets =
          [weighted]
          + (choice.limits.count > 1
            ? weighted.variants(count: Self.variantCount, execute: execute) : [])
        choose(among: departing, of: trips, choice, sets, &answers, execute: execute)
      }
    }
    assignBarred(trips, &answers, execute: execute)
    var out = try Self.collect(trips, answers)
    out.preRun = notes
    return out
  }

  /// Chooses for some trips on the times of one interval.
  private func choose(
    among departing: [Int], of trips: [Trip], _ choice: LogitChoice, _ sets: [WeightedHierarchy],
    _ answers: inout [Answer?], execute: ParallelLoop
  ) {
    // Those between the same two links see the same ways.
    let order = departing.sorted {
      let (a, b) = (trips[$0], trips[$1])
      return (a.destination.link.rawValue, a.origin.link.rawValue, $0)
        < (b.destination.link.rawValue, b.origin.link.rawValue, $1)
    }
    let found = ChunkedWork.map(count: order.count, execute: execute) { range in
      var choices = ChoiceRun(self, choice, sets)
      return order[range].map { choices.answer(trips[$0]) }
    }
    for (trip, answer) in zip(order, found.joined()) { answers[trip] = answer }
  }

  /// Sets of times beside the expected ones that alternatives are looked for on.
  private static let variantCount = 2

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
    out.trips.values.reserveCapacity(trips.count)
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

  fileprivate enum Answer: Sendable {
    case found([LinkID], meters: Float, seconds: Float)
    case refused(String)
  }

  /// Ways of their own for those who are much slower than cars.
  private func assignSlow(
    _ trips: [Trip], _ answers: inout [Answer?], execute: ParallelLoop
  ) {
    let slow = trips.indices.filter {
      answers[$0] == nil && trips[$0].access != .car && Self.group(of: trips[$0]).isSlow
    }
    assign(slow, of: trips, &answers, execute: execute)
  }

  /// Other ways for those who may not take the one that a car would.
  private func assignBarred(
    _ trips: [Trip], _ answers: inout [Answer?], execute: ParallelLoop
  ) {
    let ways = ClassWays(network, graph)
    let barred = trips.indices.filter { i in
      guard trips[i].access != .car, trips[i].givenRoute.isEmpty else { return false }
      switch answers[i] {
      case .found(let links, _, _): return !ways.mayTake(links, trips[i].access)
      // Where no car has a way, who may use reserved lanes may have one.
      case .refused: return network.hasReservedLanes && refusal(of: trips[i]) == nil
      case nil: return false
      }
    }
    assign(barred, of: trips, &answers, execute: execute)
  }

  private static func group(of trip: Trip) -> ClassWays.Group {
    ClassWays.Group(access: trip.access, topSpeed: trip.topSpeed)
  }

  private func assign(
    _ chosen: [Int], of trips: [Trip], _ answers: inout [Answer?], execute: ParallelLoop
  ) {
    if chosen.isEmpty { return }
    var groups: [ClassWays.Group] = []
    for i in chosen where !groups.contains(Self.group(of: trips[i])) {
      groups.append(Self.group(of: trips[i]))
    }
    for group in groups {
      let members = chosen.filter { Self.group(of: trips[$0]) == group }
      let ways = ClassWays(
        network, network.hasReservedLanes ? TurnGraph(network, for: group.access) : graph)
      let found = ways.ways(of: members.map { trips[$0] }, in: group, execute: execute)
      for (i, links) in zip(members, found) { answers[i] = answer(trips[i], links) }
    }
  }

  /// Why a trip cannot be made by anyone; nil where there may be a way.
  private func refusal(of trip: Trip) -> String? {
    for place in [trip.origin, trip.destination] {
      guard (0..<network.linkCount).contains(place.link.index), place.offset >= 0,
        place.offset <= network.linkLength[place.link]
      else { return "the network has no such place" }
      guard !network.linkAccess[place.link].isDisjoint(with: trip.access.union(.car)) else {
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
    var gap: (from: LinkID, to: LinkID)?
    let free = FreeFlow.measure(
      links, from: trip.origin.offset, to: trip.destination.offset, in: network,
      topSpeed: trip.topSpeed
    ) {
      let found = connector($0, $1, for: trip)
      if found == nil && gap == nil { gap = ($0, $1) }
      return found
    }
    if let gap {
      return .refused(
        "the given route cannot be driven: no way leads from link"
          + " \(network.linkExternalID[gap.from]) to link \(network.linkExternalID[gap.to])")
    }
    guard links.count > 1 || trip.origin.offset <= trip.destination.offset else {
      return .refused("the given route ends behind the origin")
    }
    return .found(links, meters: free.meters, seconds: free.seconds)
  }

  private func route(_ trip: Trip, spread: Double, _ paths: inout AimedPaths) -> Answer {
    let view =
      spread > 0 ? RoutePerturbation(random: random, key: trip.key, spread: spread) : nil
    return answer(
      trip, paths.route(from: trip.origin, to: trip.destination, perturbation: view))
  }

  fileprivate func answer(_ trip: Trip, _ links: [LinkID]?) -> Answer {
    guard let links else {
      let from = network.linkExternalID[trip.origin.link]
      return .refused(
        "no way leads from link \(from) to link "
          + network.linkExternalID[trip.destination.link]
          + (trip.access == .car ? "" : " that its vehicle may take"))
    }
    return found(links, for: trip)
  }

  /// The quickest between two links: that of a car, or where no car may drive, of the trip's class.
  private func connector(_ a: LinkID, _ b: LinkID, for trip: Trip) -> ConnectorID? {
    if let found = drives.connector(from: a, to: b) { return found }
    guard network.hasReservedLanes, trip.access != .car else { return nil }
    return FreeFlow.quickest(from: a, to: b, network, for: trip.access)
  }

  private func found(_ links: [LinkID], for trip: Trip) -> Answer {
    let free = FreeFlow.measure(
      links, from: trip.origin.offset, to: trip.destination.offset, in: network,
      topSpeed: trip.topSpeed, connector: { connector($0, $1, for: trip) })
    return .found(links, meters: free.meters, seconds: free.seconds)
  }

  /// A number for a way that is the same in every run.
  fileprivate func hash(_ links: [LinkID]) -> UInt64 {
    links.reduce(UInt64(links.count)) { StableHash.mix($0 ^ linkKeys[$1.index]) }
  }
}

/// The choices of one worker; the ways between the last two links are kept.
private struct ChoiceRun {
  let assigner: RouteAssigner
  let choice: LogitChoice
  var search: AlternativeSearch
  var origin = LinkID.none
  var destination = LinkID.none
  var ways: [RouteAlternative] = []
  var utilities: [Double] = []
  var hashes: [UInt64] = []

  /// Over the expected times, then the variants of them.
  init(_ assigner: RouteAssigner, _ choice: LogitChoice, _ sets: [WeightedHierarchy]) {
    self.assigner = assigner
    self.choice = choice
    search = AlternativeSearch(sets[0], choice.limits, others: Array(sets.dropFirst()))
  }

  mutating func answer(_ trip: Trip) -> RouteAssigner.Answer {
    // On one link, what ways there are depends on which of the places comes first.
    if trip.origin.link != origin || trip.destination.link != destination
      || trip.origin.link == trip.destination.link
    {
      ways = search.routes(from: trip.origin, to: trip.destination)
      utilities = choice.utilities(ways)
      hashes = ways.count > 1 ? ways.map { assigner.hash($0.links) } : [0]
      (origin, destination) = (trip.origin.link, trip.destination.link)
    }
    guard ways.count > 1 else { return assigner.answer(trip, ways.first?.links) }
    let taken = choice.choice(
      among: utilities, hashes: hashes, draws: assigner.random.draws(.routeChoice, trip.key))
    return assigner.answer(trip, ways[taken].links)
  }
}
