import CitySimulation

/// Parts of phases 5 to 8 for the side lists: they move like lanes, with the line and those before
/// them as the only hindrance.
extension TrafficWorld {
  func advanceSideLists(_ scratch: ChunkScratch, _ moment: Moment) {
    for link in scratch.sideLinks.elements where side.count[link] > 0 {
      advanceSideList(Int(link), moment, scratch)
    }
  }

  private func advanceSideList(_ link: Int, _ moment: Moment, _ scratch: ChunkScratch) {
    let first = Int(side.base[link])
    let n = Int(side.count[link])
    var ahead = Ahead()
    (ahead.rear, ahead.speed) = tailAtLine(link)
    var kept = 0
    for i in 0..<n {
      let s = first + i
      let lane = side.lane(ofSlot: s)
      let isGranted = side.heldBy[lane] == slots.vehicle[s]
      let (moved, speed) = stepBeside(
        s, lane: lane, ahead, isGranted: isGranted, moment, scratch)
      let x = slots.position[s]
      ahead.rear = x - slots.length[s]
      ahead.speed = slots.speed[s]
      ahead.moved = moved
      vehicles.displacement[slots.vehicle[s]] = moved
      lanes.vehicleTicks[lane] += 1
      lanes.metres[lane] += Double(moved)
      let to = x + moved
      if to >= slots.leaveAt[s] {
        vehicles.displacement[slots.vehicle[s]] = Rule.gone
        scratch.leavers.append(
          leaver(s, from: lane, through: -1, to: -1, position: to, speed: speed, moved: moved))
        continue
      }
      if isGranted && to >= lanes.length[lane] {
        slots.privileges[s] |= SlotPrivilege.fromSide
        leaveRoadLane(
          s, lane: lane, position: to - lanes.length[lane], speed: speed, moved: moved, scratch)
        continue
      }
      let t = first + kept
      if kept != i {
        slots.copy(s, to: t)
        side.lane[t - side.firstSlot] = Int32(truncatingIfNeeded: lane)
      }
      Self.settle(slots[t], at: to, speed: speed, tick: now)
      kept += 1
    }
    side.count[link] = Int32(kept)
  }

  private func stepBeside(
    _ s: Int, lane: Int, _ leader: Ahead, isGranted: Bool, _ moment: Moment,
    _ scratch: ChunkScratch
  ) -> (moved: Float, speed: Float) {
    let x = slots.position[s]
    let v = slots.speed[s]
    let toEnd = lanes.length[lane] - x
    let beside =
      lanes.firstObstacle[lane] < 0 ? speedBeside(lane, at: x, length: slots.length[s]) : 0
    let desired = min(slots.desired[s], beside + SideRule.filterSpeed)
    var gap = leader.rear - x
    var a = acceleration(s, speed: v, desired: desired, gap: gap, leaderSpeed: leader.speed)
    var room = max(0, gap + leader.moved - Rule.touch)
    a = min(a, anticipate(v, slots.exitSpeed[s], toEnd))
    let gate = gateBeside(lane, from: x)
    if gate < .infinity {
      a = min(a, acceleration(s, speed: v, desired: desired, gap: gate - x, leaderSpeed: 0))
      room = min(room, max(0, gate - x - Rule.touch))
    }
    let leave = slots.leaveAt[s]
    if leave < .infinity {
      a = min(a, anticipate(v, Rule.accessSpeed, leave - x))
    } else if isGranted {
      let beyond = aheadOfRoadLane(lanes[lane], slots[s], isGranted: true)
      gap = beyond.rear - x
      a = min(
        a, acceleration(s, speed: v, desired: desired, gap: gap, leaderSpeed: beyond.speed))
      room = min(room, max(0, gap - Rule.touch))
      (a, room) = obeyJunction(
        slots[s], distanceToStart: toEnd, desired: desired, a, room, MixedDrivers(table: table))
      (a, room) = stopBefore(beyond.limit - x, speed: v, a, room)
    } else {
      if toEnd < stopZone(v) {
        let line = toEnd + standstillGap(s) - Rule.stopMargin
        a = min(a, acceleration(s, speed: v, desired: desired, gap: line, leaderSpeed: 0))
      }
      room = min(room, max(0, toEnd - Rule.touch))
    }
    if table.isImperfect { a = dawdled(a, s, speed: v, moment) }
    return move(v, a, room, moment.stepSeconds, scratch)
  }

  /// The speed of those in a lane whom a vehicle passes or comes up to, infinite where nobody is.
  private func speedBeside(_ lane: Int, at x: Float, length: Float) -> Float {
    let first = Int(lanes.base[lane])
    let place = placeIn(lane, at: x)
    var speed = Float.infinity
    if place > 0 {
      let leader = first + place - 1
      if slots.position[leader] - slots.length[leader] < x + 10 { speed = slots.speed[leader] }
    }
    if place < Int(lanes.count[lane]), slots.position[first + place] > x - length {
      speed = min(speed, slots.speed[first + place])
    }
    return speed
  }

  /// The last vehicle of the side list beyond the junction, or the end of its link.
  func lookBeside(_ ahead: inout Ahead, lane: Int, start: Float) {
    let link = Int(topology.laneLink[lane])
    let tail = side.tailRear[link]
    let gate = gateBeside(lane, from: 0)
    if gate < tail {
      ahead.rear = start + gate
    } else if tail < .infinity {
      ahead.rear = start + tail
      ahead.speed = side.tailSpeed[link]
    } else {
      ahead.limit = start + lanes.length[lane]
    }
  }

  /// Phase 7: takes in who has come onto a side list of the chunk across a junction.
  func takeBeside(_ scratch: ChunkScratch) {
    for leaver in scratch.sideArrivals.elements {
      let v = Int(leaver.vehicle)
      let lane = Int(leaver.to)
      let link = Int(topology.laneLink[lane])
      side.reservedFor[link] = -1
      precondition(side.count[link] < side.capacity[link], "a side list overflows")
      let s = openPlace(Int(side.count[link]), beside: link, lane: lane, scratch)
      slots.position[s] = leaver.position
      slots.speed[s] = leaver.speed
      place(v, in: s)
      comeOntoLink(leaver, in: s, lane: lane, scratch)
    }
    scratch.sideArrivals.removeAll()
  }

  /// Phase 8: a vehicle that may filter pulls out beside a queue that leaves it no gap.
  func departBeside(_ v: Int, lane: Int, x: Float, tick: Int64, _ scratch: ChunkScratch) -> Bool {
    guard vehicles.privileges[v] & SlotPrivilege.filterQueue != 0 else { return false }
    let link = Int(topology.laneLink[lane])
    let length = vehicles.length[v]
    guard let at = placeBeside(link, at: x, length: length, speed: 0) else { return false }
    let s = openPlace(at, beside: link, lane: lane, scratch)
    slots.position[s] = x
    slots.speed[s] = 0
    place(v, in: s)
    vehicles.departed[v] = tick
    vehicles.metres[v] = -x
    let probe = passages
    if probe.isOn { noteDeparture(v, at: x, speed: 0, probe) }
    settle(s, lane: lane)
    announceApproach(s, scratch)
    scratch.departures.append(Int32(v))
    return true
  }

  private func place(_ v: Int, in s: Int) {
    slots.vehicle[s] = Int32(truncatingIfNeeded: v)
    slots.stoodFrom[s] = now
    slots.flags[s] = 0
    slots.privileges[s] = 0
    slots.driver[s] = vehicles.driver[v]
  }
}
