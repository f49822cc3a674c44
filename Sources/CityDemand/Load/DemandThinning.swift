import CityBase
import CityNetwork

/// Leaves out a part of those whose way leads over movements that could not let all of them through.
///
/// A gravity model knows how many people live and work where, and what comes in over the edge, and
/// nothing of single junctions. In a city that works, people have settled so that their ways can be
/// driven. So of those who want to take a crowded turn, or to pull out into a busy road, only a share
/// sets out: of a trip the least of all shares on its way, which is one of those that an assignment
/// spread the demand over. Which of them, and who stays, is drawn by the trip's own key.
public struct DemandThinning: Sendable {
  /// By turn of the graph: the share of those who would take it that set out, 0 to 1.
  public let shares: [Double]
  /// By link: the share of those who would begin there that set out.
  public let originShares: [Double]
  /// Sets of times: on the quickest ways of each, an equal part of all go.
  public let waysBy: [RouteTimes]

  public init(shares: [Double], originShares: [Double], waysBy: [RouteTimes]) {
    self.shares = shares
    self.originShares = originShares
    self.waysBy = waysBy
  }

  /// Turns that not all can take, and links where not all can begin.
  public var crowdedCount: Int { shares.count { $0 < 1 } + originShares.count { $0 < 1 } }

  /// The places with the smallest shares, the smallest first: the turn from one link to another, or
  /// the beginning of trips on a link, which is then both.
  public func mostCrowded(_ count: Int, of graph: TurnGraph)
    -> [(from: LinkID, to: LinkID, share: Double)]
  {
    var found: [(from: LinkID, to: LinkID, share: Double)] = []
    for turn in shares.indices where shares[turn] < 1 {
      found.append((graph.link(ofTurn: turn), graph.turnTarget[turn], shares[turn]))
    }
    for link in originShares.indices where originShares[link] < 1 {
      found.append((LinkID(link), LinkID(link), originShares[link]))
    }
    found.sort { ($0.share, $0.from, $0.to) < ($1.share, $1.from, $1.to) }
    return Array(found.prefix(max(0, count)))
  }

  /// The trips that set out, in the order given. The result does not depend on how `execute` shares
  /// out the work.
  public func kept(
    of trips: [Trip], hierarchy: LinkHierarchy, random: RandomStream, execute: ParallelLoop
  ) -> [Trip] {
    guard crowdedCount > 0, !waysBy.isEmpty else { return trips }
    var weights = [Double](repeating: 1, count: trips.count)
    let drawn = trips.map {
      min(waysBy.count - 1, Int(random.unit(.demandThinning, $0.key, 2) * Double(waysBy.count)))
    }
    for (k, times) in waysBy.enumerated() {
      let members = trips.indices.filter { drawn[$0] == k }
      let weighted = times.weighted(hierarchy, execute: execute)
      let found = leastShares(members.map { trips[$0] }, on: weighted, execute: execute)
      for (i, weight) in zip(members, found) { weights[i] = weight }
    }
    return trips.indices.filter { i in
      weights[i] >= 1 || random.unit(.demandThinning, trips[i].key) < weights[i]
    }.map { trips[$0] }
  }

  /// For each trip the least share of its origin and the turns on its quickest way.
  private func leastShares(
    _ trips: [Trip], on weighted: WeightedHierarchy, execute: ParallelLoop
  ) -> [Double] {
    let graph = weighted.hierarchy.turnGraph
    // The walk from a destination is kept for all who go there.
    let order = trips.indices.sorted {
      let (a, b) = (trips[$0].destination.link.rawValue, trips[$1].destination.link.rawValue)
      return (a, $0) < (b, $1)
    }
    let found = ChunkedWork.map(count: order.count, execute: execute) { range in
      var search = HierarchySearch(weighted)
      return order[range].map { i -> Double in
        let origin = trips[i].origin.link.index
        var least = originShares.indices.contains(origin) ? originShares[origin] : 1
        guard let way = search.route(from: trips[i].origin, to: trips[i].destination) else {
          return least
        }
        for (a, b) in zip(way, way.dropFirst()) {
          for turn in graph.turns(from: a) where graph.turnTarget[turn] == b {
            least = min(least, shares[turn])
          }
        }
        return least
      }
    }
    var weights = [Double](repeating: 1, count: trips.count)
    for (i, weight) in zip(order, found.joined()) { weights[i] = weight }
    return weights
  }
}
