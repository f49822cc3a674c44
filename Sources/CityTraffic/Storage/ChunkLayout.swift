/// The division of the network among workers: a chunk is a run of junctions with all lanes that
/// lead into them and all their connectors, which are one range of road lanes and one of connectors.
///
/// The number of chunks depends on the network alone, so that the result does not depend on the
/// number of threads.
struct ChunkLayout {
  static let mostChunks = 64

  let count: Int
  /// One more than there are chunks.
  let firstJunction: [Int32]
  let firstRoadLane: [Int32]
  let firstConnector: [Int32]
  let chunkOfLane: RawColumn<UInt8>

  init(_ topology: RoadTopology) {
    let lanes = topology.roadLanes + topology.connectors
    let wanted = max(1, min(Self.mostChunks, topology.junctions / 16))
    var junctions: [Int32] = [0]
    var load = 0
    for j in 0..<topology.junctions {
      load += Int(topology.junctionFirstLane[j + 1] - topology.junctionFirstLane[j])
      load += Int(topology.junctionFirstConnector[j + 1] - topology.junctionFirstConnector[j])
      if load * wanted >= lanes * junctions.count && junctions.count < wanted {
        junctions.append(Int32(j + 1))
      }
    }
    if junctions.last != Int32(topology.junctions) || junctions.count == 1 {
      junctions.append(Int32(topology.junctions))
    }
    firstJunction = junctions
    count = junctions.count - 1
    firstRoadLane = junctions.map { topology.junctionFirstLane[$0] }
    firstConnector = junctions.map { topology.junctionFirstConnector[$0] }
    chunkOfLane = RawColumn(repeating: 0, count: lanes)
    for chunk in 0..<count {
      for lane in Int(firstRoadLane[chunk])..<Int(firstRoadLane[chunk + 1]) {
        chunkOfLane[lane] = UInt8(chunk)
      }
      for c in Int(firstConnector[chunk])..<Int(firstConnector[chunk + 1]) {
        chunkOfLane[topology.roadLanes + c] = UInt8(chunk)
      }
    }
  }
}
