/// The vehicles on side lists: what they want, what they may do, and where they are found.
extension TrafficWorld {
  /// Chooses the lane that a vehicle on a side list goes along: of those that lead on, the one with
  /// the shortest queue, the innermost of equals.
  func settleBeside(_ s: Int) {
    let link = currentLink(of: Int(slots.vehicle[s]))
    let first = Int(topology.linkFirstLane[link])
    settleIn(s, lane: first)
    guard slots.next[s] != NextLane.arrival else {
      side.lane[s - side.firstSlot] = Int32(truncatingIfNeeded: first)
      return
    }
    var lane = first + Int(slots.laneLow[s])
    let high = first + Int(slots.laneHigh[s])
    var other = lane + 1
    while other <= high {
      if lanes.count[other] <= lanes.count[lane] { lane = other }
      other += 1
    }
    side.lane[s - side.firstSlot] = Int32(truncatingIfNeeded: lane)
    settleIn(s, lane: lane)
  }

  /// Copies what the vehicle may do to where the tick reads it.
  func notePrivileges(_ s: Int, lane: Int, vehicle: Int) {
    let may = vehicles.privileges[vehicle]
    slots.privileges[s] = may
    if may & SlotPrivilege.filterQueue != 0 { side.mayFilter[lane] = 1 }
  }

  /// Changes what a vehicle may do from the next tick on, wherever it is. Phase 2 only.
  func setPrivileges(_ privileges: UInt8, of vehicle: Int) {
    vehicles.privileges[vehicle] = privileges
    if privileges != 0 { useSideLists() }
    guard side.isInUse[0] != 0, let (s, lane) = find(vehicle) else { return }
    slots.privileges[s] = slots.privileges[s] & SlotPrivilege.ontoSide | privileges
    if lane < topology.roadLanes && privileges & SlotPrivilege.filterQueue != 0 {
      side.mayFilter[lane] = 1
    }
  }

  /// The side slot of a vehicle and the lane it goes along, or nil where it is on no side list.
  func findBeside(_ vehicle: Int) -> (slot: Int, lane: Int)? {
    let link = currentLink(of: vehicle)
    let first = Int(side.base[link])
    for s in first..<(first + Int(side.count[link])) where Int(slots.vehicle[s]) == vehicle {
      return (s, side.lane(ofSlot: s))
    }
    return nil
  }

  /// Visits every vehicle on a side list: slot, the lane it goes along, and whether it holds a
  /// grant.
  func forEachBeside(_ body: (_ slot: Int, _ lane: Int, _ isSettled: Bool) -> Void) {
    if side.isInUse[0] == 0 { return }
    for link in 0..<side.count.count where side.count[link] > 0 {
      let first = Int(side.base[link])
      for s in first..<(first + Int(side.count[link])) {
        let lane = side.lane(ofSlot: s)
        body(s, lane, side.heldBy[lane] == slots.vehicle[s])
      }
    }
  }
}
