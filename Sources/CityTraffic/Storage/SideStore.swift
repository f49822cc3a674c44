import CityNetwork
import CitySimulation

/// The side lists: those who filter past a queue, between the lanes of their link.
///
/// A vehicle on a side list has a slot like any other, after the slots of all lanes, so that what
/// asks a slot works for it too. Every link owns a fixed slice of side slots, front first, and
/// belongs to the chunk of its lanes. Whoever filters is hindered only by those who filter before
/// it; the vehicles it passes take no notice of it.
struct SideStore {
  // Fixed.
  /// The first side slot; all slots of lanes come before it.
  let firstSlot: Int
  /// By link: its slice.
  let base: RawColumn<Int32>
  let capacity: RawColumn<Int32>

  // Changing.
  /// 1 from the moment that somebody in the run has got a privilege.
  let isInUse: RawColumn<UInt8>
  /// By link.
  let count: RawColumn<Int32>
  /// By link: the vehicle granted on its way onto the side list, or -1; one at a time.
  let reservedFor: RawColumn<Int32>
  /// By link, published before the junctions decide: the rear of the last vehicle on the side list,
  /// infinite where there is none, and its speed.
  let tailRear: RawColumn<Float>
  let tailSpeed: RawColumn<Float>
  /// By side slot, counted from the first one: the lane that it goes along and crosses from.
  let lane: RawColumn<Int32>
  /// By road lane: who crosses its stop line from the side list, until its tail is over it; or -1.
  /// Nobody of the lane itself is granted meanwhile.
  let heldBy: RawColumn<Int32>
  /// By road lane: 1 where somebody on it may be allowed to filter.
  let mayFilter: RawColumn<UInt8>

  /// More than these never filter past one queue at a time.
  private static let mostOfLink: Int32 = 6

  init(_ network: RoadNetwork, firstSlot: Int) {
    self.firstSlot = firstSlot
    var bases: [Int32] = []
    var capacities: [Int32] = []
    var total: Int32 = Int32(firstSlot)
    for length in network.linkLength.values {
      let room = min(Self.mostOfLink, Int32(min(length, 1000) / 10) + 2)
      bases.append(total)
      capacities.append(room)
      total += room
    }
    base = RawColumn(bases)
    capacity = RawColumn(capacities)
    isInUse = RawColumn(repeating: 0, count: 1)
    count = RawColumn(repeating: 0, count: bases.count)
    reservedFor = RawColumn(repeating: -1, count: bases.count)
    tailRear = RawColumn(repeating: .infinity, count: bases.count)
    tailSpeed = RawColumn(repeating: 0, count: bases.count)
    lane = RawColumn(repeating: 0, count: Int(total) - firstSlot)
    heldBy = RawColumn(repeating: -1, count: network.roadLaneCount)
    mayFilter = RawColumn(repeating: 0, count: network.roadLaneCount)
  }

  var slotCount: Int { lane.count }

  func free() {
    for column in [base, capacity, count, reservedFor, lane, heldBy] { column.free() }
    for column in [isInUse, mayFilter] { column.free() }
    tailRear.free()
    tailSpeed.free()
  }

  /// The lane of a side slot.
  @inline(__always) func lane(ofSlot s: Int) -> Int { Int(lane[s - firstSlot]) }
}

/// Bits of `SlotStore.privileges` beside those of `Privileges`.
enum SlotPrivilege {
  static let passRed = Privileges.passRed.rawValue
  static let filterQueue = Privileges.filterQueue.rawValue
  /// Filters past queues as two-wheelers do: nobody has to make way for it.
  static let unheeded: UInt8 = 0x04
  /// Granted onto the side list of the next link, because its lane has no room.
  static let ontoSide: UInt8 = 0x80
  /// Only in a `Leaver`: has crossed the stop line from the side list.
  static let fromSide: UInt8 = 0x40
}

/// Constants of what emergency vehicles may do, with their sources.
///
/// China's Road Traffic Safety Law (art. 53) and Germany's StVO (§§ 35, 38) free vehicles under way
/// to a call from signals as long as nobody is endangered, and make others let them pass; neither
/// names a speed.
enum SideRule {
  /// m/s; the most at which a stop line is crossed at red: 18 km/h, from which the vehicle stops
  /// within 5 m. An assumption.
  static let redSpeed: Float = 5
  /// m; from where on a vehicle that has slowed down asks to cross at red.
  static let redDistance: Float = 15
  /// m/s faster than those passed: 23 km/h. An assumption, below the 30 km/h that New South Wales
  /// allows motorcycles for lane filtering (Road Rules 2014, rule 151A).
  static let filterSpeed: Float = 6.5
  /// m/s; a leader this slow is filtered past, one this fast is followed again.
  static let slowLeader: Float = 5
  static let fastLeader: Float = 7
  /// m kept between two who filter, besides half a second of the follower's way.
  static let gap: Float = 2
  /// m at the start of a link kept free for who is granted onto its side list.
  static let entryRoom: Float = 12
  /// s at the stop line after which drivers whom nothing obliges let the vehicle in, and after
  /// which its lane waits while there is no room beyond.
  static let patience: Float = 10
  /// s for which a vehicle that is not let through keeps others from going; then for half as long
  /// it does not.
  static let longestCall: Float = 60
}
