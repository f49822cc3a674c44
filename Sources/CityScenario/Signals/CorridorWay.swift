import CityBase
import CityNetwork

/// The way along a corridor of signals, and when one who sets out at the first stop line reaches the
/// others.
struct CorridorWay {
  /// Metres between two signals of a corridor, at most.
  static let longest = 5000.0

  /// By signal: the link on which one comes, none at the first, and the one on which one goes on,
  /// none at the last.
  private(set) var entries: [LinkID] = []
  private(set) var exits: [LinkID] = []
  /// Milliseconds from the first stop line to each.
  private(set) var arrivals: [Int64] = [0]

  /// Nil where no way leads on from one junction to the next. `speed` is in m/s; nil for the limits.
  init?(_ network: RoadNetwork, junctions: [JunctionID], speed: Double?) {
    var seconds = 0.0
    var from = LinkID.none
    for i in 1..<junctions.count {
      guard
        let way = Self.way(
          network, from: junctions[i - 1], comingOn: from, to: junctions[i], speed: speed)
      else { return nil }
      entries.append(from)
      exits.append(way.links[0])
      seconds += way.seconds
      arrivals.append(Int64((seconds * 1000).rounded()))
      from = way.links[way.links.count - 1]
    }
    entries.append(from)
    exits.append(.none)
  }

  /// The groups that rule the way at a signal: straight on, where one end of it is open.
  func groups(at i: Int, _ network: RoadNetwork) -> Set<Int> {
    let (entry, exit) = (entries[i], exits[i])
    let junction = entry.isSome ? network.linkTo[entry] : network.linkFrom[exit]
    let all = network.connectors(of: junction).map { ConnectorID($0) }.filter { c in
      (!entry.isSome || network.laneLink[network.connectorFrom[c]] == entry)
        && (!exit.isSome || network.laneLink[network.connectorTo[c]] == exit)
        && network.connectorGroup[c] >= 0
    }
    let straight = all.filter { network.connectorTurn[$0] == .through }
    return Set((straight.isEmpty ? all : straight).map { Int(network.connectorGroup[$0]) })
  }

  private struct Reached {
    var link: LinkID
    var metres: Double
    var seconds: Double
    /// Index of the one before, or -1.
    var before: Int
  }

  /// The shortest way from a junction to the stop line of another.
  private static func way(
    _ network: RoadNetwork, from: JunctionID, comingOn entry: LinkID, to: JunctionID, speed: Double?
  ) -> (links: [LinkID], seconds: Double)? {
    var reached: [Reached] = []
    var isDone: Set<LinkID> = []
    var open: [Reached] = []
    func push(_ c: ConnectorID, after: Int) {
      let link = network.laneLink[network.connectorTo[c]]
      guard network.linkAccess[link].contains(.car) else { return }
      let crossing = Double(network.laneLength[network.lane(of: c)])
      let length = Double(network.linkLength[link])
      let limit = Double(network.linkSpeedLimit[link])
      let base = after < 0 ? (0, 0) : (reached[after].metres, reached[after].seconds)
      open.append(
        Reached(
          link: link, metres: base.0 + crossing + length,
          seconds: base.1 + (crossing + length) / (speed ?? limit), before: after))
    }
    for c in network.connectors(of: from).map({ ConnectorID($0) })
    where network.connectorTurn[c] != .uTurn {
      let comesFrom = network.laneLink[network.connectorFrom[c]]
      // At the first signal one comes straight, if one can.
      if entry.isSome ? comesFrom == entry : network.connectorTurn[c] == .through {
        push(c, after: -1)
      }
    }
    if open.isEmpty, !entry.isSome {
      for c in network.connectors(of: from) { push(ConnectorID(c), after: -1) }
    }
    while let i = open.indices.min(by: {
      (open[$0].metres, open[$0].link) < (open[$1].metres, open[$1].link)
    }) {
      let next = open.remove(at: i)
      if next.metres > longest { return nil }
      guard isDone.insert(next.link).inserted else { continue }
      reached.append(next)
      if network.linkTo[next.link] == to { return (links(reached), next.seconds) }
      for c in network.connectors(of: network.linkTo[next.link]).map({ ConnectorID($0) })
      where network.laneLink[network.connectorFrom[c]] == next.link {
        push(c, after: reached.count - 1)
      }
    }
    return nil
  }

  private static func links(_ reached: [Reached]) -> [LinkID] {
    var links: [LinkID] = []
    var i = reached.count - 1
    while i >= 0 {
      links.append(reached[i].link)
      i = reached[i].before
    }
    return links.reversed()
  }
}
