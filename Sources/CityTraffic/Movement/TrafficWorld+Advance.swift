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
    if probesOn[ProbeKind.detectors] != 0 { seeBefore(chunk: chunk, detectors) }
    if !scratch.sideLinks.isEmpty { advanceSideLists(scratch, moment) }
    // Compiled twice: see `Drivers`.
    if table.isUniform {
      walk(scratch, moment, UniformDrivers(model: model))
    } else {
      walk(scratch, moment, MixedDrivers(table: table))
    }
  }

  private func walk<D: Drivers>(_ scratch: ChunkScratch, _ moment: Moment, _ drivers: D) {
    let active = scratch.lanes.elements
    let ahead = scratch.lanes.elements(andBehind: Prefetch.turns)
    let roads = scratch.activeRoadLanes
    let pace = Pace(
      step: moment.stepSeconds, tick: now, stopping: StopZone(model),
      isImperfect: !D.areAlike && table.isImperfect, mayRest: side.isInUse[0] == 0)
    let mayNotPick: Int32 = hasShortWalk ? 0 : 1
    var picked = scratch.picked.reserve(roads)
    var others = scratch.others.reserve(roads)
    for i in 0..<roads {
      // Both are written, and one is kept: there is nothing to guess.
      let isFree = bit(
        mayNotPick | whatKeepsFromDrivingFreely(Int(active[i]), pace.stopping) == 0)
      picked.pointee = active[i]
      picked += isFree
      others.pointee = active[i]
      others += 1 &- isFree
    }
    scratch.picked.grew(to: picked)
    scratch.others.grew(to: others)
    for lane in scratch.picked.elements {
      advanceFreely(Int(lane), pace, moment, scratch, drivers)
    }
    for lane in scratch.others.elements {
      let lane = Int(lane)
      if lanes.rests[lane] != LaneRest.awake && lanes.granted[lane] == 0 {
        rest(lane, scratch, tick: pace.tick)
      } else if lanes.count[lane] > 0 {
        advanceRoadLane(lane, pace, moment, scratch, drivers)
      }
    }
    scratch.picked.removeAll()
    scratch.others.removeAll()
    for i in roads..<active.count {
      let lane = Int(active[i])
      Prefetch.ask(lanes[Int(topology.connectorTo[Int(ahead[i &+ 1]) - topology.roadLanes])])
      if lanes.count[lane] > 0 { advanceConnector(lane, pace, moment, scratch, drivers) }
    }
  }

  /// What is the same for all lanes of a tick.
  struct Pace {
    let step: Float
    let tick: Int32
    let stopping: StopZone
    let isImperfect: Bool
    let mayRest: Bool
  }

  @inline(__always) private func advanceRoadLane<D: Drivers>(
    _ lane: Int, _ pace: Pace, _ moment: Moment, _ scratch: ChunkScratch, _ drivers: D
  ) {
    let record = lanes[lane]
    let step = pace.step
    let first = Int(record.pointee.base)
    let n = Int(record.pointee.count)
    let end = record.pointee.length
    let waitsBefore = topology.waitsBefore[lane]
    let grantedBefore = Int(record.pointee.granted)
    var granted = grantedBefore
    let head = slots[first]
    var ahead = aheadOfRoadLane(record, head, isGranted: granted > 0)
    let yieldRear = record.pointee.yieldRear
    let isClear = record.pointee.firstObstacle < 0
    let stretches = isClear ? 0..<0 : stretches(of: lane)
    if !isClear { markBlocked(stretches) }
    let keepsToKerb = record.pointee.speedLimit >= LaneChange.kerbRuleSpeed
    var mayChange: UInt8 = 0
    var isStill = true
    var heldFlags: UInt8 = 0
    var metres: Float = 0
    var place = head
    for i in 0..<n {
      let slot = head + i
      let x = slot.pointee.position
      let v = slot.pointee.speed
      let driver = slot.pointee.driver
      let length = slots.length.ofDriver[Int(driver)]
      let leave = slot.pointee.leaveAt
      let gap = ahead.rear - x
      let toEnd = end - x
      // At standstill, without a grant and with no obstacle on the lane, who is not farther behind one
      // who stands than drivers do, or from the line than they stop, stays, whatever else there is: no
      // model accelerates from there (IDM by a (1 - (s0 / s)²)), and all else only brakes.
      if v == 0 && i >= grantedBefore && isClear && x < leave
        && (gap <= drivers.standstillGap(driver) && ahead.speed == 0 && ahead.moved == 0
          || toEnd - waitsBefore <= Rule.stopMargin && leave == .infinity)
      {
        slot.pointee.flags &= ~(SlotFlag.yielding | SlotFlag.letsIn)
        ahead = Ahead(rear: x - length)
        if x < length + 0.5 { vehicles.displacement[slot.pointee.vehicle] = 0 }
        if place != slot { place.pointee = slot.pointee }
        heldFlags |= place.pointee.flags
        mayChange |= wishes(place, isHead: place == head, end: end, keepsToKerb: keepsToKerb)
        place += 1
        continue
      }
      isStill = false
      let desired = slot.pointee.desired
      let vehicle = Int(slot.pointee.vehicle)
      var a = drivers.acceleration(
        driver, speed: v, desired: desired, gap: gap, leaderSpeed: ahead.speed,
        leaderAcceleration: ahead.acceleration)
      var room = atLeast(0, gap + ahead.moved - Rule.touch)
      let exit = slot.pointee.exitSpeed
      if exit < v { a = atMost(a, anticipate(v, exit, toEnd)) }
      if leave < .infinity {
        a = atMost(a, anticipate(v, Rule.accessSpeed, leave - x))
      } else if i >= grantedBefore {
        var toLine = toEnd
        // Who would have to brake hard for the place to wait goes on to the line.
        if waitsBefore > 0 && v * v < 2 * Rule.safeBraking * (toEnd - waitsBefore) {
          toLine -= waitsBefore
        }
        if pace.stopping.contains(toLine, speed: v) {
          // A standing leader whose bumper keeps the driver a metre before the line.
          let line = toLine + drivers.standstillGap(driver) - Rule.stopMargin
          a = atMost(
            a,
            drivers.acceleration(
              driver, speed: v, desired: desired, gap: line, leaderSpeed: 0, leaderAcceleration: 0))
        }
        room = atMost(room, atLeast(0, toEnd - Rule.touch))
      } else {
        (a, room) = obeyJunction(
          slot, distanceToStart: toEnd, desired: desired, a, room, drivers)
        if i == 0 { (a, room) = stopBefore(ahead.limit - x, speed: v, a, room) }
      }
      if !isClear { (a, room) = obeyStretches(stretches, index: i, first + i, a, room) }
      if slot.pointee.flags & SlotFlag.yielding != 0 {
        let stops = slot.pointee.flags & SlotFlag.letsIn != 0
        let a2 = drivers.acceleration(
          driver, speed: v, desired: desired, gap: yieldRear - x, leaderSpeed: stops ? 0 : v,
          leaderAcceleration: 0)
        a = atMost(a, atLeast(-model.comfortableBraking, a2))
        slot.pointee.flags &= ~(SlotFlag.yielding | SlotFlag.letsIn)
      }
      if pace.isImperfect { a = dawdled(a, first + i, speed: v, moment) }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - length
      ahead.speed = v
      ahead.moved = moved
      if !D.areAlike { ahead.acceleration = (speed - v) / step }
      if i < grantedBefore || x < length + 0.5 { vehicles.displacement[vehicle] = moved }
      let to = x + moved
      if to >= leave {
        leaveTheRoad(first + i, lane: lane, position: to, speed: speed, moved: moved, scratch)
        if i < grantedBefore { granted &-= 1 }
        continue
      }
      if i < grantedBefore && to >= end && leave == .infinity {
        leaveRoadLane(
          first + i, lane: lane, position: to - end, speed: speed, moved: moved, scratch)
        granted &-= 1
        continue
      }
      if place != slot { place.pointee = slot.pointee }
      Self.settle(place, at: to, speed: speed, tick: pace.tick)
      if i >= grantedBefore {
        mayChange |= wishes(place, isHead: place == head, end: end, keepsToKerb: keepsToKerb)
      }
      place += 1
    }
    let kept = place - head
    // Another one may be the next to ask.
    if kept < n { askAnew(lane, record) }
    record.pointee.count = Int32(truncatingIfNeeded: kept)
    record.pointee.granted = Int32(truncatingIfNeeded: granted)
    if granted < kept && record.pointee.asks == 0 {
      let next = head + granted
      let v = next.pointee.speed
      let toWait = end - waitsBefore - next.pointee.position
      if pace.stopping.isNear(toWait, speed: v, way: v * step) { ask(lane, record) }
    }
    record.pointee.yieldRear = .infinity
    record.pointee.mayChange = mayChange
    let rests =
      isStill && pace.mayRest && heldFlags & SlotFlag.changed == 0
      && record.pointee.trailVehicle < 0 && head.pointee.next >= 0
    lanes.rests[lane] = rests ? LaneRest.resting : LaneRest.awake
    if rests { fallAsleep(lane, scratch, tick: pace.tick) }
    lanes.vehicleTicks[lane] &+= Int64(n)
    lanes.metres[lane] += Double(metres)
  }

  /// Lets the next vehicle of a lane ask for the junction: it may be near enough now.
  @inline(__always) func ask(_ lane: Int, _ record: UnsafeMutablePointer<Lane>) {
    record.pointee.asks = 1
    busy.ask(Int(topology.laneJunction[lane]))
  }

  /// Lets another one ask, where the one before him may have waited for a light.
  @inline(__always) private func askAnew(_ lane: Int, _ record: UnsafeMutablePointer<Lane>) {
    record.pointee.sleeps = 0
    if record.pointee.asks != 0 { busy.ask(Int(topology.laneJunction[lane])) }
  }

  /// The `MayChange` of a vehicle.
  @inline(__always) func wishes(
    _ slot: UnsafeMutablePointer<Slot>, isHead: Bool, end: Float, keepsToKerb: Bool
  ) -> UInt8 {
    let flags = slot.pointee.flags
    // One number, so that there is nothing to guess.
    let isFar: UInt8 = end - slot.pointee.position > Self.lastWish ? 1 : 0
    let goesOn: UInt8 = slot.pointee.leaveAt == .infinity ? 1 : 0
    let mayWish: UInt8 = isHead && !keepsToKerb ? 0 : 1
    let isLookedAt = flags & (SlotFlag.misplaced | SlotFlag.changed) != 0
    return isLookedAt ? MayChange.always : (isFar & goesOn & mayWish) &<< (flags >> 6)
  }

  @inline(__always) private func advanceConnector<D: Drivers>(
    _ lane: Int, _ pace: Pace, _ moment: Moment, _ scratch: ChunkScratch, _ drivers: D
  ) {
    let step = pace.step
    let record = lanes[lane]
    let first = Int(record.pointee.base)
    let n = Int(record.pointee.count)
    let end = record.pointee.length
    var ahead = aheadOfConnector(lane)
    var metres: Float = 0
    let head = slots[first]
    var place = head
    for i in 0..<n {
      let slot = head + i
      let x = slot.pointee.position
      let v = slot.pointee.speed
      let gap = ahead.rear - x
      var a = drivers.acceleration(
        slot.pointee.driver, speed: v, desired: slot.pointee.desired, gap: gap,
        leaderSpeed: ahead.speed, leaderAcceleration: ahead.acceleration)
      var room = atLeast(0, gap + ahead.moved - Rule.touch)
      let vehicle = Int(slot.pointee.vehicle)
      (a, room) = obeyJunction(
        slot, distanceToStart: -x, desired: slot.pointee.desired, a, room, drivers)
      if i == 0 { (a, room) = stopBefore(ahead.limit - x, speed: v, a, room) }
      if pace.isImperfect { a = dawdled(a, first + i, speed: v, moment) }
      let (moved, speed) = move(v, a, room, step, scratch)
      metres += moved
      ahead.rear = x - slots.length.ofDriver[Int(slot.pointee.driver)]
      ahead.speed = v
      ahead.moved = moved
      if !D.areAlike { ahead.acceleration = (speed - v) / step }
      vehicles.displacement[vehicle] = moved
      let to = x + moved
      if to >= end {
        leaveConnector(
          first + i, lane: lane, position: to - end, speed: speed, moved: moved, scratch)
        continue
      }
      if place != slot { place.pointee = slot.pointee }
      Self.settle(place, at: to, speed: speed, tick: pace.tick)
      place += 1
    }
    record.pointee.count = Int32(truncatingIfNeeded: place - head)
    lanes.vehicleTicks[lane] &+= Int64(n)
    lanes.metres[lane] += Double(metres)
  }

  @inline(never) private func leaveTheRoad(
    _ s: Int, lane: Int, position: Float, speed: Float, moved: Float, _ scratch: ChunkScratch
  ) {
    vehicles.displacement[slots.vehicle[s]] = Rule.gone
    scratch.leavers.append(
      leaver(
        s, from: lane, through: -1, to: -1, position: position, speed: speed, moved: moved))
  }

  @inline(never) private func leaveConnector(
    _ s: Int, lane: Int, position: Float, speed: Float, moved: Float, _ scratch: ChunkScratch
  ) {
    scratch.leavers.append(
      leaver(
        s, from: lane, through: -1, to: slots.next[s], position: position, speed: speed,
        moved: moved))
  }

  @inline(never) func leaveRoadLane(
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
}
