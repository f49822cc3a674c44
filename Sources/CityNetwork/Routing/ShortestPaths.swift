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
  private var heap = SearchHeap()

  public init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.graph = graph
    let fastest = network.linkSpeedLimit.values.reduce(Float(1)) { max($0, $1) }
    linkLength = network.linkLength.values
    places = (0..<network.linkCount).map { l in
      let id = LinkID(l)
      let floor = LinkCosts.milliseconds(length: network.linkLength[id], speed: fastest) - 1
      return SearchPlace(
        end: network.points(of: id).last ?? Point2(0, 0),
        hash: StableHash.of(network.linkExternalID[id]), floor: max(1, floor))
    }
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
    let count = graph.linkCount
    guard costs.count == count, 0..<count ~= origin.link.index,
      0..<count ~= destination.link.index
    else { return nil }
    if origin.link == destination.link && destination.offset >= origin.offset {
      return [origin.link]
    }
    let target = destination.link.index
    guard costs[target] != LinkCosts.closed,
      find(from: origin.link.index, to: target, costs, perturbation)
    else { return nil }
    var links = [destination.link]
    var at = visits[target].parent
    while at >= 0 {
      links.append(LinkID(rawValue: at))
      if at == origin.link.rawValue { break }
      at = visits[Int(at)].parent
    }
    links.reverse()
    return links
  }

  /// Milliseconds until a vehicle that starts at a point reaches the end of each link;
  /// `Int32.max` where no way leads.
  public mutating func travelTimes(
    from origin: AccessPoint, costs: [Int32], perturbation: RoutePerturbation? = nil
  ) -> [Int32] {
    let count = graph.linkCount
    var times = [Int32](repeating: .max, count: count)
    guard costs.count == count, 0..<count ~= origin.link.index else { return times }
    _ = find(from: origin.link.index, to: -1, costs, perturbation)
    let start = origin.link.index
    let rest = remainder(of: origin, costs)
    for l in 0..<count where visits[l].stamp >= search {
      times[l] = Int32(clamping: Int64(visits[l].label >> 32) + rest)
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
  private func remainder(of place: AccessPoint, _ costs: [Int32]) -> Int64 {
    let l = place.link.index
    let share = min(1, max(0, Double(place.offset) / max(0.1, Double(linkLength[l]))))
    let whole = costs[l] == LinkCosts.closed ? places[l].floor : costs[l]
    return Int64((Double(whole) * (1 - share)).rounded())
  }

  /// Searches from the end of a link; true where `target` was reached. Without a target (-1) all
  /// links that can be reached get their labels.
  private mutating func find(
    from start: Int, to target: Int, _ costs: [Int32], _ perturbation: RoutePerturbation?
  ) -> Bool {
    // Even stamps are labelled, odd ones settled; older searches have smaller ones.
    if search > .max - 4 {
      for i in visits.indices { visits[i].stamp = 0 }
      search = 0
    }
    search += 2
    let (goal, perMetre) =
      target >= 0 ? (places[target].end, millisecondsPerMetre) : (Point2(0, 0), 0)
    let stamp = search
    return visits.withUnsafeMutableBufferPointer { visits in
      places.withUnsafeBufferPointer { places in
        turns.withUnsafeBufferPointer { turns in
          graph.firstTurn.withUnsafeBufferPointer { firstTurn in
            costs.withUnsafeBufferPointer { costs in
              SearchRun(
                visits: visits, places: places, turns: turns, firstTurn: firstTurn, costs: costs,
                perturbation: perturbation, stamp: stamp, goal: goal, perMetre: perMetre
              ).run(from: start, to: target, &heap)
            }
          }
        }
      }
    }
  }
}

/// What a search must know about a link.
struct SearchPlace: Sendable, BitwiseCopyable {
  var end: Point2
  /// The stable hash of its external id; the 20 low bits break ties, so that the sum along any
  /// path of fewer than 4,096 links stays below a millisecond.
  var hash: UInt64
  /// No cost counts for less.
  var floor: Int32
}

/// A turn beside its cost, for the sake of the cache.
struct SearchTurn: Sendable, BitwiseCopyable {
  var target: Int32
  var milliseconds: Int32
}

/// What a search has found out about a link; stale where the stamp is an older one.
struct SearchVisit: Sendable, BitwiseCopyable {
  /// Milliseconds in the high half, the sum of hashes in the low one.
  var label: UInt64
  var parent: Int32
  var stamp: UInt32
}

/// One search over the arrays of a `ShortestPaths`.
private struct SearchRun {
  let visits: UnsafeMutableBufferPointer<SearchVisit>
  let places: UnsafeBufferPointer<SearchPlace>
  let turns: UnsafeBufferPointer<SearchTurn>
  let firstTurn: UnsafeBufferPointer<Int32>
  let costs: UnsafeBufferPointer<Int32>
  let perturbation: RoutePerturbation?
  let stamp: UInt32
  let goal: Point2
  let perMetre: Double

  func run(from start: Int, to target: Int, _ heap: inout SearchHeap) -> Bool {
    heap.removeAll()
    relax(from: start, base: 0, &heap)
    while let link = heap.popMin() {
      let l = Int(link)
      if visits[l].stamp > stamp { continue }
      visits[l].stamp = stamp + 1
      if l == target { return true }
      relax(from: l, base: visits[l].label, &heap)
    }
    return false
  }

  @inline(__always)
  private func relax(from l: Int, base: UInt64, _ heap: inout SearchHeap) {
    for t in Int(firstTurn[l])..<Int(firstTurn[l + 1]) {
      let turn = turns[t]
      let next = Int(turn.target)
      let visit = visits[next]
      if visit.stamp > stamp { continue }
      var cost = costs[next]
      if cost == LinkCosts.closed { continue }
      let place = places[next]
      if let perturbation {
        cost = Int32(min(2e9, (Double(cost) * perturbation.factor(place.hash)).rounded()))
      }
      let ms = UInt64(max(cost, place.floor)) + UInt64(turn.milliseconds)
      let reached = base &+ (ms << 32) &+ (place.hash & 0xF_FFFF)
      if visit.stamp == stamp && visit.label <= reached { continue }
      visits[next] = SearchVisit(label: reached, parent: Int32(l), stamp: stamp)
      let ahead = perMetre > 0 ? place.end.distance(to: goal) * perMetre : 0
      heap.push(key: reached &+ (UInt64(ahead) << 32), value: turn.target)
    }
  }
}
