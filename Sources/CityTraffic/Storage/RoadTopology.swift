import CityBase
import CityNetwork

/// What the tick reads of the built network, laid out for it. Never changes, but that the records of
/// connectors hold the lists of their grants too.
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
  /// By lane, connectors among them: the junction it leads into or through.
  let laneJunction: RawColumn<Int32>
  let laneFirstConnector: RawColumn<Int32>
  let connectorFrom: StridedColumn<ConnectorRecord, Int32>
  let connectorTo: StridedColumn<ConnectorRecord, Int32>
  let connectorGroup: StridedColumn<ConnectorRecord, Int16>
  let connectorRank: StridedColumn<ConnectorRecord, UInt8>
  let connectorTurn: StridedColumn<ConnectorRecord, UInt8>
  let connectorJunction: StridedColumn<ConnectorRecord, Int32>
  /// 1 where the connector crosses or merges with another one.
  let connectorMeetsOthers: StridedColumn<ConnectorRecord, UInt8>
  let firstConflict: StridedColumn<ConnectorRecord, Int32>
  let endOfConflicts: StridedColumn<ConnectorRecord, Int32>
  /// By connector: those of its junction that it conflicts with, as bits; all bits where the junction
  /// has more connectors than a word.
  let conflictMask: StridedColumn<ConnectorRecord, UInt64>
  /// By connector: those of them that go first; all bits there, too.
  let yieldMask: StridedColumn<ConnectorRecord, UInt64>
  let conflicts: RawColumn<Conflict>
  /// By junction: the range of its approach lanes and of its connectors.
  let junctionFirstLane: RawColumn<Int32>
  let junctionFirstConnector: RawColumn<Int32>
  let junctionSignal: RawColumn<Int32>
  /// By road lane: see `TakingTurns`.
  let waitsBefore: RawColumn<Float>
  let turns: TurnTable
  let connectorBlock: RecordBlock<ConnectorRecord>

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
    let block = RecordBlock<ConnectorRecord>(count: connectors)
    connectorBlock = block
    conflictMask = StridedColumn(block, offset: 0, repeating: 0)
    yieldMask = StridedColumn(block, offset: 40, repeating: 0)
    connectorFrom = StridedColumn(
      block, offset: 8, values: network.connectorFrom.values.map(\.rawValue))
    connectorTo = StridedColumn(
      block, offset: 12, values: network.connectorTo.values.map(\.rawValue))
    connectorJunction = StridedColumn(block, offset: 16, repeating: 0)
    firstConflict = StridedColumn(
      block, offset: 20, values: Array(network.connectorFirstConflict.dropLast()))
    endOfConflicts = StridedColumn(
      block, offset: 24, values: Array(network.connectorFirstConflict.dropFirst()))
    connectorGroup = StridedColumn(block, offset: 28, values: network.connectorGroup.values)
    connectorRank = StridedColumn(block, offset: 30, values: network.connectorRank.values)
    connectorTurn = StridedColumn(
      block, offset: 31, values: network.connectorTurn.values.map(\.rawValue))
    connectorMeetsOthers = StridedColumn(
      block, offset: 32,
      values: (0..<network.connectorCount).map { c in
        network.conflicts(of: ConnectorID(c)).contains {
          $0.kind != ConflictKind.diverge
        } ? 1 : 0
      })
    conflicts = RawColumn(network.conflicts)
    junctionFirstLane = RawColumn(
      network.junctionFirstApproach.map { network.linkFirstLane[Int($0)] })
    junctionFirstConnector = RawColumn(network.junctionFirstConnector)
    junctionSignal = RawColumn(network.junctionSignal.values.map(\.rawValue))
    waitsBefore = TakingTurns.waitsBefore(network)
    turns = TurnTable(network)
    laneJunction = RawColumn(repeating: 0, count: roadLanes + connectors)
    for lane in 0..<roadLanes { laneJunction[lane] = linkTo[laneLink[lane]] }
    for j in 0..<junctions {
      let range = Int(junctionFirstConnector[j])..<Int(junctionFirstConnector[j + 1])
      for c in range {
        connectorJunction[c] = Int32(j)
        laneJunction[roadLanes + c] = Int32(j)
        if range.count > 64 {
          conflictMask[c] = .max
          yieldMask[c] = .max
          continue
        }
        for k in conflicts(ofConnector: c) {
          let bit: UInt64 = 1 << UInt64(conflicts[k].other.index - range.lowerBound)
          conflictMask[c] |= bit
          if conflicts[k].yields > 0 { yieldMask[c] |= bit }
        }
      }
    }
  }

  func free() {
    for column in [
      linkFirstLane, linkFrom, linkTo, laneLink, laneJunction, laneFirstConnector,
      junctionFirstLane, junctionFirstConnector, junctionSignal,
    ] { column.free() }
    linkIsEntry.free()
    connectorBlock.free()
    linkLength.free()
    waitsBefore.free()
    turns.free()
    conflicts.free()
  }

  /// The lanes of a link.
  @inline(__always) func lanes(ofLink link: Int) -> Range<Int> {
    Int(linkFirstLane[link])..<Int(linkFirstLane[link + 1])
  }
  /// Where the record of a connector lies.
  @inline(__always) func place(ofConnector c: Int) -> UnsafeMutablePointer<UInt64> {
    connectorBlock.record(c, as: UInt64.self)
  }
  /// The connectors that start from a road lane.
  @inline(__always) func connectors(fromLane lane: Int) -> Range<Int> {
    Int(laneFirstConnector[lane])..<Int(laneFirstConnector[lane + 1])
  }
  @inline(__always) func conflicts(ofConnector c: Int) -> Range<Int> {
    Int(firstConflict[c])..<Int(endOfConflicts[c])
  }
}

/// A connector is one cache line: what does not change about it, and the list of its grants, which the
/// worker of its junction writes.
enum ConnectorRecord: RecordLayout {
  @inline(__always) static var stride: Int { 64 }
  /// Where the fields of `GrantStore` begin.
  static let grants = 48
}
