import CityBase

/// Which links may follow which, through the connectors there are, with the time each turn costs.
///
/// Nodes of this graph are links and edges are turns, so that turn bans hold by construction. The
/// turns out of link `l` are `firstTurn[l] ..< firstTurn[l + 1]`.
public struct TurnGraph: Sendable {
  /// One more than there are links.
  public let firstTurn: [Int32]
  /// The link each turn leads into, ascending within one link's turns.
  public let turnTarget: [LinkID]
  /// Milliseconds from the stop line to the start of the next link: driving across the junction
  /// and the expected wait there.
  public let turnMilliseconds: [Int32]

  public var linkCount: Int { firstTurn.count - 1 }
  public var turnCount: Int { turnTarget.count }

  /// Collects the turns of a network.
  ///
  /// The wait is that of uniform arrivals at a signal, r²/2C (the first term of Webster 1958), or
  /// a flat charge for yielding at other junctions. Ways over lanes that are closed to vehicles of
  /// `access` are left out.
  public init(_ network: RoadNetwork, for access: Access = .car) {
    var first: [Int32] = [0]
    var target: [LinkID] = []
    var cost: [Int32] = []
    first.reserveCapacity(network.linkCount + 1)
    let waits = SignalWaits(network)
    var found: [(link: Int32, ms: Int32)] = []
    for l in 0..<network.linkCount {
      found.removeAll(keepingCapacity: true)
      for lane in network.lanes(of: LinkID(l)) {
        for c in network.connectors(from: LaneID(lane)) {
          let id = ConnectorID(c)
          guard network.isOpen(id, to: access) else { continue }
          let next = network.laneLink[network.connectorTo[id]]
          let ms = Self.milliseconds(of: id, network, waits)
          if let i = found.firstIndex(where: { $0.link == next.rawValue }) {
            found[i].ms = min(found[i].ms, ms)
          } else {
            found.append((next.rawValue, ms))
          }
        }
      }
      found.sort { $0.link < $1.link }
      for f in found {
        target.append(LinkID(rawValue: f.link))
        cost.append(f.ms)
      }
      first.append(Int32(target.count))
    }
    firstTurn = first
    turnTarget = target
    turnMilliseconds = cost
  }

  /// The same turns with other times, one for each; with the same ones where their number is another.
  public func with(milliseconds: [Int32]) -> TurnGraph {
    TurnGraph(
      firstTurn, turnTarget,
      milliseconds.count == turnCount ? milliseconds : turnMilliseconds)
  }

  private init(_ firstTurn: [Int32], _ turnTarget: [LinkID], _ turnMilliseconds: [Int32]) {
    self.firstTurn = firstTurn
    self.turnTarget = turnTarget
    self.turnMilliseconds = turnMilliseconds
  }

  /// The turns out of a link, as indices into `turnTarget` and `turnMilliseconds`.
  @inlinable public func turns(from link: LinkID) -> Range<Int> {
    Int(firstTurn[link.index])..<Int(firstTurn[link.index + 1])
  }

  /// The link that a turn leads out of.
  public func link(ofTurn turn: Int) -> LinkID {
    var low = 0
    var high = linkCount
    while low < high {
      let middle = (low + high) / 2
      if Int(firstTurn[middle + 1]) <= turn { low = middle + 1 } else { high = middle }
    }
    return LinkID(low)
  }

  /// Whether one link may directly follow another.
  public func allows(_ from: LinkID, _ to: LinkID) -> Bool {
    turns(from: from).contains { turnTarget[$0] == to }
  }

  private static func milliseconds(
    of id: ConnectorID, _ network: RoadNetwork, _ waits: SignalWaits
  ) -> Int32 {
    let lane = network.lane(of: id)
    let drive = Double(network.laneLength[lane]) / max(0.5, Double(network.laneSpeed[lane]))
    var wait = waits.milliseconds(of: id)
    if wait == nil {
      // Charges of the size of HCM control delays at low flows; they only order routes.
      var charge = 0
      switch network.connectorTurn[id] {
      case .through: charge = 0
      case .right: charge = 500
      case .left: charge = 2000
      case .uTurn: charge = 5000
      }
      if network.conflicts(of: id).contains(where: { $0.yields > 0 }) { charge += 2000 }
      wait = Int32(charge)
    }
    return Int32(min(3.6e6, (drive * 1000).rounded())) + (wait ?? 0)
  }
}

/// The expected wait of each group of each controller.
private struct SignalWaits {
  let network: RoadNetwork
  /// By controller, by group.
  let byGroup: [[Int32]]

  init(_ network: RoadNetwork) {
    self.network = network
    byGroup = network.signals.values.map { signal in
      (0..<Int(signal.groupCount)).map { group in
        let cycle = Double(signal.cycleMilliseconds)
        var open = 0.0
        for phase in signal.phases where group < phase.states.count {
          switch phase.states[group] {
          case .green: open += Double(phase.milliseconds)
          // About half of a permissive green is lost to the oncoming traffic.
          case .permissive: open += 0.5 * Double(phase.milliseconds)
          case .yellow, .red: break
          }
        }
        let red = cycle - open
        return Int32((red * red / (2 * max(1, cycle))).rounded())
      }
    }
  }

  func milliseconds(of connector: ConnectorID) -> Int32? {
    guard let (signal, group) = network.signalGroup(of: connector),
      signal.index < byGroup.count, group < byGroup[signal.index].count
    else { return nil }
    return byGroup[signal.index][group]
  }
}
