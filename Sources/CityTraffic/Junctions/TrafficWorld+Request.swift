import CityBase
import CityNetwork
import CitySimulation

/// A vehicle at the head of an approach that asks to enter the junction.
struct Candidate: BitwiseCopyable {
  var lane: Int32
  var slot: Int32
  /// Right of way: smaller goes first.
  var rank: UInt8 = 0
  /// Seconds to the stop line.
  var arrival: Float = 0
  var standing: UInt16 = 0
}

/// The requests of a junction's approaches and the answers to them; part of phase 4.
extension TrafficWorld {
  /// Asks every approach for its next vehicle and grants in order; true where one was granted.
  func giveGrants(
    _ junction: Int, states: Int, _ moment: Moment, _ scratch: ChunkScratch
  ) -> Bool {
    scratch.candidates.removeAll()
    forEachApproach(of: junction, scratch) { lane in
      let record = lanes[lane]
      guard record.pointee.asks > record.pointee.sleeps, record.pointee.count > 0,
        let slot = nextToAsk(lane, moment)
      else { return }
      Prefetch.ask(topology.place(ofConnector: Int(slots.next[slot]) - topology.roadLanes))
      scratch.candidates.append(
        Candidate(
          lane: Int32(truncatingIfNeeded: lane), slot: Int32(truncatingIfNeeded: slot)))
    }
    if side.isInUse[0] != 0 { addSideCandidates(junction, moment, scratch) }
    if scratch.candidates.count > 1 { bringInOrder(scratch.candidates, moment) }
    var isAnyGranted = false
    for candidate in scratch.candidates.elements {
      let lane = Int(candidate.lane)
      if side.isInUse[0] != 0 {
        if Int(candidate.slot) >= side.firstSlot {
          let next = slots.next[candidate.slot]
          if grantBeside(candidate, junction: junction, states: states, moment, scratch) {
            scratch.granted.append(next - Int32(truncatingIfNeeded: topology.roadLanes))
            isAnyGranted = true
          }
          continue
        }
        if side.heldBy[lane] >= 0 || isClaimed(candidate, scratch) {
          lanes.isCrossed[lane] = 0
          continue
        }
      }
      switch tryGrant(candidate, junction: junction, states: states, moment, scratch) {
      case .granted:
        scratch.granted.append(
          slots.next[candidate.slot] - Int32(truncatingIfNeeded: topology.roadLanes))
        isAnyGranted = true
        lanes.isCrossed[lane] = 0
        lanes.waitsFor[lane] = -1
      case .refused:
        lanes.isCrossed[lane] = 0
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = -1 }
        if states >= 0, waitsForLight(Int(candidate.slot), lane: lane, states: states) {
          lanes.sleeps[lane] = 1
        }
      case .noRoom(let to):
        lanes.isCrossed[lane] = lanes.tailSpeed[to] < Rule.crawling ? Refusal.noRoom : Refusal.none
        scratch.counters[0].hasRefusals = true
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = to }
      case .courteous(let from):
        lanes.isCrossed[lane] = 0
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = from }
      case .crossed(let to):
        lanes.isCrossed[lane] = Refusal.crossed
        scratch.counters[0].hasRefusals = true
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = to }
        if slots.privileges[candidate.slot] != 0 {
          let c = Int(slots.next[candidate.slot]) - topology.roadLanes
          callOthers(Int(candidate.slot), c: c, scratch)
        }
      }
    }
    return isAnyGranted
  }

  /// Sorts candidates by right of way; they are few.
  private func bringInOrder(_ candidates: RawList<Candidate>, _ moment: Moment) {
    for i in 0..<candidates.count {
      var candidate = candidates[i]
      weigh(&candidate, moment)
      var at = i
      while at > 0 && goes(candidate, before: candidates[at - 1], moment) {
        candidates[at] = candidates[at - 1]
        at -= 1
      }
      candidates[at] = candidate
    }
  }

  /// Works out what a candidate's place in the order of asking hangs on.
  private func weigh(_ candidate: inout Candidate, _ moment: Moment) {
    let s = Int(candidate.slot)
    let lane = candidate.lane
    let privileges = slots.privileges[s]
    let isBeside = s >= side.firstSlot && privileges & SlotPrivilege.unheeded == 0
    candidate.rank =
      isBeside || privileges & SlotPrivilege.passRed != 0
      ? 0 : topology.connectorRank[Int(slots.next[s]) - topology.roadLanes] &+ 1
    candidate.arrival = Self.timeToCover(
      lanes.length[lane] - slots.position[s], speed: slots.speed[s], top: slots.desired[s],
      acceleration: predictedAcceleration(ofDriver: slots.driver[s]))
    // Who has filtered to the line is before the first of the lane.
    if s >= side.firstSlot && !isBeside { candidate.arrival = -1 }
    candidate.standing = standing(s)
  }

  /// Right of way, then arrival, then waiting time, then a hash of trip and tick; never the id.
  @inline(__always) private func goes(_ a: Candidate, before b: Candidate, _ moment: Moment) -> Bool
  {
    if a.rank != b.rank { return a.rank < b.rank }
    if a.arrival != b.arrival { return a.arrival < b.arrival }
    if a.standing != b.standing { return a.standing > b.standing }
    return tie(a, moment) < tie(b, moment)
  }

  private func tie(_ candidate: Candidate, _ moment: Moment) -> UInt64 {
    moment.random.bits(
      .grantOrder, tripKey[slots.vehicle[candidate.slot]], UInt64(moment.tick))
  }

  /// Whether a refused vehicle can do nothing but wait for another light: at red, unless it may turn
  /// there or pass, and at yellow, unless it clears the junction. Side lists and obstacles change
  /// who is asked, so that where there are any everybody keeps asking.
  private func waitsForLight(_ s: Int, lane: Int, states: Int) -> Bool {
    let c = Int(slots.next[s]) - topology.roadLanes
    let group = topology.connectorGroup[c]
    guard group >= 0, side.isInUse[0] == 0, lanes.firstObstacle[lane] < 0 else { return false }
    let turn = topology.connectorTurn[c]
    let kerbTurn = (network.drivesOnRight ? Turn.right : Turn.left).rawValue
    let crossingTurn = (network.drivesOnRight ? Turn.left : Turn.right).rawValue
    switch signals.state(start: states, group: Int(group)) {
    case SignalState.green.rawValue, SignalState.permissive.rawValue: return false
    case SignalState.yellow.rawValue: return turn != crossingTurn
    default: return !network.allowsTurnOnRed || turn != kerbTurn
    }
  }

  /// The slot of the next vehicle of a lane to be granted, where it is near enough to ask.
  func nextToAsk(_ lane: Int, _ moment: Moment) -> Int? {
    let first = Int(lanes.base[lane])
    while lanes.granted[lane] < lanes.count[lane] {
      let s = first + Int(lanes.granted[lane])
      let next = slots.next[s]
      let distance = lanes.length[lane] - slots.position[s]
      let v = slots.speed[s]
      guard distance - topology.waitsBefore[lane] < stopZone(v) + v * moment.stepSeconds else {
        break
      }
      // Who lets a neighbour in stays behind him.
      if slots.flags[s] & SlotFlag.letsIn != 0 { return nil }
      if lanes.firstObstacle[lane] >= 0, isHeldBack(Int(lanes.granted[lane]), in: lane) {
        // A queue at an obstacle waits for nobody at the junction.
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = -1 }
        lanes.isCrossed[lane] = 0
        break
      }
      if next == NextLane.arrival {
        // Who arrives before the junction is in nobody's way there.
        lanes.granted[lane] += 1
        continue
      }
      guard next >= 0 else {
        if lanes.granted[lane] == 0 { lanes.waitsFor[lane] = -1 }
        break
      }
      return s
    }
    lanes.asks[lane] = 0
    return nil
  }

  enum Answer {
    case granted
    /// For a light, a gap or a closure, which is nobody's queue.
    case refused
    /// Somebody on this lane is let go first.
    case courteous(Int32)
    /// The lane beyond is full.
    case noRoom(Int32)
    /// Somebody granted before, on the way to this lane, has not cleared the junction.
    case crossed(Int32)
  }

  /// Grants a candidate or says what it waits for.
  func tryGrant(
    _ candidate: Candidate, junction: Int, states: Int, _ moment: Moment, _ scratch: ChunkScratch
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
    if isCrossedOnFoot(s, c: c, distance: distance, states: states, moment) { return .refused }
    guard let isOntoSide = roomBeyond(s, c: c, to: to, distance: distance) else {
      return .noRoom(Int32(truncatingIfNeeded: to))
    }
    let place: Place
    switch passage(
      s, c: c, junction: junction, distance: distance, speed: v, light: light, states: states,
      step: moment.stepSeconds, scratch)
    {
    case .blocked(let answer): return answer
    case .free(let found): place = found
    }
    guard
      give(
        s, c: c, junction: junction, to: to, distance: distance, place: place,
        isOntoSide: isOntoSide)
    else { return .refused }
    lanes.granted[lane] += 1
    if light == .onRed { slots.flags[s] |= SlotFlag.turnsOnRed }
    slowDownAtRed(s, light)
    switch signalState(states, of: connector) {
    case SignalState.green.rawValue, SignalState.permissive.rawValue: break
    case SignalState.yellow.rawValue:
      // Who is let go at yellow has decided.
      slots.flags[s] |= SlotFlag.committed
      lookAgain(junction)
    default: lookAgain(junction)
    }
    return .granted
  }

  /// Somebody holds a grant at yellow or red, who has to be looked at in every tick.
  func lookAgain(_ junction: Int) {
    lights[junction].revokes = 1
    busy.ask(junction)
  }

  /// Whether a vehicle that turns would come to the line with somebody on foot before it.
  @inline(__always) func isCrossedOnFoot(
    _ s: Int, c: Int, distance: Float, states: Int, _ moment: Moment
  ) -> Bool {
    guard pedestrians.areAny, states >= 0 else { return false }
    let kerbTurn = network.drivesOnRight ? Turn.right : Turn.left
    return pedestrians.block(
      c, light: signalState(states, of: slots.next[s]),
      isKerbTurn: topology.connectorTurn[c] == kerbTurn.rawValue,
      after: Self.timeToCover(
        distance, speed: slots.speed[s], top: slots.desired[s],
        acceleration: predictedAcceleration(ofDriver: slots.driver[s])), moment)
  }

  enum Light {
    /// Nobody with a green light is in conflict.
    case protected
    /// Others may have to go first.
    case yielding
    /// Turning towards the kerb at red: everyone else goes first.
    case onRed
    /// By privilege, having slowed down: those granted before go first, all others wait.
    case privileged
  }

  /// Whether the light lets the vehicle ask at all, and how.
  func passesLight(_ s: Int, c: Int, distance: Float, states: Int) -> Light? {
    let isPrivileged =
      slots.privileges[s] & SlotPrivilege.passRed != 0 && hasSlowedDown(s, distance: distance)
    guard states >= 0, topology.connectorGroup[c] >= 0 else {
      return isPrivileged ? .privileged : .yielding
    }
    switch signals.state(start: states, group: Int(topology.connectorGroup[c])) {
    case SignalState.green.rawValue: return .protected
    case SignalState.permissive.rawValue: return isPrivileged ? .privileged : .yielding
    case SignalState.yellow.rawValue:
      if isPrivileged { return .privileged }
      // Who has waited for a gap in the oncoming traffic clears the junction at its end
      // (Highway Capacity Manual: the "sneakers").
      let turn = topology.connectorTurn[c]
      let isCrossing = turn == (network.drivesOnRight ? Turn.left : Turn.right).rawValue
      return isCrossing && distance < 8 && hasStood(s, seconds: 2) ? .yielding : nil
    default:
      if isPrivileged { return .privileged }
      guard network.allowsTurnOnRed, slots.speed[s] < 1, distance < 4 else { return nil }
      let kerbTurn = network.drivesOnRight ? Turn.right : Turn.left
      return topology.connectorTurn[c] == kerbTurn.rawValue ? .onRed : nil
    }
  }

  /// Whether the lane beyond has room for the vehicle after all those promised room there, so that
  /// it will not have to stop where others cross.
  func hasRoom(_ s: Int, c: Int, to: Int, distance: Float) -> Bool {
    guard lanes.count[to] + lanes.reservedCount[to] < lanes.capacity[to] else { return false }
    // Who blocks nobody may queue across the junction.
    if topology.connectorMeetsOthers[c] == 0 { return true }
    let length = slots.length[s]
    if lanes.firstObstacle[to] >= 0, let room = roomBeforeGate(to) {
      return room >= lanes.reservedLength[to] + length + model.standstillGap
    }
    let whole = lanes.length[to]
    var free = whole
    if lanes.tailRear[to] < .infinity {
      let v = lanes.tailSpeed[to]
      // What is certain to come free: the way the last one needs to stop. Hoping for more lets
      // vehicles into a junction that they cannot leave when the queue ahead stops again.
      free = min(whole, lanes.tailRear[to] + v * v / (2 * Rule.yellowBraking))
    }
    // Round half a roundabout drivers set out for an exit that keeps moving, whatever fits into it.
    if lanes.tailRear[to] == .infinity || lanes.tailSpeed[to] > Rule.keepsMoving {
      free += 0.5 * max(0, lanes.length[topology.roadLanes + c] - Rule.usualCrossing)
    }
    let needed = lanes.reservedLength[to] + length + model.standstillGap
    if free >= needed { return true }
    // A lane shorter than a vehicle with its gap is entered when nobody is on it or on his way. On
    // a longer one who stops at a distance behind the last would still stand in the junction.
    return whole < length + model.standstillGap && lanes.reservedCount[to] == 0
      && free >= min(whole, length)
  }
}
