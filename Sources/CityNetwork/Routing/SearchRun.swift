import CityBase

/// What a search must know about a link.
struct SearchPlace: Sendable, BitwiseCopyable {
  var end: Point2
  /// The stable hash of its external id; the 20 low bits break ties, so that the sum along any
  /// path of fewer than 4,096 links stays below a millisecond.
  var hash: UInt64
  /// No cost counts for less; at least 1.
  var floor: Int32

  /// The highest limit there is, in metres per second.
  static func fastest(_ network: RoadNetwork) -> Float {
    network.linkSpeedLimit.values.reduce(Float(1)) { max($0, $1) }
  }

  /// Those of all links.
  static func all(of network: RoadNetwork) -> [SearchPlace] {
    let fastest = fastest(network)
    return (0..<network.linkCount).map { l in
      let id = LinkID(l)
      let floor = LinkCosts.milliseconds(length: network.linkLength[id], speed: fastest) - 1
      return SearchPlace(
        end: network.points(of: id).last ?? Point2(0, 0),
        hash: StableHash.of(network.linkExternalID[id]), floor: max(1, floor))
    }
  }

  /// The bits of the hash that break ties.
  @inline(__always) var tieBreaker: UInt64 { hash & 0xF_FFFF }
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

/// A lower bound of the milliseconds from the end of a link to the goal, which falls along no turn
/// by more than the turn and its link cost; nil where no way leads to the goal.
protocol SearchBound {
  func milliseconds(from link: Int, _ place: SearchPlace) -> UInt32?
}

/// As the crow flies at the highest speed there is.
struct StraightBound: SearchBound {
  let goal: Point2
  let perMetre: Double
  @inline(__always) func milliseconds(from link: Int, _ place: SearchPlace) -> UInt32? {
    UInt32(min(4e9, place.end.distance(to: goal) * perMetre))
  }
}

/// One search over the arrays of a `ShortestPaths`.
struct SearchRun<Bound: SearchBound> {
  let visits: UnsafeMutableBufferPointer<SearchVisit>
  let places: UnsafeBufferPointer<SearchPlace>
  let turns: UnsafeBufferPointer<SearchTurn>
  let firstTurn: UnsafeBufferPointer<Int32>
  let costs: UnsafeBufferPointer<Int32>
  let perturbation: RoutePerturbation?
  let stamp: UInt32
  let bound: Bound

  /// Whether `target` was reached.
  func run(from start: Int, to target: Int, _ heap: inout SearchHeap) -> Bool {
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
        cost = LinkCosts.scaled(cost, by: perturbation.factor(place.hash))
      }
      let ms = UInt64(max(cost, place.floor)) + UInt64(turn.milliseconds)
      let reached = base &+ (ms << 32) &+ place.tieBreaker
      // Of two ways that are alike to the last bit, the one through the lower link.
      if visit.stamp == stamp
        && (visit.label < reached || (visit.label == reached && visit.parent <= Int32(l)))
      {
        continue
      }
      guard let ahead = bound.milliseconds(from: next, place) else { continue }
      visits[next] = SearchVisit(label: reached, parent: Int32(l), stamp: stamp)
      heap.push(key: reached &+ (UInt64(ahead) << 32), value: turn.target)
    }
  }
}
