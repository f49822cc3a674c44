import CityNetwork

/// The state of every lane, road lanes first and connectors after them.
struct LaneStore {
  // Fixed.
  let base: RawColumn<Int32>
  let capacity: RawColumn<Int32>
  let length: RawColumn<Float>
  let speedLimit: RawColumn<Float>

  // Changing.
  let count: RawColumn<Int32>
  /// The first so many vehicles of a road lane may enter the junction.
  let granted: RawColumn<Int32>
  /// Vehicles granted on their way into this lane, and the metres they will fill.
  let reservedCount: RawColumn<Int32>
  let reservedLength: RawColumn<Float>
  /// The vehicle that has left over the end of this lane while its tail is still on it, or -1.
  let trailVehicle: RawColumn<Int32>
  /// Where that tail is, as of the start of the vehicle's last move.
  let trailRear: RawColumn<Float>
  /// Published before the junctions decide: the rear of the last vehicle that stands on this lane
  /// in any part, infinite where there is none, and its speed.
  let tailRear: RawColumn<Float>
  let tailSpeed: RawColumn<Float>
  /// Where the changer stands for whom the vehicle flagged `yielding` makes room.
  let yieldRear: RawColumn<Float>
  /// The lane that the head of this one waits for, or -1: an edge of the graph of who waits for whom.
  let waitsFor: RawColumn<Int32>
  /// 1 where the next vehicle to be granted has asked and was refused for a conflict alone.
  let isCrossed: RawColumn<UInt8>
  /// Vehicle-ticks and metres driven since the interval began.
  let vehicleTicks: RawColumn<Int64>
  let metres: RawColumn<Double>

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
      total += room
    }
    base = RawColumn(bases)
    capacity = RawColumn(capacities)
    length = RawColumn(network.laneLength.values)
    speedLimit = RawColumn(network.laneSpeed.values)
    count = RawColumn(repeating: 0, count: n)
    granted = RawColumn(repeating: 0, count: n)
    reservedCount = RawColumn(repeating: 0, count: n)
    reservedLength = RawColumn(repeating: 0, count: n)
    trailVehicle = RawColumn(repeating: -1, count: n)
    trailRear = RawColumn(repeating: 0, count: n)
    tailRear = RawColumn(repeating: .infinity, count: n)
    tailSpeed = RawColumn(repeating: 0, count: n)
    yieldRear = RawColumn(repeating: .infinity, count: n)
    waitsFor = RawColumn(repeating: -1, count: n)
    isCrossed = RawColumn(repeating: 0, count: n)
    vehicleTicks = RawColumn(repeating: 0, count: n)
    metres = RawColumn(repeating: 0, count: n)
  }

  var slotCount: Int {
    let last = base.count - 1
    return last < 0 ? 0 : Int(base[last] + capacity[last])
  }

  func free() {
    for column in [base, capacity, count, granted, reservedCount, trailVehicle, waitsFor] {
      column.free()
    }
    for column in [
      length, speedLimit, reservedLength, trailRear, tailRear, tailSpeed, yieldRear,
    ] { column.free() }
    isCrossed.free()
    vehicleTicks.free()
    metres.free()
  }
}
