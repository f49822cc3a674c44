import CitySimulation

/// Phases 5 and 6, plan and commit: every lane moves its vehicles, front to back.
///
/// A worker writes the slots of its own lanes, their measures, and the displacement of the vehicles
/// on them. Of other lanes it reads only the tails published before, and of junctions the clearances
/// written when grants were given, so that planning and committing can be one walk over the slots.
extension TrafficWorld {
  func advance(chunk: Int, moment: Moment) {
    let scratch = chunks[chunk]
    scratch.leavers.removeAll()
    let probe = detectors
    if probe.isOn { seeBefore(chunk: chunk, probe) }
    if !scratch.sideLinks.isEmpty { advanceSideLists(scratch, moment) }
    let active = scratch.lanes.elements
    let roads = scratch.activeRoadLanes
    for lane in active[..<roads] where lanes.count[lane] > 0 {
      advanceRoadLane(Int(lane), moment, scratch: scratch)
    }
    for lane in active[roads...] where lanes.count[lane] > 0 {
      advanceConnector(Int(lane), moment, scratch: scratch)
    }
  }

  private func advanceRoadLane(_ lane: Int, _ moment: Moment, scratch: ChunkScratch) {
    let step = moment.stepSeconds
    let record = lanes[lane]
    let first = Int(record.pointee.base)
    let n = Int(record.pointee.count)
    let end = record.pointee.length
    var granted = Int(record.pointee.granted)
    let head = slots[first]
    var ahead = aheadOfRoadLane(record, head, isGranted: granted > 0)
    let yieldRear = record.pointee.yieldRear
    let stretches = record.pointee.firstObstacle < 0 ? 0..<0 : stretches(of: lane)
    if !stretches.isEmpty { markBlocked(stretches) }
    let keepsToKerb = record.pointee.speedLimit >= LaneChange.kerbRuleSpeed
    var mayChange: UInt8 = 0
    var metres: Float = 0
    var kept = 0
    let grantedBefore = granted
    for i in 0..<n {
      let s = first + i
      let slot = head + i
      let x = slot.pointee.position
      let v = slot.pointee.speed
      let length = slot.pointee.length
      let desired = slot.pointee.desired
      let gap = ahead.rear - x
      if v == 0 && i >= grantedBefore && stretches.isEmpty
        && isHeld(s, behind: ahead, gap: gap, toEnd: end - x)
      {
        slot.pointee.flags &= ~(SlotFlag.yielding | SlotFlag.letsIn)
        ahead = Ahead(rear: x - length)
        if x < length + 0.5 { vehicles.displacement[slot.pointee.vehicle] = 0 }
        if kept != i { slots.copy(s, to: first + kept) }
        mayChange |= stand(head + kept, kept, end: end, keepsToKerb: keepsToKerb)
        kept &+= 1
        continue
      }
      var a = acceleration(s, speed: v, desired: desired, gap: gap, behind: ahead)
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
            let line = toEnd + standstillGap(s) - Rule.stopMargin
            a = min(a, acceleration(s, speed: v, desired: desired, gap: line, leaderSpeed: 0))
          }
          room = min(room, max(0, toEnd - Rule.touch))
        }
      } else if leave == .infinity {
        (a, room) = obeyJunction(
          s, vehicle, distanceToStart: toEnd, speed: v, desired: desired, a, room)
        if i == 0 {
          (a, room) = stopBefore(
            ahead.limit - x, speed: v, a, room, from: model.comfortableBraking)
        }
      }
      if !stretches.isEmpty { (a, room) = obeyStretches(stretches, index: i, s, a, room) }
      if slot.pointee.flags & SlotFlag.yielding != 0 {
        let stops = slot.pointee.flags & SlotFlag.letsIn != 0
        let a2 = acceleration(
          s, speed: v, desired: desired, gap: yieldRear - x, leaderSpeed: stops ? 0 : v)
        a = min(a, max(a2, -model.comfortableBraking))
        slot.pointee.flags &= ~(SlotFlag.yielding | SlotFlag.letsIn)
      }
      if table.isImperfect { a = dawdled(a, s, speed: v, moment) }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - length
      ahead.speed = v
      ahead.moved = moved
      if !table.isUniform { ahead.acceleration = (speed - v) / step }
      if i < grantedBefore || x < length + 0.5 { vehicles.displacement[vehicle] = moved }
      let to = x + moved
      if to >= leave {
        vehicles.displacement[vehicle] = Rule.gone
        scratch.leavers.append(
          leaver(s, from: lane, through: -1, to: -1, position: to, speed: speed, moved: moved))
        if i < grantedBefore { granted &-= 1 }
        continue
      }
      if i < grantedBefore && to >= end && leave == .infinity {
        leaveRoadLane(s, lane: lane, position: to - end, speed: speed, moved: moved, scratch)
        granted &-= 1
        continue
      }
      if kept != i { slots.copy(s, to: first + kept) }
      let place = head + kept
      Self.settle(place, at: to, speed: speed)
      if i >= grantedBefore {
        mayChange |= wishes(place, kept, end: end, keepsToKerb: keepsToKerb)
      }
      kept &+= 1
    }
    // Another one may be the next to ask.
    if kept < n { record.pointee.sleeps = 0 }
    record.pointee.count = Int32(truncatingIfNeeded: kept)
    record.pointee.granted = Int32(truncatingIfNeeded: granted)
    if granted < kept && record.pointee.asks == 0 {
      let next = head + granted
      let v = next.pointee.speed
      if end - next.pointee.position < stopZone(v) + v * step { record.pointee.asks = 1 }
    }
    record.pointee.yieldRear = .infinity
    record.pointee.mayChange = mayChange
    lanes.vehicleTicks[lane] += Int64(n)
    lanes.metres[lane] += Double(metres)
  }

  /// Whether a vehicle at standstill, without a grant and with no obstacle on its lane, stays where
  /// it is, whatever else there is: not farther behind one who stands than drivers do, or not farther
  /// from the line than they stop. From v = 0 no model accelerates there (IDM by a (1 - (s0 / s)²)),
  /// and all else only brakes.
  @inline(__always) private func isHeld(
    _ s: Int, behind ahead: Ahead, gap: Float, toEnd: Float
  ) -> Bool {
    let leave = slots.leaveAt[s]
    guard slots.position[s] < leave else { return false }
    return gap <= standstillGap(s) && ahead.speed == 0 && ahead.moved == 0
      || toEnd <= Rule.stopMargin && leave == .infinity
  }

  /// One more tick at standstill; gives the vehicle's `MayChange`.
  @inline(__always) private func stand(
    _ slot: UnsafeMutablePointer<Slot>, _ index: Int, end: Float, keepsToKerb: Bool
  ) -> UInt8 {
    let stood = slot.pointee.standing
    slot.pointee.standing = stood == .max ? stood : stood + 1
    return wishes(slot, index, end: end, keepsToKerb: keepsToKerb)
  }

  /// The `MayChange` of a vehicle, by its index in the lane.
  @inline(__always) private func wishes(
    _ slot: UnsafeMutablePointer<Slot>, _ index: Int, end: Float, keepsToKerb: Bool
  ) -> UInt8 {
    let flags = slot.pointee.flags
    if flags & (SlotFlag.misplaced | SlotFlag.changed) != 0 { return MayChange.always }
    guard index > 0 || keepsToKerb, end - slot.pointee.position > Self.lastWish,
      slot.pointee.leaveAt == .infinity
    else { return 0 }
    return MayChange.turn(flags)
  }

  private func advanceConnector(_ lane: Int, _ moment: Moment, scratch: ChunkScratch) {
    let step = moment.stepSeconds
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
      var a = acceleration(s, speed: v, desired: desired, gap: gap, behind: ahead)
      var room = max(0, gap + ahead.moved - Rule.touch)
      let vehicle = Int(slot.pointee.vehicle)
      (a, room) = obeyJunction(
        s, vehicle, distanceToStart: -x, speed: v, desired: desired, a, room)
      if i == 0 {
        (a, room) = stopBefore(
          ahead.limit - x, speed: v, a, room, from: model.comfortableBraking)
      }
      if table.isImperfect { a = dawdled(a, s, speed: v, moment) }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - slot.pointee.length
      ahead.speed = v
      ahead.moved = moved
      if !table.isUniform { ahead.acceleration = (speed - v) / step }
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
      Self.settle(place, at: to, speed: speed)
      kept &+= 1
    }
    lanes.count[lane] = Int32(truncatingIfNeeded: kept)
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
      beside: slots.privileges[s] & (SlotPrivilege.ontoSide | SlotPrivilege.fromSide),
      driver: slots.driver[s])
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
    // Not above 0 where the driver is slower already.
    let needed = (v * v - target * target) / (2 * max(distance, 0.5))
    return needed > Rule.anticipation ? -needed : .infinity
  }

  /// A standing limit that is approached with the needed deceleration once that is noticeable, in m/s².
  @inline(__always) func stopBefore(
    _ distance: Float, speed v: Float, _ a: Float, _ room: Float, from noticeable: Float
  ) -> (Float, Float) {
    if distance == .infinity { return (a, room) }
    let left = max(0, distance - Rule.touch)
    var a = a
    let needed = v * v / (2 * max(left - 0.5, 0.3))
    if needed > noticeable { a = min(a, -needed) }
    return (a, min(room, left))
  }

  /// What the junction has told a granted vehicle: how far it may go, and whom to follow.
  @inline(__always) func obeyJunction(
    _ s: Int, _ vehicle: Int, distanceToStart: Float, speed v: Float, desired: Float, _ a: Float,
    _ room: Float
  ) -> (Float, Float) {
    let told = vehicles[vehicle]
    var (a, room) = stopBefore(
      distanceToStart + told.pointee.clearance, speed: v, a, room, from: Rule.clearanceBraking)
    let rear = told.pointee.divergeRear
    if rear < .infinity {
      let gap = distanceToStart + rear
      a = min(
        a,
        acceleration(
          s, speed: v, desired: desired, gap: gap, leaderSpeed: told.pointee.divergeSpeed))
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

  /// Where a vehicle is after the tick, and for how many ticks it has stood.
  @inline(__always) private static func settle(
    _ place: UnsafeMutablePointer<Slot>, at position: Float, speed: Float
  ) {
    place.pointee.position = position
    place.pointee.speed = speed
    let stood = place.pointee.standing
    place.pointee.standing = speed < Rule.standing ? (stood == .max ? stood : stood + 1) : 0
  }
}
