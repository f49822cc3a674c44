/// What there is to see at the gate before an obstacle.
struct GateView {
  /// Vehicles of the lane beyond the gate.
  var beyond = 0
  /// Whether any part of a vehicle is in the stretch.
  var isOccupied = false
  /// Whether somebody stands before it or will be there in a few seconds.
  var wants = false
  /// How many of the first before the gate cannot stop there any more.
  var mustPass: Int32 = 0
  /// Whether that goes for those on their way into the lane as well.
  var mustEnter = false
  /// Whether more are on their way into the lane than can stand before the gate.
  var overflows = false

  /// Whether somebody who filters past the queue cannot stop there any more.
  var sideMustPass = false

  var canBeShut: Bool { mustPass == 0 && !mustEnter && !sideMustPass }
  /// Whether the other direction can have the stretch.
  var isClear: Bool { !isOccupied && canBeShut }
}

/// Looking at the gates before obstacles, part of phase 2: who is in the stretch, who comes, and who
/// cannot stop any more.
extension TrafficWorld {
  func look(at k: Int) -> GateView {
    let stretch = obstacles.stretches[k]
    let lane = Int(stretch.lane)
    let first = Int(lanes.base[lane])
    var view = GateView(beyond: placeIn(lane, at: stretch.from))
    view.isOccupied = isOccupied(stretch)
    var filled: Float = 0
    var isFirstSeen = false
    var i = view.beyond
    while i < Int(lanes.count[lane]) {
      let s = first + i
      let distance = stretch.from - slots.position[s]
      if distance > 250 { break }
      if slots.leaveAt[s] > stretch.from {
        if !isFirstSeen { view.wants = distance < wantZone(slots.speed[s]) }
        isFirstSeen = true
        if isTooFast(slots.speed[s], toStop: distance) {
          view.mustPass = Int32(i - view.beyond + 1)
        }
      }
      filled += slots.length[s] + model.standstillGap
      i += 1
    }
    if stretch.from < 60 || lanes.reservedCount[lane] > 0 {
      lookAtEntrants(stretch, &view, filled: filled, isFirstSeen: isFirstSeen)
    }
    if !view.wants && stretch.from < 20 { view.wants = isWaitedForUpstream(lane) }
    if side.isInUse[0] != 0 { lookBeside(stretch, &view) }
    if view.mustEnter { view.mustPass = lanes.count[lane] - Int32(view.beyond) }
    return view
  }

  /// Takes in those who filter past the queue before a gate.
  private func lookBeside(_ stretch: Stretch, _ view: inout GateView) {
    let lane = Int(stretch.lane)
    let link = Int(topology.laneLink[lane])
    let first = Int(side.base[link])
    for s in first..<(first + Int(side.count[link])) where side.lane(ofSlot: s) == lane {
      let distance = stretch.from - slots.position[s]
      if distance < 0 || slots.leaveAt[s] <= stretch.from { continue }
      let v = slots.speed[s]
      if distance < wantZone(v) { view.wants = true }
      if side.heldBy[lane] == slots.vehicle[s] || isTooFast(v, toStop: distance) {
        view.sideMustPass = true
      }
    }
    if side.reservedFor[link] >= 0 && stretch.from < 60 {
      view.wants = true
      view.sideMustPass = true
    }
  }

  /// Takes in those who hold a grant on their way into the lane of a stretch.
  private func lookAtEntrants(
    _ stretch: Stretch, _ view: inout GateView, filled: Float, isFirstSeen: Bool
  ) {
    var filled = filled
    var hangsOverOthers = false
    forEachConnector(into: Int(stretch.lane)) { c in
      let end = lanes.length[topology.roadLanes + c]
      let start = Int(grants.base[c])
      for g in start..<(start + Int(grants.count[c])) {
        let moved = vehicles.displacement[grants.vehicle[g]]
        let front = grants.rear[g] + moved + grants.length[g] - end
        if front > stretch.from { continue }
        if topology.connectorMeetsOthers[c] != 0 { hangsOverOthers = true }
        guard front < 0 else { continue }
        filled += grants.length[g] + model.standstillGap
        let speed = grants.speed[g]
        let distance = stretch.from - front
        if isTooFast(speed, toStop: distance) { view.mustEnter = true }
        if !isFirstSeen && distance < wantZone(speed) { view.wants = true }
      }
    }
    if hangsOverOthers && filled > stretch.from + 3 && stretch.from < 60 {
      view.overflows = true
      view.mustEnter = true
    }
  }

  /// Whether any part of a vehicle is in a stretch, as of the last move.
  func isOccupied(_ stretch: Stretch) -> Bool {
    let lane = Int(stretch.lane)
    let beyond = placeIn(lane, at: stretch.from)
    if beyond > 0 {
      let s = Int(lanes.base[lane]) + beyond - 1
      if slots.position[s] - slots.length[s] < stretch.to { return true }
    }
    let vehicle = lanes.trailVehicle[lane]
    if vehicle >= 0 && lanes.trailRear[lane] + vehicles.displacement[vehicle] < stretch.to {
      return true
    }
    return side.isInUse[0] != 0 && isOccupiedBeside(stretch)
  }

  private func isOccupiedBeside(_ stretch: Stretch) -> Bool {
    let lane = Int(stretch.lane)
    let link = Int(topology.laneLink[lane])
    // On a link of several lanes who filters past a wall is between them.
    if stretch.kind == .wall && topology.lanes(ofLink: link).count > 1 { return false }
    let first = Int(side.base[link])
    for s in first..<(first + Int(side.count[link])) where side.lane(ofSlot: s) == lane {
      let x = slots.position[s]
      if x > stretch.from && x - slots.length[s] < stretch.to { return true }
    }
    guard side.heldBy[lane] >= 0, let g = grantHeld(lane) else { return false }
    let rear = lanes.length[lane] + grants.rear[g] + vehicles.displacement[side.heldBy[lane]]
    return rear + grants.length[g] > stretch.from && rear < stretch.to
  }

  /// How many of those before a gate can leave the stretch again on the other side.
  func roomBeyond(_ k: Int, _ view: GateView) -> Int32 {
    let stretch = obstacles.stretches[k]
    let lane = Int(stretch.lane)
    let first = Int(lanes.base[lane])
    var needed: Float = 0
    var i = view.beyond - 1
    while i >= 0, slots.position[first + i] - slots.length[first + i] < stretch.to {
      needed += slots.length[first + i] + model.standstillGap
      i -= 1
    }
    var room = lanes.length[lane] - stretch.to
    if i >= 0 {
      let v = slots.speed[first + i]
      if v > 3 { return Stretch.all }
      room = slots.position[first + i] - slots.length[first + i] - stretch.to
    } else if lanes.granted[lane] > 0 {
      return Stretch.all
    } else if room < 8 {
      // Too near to the junction to stand beyond: one at a time waits there for its grant.
      return view.isOccupied ? 0 : 1
    }
    var n: Int32 = 0
    for s in (first + view.beyond)..<(first + Int(lanes.count[lane])) {
      needed += slots.length[s] + model.standstillGap
      if needed > room { return n }
      n += 1
    }
    return needed + settings.carLength + model.standstillGap <= room ? Stretch.all : n
  }

  /// Whether somebody at the end of a lane that leads here is refused for want of room.
  private func isWaitedForUpstream(_ lane: Int) -> Bool {
    var isWaitedFor = false
    forEachConnector(into: lane) { c in
      let from = topology.connectorFrom[c]
      if Int(lanes.waitsFor[from]) == lane && lanes.count[from] > 0 { isWaitedFor = true }
    }
    return isWaitedFor
  }

  /// Takes grants back from those who could still stop at their line instead of in a junction.
  func recallEntrants(of lane: Int) {
    forEachConnector(into: lane) { c in
      let from = Int(topology.connectorFrom[c])
      let first = Int(lanes.base[from])
      for i in 0..<Int(lanes.granted[from]) {
        let s = first + i
        if Int(slots.next[s]) == topology.roadLanes + c,
          !isTooFast(slots.speed[s], toStop: lanes.length[from] - slots.position[s])
        {
          withdraw(from, from: i)
          break
        }
      }
    }
  }

  func forEachConnector(into lane: Int, _ body: (Int) -> Void) {
    let junction = Int(topology.linkFrom[topology.laneLink[lane]])
    for c in connectors(ofJunction: junction) where Int(topology.connectorTo[c]) == lane {
      body(c)
    }
  }

  /// Whether a driver cannot stop within a distance with the braking that is asked for at yellow.
  private func isTooFast(_ v: Float, toStop distance: Float) -> Bool {
    v * v > 2 * Rule.yellowBraking * max(distance, 0.1)
  }

  /// The distance before a gate at which a driver wants it open so as not to brake.
  private func wantZone(_ v: Float) -> Float { v * v / (2 * model.comfortableBraking) + 3 * v + 10 }
}
