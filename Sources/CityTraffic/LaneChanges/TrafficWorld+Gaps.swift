/// Part of phase 3: places in a lane, and whether there is a gap for somebody of another one.
extension TrafficWorld {
  /// How many vehicles of a lane stand before the front bumper of a slot's vehicle.
  @inline(__always) func placeIn(_ target: Int, for s: Int) -> Int {
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

  /// Whether the vehicle at a place of a lane has come too far to stop behind a rear.
  func isBeside(_ place: Int, in target: Int, rear: Float) -> Bool {
    place < Int(lanes.count[target])
      && slots.position[Int(lanes.base[target]) + place] > rear - 1.2
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
    if acceleration(
      s, speed: v, desired: slots.desired[s], gap: front, leaderSpeed: leaderSpeed) < -braking
    {
      return false
    }
    var back = Float.infinity
    var speed: Float = 0
    var desired = slots.desired[s]
    var follower = s
    if place < Int(lanes.count[target]) {
      let f = Int(lanes.base[target]) + place
      follower = f
      back = rear - slots.position[f]
      speed = slots.speed[f]
      desired = slots.desired[f]
    } else if lanes.reservedCount[target] > 0, rear < Self.reachOfEntrants,
      let entrant = nextEntrant(of: target)
    {
      back = rear - entrant.front
      speed = entrant.speed
    } else {
      return true
    }
    if back < 0.5 + headway * speed { return false }
    return acceleration(follower, speed: speed, desired: desired, gap: back, leaderSpeed: v)
      >= -braking
  }

  /// m; beyond this way from the start of a lane nobody who is still on a connector is near.
  private static let reachOfEntrants: Float = 60

  /// The foremost of those who hold a grant on their way into a lane: where it is, in metres of the
  /// lane (below 0), and its speed. Grants are written in phase 4 and moves in phase 5 alone, so that
  /// any worker may look here.
  private func nextEntrant(of lane: Int) -> (front: Float, speed: Float)? {
    var next: (front: Float, speed: Float)?
    forEachConnector(into: lane) { c in
      let end = lanes.length[topology.roadLanes + c]
      let first = Int(grants.base[c])
      for g in first..<(first + Int(grants.count[c])) {
        let moved = vehicles.displacement[grants.vehicle[g]]
        let front = grants.rear[g] + moved + grants.length[g] - end
        if front < 0, front > next?.front ?? -.infinity {
          next = (front, moved / stepSeconds)
        }
      }
    }
    return next
  }
}
