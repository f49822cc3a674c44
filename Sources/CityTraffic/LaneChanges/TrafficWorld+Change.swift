import CityBase
import CitySimulation

/// Phase 3, change: tails are brought up to date and vehicles change lanes.
///
/// A worker writes the lanes of its own chunk and the tails it publishes for them; all lanes of a
/// link lie in one chunk. Links go one after the other, lanes from the kerb, vehicles front to back,
/// so that a gap has one winner.
extension TrafficWorld {
  func change(chunk: Int, moment: Moment) {
    let scratch = chunks[chunk]
    rouseAtLights(scratch, at: moment.signalTime)
    scratch.counters[0].hasNewLanes = false
    scratch.listLanes()
    // Wishes are looked at every fourth tick, each driver's in a tick of his own.
    let turn = UInt8(truncatingIfNeeded: (4 - moment.tick & 3) & 3) << 6
    let looked = MayChange.always | MayChange.turn(turn)
    let step = moment.stepSeconds
    let active = scratch.lanes.elements
    let ahead = scratch.lanes.elements(andBehind: 2 * Prefetch.turns)
    let roads = scratch.activeRoadLanes
    var due = scratch.picked.reserve(roads)
    for i in 0..<active.count {
      let lane = Int(active[i])
      let record = lanes[lane]
      askForTail(ahead, i)
      moveTrail(lane, record, scratch)
      publishTail(record, step: step)
      if i < roads {
        due.pointee = active[i]
        due += bit(record.pointee.mayChange & looked != 0) | bit(record.pointee.firstObstacle >= 0)
      }
    }
    scratch.picked.grew(to: due)
    // Link by link: nobody looks at the tails of his own one, nor at those of another.
    var last = -1
    for lane in scratch.picked.elements {
      let link = Int(topology.laneLink[lane])
      let range = topology.lanes(ofLink: link)
      if link == last || range.count < 2 { continue }
      last = link
      let changed = changeLanes(of: range, turn: turn, looked: looked)
      if changed == 0 { continue }
      scratch.counters[0].laneChanges += changed
      for lane in range { publishTail(lanes[lane], step: step) }
    }
    scratch.picked.removeAll()
    // Somebody has come into an empty lane, or one that was asleep.
    if scratch.counters[0].hasNewLanes { scratch.listLanes() }
    if side.isInUse[0] != 0 {
      if useSideLists(scratch) { scratch.listLanes() }
      for lane in scratch.lanes.elements { publishTail(lanes[Int(lane)], step: step) }
    }
  }

  /// Asks for the record of a lane that comes later, and for the first and last slot of an earlier one.
  @inline(__always) private func askForTail(_ ahead: UnsafeMutableBufferPointer<Int32>, _ i: Int) {
    Prefetch.ask(lanes[Int(ahead[i + 2 * Prefetch.turns])])
    let record = lanes[Int(ahead[i + Prefetch.turns])]
    let first = slots[Int(record.pointee.base)]
    Prefetch.ask(first)
    Prefetch.ask(first + Int(max(1, record.pointee.count) &- 1))
  }

  /// Moves the tail that lies over the end of a lane on by what its vehicle drove in the last tick;
  /// a lane without tail and vehicles is no longer active.
  @inline(__always) private func moveTrail(
    _ lane: Int, _ record: UnsafeMutablePointer<Lane>, _ scratch: ChunkScratch
  ) {
    let vehicle = record.pointee.trailVehicle
    if vehicle >= 0 {
      let rear = record.pointee.trailRear + vehicles.displacement[vehicle]
      record.pointee.trailRear = rear
      if rear >= record.pointee.length - 0.01 { record.pointee.trailVehicle = -1 }
    } else if record.pointee.count == 0 {
      scratch.active.remove(lane)
      record.pointee.tailRear = .infinity
    }
  }

  @inline(__always) private func publishTail(_ record: UnsafeMutablePointer<Lane>, step: Float) {
    let n = record.pointee.count
    if n > 0 {
      let last = slots[Int(record.pointee.base &+ n &- 1)]
      let length = slots.length.ofDriver[Int(last.pointee.driver)]
      record.pointee.tailRear = last.pointee.position - length
      record.pointee.tailSpeed = last.pointee.speed
    } else if record.pointee.trailVehicle >= 0 {
      record.pointee.tailRear = record.pointee.trailRear
      record.pointee.tailSpeed = min(
        vehicles.displacement[record.pointee.trailVehicle] / step, 60)
    } else {
      record.pointee.tailRear = .infinity
    }
  }

  /// m; nearer than this to the end of their lane drivers stay in it, unless they must change.
  static let lastWish: Float = 30

  private func changeLanes(of range: Range<Int>, turn: UInt8, looked: UInt8) -> Int {
    var changes = 0
    for lane in range {
      let hasObstacle = lanes.firstObstacle[lane] >= 0
      if lanes.mayChange[lane] & looked == 0 && !hasObstacle { continue }
      var i = Int(lanes.granted[lane])
      let first = Int(lanes.base[lane])
      while i < Int(lanes.count[lane]) {
        let flags = slots.flags[first + i]
        if hasObstacle, flags & SlotFlag.changed == 0,
          changePastWall(first + i, index: i, lane: lane, range: range)
        {
          changes += 1
        } else if flags & (SlotFlag.changed | SlotFlag.misplaced) == 0
          && flags & SlotFlag.turn != turn
        {
          i += 1
        } else if flags & SlotFlag.changed != 0 {
          slots.flags[first + i] = flags & ~SlotFlag.changed
          i += 1
        } else if tryChange(
          first + i, index: i, lane: lane, range: range, isItsTurn: flags & SlotFlag.turn == turn)
        {
          changes += 1
        } else {
          i += 1
        }
      }
    }
    return changes
  }

  /// Lets one vehicle change if it must or wants to; true where it has left this slot.
  private func tryChange(
    _ s: Int, index: Int, lane: Int, range: Range<Int>, isItsTurn: Bool
  ) -> Bool {
    if slots.flags[s] & SlotFlag.misplaced != 0, let need = need(of: s, in: lane) {
      guard range.contains(need.target) else { return false }
      if need.urgency < LaneChange.pressing && !isItsTurn { return false }
      return changeByNeed(s, index: index, lane: lane, need)
    }
    guard isItsTurn, lanes.length[lane] - slots.position[s] > Self.lastWish,
      slots.leaveAt[s] == .infinity
    else { return false }
    return changeByWish(s, index: index, lane: lane, range: range)
  }

  /// Puts a copy of a slot at a place of a lane, before those behind it there; gives its slot.
  func copy(_ s: Int, to place: Int, of lane: Int) -> Int {
    rouse(lane)
    let first = Int(lanes.base[lane])
    var t = first + Int(lanes.count[lane])
    while t > first + place {
      slots.copy(t - 1, to: t)
      t -= 1
    }
    slots.copy(s, to: t)
    lanes.count[lane] += 1
    return t
  }

  /// Closes the slot of a vehicle that has gone beside its lane.
  func takeOut(_ s: Int, of lane: Int) {
    let last = Int(lanes.base[lane]) + Int(lanes.count[lane]) - 1
    var i = s
    while i < last {
      slots.copy(i + 1, to: i)
      i += 1
    }
    lanes.count[lane] -= 1
    wake(lane)
  }

  /// Moves a vehicle from its slot to a place of the neighbouring lane.
  func shift(_ s: Int, index: Int, from lane: Int, to target: Int, place: Int) {
    let t = copy(s, to: place, of: target)
    if lanes.count[target] == 1 {
      markActive(target)
      chunks[Int(layout.chunkOfLane[target])].counters[0].hasNewLanes = true
    }
    takeOut(s, of: lane)
    slots.flags[t] = SlotFlag.changed
    slots.stoodFrom[t] = now
    settle(t, lane: target)
  }
}
