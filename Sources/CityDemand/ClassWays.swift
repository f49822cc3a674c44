import CityBase
import CityNetwork

/// Ways for vehicles that may not go wherever cars may, or are much slower.
///
/// They take the way a car would choose where they may; else, and always where they are slower than
/// 50 km/h, the one that is quickest for them on the empty road. The links of the origin and of the
/// destination are open to everybody: whoever has business there may go there.
struct ClassWays: Sendable {
  /// What a group of vehicles may do.
  struct Group: Hashable, Sendable {
    var access: Access
    /// m/s
    var topSpeed: Float

    /// m/s; slower vehicles look for ways of their own.
    static let slow: Float = 50 / 3.6
    var isSlow: Bool { topSpeed < Self.slow }
  }

  let network: RoadNetwork
  let paths: ShortestPaths

  init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.network = network
    paths = ShortestPaths(network, graph)
  }

  /// Whether a vehicle may take a way between its ends.
  func mayTake(_ links: [LinkID], _ access: Access) -> Bool {
    let between = links.dropFirst().dropLast()
    guard between.allSatisfy({ !network.linkAccess[$0].isDisjoint(with: access) }) else {
      return false
    }
    return !network.hasReservedLanes
      || zip(links, links.dropFirst()).allSatisfy {
        FreeFlow.quickest(from: $0, to: $1, network, for: access) != nil
      }
  }

  /// Milliseconds by link for a group.
  func costs(_ group: Group) -> [Int32] {
    network.linkAccess.ids.map { link in
      if network.linkAccess[link].isDisjoint(with: group.access) { return LinkCosts.closed }
      return LinkCosts.milliseconds(
        length: network.linkLength[link],
        speed: min(network.linkSpeedLimit[link], group.topSpeed))
    }
  }

  /// The quickest ways of some trips of a group; nil where there is none.
  func ways(of trips: [Trip], in group: Group, execute: ParallelLoop) -> [[LinkID]?] {
    let costs = costs(group)
    let network = network
    return Array(
      ChunkedWork.map(count: trips.count, execute: execute) { [paths] range in
        var paths = paths
        var costs = costs
        return trips[range].map { trip -> [LinkID]? in
          let end = trip.destination.link
          let before = costs[end.index]
          costs[end.index] = LinkCosts.milliseconds(
            length: network.linkLength[end],
            speed: min(network.linkSpeedLimit[end], group.topSpeed))
          defer { costs[end.index] = before }
          return paths.route(from: trip.origin, to: trip.destination, costs: costs)
        }
      }.joined())
  }
}
