import CityBase
import CityNetwork
import CitySimulation

/// Who has to let whom pass where two ways across a junction meet; part of phase 4.
extension TrafficWorld {
  /// The lane that a candidate has to wait for because of a conflict, or nil where it may go: it
  /// would arrive in every conflict area after those granted before have cleared it, and those with
  /// the right of way would arrive there after it has.
  func conflictBlocks(
    _ s: Int, c: Int, distance: Float, speed: Float, light: Light, states: Int, step: Float
  ) -> Answer? {
    let top = lanes.speedLimit[topology.roadLanes + c]
    let length = slots.length[s]
    for k in topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      if conflict.kind == 2 { continue }
      let other = conflict.other.index
      let n = Int(grants.count[other])
      var entry: Float = -1
      if n > 0 {
        entry = timeToCover(distance + conflict.entry, speed: speed, top: top)
        let first = Int(grants.base[other])
        let otherTop = lanes.speedLimit[topology.roadLanes + other]
        for g in first..<(first + n) {
          let left = conflict.otherExit - grants.rear[g]
          if left <= 0 { continue }
          let clear =
            timeToCover(left, speed: grants.speed[g], top: otherTop) + Rule.clearanceMargin
          if entry < clear { return .crossed(topology.connectorTo[other]) }
        }
      }
      if light == .privileged { continue }
      if light != .protected && (conflict.yields > 0 || light == .onRed) {
        let exit = timeToCover(distance + conflict.exit + length, speed: speed, top: top)
        if mustYield(
          s, to: other, otherEntry: conflict.otherEntry, exit: exit, c: c, states: states,
          step: step)
        {
          return .refused
        }
      }
      if letsPass(s, conflict, speed: speed, step: step) {
        return .courteous(topology.connectorFrom[other])
      }
    }
    return nil
  }

  /// Whether a driver waits for somebody whom an unbroken stream would never let in: who has the
  /// right of way, as long as he has not stood for twenty seconds and less than the driver; among
  /// equals, who has stood longer; and in a queue that crawls, whoever has stood for eight
  /// seconds, as drivers do where two queues merge.
  func letsPass(_ s: Int, _ conflict: Conflict, speed: Float, step: Float) -> Bool {
    let other = conflict.other.index
    let lane = Int(topology.connectorFrom[other])
    guard lanes.isCrossed[lane] != 0, lanes.granted[lane] < lanes.count[lane] else { return false }
    let o = Int(lanes.base[lane] + lanes.granted[lane])
    guard slots.next[o] == Int32(truncatingIfNeeded: topology.roadLanes + other),
      lanes.length[lane] - slots.position[o] < 8
    else { return false }
    if conflict.yields > 0 {
      return !hasStood(o, seconds: 20) || slots.standing[o] >= slots.standing[s]
    }
    if conflict.yields == 0 { return slots.standing[o] > slots.standing[s] }
    return speed < 4 && Float(slots.standing[o]) * step > 8
      && slots.standing[o] > slots.standing[s]
  }

  /// Whether the next vehicle with the right of way would come too soon: before this one has left
  /// the conflict area, or within the critical gap (Highway Capacity Manual 2000, exhibit 17-5),
  /// which shrinks to half over two minutes of waiting.
  func mustYield(
    _ s: Int, to other: Int, otherEntry: Float, exit: Float, c: Int, states: Int, step: Float
  ) -> Bool {
    let lane = Int(topology.connectorFrom[other])
    let next = Int(lanes.granted[lane])
    guard next < Int(lanes.count[lane]) else { return false }
    let o = Int(lanes.base[lane]) + next
    guard slots.next[o] == Int32(truncatingIfNeeded: topology.roadLanes + other) else {
      return false
    }
    if states >= 0 && topology.connectorGroup[other] >= 0 {
      let state = signals.state(start: states, group: Int(topology.connectorGroup[other]))
      if state == SignalState.red.rawValue || state == SignalState.yellow.rawValue { return false }
    }
    let v = slots.speed[o]
    // Who stands there has been asked first and could not go.
    if v < 0.5 && hasStood(o, seconds: 1) { return false }
    let distance = lanes.length[lane] - slots.position[o] + otherEntry
    let arrival = distance / max(v, 3)
    let waited = min(1, Float(slots.standing[s]) * step / 120)
    let gap = criticalGap(c) * (1 - 0.5 * waited)
    return arrival < max(gap, exit + Rule.clearanceMargin)
  }

  func criticalGap(_ c: Int) -> Float {
    let junction = Int(topology.connectorJunction[c])
    if topology.junctionControl[junction] == JunctionControl.roundabout.rawValue { return 4.1 }
    let kerbTurn = network.drivesOnRight ? Turn.right : Turn.left
    let turn = topology.connectorTurn[c]
    if turn == kerbTurn.rawValue { return 6.2 }
    if turn == Turn.through.rawValue { return 6.5 }
    // From the major road, against the oncoming traffic alone, or from the minor one.
    return topology.connectorRank[c] <= 1 ? 4.1 : 7.1
  }

  /// Tells every granted vehicle how far it may go: up to the first area that somebody granted
  /// before it has not cleared.
  func setClearances(_ junction: Int) {
    grants.forEachConnector(ofJunction: junction) { c in
      let n = Int(grants.count[c])
      let first = Int(grants.base[c])
      for w in first..<(first + n) {
        // Who has only the tail here is already told how far to go by the next junction.
        let link = currentLink(of: Int(grants.vehicle[w]))
        if topology.linkTo[link] == Int32(truncatingIfNeeded: junction) {
          setClearance(w, connector: c)
        }
      }
    }
  }

  func setClearance(_ w: Int, connector c: Int) {
    let vehicle = grants.vehicle[w]
    let front = grants.rear[w] + grants.length[w]
    let number = grants.number[w]
    var clearance = Float.infinity
    var divergeRear = Float.infinity
    var divergeSpeed: Float = 0
    for k in topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      let other = conflict.other.index
      let n = Int(grants.count[other])
      if n == 0 { continue }
      if conflict.kind != 2 && (front > conflict.entry || conflict.entry >= clearance) { continue }
      let start = Int(grants.base[other])
      for g in start..<(start + n) {
        // Numbers wrap around after four thousand million grants; the difference does not.
        guard Int32(bitPattern: grants.number[g] &- number) < 0 else { break }
        let rear = grants.rear[g]
        if conflict.kind == 2 {
          if rear < conflict.otherExit && rear < divergeRear {
            divergeRear = rear
            divergeSpeed = grants.speed[g]
          }
        } else if rear < conflict.otherExit {
          clearance = conflict.entry
          break
        }
      }
    }
    vehicles.clearance[vehicle] = clearance
    vehicles.divergeRear[vehicle] = divergeRear
    vehicles.divergeSpeed[vehicle] = divergeSpeed
  }
}
