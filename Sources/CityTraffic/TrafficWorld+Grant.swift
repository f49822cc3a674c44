import CityBase
import CityNetwork
import CitySimulation

/// A vehicle at the head of an approach that asks to enter the junction.
struct Candidate: BitwiseCopyable {
  var lane: Int32
  var slot: Int32
  /// Right of way: smaller goes first.
  var rank: UInt8
  /// Seconds to the stop line.
  var arrival: Float
  var standing: UInt16
  var tie: UInt64

  /// Right of way, then arrival, then waiting time, then a hash of trip and tick; never the id.
  static func < (a: Candidate, b: Candidate) -> Bool {
    if a.rank != b.rank { return a.rank < b.rank }
    if a.arrival != b.arrival { return a.arrival < b.arrival }
    if a.standing != b.standing { return a.standing > b.standing }
    return a.tie < b.tie
  }
}

/// Phase 4, grant: every junction decides who may enter.
///
/// The worker of a junction writes its grants, the granted counts of its approaches, flags of
/// vehicles on them, clearances of the vehicles granted, and the reservations of the lanes that
/// lead out (only this junction feeds those). It reads the tails published before.
extension TrafficWorld {
  func grant(chunk: Int, moment: Moment) {
    let scratch = chunks[chunk]
    collectJunctions(scratch)
    let timeOfDay = moment.clock.instant(of: moment.tick).millisecondOfDay
    for j in scratch.junctions.elements {
      let junction = Int(j)
      let signal = topology.junctionSignal[junction]
      let start =
        signal >= 0 ? signals.stateStart(of: Int(signal), atMillisecondOfDay: timeOfDay) : -1
      ageGrants(junction)
      if start >= 0 { revoke(junction, states: start) }
      for round in 0..<2 {
        if !giveGrants(junction, states: start, round: round, moment, scratch) { break }
      }
      setClearances(junction, step: moment.stepSeconds)
    }
  }

  /// The junctions of a chunk with anything on their approaches or connectors, ascending.
  private func collectJunctions(_ scratch: ChunkScratch) {
    scratch.junctions.removeAll()
    var last: Int32 = -1
    var roads = 0
    for lane in scratch.lanes.elements where lane < topology.roadLanes {
      roads += 1
      if lanes.asks[lane] == 0 && lanes.granted[lane] == 0 { continue }
      let j = topology.linkTo[topology.laneLink[lane]]
      if j != last {
        scratch.junctions.append(j)
        last = j
      }
    }
    // Both runs ascend; a junction with something on a connector alone is merged in.
    let fromRoads = scratch.junctions.count
    for lane in scratch.lanes.elements[roads...] {
      let j = topology.connectorJunction[Int(lane) - topology.roadLanes]
      if j != last {
        scratch.junctions.append(j)
        last = j
      }
    }
    if scratch.junctions.count > fromRoads {
      var all = scratch.junctions.elements
      all.sort()
      var kept = 0
      for i in 0..<all.count where kept == 0 || all[kept - 1] != all[i] {
        all[kept] = all[i]
        kept += 1
      }
      scratch.junctions.truncate(to: kept)
    }
  }

  func connectors(ofJunction j: Int) -> Range<Int> {
    Int(topology.junctionFirstConnector[j])..<Int(topology.junctionFirstConnector[j + 1])
  }

  func approachLanes(ofJunction j: Int) -> Range<Int> {
    Int(topology.junctionFirstLane[j])..<Int(topology.junctionFirstLane[j + 1])
  }

  /// Moves every grant on by what its vehicle drove in the last tick and drops those whose vehicle
  /// has cleared the connector.
  private func ageGrants(_ junction: Int) {
    grants.forEachConnector(ofJunction: junction) { c in
      let n = Int(grants.count[c])
      let first = Int(grants.base[c])
      let cleared = lanes.length[topology.roadLanes + c] - 0.01
      var kept = 0
      for i in first..<(first + n) {
        let rear = grants.rear[i] + vehicles.displacement[grants.vehicle[i]]
        if rear >= cleared { continue }
        let t = first + kept
        grants.rear[t] = rear
        grants.vehicle[t] = grants.vehicle[i]
        grants.length[t] = grants.length[i]
        grants.number[t] = grants.number[i]
        kept += 1
      }
      grants.setCount(c, junction: junction, to: Int32(kept))
    }
  }

  // MARK: - Yellow and red

  /// Takes grants back from those who can stop: at yellow each driver decides once, at red nobody
  /// enters who can still stop.
  private func revoke(_ junction: Int, states: Int) {
    for lane in approachLanes(ofJunction: junction) {
      let granted = Int(lanes.granted[lane])
      let first = Int(lanes.base[lane])
      for i in 0..<granted {
        let s = first + i
        guard slots.next[s] >= 0, slots.flags[s] & SlotFlag.turnsOnRed == 0 else { continue }
        let state = signalState(states, of: slots.next[s])
        guard state == SignalState.red.rawValue || state == SignalState.yellow.rawValue else {
          slots.flags[s] &= ~SlotFlag.committed
          continue
        }
        let isCommitted = slots.flags[s] & SlotFlag.committed != 0
        if state == SignalState.yellow.rawValue && isCommitted { continue }
        let distance = lanes.length[lane] - slots.position[s]
        let needed = slots.speed[s] * slots.speed[s] / (2 * max(distance, 0.1))
        if needed <= Rule.yellowBraking {
          withdraw(lane, from: i)
          break
        }
        slots.flags[s] |= SlotFlag.committed
      }
    }
  }

  /// Withdraws the grants of a lane from the vehicle at an index on, and what was reserved.
  func withdraw(_ lane: Int, from index: Int) {
    let first = Int(lanes.base[lane])
    var i = Int(lanes.granted[lane]) - 1
    while i >= index {
      let s = first + i
      let next = slots.next[s]
      if next >= 0 {
        let c = Int(next) - topology.roadLanes
        // The youngest grant of the connector is this vehicle's: grants follow the lane's order.
        assert(
          grants.vehicle[Int(grants.base[c] + grants.count[c]) - 1] == slots.vehicle[s])
        grants.setCount(
          c, junction: Int(topology.connectorJunction[c]), to: grants.count[c] - 1)
        let to = topology.connectorTo[c]
        lanes.reservedCount[to] -= 1
        lanes.reservedLength[to] -= slots.length[s] + model.standstillGap
        if lanes.reservedCount[to] == 0 { lanes.reservedLength[to] = 0 }
      }
      slots.flags[s] &= ~(SlotFlag.committed | SlotFlag.turnsOnRed)
      i -= 1
    }
    lanes.granted[lane] = Int32(index)
    lanes.asks[lane] = 1
  }

  @inline(__always) func signalState(_ states: Int, of lane: Int32) -> UInt8 {
    let group = topology.connectorGroup[Int(lane) - topology.roadLanes]
    if states < 0 || group < 0 { return SignalState.permissive.rawValue }
    return signals.state(start: states, group: Int(group))
  }

  // MARK: - Requests

  /// Asks every approach for its next vehicle and grants in order; true where one was granted.
  private func giveGrants(
    _ junction: Int, states: Int, round: Int, _ moment: Moment, _ scratch: ChunkScratch
  ) -> Bool {
    scratch.candidates.removeAll()
    for lane in approachLanes(ofJunction: junction)
    where lanes.asks[lane] != 0 && lanes.count[lane] > 0 {
      if let candidate = nextCandidate(lane, moment) {
        var at = scratch.candidates.count
        scratch.candidates.append(candidate)
        while at > 0 && candidate < scratch.candidates[at - 1] {
          scratch.candidates[at] = scratch.candidates[at - 1]
          at -= 1
        }
        scratch.candidates[at] = candidate
      }
    }
    var isAnyGranted = false
    for candidate in scratch.candidates.elements {
      let lane = Int(candidate.lane)
      switch tryGrant(candidate, junction: junction, states: states, moment) {
      case .granted:
        isAnyGranted = true
        lanes.isCrossed[lane] = 0
        lanes.waitsFor[lane] = -1
      case .refused:
        lanes.isCrossed[lane] = 0
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = -1 }
      case .noRoom(let to):
        lanes.isCrossed[lane] = 0
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = to }
      case .crossed(let to):
        lanes.isCrossed[lane] = 1
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = to }
      }
    }
    return isAnyGranted
  }

  private func nextCandidate(_ lane: Int, _ moment: Moment) -> Candidate? {
    let first = Int(lanes.base[lane])
    while lanes.granted[lane] < lanes.count[lane] {
      let s = first + Int(lanes.granted[lane])
      let next = slots.next[s]
      if next == NextLane.arrival {
        // Who arrives before the junction is in nobody's way there.
        lanes.granted[lane] += 1
        continue
      }
      guard next >= 0 else {
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = -1 }
        break
      }
      let distance = lanes.length[lane] - slots.position[s]
      let v = slots.speed[s]
      guard distance < stopZone(v) + v * moment.stepSeconds else { break }
      return Candidate(
        lane: Int32(truncatingIfNeeded: lane), slot: Int32(truncatingIfNeeded: s),
        rank: topology.connectorRank[Int(next) - topology.roadLanes],
        arrival: timeToCover(distance, speed: v, top: slots.desired[s]),
        standing: slots.standing[s],
        tie: moment.random.bits(.grantOrder, tripKey[slots.vehicle[s]], UInt64(moment.tick)))
    }
    lanes.asks[lane] = 0
    return nil
  }

  /// Seconds to cover a distance from a speed, accelerating up to a top speed.
  @inline(__always) func timeToCover(_ distance: Float, speed: Float, top: Float) -> Float {
    if distance <= 0 { return 0 }
    let v = min(speed, top)
    let a = Rule.predictedAcceleration
    let runUp = (top * top - v * v) / (2 * a)
    if distance < runUp { return ((v * v + 2 * a * distance).squareRoot() - v) / a }
    return (top - v) / a + (distance - runUp) / max(top, 0.1)
  }

  // MARK: - One request

  private enum Answer {
    case granted
    /// For a light, a gap or a closure, which is nobody's queue.
    case refused
    /// The lane beyond is full.
    case noRoom(Int32)
    /// Somebody granted before, on the way to this lane, has not cleared the junction.
    case crossed(Int32)
  }

  /// Grants a candidate or says what it waits for.
  private func tryGrant(
    _ candidate: Candidate, junction: Int, states: Int, _ moment: Moment
  ) -> Answer {
    let s = Int(candidate.slot)
    let lane = Int(candidate.lane)
    let connector = slots.next[s]
    let c = Int(connector) - topology.roadLanes
    let to = Int(topology.connectorTo[c])
    let v = slots.speed[s]
    let distance = lanes.length[lane] - slots.position[s]
    guard let light = passesLight(s, c: c, distance: distance, states: states) else {
      return .refused
    }
    if isClosed[topology.laneLink[to]] != 0 { return .refused }
    guard hasRoom(s, c: c, to: to, distance: distance) else {
      return .noRoom(Int32(truncatingIfNeeded: to))
    }
    if let blocker = conflictBlocks(
      s, c: c, distance: distance, speed: v, light: light, states: states,
      step: moment.stepSeconds)
    {
      return blocker
    }
    let length = slots.length[s]
    let number = grants.nextNumber[junction]
    guard
      grants.push(
        connector: c, junction: junction, vehicle: slots.vehicle[s], rear: -distance - length,
        length: length,
        number: number)
    else { return .refused }
    grants.nextNumber[junction] = number &+ 1
    // Others predict this vehicle's arrival from its last move, which nobody has kept so far.
    vehicles.displacement[slots.vehicle[s]] = v * moment.stepSeconds
    lanes.granted[lane] += 1
    lanes.reservedCount[to] += 1
    lanes.reservedLength[to] += length + model.standstillGap
    if light == .onRed { slots.flags[s] |= SlotFlag.turnsOnRed }
    return .granted
  }

  private enum Light {
    /// Nobody with a green light is in conflict.
    case protected
    /// Others may have to go first.
    case yielding
    /// Turning towards the kerb at red: everyone else goes first.
    case onRed
  }

  /// Whether the light lets the vehicle ask at all, and how.
  private func passesLight(_ s: Int, c: Int, distance: Float, states: Int) -> Light? {
    guard states >= 0, topology.connectorGroup[c] >= 0 else { return .yielding }
    switch signals.state(start: states, group: Int(topology.connectorGroup[c])) {
    case SignalState.green.rawValue: return .protected
    case SignalState.permissive.rawValue: return .yielding
    case SignalState.yellow.rawValue:
      // Who has waited for a gap in the oncoming traffic clears the junction at its end
      // (Highway Capacity Manual: the "sneakers").
      let turn = topology.connectorTurn[c]
      let isCrossing = turn == (network.drivesOnRight ? Turn.left : Turn.right).rawValue
      return isCrossing && distance < 8 && slots.standing[s] > 4 ? .yielding : nil
    default:
      guard network.allowsTurnOnRed, slots.speed[s] < 1, distance < 4 else { return nil }
      let kerbTurn = network.drivesOnRight ? Turn.right : Turn.left
      return topology.connectorTurn[c] == kerbTurn.rawValue ? .onRed : nil
    }
  }

  /// Whether the lane beyond has room for the vehicle after all those promised room there, so that
  /// it will not have to stop where others cross.
  private func hasRoom(_ s: Int, c: Int, to: Int, distance: Float) -> Bool {
    guard lanes.count[to] + lanes.reservedCount[to] < lanes.capacity[to] else { return false }
    // Who blocks nobody may queue across the junction.
    if topology.connectorMeetsOthers[c] == 0 { return true }
    let length = slots.length[s]
    let whole = lanes.length[to]
    var free = whole
    if lanes.tailRear[to] < .infinity {
      let v = lanes.tailSpeed[to]
      // Who drives on before them makes room until they are there, or at least on braking.
      let connector = topology.roadLanes + c
      let time = timeToCover(
        distance + lanes.length[connector], speed: slots.speed[s], top: lanes.speedLimit[connector])
      free = min(whole, lanes.tailRear[to] + max(v * v / (2 * Rule.yellowBraking), 0.7 * v * time))
    }
    let needed = lanes.reservedLength[to] + length + model.standstillGap
    if free >= needed { return true }
    // A lane shorter than a vehicle with its gap is entered when nobody is on it or on his way.
    return lanes.reservedCount[to] == 0 && free >= min(whole, length)
  }

  /// The lane that a candidate has to wait for because of a conflict, or nil where it may go: it
  /// would arrive in every conflict area after those granted before have cleared it, and those with
  /// the right of way would arrive there after it has.
  private func conflictBlocks(
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
          let v = vehicles.displacement[grants.vehicle[g]] / step
          let clear = timeToCover(left, speed: v, top: otherTop) + Rule.clearanceMargin
          if entry < clear { return .crossed(topology.connectorTo[other]) }
        }
      }
      if light != .protected && (conflict.yields > 0 || light == .onRed) {
        let exit = timeToCover(distance + conflict.exit + length, speed: speed, top: top)
        if mustYield(
          s, to: other, otherEntry: conflict.otherEntry, exit: exit, c: c, states: states)
        {
          return .refused
        }
      }
      if letsPass(s, conflict, speed: speed, step: step) { return .refused }
    }
    return nil
  }

  /// Whether a driver waits for somebody whom an unbroken stream would never let in: who has the
  /// right of way; among equals, who has stood longer; and in a queue that crawls, whoever has
  /// stood for eight seconds, as drivers do where two queues merge.
  private func letsPass(_ s: Int, _ conflict: Conflict, speed: Float, step: Float) -> Bool {
    let other = conflict.other.index
    let lane = Int(topology.connectorFrom[other])
    guard lanes.isCrossed[lane] != 0, lanes.granted[lane] < lanes.count[lane] else { return false }
    let o = Int(lanes.base[lane] + lanes.granted[lane])
    guard slots.next[o] == Int32(truncatingIfNeeded: topology.roadLanes + other),
      lanes.length[lane] - slots.position[o] < 8
    else { return false }
    if conflict.yields > 0 { return true }
    if conflict.yields == 0 { return slots.standing[o] > slots.standing[s] }
    return speed < 4 && Float(slots.standing[o]) * step > 8
      && slots.standing[o] > slots.standing[s]
  }

  /// Whether the next vehicle with the right of way would come too soon: before this one has left
  /// the conflict area, or within the critical gap (Highway Capacity Manual 2000, exhibit 17-5),
  /// which shrinks to half over two minutes of waiting.
  private func mustYield(
    _ s: Int, to other: Int, otherEntry: Float, exit: Float, c: Int, states: Int
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
    if v < 0.5 && slots.standing[o] > 2 { return false }
    let distance = lanes.length[lane] - slots.position[o] + otherEntry
    let arrival = distance / max(v, 3)
    let waited = min(1, Float(slots.standing[s]) / 240)
    let gap = criticalGap(c) * (1 - 0.5 * waited)
    return arrival < max(gap, exit + Rule.clearanceMargin)
  }

  private func criticalGap(_ c: Int) -> Float {
    let junction = Int(topology.connectorJunction[c])
    if topology.junctionControl[junction] == JunctionControl.roundabout.rawValue { return 4.1 }
    let kerbTurn = network.drivesOnRight ? Turn.right : Turn.left
    let turn = topology.connectorTurn[c]
    if turn == kerbTurn.rawValue { return 6.2 }
    if turn == Turn.through.rawValue { return 6.5 }
    // From the major road, against the oncoming traffic alone, or from the minor one.
    return topology.connectorRank[c] <= 1 ? 4.1 : 7.1
  }

  // MARK: - Clearances

  /// Tells every granted vehicle how far it may go: up to the first area that somebody granted
  /// before it has not cleared.
  private func setClearances(_ junction: Int, step: Float) {
    grants.forEachConnector(ofJunction: junction) { c in
      let n = Int(grants.count[c])
      let first = Int(grants.base[c])
      for w in first..<(first + n) { setClearance(w, connector: c, step: step) }
    }
  }

  private func setClearance(_ w: Int, connector c: Int, step: Float) {
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
            divergeSpeed = vehicles.displacement[grants.vehicle[g]] / step
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
