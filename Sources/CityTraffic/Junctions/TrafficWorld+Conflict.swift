import CityBase
import CityNetwork
import CitySimulation

/// Who has to let whom pass where two ways across a junction meet; part of phase 4.
extension TrafficWorld {
  /// A candidate's place among those granted: it goes after some and before others.
  struct Place {
    /// Numbers relative to the next one to be given, so negative: the youngest grant it goes after
    /// and the oldest it goes before; 0 where it goes before none.
    var after = Int32.min
    var before: Int32 = 0
  }

  enum Passage {
    case free(Place)
    case blocked(Answer)
  }

  /// Whether a candidate may go: it would arrive in every conflict area after those granted before
  /// have cleared it, or leave it well before they come; and those with the right of way leave a gap
  /// that is long enough.
  func passage(
    _ s: Int, c: Int, junction: Int, distance: Float, speed: Float, light: Light, states: Int,
    step: Float, _ scratch: ChunkScratch
  ) -> Passage {
    let next = grants.nextNumber[junction]
    var place = Place()
    let own = Int(grants.count[c])
    if own > 0 {
      let youngest = grants.number[Int(grants.base[c]) + own - 1]
      place.after = Int32(bitPattern: youngest &- next)
    }
    var mover = Mover(
      distance: distance, speed: speed, top: lanes.speedLimit[topology.roadLanes + c],
      length: slots.length[s], acceleration: predictedAcceleration(ofDriver: slots.driver[s]))
    var gap = Gap(step: step)
    let met = whoMatters(to: c, junction: junction, light: light, scratch)
    if yielding[c].yields || light == .onRed {
      mover.leader = leader(of: s, on: c)
      if met != 0 { gap = openGap(s, c, mover, step: step) }
      if followsTooSoon(mover, c, step: step) { return .blocked(.refused) }
    }
    let firstConnector = met == 0 ? 0 : Int(topology.junctionFirstConnector[junction])
    for k in met == 0 ? 0..<0 : topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      let other = conflict.other.index
      if met &>> UInt64(truncatingIfNeeded: other - firstConnector) & 1 == 0 { continue }
      if grants.count[other] > 0 {
        if let blocker = order(&place, &gap, mover, s, c, conflict, next: next) {
          return .blocked(blocker)
        }
      }
      if conflict.kind == ConflictKind.diverge || light == .privileged { continue }
      if light != .protected && (conflict.yields > 0 || light == .onRed) {
        if mustYield(
          to: other, &gap, otherEntry: conflict.otherEntry,
          exit: mover.time(to: passedAt(conflict) + mover.length) + Rule.clearanceMargin,
          states: states)
        {
          return .blocked(.refused)
        }
      }
      if letsPass(s, conflict, speed: speed, step: step) {
        return .blocked(.courteous(topology.connectorFrom[other]))
      }
    }
    // After all of the first and before all of the second, or not at all.
    guard place.after < place.before, gap.isLongEnough else { return .blocked(.refused) }
    return .free(place)
  }

  /// The connectors in conflict that have to be looked at for a candidate, as bits: somebody holds a
  /// grant there, or goes first who does not yet, or somebody of the junction may have to be let in.
  @inline(__always) private func whoMatters(
    to c: Int, junction: Int, light: Light, _ scratch: ChunkScratch
  ) -> UInt64 {
    let all = topology.conflictMask[c]
    var met = all & grants.busyConnectors(ofJunction: junction)
    switch light {
    case .protected: break
    case .yielding: met |= topology.yieldMask[c]
    case .onRed: return all
    case .privileged: return met
    }
    return scratch.counters[0].hasRefusals ? all : met
  }

  /// Where on its own connector a vehicle's rear is out of the way of those on the other one: at
  /// the end of a crossing, and where ways run together as soon as the others would be behind it.
  @inline(__always) func passedAt(_ conflict: Conflict) -> Float {
    conflict.kind == ConflictKind.crossing
      ? conflict.exit : min(conflict.exit, conflict.otherEntry + conflict.shift)
  }

  /// Finds the candidate's place among the grants of a conflicting connector; what blocks it where
  /// it can go neither after nor before one of them.
  @inline(__always) private func order(
    _ place: inout Place, _ gap: inout Gap, _ mover: Mover, _ s: Int, _ c: Int,
    _ conflict: Conflict, next: UInt32
  ) -> Answer? {
    let other = conflict.other.index
    let first = Int(grants.base[other])
    let otherTop = lanes.speedLimit[topology.roadLanes + other]
    let runsTogether = conflict.kind != ConflictKind.crossing
    let entry = conflict.kind == ConflictKind.diverge ? 0 : mover.time(to: conflict.entry)
    let takesTurns = topology.waitsBefore[topology.connectorFrom[c]] > 0
    for g in first..<(first + Int(grants.count[other])) {
      let rear = grants.rear[g]
      if rear >= conflict.otherExit { continue }
      let number = Int32(bitPattern: grants.number[g] &- next)
      if conflict.kind == ConflictKind.diverge {
        place.after = max(place.after, number)
        continue
      }
      let v = grants.speed[g]
      let a = predictedAcceleration(of: grants.vehicle[g])
      // Where ways run together one follows at a distance: that of a driver who comes as fast as the
      // other one drives now, or, with a run-up, as fast as he will come. A crossing has to be cleared.
      let pace = takesTurns ? mover.speed(at: conflict.entry) : v
      let clear =
        runsTogether
        ? Self.timeToCover(
          conflict.entry - conflict.shift + model.standstillGap + pace * Rule.followingMargin
            - rear,
          speed: v, top: otherTop, acceleration: a)
        : Self.timeToCover(conflict.otherExit - rear, speed: v, top: otherTop, acceleration: a)
          + Rule.clearanceMargin
      let way = conflict.otherEntry - rear - grants.length[g]
      if conflict.yields > 0 {
        if entry >= clear - gap.halfStep {
          place.after = max(place.after, number)
          let passes =
            way < 0
            ? way / max(v, 1) : Self.timeToCover(way, speed: v, top: otherTop, acceleration: a)
          gap.follows(somebodyAt: passes, closely: entry - clear < gap.halfStep)
          continue
        }
      } else if entry >= clear {
        place.after = max(place.after, number)
        continue
      }
      let exit =
        runsTogether
        ? mover.time(to: passedAt(conflict) + mover.length + model.standstillGap)
          + mover.catchingUp(from: otherTop, after: passedAt(conflict))
        : mover.time(to: conflict.exit + mover.length) + Rule.clearanceMargin
      let arrival = Self.timeToCover(way, speed: v, top: otherTop, acceleration: a)
      if conflict.yields > 0 { gap.end(at: arrival) }
      guard canStillStop(v, before: way), arrival >= exit, gap.isLongEnough else {
        return .crossed(topology.connectorTo[other])
      }
      place.before = min(place.before, number)
    }
    return nil
  }

  /// Whether somebody granted can still stop at ease before a place some metres ahead. Who stands
  /// near it is about to go.
  @inline(__always) private func canStillStop(_ v: Float, before distance: Float) -> Bool {
    !(distance < v * v / (2 * Rule.anticipation) + 1 || (v < 1 && distance < 10))
  }

  /// Whether a driver waits for somebody whom an unbroken stream would never let in: who has the
  /// right of way, as long as he has not stood for twenty seconds and less than the driver; among
  /// equals, who has stood longer; and in a queue that crawls, whoever has stood for eight
  /// seconds, as drivers do where two queues merge. There the next gap in the queue beyond is the
  /// other's, too: whoever is asked first would take every one of them.
  func letsPass(_ s: Int, _ conflict: Conflict, speed: Float, step: Float) -> Bool {
    let other = conflict.other.index
    let lane = Int(topology.connectorFrom[other])
    let refusal = lanes.isCrossed[lane]
    guard refusal != Refusal.none, lanes.granted[lane] < lanes.count[lane] else { return false }
    if refusal == Refusal.noRoom && (conflict.kind != ConflictKind.merge || conflict.yields > 0) {
      return false
    }
    let o = Int(lanes.base[lane] + lanes.granted[lane])
    let line = lanes.length[lane] - topology.waitsBefore[lane]
    guard slots.next[o] == Int32(truncatingIfNeeded: topology.roadLanes + other),
      line - slots.position[o] < 8
    else { return false }
    if conflict.yields > 0 {
      return !hasStood(o, seconds: 20) || standing(o) >= standing(s)
    }
    if conflict.yields == 0 { return standing(o) > standing(s) }
    return speed < 4 && Float(standing(o)) * step > 8
      && standing(o) > standing(s)
  }

  /// Tells every vehicle granted on some connectors how far it may go: up to the first area that
  /// somebody granted before it has not cleared.
  func setClearances(_ connectors: RawList<Int32>) {
    for c in connectors.elements {
      let c = Int(c)
      let n = Int(grants.count[c])
      let first = Int(grants.base[c])
      let junction = topology.connectorJunction[c]
      // What their drivers see ahead when they move.
      Prefetch.ask(lanes[topology.roadLanes + c])
      Prefetch.ask(lanes[Int(topology.connectorTo[c])])
      let busy = grants.busyConnectors(ofJunction: Int(junction))
      let isAlone = topology.conflictMask[c] & busy == 0
      for w in first..<(first + n) {
        // Who has only the tail here is already told how far to go by the next junction.
        let vehicle = grants.vehicle[w]
        if vehicles.heldAt[vehicle] != junction { continue }
        if isAlone {
          vehicles.clearance[vehicle] = .infinity
          vehicles.divergeRear[vehicle] = .infinity
          vehicles.divergeSpeed[vehicle] = 0
        } else {
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
      // Who is out of the area is in nobody's way, whatever the order in which they were granted.
      if n == 0 || grants.rear[w] >= conflict.exit { continue }
      let isCrossing = conflict.kind == ConflictKind.crossing
      if isCrossing && (front > conflict.entry || conflict.entry >= clearance) { continue }
      let start = Int(grants.base[other])
      for g in start..<(start + n) {
        // Numbers wrap around after four thousand million grants; the difference does not.
        guard Int32(bitPattern: grants.number[g] &- number) < 0 else { break }
        if grants.rear[g] >= conflict.otherExit { continue }
        let rear = grants.rear[g] + conflict.shift
        if isCrossing || (rear < conflict.entry && front <= conflict.entry) {
          clearance = min(clearance, conflict.entry)
          break
        }
        // Both go the same way here: who is ahead is followed like any leader.
        if rear < divergeRear {
          divergeRear = rear
          divergeSpeed = grants.speed[g]
        }
      }
    }
    vehicles.clearance[vehicle] = clearance
    vehicles.divergeRear[vehicle] = divergeRear
    vehicles.divergeSpeed[vehicle] = divergeSpeed
  }
}
