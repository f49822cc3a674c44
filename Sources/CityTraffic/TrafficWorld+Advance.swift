/// Phases 5 and 6, plan and commit: every lane moves its vehicles, front to back.
///
/// A worker writes the slots of its own lanes, their measures, and the displacement of the vehicles
/// on them. Of other lanes it reads only the tails published before, and of junctions the clearances
/// written when grants were given, so that planning and committing can be one walk over the slots.
extension TrafficWorld {
  func advance(chunk: Int, step: Float) {
    let scratch = chunks[chunk]
    scratch.leavers.removeAll()
    if !scratch.sideLinks.isEmpty { advanceSideLists(scratch, step: step) }
    for lane in scratch.lanes.elements where lanes.count[lane] > 0 {
      let i = Int(lane)
      if i < topology.roadLanes {
        advanceRoadLane(i, step: step, scratch: scratch)
      } else {
        advanceConnector(i, step: step, scratch: scratch)
      }
    }
  }

  /// What stands before the head of a lane, in the lane's own metres.
  struct Ahead {
    var rear: Float = .infinity
    var speed: Float = 0
    /// A standing limit beyond the next lane, such as the end of a link not yet granted.
    var limit: Float = .infinity
    /// What the leader has already moved in this tick; 0 where another worker moves it.
    var moved: Float = 0
  }

  private func advanceRoadLane(_ lane: Int, step: Float, scratch: ChunkScratch) {
    let first = Int(lanes.base[lane])
    let n = Int(lanes.count[lane])
    let end = lanes.length[lane]
    var granted = Int(lanes.granted[lane])
    var ahead = aheadOfRoadLane(lane, head: first, isGranted: granted > 0)
    let yieldRear = lanes.yieldRear[lane]
    let stretches = stretches(of: lane)
    if !stretches.isEmpty { markBlocked(stretches) }
    let keepsToKerb = lanes.speedLimit[lane] >= LaneChange.kerbRuleSpeed
    var mayChange: UInt8 = 0
    var metres: Float = 0
    var kept = 0
    let grantedBefore = granted
    let head = slots[first]
    for i in 0..<n {
      let s = first + i
      let slot = head + i
      let x = slot.pointee.position
      let v = slot.pointee.speed
      let length = slot.pointee.length
      let desired = slot.pointee.desired
      let gap = ahead.rear - x
      var a = model.acceleration(speed: v, desired: desired, gap: gap, leaderSpeed: ahead.speed)
      var room = max(0, gap + ahead.moved - Rule.touch)
      let toEnd = end - x
      let vehicle = Int(slot.pointee.vehicle)
      let leave = slot.pointee.leaveAt
      a = min(a, anticipate(v, slot.pointee.exitSpeed, toEnd))
      if leave < .infinity { a = min(a, anticipate(v, Rule.accessSpeed, leave - x)) }
      if i >= grantedBefore {
        if leave == .infinity {
          if toEnd < stopZone(v) {
            // A standing leader whose bumper keeps the driver a metre before the line.
            let line = toEnd + model.standstillGap - Rule.stopMargin
            a = min(
              a, model.acceleration(speed: v, desired: desired, gap: line, leaderSpeed: 0))
          }
          room = min(room, max(0, toEnd - Rule.touch))
        }
      } else if leave == .infinity {
        (a, room) = obeyJunction(
          vehicle, distanceToStart: toEnd, speed: v, desired: desired, a, room)
        if i == 0 { (a, room) = stopBefore(ahead.limit - x, speed: v, a, room) }
      }
      if !stretches.isEmpty { (a, room) = obeyStretches(stretches, index: i, s, a, room) }
      if slot.pointee.flags & SlotFlag.yielding != 0 {
        let stops = slot.pointee.flags & SlotFlag.letsIn != 0
        let a2 = model.acceleration(
          speed: v, desired: desired, gap: yieldRear - x, leaderSpeed: stops ? 0 : v)
        a = min(a, max(a2, -model.comfortableBraking))
        slot.pointee.flags &= ~(SlotFlag.yielding | SlotFlag.letsIn)
      }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - length
      ahead.speed = v
      ahead.moved = moved
      if i < grantedBefore || x < length + 0.5 { vehicles.displacement[vehicle] = moved }
      let to = x + moved
      if to >= leave {
        vehicles.displacement[vehicle] = Rule.gone
        scratch.leavers.append(
          leaver(s, from: lane, through: -1, to: -1, position: to, speed: speed, moved: moved))
        if i < grantedBefore { granted -= 1 }
        continue
      }
      if i < grantedBefore && to >= end && leave == .infinity {
        leaveRoadLane(s, lane: lane, position: to - end, speed: speed, moved: moved, scratch)
        granted -= 1
        continue
      }
      if kept != i { slots.copy(s, to: first + kept) }
      let place = head + kept
      place.pointee.position = to
      place.pointee.speed = speed
      let stood = place.pointee.standing
      place.pointee.standing = speed < Rule.standing ? (stood == .max ? stood : stood + 1) : 0
      if i >= grantedBefore {
        let flags = place.pointee.flags
        if flags & (SlotFlag.misplaced | SlotFlag.changed) != 0 {
          mayChange |= MayChange.always
        } else if (kept > 0 || keepsToKerb) && end - to > Self.lastWish && leave == .infinity {
          mayChange |= MayChange.turn(flags)
        }
      }
      kept += 1
    }
    // Another one may be the next to ask.
    if kept < n { lanes.sleeps[lane] = 0 }
    lanes.count[lane] = Int32(kept)
    lanes.granted[lane] = Int32(granted)
    if granted < kept {
      let s = first + granted
      let v = slots.speed[s]
      if end - slots.position[s] < stopZone(v) + v * step { lanes.asks[lane] = 1 }
    }
    lanes.vehicleTicks[lane] += Int64(n)
    lanes.metres[lane] += Double(metres)
    lanes.yieldRear[lane] = .infinity
    lanes.mayChange[lane] = mayChange
  }

  private func advanceConnector(_ lane: Int, step: Float, scratch: ChunkScratch) {
    let first = Int(lanes.base[lane])
    let n = Int(lanes.count[lane])
    let end = lanes.length[lane]
    var ahead = aheadOfConnector(lane)
    var metres: Float = 0
    var kept = 0
    let head = slots[first]
    for i in 0..<n {
      let s = first + i
      let slot = head + i
      let x = slot.pointee.position
      let v = slot.pointee.speed
      let desired = slot.pointee.desired
      let gap = ahead.rear - x
      var a = model.acceleration(
        speed: v, desired: desired, gap: gap, leaderSpeed: ahead.speed)
      var room = max(0, gap + ahead.moved - Rule.touch)
      let vehicle = Int(slot.pointee.vehicle)
      (a, room) = obeyJunction(
        vehicle, distanceToStart: -x, speed: v, desired: desired, a, room)
      if i == 0 { (a, room) = stopBefore(ahead.limit - x, speed: v, a, room) }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - slot.pointee.length
      ahead.speed = v
      ahead.moved = moved
      vehicles.displacement[vehicle] = moved
      let to = x + moved
      if to >= end {
        scratch.leavers.append(
          leaver(
            s, from: lane, through: -1, to: slots.next[s], position: to - end, speed: speed,
            moved: moved))
        continue
      }
      if kept != i { slots.copy(s, to: first + kept) }
      let place = head + kept
      place.pointee.position = to
      place.pointee.speed = speed
      let stood = place.pointee.standing
      place.pointee.standing = speed < Rule.standing ? (stood == .max ? stood : stood + 1) : 0
      kept += 1
    }
    lanes.count[lane] = Int32(kept)
    lanes.vehicleTicks[lane] += Int64(n)
    lanes.metres[lane] += Double(metres)
  }

  func leaveRoadLane(
    _ s: Int, lane: Int, position: Float, speed: Float, moved: Float, _ scratch: ChunkScratch
  ) {
    let connector = slots.next[s]
    let length = lanes.length[connector]
    if position < length {
      scratch.leavers.append(
        leaver(
          s, from: lane, through: -1, to: connector, position: position, speed: speed, moved: moved)
      )
    } else {
      let to = topology.connectorTo[Int(connector) - topology.roadLanes]
      scratch.leavers.append(
        leaver(
          s, from: lane, through: connector, to: to, position: position - length, speed: speed,
          moved: moved))
    }
  }

  func leaver(
    _ s: Int, from: Int, through: Int32, to: Int32, position: Float, speed: Float, moved: Float
  ) -> Leaver {
    Leaver(
      vehicle: slots.vehicle[s], from: Int32(truncatingIfNeeded: from), through: through, to: to,
      position: position, speed: speed, length: slots.length[s], moved: moved,
      beside: slots.privileges[s] & (SlotPrivilege.ontoSide | SlotPrivilege.fromSide))
  }

  /// The distance to the stop line from which on a driver without a grant begins to stop: the
  /// comfortable braking distance, a second and ten metres.
  @inline(__always) func stopZone(_ v: Float) -> Float {
    v * v / (2 * model.comfortableBraking) + v + 7
  }

  /// The acceleration that brings a driver down to a lower speed at a place ahead, or infinity
  /// while there is still time.
  @inline(__always) func anticipate(_ v: Float, _ target: Float, _ distance: Float)
    -> Float
  {
    if v <= target { return .infinity }
    let needed = (v * v - target * target) / (2 * max(distance, 0.5))
    return needed > Rule.anticipation ? -needed : .infinity
  }

  /// A standing limit that is approached with the needed deceleration once that is noticeable.
  @inline(__always) func stopBefore(
    _ distance: Float, speed v: Float, _ a: Float, _ room: Float
  ) -> (Float, Float) {
    if distance == .infinity { return (a, room) }
    let left = max(0, distance - Rule.touch)
    var a = a
    let needed = v * v / (2 * max(left - 0.5, 0.3))
    if needed > model.comfortableBraking { a = min(a, -needed) }
    return (a, min(room, left))
  }

  /// What the junction has told a granted vehicle: how far it may go, and whom to follow.
  @inline(__always) func obeyJunction(
    _ vehicle: Int, distanceToStart: Float, speed v: Float, desired: Float, _ a: Float,
    _ room: Float
  ) -> (Float, Float) {
    var (a, room) = stopBefore(
      distanceToStart + vehicles.clearance[vehicle], speed: v, a, room)
    let rear = vehicles.divergeRear[vehicle]
    if rear < .infinity {
      let gap = distanceToStart + rear
      a = min(
        a,
        model.acceleration(
          speed: v, desired: desired, gap: gap, leaderSpeed: vehicles.divergeSpeed[vehicle]))
      room = min(room, max(0, gap - Rule.touch))
    }
    return (a, room)
  }

  /// The ballistic update with the stop inside the step (Treiber and Kanagaraj 2015, Physica A 419),
  /// held to the room that is certainly free.
  @inline(__always) func move(
    _ v: Float, _ a: Float, _ room: Float, _ step: Float, _ scratch: ChunkScratch
  ) -> (moved: Float, speed: Float) {
    let braked = max(a, -Rule.hardestBraking)
    var speed = v + braked * step
    var moved: Float
    if speed < 0 {
      moved = v * v / (-2 * braked)
      speed = 0
    } else {
      moved = (v + speed) * 0.5 * step
    }
    if moved > room {
      moved = room
      speed = min(speed, room / step)
      if v - speed > (Rule.hardestBraking + 0.5) * step { scratch.counters[0].hardBrakings += 1 }
    }
    return (moved, speed)
  }

  func aheadOfRoadLane(_ lane: Int, head s: Int, isGranted: Bool) -> Ahead {
    var ahead = Ahead()
    let end = lanes.length[lane]
    let v = slots.speed[s]
    let connector = slots.next[s]
    guard connector >= 0, isGranted else {
      // Who has just left may still have its tail here.
      if lanes.trailVehicle[lane] >= 0 {
        ahead.rear = lanes.trailRear[lane]
        ahead.speed = v
      }
      return ahead
    }
    guard end - slots.position[s] < 40 + v * 6 else { return ahead }
    let tail = lanes.tailRear[connector]
    if tail < .infinity {
      ahead.rear = end + tail
      ahead.speed = lanes.tailSpeed[connector]
      return ahead
    }
    let c = Int(connector) - topology.roadLanes
    lookBeyond(
      &ahead, s, lane: Int(topology.connectorTo[c]), start: end + lanes.length[connector])
    return ahead
  }

  private func aheadOfConnector(_ lane: Int) -> Ahead {
    var ahead = Ahead()
    let to = topology.connectorTo[lane - topology.roadLanes]
    let s = Int(lanes.base[lane])
    lookBeyond(&ahead, s, lane: Int(to), start: lanes.length[lane])
    // A tail over the end that is not seen beyond is that of who has gone onto the side list.
    if lanes.trailVehicle[lane] >= 0, lanes.trailRear[lane] < ahead.rear - 0.1 {
      ahead.rear = lanes.trailRear[lane]
      ahead.speed = 0
    }
    return ahead
  }

  /// The last vehicle of the lane beyond the junction, a shut gate there, or that lane's end: nobody
  /// holds a grant for the next junction before being on its approach.
  @inline(__always) private func lookBeyond(
    _ ahead: inout Ahead, _ s: Int, lane: Int, start: Float
  ) {
    if slots.privileges[s] & SlotPrivilege.ontoSide != 0 {
      return lookBeside(&ahead, lane: lane, start: start)
    }
    let tail = lanes.tailRear[lane]
    if lanes.firstObstacle[lane] >= 0 {
      let gate = gateForEntrants(lane)
      if gate < tail {
        ahead.rear = start + gate
        return
      }
    }
    if tail < .infinity {
      ahead.rear = start + tail
      ahead.speed = lanes.tailSpeed[lane]
    } else {
      ahead.limit = start + lanes.length[lane]
    }
  }
}
