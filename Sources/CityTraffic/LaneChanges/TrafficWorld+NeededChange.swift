/// Part of phase 3: changes that the way asks for.
extension TrafficWorld {
  /// A change that a vehicle needs: into which lane first, and how urgently.
  struct Need {
    var target: Int
    /// 0 to 1.
    var urgency: Float
    /// Whether it is over where the driver leaves the road, who can do so from any lane.
    var isForArrival = false
  }

  /// What a vehicle needs that is not in a lane from which its way goes on, or nil while that is
  /// farther away than drivers look. Who arrives on this link wants to be at the kerb.
  func need(of s: Int, in lane: Int) -> Need? {
    let number = lane - Int(topology.linkFirstLane[topology.laneLink[lane]])
    let low = Int(slots.laneLow[s])
    let isArrival = slots.leaveAt[s] < .infinity
    let meters =
      isArrival
      ? slots.leaveAt[s] - slots.position[s]
      : lanes.length[lane] - slots.position[s] + Float(slots.leadsOn[s]) * Self.leadUnit
    let left = meters * LaneChange.pace(lanes.speedLimit[lane])
    if left > LaneChange.horizon { return nil }
    let crossed = number < low ? low - number : number - Int(slots.laneHigh[s])
    return Need(
      target: number < low ? lane + 1 : lane - 1,
      urgency: LaneChange.urgency(left, lanes: crossed), isForArrival: isArrival)
  }

  /// A change that the way asks for; true where the vehicle has left its slot. While there is time it
  /// is weighed like a wish, with a bias that grows; then the first gap is taken, at the price of
  /// more braking behind and shorter gaps the more urgent it is; at last others are asked for one.
  func changeByNeed(_ s: Int, index: Int, lane: Int, _ need: Need) -> Bool {
    let target = need.target
    if lanes.firstObstacle[target] >= 0, !obstaclesLetIn(s, from: lane, to: target) {
      return false
    }
    let place = placeIn(target, for: s)
    let isGap = isFree(
      place, in: target, for: s, from: lane, braking: Rule.safeBraking * (1 + need.urgency),
      headway: 0.6 - 0.3 * need.urgency)
    if isGap {
      guard need.urgency >= LaneChange.pressing || isWorth(need, s, index: index, place: place)
      else { return false }
      shift(s, index: index, from: lane, to: target, place: place)
      return true
    }
    if need.urgency >= LaneChange.asking || hasStood(s, seconds: 2) {
      askForGap(s, index: index, lane: lane, need, place: place)
      if hasStood(s, seconds: 5) { swapNeighbours(s, lane: lane, target: target, place: place) }
    }
    return false
  }

  /// Whether a change that can still be put off pays, or leads to the end of a queue, which is not to
  /// be passed by to push in further on.
  private func isWorth(_ need: Need, _ s: Int, index: Int, place: Int) -> Bool {
    let (rear, speed) = leaderOf(place, in: need.target)
    if speed < Rule.crawling && rear - slots.position[s] < LaneChange.horizon { return true }
    let own = LaneChange.Effect(
      now: accelerationNow(s, index: index), then: accelerationBehind(place, in: need.target, s))
    return LaneChange.incentive(
      own: own, newFollower: effectOnFollower(place, in: need.target, s), oldFollower: nil,
      bias: LaneChange.needBias * need.urgency) > 0
  }

  // MARK: - Cooperation

  /// Makes for a gap: the one behind it makes room, and at last the driver falls back behind the one
  /// before it, both with comfortable braking. Whoever is beside, or has been let into the junction,
  /// cannot make room and goes first. Who has waited for some seconds is let in by somebody who stops
  /// for it.
  private func askForGap(_ s: Int, index: Int, lane: Int, _ need: Need, place: Int) {
    let target = need.target
    let rear = slots.position[s] - slots.length[s]
    let behind = isBeside(place, in: target, rear: rear) ? place + 1 : place
    let isLetIn = hasStood(s, seconds: 3) && !need.isForArrival
    askForRoom(
      max(behind, Int(lanes.granted[target])), in: target, rear: rear, isLetIn: isLetIn)
    guard !need.isForArrival, isTimeToFallBack(s, in: lane, need), behind > 0,
      index >= Int(lanes.granted[lane]), lanes.yieldRear[lane] == .infinity
    else { return }
    let leader = Int(lanes.base[target]) + behind - 1
    let leaderRear = slots.position[leader] - slots.length[leader]
    // Behind a queue that stands there is nothing to fall back to.
    guard slots.speed[leader] > Rule.crawling,
      leaderRear - slots.position[s] < model.standstillGap + slots.speed[s] * model.timeHeadway
    else { return }
    rouse(lane)
    lanes.yieldRear[lane] = leaderRear
    slots.flags[s] |= SlotFlag.yielding
  }

  /// Whether a driver who has not found a gap should get behind the one before it: shortly before the
  /// change cannot be put off, and on fast roads as much before that as slowing down to the speed of
  /// streets takes at ease.
  @inline(__always) private func isTimeToFallBack(_ s: Int, in lane: Int, _ need: Need) -> Bool {
    if need.urgency >= LaneChange.fallingBack { return true }
    let v = slots.speed[s]
    guard v > LaneChange.streetSpeed else { return false }
    let left =
      lanes.length[lane] - slots.position[s] + Float(slots.leadsOn[s]) * Self.leadUnit
    let street = LaneChange.streetSpeed
    return left - (v * v - street * street) / (2 * Rule.anticipation) < LaneChange.easyDistance
  }

  /// Asks the follower on the target lane to make room, one a lane and tick.
  private func askForRoom(_ place: Int, in target: Int, rear: Float, isLetIn: Bool) {
    guard lanes.yieldRear[target] == .infinity, place < Int(lanes.count[target]) else { return }
    rouse(target)
    lanes.yieldRear[target] = rear
    slots.flags[Int(lanes.base[target]) + place] |=
      isLetIn ? SlotFlag.yielding | SlotFlag.letsIn : SlotFlag.yielding
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
      let driver = slots.driver[s]
      slots.driver[s] = slots.driver[t]
      slots.driver[t] = driver
      settle(s, lane: lane)
      settle(t, lane: target)
      slots.stoodFrom[s] = now
      slots.stoodFrom[t] = now
      return
    }
  }
}
