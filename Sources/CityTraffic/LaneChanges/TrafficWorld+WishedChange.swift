/// Part of phase 3: changes that drivers make to get on better, and what changes do to others.
extension TrafficWorld {
  /// Changes where that pays most: see `LaneChange`.
  func changeByWish(_ s: Int, index: Int, lane: Int, range: Range<Int>) -> Bool {
    let keepsToKerb = lanes.speedLimit[lane] >= LaneChange.kerbRuleSpeed
    // Whom nobody is before has no wish but for the rule of the road.
    if index == 0 && !keepsToKerb { return false }
    // In the only lane that leads on nobody has one, unless the lane is long enough to come back.
    if slots.laneLow[s] == slots.laneHigh[s], slots.flags[s] & SlotFlag.misplaced == 0,
      lanes.length[lane] <= LaneChange.horizon
    {
      return false
    }
    let now = accelerationNow(s, index: index)
    // Nothing to win worth the search.
    if now > 0.8 * maximumAcceleration(s) { return false }
    let left = (lanes.length[lane] - slots.position[s]) * LaneChange.pace(lanes.speedLimit[lane])
    let isFarFromEnd = left > LaneChange.horizon
    let oldFollower = effectOnOldFollower(s, index: index, lane: lane)
    var best = -1
    var bestGain: Float = 0
    var bestPlace = 0
    for target in [lane + 1, lane - 1] where range.contains(target) {
      let number = target - range.lowerBound
      // Nobody leaves a lane that his way needs, unless it is long enough to come back.
      guard isOpen(target, to: Int(slots.vehicle[s])),
        isFarFromEnd || number >= Int(slots.laneLow[s]) && number <= Int(slots.laneHigh[s])
      else { continue }
      let place = placeIn(target, for: s)
      guard
        isFree(place, in: target, for: s, from: lane, braking: Rule.safeBraking, headway: 0.6)
      else { continue }
      let bias = keepsToKerb ? (target < lane ? LaneChange.kerbBias : -LaneChange.kerbBias) : 0
      let gain = LaneChange.incentive(
        own: LaneChange.Effect(now: now, then: accelerationBehind(place, in: target, s)),
        newFollower: effectOnFollower(place, in: target, s), oldFollower: oldFollower, bias: bias)
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

  /// Whether a road lane is open to a vehicle.
  @inline(__always) func isOpen(_ lane: Int, to vehicle: Int) -> Bool {
    if !reserved.isInUse { return true }
    let link = Int(topology.laneLink[lane])
    return reserved.isOpen(
      lane - Int(topology.linkFirstLane[link]), of: link, to: vehicles.vehicleClass[vehicle])
  }

  // MARK: - Accelerations

  @inline(__always) private func acceleration(of s: Int, behind rear: Float, _ speed: Float)
    -> Float
  {
    acceleration(
      s, speed: slots.speed[s], desired: slots.desired[s], gap: rear - slots.position[s],
      leaderSpeed: speed)
  }

  @inline(__always) private func acceleration(of s: Int, behind leader: Int) -> Float {
    acceleration(of: s, behind: slots.position[leader] - slots.length[leader], slots.speed[leader])
  }

  /// The acceleration of a vehicle behind the one before it in its lane.
  func accelerationNow(_ s: Int, index: Int) -> Float {
    index > 0 ? acceleration(of: s, behind: s - 1) : acceleration(of: s, behind: .infinity, 0)
  }

  /// The acceleration that the vehicle of a slot would have at a place of a lane.
  func accelerationBehind(_ place: Int, in target: Int, _ s: Int) -> Float {
    let (rear, speed) = leaderOf(place, in: target)
    return acceleration(of: s, behind: rear, speed)
  }

  /// What a change to a place does to who would be the follower there; nil where nobody would.
  func effectOnFollower(_ place: Int, in target: Int, _ s: Int) -> LaneChange.Effect? {
    guard place < Int(lanes.count[target]) else { return nil }
    let follower = Int(lanes.base[target]) + place
    let (rear, speed) = leaderOf(place, in: target)
    return LaneChange.Effect(
      now: acceleration(of: follower, behind: rear, speed),
      then: acceleration(of: follower, behind: s))
  }

  /// What it does to the follower that a vehicle leaves behind.
  private func effectOnOldFollower(_ s: Int, index: Int, lane: Int) -> LaneChange.Effect? {
    guard index + 1 < Int(lanes.count[lane]) else { return nil }
    let follower = s + 1
    let (rear, speed) = leaderOf(index, in: lane)
    return LaneChange.Effect(
      now: acceleration(of: follower, behind: s),
      then: acceleration(of: follower, behind: rear, speed))
  }
}
