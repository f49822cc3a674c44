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

/// Times by which ways are found.
public struct RouteTimes: Sendable, Equatable {
  /// Milliseconds by link.
  public var links: [Int32]
  /// Milliseconds by turn of the graph, with the waits before it; empty means those of the graph.
  public var turns: [Int32]
  public init(links: [Int32], turns: [Int32] = []) {
    self.links = links
    self.turns = turns
  }

  /// The hierarchy of a network with these times.
  public func weighted(_ hierarchy: LinkHierarchy, execute: ParallelLoop) -> WeightedHierarchy {
    let own =
      turns.count == hierarchy.turnCount
      ? LinkHierarchy(hierarchy, turnsOf: hierarchy.turnGraph.with(milliseconds: turns))
      : hierarchy
    return WeightedHierarchy(own, costs: links, execute: execute)
  }
}

/// What a static assignment comes to.
public struct AssignedTraffic: Sendable {
  /// Vehicles an hour by link.
  public var vehiclesPerHour: [Double]
  /// Vehicles an hour by turn of the graph.
  public var turnVehiclesPerHour: [Double] = []
  /// The congested times, as shortest paths take them.
  public var times: RouteTimes
  /// The times of every iteration, on whose quickest ways equal parts of the volumes are.
  public var waysBy: [RouteTimes] = []
  /// By link, vehicles an hour that begin there.
  public var departingPerHour: [Double] = []
  /// Those who set out, of all; 1 without shares.
  public var keptShare = 1.0
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
  /// where, and each turn has a wait of its own.
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
  /// nil takes those at the speed limits. Of a flow, only the least of all `shares` on its
  /// way sets out, in each iteration that of its way. The result does not depend on how `execute` shares
  /// out the work. An iteration is one customization of the hierarchy and one short search for each flow.
  public func assign(
    _ flows: [AssignmentFlow], costs: [Int32]? = nil,
    shares: HierarchyLoads.Shares? = nil, iterations: Int = 8, targetGap: Double = 0.01,
    execute: ParallelLoop
  ) -> AssignedTraffic {
    let empty = costs ?? LinkCosts.freeFlow(network)
    let pairs = Self.pairs(flows)
    var state = AverageState(
      linkCount: network.linkCount, turnCount: hierarchy.turnCount)
    var times = RouteTimes(links: empty)
    var waysBy: [RouteTimes] = []
    for k in 1...min(100, max(1, iterations)) {
      let weighted = times.weighted(hierarchy, execute: execute)
      let loads = HierarchyLoads(weighted, pairs, shares: shares, execute: execute)
      state.measure(loads, on: weighted)
      if k > 1 && shares == nil && state.gap <= targetGap { break }
      state.add(loads)
      waysBy.append(times)
      times = congested(empty, state)
    }
    return AssignedTraffic(
      vehiclesPerHour: state.volumes, turnVehiclesPerHour: state.turnVolumes, times: times,
      waysBy: waysBy, departingPerHour: state.departing,
      keptShare: state.keptShare(of: pairs), relativeGap: state.gap,
      iterations: state.count, unroutedVehiclesPerHour: Double(state.unrouted) / Self.unit)
  }

  /// The times under the present volumes.
  private func congested(_ empty: [Int32], _ state: AverageState) -> RouteTimes {
    let volumes = state.volumes
    guard let movements else {
      return RouteTimes(links: delay.milliseconds(empty, capacity, volumes: volumes))
    }
    let use = movements.use(turns: state.turnVolumes, links: volumes, delay: delay)
    let turns = zip(hierarchy.turnGraph.turnMilliseconds, use.secondsOfTurn).map { empty, wait in
      Int32(min(86_400_000, (Double(empty) + wait * 1000).rounded()))
    }
    return RouteTimes(links: empty, turns: turns)
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
  /// The same of those who begin on a link.
  private var departingSums: [Int64]
  private(set) var count = 0
  private(set) var gap = 1.0
  private(set) var unrouted: Int64 = 0

  init(linkCount: Int, turnCount: Int) {
    sums = Array(repeating: 0, count: linkCount)
    departingSums = sums
    turnSums = Array(repeating: 0, count: turnCount)
  }

  /// Vehicles an hour by link.
  var volumes: [Double] { means(sums) }
  /// Vehicles an hour by turn.
  var turnVolumes: [Double] { means(turnSums) }
  /// Vehicles an hour by link where they begin.
  var departing: [Double] { means(departingSums) }

  /// Of some pairs; those without a way count as if they set out.
  func keptShare(of pairs: [HierarchyLoads.Pair]) -> Double {
    let asked = pairs.reduce(0.0) { $0 + Double($1.amount) }
    let left = departingSums.reduce(0.0) { $0 + Double($1) } / Double(max(1, count))
    return asked > 0 ? min(1, (left + Double(unrouted)) / asked) : 1
  }

  private func means(_ sums: [Int64]) -> [Double] {
    sums.map { Double($0) / (Double(max(1, count)) * StaticAssignment.unit) }
  }

  /// How far the mean so far is from the quickest ways, which these loads are on.
  mutating func measure(_ loads: HierarchyLoads, on weighted: WeightedHierarchy) {
    unrouted = loads.unrouted
    guard count > 0 else { return }
    var spent = 0.0
    for l in sums.indices where weighted.costs[l] != LinkCosts.closed {
      spent += Double(sums[l] - departingSums[l]) * Double(weighted.costs[l])
    }
    let turns = weighted.hierarchy.turnGraph.turnMilliseconds
    for t in turnSums.indices { spent += Double(turnSums[t]) * Double(max(0, turns[t])) }
    spent /= Double(count)
    gap = spent > 0 ? max(0, (spent - loads.milliseconds) / spent) : 0
  }

  mutating func add(_ loads: HierarchyLoads) {
    for l in sums.indices {
      sums[l] &+= loads.amounts[l]
      departingSums[l] &+= loads.departing[l]
    }
    for t in turnSums.indices { turnSums[t] &+= loads.turnAmounts[t] }
    count += 1
  }
}
