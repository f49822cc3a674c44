import CityBase
import CityDemand

/// The cold columns by vehicle, touched only at lane ends and decisions. The vehicle of a trip has
/// the index of the trip; those of drives that other domains ask for come after them.
struct VehicleStore {
  /// The links of the way still stored in the arena: the first, the current and one past the last.
  let routeFirst: RawColumn<Int32>
  let routeIndex: RawColumn<Int32>
  let routeEnd: RawColumn<Int32>
  /// The driver's desired speed as a share of the limit.
  let speedFactor: RawColumn<Float>
  /// Metres that the vehicle moved in the last tick it was looked at for; only kept up while
  /// somebody waits for its tail.
  let displacement: RawColumn<Float>
  /// How far on its connector a granted vehicle may go, and the rear and speed of a vehicle before
  /// it that started from the same lane into another connector.
  let clearance: RawColumn<Float>
  let divergeRear: RawColumn<Float>
  let divergeSpeed: RawColumn<Float>
  /// Ticks, -1 until it happens: when it entered the road, left it, and when its journey ended,
  /// which is later where its driver has still to walk.
  let departed: RawColumn<Int64>
  let left: RawColumn<Int64>
  let arrived: RawColumn<Int64>
  /// Metres driven on links already left.
  let metres: RawColumn<Float>
  /// The next trip in the queue of its origin link, or -1.
  let queueNext: RawColumn<Int32>
  /// A set of `Watch`: what other domains want to know of it.
  let watch: RawColumn<UInt8>
  /// A `VehicleClass` and a set of `Privileges`.
  let vehicleClass: RawColumn<UInt8>
  let privileges: RawColumn<UInt8>
  /// Indices into the tables of types and of drivers.
  let type: RawColumn<UInt8>
  let driver: RawColumn<UInt8>
  /// m
  let length: RawColumn<Float>

  init(count: Int) {
    routeFirst = RawColumn(repeating: 0, count: count)
    routeIndex = RawColumn(repeating: 0, count: count)
    routeEnd = RawColumn(repeating: 0, count: count)
    speedFactor = RawColumn(repeating: 1, count: count)
    displacement = RawColumn(repeating: 0, count: count)
    clearance = RawColumn(repeating: .infinity, count: count)
    divergeRear = RawColumn(repeating: .infinity, count: count)
    divergeSpeed = RawColumn(repeating: 0, count: count)
    departed = RawColumn(repeating: -1, count: count)
    left = RawColumn(repeating: -1, count: count)
    arrived = RawColumn(repeating: -1, count: count)
    metres = RawColumn(repeating: 0, count: count)
    queueNext = RawColumn(repeating: -1, count: count)
    watch = RawColumn(repeating: 0, count: count)
    vehicleClass = RawColumn(repeating: 0, count: count)
    privileges = RawColumn(repeating: 0, count: count)
    type = RawColumn(repeating: 0, count: count)
    driver = RawColumn(repeating: 0, count: count)
    length = RawColumn(repeating: 0, count: count)
  }

  func free() {
    for column in [routeFirst, routeIndex, routeEnd, queueNext] { column.free() }
    for column in [
      speedFactor, displacement, clearance, divergeRear, divergeSpeed, metres, length,
    ] { column.free() }
    for column in [watch, vehicleClass, privileges, type, driver] { column.free() }
    departed.free()
    left.free()
    arrived.free()
  }
}

/// What other domains want to be told of a vehicle.
enum Watch {
  /// When it comes upon the link of its destination, and when it leaves the road there.
  static let events: UInt8 = 1
  /// Leaving the road is not yet the end of its journey.
  static let held: UInt8 = 2
}
