import CityBase

/// Phase 7, transfer: vehicles that crossed a lane end arrive on their next lane.
extension TrafficWorld {
  /// Sorts all leavers into the inboxes of their lanes, in lane order; one after the other.
  func distribute(arrived: inout [Leaver]) {
    arrived.removeAll(keepingCapacity: true)
    transfers.removeAll()
    for i in 0..<chunks.count { chunks[i].receiving.removeAll() }
    for i in 0..<chunks.count {
      if i + 1 < chunks.count { askForLanes(chunks[i + 1].leavers.elements) }
      for leaver in chunks[i].leavers.elements {
        leaveTrail(leaver)
        if leaver.to < 0 {
          arrived.append(leaver)
        } else {
          post(leaver)
        }
      }
    }
  }

  @inline(__always) private func askForLanes(_ leavers: UnsafeMutableBufferPointer<Leaver>) {
    for leaver in leavers {
      Prefetch.ask(lanes[Int(leaver.from)])
      if leaver.to >= 0 { Prefetch.ask(lanes[Int(leaver.to)]) }
    }
  }

  private func post(_ leaver: Leaver) {
    let to = Int(leaver.to)
    if to < topology.roadLanes {
      if leaver.beside & SlotPrivilege.ontoSide != 0 {
        chunks[Int(layout.chunkOfLane[to])].sideArrivals.append(leaver)
        return
      }
      lanes.reservedCount[to] -= 1
      lanes.reservedLength[to] -= leaver.length + model.standstillGap
      if lanes.reservedCount[to] == 0 { lanes.reservedLength[to] = 0 }
    }
    let owner = chunks[Int(layout.chunkOfLane[to])]
    var entry = leaver
    entry.nextForLane = inbox[to]
    if inbox[to] < 0 { owner.receiving.append(Int32(truncatingIfNeeded: to)) }
    inbox[to] = Int32(truncatingIfNeeded: transfers.count)
    transfers.append(entry)
    owner.active.insert(to)
  }

  /// Notes whose tail still lies over the end of the lanes just left. The rear is that before the
  /// move, because the next tick adds the move when it publishes tails.
  private func leaveTrail(_ leaver: Leaver) {
    guard leaver.to >= 0 else { return }
    let from = Int(leaver.from)
    var end = leaver.position + lanes.length[from]
    if leaver.through >= 0 {
      let through = Int(leaver.through)
      lanes.trailVehicle[through] = leaver.vehicle
      lanes.trailRear[through] =
        leaver.position + lanes.length[through] - leaver.moved - leaver.length
      chunks[Int(layout.chunkOfLane[through])].active.insert(through)
      end += lanes.length[through]
    }
    // Who comes from the side list has left nothing in the lane.
    if leaver.beside & SlotPrivilege.fromSide != 0 { return }
    lanes.trailVehicle[from] = leaver.vehicle
    lanes.trailRear[from] = end - leaver.moved - leaver.length
  }

  /// One worker a chunk: takes in what has arrived for its lanes, in order of position.
  func transfer(chunk: Int) {
    takeArrivals(chunk)
    if probesOn[ProbeKind.detectors] != 0 { seeAfter(chunk: chunk, detectors) }
  }

  private func takeArrivals(_ chunk: Int) {
    let scratch = chunks[chunk]
    scratch.approaching.removeAll()
    if !scratch.sideArrivals.isEmpty { takeBeside(scratch) }
    let receiving = scratch.receiving.elements
    askForArrivals(receiving)
    for lane in receiving {
      var entry = inbox[lane]
      inbox[lane] = -1
      while entry >= 0 {
        let leaver = transfers[Int(entry)]
        take(leaver, lane: Int(lane), scratch)
        entry = leaver.nextForLane
      }
    }
  }

  /// Asks for the vehicles and the places of all arrivals, which are few, and then for their ways.
  @inline(__always) private func askForArrivals(_ receiving: UnsafeMutableBufferPointer<Int32>) {
    for lane in receiving {
      let record = lanes[Int(lane)]
      Prefetch.ask(slots[Int(record.pointee.base &+ record.pointee.count)])
      let vehicle = Int(transfers[Int(inbox[lane])].vehicle)
      Prefetch.ask(vehicles[vehicle])
      Prefetch.ask(vehicles.metres.base + vehicle)
      Prefetch.ask(tripKey.base + vehicle)
    }
    for lane in receiving {
      let vehicle = Int(transfers[Int(inbox[lane])].vehicle)
      Prefetch.ask(routes.place(of: Int(vehicles.routeIndex[vehicle])))
      if lane >= topology.roadLanes { continue }
      for c in topology.connectors(fromLane: Int(lane)) {
        Prefetch.ask(topology.place(ofConnector: c))
      }
    }
  }

  private func take(_ leaver: Leaver, lane: Int, _ scratch: ChunkScratch) {
    let v = Int(leaver.vehicle)
    rouse(lane)
    let first = Int(lanes.base[lane])
    var n = Int(lanes.count[lane])
    precondition(n < Int(lanes.capacity[lane]), "a lane overflows")
    // Arrivals of one tick are few and may come in any order; the front one goes first.
    while n > 0 && slots.position[first + n - 1] < leaver.position {
      slots.copy(first + n - 1, to: first + n)
      n -= 1
    }
    let s = first + n
    lanes.count[lane] += 1
    slots.position[s] = leaver.position
    slots.speed[s] = leaver.speed
    slots.vehicle[s] = leaver.vehicle
    slots.stoodFrom[s] = now
    slots.flags[s] = 0
    slots.privileges[s] = leaver.beside & SlotPrivilege.ontoSide
    slots.driver[s] = leaver.driver
    if lane < topology.roadLanes {
      comeOntoLink(leaver, in: s, lane: lane, scratch)
    } else {
      slots.next[s] = topology.connectorTo[lane - topology.roadLanes]
      slots.desired[s] = crossingSpeed(of: v, connector: lane)
      slots.exitSpeed[s] = .infinity
      slots.leaveAt[s] = .infinity
    }
  }

  /// Tells those who want to know that a vehicle has come upon the link of its destination.
  @inline(__always) func announceApproach(_ s: Int, _ scratch: ChunkScratch) {
    if slots.next[s] == NextLane.arrival, vehicles.watch[slots.vehicle[s]] & Watch.events != 0 {
      scratch.approaching.append(slots.vehicle[s])
    }
  }

  /// Sets what a vehicle wants on the road lane it is on: where to go next, from which lanes, how
  /// fast. Called on entry, after a lane change and after a change of route.
  func settle(_ s: Int, lane: Int) {
    if s >= side.firstSlot { settleBeside(s) } else { settleIn(s, lane: lane) }
  }

  /// Settles the vehicle of a slot as one of a certain lane.
  func settleIn(_ s: Int, lane: Int) {
    let v = Int(slots.vehicle[s])
    let link = Int(topology.laneLink[lane])
    // Who is not the next to ask changes nothing for the one who is.
    if s - Int(lanes.base[lane]) == Int(lanes.granted[lane]) { wake(lane) } else { rouse(lane) }
    lanes.mayChange[lane] = MayChange.all
    slots.desired[s] = desiredSpeed(of: v, lane: lane)
    if side.isInUse[0] != 0 { notePrivileges(s, lane: lane, vehicle: v) }
    let following = nextLink(of: v)
    defer { setFlags(s, number: lane - Int(topology.linkFirstLane[link]), vehicle: v) }
    guard following >= 0 else {
      slots.next[s] = NextLane.arrival
      slots.leaveAt[s] = leaveOffset(of: v, lane: lane, from: slots.position[s])
      slots.exitSpeed[s] = .infinity
      let kerb = kerbLane(ofLink: link, for: v)
      slots.laneLow[s] = UInt8(truncatingIfNeeded: kerb)
      slots.laneHigh[s] = slots.laneLow[s]
      slots.leadsOn[s] = 0
      return
    }
    slots.leaveAt[s] = .infinity
    chooseLanes(s, lane: lane, link: link, vehicle: v)
  }

  /// The lane nearest to the kerb that is open to a vehicle, counted from there.
  @inline(__always) func kerbLane(ofLink link: Int, for vehicle: Int) -> Int {
    reserved.open(link, to: vehicles.vehicleClass[vehicle]).trailingZeroBitCount
  }

  /// Keeps in one byte what the search for lane changes asks of every vehicle.
  private func setFlags(_ s: Int, number: Int, vehicle: Int) {
    let isMisplaced = number < Int(slots.laneLow[s]) || number > Int(slots.laneHigh[s])
    var flags = slots.flags[s] & ~(SlotFlag.misplaced | SlotFlag.turn)
    if isMisplaced { flags |= SlotFlag.misplaced }
    slots.flags[s] = flags | UInt8(vehicle & 3) << 6
  }

  /// A vehicle has crossed a junction: it is on the next link of its way, in a slot of a lane or
  /// beside it, and no junction holds anything for it.
  func comeOntoLink(_ leaver: Leaver, in s: Int, lane: Int, _ scratch: ChunkScratch) {
    let v = Int(leaver.vehicle)
    let crossing = leaver.through >= 0 ? leaver.through : leaver.from
    if probesOn[ProbeKind.passages] != 0 { notePassage(leaver, through: Int(crossing), passages) }
    vehicles.metres[v] += lanes.length[crossing] + topology.linkLength[currentLink(of: v)]
    vehicles.routeIndex[v] += 1
    vehicles.clearance[v] = .infinity
    vehicles.divergeRear[v] = .infinity
    vehicles.heldAt[v] = -1
    settle(s, lane: lane)
    announceApproach(s, scratch)
  }
}
