import CityBase
import CityNetwork

/// Vehicles an hour that want to go from one link to another.
public struct AssignmentFlow: Sendable, Hashable {
  public var origin: LinkID
  public var destination: LinkID
  /// 0 or more; what is not finite counts as 0.
  public var vehiclesPerHour: Double
  public init(origin: LinkID, destination: LinkID, vehiclesPerHour: Double) {
    self.origin = origin
    self.destination = destination
    self.vehiclesPerHour = vehiclesPerHour
  }
}

/// What a static assignment comes to.
public struct AssignedTraffic: Sendable {
  /// Vehicles an hour by link.
  public var vehiclesPerHour: [Double]
  /// Vehicles an hour by turn of the graph.
  public var turnVehiclesPerHour: [Double] = []
  /// The congested time by link in milliseconds, as shortest paths take it; the expected wait of the
  /// empty network is in the turns of `TurnGraph`.
  public var milliseconds: [Int32]
  /// How far all drivers together are from their quickest ways: (time spent - time on the quickest
  /// ways) / time spent, at the times of the last iteration; 0 is Wardrop's equilibrium.
  public var relativeGap: Double
  public var iterations: Int
  /// Vehicles an hour that no way leads for.
  public var unroutedVehiclesPerHour: Double
}

/// Traffic spread over a network so that nobody gains much by another way: the user equilibrium of
/// Wardrop (1952) approached by the method of successive averages (Sheffi, "Urban Transportation
/// Networks", 1985, section 5.4).
///
/// Each iteration sends all flows along the quickest ways at the present times, and the volumes
/// become the mean of all iterations so far. Volumes are summed as whole thousandths of a vehicle,
/// so that the result does not depend on the number of workers.
public struct StaticAssignment: Sendable {
  public let network: RoadNetwork
  public let capacity: LinkCapacity
  public var delay: VolumeDelay
  /// Where given, what drivers wait for at the end of a link is what its lanes make of who turns
  /// where.
  public var movements: MovementCapacity?
  let hierarchy: LinkHierarchy

  /// `hierarchy` may be handed over where somebody has it already.
  public init(
    _ network: RoadNetwork, _ graph: TurnGraph, _ capacity: LinkCapacity,
    delay: VolumeDelay = VolumeDelay(), hierarchy: LinkHierarchy? = nil
  ) {
    self.network = network
    self.capacity = capacity
    self.delay = delay
    self.hierarchy = hierarchy ?? LinkHierarchy(network, graph)
  }
  /// Spreads the flows in at most `iterations` (1 to 100) iterations, fewer where the relative gap
  /// falls to `targetGap` earlier. `costs` are the times of the empty network in milliseconds by link;
  /// nil takes those at the speed limits. The result does not depend on how `execute` shares out the
  /// work. An iteration is one customization of the hierarchy and one short search for each flow.
  public func assign(
    _ flows: [AssignmentFlow], costs: [Int32]? = nil, iterations: Int = 8,
    targetGap: Double = 0.01, execute: ParallelLoop
  ) -> AssignedTraffic {
    let empty = costs ?? LinkCosts.freeFlow(network)
    let pairs = Self.pairs(flows)
    var state = AverageState(
      linkCount: network.linkCount, turnCount: hierarchy.turnCount)
    var times = empty
    for k in 1...min(100, max(1, iterations)) {
      let weighted = WeightedHierarchy(hierarchy, costs: times, execute: execute)
      let loads = HierarchyLoads(weighted, pairs, execute: execute)
      state.measure(loads, times: times)
      if k > 1 && state.gap <= targetGap { break }
      state.add(loads)
      times = delay.milliseconds(empty, capacity(state), volumes: state.volumes)
    }
    return AssignedTraffic(
      vehiclesPerHour: state.volumes, turnVehiclesPerHour: state.turnVolumes, milliseconds: times,
      relativeGap: state.gap,
      iterations: state.count, unroutedVehiclesPerHour: Double(state.unrouted) / Self.unit)
  }

  /// The capacities as the present turns leave them.
  private func capacity(_ state: AverageState) -> LinkCapacity {
    guard let movements else { return capacity }
    let volumes = state.volumes
    let use = movements.use(turns: state.turnVolumes, links: volumes)
    var capacity = capacity
    for l in volumes.indices where volumes[l] > 0 && use.meanOfLink[l] > 0 {
      capacity.vehiclesPerHour[l] = volumes[l] / use.meanOfLink[l]
    }
    return capacity
  }

  /// Parts of a vehicle an hour that volumes are whole numbers of.
  static let unit = 1000.0

  /// Those with one destination in a row, equal ones added up.
  private static func pairs(_ flows: [AssignmentFlow]) -> [HierarchyLoads.Pair] {
    let order = flows.indices.sorted {
      let (a, b) = (flows[$0], flows[$1])
      return (a.destination.rawValue, a.origin.rawValue, $0)
        < (b.destination.rawValue, b.origin.rawValue, $1)
    }
    var pairs: [HierarchyLoads.Pair] = []
    for i in order {
      let flow = flows[i]
      let amount = Int64(exactly: min(1e12, max(0, flow.vehiclesPerHour * unit)).rounded()) ?? 0
      guard amount > 0 else { continue }
      if let last = pairs.last, last.origin == flow.origin, last.destination == flow.destination {
        pairs[pairs.count - 1].amount += amount
      } else {
        pairs.append(
          HierarchyLoads.Pair(
            origin: flow.origin, destination: flow.destination, amount: amount))
      }
    }
    return pairs
  }
}

/// The mean of the loads of all iterations so far.
private struct AverageState {
  /// By link, the sum over all iterations.
  private var sums: [Int64]
  /// The same by turn.
  private var turnSums: [Int64]
  /// The sum over all iterations of the time spent in turns.
  private var turnTime = 0.0
  /// What the last loads spend in turns.
  private var turnTimeNow = 0.0
  private(set) var count = 0
  private(set) var gap = 1.0
  private(set) var unrouted: Int64 = 0

  init(linkCount: Int, turnCount: Int) {
    sums = Array(repeating: 0, count: linkCount)
    turnSums = Array(repeating: 0, count: turnCount)
  }

  /// Vehicles an hour by link.
  var volumes: [Double] { means(sums) }
  /// Vehicles an hour by turn.
  var turnVolumes: [Double] { means(turnSums) }

  private func means(_ sums: [Int64]) -> [Double] {
    sums.map { Double($0) / (Double(max(1, count)) * StaticAssignment.unit) }
  }

  /// How far the mean so far is from the quickest ways, which these loads are on.
  mutating func measure(_ loads: HierarchyLoads, times: [Int32]) {
    // The quickest ways spend on links what they spend in all less their turns; so the turns of the
    // mean, whose times never change, are the mean of the turns.
    var onLinks = 0.0
    var spent = 0.0
    for l in times.indices where times[l] != LinkCosts.closed {
      onLinks += Double(loads.amounts[l] - loads.departing[l]) * Double(times[l])
      if count > 0 {
        spent += (Double(sums[l]) / Double(count) - Double(loads.departing[l])) * Double(times[l])
      }
    }
    if count > 0 {
      spent += turnTime / Double(count)
      gap = spent > 0 ? max(0, (spent - loads.milliseconds) / spent) : 0
    }
    turnTimeNow = loads.milliseconds - onLinks
  }

  mutating func add(_ loads: HierarchyLoads) {
    turnTime += turnTimeNow
    for l in sums.indices { sums[l] &+= loads.amounts[l] }
    for t in turnSums.indices { turnSums[t] &+= loads.turnAmounts[t] }
    unrouted = loads.unrouted
    count += 1
  }
}
