import CityBase

/// Phase 3, change: tails are brought up to date and vehicles change lanes.
///
/// A worker writes the lanes of its own chunk and the tails it publishes for them; all lanes of a
/// link lie in one chunk. Links go one after the other, lanes from the kerb, vehicles front to back,
/// so that a gap has one winner.
extension TrafficWorld {
  func change(chunk: Int, tick: Tick, step: Float) {
    let scratch = chunks[chunk]
    scratch.active.list(into: scratch.lanes)
    for lane in scratch.lanes.elements { moveTrail(Int(lane), scratch) }
    var link: Int32 = -1
    var changes = 0
    for lane in scratch.lanes.elements {
      if lane >= topology.roadLanes { break }
      let its = topology.laneLink[lane]
      if its == link { continue }
      link = its
      let range = topology.lanes(ofLink: Int(its))
      if range.count > 1 { changes += changeLanes(of: range, tick: tick) }
    }
    if changes > 0 {
      scratch.counters[0].laneChanges += changes
      // A lane may have got its first vehicle.
      for lane in scratch.lanes.elements where lane < topology.roadLanes {
        let range = topology.lanes(ofLink: Int(topology.laneLink[lane]))
        for l in range where lanes.count[l] > 0 { scratch.active.insert(l) }
      }
      scratch.active.list(into: scratch.lanes)
    }
    if side.isInUse[0] != 0, useSideLists(scratch) { scratch.active.list(into: scratch.lanes) }
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

  private func changeLanes(of range: Range<Int>, tick: Tick) -> Int {
    var changes = 0
    // Wishes are looked at every fourth tick, each driver's in a tick of his own.
    let turn = UInt8(truncatingIfNeeded: (4 - tick & 3) & 3) << 6
    for lane in range {
      var i = Int(lanes.granted[lane])
      let first = Int(lanes.base[lane])
      let hasObstacle = lanes.firstObstacle[lane] >= 0
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
        } else if tryChange(first + i, index: i, lane: lane, range: range) {
          changes += 1
        } else {
          i += 1
        }
      }
    }
    return changes
  }

  /// Lets one vehicle change if it must or wants to; true where it has left this slot.
  private func tryChange(_ s: Int, index: Int, lane: Int, range: Range<Int>) -> Bool {
    let number = lane - range.lowerBound
    if slots.flags[s] & SlotFlag.misplaced == 0 {
      guard lanes.length[lane] - slots.position[s] > 30, slots.leaveAt[s] == .infinity else {
        return false
      }
      return changeByWish(s, index: index, lane: lane, range: range)
    }
    // Who arrives on this link moves to the kerb over the last 200 m.
    if slots.leaveAt[s] < .infinity && slots.leaveAt[s] - slots.position[s] > 200 { return false }
    let target = number < Int(slots.laneLow[s]) ? lane + 1 : lane - 1
    let toEnd = lanes.length[lane] - slots.position[s]
    return changeByNeed(s, index: index, lane: lane, to: target, toEnd: toEnd)
  }

  // MARK: - Mandatory changes

  /// A change that the route asks for. It grows urgent with the end of the lane: larger braking is
  /// imposed on the follower, who is also asked to make room.
  func changeByNeed(_ s: Int, index: Int, lane: Int, to target: Int, toEnd: Float) -> Bool {
    if lanes.firstObstacle[target] >= 0, !obstaclesLetIn(s, from: lane, to: target) {
      return false
    }
    let urgency = 1 - min(1, toEnd / 200)
    let braking = Rule.safeBraking * (1 + urgency)
    let place = placeIn(target, for: s)
    if isFree(place, in: target, for: s, from: lane, braking: braking, headway: 0.3) {
      shift(s, index: index, from: lane, to: target, place: place)
      return true
    }
    if toEnd < 150 || hasStood(s, seconds: 2) {
      let rear = slots.position[s] - slots.length[s]
      // Past a wall the lane goes on: who is beside goes on too, and the one behind is asked.
      let skips = lanes.firstObstacle[lane] >= 0 && isBeside(place, in: target, rear: rear)
      askForRoom(skips ? place + 1 : place, in: target, rear: rear)
      if hasStood(s, seconds: 5) { swapNeighbours(s, lane: lane, target: target, place: place) }
    }
    return false
  }

  /// Asks the follower on the target lane to make room, one a lane and tick.
  private func askForRoom(_ place: Int, in target: Int, rear: Float) {
    guard lanes.yieldRear[target] == .infinity, place < Int(lanes.count[target]),
      place >= Int(lanes.granted[target])
    else { return }
    lanes.yieldRear[target] = rear
    slots.flags[Int(lanes.base[target]) + place] |= SlotFlag.yielding
  }

  /// Two who stand side by side, each wanting the other's lane, trade places.
  private func swapNeighbours(_ s: Int, lane: Int, target: Int, place: Int) {
    let first = Int(lanes.base[target])
    let linkStart = Int(topology.linkFirstLane[topology.laneLink[lane]])
    for candidate in [place, place - 1]
    where candidate >= Int(lanes.granted[target]) && candidate < Int(lanes.count[target]) {
      let t = first + candidate
      let number = target - linkStart
      let wantsMine =
        lane < target ? number > Int(slots.laneHigh[t]) : number < Int(slots.laneLow[t])
      guard wantsMine, hasStood(t, seconds: 1), slots.leaveAt[t] == .infinity,
        abs(slots.position[t] - slots.position[s]) < 8, slots.length[t] == slots.length[s],
        // A tail on the connector behind goes by the vehicle, and must not change lanes.
        slots.position[s] > slots.length[s] + 1, slots.position[t] > slots.length[t] + 1,
        // Before a wall it would help neither.
        wall(on: lane, from: slots.position[s]) == nil,
        wall(on: target, from: slots.position[t]) == nil
      else { continue }
      let vehicle = slots.vehicle[s]
      slots.vehicle[s] = slots.vehicle[t]
      slots.vehicle[t] = vehicle
      settle(s, lane: lane)
      settle(t, lane: target)
      slots.standing[s] = 0
      slots.standing[t] = 0
      return
    }
  }

  // MARK: - Discretionary changes

  /// MOBIL (Kesting, Treiber, Helbing 2007, Transportation Research Record 1999): change where the
  /// own gain is larger than a threshold and a share of what the new follower loses.
  private func changeByWish(_ s: Int, index: Int, lane: Int, range: Range<Int>) -> Bool {
    let politeness: Float = 0.2
    let threshold: Float = 0.3
    let x = slots.position[s]
    let v = slots.speed[s]
    let desired = slots.desired[s]
    let now: Float
    if index > 0 {
      let leader = s - 1
      now = model.acceleration(
        speed: v, desired: desired, gap: slots.position[leader] - slots.length[leader] - x,
        leaderSpeed: slots.speed[leader])
    } else {
      return false
    }
    // Nothing to win worth the search.
    if now > 0.8 * 1.5 { return false }
    var best = -1
    var bestGain = threshold
    var bestPlace = 0
    for target in [lane + 1, lane - 1] where range.contains(target) {
      let number = target - range.lowerBound
      guard number >= Int(slots.laneLow[s]), number <= Int(slots.laneHigh[s]) else { continue }
      let place = placeIn(target, for: s)
      guard
        isFree(place, in: target, for: s, from: lane, braking: Rule.safeBraking, headway: 0.6)
      else { continue }
      let gain =
        accelerationBehind(place, in: target, s) - now
        - politeness * lossOfFollower(place, in: target, s)
      if gain > bestGain {
        bestGain = gain
        best = target
        bestPlace = place
      }
    }
    guard best >= 0 else { return false }
    shift(s, index: index, from: lane, to: best, place: bestPlace)
    return true
  }

  /// The acceleration that the vehicle of a slot would have at a place of a lane.
  private func accelerationBehind(_ place: Int, in target: Int, _ s: Int) -> Float {
    let (rear, speed) = leaderOf(place, in: target)
    return model.acceleration(
      speed: slots.speed[s], desired: slots.desired[s], gap: rear - slots.position[s],
      leaderSpeed: speed)
  }

  private func lossOfFollower(_ place: Int, in target: Int, _ s: Int) -> Float {
    guard place < Int(lanes.count[target]) else { return 0 }
    let f = Int(lanes.base[target]) + place
    let (rear, speed) = leaderOf(place, in: target)
    let before = model.acceleration(
      speed: slots.speed[f], desired: slots.desired[f], gap: rear - slots.position[f],
      leaderSpeed: speed)
    let after = model.acceleration(
      speed: slots.speed[f], desired: slots.desired[f],
      gap: slots.position[s] - slots.length[s] - slots.position[f], leaderSpeed: slots.speed[s])
    return max(0, before - after)
  }

  // MARK: - Places in a lane

  /// How many vehicles of a lane stand before the front bumper of a slot's vehicle.
  private func placeIn(_ target: Int, for s: Int) -> Int {
    placeIn(target, at: slots.position[s])
  }

  func placeIn(_ target: Int, at x: Float) -> Int {
    let first = Int(lanes.base[target])
    var low = 0
    var high = Int(lanes.count[target])
    while low < high {
      let middle = (low + high) / 2
      if slots.position[first + middle] > x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The rear and speed of who drives before a place of a lane.
  func leaderOf(_ place: Int, in target: Int) -> (rear: Float, speed: Float) {
    if place > 0 {
      let s = Int(lanes.base[target]) + place - 1
      return (slots.position[s] - slots.length[s], slots.speed[s])
    }
    if lanes.trailVehicle[target] >= 0 { return (lanes.trailRear[target], 0) }
    return (.infinity, 0)
  }

  /// Whether a slot's vehicle fits at a place of a lane: behind all who hold a grant, clear of the
  /// room promised to those on their way in (on short lanes, of the first part), with gaps of a time
  /// headway in seconds that nobody must brake harder for.
  func isFree(
    _ place: Int, in target: Int, for s: Int, from lane: Int, braking: Float, headway: Float
  ) -> Bool {
    let x = slots.position[s]
    let v = slots.speed[s]
    let rear = x - slots.length[s]
    guard place >= Int(lanes.granted[target]),
      lanes.count[target] + lanes.reservedCount[target] < lanes.capacity[target],
      rear >= min(lanes.reservedLength[target], lanes.length[target] * 0.4),
      lanes.firstObstacle[target] < 0 || obstaclesLetIn(s, from: lane, to: target)
    else { return false }
    let (leaderRear, leaderSpeed) = leaderOrGate(place, in: target, at: x)
    let front = leaderRear - x
    // Behind a faster leader the model alone would be content with the gap of a standstill.
    if front < 0.5 + headway * v { return false }
    if model.acceleration(
      speed: v, desired: slots.desired[s], gap: front, leaderSpeed: leaderSpeed) < -braking
    {
      return false
    }
    guard place < Int(lanes.count[target]) else { return true }
    let f = Int(lanes.base[target]) + place
    let back = rear - slots.position[f]
    if back < 0.5 + headway * slots.speed[f] { return false }
    return model.acceleration(
      speed: slots.speed[f], desired: slots.desired[f], gap: back, leaderSpeed: v) >= -braking
  }

  /// Moves a vehicle from its slot to a place of the neighbouring lane.
  private func shift(_ s: Int, index: Int, from lane: Int, to target: Int, place: Int) {
    let first = Int(lanes.base[target])
    var t = first + Int(lanes.count[target])
    while t > first + place {
      slots.copy(t - 1, to: t)
      t -= 1
    }
    slots.copy(s, to: t)
    lanes.count[target] += 1
    let last = Int(lanes.base[lane]) + Int(lanes.count[lane]) - 1
    var i = s
    while i < last {
      slots.copy(i + 1, to: i)
      i += 1
    }
    lanes.count[lane] -= 1
    lanes.asks[lane] = 1
    slots.flags[t] = SlotFlag.changed
    slots.standing[t] = 0
    settle(t, lane: target)
  }
}
