import CityBase

/// Phase 3, change: tails are brought up to date and vehicles change lanes.
///
/// A worker writes the lanes of its own chunk and the tails it publishes for them; all lanes of a
/// link lie in one chunk. Links go one after the other, lanes from the kerb, vehicles front to back,
/// so that a gap has one winner.
extension TrafficWorld {
  func change(chunk: Int, tick: Tick, step: Float) {
    let scratch = chunks[chunk]
    scratch.listLanes()
    for lane in scratch.lanes.elements { moveTrail(Int(lane), scratch) }
    // Wishes are looked at every fourth tick, each driver's in a tick of his own.
    let turn = UInt8(truncatingIfNeeded: (4 - tick & 3) & 3) << 6
    let looked = MayChange.always | MayChange.turn(turn)
    var link: Int32 = -1
    var changes = 0
    for lane in scratch.lanes.elements[..<scratch.activeRoadLanes]
    where lanes.mayChange[lane] & looked != 0 || lanes.firstObstacle[lane] >= 0 {
      let its = topology.laneLink[lane]
      if its == link { continue }
      link = its
      let range = topology.lanes(ofLink: Int(its))
      if range.count > 1 { changes += changeLanes(of: range, turn: turn, looked: looked) }
    }
    if changes > 0 {
      scratch.counters[0].laneChanges += changes
      if scratch.counters[0].hasNewLanes {
        scratch.counters[0].hasNewLanes = false
        scratch.listLanes()
      }
    }
    if side.isInUse[0] != 0, useSideLists(scratch) { scratch.listLanes() }
    for lane in scratch.lanes.elements { publishTail(Int(lane), step: step) }
  }

  /// Moves the tail that lies over the end of a lane on by what its vehicle drove in the last tick;
  /// a lane without tail and vehicles falls asleep.
  private func moveTrail(_ lane: Int, _ scratch: ChunkScratch) {
    let vehicle = lanes.trailVehicle[lane]
    if vehicle >= 0 {
      let rear = lanes.trailRear[lane] + vehicles.displacement[vehicle]
      lanes.trailRear[lane] = rear
      if rear >= lanes.length[lane] - 0.01 { lanes.trailVehicle[lane] = -1 }
    } else if lanes.count[lane] == 0 {
      scratch.active.remove(lane)
      lanes.tailRear[lane] = .infinity
    }
  }

  private func publishTail(_ lane: Int, step: Float) {
    let n = lanes.count[lane]
    if n > 0 {
      let s = Int(lanes.base[lane] + n - 1)
      lanes.tailRear[lane] = slots.position[s] - slots.length[s]
      lanes.tailSpeed[lane] = slots.speed[s]
    } else if lanes.trailVehicle[lane] >= 0 {
      let vehicle = lanes.trailVehicle[lane]
      lanes.tailRear[lane] = lanes.trailRear[lane]
      lanes.tailSpeed[lane] = min(vehicles.displacement[vehicle] / step, 60)
    } else {
      lanes.tailRear[lane] = .infinity
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

  /// Moves a vehicle from its slot to a place of the neighbouring lane.
  func shift(_ s: Int, index: Int, from lane: Int, to target: Int, place: Int) {
    let t = copy(s, to: place, of: target)
    if lanes.count[target] == 1 {
      markActive(target)
      chunks[Int(layout.chunkOfLane[target])].counters[0].hasNewLanes = true
    }
    let last = Int(lanes.base[lane]) + Int(lanes.count[lane]) - 1
    var i = s
    while i < last {
      slots.copy(i + 1, to: i)
      i += 1
    }
    lanes.count[lane] -= 1
    wake(lane)
    slots.flags[t] = SlotFlag.changed
    slots.standing[t] = 0
    settle(t, lane: target)
  }
}
