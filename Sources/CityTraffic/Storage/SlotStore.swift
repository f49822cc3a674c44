/// The hot state of all vehicles on the road, in lane order.
///
/// Each lane owns a fixed slice; in it the vehicles stand front first, without gaps between the
/// slots, so that the leader of slot s is slot s - 1. Positions are those of front bumpers, in
/// metres from the start of the lane.
struct SlotStore {
  let position: StridedColumn<SlotRecord, Float>
  let speed: StridedColumn<SlotRecord, Float>
  let length: StridedColumn<SlotRecord, Float>
  /// m/s that the driver would drive here on a free road.
  let desired: StridedColumn<SlotRecord, Float>
  /// m/s allowed at the end of the lane: the turning speed of the connector chosen.
  let exitSpeed: StridedColumn<SlotRecord, Float>
  /// Where on this lane the vehicle leaves the road; infinite where its way goes on.
  let leaveAt: StridedColumn<SlotRecord, Float>
  let vehicle: StridedColumn<SlotRecord, Int32>
  /// The lane after this one, or a `NextLane` code.
  let next: StridedColumn<SlotRecord, Int32>
  /// Of a vehicle at standstill: the first tick of it. See `TrafficWorld.standing`.
  let stoodFrom: StridedColumn<SlotRecord, Int32>
  /// The lanes of this link (0 at the kerb) from which the way goes on.
  let laneLow: StridedColumn<SlotRecord, UInt8>
  let laneHigh: StridedColumn<SlotRecord, UInt8>
  /// A set of `SlotFlag`.
  let flags: StridedColumn<SlotRecord, UInt8>
  /// What the vehicle may do that others may not: a set of `Privileges`, and `SlotPrivilege`.
  let privileges: StridedColumn<SlotRecord, UInt8>
  /// How far beyond its end this lane can be followed before the way needs another one, in units of
  /// four metres; 255 as far as drivers look.
  let leadsOn: StridedColumn<SlotRecord, UInt8>
  /// Who drives: an index into the table of drivers.
  let driver: StridedColumn<SlotRecord, UInt8>

  private let block: RecordBlock<SlotRecord>

  init(count: Int) {
    // Slots are written before they are read, and there are many: none is filled in beforehand.
    block = RecordBlock(count: count)
    position = StridedColumn(block, offset: 0)
    speed = StridedColumn(block, offset: 4)
    length = StridedColumn(block, offset: 8)
    desired = StridedColumn(block, offset: 12)
    exitSpeed = StridedColumn(block, offset: 16)
    leaveAt = StridedColumn(block, offset: 20)
    vehicle = StridedColumn(block, offset: 24)
    next = StridedColumn(block, offset: 28)
    stoodFrom = StridedColumn(block, offset: 32)
    laneLow = StridedColumn(block, offset: 36)
    laneHigh = StridedColumn(block, offset: 37)
    flags = StridedColumn(block, offset: 38)
    privileges = StridedColumn(block, offset: 39)
    leadsOn = StridedColumn(block, offset: 40)
    driver = StridedColumn(block, offset: 41)
  }

  func free() { block.free() }

  /// A slot with all its fields, for those who read most of them.
  @inline(__always) subscript(s: Int) -> UnsafeMutablePointer<Slot> {
    block.record(s, as: Slot.self)
  }

  /// Copies all fields of one slot to another.
  @inline(__always) func copy(_ from: Int, to: Int) { block.copy(from, to: to) }
}

/// The fields of a slot as they lie in memory: those of the columns of `SlotStore`, at the same
/// offsets.
struct Slot: BitwiseCopyable {
  var position: Float
  var speed: Float
  var length: Float
  var desired: Float
  var exitSpeed: Float
  var leaveAt: Float
  var vehicle: Int32
  var next: Int32
  var stoodFrom: Int32
  var laneLow: UInt8
  var laneHigh: UInt8
  var flags: UInt8
  var privileges: UInt8
  var leadsOn: UInt8
  var driver: UInt8
}

/// What stands in `SlotStore.next` where no lane does.
enum NextLane {
  /// The way does not go on from this lane: the driver has to change lanes.
  static let wrongLane: Int32 = -1
  /// The way ends on this link.
  static let arrival: Int32 = -2
}

/// Bits of `SlotStore.flags`.
enum SlotFlag {
  /// The driver has decided at yellow to go on.
  static let committed: UInt8 = 1
  /// Granted a turn at red.
  static let turnsOnRed: UInt8 = 2
  /// Makes room for a neighbour who must change lanes; lasts one tick.
  static let yielding: UInt8 = 4
  /// Has changed lanes in this tick.
  static let changed: UInt8 = 8
  /// Is in a lane from which its way does not go on well: `laneLow` and `laneHigh` leave it out.
  static let misplaced: UInt8 = 16
  /// Stops to let in a neighbour who stands before an obstacle; with `yielding`.
  static let letsIn: UInt8 = 32
  /// The two highest bits are those of the vehicle's number, by which wishes to change are spread
  /// over the ticks.
  static let turn: UInt8 = 0xC0
}

/// A slot is 42 bytes of fields.
enum SlotRecord: RecordLayout {
  @inline(__always) static var stride: Int { 44 }
}
