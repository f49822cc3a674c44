import CityBase
import CityNetwork
import CitySimulation

/// Which lanes of a link are open to which class of vehicles, where lanes are reserved for some, as
/// those for buses are. Never changes.
///
/// Nobody sets out in a lane that is closed to him, changes into one to get on better, or takes a
/// connector that leads into one. One may be crossed on the way to the lane that a turn needs, and
/// used to get past a wall. Where a link is closed to a class as a whole, its lanes are open to it:
/// who is there has business there. Vehicles of services use any lane.
struct ReservedLanes {
  /// Whether the network has any; everything below is as if all were open where it has none.
  let isInUse: Bool
  private let links: Int
  /// By class and link: the open lanes, a bit each, the first sixteen of them.
  private let masks: RawColumn<UInt16>

  init(_ network: RoadNetwork) {
    isInUse = network.hasReservedLanes
    links = network.linkCount
    guard isInUse else {
      masks = RawColumn([])
      return
    }
    let classes = VehicleClass.allCases.map(\.rawValue).max().map { Int($0) + 1 } ?? 0
    masks = RawColumn(repeating: .max, count: classes * links)
    for vehicleClass in VehicleClass.allCases where vehicleClass.isOfTrips {
      let first = Int(vehicleClass.rawValue) * links
      for l in 0..<links {
        var mask: UInt16 = 0
        let lanes = network.lanes(of: LinkID(l))
        for (k, lane) in lanes.prefix(TurnTable.mostLanes).enumerated()
        where !network.access(to: LaneID(lane)).isDisjoint(with: vehicleClass.access) {
          mask |= 1 << UInt16(k)
        }
        if mask != 0 { masks[first + l] = mask | Self.beyond(lanes.count) }
      }
    }
  }

  /// The bits that stand for no lane of a link.
  private static func beyond(_ lanes: Int) -> UInt16 {
    lanes >= TurnTable.mostLanes ? 0 : UInt16.max << UInt16(lanes)
  }

  func free() { masks.free() }

  /// The open lanes of a link for a class, a bit each.
  @inline(__always) func open(_ link: Int, to vehicleClass: UInt8) -> UInt16 {
    isInUse ? masks[Int(vehicleClass) * links + link] : .max
  }

  /// Whether a lane, counted from the kerb, is open to a class.
  @inline(__always) func isOpen(_ number: Int, of link: Int, to vehicleClass: UInt8) -> Bool {
    !isInUse || number >= TurnTable.mostLanes
      || masks[Int(vehicleClass) * links + link] & 1 << UInt16(number) != 0
  }
}
