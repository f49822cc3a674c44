import CityBase
import CityNetwork

/// What the tick reads of the built network, laid out for it. Never changes.
struct RoadTopology {
  let roadLanes: Int
  let connectors: Int
  let junctions: Int

  let linkFirstLane: RawColumn<Int32>
  let linkFrom: RawColumn<Int32>
  let linkTo: RawColumn<Int32>
  let linkLength: RawColumn<Float>
  /// 1 for a link that nobody comes to but by turning round: what starts at its very beginning comes
  /// from beyond the edge of the network.
  let linkIsEntry: RawColumn<UInt8>
  let laneLink: RawColumn<Int32>
  let laneFirstConnector: RawColumn<Int32>
  let connectorFrom: RawColumn<Int32>
  let connectorTo: RawColumn<Int32>
  let connectorGroup: RawColumn<Int16>
  let connectorRank: RawColumn<UInt8>
  let connectorTurn: RawColumn<UInt8>
  /// Seconds between two of those who go first that a driver needs (`GapAcceptance`).
  let connectorGap: RawColumn<Float>
  let connectorJunction: RawColumn<Int32>
  /// 1 where the connector crosses or merges with another one.
  let connectorMeetsOthers: RawColumn<UInt8>
  let firstConflict: RawColumn<Int32>
  let conflicts: RawColumn<Conflict>
  /// By junction: the range of its approach lanes and of its connectors.
  let junctionFirstLane: RawColumn<Int32>
  let junctionFirstConnector: RawColumn<Int32>
  let junctionSignal: RawColumn<Int32>
  let turns: TurnTable

  init(_ network: RoadNetwork) {
    roadLanes = network.roadLaneCount
    connectors = network.connectorCount
    junctions = network.junctionCount
    linkFirstLane = RawColumn(network.linkFirstLane)
    linkFrom = RawColumn(network.linkFrom.values.map(\.rawValue))
    linkTo = RawColumn(network.linkTo.values.map(\.rawValue))
    linkLength = RawColumn(network.linkLength.values)
    linkIsEntry = RawColumn(repeating: 1, count: network.linkCount)
    for c in network.connectorTo.ids where network.connectorTurn[c] != .uTurn {
      linkIsEntry[network.laneLink[network.connectorTo[c]].index] = 0
    }
    laneLink = RawColumn(network.laneLink.values.map(\.rawValue))
    laneFirstConnector = RawColumn(network.laneFirstConnector)
    connectorFrom = RawColumn(network.connectorFrom.values.map(\.rawValue))
    connectorTo = RawColumn(network.connectorTo.values.map(\.rawValue))
    connectorGroup = RawColumn(network.connectorGroup.values)
    connectorRank = RawColumn(network.connectorRank.values)
    connectorTurn = RawColumn(network.connectorTurn.values.map(\.rawValue))
    connectorGap = RawColumn(
      network.connectorFrom.ids.map { GapAcceptance($0, in: network).criticalSeconds })
    connectorJunction = RawColumn(repeating: 0, count: connectors)
    connectorMeetsOthers = RawColumn(
      (0..<network.connectorCount).map { c in
        network.conflicts(of: ConnectorID(c)).contains {
          $0.kind != ConflictKind.diverge
        } ? 1 : 0
      })
    firstConflict = RawColumn(network.connectorFirstConflict)
    conflicts = RawColumn(network.conflicts)
    junctionFirstLane = RawColumn(
      network.junctionFirstApproach.map { network.linkFirstLane[Int($0)] })
    junctionFirstConnector = RawColumn(network.junctionFirstConnector)
    junctionSignal = RawColumn(network.junctionSignal.values.map(\.rawValue))
    turns = TurnTable(network)
    for j in 0..<junctions {
      for c in Int(junctionFirstConnector[j])..<Int(junctionFirstConnector[j + 1]) {
        connectorJunction[c] = Int32(j)
      }
    }
  }

  func free() {
    for column in [
      linkFirstLane, linkFrom, linkTo, laneLink, laneFirstConnector, connectorFrom, connectorTo,
      connectorJunction, firstConflict, junctionFirstLane, junctionFirstConnector, junctionSignal,
    ] { column.free() }
    for column in [connectorMeetsOthers, connectorRank, connectorTurn, linkIsEntry] {
      column.free()
    }
    connectorGroup.free()
    connectorGap.free()
    linkLength.free()
    turns.free()
    conflicts.free()
  }

  /// The lanes of a link.
  @inline(__always) func lanes(ofLink link: Int) -> Range<Int> {
    Int(linkFirstLane[link])..<Int(linkFirstLane[link + 1])
  }
  /// The connectors that start from a road lane.
  @inline(__always) func connectors(fromLane lane: Int) -> Range<Int> {
    Int(laneFirstConnector[lane])..<Int(laneFirstConnector[lane + 1])
  }
  @inline(__always) func conflicts(ofConnector c: Int) -> Range<Int> {
    Int(firstConflict[c])..<Int(firstConflict[c + 1])
  }
}
