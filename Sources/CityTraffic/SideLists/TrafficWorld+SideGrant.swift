import CityBase
import CityNetwork
import CitySimulation

/// Part of phase 4, grant: those who cross a stop line from the side list, and who has to wait for
/// them.
///
/// A vehicle on a side list is granted as if it were the head of the lane that it goes along, while
/// nobody of that lane holds a grant. Until its tail is over the line it holds the lane: nobody of
/// it is granted, so that the grants of a lane stay in its order.
extension TrafficWorld {
  /// The links that end in a junction.
  func approachLinks(ofJunction j: Int) -> Range<Int> {
    let range = approachLanes(ofJunction: j)
    if range.isEmpty { return 0..<0 }
    return Int(
      topology.laneLink[range.lowerBound])..<(Int(topology.laneLink[range.upperBound - 1])
      + 1)
  }

  /// Adds the foremost of every side list that is near enough to its stop line to ask.
  func addSideCandidates(_ junction: Int, _ moment: Moment, _ scratch: ChunkScratch) {
    scratch.claims.removeAll()
    if scratch.sideLinks.isEmpty { return }
    for link in approachLinks(ofJunction: junction) where side.count[link] > 0 {
      let s = Int(side.base[link])
      let lane = side.lane(ofSlot: s)
      let v = slots.speed[s]
      let distance = lanes.length[lane] - slots.position[s]
      guard slots.next[s] >= 0, side.heldBy[lane] < 0,
        distance < stopZone(v) + v * moment.stepSeconds,
        gateBeside(lane, from: slots.position[s]) == .infinity
      else { continue }
      scratch.candidates.append(
        Candidate(
          lane: Int32(truncatingIfNeeded: lane), slot: Int32(truncatingIfNeeded: s)))
    }
  }

  /// Grants a candidate of a side list, or claims what it waits for; true where granted.
  func grantBeside(
    _ candidate: Candidate, junction: Int, states: Int, _ moment: Moment, _ scratch: ChunkScratch
  ) -> Bool {
    let s = Int(candidate.slot)
    let lane = Int(candidate.lane)
    let c = Int(slots.next[s]) - topology.roadLanes
    let to = Int(topology.connectorTo[c])
    let distance = lanes.length[lane] - slots.position[s]
    guard let light = passesLight(s, c: c, distance: distance, states: states),
      isClosed[topology.laneLink[to]] == 0,
      !isCrossedOnFoot(s, c: c, distance: distance, states: states, moment)
    else { return false }
    let calls = isCalling(s)
    guard let isOntoSide = roomBeyond(s, c: c, to: to, distance: distance) else {
      if calls && hasStood(s, seconds: SideRule.patience) { scratch.claims.append(candidate.lane) }
      return false
    }
    if lanes.granted[lane] > 0 {
      // Who has filtered to the line goes before the next one of the lane.
      let isAtLine = slots.privileges[s] & SlotPrivilege.unheeded != 0 && distance < 8
      if calls || isAtLine { scratch.claims.append(candidate.lane) }
      return false
    }
    let place: Place
    switch passage(
      s, c: c, junction: junction, distance: distance, speed: slots.speed[s], light: light,
      states: states, step: moment.stepSeconds, scratch)
    {
    case .free(let found): place = found
    case .blocked(let blocker):
      if calls { scratch.claims.append(candidate.lane) }
      if case .crossed = blocker { callOthers(s, c: c, scratch) }
      return false
    }
    guard
      give(
        s, c: c, junction: junction, to: to, distance: distance, place: place,
        isOntoSide: isOntoSide)
    else { return false }
    slowDownAtRed(s, light)
    side.heldBy[lane] = slots.vehicle[s]
    scratch.heldLanes.append(candidate.lane)
    return true
  }

  /// Notes that nobody else may be granted across a connector in this tick: its vehicle may pass
  /// red, or has waited for long, and waits only for those granted before to clear the junction.
  func callOthers(_ s: Int, c: Int, _ scratch: ChunkScratch) {
    let mayCall =
      slots.privileges[s] & SlotPrivilege.passRed != 0
      || (s >= side.firstSlot && hasStood(s, seconds: SideRule.patience))
    if mayCall && isCalling(s) {
      scratch.claims.append(Int32(truncatingIfNeeded: topology.roadLanes + c))
    }
  }

  /// Whether a vehicle keeps others from going at this moment: by turns with a pause, so that it
  /// cannot hold up those for good on whom its own way depends.
  private func isCalling(_ s: Int) -> Bool {
    if slots.privileges[s] & SlotPrivilege.unheeded != 0 { return false }
    let ticks = Int((SideRule.longestCall / stepSeconds).rounded())
    return Int(standing(s)) % max(1, ticks + ticks / 2) < ticks
  }

  /// Whether a candidate of a lane has to wait for a claim on its lane or across its connector.
  func isClaimed(_ candidate: Candidate, _ scratch: ChunkScratch) -> Bool {
    let next = slots.next[candidate.slot]
    for claim in scratch.claims.elements {
      if claim == candidate.lane || claim == next { return claim == candidate.lane }
      if claim < topology.roadLanes { continue }
      let called = Int(claim) - topology.roadLanes
      for k in topology.conflicts(ofConnector: Int(next) - topology.roadLanes)
      where topology.conflicts[k].other.index == called
        && topology.conflicts[k].kind != ConflictKind.diverge
      {
        return true
      }
    }
    return false
  }

  /// Whether there is room beyond the junction: false in the lane, true on the side list of its
  /// link for those who may filter, nil where there is none.
  func roomBeyond(_ s: Int, c: Int, to: Int, distance: Float) -> Bool? {
    if hasRoom(s, c: c, to: to, distance: distance) { return false }
    guard slots.privileges[s] & SlotPrivilege.filterQueue != 0 else { return nil }
    let link = Int(topology.laneLink[to])
    guard side.reservedFor[link] < 0, side.count[link] < side.capacity[link] else { return nil }
    let needed = slots.length[s] + SideRule.gap
    let whole = lanes.length[to]
    let room = min(side.tailRear[link], gateBeside(to, from: 0))
    return room >= min(needed, whole) ? true : nil
  }

  /// Enters a grant with what it reserves; false where the connector holds too many.
  func give(
    _ s: Int, c: Int, junction: Int, to: Int, distance: Float, place: Place, isOntoSide: Bool
  ) -> Bool {
    guard grants.count[c] < grants.capacity[c] else { return false }
    let length = slots.length[s]
    let number = grants.takeNumber(before: place.before, junction: junction)
    guard
      grants.push(
        connector: c, junction: junction, vehicle: slots.vehicle[s], rear: -distance - length,
        speed: slots.speed[s], length: length, number: number)
    else { return false }
    vehicles.heldAt[slots.vehicle[s]] = Int32(truncatingIfNeeded: junction)
    if isOntoSide {
      side.reservedFor[topology.laneLink[to]] = slots.vehicle[s]
      slots.privileges[s] |= SlotPrivilege.ontoSide
    } else {
      lanes.reservedCount[to] += 1
      lanes.reservedLength[to] += length + model.standstillGap
    }
    return true
  }

  /// Gives back what was reserved with the grant of a slot's vehicle for the lane beyond.
  @inline(__always) func giveBack(_ s: Int, to: Int) {
    if slots.privileges[s] & SlotPrivilege.ontoSide != 0 {
      side.reservedFor[topology.laneLink[to]] = -1
      slots.privileges[s] &= ~SlotPrivilege.ontoSide
      return
    }
    lanes.reservedCount[to] -= 1
    lanes.reservedLength[to] -= slots.length[s] + model.standstillGap
    if lanes.reservedCount[to] == 0 { lanes.reservedLength[to] = 0 }
  }

  /// Who passes a light by privilege does so slowly, and is not called back.
  @inline(__always) func slowDownAtRed(_ s: Int, _ light: Light) {
    guard light == .privileged else { return }
    slots.flags[s] |= SlotFlag.turnsOnRed
    slots.exitSpeed[s] = min(slots.exitSpeed[s], SideRule.redSpeed)
  }

  /// How a vehicle with the privilege to pass red passes a light or sign that does not give it the
  /// right of way: once it has slowed down before the line.
  @inline(__always) func hasSlowedDown(_ s: Int, distance: Float) -> Bool {
    slots.speed[s] <= SideRule.redSpeed && distance < SideRule.redDistance
  }

  // MARK: - Yellow and red, and the end of a crossing

  /// Takes the grants of side lists back from those who must stop at the light and can.
  func revokeBeside(_ junction: Int, states: Int, _ scratch: ChunkScratch) {
    if scratch.sideLinks.isEmpty { return }
    for link in approachLinks(ofJunction: junction) where side.count[link] > 0 {
      let s = Int(side.base[link])
      let lane = side.lane(ofSlot: s)
      guard side.heldBy[lane] == slots.vehicle[s], slots.next[s] >= 0,
        slots.flags[s] & (SlotFlag.turnsOnRed | SlotFlag.committed) == 0
      else { continue }
      let state = signalState(states, of: slots.next[s])
      guard state == SignalState.red.rawValue || state == SignalState.yellow.rawValue else {
        continue
      }
      let distance = lanes.length[lane] - slots.position[s]
      let needed = slots.speed[s] * slots.speed[s] / (2 * max(distance, 0.1))
      if needed > Rule.yellowBraking {
        slots.flags[s] |= SlotFlag.committed
      } else if slots.privileges[s] & SlotPrivilege.passRed != 0 {
        slowDownAtRed(s, .privileged)
      } else {
        withdrawBeside(s, lane: lane)
      }
    }
  }

  /// Withdraws the grant of a vehicle on a side list.
  private func withdrawBeside(_ s: Int, lane: Int) {
    let c = Int(slots.next[s]) - topology.roadLanes
    // Nobody of the lane was granted after it.
    assert(grants.vehicle[Int(grants.base[c] + grants.count[c]) - 1] == slots.vehicle[s])
    grants.setCount(c, junction: Int(topology.connectorJunction[c]), to: grants.count[c] - 1)
    giveBack(s, to: Int(topology.connectorTo[c]))
    slots.flags[s] &= ~(SlotFlag.committed | SlotFlag.turnsOnRed)
    side.heldBy[lane] = -1
  }

  /// Frees the lanes whose stop line the tail of who held them has passed.
  func releaseHeldLanes(_ scratch: ChunkScratch) {
    var kept = 0
    for i in 0..<scratch.heldLanes.count {
      let lane = scratch.heldLanes[i]
      if side.heldBy[lane] < 0 { continue }
      if let g = grantHeld(Int(lane)), grants.rear[g] < 0 {
        scratch.heldLanes[kept] = lane
        kept += 1
      } else {
        side.heldBy[lane] = -1
      }
    }
    scratch.heldLanes.truncate(to: kept)
  }
}
