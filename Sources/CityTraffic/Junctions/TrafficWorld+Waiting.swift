import CityBase
import CityNetwork

/// Who waits for whom: asked every few seconds, of lanes whose first vehicle stands.
extension TrafficWorld {
  /// What the first vehicle of a lane waits for: a lane or connector and those on it, or -1 where
  /// it is nobody's queue.
  struct Wait {
    var reason: WaitReason
    var lane: Int32 = -1
  }

  /// Visits the lanes and connectors with vehicles, ascending.
  @inline(__always) func forEachOccupiedLane(_ body: (Int) -> Void) {
    for i in 0..<chunks.count {
      forEachRoadLane(ofChunk: i) { if lanes.count[$0] > 0 { body($0) } }
    }
    for i in 0..<chunks.count {
      chunks[i].active.forEachConnector { if lanes.count[$0] > 0 { body($0) } }
    }
  }

  /// Visits the active road lanes of a chunk, ascending, for who looks at their first vehicles.
  @inline(__always) func forEachRoadLane(ofChunk chunk: Int, _ body: (Int) -> Void) {
    chunks[chunk].active.forEachRoadLane(
      soon: { Prefetch.ask(lanes[$0]) },
      then: { Prefetch.ask(slots[Int(lanes.base[$0])]) }, body)
  }

  /// How many vehicles of a lane stand.
  func standingVehicles(onLane lane: Int) -> Int {
    let first = Int(lanes.base[lane])
    return (first..<(first + Int(lanes.count[lane]))).count { standing($0) > 0 }
  }

  /// Whether a vehicle has stood on a lane for so many ticks, first of it or not.
  func isStanding(_ vehicle: Int32, onLane lane: Int, ticks: Int) -> Bool {
    let first = Int(lanes.base[lane])
    return (first..<(first + Int(lanes.count[lane]))).contains {
      slots.vehicle[$0] == vehicle && Int(standing($0)) >= ticks
    }
  }

  /// What the first vehicle of a lane or connector waits for. The lane must not be empty.
  ///
  /// Its own light is left out of it: who cannot leave the junction waits for the room beyond, in
  /// green and in red.
  func wait(ofHeadOf lane: Int) -> Wait {
    let s = Int(lanes.base[lane])
    if lane >= topology.roadLanes { return waitInJunction(s, c: lane - topology.roadLanes) }
    if isHeadHeldBack(lane) { return Wait(reason: .obstacle) }
    let next = slots.next[s]
    if next == NextLane.wrongLane {
      return Wait(reason: .lane, lane: Int32(truncatingIfNeeded: laneWanted(s, lane: lane)))
    }
    guard next >= 0 else { return waitForTail(s, of: lane) }
    let c = Int(next) - topology.roadLanes
    if lanes.granted[lane] > 0 {
      let wait = waitInJunction(s, c: c)
      if wait.reason == .junction || lanes.count[next] == 0 { return wait }
      return Wait(reason: .junction, lane: next)
    }
    return waitForGrant(s, c: c, lane: lane)
  }

  /// The lane beside this one on the way to those that lead on.
  private func laneWanted(_ s: Int, lane: Int) -> Int {
    let all = topology.lanes(ofLink: Int(topology.laneLink[lane]))
    let wanted = lane - all.lowerBound < Int(slots.laneLow[s]) ? lane + 1 : lane - 1
    return all.contains(wanted) ? wanted : -1
  }

  /// Who is about to leave the road on a lane can only have a tail before it.
  private func waitForTail(_ s: Int, of lane: Int) -> Wait {
    let vehicle = lanes.trailVehicle[lane]
    guard vehicle >= 0 else { return Wait(reason: .obstacle) }
    for c in topology.connectors(fromLane: lane) {
      if let g = grantHeld(by: vehicle, on: c) {
        return Wait(reason: .junction, lane: whereFront(of: g, on: c))
      }
    }
    return Wait(reason: .junction)
  }

  /// Of a vehicle that is not let into the junction yet.
  private func waitForGrant(_ s: Int, c: Int, lane: Int) -> Wait {
    let to = Int(topology.connectorTo[c])
    if isClosed[topology.laneLink[to]] != 0 { return Wait(reason: .closure) }
    let distance = lanes.length[lane] - slots.position[s]
    if !hasRoom(s, c: c, to: to, distance: distance) {
      return Wait(reason: .room, lane: whoFills(to, of: c))
    }
    if let blocker = standingInJunction(before: c) {
      return Wait(reason: .junction, lane: blocker)
    }
    let isSignalled =
      topology.connectorGroup[c] >= 0
      && topology.junctionSignal[topology.connectorJunction[c]] >= 0
    return Wait(reason: isSignalled ? .signal : .gap, lane: lanes.waitsFor[lane])
  }

  /// Of a vehicle that is in the junction or may enter it.
  private func waitInJunction(_ s: Int, c: Int) -> Wait {
    if let blocker = blocker(of: slots.vehicle[s], on: c) {
      return Wait(reason: .junction, lane: blocker)
    }
    return Wait(reason: .room, lane: whoFills(Int(topology.connectorTo[c]), of: c))
  }

  /// Who takes up the room of a lane beyond a junction: its own queue, else a vehicle that has left
  /// it and whose tail is still there, else those on their way to it.
  private func whoFills(_ to: Int, of connector: Int) -> Int32 {
    let lane = Int32(truncatingIfNeeded: to)
    if lanes.count[to] > 0 { return lane }
    let tail = lanes.trailVehicle[to]
    if tail >= 0 {
      for c in topology.connectors(fromLane: to) {
        if let g = grantHeld(by: tail, on: c) { return whereFront(of: g, on: c) }
      }
    }
    for c in connectors(ofJunction: Int(topology.connectorJunction[connector]))
    where Int(topology.connectorTo[c]) == to && c != connector && grants.count[c] > 0 {
      return whereFront(of: Int(grants.base[c]), on: c)
    }
    return lane
  }

  private func grantHeld(by vehicle: Int32, on c: Int) -> Int? {
    (Int(grants.base[c])..<Int(grants.base[c] + grants.count[c])).first {
      grants.vehicle[$0] == vehicle
    }
  }

  /// The lane or connector on which the front of a granted vehicle is: still on its approach, on
  /// its connector, or beyond.
  private func whereFront(of g: Int, on c: Int) -> Int32 {
    let through = topology.roadLanes + c
    let front = grants.rear[g] + grants.length[g]
    if front < 0 { return topology.connectorFrom[c] }
    return front <= lanes.length[through]
      ? Int32(truncatingIfNeeded: through) : topology.connectorTo[c]
  }

  /// Where the first granted of those stands who stand in the way of a connector.
  private func standingInJunction(before c: Int) -> Int32? {
    var oldest: (number: UInt32, lane: Int32)?
    for k in topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      if conflict.kind == ConflictKind.diverge { continue }
      let other = conflict.other.index
      for g in Int(grants.base[other])..<Int(grants.base[other] + grants.count[other])
      where grants.rear[g] < conflict.otherExit && grants.speed[g] < Rule.standing {
        let number = grants.number[g]
        if let oldest, Int32(bitPattern: number &- oldest.number) >= 0 { continue }
        oldest = (number, whereFront(of: g, on: other))
      }
    }
    return oldest?.lane
  }

  /// Where the vehicle stands that was granted before another one on a connector and is in its way,
  /// in an area it has to clear or on the way that the two share.
  private func blocker(of vehicle: Int32, on c: Int) -> Int32? {
    let clearance = vehicles.clearance[vehicle]
    let divergeRear = vehicles.divergeRear[vehicle]
    guard clearance < .infinity || divergeRear < .infinity else { return nil }
    guard let own = grantHeld(by: vehicle, on: c) else { return nil }
    for k in topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      let other = conflict.other.index
      for g in Int(grants.base[other])..<Int(grants.base[other] + grants.count[other])
      where Int32(bitPattern: grants.number[g] &- grants.number[own]) < 0
        && grants.rear[g] < conflict.otherExit
      {
        let rear = grants.rear[g] + conflict.shift
        let isWaitedFor =
          conflict.kind == ConflictKind.crossing
          ? conflict.entry == clearance
          : rear == divergeRear
            || conflict.kind != ConflictKind.diverge && rear < conflict.entry
              && conflict.entry == clearance
        if isWaitedFor { return whereFront(of: g, on: other) }
      }
    }
    return nil
  }
}
