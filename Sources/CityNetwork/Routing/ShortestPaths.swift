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
  let linkEnd: [Point2]
  /// The 20 low bits of the hash of a link's external id: sums stay below a millisecond.
  let tieBreak: [UInt64]
  let linkHash: [UInt64]
  /// No link counts for less than this.
  let floorMilliseconds: [Int32]
  /// A lower bound of the milliseconds a metre of straight distance costs.
  let millisecondsPerMetre: Double
  let linkLength: [Float]

  // Working memory: an entry counts only where its stamp is that of the present search.
  var label: [UInt64]
  var parent: [Int32]
  var stamp: [UInt32]
  var settled: [UInt32]
  var search: UInt32 = 0
  var heap = SearchHeap()

  public init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.graph = graph
    let count = network.linkCount
    linkEnd = (0..<count).map { network.points(of: LinkID($0)).last ?? Point2(0, 0) }
    linkHash = network.linkExternalID.values.map { StableHash.of($0) }
    tieBreak = linkHash.map { $0 & 0xF_FFFF }
    linkLength = network.linkLength.values
    let fastest = network.linkSpeedLimit.values.reduce(Float(1)) { max($0, $1) }
    floorMilliseconds = linkLength.map {
      max(1, LinkCosts.milliseconds(length: $0, speed: fastest) - 1)
    }
    var perMetre = 1000 / Double(fastest)
    for l in 0..<count {
      for t in graph.turns(from: LinkID(l)) {
        let next = graph.turnTarget[t].index
        let straight = linkEnd[l].distance(to: linkEnd[next])
        guard straight > 0.5 else { continue }
        let least = Double(floorMilliseconds[next]) + Double(graph.turnMilliseconds[t])
        perMetre = min(perMetre, least / straight)
      }
    }
    // A hair less, so that rounding cannot make the bound too high.
    millisecondsPerMetre = perMetre * 0.999
    label = Array(repeating: 0, count: count)
    parent = Array(repeating: -1, count: count)
    stamp = Array(repeating: 0, count: count)
    settled = Array(repeating: 0, count: count)
  }

  public init(_ network: RoadNetwork) { self.init(network, TurnGraph(network)) }

  /// The links from one access point to another, both of theirs included; nil where no way leads.
  ///
  /// A destination ahead on the same link is that link alone; one behind needs a way round. The
  /// link of the origin may be closed (who is on it may leave it), no other.
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
    guard costs[destination.link.index] != LinkCosts.closed else { return nil }
    let target = destination.link.index
    guard find(from: origin.link.index, to: target, costs, perturbation) else { return nil }
    var links = [LinkID(target)]
    var at = parent[target]
    while at >= 0 {
      links.append(LinkID(rawValue: at))
      if Int(at) == origin.link.index { break }
      at = parent[Int(at)]
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
    let share = Double(origin.offset) / max(0.1, Double(linkLength[start]))
    let own = costs[start] == LinkCosts.closed ? floorMilliseconds[start] : costs[start]
    let rest = Int64((Double(own) * (1 - min(1, max(0, share)))).rounded())
    for l in 0..<count where stamp[l] == search {
      times[l] = Int32(clamping: Int64(label[l] >> 32) + rest)
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
    let share = Double(place.offset) / max(0.1, Double(linkLength[l]))
    let own = costs[l] == LinkCosts.closed ? floorMilliseconds[l] : costs[l]
    let left = Int64((Double(own) * (1 - min(1, max(0, share)))).rounded())
    return Int32(clamping: max(0, Int64(times[l]) - left))
  }
}

extension ShortestPaths {
  /// Searches from the end of a link; true where `target` was reached. Without a target (-1) all
  /// links that can be reached get their labels.
  private mutating func find(
    from start: Int, to target: Int, _ costs: [Int32], _ perturbation: RoutePerturbation?
  ) -> Bool {
    search &+= 1
    if search == 0 {
      for i in stamp.indices {
        stamp[i] = 0
        settled[i] = 0
      }
      search = 1
    }
    heap.removeAll()
    let goal = target >= 0 ? linkEnd[target] : Point2(0, 0)
    let perMetre = target >= 0 ? millisecondsPerMetre : 0
    relax(from: start, base: 0, goal, perMetre, costs, perturbation)
    while let link = heap.popMin() {
      let l = Int(link)
      if settled[l] == search { continue }
      settled[l] = search
      if l == target { return true }
      relax(from: l, base: label[l], goal, perMetre, costs, perturbation)
    }
    return false
  }

  @inline(__always)
  private mutating func relax(
    from l: Int, base: UInt64, _ goal: Point2, _ perMetre: Double, _ costs: [Int32],
    _ perturbation: RoutePerturbation?
  ) {
    for t in Int(graph.firstTurn[l])..<Int(graph.firstTurn[l + 1]) {
      let next = graph.turnTarget[t].index
      if settled[next] == search { continue }
      var cost = costs[next]
      if cost == LinkCosts.closed { continue }
      if let perturbation {
        cost = Int32(
          min(2e9, (Double(cost) * perturbation.factor(linkHash[next])).rounded()))
      }
      cost = max(cost, floorMilliseconds[next])
      let ms = UInt64(UInt32(cost)) + UInt64(UInt32(max(0, graph.turnMilliseconds[t])))
      let reached = base &+ (ms << 32) &+ tieBreak[next]
      if stamp[next] == search && label[next] <= reached { continue }
      stamp[next] = search
      label[next] = reached
      parent[next] = Int32(l)
      let ahead = perMetre > 0 ? linkEnd[next].distance(to: goal) * perMetre : 0
      heap.push(key: reached &+ (UInt64(ahead) << 32), value: Int32(next))
    }
  }
}

/// A heap with four children a node; equal keys leave in the order of their values.
struct SearchHeap: Sendable {
  struct Entry: Sendable {
    var key: UInt64
    var value: Int32
    @inline(__always) static func < (a: Entry, b: Entry) -> Bool {
      a.key < b.key || (a.key == b.key && a.value < b.value)
    }
  }
  private var entries: [Entry] = []

  mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

  @inline(__always) mutating func push(key: UInt64, value: Int32) {
    let entry = Entry(key: key, value: value)
    entries.append(entry)
    entries.withUnsafeMutableBufferPointer { e in
      var i = e.count - 1
      while i > 0 {
        let up = (i - 1) >> 2
        if !(entry < e[up]) { break }
        e[i] = e[up]
        i = up
      }
      e[i] = entry
    }
  }

  @inline(__always) mutating func popMin() -> Int32? {
    guard let top = entries.first, let last = entries.popLast() else { return nil }
    if entries.isEmpty { return top.value }
    entries.withUnsafeMutableBufferPointer { e in
      var i = 0
      while true {
        let first = 4 * i + 1
        if first >= e.count { break }
        var least = first
        let end = min(first + 4, e.count)
        var k = first + 1
        while k < end {
          if e[k] < e[least] { least = k }
          k += 1
        }
        if !(e[least] < last) { break }
        e[i] = e[least]
        i = least
      }
      e[i] = last
    }
    return top.value
  }
}
