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

  /// Whether a vehicle is close behind a slow one, or stands in a lane that does not lead on.
  private func isHeldUp(_ s: Int, index: Int, lane: Int) -> Bool {
    let x = slots.position[s]
    let v = slots.speed[s]
    // A tail on the connector behind goes by the lane.
    guard x - slots.length[s] > 0.1 else { return false }
    if index == 0 {
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
    slots.standing[t] = 0
    vehicles.clearance[slots.vehicle[t]] = .infinity
    vehicles.divergeRear[slots.vehicle[t]] = .infinity
    let last = Int(lanes.base[lane]) + Int(lanes.count[lane]) - 1
    var i = s
    while i < last {
      slots.copy(i + 1, to: i)
      i += 1
    }
    lanes.count[lane] -= 1
    lanes.asks[lane] = 1
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
    let first = Int(lanes.base[lane])
    var t = first + Int(lanes.count[lane])
    while t > first + place {
      slots.copy(t - 1, to: t)
      t -= 1
    }
    slots.copy(s, to: t)
    lanes.count[lane] += 1
    closePlace(index, beside: link)
    slots.standing[t] = 0
    scratch.active.insert(lane)
    settle(t, lane: lane)
  }

  // MARK: - Places of a side list

  /// Where in a side list there is room for a bumper at x, or nil.
  func placeBeside(_ link: Int, at x: Float, length: Float, speed v: Float) -> Int? {
    let n = Int(side.count[link])
    let isAwaited = side.reservedFor[link] >= 0
    guard n + (isAwaited ? 1 : 0) < Int(side.capacity[link]) else { return nil }
    if isAwaited && x - length < SideRule.entryRoom { return nil }
    let first = Int(side.base[link])
    var place = 0
    while place < n && slots.position[first + place] > x { place += 1 }
    if place > 0 {
      let leader = first + place - 1
      if slots.position[leader] - slots.length[leader] - x < SideRule.gap + 0.5 * v { return nil }
    } else if tailAtLine(link).rear - x < SideRule.gap + 0.5 * v {
      return nil
    }
    if place < n {
      let follower = first + place
      let gap = x - length - slots.position[follower]
      if gap < SideRule.gap + 0.5 * slots.speed[follower] { return nil }
    }
    return place
  }

  /// Makes room at a place of a side list; the caller fills the slot.
  func openPlace(_ place: Int, beside link: Int, lane: Int, _ scratch: ChunkScratch) -> Int {
    let first = Int(side.base[link])
    var t = first + Int(side.count[link])
    while t > first + place {
      slots.copy(t - 1, to: t)
      side.lane[t - side.firstSlot] = side.lane[t - 1 - side.firstSlot]
      t -= 1
    }
    side.lane[t - side.firstSlot] = Int32(truncatingIfNeeded: lane)
    side.count[link] += 1
    insert(sideLink: Int32(truncatingIfNeeded: link), scratch.sideLinks)
    return t
  }

  /// Removes a place of a side list.
  func closePlace(_ place: Int, beside link: Int) {
    let last = Int(side.base[link] + side.count[link]) - 1
    var t = Int(side.base[link]) + place
    while t < last {
      slots.copy(t + 1, to: t)
      side.lane[t - side.firstSlot] = side.lane[t + 1 - side.firstSlot]
      t += 1
    }
    side.count[link] -= 1
  }

  /// Keeps a chunk's links with side lists in ascending order, each once.
  private func insert(sideLink link: Int32, _ list: RawList<Int32>) {
    if list.elements.contains(link) { return }
    list.append(link)
    var at = list.count - 1
    while at > 0 && list[at - 1] > link {
      list[at] = list[at - 1]
      at -= 1
    }
    list[at] = link
  }

  /// The tail of who has crossed a stop line of a link from its side list and is still over it, in
  /// metres of the link.
  func tailAtLine(_ link: Int) -> (rear: Float, speed: Float) {
    var rear = Float.infinity
    var speed: Float = 0
    for lane in topology.lanes(ofLink: link) where side.heldBy[lane] >= 0 {
      guard let g = grantHeld(lane) else { continue }
      let x = lanes.length[lane] + grants.rear[g]
      if slots.vehicle[side.base[link]] == side.heldBy[lane] && side.count[link] > 0 { continue }
      if x < rear {
        rear = x
        speed = grants.speed[g]
      }
    }
    return (rear, speed)
  }

  /// The grant of who holds a lane from the side list, or nil once it has cleared the connector.
  func grantHeld(_ lane: Int) -> Int? {
    let vehicle = side.heldBy[lane]
    for c in topology.connectors(fromLane: lane) {
      let first = Int(grants.base[c])
      for g in first..<(first + Int(grants.count[c])) where grants.vehicle[g] == vehicle {
        return g
      }
    }
    return nil
  }

  // MARK: - What a vehicle wants

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
    if privileges != 0 { side.isInUse[0] = 1 }
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
