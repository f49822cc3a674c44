/// The hot state of all vehicles on the road, in lane order.
///
/// Each lane owns a fixed slice; in it the vehicles stand front first, without gaps between the
/// slots, so that the leader of slot s is slot s - 1. Positions are those of front bumpers, in
/// metres from the start of the lane. What fits into half a cache line only when it shares its
/// place with something else is read and written through views (`SlotField`).
struct SlotStore {
  let position: StridedColumn<SlotRecord, Float>
  let speed: StridedColumn<SlotRecord, Float>
  /// m/s that the driver would drive here on a free road.
  let desired: StridedColumn<SlotRecord, Float>
  let vehicle: StridedColumn<SlotRecord, Int32>
  /// The lane after this one, or a `NextLane` code.
  let next: StridedColumn<SlotRecord, Int32>
  /// What the vehicle may do that others may not: a set of `Privileges`, and `SlotPrivilege`.
  let privileges: StridedColumn<SlotRecord, UInt8>
  /// A set of `SlotFlag`.
  let flags: StridedColumn<SlotRecord, UInt8>
  /// How far beyond its end this lane can be followed before the way needs another one, in units of
  /// four metres; 255 as far as drivers look.
  let leadsOn: StridedColumn<SlotRecord, UInt8>
  /// Who drives: an index into the table of drivers.
  let driver: StridedColumn<SlotRecord, UInt8>
  /// m
  let length: SlotLengths
  /// m/s allowed at the end of the lane: the turning speed of the connector chosen; infinite where the
  /// way ends. Set after `next`.
  let exitSpeed: SlotView<ExitSpeedField>
  /// Where on this lane the vehicle leaves the road; infinite where its way goes on. Set after `next`.
  let leaveAt: SlotView<LeaveAtField>
  /// Of a vehicle at standstill: the first tick of it. See `TrafficWorld.standing`.
  let stoodFrom: SlotView<StoodFromField>
  /// The lanes of this link (0 at the kerb) from which the way goes on.
  let laneLow: SlotView<LaneLowField>
  let laneHigh: SlotView<LaneHighField>

  private let block: RecordBlock<SlotRecord>

  /// `lengths` are those of the vehicles in metres, by driver.
  init(count: Int, lengths: RawColumn<Float>) {
    // Slots are written before they are read, and there are many: none is filled in beforehand.
    block = RecordBlock(count: count)
    position = StridedColumn(block, offset: 0)
    speed = StridedColumn(block, offset: 4)
    desired = StridedColumn(block, offset: 8)
    vehicle = StridedColumn(block, offset: 16)
    next = StridedColumn(block, offset: 20)
    // Numbers lie with their lowest byte first.
    privileges = StridedColumn(block, offset: 24)
    flags = StridedColumn(block, offset: 29)
    leadsOn = StridedColumn(block, offset: 30)
    driver = StridedColumn(block, offset: 31)
    length = SlotLengths(driver: driver, ofDriver: lengths)
    exitSpeed = SlotView(block: block)
    leaveAt = SlotView(block: block)
    stoodFrom = SlotView(block: block)
    laneLow = SlotView(block: block)
    laneHigh = SlotView(block: block)
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
  var desired: Float
  /// The `leaveAt` of who arrives on this lane, else the `exitSpeed`.
  private var goal: Float
  var vehicle: Int32
  var next: Int32
  /// A tick of which 24 bits are kept, over `privileges`.
  private var stood: UInt32
  /// `laneLow` below, `laneHigh` above.
  private var range: UInt8
  var flags: UInt8
  var leadsOn: UInt8
  var driver: UInt8

  @inline(__always) var privileges: UInt8 { UInt8(truncatingIfNeeded: stood) }

  @inline(__always) var leaveAt: Float {
    get { next == NextLane.arrival ? goal : .infinity }
    set { if next == NextLane.arrival { goal = newValue } }
  }

  @inline(__always) var exitSpeed: Float {
    get { next == NextLane.arrival ? .infinity : goal }
    set { if next != NextLane.arrival { goal = newValue } }
  }

  @inline(__always) var stoodFrom: Int32 {
    get { Int32(bitPattern: stood &>> 8) }
    set { stood = UInt32(bitPattern: newValue) &<< 8 | stood & 0xFF }
  }

  /// Ticks from `stoodFrom` on to another one, of which there are less than 2^24: three months in half
  /// seconds.
  @inline(__always) func ticks(until tick: Int32) -> Int32 {
    (tick &- stoodFrom) & 0xFF_FFFF
  }

  @inline(__always) var laneLow: UInt8 {
    get { range & 15 }
    set { range = range & 0xF0 | min(15, newValue) }
  }

  @inline(__always) var laneHigh: UInt8 {
    get { range >> 4 }
    set { range = range & 15 | min(15, newValue) << 4 }
  }
}

/// A field of a slot that shares its place with another one.
protocol SlotField {
  associatedtype Value: BitwiseCopyable
  static func read(_ slot: Slot) -> Value
  static func write(_ value: Value, _ slot: inout Slot)
}

enum LeaveAtField: SlotField {
  @inline(__always) static func read(_ slot: Slot) -> Float { slot.leaveAt }
  @inline(__always) static func write(_ value: Float, _ slot: inout Slot) { slot.leaveAt = value }
}

enum ExitSpeedField: SlotField {
  @inline(__always) static func read(_ slot: Slot) -> Float { slot.exitSpeed }
  @inline(__always) static func write(_ value: Float, _ slot: inout Slot) { slot.exitSpeed = value }
}

enum StoodFromField: SlotField {
  @inline(__always) static func read(_ slot: Slot) -> Int32 { slot.stoodFrom }
  @inline(__always) static func write(_ value: Int32, _ slot: inout Slot) { slot.stoodFrom = value }
}

enum LaneLowField: SlotField {
  @inline(__always) static func read(_ slot: Slot) -> UInt8 { slot.laneLow }
  @inline(__always) static func write(_ value: UInt8, _ slot: inout Slot) { slot.laneLow = value }
}

enum LaneHighField: SlotField {
  @inline(__always) static func read(_ slot: Slot) -> UInt8 { slot.laneHigh }
  @inline(__always) static func write(_ value: UInt8, _ slot: inout Slot) { slot.laneHigh = value }
}

/// A `SlotField` of all slots, read and written like a column.
struct SlotView<Field: SlotField>: BitwiseCopyable, @unchecked Sendable {
  let block: RecordBlock<SlotRecord>

  @inline(__always) subscript(s: Int) -> Field.Value {
    get { Field.read(block.record(s, as: Slot.self).pointee) }
    nonmutating set { Field.write(newValue, &block.record(s, as: Slot.self).pointee) }
  }
}

/// The length of the vehicle in a slot: that of all of its driver's.
struct SlotLengths: BitwiseCopyable, @unchecked Sendable {
  fileprivate let driver: StridedColumn<SlotRecord, UInt8>
  let ofDriver: RawColumn<Float>

  @inline(__always) subscript(s: Int) -> Float { ofDriver[Int(driver[s])] }
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

/// A slot is half a cache line.
enum SlotRecord: RecordLayout {
  @inline(__always) static var stride: Int { 32 }
}
