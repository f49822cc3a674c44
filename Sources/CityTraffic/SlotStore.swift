/// The hot state of all vehicles on the road, in lane order.
///
/// Each lane owns a fixed slice; in it the vehicles stand front first, without gaps between the
/// slots, so that the leader of slot s is slot s - 1. Positions are those of front bumpers, in
/// metres from the start of the lane.
struct SlotStore {
  let position: RawColumn<Float>
  let speed: RawColumn<Float>
  let length: RawColumn<Float>
  /// m/s that the driver would drive here on a free road.
  let desired: RawColumn<Float>
  /// m/s allowed at the end of the lane: the turning speed of the connector chosen.
  let exitSpeed: RawColumn<Float>
  /// Where on this lane the vehicle leaves the road; infinite where its way goes on.
  let leaveAt: RawColumn<Float>
  let vehicle: RawColumn<Int32>
  /// The lane after this one, or a `NextLane` code.
  let next: RawColumn<Int32>
  /// Ticks at standstill, at most 65,535.
  let standing: RawColumn<UInt16>
  /// The lanes of this link (0 at the kerb) from which the way goes on.
  let laneLow: RawColumn<UInt8>
  let laneHigh: RawColumn<UInt8>
  /// A set of `SlotFlag`.
  let flags: RawColumn<UInt8>

  init(count: Int) {
    position = RawColumn(repeating: 0, count: count)
    speed = RawColumn(repeating: 0, count: count)
    length = RawColumn(repeating: 0, count: count)
    desired = RawColumn(repeating: 0, count: count)
    exitSpeed = RawColumn(repeating: 0, count: count)
    leaveAt = RawColumn(repeating: 0, count: count)
    vehicle = RawColumn(repeating: -1, count: count)
    next = RawColumn(repeating: -1, count: count)
    standing = RawColumn(repeating: 0, count: count)
    laneLow = RawColumn(repeating: 0, count: count)
    laneHigh = RawColumn(repeating: 0, count: count)
    flags = RawColumn(repeating: 0, count: count)
  }

  func free() {
    for column in [position, speed, length, desired, exitSpeed, leaveAt] { column.free() }
    vehicle.free()
    next.free()
    standing.free()
    for column in [laneLow, laneHigh, flags] { column.free() }
  }

  /// Copies all fields of one slot to another.
  @inline(__always) func copy(_ from: Int, to: Int) {
    position[to] = position[from]
    speed[to] = speed[from]
    length[to] = length[from]
    desired[to] = desired[from]
    exitSpeed[to] = exitSpeed[from]
    leaveAt[to] = leaveAt[from]
    vehicle[to] = vehicle[from]
    next[to] = next[from]
    standing[to] = standing[from]
    laneLow[to] = laneLow[from]
    laneHigh[to] = laneHigh[from]
    flags[to] = flags[from]
  }
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
}
