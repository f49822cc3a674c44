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
    let wanted = max(1, min(Self.mostChunks, topology.junctions / 8))
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

/// The set of lanes of one chunk on which something stands or drives, as bits in lane order.
struct ActiveLanes {
  private let roadStart: Int
  private let roadWords: Int
  private let connectorStart: Int
  private var words: [UInt64]

  /// The lanes of a chunk; `connectorStart` is the lane id of its first connector.
  init(roadLanes: Range<Int>, connectors: Range<Int>) {
    roadStart = roadLanes.lowerBound
    roadWords = (roadLanes.count + 63) / 64
    connectorStart = connectors.lowerBound
    words = Array(repeating: 0, count: roadWords + (connectors.count + 63) / 64)
  }

  private func bit(_ lane: Int) -> (word: Int, mask: UInt64) {
    if lane >= connectorStart {
      let i = lane - connectorStart
      return (roadWords + i >> 6, 1 << UInt64(i & 63))
    }
    let i = lane - roadStart
    return (i >> 6, 1 << UInt64(i & 63))
  }

  mutating func insert(_ lane: Int) {
    let (word, mask) = bit(lane)
    words[word] |= mask
  }

  mutating func remove(_ lane: Int) {
    let (word, mask) = bit(lane)
    words[word] &= ~mask
  }

  mutating func removeAll() {
    for i in words.indices { words[i] = 0 }
  }

  /// Visits the lanes in ascending order, road lanes first. The body may remove the lane it is at.
  @inline(__always) func forEach(_ body: (Int) -> Void) {
    words.withUnsafeBufferPointer { words in
      for w in 0..<words.count {
        var rest = words[w]
        let start = w < roadWords ? roadStart + w << 6 : connectorStart + (w - roadWords) << 6
        while rest != 0 {
          body(start + rest.trailingZeroBitCount)
          rest &= rest - 1
        }
      }
    }
  }

  /// The active lanes as a list, into a buffer that is used again.
  func list(into lanes: inout [Int32]) {
    lanes.removeAll(keepingCapacity: true)
    forEach { lanes.append(Int32(truncatingIfNeeded: $0)) }
  }
}
