import CityBase

/// Step nine: the finished columns, in the order that `RoadNetwork` promises.
struct NetworkAssembler {
  private var network = RoadNetwork()
  private let mirror: Double
  /// By road lane.
  private var laneAccess: [Access] = []

  init(_ source: RoadSource, _ graph: RoadGraph, _ plan: LinkPlan) {
    mirror = source.drivesOnRight ? 1 : -1
    network.drivesOnRight = source.drivesOnRight
    network.allowsTurnOnRed = source.allowsTurnOnRed
    network.junctionFirstApproach = plan.firstApproach
    for j in plan.clusterOfJunction.indices {
      let cluster = Int(plan.clusterOfJunction[j])
      network.junctionPosition.append(mirrored(plan.center[j]))
      network.junctionExternalID.append(String(plan.nodeID[cluster]))
    }
    for j in plan.clusterOfJunction.indices {
      for l in Int(plan.firstApproach[j])..<Int(plan.firstApproach[j + 1]) {
        addLink(plan.links[l], to: JunctionID(j), source, graph, plan)
      }
    }
    network.indexDepartures()
  }

  private func mirrored(_ p: Point2) -> Point2 { Point2(p.x * mirror, p.y) }

  private mutating func addLink(
    _ link: PlannedLink, to junction: JunctionID, _ source: RoadSource, _ graph: RoadGraph,
    _ plan: LinkPlan
  ) {
    let piece = graph.pieces[Int(link.piece)]
    let way = source.ways[Int(piece.namedBy)]
    let startCluster = plan.cluster(ofNode: link.isForward ? piece.from : piece.to)
    network.linkFrom.append(JunctionID(rawValue: plan.junctionOfCluster[startCluster]))
    network.linkTo.append(junction)
    network.linkLength.append(link.length)
    let speed = Float(link.isForward ? piece.profile.speed : piece.profile.backwardSpeed)
    network.linkSpeedLimit.append(speed)
    network.linkClass.append(piece.profile.roadClass)
    network.linkAccess.append(piece.profile.access)
    network.linkName.append(way.name)
    network.linkExternalID.append(link.externalID)
    let back = plan.linkOfPiece[Int(link.piece) * 2 + (link.isForward ? 1 : 0)]
    network.linkReverse.append(LinkID(rawValue: back))
    network.linkIsBridge.append(piece.isBridge)
    network.linkIsTunnel.append(piece.isTunnel)
    let id = network.linkIsRoundabout.append(piece.profile.isRoundabout)
    for p in link.points { network.linkPoints.append(mirrored(p)) }
    network.linkFirstPoint.append(Int32(network.linkPoints.count))
    for lane in 0..<(link.lanes + link.bus.count) {
      laneAccess.append(
        link.bus.contains(lane)
          ? piece.profile.access.intersection(BusLanes.access) : piece.profile.access)
      network.laneLink.append(id)
      network.laneWidth.append(Float(piece.profile.laneWidth))
      network.laneLength.append(link.length)
      network.laneSpeed.append(speed)
    }
    network.linkFirstLane.append(Int32(network.laneLink.count))
  }

  /// Adds what was drafted for the next junction; junctions must come in their order.
  mutating func add(_ draft: JunctionDraft, junction: Int) {
    let base = network.connectorCount
    network.junctionControl.append(draft.control)
    network.junctionSignal.append(addSignal(draft, junction))
    for c in draft.connectors {
      let from = Int(network.linkFirstLane[Int(draft.approaches[c.approach].link)]) + c.fromLane
      let to = Int(network.linkFirstLane[Int(draft.departures[c.departure].link)]) + c.toLane
      // Road lanes without connectors before this one start where the last range ended.
      while network.laneFirstConnector.count <= from {
        network.laneFirstConnector.append(Int32(network.connectorCount))
      }
      network.connectorFrom.append(LaneID(from))
      network.connectorTo.append(LaneID(to))
      network.connectorTurn.append(mirrored(c.turn))
      network.connectorGroup.append(Int16(c.group))
      network.connectorRank.append(c.rank)
      for p in c.points { network.connectorPoints.append(mirrored(p)) }
      network.connectorFirstPoint.append(Int32(network.connectorPoints.count))
      network.laneLength.append(Float(c.length))
      network.laneSpeed.append(Float(c.speed))
    }
    network.junctionFirstConnector.append(Int32(network.connectorCount))
    network.addConflicts(draft.conflicts, base: base, connectors: draft.connectors.count)
  }

  private func mirrored(_ turn: Turn) -> Turn {
    guard mirror < 0 else { return turn }
    return turn == .left ? .right : turn == .right ? .left : turn
  }

  private mutating func addSignal(_ draft: JunctionDraft, _ junction: Int) -> SignalID {
    guard draft.control == .signals else { return .none }
    let id = network.junctionExternalID[JunctionID(junction)]
    return network.signals.append(
      SignalController(
        externalID: id, junction: JunctionID(junction), groupCount: Int32(draft.groupCount),
        phases: draft.phases, offsetMilliseconds: 0))
  }

  mutating func finish() -> RoadNetwork {
    while network.laneFirstConnector.count <= network.roadLaneCount {
      network.laneFirstConnector.append(Int32(network.connectorCount))
    }
    let links = network.laneLink
    if links.ids.contains(where: { laneAccess[$0.index] != network.linkAccess[links[$0]] }) {
      network.laneAccess = Column(laneAccess)
    }
    return network
  }
}
