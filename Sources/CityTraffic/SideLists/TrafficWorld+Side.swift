/// Part of phase 3, change: those who may filter leave their queue for the side list of their link,
/// and come back where their lane is free.
///
/// The worker of a chunk writes the side lists of its links and their published tails.
extension TrafficWorld {
  /// True where somebody has come back into a lane.
  func useSideLists(_ scratch: ChunkScratch) -> Bool {
    var isAnyBack = false
    for link in scratch.sideLinks.elements where returnToLanes(Int(link), scratch) {
      isAnyBack = true
    }
    for lane in scratch.lanes.elements {
      if lane >= topology.roadLanes { break }
      if side.mayFilter[lane] != 0 { leaveQueue(Int(lane), scratch) }
    }
    publishSideTails(scratch)
    return isAnyBack
  }

  private func publishSideTails(_ scratch: ChunkScratch) {
    var kept = 0
    for i in 0..<scratch.sideLinks.count {
      let link = scratch.sideLinks[i]
      let n = side.count[link]
      if n == 0 {
        side.tailRear[link] = .infinity
        continue
      }
      let s = Int(side.base[link] + n - 1)
      side.tailRear[link] = slots.position[s] - slots.length[s]
      side.tailSpeed[link] = slots.speed[s]
      scratch.sideLinks[kept] = link
      kept += 1
    }
    scratch.sideLinks.truncate(to: kept)
  }

  // MARK: - Out of the queue

  private func leaveQueue(_ lane: Int, _ scratch: ChunkScratch) {
    let first = Int(lanes.base[lane])
    let link = Int(topology.laneLink[lane])
    var isAny = false
    var i = 0
    while i < Int(lanes.count[lane]) {
      let s = first + i
      if slots.privileges[s] & SlotPrivilege.filterQueue != 0 {
        isAny = true
        if i >= Int(lanes.granted[lane]), isHeldUp(s, index: i, lane: lane),
          let place = placeBeside(
            link, at: slots.position[s], length: slots.length[s], speed: slots.speed[s])
        {
          moveBeside(s, index: i, lane: lane, link: link, place: place, scratch)
          continue
        }
      }
      i += 1
    }
    if !isAny { side.mayFilter[lane] = 0 }
  }

  /// Whether a vehicle is close behind a slow one, or is the first at an obstacle that it can pass
  /// beside the lane, or stands in a lane that does not lead on.
  private func isHeldUp(_ s: Int, index: Int, lane: Int) -> Bool {
    let x = slots.position[s]
    let v = slots.speed[s]
    // A tail on the connector behind goes by the lane.
    guard x - slots.length[s] > 0.1 else { return false }
    if index == 0 {
      if lanes.firstObstacle[lane] >= 0, isHeldBack(0, in: lane) {
        return gateBeside(lane, from: x) == .infinity
          && leaderOrGate(0, in: lane, at: x).rear - x < 8 + 1.5 * v
      }
      return slots.next[s] == NextLane.wrongLane && v < 1 && lanes.length[lane] - x < 30
    }
    let leader = s - 1
    let gap = slots.position[leader] - slots.length[leader] - x
    return slots.speed[leader] < min(SideRule.slowLeader, 0.5 * slots.desired[s])
      && gap < 8 + 1.5 * v
  }

  private func moveBeside(
    _ s: Int, index: Int, lane: Int, link: Int, place: Int, _ scratch: ChunkScratch
  ) {
    let t = openPlace(place, beside: link, lane: lane, scratch)
    slots.copy(s, to: t)
    slots.flags[t] = 0
    slots.stoodFrom[t] = now
    vehicles.clearance[slots.vehicle[t]] = .infinity
    vehicles.divergeRear[slots.vehicle[t]] = .infinity
    takeOut(s, of: lane)
    settle(t, lane: lane)
  }

  // MARK: - Back into a lane

  private func returnToLanes(_ link: Int, _ scratch: ChunkScratch) -> Bool {
    let first = Int(side.base[link])
    let firstLane = Int(topology.linkFirstLane[link])
    var isAnyBack = false
    var i = 0
    while i < Int(side.count[link]) {
      let s = first + i
      let isGranted = side.heldBy[side.lane(ofSlot: s)] == slots.vehicle[s]
      if !isGranted, let (lane, place) = freePlace(s, firstLane: firstLane) {
        moveBack(s, index: i, link: link, to: lane, place: place, scratch)
        isAnyBack = true
      } else {
        i += 1
      }
    }
    return isAnyBack
  }

  /// A place in one of the lanes that lead on, in which the vehicle gets on better than beside
  /// them; who may no longer filter takes any.
  private func freePlace(_ s: Int, firstLane: Int) -> (lane: Int, place: Int)? {
    let x = slots.position[s]
    let v = slots.speed[s]
    let mayFilter = slots.privileges[s] & SlotPrivilege.filterQueue != 0
    for number in Int(slots.laneLow[s])...max(Int(slots.laneLow[s]), Int(slots.laneHigh[s])) {
      let lane = firstLane + number
      let place = placeIn(lane, at: x)
      if mayFilter {
        let (rear, speed) = leaderOf(place, in: lane)
        if rear - x < 20 + 2 * v && speed < SideRule.fastLeader { continue }
      }
      let headway: Float = mayFilter ? 0.6 : 0.3
      let braking = Rule.safeBraking * (mayFilter ? 1 : 1.5)
      if isFree(
        place, in: lane, for: s, from: side.lane(ofSlot: s), braking: braking, headway: headway)
      {
        return (lane, place)
      }
    }
    return nil
  }

  private func moveBack(
    _ s: Int, index: Int, link: Int, to lane: Int, place: Int, _ scratch: ChunkScratch
  ) {
    let t = copy(s, to: place, of: lane)
    closePlace(index, beside: link)
    slots.stoodFrom[t] = now
    scratch.active.insert(lane)
    settle(t, lane: lane)
  }
}
