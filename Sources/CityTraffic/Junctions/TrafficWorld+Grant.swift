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
    askForHolders(chunk, scratch)
    forEachBusyJunction(scratch) { junction, approaches, isAwake in
      let start = light(at: junction, time)
      if shownStates[junction] != Int32(truncatingIfNeeded: start) {
        shownStates[junction] = Int32(truncatingIfNeeded: start)
        for lane in approaches { lanes.sleeps[lane] = 0 }
      } else if !isAwake {
        return
      }
      ageGrants(junction, step: moment.stepSeconds)
      if start >= 0 {
        revoke(approaches, states: start)
        revokeBeside(junction, states: start, scratch)
      }
      // Who comes after somebody granted may ask as well.
      if isAsked(approaches) && giveGrants(junction, approaches, states: start, moment, scratch) {
        _ = giveGrants(junction, approaches, states: start, moment, scratch)
      }
      setClearances(junction)
    }
    if !scratch.heldLanes.isEmpty { releaseHeldLanes(scratch) }
  }

  /// Asks for the heads of a chunk's lanes and for those who hold its grants, list by list.
  private func askForHolders(_ chunk: Int, _ scratch: ChunkScratch) {
    let junctions = Int(layout.firstJunction[chunk])..<Int(layout.firstJunction[chunk + 1])
    for j in junctions {
      grants.forEachConnector(ofJunction: j) { c in Prefetch.ask(grants.list(c)) }
    }
    for i in 0..<scratch.activeRoadLanes {
      let record = lanes[Int(scratch.lanes[i])]
      Prefetch.ask(slots[Int(record.pointee.base &+ record.pointee.granted)])
    }
    for j in junctions {
      grants.forEachConnector(ofJunction: j) { c in Prefetch.ask(grants[Int(grants.base[c])]) }
    }
    for j in junctions {
      grants.forEachConnector(ofJunction: j) { c in
        let first = grants[Int(grants.base[c])]
        for i in 0..<Int(grants.count[c]) { Prefetch.ask(vehicles[Int(first[i].vehicle)]) }
      }
    }
  }

  /// Whether anybody asks, on lanes or beside them.
  @inline(__always) private func isAsked(_ approaches: ActiveRun) -> Bool {
    if side.isInUse[0] != 0 { return true }
    for lane in approaches where lanes.asks[lane] > lanes.sleeps[lane] { return true }
    return false
  }

  /// A run of the active lanes of a chunk, in order.
  typealias ActiveRun = Slice<UnsafeMutableBufferPointer<Int32>>

  /// Visits the junctions of a chunk with anything on their connectors, or somebody on their
  /// approaches who asks or holds a grant, ascending, each with its approach lanes that are active,
  /// and whether it is awake: not so where all who ask wait for another light. Lanes, connectors and
  /// side lists all lie in the order of their junctions.
  @inline(__always) private func forEachBusyJunction(
    _ scratch: ChunkScratch,
    _ body: (_ junction: Int, _ approaches: ActiveRun, _ isAwake: Bool) -> Void
  ) {
    let active = scratch.lanes.elements
    let sideLinks = scratch.sideLinks.elements
    var road = 0
    var connector = scratch.activeRoadLanes
    let roads = connector
    var beside = 0
    func junction(_ i: Int, _ end: Int) -> Int32 {
      i < end ? topology.laneJunction[active[i]] : .max
    }
    var ofRoad = junction(road, roads)
    var ofConnector = junction(connector, active.count)
    while true {
      let ofSide = beside < sideLinks.count ? topology.linkTo[sideLinks[beside]] : .max
      let next = min(ofRoad, ofConnector, ofSide)
      if next == .max { return }
      var isAwake = ofConnector == next || ofSide == next
      var isAsked = isAwake
      let first = road
      while ofRoad == next {
        let lane = active[road]
        if lanes.granted[lane] > 0 || lanes.asks[lane] != 0 { isAsked = true }
        if lanes.granted[lane] > 0 || lanes.asks[lane] > lanes.sleeps[lane] { isAwake = true }
        road += 1
        ofRoad = junction(road, roads)
      }
      while ofConnector == next {
        connector += 1
        ofConnector = junction(connector, active.count)
      }
      while beside < sideLinks.count, topology.linkTo[sideLinks[beside]] == next { beside += 1 }
      if isAsked { body(Int(next), active[first..<road], isAwake) }
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
  /// enters who can still stop.
  func revoke(_ approaches: ActiveRun, states: Int) {
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
