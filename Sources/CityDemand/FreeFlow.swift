import CityBase
import CityNetwork

/// Length and time of a route in an empty network.
public enum FreeFlow {
  /// Metres and seconds from an offset on the first link to one on the last, at the speed limits;
  /// connectors count with their turning speeds, the quickest between two links, and no waiting.
  /// `topSpeed` is that of the vehicle, in m/s.
  public static func measure(
    _ links: some BidirectionalCollection<LinkID>, from: Float, to: Float,
    in network: RoadNetwork, topSpeed: Float = .infinity
  ) -> (meters: Float, seconds: Float) {
    measure(links, from: from, to: to, in: network, topSpeed: topSpeed) {
      quickest(from: $0, to: $1, network)
    }
  }

  /// The same, with the connectors that someone knows already.
  static func measure(
    _ links: some BidirectionalCollection<LinkID>, from: Float, to: Float,
    in network: RoadNetwork, topSpeed: Float = .infinity,
    connector: (LinkID, LinkID) -> ConnectorID?
  ) -> (meters: Float, seconds: Float) {
    var meters = 0.0
    var seconds = 0.0
    func add(_ length: Float, at speed: Float) {
      meters += Double(max(0, length))
      seconds += Double(max(0, length)) / Double(max(0.1, min(speed, topSpeed)))
    }
    var before = LinkID.none
    for link in links {
      if before.isSome, let connector = connector(before, link) {
        let lane = network.lane(of: connector)
        add(network.laneLength[lane], at: network.laneSpeed[lane])
      }
      add(network.linkLength[link], at: network.linkSpeedLimit[link])
      before = link
    }
    if let first = links.first, let last = links.last {
      let a = min(topSpeed, network.linkSpeedLimit[first])
      let b = min(topSpeed, network.linkSpeedLimit[last])
      let rest = max(0, network.linkLength[last] - to)
      meters -= Double(from) + Double(rest)
      seconds -= Double(from) / Double(max(0.1, a)) + Double(rest) / Double(max(0.1, b))
    }
    return (Float(max(0, meters)), Float(max(0, seconds)))
  }

  /// The connector between two links that takes the least time of those open to some vehicles; nil
  /// where there is none.
  static func quickest(
    from: LinkID, to: LinkID, _ network: RoadNetwork, for access: Access = .all
  ) -> ConnectorID? {
    var best: ConnectorID?
    var bestSeconds = Float.infinity
    for lane in network.lanes(of: from) {
      for c in network.connectors(from: LaneID(lane)) {
        let id = ConnectorID(c)
        guard network.laneLink[network.connectorTo[id]] == to, network.isOpen(id, to: access)
        else { continue }
        let own = network.lane(of: id)
        let seconds = network.laneLength[own] / max(0.1, network.laneSpeed[own])
        if seconds < bestSeconds { (best, bestSeconds) = (id, seconds) }
      }
    }
    return best
  }
}

/// The quickest connector of every turn.
struct TurnDrives: Sendable {
  let graph: TurnGraph
  /// By turn.
  let connectors: [ConnectorID]

  init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.graph = graph
    var connectors: [ConnectorID] = []
    connectors.reserveCapacity(graph.turnCount)
    for l in 0..<graph.linkCount {
      for turn in graph.turns(from: LinkID(l)) {
        let target = graph.turnTarget[turn]
        connectors.append(
          FreeFlow.quickest(from: LinkID(l), to: target, network, for: .car) ?? .none)
      }
    }
    self.connectors = connectors
  }

  /// That between two links; nil where none leads from one to the other.
  func connector(from: LinkID, to: LinkID) -> ConnectorID? {
    for turn in graph.turns(from: from) where graph.turnTarget[turn] == to {
      return connectors[turn].isSome ? connectors[turn] : nil
    }
    return nil
  }
}
