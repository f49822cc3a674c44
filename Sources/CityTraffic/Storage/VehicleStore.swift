import CityBase
import CityDemand

/// The columns by vehicle, touched only at junctions, lane ends and decisions. The vehicle of a trip
/// has the index of the trip; those of drives that other domains ask for come after them.
struct VehicleStore {
  /// The links of the way still stored in the arena: the first, the current and one past the last.
  let routeFirst: RawColumn<Int32>
  let routeIndex: StridedColumn<JunctionRecord, Int32>
  let routeEnd: StridedColumn<JunctionRecord, Int32>
  /// The driver's desired speed as a share of the limit.
  let speedFactor: StridedColumn<JunctionRecord, Float>
  /// Metres that the vehicle moved in the last tick it was looked at for; only kept up while
  /// somebody waits for its tail.
  let displacement: StridedColumn<JunctionRecord, Float>
  /// How far on its connector a granted vehicle may go, and the rear and speed of a vehicle before
  /// it that started from the same lane into another connector.
  let clearance: StridedColumn<JunctionRecord, Float>
  let divergeRear: StridedColumn<JunctionRecord, Float>
  let divergeSpeed: StridedColumn<JunctionRecord, Float>
  /// The junction of the grant that the vehicle is driving on, until it is on the link beyond; then
  /// -1. Follows from the grants and the ways.
  let heldAt: StridedColumn<JunctionRecord, Int32>
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

  private let block: RecordBlock<JunctionRecord>

  init(count: Int) {
    block = RecordBlock(count: count)
    displacement = StridedColumn(block, offset: 0, repeating: 0)
    clearance = StridedColumn(block, offset: 4, repeating: .infinity)
    divergeRear = StridedColumn(block, offset: 8, repeating: .infinity)
    divergeSpeed = StridedColumn(block, offset: 12, repeating: 0)
    heldAt = StridedColumn(block, offset: 16, repeating: -1)
    routeIndex = StridedColumn(block, offset: 20, repeating: 0)
    routeEnd = StridedColumn(block, offset: 24, repeating: 0)
    speedFactor = StridedColumn(block, offset: 28, repeating: 1)
    routeFirst = RawColumn(repeating: 0, count: count)
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

  /// What junctions ask of a vehicle, with all its fields.
  @inline(__always) subscript(vehicle: Int) -> UnsafeMutablePointer<AtJunction> {
    block.record(vehicle, as: AtJunction.self)
  }

  func free() {
    block.free()
    for column in [routeFirst, queueNext] { column.free() }
    for column in [metres, length] { column.free() }
    for column in [watch, vehicleClass, privileges, type, driver] { column.free() }
    departed.free()
    left.free()
    arrived.free()
  }
}

/// The first fields of a vehicle's record as they lie in memory.
struct AtJunction: BitwiseCopyable {
  var displacement: Float
  var clearance: Float
  var divergeRear: Float
  var divergeSpeed: Float
}

/// What junctions and lane ends ask of one vehicle: half a cache line.
enum JunctionRecord: RecordLayout {
  @inline(__always) static var stride: Int { 32 }
}

/// What other domains want to be told of a vehicle.
enum Watch {
  /// When it comes upon the link of its destination, and when it leaves the road there.
  static let events: UInt8 = 1
  /// Leaving the road is not yet the end of its journey.
  static let held: UInt8 = 2
}
