import CityBase
import CityNetwork

/// The side lists as others see them: in the checks of tests and in snapshots.
extension TrafficDomain {
  /// Looks at every side list; returns how many vehicles they hold.
  ///
  /// Holds: who filters is within its link, behind who filters before it; a held lane is held by
  /// somebody with a grant from it and has no other grants; room on a side list is promised to
  /// exactly those on their way there; no two granted vehicles of one connector overlap.
  func checkSideLists(_ found: inout [String]) -> Int {
    let side = world.side
    var all = 0
    var promised: [Int32] = []
    for link in 0..<side.count.count {
      let n = Int(side.count[link])
      all += n
      if side.reservedFor[link] >= 0 { promised.append(side.reservedFor[link]) }
      if n + (side.reservedFor[link] >= 0 ? 1 : 0) > Int(side.capacity[link]) {
        found.append("link \(link): \(n) beside its lanes")
      }
      if n > 0 { checkSideList(link, &found) }
    }
    for lane in 0..<side.heldBy.count where side.heldBy[lane] >= 0 {
      if world.grantHeld(lane) == nil { found.append("lane \(lane): held without a grant") }
    }
    let onTheirWay = world.usedVehicles { $0 & SlotPrivilege.ontoSide != 0 }
    if promised.sorted() != onTheirWay.sorted() {
      found.append("promised beside \(promised), on their way \(onTheirWay)")
    }
    for c in 0..<world.topology.connectors where world.grants.count[c] > 1 {
      checkOverlaps(c, &found)
    }
    return all
  }

  private func checkSideList(_ link: Int, _ found: inout [String]) {
    let slots = world.slots
    let first = Int(world.side.base[link])
    for s in first..<(first + Int(world.side.count[link])) {
      let x = slots.position[s]
      let lane = world.side.lane(ofSlot: s)
      if world.currentLink(of: Int(slots.vehicle[s])) != link {
        found.append("link \(link): vehicle \(slots.vehicle[s]) beside another")
      }
      if !(slots.speed[s] >= 0 && slots.speed[s] < 100)
        || !(x >= 0 && x <= world.lanes.length[lane])
      {
        found.append("beside lane \(lane): speed \(slots.speed[s]) at \(x)")
      }
      if s > first {
        let gap = slots.position[s - 1] - slots.length[s - 1] - x
        if gap < 0 { found.append("beside lane \(lane): gap \(gap) at \(x)") }
      }
      if world.side.heldBy[lane] == slots.vehicle[s], world.lanes.granted[lane] > 0,
        world.slots.next[Int(world.lanes.base[lane])] >= 0
      {
        found.append("lane \(lane): granted and held")
      }
    }
  }

  /// Vehicles of one connector stand one behind the other, on it and over its end. Before it, one may
  /// be in the lane and the other beside it.
  private func checkOverlaps(_ c: Int, _ found: inout [String]) {
    let all = stretches(c)
    for (i, a) in all.enumerated() {
      for b in all[(i + 1)...]
      where a.rear < b.front - 0.02 && b.rear < a.front - 0.02 && min(a.front, b.front) > 0 {
        found.append("connector \(c): \(a) and \(b) overlap")
      }
    }
  }
}

extension TrafficWorld {
  /// The vehicles of the slots in use whose privileges are of some kind, slot by slot.
  func usedVehicles(where isWanted: (UInt8) -> Bool) -> [Int32] {
    var found: [Int32] = []
    forEachVehicle { s, _, _ in
      if isWanted(slots.privileges[s]) { found.append(slots.vehicle[s]) }
    }
    return found
  }
}

extension RoadNetwork {
  /// Where a vehicle that filters past a lane is: on the lane's edge away from the kerb.
  func besidePosition(_ lane: LaneID, _ offset: Float) -> (point: Point2, direction: Point2) {
    let (point, direction) = lanePosition(lane, offset)
    let half = Double(laneWidth[lane]) / 2
    return (point + direction.leftNormal * (drivesOnRight ? half : -half), direction)
  }
}
