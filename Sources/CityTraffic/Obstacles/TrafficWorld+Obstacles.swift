/// What the phases of a tick ask about obstacles. Gates are set in phase 2 and stay as they are for
/// the rest of the tick, so that every phase may look at those of any lane.
extension TrafficWorld {
  /// The stretches of a lane, by place; empty for nearly all lanes.
  @inline(__always) func stretches(of lane: Int) -> Range<Int> {
    let first = Int(lanes.firstObstacle[lane])
    return first < 0 ? 0..<0 : stretches(of: lane, first: first)
  }

  @inline(never) private func stretches(of lane: Int, first: Int) -> Range<Int> {
    var end = first
    while end < obstacles.stretches.count, Int(obstacles.stretches[end].lane) == lane { end += 1 }
    return first..<end
  }

  /// The index in its lane of the first vehicle that has to stop before a stretch.
  func firstBlocked(_ stretch: Stretch) -> Int {
    if stretch.mayPass == Stretch.all { return .max }
    return placeIn(Int(stretch.lane), at: stretch.from) + Int(stretch.mayPass)
  }

  // MARK: - On a lane

  /// Notes for each stretch who has to stop before it, while the slots are still as they were.
  func markBlocked(_ range: Range<Int>) {
    for k in range {
      let first = firstBlocked(obstacles.stretches[k])
      obstacles.stretches.elements[k].firstBlocked = Int32(clamping: first)
    }
  }

  /// What the stretches of its lane leave a vehicle: it stops before a shut gate as behind a
  /// standing vehicle, and creeps for as long as any part of it is beside an obstacle.
  @inline(never) func obeyStretches(
    _ range: Range<Int>, index: Int, _ s: Int, _ a: Float, _ room: Float
  ) -> (Float, Float) {
    var (a, room) = (a, room)
    let x = slots.position[s]
    let v = slots.speed[s]
    let desired = slots.desired[s]
    for k in range {
      let stretch = obstacles.stretches[k]
      if index >= Int(stretch.firstBlocked) {
        let gap = stretch.from - x
        a = min(a, acceleration(s, speed: v, desired: desired, gap: gap, leaderSpeed: 0))
        room = min(room, max(0, gap - Rule.touch))
        break
      }
      if stretch.kind == .opposite { continue }
      if x <= stretch.from {
        a = min(a, anticipate(v, Rule.creepSpeed, stretch.from - x))
      } else if x - slots.length[s] < stretch.to {
        a = min(
          a,
          acceleration(
            s, speed: v, desired: min(desired, Rule.creepSpeed), gap: .infinity, leaderSpeed: 0))
      }
    }
    return (a, room)
  }

  /// Whether a vehicle of a lane, by its index, has a shut gate before it: it does not ask the
  /// junction beyond.
  @inline(never) func isHeldBack(_ index: Int, in lane: Int) -> Bool {
    let x = slots.position[Int(lanes.base[lane]) + index]
    for k in stretches(of: lane) {
      let stretch = obstacles.stretches[k]
      if stretch.from >= x && index >= firstBlocked(stretch) { return true }
    }
    return false
  }

  /// Whether the first vehicle of a lane stands before a shut gate and not at the junction.
  func isHeadHeldBack(_ lane: Int) -> Bool {
    lanes.firstObstacle[lane] >= 0 && lanes.count[lane] > 0 && isHeldBack(0, in: lane)
  }

  /// Where on a lane a vehicle leaves the road. Who wants to go to a place that an obstacle blocks
  /// stops behind it.
  func leaveOffset(of vehicle: Int, lane: Int, from x: Float) -> Float {
    let wanted = min(destinationOffset[vehicle], lanes.length[lane] - 0.5)
    if lanes.firstObstacle[lane] < 0 { return wanted }
    for k in stretches(of: lane) {
      let stretch = obstacles.stretches[k]
      let beyond: Float
      switch stretch.kind {
      case .narrowed, .opposite: continue
      case .wall: beyond = stretch.to + 10
      case .passage: beyond = stretch.from + 6
      }
      if x <= stretch.from && wanted > stretch.from - 3 && wanted < beyond {
        return max(0.5, stretch.from - 3)
      }
    }
    return wanted
  }

  /// Whether something blocks another lane of the link at its end, so that a driver who waits there
  /// to change to it would wait in vain.
  func isWayBackBlocked(_ lane: Int) -> Bool {
    for other in topology.lanes(ofLink: Int(topology.laneLink[lane])) where other != lane {
      for k in stretches(of: other) where obstacles.stretches[k].kind == .wall {
        if obstacles.stretches[k].to > lanes.length[other] - 30 { return true }
      }
    }
    return false
  }

  /// Where those who filter past the queue of a lane have to stop, infinite where they need not.
  @inline(__always) func gateBeside(_ lane: Int, from x: Float) -> Float {
    lanes.firstObstacle[lane] < 0 ? .infinity : nextGateBeside(lane, from: x)
  }

  @inline(never) private func nextGateBeside(_ lane: Int, from x: Float) -> Float {
    for k in stretches(of: lane) {
      let stretch = obstacles.stretches[k]
      if stretch.from >= x && stretch.flags & StretchFlag.letsSidePass == 0 { return stretch.from }
    }
    return .infinity
  }

  /// The links with a wall on every lane, ascending: nobody gets past.
  func walledLinks() -> [Int] {
    var walls: [(link: Int, lane: Int32)] = []
    for stretch in obstacles.stretches.elements where stretch.kind == .wall {
      // By lane, so that a lane's walls follow each other.
      if walls.last?.lane == stretch.lane { continue }
      walls.append((Int(topology.laneLink[stretch.lane]), stretch.lane))
    }
    var links: [Int] = []
    for wall in walls where links.last != wall.link {
      let lanes = walls.count { $0.link == wall.link }
      if lanes == topology.lanes(ofLink: wall.link).count { links.append(wall.link) }
    }
    return links
  }

  // MARK: - Into a lane

  /// Where those who come into a lane have to stop, infinite where they need not.
  @inline(never) func gateForEntrants(_ lane: Int) -> Float {
    for k in stretches(of: lane)
    where obstacles.stretches[k].flags & StretchFlag.letsEntrantsPass == 0 {
      return obstacles.stretches[k].from
    }
    return .infinity
  }

  /// Metres at the start of a lane that are free before its first shut gate once all who are on their
  /// way to it stand there, or nil where no gate is shut. Reads the lane's slots.
  @inline(never) func roomBeforeGate(_ lane: Int) -> Float? {
    for k in stretches(of: lane)
    where obstacles.stretches[k].flags & StretchFlag.takesEntrants == 0 {
      let first = Int(lanes.base[lane])
      var room = obstacles.stretches[k].from
      var i = placeIn(lane, at: room)
      while i < Int(lanes.count[lane]) {
        room -= slots.length[first + i] + model.standstillGap
        i += 1
      }
      return room
    }
    return nil
  }

  /// Where a vehicle that sets out at a place can pull onto the road: beyond an obstacle that stands
  /// there, else before it, else nowhere (nil).
  func departurePlace(_ lane: Int, _ wanted: Float, length: Float) -> Float? {
    if lanes.firstObstacle[lane] < 0 { return wanted }
    let margin: Float = 0.5
    func isOn(_ stretch: Stretch, _ x: Float) -> Bool {
      x > stretch.from - margin && x - length < stretch.to + margin
    }
    let range = stretches(of: lane)
    var x = wanted
    for k in range where isOn(obstacles.stretches[k], x) {
      let stretch = obstacles.stretches[k]
      if stretch.kind != .opposite {
        x = stretch.to + margin + length + 0.1
      } else if stretch.mayPass != Stretch.all {
        return nil
      }
    }
    if x <= lanes.length[lane] - 0.5 { return x }
    x = wanted
    for k in range.reversed() where isOn(obstacles.stretches[k], x) {
      x = obstacles.stretches[k].from - margin - 0.1
    }
    return x >= length + 0.1 ? x : nil
  }

  // MARK: - Beside a lane

  /// The next wall before a place of a lane that is passed on another lane.
  func wall(on lane: Int, from x: Float) -> Stretch? {
    for k in stretches(of: lane) {
      let stretch = obstacles.stretches[k]
      if stretch.kind == .wall && stretch.from >= x { return stretch }
    }
    return nil
  }

  /// Whether the obstacles of a lane let a vehicle of another one change to it: not beside one, not
  /// shortly before a shut gate, and not to a wall that is hardly farther than the one it leaves.
  @inline(never) func obstaclesLetIn(_ s: Int, from lane: Int, to target: Int) -> Bool {
    let x = slots.position[s]
    let rear = x - slots.length[s]
    for k in stretches(of: target) {
      let stretch = obstacles.stretches[k]
      if x > stretch.from - 1 && rear < stretch.to + 1 { return false }
      let distance = stretch.from - x
      if distance < 0 || stretch.kind == .narrowed { continue }
      if stretch.kind == .wall {
        if distance > Rule.passingLookAhead + 50 { continue }
        guard let own = wall(on: lane, from: x), stretch.from > own.to + 15 else { return false }
      } else if stretch.mayPass != Stretch.all && distance < 60 {
        return false
      }
    }
    return true
  }

  /// The rear and speed of who drives before a place of a lane, or of a shut gate that is nearer.
  @inline(__always) func leaderOrGate(_ place: Int, in target: Int, at x: Float)
    -> (rear: Float, speed: Float)
  {
    let leader = leaderOf(place, in: target)
    if lanes.firstObstacle[target] < 0 { return leader }
    let gate = gate(on: target, place: place, from: x)
    return gate < leader.rear ? (gate, 0) : leader
  }

  @inline(never) private func gate(on lane: Int, place: Int, from x: Float) -> Float {
    for k in stretches(of: lane) {
      let stretch = obstacles.stretches[k]
      if stretch.from >= x && place >= firstBlocked(stretch) { return stretch.from }
    }
    return .infinity
  }

  /// Lets a vehicle before a wall change to a lane that leads past it; true where it has left its
  /// slot. The nearer the wall the more it asks of those there, and who has stood for some seconds is
  /// let in by somebody who stops for it.
  @inline(never) func changePastWall(_ s: Int, index: Int, lane: Int, range: Range<Int>) -> Bool {
    let x = slots.position[s]
    guard let wall = wall(on: lane, from: x), slots.leaveAt[s] > wall.from else { return false }
    let distance = wall.from - x
    if distance > Rule.passingLookAhead { return false }
    // First towards the lanes from which the way goes on.
    let up = lane - range.lowerBound <= Int(slots.laneHigh[s])
    var target = up ? lane + 1 : lane - 1
    for _ in 0..<2 {
      if range.contains(target),
        lanes.firstObstacle[target] < 0 || obstaclesLetIn(s, from: lane, to: target)
      {
        let need = Need(target: target, urgency: LaneChange.urgency(distance, lanes: 1))
        if changeByNeed(s, index: index, lane: lane, need) { return true }
      }
      target = 2 * lane - target
    }
    return false
  }
}
