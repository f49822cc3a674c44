import CityBase
import CityNetwork
import CitySimulation

/// Phase 4, grant: every junction decides who may enter.
///
/// The worker of a junction writes its grants, the granted counts of its approaches, flags of
/// vehicles on them, clearances of the vehicles granted, and the reservations of the lanes that
/// lead out (only this junction feeds those). It reads the tails published before.
extension TrafficWorld {
  func grant(chunk: Int, moment: Moment) {
    let scratch = chunks[chunk]
    let hasSideLists = side.isInUse[0] != 0
    listGrants(chunk, scratch)
    ageGrants(scratch.granted, step: moment.stepSeconds)
    if hasSideLists {
      for link in scratch.sideLinks.elements { busy.ask(Int(topology.linkTo[link])) }
    }
    let mayBeNew = lightsMayBeNew(chunk, scratch, at: moment.signalTime)
    busy.forEach(ofChunk: chunk, isForAll: mayBeNew) { junction, isAsked in
      let start = light(at: junction, moment.signalTime)
      let isNewLight = lights[junction].shown != Int32(truncatingIfNeeded: start)
      if !isAsked && !isNewLight { return }
      if isNewLight {
        lights[junction].shown = Int32(truncatingIfNeeded: start)
        forEachApproach(of: junction, scratch) { lanes.sleeps[$0] = 0 }
      }
      if start >= 0 && (isNewLight || lights[junction].revokes != 0 || hasSideLists) {
        lights[junction].revokes = 0
        if revoke(junction, states: start, scratch) { lookAgain(junction) }
        revokeBeside(junction, states: start, scratch)
      }
      let look = look(at: junction, scratch)
      if !look.isAsked && lights[junction].revokes == 0 { busy.stopAsking(junction) }
      scratch.counters[0].hasRefusals = look.hasRefusals
      // Who comes after somebody granted may ask as well.
      if look.isAsking || hasSideLists, giveGrants(junction, states: start, moment, scratch) {
        _ = giveGrants(junction, states: start, moment, scratch)
      }
    }
    setClearances(scratch.granted)
    if !scratch.heldLanes.isEmpty { releaseHeldLanes(scratch) }
  }

  /// Lists the connectors of a chunk with grants, and asks for these and for the vehicles that hold
  /// them: they lie far apart.
  @inline(__always) private func listGrants(_ chunk: Int, _ scratch: ChunkScratch) {
    scratch.granted.removeAll()
    busy.forEachGranted(ofChunk: chunk) { junction in
      grants.forEachConnector(ofJunction: junction) { c in
        Prefetch.ask(topology.place(ofConnector: c))
        scratch.granted.append(Int32(truncatingIfNeeded: c))
      }
    }
    let granted = scratch.granted.elements
    for c in granted { Prefetch.ask(grants[Int(grants.base[c])]) }
    for c in granted { Prefetch.ask(vehicles[Int(grants.vehicle[grants.base[c]])]) }
  }

  /// What a glance at the approaches of a junction shows.
  private struct Look {
    /// Whether anybody asks, if only for another light.
    var isAsked: Bool
    /// Whether somebody asks who does not only wait for a light.
    var isAsking: Bool
    /// Whether somebody has been refused for a conflict or for want of room. Nobody asleep has.
    var hasRefusals: Bool
  }

  @inline(__always) private func look(at junction: Int, _ scratch: ChunkScratch) -> Look {
    var refused: UInt8 = 0
    var asks: UInt8 = 0
    var isAsking: UInt8 = 0
    forEachApproach(of: junction, scratch) {
      let lane = lanes[$0]
      refused |= lane.pointee.isCrossed
      asks |= lane.pointee.asks
      isAsking |= lane.pointee.asks & ~lane.pointee.sleeps
    }
    return Look(
      isAsked: asks != 0, isAsking: isAsking != 0, hasRefusals: refused != Refusal.none)
  }

  /// Visits the lanes that lead to a junction, ascending, but for those that are empty or asleep.
  @inline(__always) func forEachApproach(
    of junction: Int, _ scratch: ChunkScratch, _ body: (Int) -> Void
  ) {
    scratch.active.forEachAwake(in: approachLanes(ofJunction: junction), body)
  }

  func connectors(ofJunction j: Int) -> Range<Int> {
    Int(topology.junctionFirstConnector[j])..<Int(topology.junctionFirstConnector[j + 1])
  }

  func approachLanes(ofJunction j: Int) -> Range<Int> {
    Int(topology.junctionFirstLane[j])..<Int(topology.junctionFirstLane[j + 1])
  }

  /// Moves every grant of some connectors on by what its vehicle drove in the last tick and drops those
  /// whose vehicle has cleared the connector.
  @inline(__always) private func ageGrants(_ connectors: RawList<Int32>, step: Float) {
    for c in connectors.elements {
      let c = Int(c)
      let n = Int(grants.count[c])
      let first = grants[Int(grants.base[c])]
      let cleared = grants.connectorLength[c] - 0.01
      var kept = first
      for i in 0..<n {
        let grant = first + i
        let moved = vehicles.displacement[grant.pointee.vehicle]
        let rear = grant.pointee.rear + moved
        if rear >= cleared { continue }
        if kept != grant { kept.pointee = grant.pointee }
        kept.pointee.rear = rear
        kept.pointee.speed = moved / step
        kept += 1
      }
      let left = kept - first
      if left != n {
        grants.setCount(
          c, junction: Int(topology.connectorJunction[c]), to: Int32(truncatingIfNeeded: left))
      }
    }
  }

  // MARK: - Yellow and red

  /// Takes grants back from those who can stop: at yellow each driver decides once, at red nobody
  /// enters who can still stop. True where somebody holds a grant at yellow or red, who has to be
  /// looked at again in the next tick, though it is the same light.
  private func revoke(_ junction: Int, states: Int, _ scratch: ChunkScratch) -> Bool {
    var isAgain = false
    forEachApproach(of: junction, scratch) { lane in
      let first = Int(lanes.base[lane])
      for i in 0..<Int(lanes.granted[lane]) {
        let s = first + i
        guard slots.next[s] >= 0, slots.flags[s] & SlotFlag.turnsOnRed == 0 else { continue }
        let state = signalState(states, of: slots.next[s])
        guard state == SignalState.red.rawValue || state == SignalState.yellow.rawValue else {
          slots.flags[s] &= ~SlotFlag.committed
          continue
        }
        isAgain = true
        let isCommitted = slots.flags[s] & SlotFlag.committed != 0
        if state == SignalState.yellow.rawValue && isCommitted { continue }
        let distance = lanes.length[lane] - slots.position[s]
        let needed = slots.speed[s] * slots.speed[s] / (2 * max(distance, 0.1))
        if needed <= Rule.yellowBraking {
          if slots.privileges[s] & SlotPrivilege.passRed != 0 {
            slowDownAtRed(s, .privileged)
            continue
          }
          withdraw(lane, from: i)
          break
        }
        slots.flags[s] |= SlotFlag.committed
      }
    }
    return isAgain
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
        giveBack(s, to: Int(topology.connectorTo[c]))
        slots.exitSpeed[s] = crossingSpeed(of: Int(slots.vehicle[s]), connector: Int(next))
      }
      slots.flags[s] &= ~(SlotFlag.committed | SlotFlag.turnsOnRed)
      i -= 1
    }
    lanes.granted[lane] = Int32(index)
    wake(lane)
  }

  @inline(__always) func signalState(_ states: Int, of lane: Int32) -> UInt8 {
    let group = topology.connectorGroup[Int(lane) - topology.roadLanes]
    if states < 0 || group < 0 { return SignalState.permissive.rawValue }
    return signals.state(start: states, group: Int(group))
  }
}
