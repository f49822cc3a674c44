import CityBase

/// Quickest ways of many travellers to few destinations, each as their traveller sees the network:
/// the routes of `ShortestPaths`, found sooner.
///
/// One search backwards from the end of a destination link, at the least costs that any traveller may
/// see, tells A* how far each link is from the goal; that bound is consistent, and so near to the
/// truth that a search hardly leaves its way. Ask for all routes to one destination in a row.
public struct AimedPaths: Sendable {
  public let costs: [Int32]
  /// The largest spread of a perturbation these bounds hold for.
  public let spread: Double
  private var paths: ShortestPaths
  private var wheel: WheelSearch
  private var aim = LinkID.none
  /// How far the search backwards went.
  private var reach = WheelSearch.unreached

  /// Over `costs` in milliseconds by link, one for each link of the network of `paths`, and
  /// perturbations of this spread or less.
  public init(_ paths: ShortestPaths, costs: [Int32], spread: Double) {
    self.paths = paths
    self.costs = costs
    self.spread = min(0.9, max(0, spread))
    let least = RoutePerturbation(random: RandomStream(seed: 0), key: 0, spread: spread).least
    wheel = paths.wheel(costs: costs.map { LinkCosts.scaled($0, by: least) }, isBackward: true)
  }

  /// Makes ready for routes to the end of a link, above all from these links.
  public mutating func aim(at destination: LinkID, from origins: [LinkID]) {
    let links = 0..<paths.graph.linkCount
    guard costs.count == links.count, links ~= destination.index else { return }
    aim = destination
    reach = wheel.run(
      from: destination.index, reaching: origins.filter { links ~= $0.index && $0 != destination })
  }

  /// The links from one access point to another, as `ShortestPaths.route` finds them.
  public mutating func route(
    from origin: AccessPoint, to destination: AccessPoint, perturbation: RoutePerturbation? = nil
  ) -> [LinkID]? {
    if let perturbation, perturbation.spread > spread {
      return paths.route(from: origin, to: destination, costs: costs, perturbation: perturbation)
    }
    if aim != destination.link { aim(at: destination.link, from: [origin.link]) }
    let reach = reach
    return wheel.withNodes { nodes in
      paths.route(
        from: origin, to: destination, costs: costs, perturbation: perturbation,
        bound: TableBound(nodes: nodes, reach: reach))
    }
  }
}

/// The labels of a search backwards.
private struct TableBound: SearchBound {
  let nodes: UnsafeBufferPointer<WheelSearch.Node>
  let reach: UInt32
  @inline(__always) func milliseconds(from link: Int, _ place: SearchPlace) -> UInt32? {
    let least = min(nodes[link].label, reach)
    return least == WheelSearch.unreached ? nil : least
  }
}
