import CityBase

/// Quickest ways between access points, link by link, so that turn bans hold.
///
/// A value of this type owns its working memory: make one for each worker and use it again and
/// again. Costs are whole milliseconds; equal ones are told apart by a sum of link hashes, so that
/// a path is unique whatever the order of work. The search is A* (Hart, Nilsson, Raphael 1968) with
/// the straight-line distance, which is exact here because no cost counts for less than the
/// link takes at the network's highest limit.
public struct ShortestPaths: Sendable {
  public let graph: TurnGraph
  private let places: [SearchPlace]
  private let turns: [SearchTurn]
  /// A lower bound of the milliseconds a metre of straight distance costs.
  let millisecondsPerMetre: Double
  private let linkLength: [Float]
  private var visits: [SearchVisit]
  private var search: UInt32 = 0
  /// The memory of the heap; empty until the first search.
  private var waiting: [SearchEntry] = []

  public init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.graph = graph
    let fastest = SearchPlace.fastest(network)
    linkLength = network.linkLength.values
    places = SearchPlace.all(of: network)
    turns = zip(graph.turnTarget, graph.turnMilliseconds).map {
      SearchTurn(target: $0.rawValue, milliseconds: max(0, $1))
    }
    millisecondsPerMetre = Self.bound(graph, places, fastest: Double(fastest))
    visits = Array(
      repeating: SearchVisit(label: 0, parent: -1, stamp: 0), count: network.linkCount)
  }

  public init(_ network: RoadNetwork) { self.init(network, TurnGraph(network)) }

  /// The least time any turn with its link takes for a metre of straight distance: with it the
  /// bound never falls faster than a path's cost grows, which A* needs.
  private static func bound(_ graph: TurnGraph, _ places: [SearchPlace], fastest: Double) -> Double
  {
    var perMetre = 1000 / fastest
    for l in places.indices {
      for t in graph.turns(from: LinkID(l)) {
        let next = places[graph.turnTarget[t].index]
        let straight = places[l].end.distance(to: next.end)
        guard straight > 0.5 else { continue }
        let least = Double(next.floor) + Double(max(0, graph.turnMilliseconds[t]))
        perMetre = min(perMetre, least / straight)
      }
    }
    // A hair less, so that rounding cannot make the bound too high.
    return perMetre * 0.999
  }

  /// The links from one access point to another, both of theirs included; nil where no way leads.
  ///
  /// `costs` are milliseconds by link (`LinkCosts`). A destination ahead on the same link is that
  /// link alone; one behind needs a way round. The link of the origin may be closed (who is on it
  /// may leave it), no other.
  public mutating func route(
    from origin: AccessPoint, to destination: AccessPoint, costs: [Int32],
    perturbation: RoutePerturbation? = nil
  ) -> [LinkID]? {
    guard 0..<places.count ~= destination.link.index else { return nil }
    return route(
      from: origin, to: destination, costs: costs, perturbation: perturbation,
      bound: StraightBound(
        goal: places[destination.link.index].end, perMetre: millisecondsPerMetre))
  }

  /// The same with a bound of one's own.
  mutating func route(
    from origin: AccessPoint, to destination: AccessPoint, costs: [Int32],
    perturbation: RoutePerturbation?, bound: some SearchBound
  ) -> [LinkID]? {
    let count = graph.linkCount
    guard costs.count == count, 0..<count ~= origin.link.index,
      0..<count ~= destination.link.index
    else { return nil }
    if origin.link == destination.link && destination.offset >= origin.offset {
      return [origin.link]
    }
    let target = destination.link.index
    guard costs[target] != LinkCosts.closed,
      find(from: origin.link.index, to: target, costs, perturbation, bound)
    else { return nil }
    return links(from: origin.link.rawValue, to: destination.link.rawValue)
  }

  /// The way that the last search found, from the parents of its last link.
  private func links(from origin: Int32, to destination: Int32) -> [LinkID] {
    var count = 2
    var at = visits[Int(destination)].parent
    while at != origin {
      count += 1
      at = visits[Int(at)].parent
    }
    return Array(unsafeUninitializedCapacity: count) { links, filled in
      var at = destination
      for i in stride(from: count - 1, through: 0, by: -1) {
        links.initializeElement(at: i, to: LinkID(rawValue: at))
        at = visits[Int(at)].parent
      }
      filled = count
    }
  }

  /// Milliseconds until a vehicle that starts at a point reaches the end of each link;
  /// `Int32.max` where no way leads.
  public func travelTimes(
    from origin: AccessPoint, costs: [Int32], perturbation: RoutePerturbation? = nil
  ) -> [Int32] {
    let count = graph.linkCount
    var times = [Int32](repeating: .max, count: count)
    guard costs.count == count, 0..<count ~= origin.link.index else { return times }
    var seen = costs
    if let perturbation {
      for l in 0..<count {
        seen[l] = LinkCosts.scaled(costs[l], by: perturbation.factor(places[l].hash))
      }
    }
    var wheel = wheel(costs: seen, isBackward: false)
    _ = wheel.run(from: origin.link.index)
    let start = origin.link.index
    let rest = remainder(of: origin, costs)
    wheel.withNodes { nodes in
      for l in 0..<count where nodes[l].label != WheelSearch.unreached {
        times[l] = Int32(clamping: Int64(nodes[l].label) + rest)
      }
    }
    times[start] = Int32(clamping: rest)
    return times
  }

  /// Milliseconds to a place on a link, from the times to the ends of links.
  public func time(to place: AccessPoint, times: [Int32], costs: [Int32]) -> Int32 {
    let l = place.link.index
    guard times.indices.contains(l), costs.indices.contains(l), times[l] != .max else {
      return .max
    }
    return Int32(clamping: max(0, Int64(times[l]) - remainder(of: place, costs)))
  }

  /// Milliseconds from a place to the end of its link.
  func remainder(of place: AccessPoint, _ costs: [Int32]) -> Int64 {
    let l = place.link.index
    let share = min(1, max(0, Double(place.offset) / max(0.1, Double(linkLength[l]))))
    let whole = costs[l] == LinkCosts.closed ? places[l].floor : costs[l]
    return Int64((Double(whole) * (1 - share)).rounded())
  }

  /// Searches from the end of a link; true where `target` was reached.
  private mutating func find<Bound: SearchBound>(
    from start: Int, to target: Int, _ costs: [Int32], _ perturbation: RoutePerturbation?,
    _ bound: Bound
  ) -> Bool {
    prepare()
    let stamp = search
    return visits.withUnsafeMutableBufferPointer { visits in
      waiting.withUnsafeMutableBufferPointer { waiting in
        places.withUnsafeBufferPointer { places in
          turns.withUnsafeBufferPointer { turns in
            graph.firstTurn.withUnsafeBufferPointer { firstTurn in
              costs.withUnsafeBufferPointer { costs in
                var heap = SearchHeap(waiting)
                return SearchRun(
                  visits: visits, places: places, turns: turns, firstTurn: firstTurn,
                  costs: costs, perturbation: perturbation, stamp: stamp, bound: bound
                ).run(from: start, to: target, &heap)
              }
            }
          }
        }
      }
    }
  }

  /// Makes all visits stale, and room for all that a search may push: every turn once, and those
  /// of the first link once more.
  private mutating func prepare() {
    if waiting.isEmpty {
      let most = zip(graph.firstTurn, graph.firstTurn.dropFirst()).reduce(0) {
        max($0, $1.1 - $1.0)
      }
      waiting = Array(
        repeating: SearchEntry(key: 0, value: 0), count: graph.turnCount + Int(most) + 1)
    }
    // Even stamps are labelled, odd ones settled; older searches have smaller ones.
    if search > .max - 4 {
      for i in visits.indices { visits[i].stamp = 0 }
      search = 0
    }
    search += 2
  }
}

extension ShortestPaths {
  /// A search of all links over fixed costs: forward to the end of each link from the end of one,
  /// or backward from the end of one to those of all others.
  func wheel(costs: [Int32], isBackward: Bool) -> WheelSearch {
    func weight(into link: Int, _ turn: SearchTurn) -> UInt32 {
      if costs[link] == LinkCosts.closed { return WheelSearch.closed }
      return UInt32(max(costs[link], places[link].floor)) + UInt32(turn.milliseconds)
    }
    let count = graph.linkCount
    guard costs.count == count else { return WheelSearch(first: [0], edges: []) }
    if !isBackward {
      let edges = turns.map {
        WheelSearch.Edge(target: $0.target, weight: weight(into: Int($0.target), $0))
      }
      return WheelSearch(first: graph.firstTurn, edges: edges)
    }
    var first = [Int32](repeating: 0, count: count + 1)
    for turn in turns { first[Int(turn.target) + 1] += 1 }
    for l in 0..<count { first[l + 1] += first[l] }
    var next = first
    var edges = Array(repeating: WheelSearch.Edge(target: 0, weight: 0), count: turns.count)
    for l in 0..<count {
      for t in graph.turns(from: LinkID(l)) {
        let into = Int(turns[t].target)
        edges[Int(next[into])] = WheelSearch.Edge(
          target: Int32(l), weight: weight(into: into, turns[t]))
        next[into] += 1
      }
    }
    return WheelSearch(first: first, edges: edges)
  }
}
