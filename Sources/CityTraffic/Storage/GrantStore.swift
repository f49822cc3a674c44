import CityBase
import CityNetwork

/// The grants of every connector, oldest first: who may enter the junction and has not cleared it.
///
/// A grant carries a number that grows within its junction. Where two areas overlap, the later
/// number lets the earlier one clear the area first; because the numbers are one total order and
/// room beyond the junction is reserved with the grant, nobody waits for each other in a circle.
struct GrantStore {
  // By connector, in its record: fixed, and how many there are.
  let base: StridedColumn<ConnectorRecord, Int32>
  let capacity: StridedColumn<ConnectorRecord, Int32>
  let count: StridedColumn<ConnectorRecord, Int32>
  /// m
  let connectorLength: StridedColumn<ConnectorRecord, Float>

  // By grant.
  let vehicle: StridedColumn<GrantRecord, Int32>
  /// The vehicle's rear in metres from the start of the connector; negative before it.
  let rear: StridedColumn<GrantRecord, Float>
  /// m/s as of the last move.
  let speed: StridedColumn<GrantRecord, Float>
  let length: StridedColumn<GrantRecord, Float>
  let number: StridedColumn<GrantRecord, UInt32>
  /// By junction: the number of the next grant.
  let nextNumber: RawColumn<UInt32>
  /// By junction: its connectors with grants, as bits; every junction begins a word of its own, so
  /// that no two workers share one. Follows from the counts.
  private let firstWord: RawColumn<Int32>
  private let words: RawColumn<UInt64>
  private let firstConnector: RawColumn<Int32>
  private let busy: BusyJunctions
  private let block: RecordBlock<GrantRecord>

  init(_ network: RoadNetwork, _ topology: RoadTopology, _ busy: BusyJunctions) {
    self.busy = busy
    var bases: [Int32] = []
    var capacities: [Int32] = []
    var total: Int32 = 0
    for c in 0..<network.connectorCount {
      let length = network.laneLength.values[network.roadLaneCount + c]
      let room = 6 + Int32((length / 6).rounded(.up))
      bases.append(total)
      capacities.append(room)
      total += room
    }
    let lists = topology.connectorBlock
    base = StridedColumn(lists, offset: ConnectorRecord.grants, values: bases)
    capacity = StridedColumn(lists, offset: ConnectorRecord.grants + 4, values: capacities)
    count = StridedColumn(lists, offset: ConnectorRecord.grants + 8, repeating: 0)
    connectorLength = StridedColumn(
      lists, offset: ConnectorRecord.grants + 12,
      values: Array(network.laneLength.values[network.roadLaneCount...]))
    block = RecordBlock(count: Int(total))
    // Grants are written before they are read, and most places for them are never come to.
    vehicle = StridedColumn(block, offset: 0)
    rear = StridedColumn(block, offset: 4)
    speed = StridedColumn(block, offset: 8)
    length = StridedColumn(block, offset: 12)
    number = StridedColumn(block, offset: 16)
    nextNumber = RawColumn(repeating: 0, count: network.junctionCount)
    var wordStarts: [Int32] = [0]
    var wordCount: Int32 = 0
    for j in 0..<network.junctionCount {
      wordCount += Int32((network.connectors(of: JunctionID(j)).count + 63) / 64)
      wordStarts.append(wordCount)
    }
    firstWord = RawColumn(wordStarts)
    words = RawColumn(repeating: 0, count: Int(wordCount))
    firstConnector = RawColumn(network.junctionFirstConnector)
  }

  /// A grant with all its fields, for those who read most of them.
  @inline(__always) subscript(g: Int) -> UnsafeMutablePointer<Grant> {
    block.record(g, as: Grant.self)
  }

  func free() {
    for column in [firstWord, firstConnector] { column.free() }
    words.free()
    block.free()
    nextNumber.free()
  }

  /// Adds the youngest grant of a connector; false where its list is full.
  func push(
    connector: Int, junction: Int, vehicle v: Int32, rear r: Float, speed s: Float, length l: Float,
    number n: UInt32
  )
    -> Bool
  {
    let used = count[connector]
    guard used < capacity[connector] else { return false }
    let at = Int(base[connector] + used)
    vehicle[at] = v
    rear[at] = r
    speed[at] = s
    length[at] = l
    number[at] = n
    setCount(connector, junction: junction, to: used + 1)
    return true
  }

  /// The number for a new grant that goes before those of a number (relative to the next one, 0
  /// for none) and all later ones, which move on by one.
  func takeNumber(before: Int32, junction: Int) -> UInt32 {
    let next = nextNumber[junction]
    nextNumber[junction] = next &+ 1
    if before >= 0 { return next }
    forEachConnector(ofJunction: junction) { c in
      let first = Int(base[c])
      for g in first..<(first + Int(count[c]))
      where Int32(bitPattern: number[g] &- next) >= before {
        number[g] = number[g] &+ 1
      }
    }
    return next &+ UInt32(bitPattern: before)
  }

  /// Sets how many grants a connector has, and its bit.
  @inline(__always) func setCount(_ connector: Int, junction: Int, to n: Int32) {
    count[connector] = n
    let i = connector - Int(firstConnector[junction])
    let word = Int(firstWord[junction]) + i >> 6
    let mask: UInt64 = 1 << UInt64(i & 63)
    if n > 0 {
      words[word] |= mask
      busy.setHoldsGrants(junction, true)
    } else {
      words[word] &= ~mask
      let own = Int(firstWord[junction])..<Int(firstWord[junction + 1])
      if own.allSatisfy({ words[$0] == 0 }) { busy.setHoldsGrants(junction, false) }
    }
  }

  /// The connectors of a junction with grants as bits, where they fit into one word; else all bits.
  @inline(__always) func busyConnectors(ofJunction junction: Int) -> UInt64 {
    let start = Int(firstWord[junction])
    return Int(firstWord[junction + 1]) - start == 1 ? words[start] : .max
  }

  /// Visits the connectors of a junction that have grants, ascending; the body may clear the one it
  /// is at.
  @inline(__always) func forEachConnector(ofJunction junction: Int, _ body: (Int) -> Void) {
    let start = Int(firstWord[junction])
    for word in start..<Int(firstWord[junction + 1]) {
      var rest = words[word]
      let first = Int(firstConnector[junction]) + (word - start) << 6
      while rest != 0 {
        body(first + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}

/// The fields of a grant as they lie in memory.
struct Grant: BitwiseCopyable {
  var vehicle: Int32
  var rear: Float
  var speed: Float
  var length: Float
  var number: UInt32
}

/// A grant is 20 bytes of fields.
enum GrantRecord: RecordLayout {
  @inline(__always) static var stride: Int { 20 }
}
