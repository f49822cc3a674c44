import CityBase
import CityNetwork

/// How many vehicles an hour each link can let go at its end, and what its signal does to them.
///
/// A lane discharges at its saturation flow for the share of time in which it may: the green share
/// of its signal, or what is left to it where it yields. Capacities of the lanes of a link add up.
/// These are figures for planning, as the Highway Capacity Manual means them; the run itself knows
/// nothing of them.
public struct LinkCapacity: Sendable {
  /// Vehicles an hour by link, above 0.
  public internal(set) var vehiclesPerHour: [Double]
  /// By link: the share of time in which its signal lets an average lane go, 1 without a signal.
  public let greenShare: [Double]
  /// By link: the cycle of the signal at its end in seconds, 0 without a signal.
  public let cycleSeconds: [Double]

  public init(_ network: RoadNetwork, _ rates: DischargeRates = DischargeRates()) {
    let greens = GroupGreens(network)
    var capacity: [Double] = []
    var share: [Double] = []
    var cycle: [Double] = []
    capacity.reserveCapacity(network.linkCount)
    share.reserveCapacity(network.linkCount)
    cycle.reserveCapacity(network.linkCount)
    for l in 0..<network.linkCount {
      let link = LinkID(l)
      let signal = network.junctionSignal[network.linkTo[link]]
      var sum = 0.0
      var green = 0.0
      // Lanes reserved for others carry nothing of what is assigned.
      let open = network.lanes(of: link).filter { network.access(to: LaneID($0)).contains(.car) }
      for lane in open {
        let discharge = rates.lane(LaneID(lane), network, greens)
        sum += discharge.vehiclesPerHour
        green += discharge.green
      }
      let lanes = max(1, open.count)
      capacity.append(max(rates.leastPerLink, sum))
      let isSignalised = signal.isSome && signal.index < network.signals.count
      share.append(isSignalised ? min(1, max(0.05, green / Double(lanes))) : 1)
      cycle.append(isSignalised ? Double(network.signals[signal].cycleMilliseconds) / 1000 : 0)
    }
    vehiclesPerHour = capacity
    greenShare = share
    cycleSeconds = cycle
  }
}

/// The flows at which lanes discharge, in vehicles an hour and lane.
public struct DischargeRates: Sendable {
  /// A lane that nobody stops: the base saturation flow of the Highway Capacity Manual 2010
  /// (chapter 18), which is also near the flow of an uninterrupted urban lane.
  public var saturation = 1900.0
  /// What turning costs: HCM 2010's factors for protected right and left turns are 0.85 and 0.95; a
  /// U-turn is as slow as its tight bend (this project's round figure).
  public var right = 0.85
  public var left = 0.95
  public var uTurn = 0.6
  /// The part of a permissive green that oncoming traffic leaves: about half, as `TurnGraph` has it.
  public var permissive = 0.5
  /// A lane that yields: HCM 2010 (equation 19-32) gives about 650 veh/h beside a conflicting flow
  /// of 400 veh/h, with a critical gap of 6.2 s and 3.3 s from one to the next.
  public var yielding = 650.0
  /// Onto a roundabout: 1,130 exp(-0.001 v) of HCM 2010 (equation 21-1) at v = 300 veh/h.
  public var roundaboutEntry = 840.0
  /// Equal roads, one after the other: HCM 2010's all-way stop at a headway of about 6 s.
  public var equal = 600.0
  /// No link, however bad, lets less through than this, so that times stay finite.
  public var leastPerLink = 60.0

  public init() {}

  /// What one lane discharges; a lane without any way on (the end of the map) is free.
  func lane(_ lane: LaneID, _ network: RoadNetwork, _ greens: GroupGreens)
    -> (vehiclesPerHour: Double, green: Double)
  {
    let connectors = network.connectors(from: lane)
    guard !connectors.isEmpty else { return (saturation, 1) }
    // Movements of one lane go one behind the other, so each gets an equal share of its time.
    var perHour = 0.0
    var green = 0.0
    for c in connectors {
      let movement = movement(ConnectorID(c), network, greens)
      perHour += movement.vehiclesPerHour
      green += movement.green
    }
    let count = Double(connectors.count)
    return (perHour / count, green / count)
  }

  /// What a lane discharges while only this movement goes and nobody stops it.
  public func saturation(of connector: ConnectorID, _ network: RoadNetwork) -> Double {
    switch network.connectorTurn[connector] {
    case .through: saturation
    case .right: saturation * (network.drivesOnRight ? right : left)
    case .left: saturation * (network.drivesOnRight ? left : right)
    case .uTurn: saturation * uTurn
    }
  }

  private func movement(_ connector: ConnectorID, _ network: RoadNetwork, _ greens: GroupGreens)
    -> (vehiclesPerHour: Double, green: Double)
  {
    let flow = saturation(of: connector, network)
    if let (open, half) = greens.shares(of: connector) {
      return (flow * (open + permissive * half), open + half)
    }
    let yields = network.conflicts(of: connector).contains { $0.yields > 0 }
    let link = network.laneLink[network.connectorFrom[connector]]
    switch network.junctionControl[network.linkTo[link]] {
    case .passage, .signals: return (flow, 1)
    case .priority: return (yields ? min(flow, yielding) : flow, 1)
    case .roundabout: return (yields ? min(flow, roundaboutEntry) : flow, 1)
    case .equal:
      return (network.conflicts(of: connector).isEmpty ? flow : min(flow, equal), 1)
    }
  }
}

/// The share of the cycle in which each group of each controller may go.
public struct GroupGreens: Sendable {
  let network: RoadNetwork
  private let byGroup: [[(open: Double, half: Double)]]

  public init(_ network: RoadNetwork) {
    self.network = network
    byGroup = network.signals.values.map { signal in
      let cycle = max(1, Double(signal.cycleMilliseconds))
      return (0..<max(0, Int(signal.groupCount))).map { group in
        var open = 0.0
        var half = 0.0
        for phase in signal.phases where group < phase.states.count {
          switch phase.states[group] {
          case .green: open += Double(phase.milliseconds)
          case .permissive: half += Double(phase.milliseconds)
          // What starting up loses at the beginning of green, yellow gives back.
          case .yellow, .red: break
          }
        }
        return (open / cycle, half / cycle)
      }
    }
  }

  /// Shares of full and of permissive green; nil for a movement without a signal.
  public func shares(of connector: ConnectorID) -> (open: Double, half: Double)? {
    guard let (signal, group) = network.signalGroup(of: connector),
      signal.index < byGroup.count, group < byGroup[signal.index].count
    else { return nil }
    return byGroup[signal.index][group]
  }
}
