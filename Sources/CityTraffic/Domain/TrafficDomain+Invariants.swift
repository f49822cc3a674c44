import CityBase
import CityNetwork

extension TrafficDomain {
  /// What is wrong with the state after a tick, in words; empty where all holds. Looks at every
  /// vehicle and every conflict: for tests, not for runs.
  ///
  /// Holds: vehicles of a lane stand one behind the other with gaps of 0 or more; speeds are 0 or
  /// more and finite; grants and slots tell the same place; no two vehicles are in one conflict
  /// area; nobody is in a stretch that is blocked, or that the other direction is in; trips due
  /// are arrived, on the road or waiting.
  public func violations() -> [String] {
    var found: [String] = []
    var onRoad = 0
    for lane in 0..<world.lanes.count.count {
      onRoad += Int(world.lanes.count[lane])
      checkLane(lane, &found)
    }
    onRoad += checkSideLists(&found)
    if onRoad != vehiclesOnRoad { found.append("\(onRoad) on the road, counted \(vehiclesOnRoad)") }
    for books in [counts, driveState.services]
    where books.waiting < 0 || books.onRoad < 0 || books.parked < 0
      || books.due != books.arrived + books.parked + books.onRoad + books.waiting
    {
      found.append("the trips do not balance: \(books)")
    }
    var waiting = 0
    for link in 0..<network.linkCount {
      var trip = world.queueHead[link]
      while trip >= 0 {
        waiting += 1
        trip = world.vehicles.queueNext[trip]
      }
    }
    let counted = counts.waiting + driveState.services.waiting
    if waiting != counted { found.append("\(waiting) wait, counted \(counted)") }
    for c in 0..<world.topology.connectors { checkConflicts(c, &found) }
    checkObstacles(&found)
    return found
  }

  private func checkLane(_ lane: Int, _ found: inout [String]) {
    let first = Int(world.lanes.base[lane])
    let n = Int(world.lanes.count[lane])
    let slots = world.slots
    for s in first..<(first + n) {
      let x = slots.position[s]
      let v = slots.speed[s]
      if !(v >= 0 && v < 100) || !x.isFinite { found.append("lane \(lane): speed \(v) at \(x)") }
      if x < 0 || x > world.lanes.length[lane] {
        found.append("lane \(lane): position \(x) of \(world.lanes.length[lane])")
      }
      if s > first {
        let gap = slots.position[s - 1] - slots.length[s - 1] - x
        if gap < 0 { found.append("lane \(lane): gap \(gap) at \(x)") }
      }
    }
    guard n > 0, lane >= world.topology.roadLanes else { return }
    // The follower on the same connector sees who has left it by his tail.
    let c = lane - world.topology.roadLanes
    for s in first..<(first + n) where grantIndex(of: slots.vehicle[s], on: c) == nil {
      found.append("connector \(c): vehicle \(slots.vehicle[s]) without a grant")
    }
  }

  private func grantIndex(of vehicle: Int32, on c: Int) -> Int? {
    let first = Int(world.grants.base[c])
    return (first..<(first + Int(world.grants.count[c]))).first {
      world.grants.vehicle[$0] == vehicle
    }
  }

  /// The stretches of a connector that its granted vehicles fill, after the moves of this tick.
  func stretches(_ c: Int) -> [(rear: Float, front: Float, vehicle: Int32)] {
    let first = Int(world.grants.base[c])
    return (first..<(first + Int(world.grants.count[c]))).map { g in
      let vehicle = world.grants.vehicle[g]
      let rear = world.grants.rear[g] + world.vehicles.displacement[vehicle]
      return (rear, rear + world.grants.length[g], vehicle)
    }
  }

  private func checkConflicts(_ c: Int, _ found: inout [String]) {
    let mine = stretches(c)
    if mine.isEmpty { return }
    let lane = world.topology.roadLanes + c
    let first = Int(world.lanes.base[lane])
    for s in first..<(first + Int(world.lanes.count[lane])) {
      if let m = mine.first(where: { $0.vehicle == world.slots.vehicle[s] }),
        abs(m.front - world.slots.position[s]) > 0.02
      {
        found.append("connector \(c): grant says \(m.front), slot \(world.slots.position[s])")
      }
    }
    for k in world.topology.conflicts(ofConnector: c) {
      let conflict = world.topology.conflicts[k]
      let other = conflict.other.index
      if other < c { continue }
      for a in mine where a.front > conflict.entry && a.rear < conflict.exit {
        for b in stretches(other)
        where b.front > conflict.otherEntry && b.rear < conflict.otherExit {
          let shift = conflict.shift
          if conflict.kind != ConflictKind.crossing
            && (a.rear >= b.front + shift || b.rear + shift >= a.front)
          {
            continue
          }
          found.append(
            "connectors \(c), \(other), kind \(conflict.kind): \(a) and \(b) in one area")
        }
      }
    }
  }
}
