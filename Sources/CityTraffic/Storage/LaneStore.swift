import CityNetwork

/// The state of every lane, road lanes first and connectors after them.
struct LaneStore {
  // Fixed.
  let base: StridedColumn<LaneRecord, Int32>
  let capacity: StridedColumn<LaneRecord, Int32>
  let length: StridedColumn<LaneRecord, Float>
  let speedLimit: StridedColumn<LaneRecord, Float>

  // Changing.
  let count: StridedColumn<LaneRecord, Int32>
  /// The first so many vehicles of a road lane may enter the junction.
  let granted: StridedColumn<LaneRecord, Int32>
  /// Vehicles granted on their way into this lane, and the metres they will fill.
  let reservedCount: StridedColumn<LaneRecord, Int32>
  let reservedLength: StridedColumn<LaneRecord, Float>
  /// The vehicle that has left over the end of this lane while its tail is still on it, or -1.
  let trailVehicle: StridedColumn<LaneRecord, Int32>
  /// Where that tail is, as of the start of the vehicle's last move.
  let trailRear: StridedColumn<LaneRecord, Float>
  /// Published before the junctions decide: the rear of the last vehicle that stands on this lane
  /// in any part, infinite where there is none, and its speed.
  let tailRear: StridedColumn<LaneRecord, Float>
  let tailSpeed: StridedColumn<LaneRecord, Float>
  /// Where the changer stands for whom the vehicle flagged `yielding` makes room.
  let yieldRear: StridedColumn<LaneRecord, Float>
  /// The lane that the head of this one waits for, or -1: an edge of the graph of who waits for whom.
  let waitsFor: StridedColumn<LaneRecord, Int32>
  /// Why the next vehicle to be granted has asked in vain: a `Refusal`.
  let isCrossed: StridedColumn<LaneRecord, UInt8>
  /// 1 where the next vehicle to be granted may be near enough to ask; follows from the rest.
  let asks: StridedColumn<LaneRecord, UInt8>
  /// 1 where the next vehicle to be granted has asked in vain and nothing but another light can change
  /// that; follows from the rest.
  let sleeps: StridedColumn<LaneRecord, UInt8>
  /// Whether somebody of the lane may change in the next tick: a set of `MayChange`, all of them where
  /// that has to be looked up; follows from the rest.
  let mayChange: StridedColumn<LaneRecord, UInt8>
  /// A `LaneRest`: what may be passed over in a tick; follows from the rest.
  let rests: RawColumn<UInt8>
  /// Of a lane asleep: the first tick that has not been added to its `vehicleTicks`.
  let asleepFrom: RawColumn<Int32>
  /// The first of the stretches with an obstacle on this lane, or -1; follows from what stands there.
  let firstObstacle: StridedColumn<LaneRecord, Int32>
  /// Vehicle-ticks and metres driven since the interval began.
  let vehicleTicks: StridedColumn<LaneSums, Int64>
  let metres: StridedColumn<LaneSums, Double>

  private let hot: RecordBlock<LaneRecord>
  private let sums: RecordBlock<LaneSums>

  init(_ network: RoadNetwork) {
    let n = network.laneCount
    var bases: [Int32] = []
    var capacities: [Int32] = []
    bases.reserveCapacity(n)
    capacities.reserveCapacity(n)
    var total: Int32 = 0
    for length in network.laneLength.values {
      // Three metres is less than any vehicle with its gap, so a slice cannot overflow.
      let room = max(2, Int32((length / 3).rounded(.up)) + 2)
      bases.append(total)
      capacities.append(room)
      // Two slots are a cache line: every slice begins with a line of its own.
      total += (room + 1) / 2 * 2
    }
    hot = RecordBlock(count: n)
    sums = RecordBlock(count: n)
    base = StridedColumn(hot, offset: 0, values: bases)
    capacity = StridedColumn(hot, offset: 4, values: capacities)
    length = StridedColumn(hot, offset: 8, values: network.laneLength.values)
    speedLimit = StridedColumn(hot, offset: 12, values: network.laneSpeed.values)
    count = StridedColumn(hot, offset: 16, repeating: 0)
    granted = StridedColumn(hot, offset: 20, repeating: 0)
    reservedCount = StridedColumn(hot, offset: 24, repeating: 0)
    reservedLength = StridedColumn(hot, offset: 28, repeating: 0)
    trailVehicle = StridedColumn(hot, offset: 32, repeating: -1)
    trailRear = StridedColumn(hot, offset: 36, repeating: 0)
    tailRear = StridedColumn(hot, offset: 40, repeating: .infinity)
    tailSpeed = StridedColumn(hot, offset: 44, repeating: 0)
    yieldRear = StridedColumn(hot, offset: 48, repeating: .infinity)
    waitsFor = StridedColumn(hot, offset: 52, repeating: -1)
    isCrossed = StridedColumn(hot, offset: 56, repeating: 0)
    asks = StridedColumn(hot, offset: 57, repeating: 1)
    sleeps = StridedColumn(hot, offset: 58, repeating: 0)
    mayChange = StridedColumn(hot, offset: 59, repeating: MayChange.all)
    firstObstacle = StridedColumn(hot, offset: 60, repeating: -1)
    rests = RawColumn(repeating: LaneRest.awake, count: n)
    asleepFrom = RawColumn(repeating: 0, count: n)
    vehicleTicks = StridedColumn(sums, offset: 0, repeating: 0)
    metres = StridedColumn(sums, offset: 8, repeating: 0)
  }

  /// A lane with all its fields, for those who read most of them.
  @inline(__always) subscript(lane: Int) -> UnsafeMutablePointer<Lane> {
    hot.record(lane, as: Lane.self)
  }

  var slotCount: Int {
    let last = base.count - 1
    return last < 0 ? 0 : Int(base[last] + capacity[last])
  }

  func free() {
    hot.free()
    sums.free()
    rests.free()
    asleepFrom.free()
  }
}

/// The fields of a lane as they lie in memory: those of the columns of `LaneStore`, at the same
/// offsets.
struct Lane: BitwiseCopyable {
  var base: Int32
  var capacity: Int32
  var length: Float
  var speedLimit: Float
  var count: Int32
  var granted: Int32
  var reservedCount: Int32
  var reservedLength: Float
  var trailVehicle: Int32
  var trailRear: Float
  var tailRear: Float
  var tailSpeed: Float
  var yieldRear: Float
  var waitsFor: Int32
  var isCrossed: UInt8
  var asks: UInt8
  var sleeps: UInt8
  var mayChange: UInt8
  var firstObstacle: Int32
}

/// What stands in `LaneStore.isCrossed`: refusals that others may end by letting somebody in.
enum Refusal {
  static let none: UInt8 = 0
  /// For a conflict alone.
  static let crossed: UInt8 = 1
  /// For want of room in a queue that crawls.
  static let noRoom: UInt8 = 2
}

/// Bits of `LaneStore.mayChange`. The four lowest are the turns in which a driver of the lane looks
/// for a better one.
enum MayChange {
  /// Somebody has to be looked at in every tick.
  static let always: UInt8 = 16
  static let all: UInt8 = .max

  /// The bit of the turn in a driver's flags.
  @inline(__always) static func turn(_ flags: UInt8) -> UInt8 { 1 << (flags >> 6) }
}

/// A lane is one cache line.
enum LaneRecord: RecordLayout {
  @inline(__always) static var stride: Int { 64 }
}

/// What is summed up by lane.
enum LaneSums: RecordLayout {
  @inline(__always) static var stride: Int { 16 }
}
