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
    collectJunctions(scratch)
    let timeOfDay = moment.clock.instant(of: moment.tick).millisecondOfDay
    for j in scratch.junctions.elements {
      let junction = Int(j)
      let signal = topology.junctionSignal[junction]
      let start =
        signal >= 0 ? signals.stateStart(of: Int(signal), atMillisecondOfDay: timeOfDay) : -1
      ageGrants(junction, step: moment.stepSeconds)
      if start >= 0 {
        revoke(junction, states: start)
        revokeBeside(junction, states: start, scratch)
      }
      for round in 0..<2 {
        if !giveGrants(junction, states: start, round: round, moment, scratch) { break }
      }
      setClearances(junction)
    }
    if !scratch.heldLanes.isEmpty { releaseHeldLanes(scratch) }
  }

  /// The junctions of a chunk with anything on their approaches or connectors, ascending.
  func collectJunctions(_ scratch: ChunkScratch) {
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
    for link in scratch.sideLinks.elements { scratch.junctions.append(topology.linkTo[link]) }
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
  func ageGrants(_ junction: Int, step: Float) {
    grants.forEachConnector(ofJunction: junction) { c in
      let n = Int(grants.count[c])
      let first = Int(grants.base[c])
      let cleared = lanes.length[topology.roadLanes + c] - 0.01
      var kept = 0
      for i in first..<(first + n) {
        let moved = vehicles.displacement[grants.vehicle[i]]
        let rear = grants.rear[i] + moved
        if rear >= cleared { continue }
        let t = first + kept
        grants.rear[t] = rear
        grants.speed[t] = moved / step
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
  func revoke(_ junction: Int, states: Int) {
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
    lanes.asks[lane] = 1
  }

  @inline(__always) func signalState(_ states: Int, of lane: Int32) -> UInt8 {
    let group = topology.connectorGroup[Int(lane) - topology.roadLanes]
    if states < 0 || group < 0 { return SignalState.permissive.rawValue }
    return signals.state(start: states, group: Int(group))
  }
}
