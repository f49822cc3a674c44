import CityBase
import CityNetwork

/// A road source drawn by hand: nodes by name, ways over names.
struct Sketch {
  private var names: [String] = []
  private(set) var source = RoadSource()

  init(drivesOnRight: Bool = true) { source.drivesOnRight = drivesOnRight }

  mutating func node(
    _ name: String, _ x: Double, _ y: Double, _ control: NodeControl = .none,
    _ direction: ControlDirection = .both
  ) {
    var node = RoadSource.Node(
      position: Point2(x, y), control: control, externalID: Int64(names.count))
    node.controlDirection = direction
    source.nodes.append(node)
    names.append(name)
  }

  /// Paints arrows on the forward lanes of a way, kerb lane first.
  mutating func mark(_ way: Int32, _ arrows: [LaneTurns]) {
    source.ways[Int(way)].forwardTurns = arrows
  }

  /// Sets the limits of a way by direction, in metres per second.
  mutating func limit(_ way: Int32, forward: Double, backward: Double) {
    source.ways[Int(way)].speedLimit = forward
    source.ways[Int(way)].backwardSpeedLimit = backward
  }

  /// Bans a way over several ways, which meet at named nodes.
  mutating func ban(_ ways: [Int32], over nodes: String) {
    source.pathBans.append(
      RoadSource.PathBan(ways: ways, nodes: nodes.split(separator: " ").map { index(String($0)) }))
  }

  /// A way over nodes named in one text, such as `"west middle east"`.
  @discardableResult
  mutating func way(
    _ id: String, _ nodes: String, _ roadClass: RoadClass = .tertiary, lanes: Int = 1,
    backward: Int? = nil, roundabout: Bool = false, ramp: Bool = false, access: Access = .all
  ) -> Int32 {
    source.ways.append(
      RoadSource.Way(
        externalID: id, nodes: nodes.split(separator: " ").map { index(String($0)) },
        roadClass: roadClass, forwardLanes: lanes, backwardLanes: backward ?? lanes,
        speedLimit: 50 / 3.6, isRoundabout: roundabout, isRamp: ramp, access: access))
    return Int32(source.ways.count - 1)
  }

  mutating func ban(_ from: Int32, over node: String, into to: Int32) {
    source.turnBans.append(RoadSource.TurnBan(fromWay: from, viaNode: index(node), toWay: to))
  }

  /// The number of a named node; -1 for a name that was never drawn, a dangling reference.
  func index(_ name: String) -> Int32 { Int32(names.firstIndex(of: name) ?? -1) }

  func build() -> BuiltSketch {
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    return BuiltSketch(network: network, diagnostics: diagnostics)
  }
}

/// A built sketch, asked by external ids.
struct BuiltSketch {
  var network: RoadNetwork
  var diagnostics: Diagnostics

  func link(_ externalID: String) -> LinkID {
    network.linkExternalID.ids.first { network.linkExternalID[$0] == externalID } ?? .none
  }

  /// The junction nearest to a point.
  func junction(_ x: Double, _ y: Double) -> JunctionID {
    network.junctionPosition.ids.min {
      network.junctionPosition[$0].distance(to: Point2(x, y))
        < network.junctionPosition[$1].distance(to: Point2(x, y))
    } ?? .none
  }

  /// All connectors between two links, as (lane, lane) pairs.
  func lanes(_ from: String, _ to: String) -> [[Int]] {
    connectors(from, to).map { c in
      [
        network.connectorFrom[c].index - network.lanes(of: link(from)).lowerBound,
        network.connectorTo[c].index - network.lanes(of: link(to)).lowerBound,
      ]
    }
  }

  func connectors(_ from: String, _ to: String) -> [ConnectorID] {
    let from = link(from)
    let to = link(to)
    guard from.isSome, to.isSome else { return [] }
    return network.connectorFrom.values.indices.map { ConnectorID($0) }.filter {
      network.laneLink[network.connectorFrom[$0]] == from
        && network.laneLink[network.connectorTo[$0]] == to
    }
  }

  /// The links one may drive into from a link, by external id, sorted.
  func following(_ from: String) -> [String] {
    let turns = TurnGraph(network)
    return turns.turns(from: link(from)).map { network.linkExternalID[turns.turnTarget[$0]] }
      .sorted()
  }

  /// The conflict of the first connector of one movement with the first of another.
  func conflict(_ a: (String, String), _ b: (String, String)) -> Conflict? {
    guard let one = connectors(a.0, a.1).first, let other = connectors(b.0, b.1).first else {
      return nil
    }
    return network.conflicts(of: one).first { $0.other == other }
  }
}
