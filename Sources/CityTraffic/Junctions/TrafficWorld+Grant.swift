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
    let time = moment.signalTime
    let hasSideLists = side.isInUse[0] != 0
    askForGrants(chunk, scratch)
    forEachBusyJunction(scratch) { junction, approaches, look in
      let start = light(at: junction, time)
      let isNewLight = lights[junction].shown != Int32(truncatingIfNeeded: start)
      if isNewLight {
        lights[junction].shown = Int32(truncatingIfNeeded: start)
        for lane in approaches { lanes.sleeps[lane] = 0 }
      } else if !look.isAwake {
        return
      }
      ageGrants(junction, step: moment.stepSeconds)
      let revokes =
        start >= 0 && (isNewLight || lights[junction].revokes != 0 || hasSideLists)
      if revokes {
        lights[junction].revokes = revoke(approaches, states: start) ? 1 : 0
        revokeBeside(junction, states: start, scratch)
      }
      scratch.counters[0].hasRefusals = look.hasRefusals
      // Who comes after somebody granted may ask as well.
      let isAsked =
        isNewLight || revokes ? self.isAsked(approaches) : look.isAsking || hasSideLists
      if isAsked && giveGrants(junction, approaches, states: start, moment, scratch) {
        _ = giveGrants(junction, approaches, states: start, moment, scratch)
      }
      setClearances(junction)
    }
    if !scratch.heldLanes.isEmpty { releaseHeldLanes(scratch) }
  }

  /// Asks for the grants of a chunk, and then for the vehicles that hold them: those of a junction lie
  /// far apart, and its turn is over soon.
  @inline(__always) private func askForGrants(_ chunk: Int, _ scratch: ChunkScratch) {
    let junctions = Int(layout.firstJunction[chunk])..<Int(layout.firstJunction[chunk + 1])
    grants.list(ofJunctions: junctions, into: scratch.granted)
    let granted = scratch.granted.elements
    for c in granted { Prefetch.ask(topology.place(ofConnector: Int(c))) }
    for c in granted { Prefetch.ask(grants[Int(grants.base[c])]) }
    for c in granted { Prefetch.ask(vehicles[Int(grants.vehicle[grants.base[c]])]) }
  }

  /// Whether anybody asks, on lanes or beside them.
  @inline(__always) private func isAsked(_ approaches: ActiveRun) -> Bool {
    if side.isInUse[0] != 0 { return true }
    for lane in approaches where lanes.asks[lane] > lanes.sleeps[lane] { return true }
    return false
  }

  /// A run of the active lanes of a chunk, in order.
  typealias ActiveRun = Slice<UnsafeMutableBufferPointer<Int32>>

  /// What a glance at the approaches of a junction shows at the start of phase 4.
  private struct Look {
    /// Whether anything has to be done, if only at another light: somebody asks, waits for a light or
    /// holds a grant, or there is something on the connectors.
    var isBusy: Bool
    /// Not so where all who ask wait for another light.
    var isAwake: Bool
    /// Whether somebody asks who does not only wait for a light.
    var isAsking = false
    /// Whether somebody has been refused for a conflict or for want of room. Nobody asleep has.
    var hasRefusals = false
  }

  /// Visits the junctions of a chunk that are busy, ascending, each with its approach lanes that are
  /// active. Lanes, connectors and side lists all lie in the order of their junctions.
  @inline(__always) private func forEachBusyJunction(
    _ scratch: ChunkScratch,
    _ body: (_ junction: Int, _ approaches: ActiveRun, _ look: Look) -> Void
  ) {
    let active = scratch.lanes.elements
    let sideLinks = scratch.sideLinks.elements
    let roads = scratch.activeRoadLanes
    let all = active.count
    let firstConnector = Int32(truncatingIfNeeded: topology.roadLanes)
    var road = 0
    var connector = roads
    var beside = 0
    while true {
      let ofRoad = road < roads ? topology.laneJunction[active[road]] : .max
      let ofConnector = connector < all ? topology.laneJunction[active[connector]] : .max
      let ofSide = beside < sideLinks.count ? topology.linkTo[sideLinks[beside]] : .max
      let next = min(ofRoad, ofConnector, ofSide)
      if next == .max { return }
      let isCrossed = ofConnector == next || ofSide == next
      var look = Look(isBusy: isCrossed, isAwake: isCrossed)
      let first = road
      let endOfLanes = topology.junctionFirstLane[next + 1]
      var held: Int32 = 0
      var refused: UInt8 = 0
      var asks: UInt8 = 0
      var isAsking: UInt8 = 0
      while road < roads && active[road] < endOfLanes {
        let lane = lanes[Int(active[road])]
        held |= lane.pointee.granted
        refused |= lane.pointee.isCrossed
        asks |= lane.pointee.asks
        isAsking |= lane.pointee.asks & ~lane.pointee.sleeps
        road += 1
      }
      look.isBusy = look.isBusy || held > 0 || asks != 0
      look.isAsking = isAsking != 0
      look.isAwake = look.isAwake || held > 0 || isAsking != 0
      look.hasRefusals = refused != Refusal.none
      let endOfConnectors = firstConnector + topology.junctionFirstConnector[next + 1]
      while connector < all && active[connector] < endOfConnectors { connector += 1 }
      while beside < sideLinks.count, topology.linkTo[sideLinks[beside]] == next { beside += 1 }
      if look.isBusy { body(Int(next), active[first..<road], look) }
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
  func ageGrants(_ junction: Int, step: Float) {
    grants.forEachConnector(ofJunction: junction) { c in
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
      if left != n { grants.setCount(c, junction: junction, to: Int32(truncatingIfNeeded: left)) }
    }
  }

  // MARK: - Yellow and red

  /// Takes grants back from those who can stop: at yellow each driver decides once, at red nobody
  /// enters who can still stop. True where somebody holds a grant at yellow or red, who has to be
  /// looked at again in the next tick, though it is the same light.
  func revoke(_ approaches: ActiveRun, states: Int) -> Bool {
    var isAgain = false
    for approach in approaches where lanes.granted[approach] > 0 {
      let lane = Int(approach)
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
