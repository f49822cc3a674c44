import CityBase

/// What a restored state must hold to, and what follows from it.
extension TrafficWorld {
  /// The checksum has caught damage by chance; this catches what would trap later.
  func checkIndices(vehicleCount: Int, file: String) throws(CityError) {
    let trips = Int32(vehicleCount)
    let allLanes = Int32(lanes.count.count)
    func check(_ isRight: Bool, _ what: String) throws(CityError) {
      if !isRight { throw .refused("\(what) out of range", file: file) }
    }
    for s in usedSlots() {
      try check((0..<trips).contains(slots.vehicle[s]), "a vehicle")
      try check((-2..<allLanes).contains(slots.next[s]), "a next lane")
    }
    for g in usedGrants() { try check((0..<trips).contains(grants.vehicle[g]), "a grant") }
    for lane in 0..<lanes.count.count {
      try check((-1..<trips).contains(lanes.trailVehicle[lane]), "a tail")
      try check((-1..<allLanes).contains(lanes.waitsFor[lane]), "a waiting lane")
      try check((0...lanes.count[lane]).contains(lanes.granted[lane]), "a granted count")
    }
    try checkLaneContents(file: file)
    try checkSideLists(vehicleCount: vehicleCount, file: file)
    let links = Int32(network.linkCount)
    for link in routes.elements { try check((0..<links).contains(link.rawValue), "a route link") }
    let ends = Int32(clamping: routes.count)
    for v in 0..<Int(trips) {
      try check((0...ends).contains(vehicles.routeEnd[v]), "a route end")
      let end = vehicles.routeEnd[v]
      try check((0..<max(1, end)).contains(vehicles.routeIndex[v]), "a route place")
      try check((0..<max(1, ends)).contains(vehicles.routeFirst[v]), "a route start")
      try check((-1..<trips).contains(vehicles.queueNext[v]), "a queue")
      try check((-1..<links).contains(destinationLink[v]), "a destination")
      try check(destinationOffset[v].isFinite, "a destination")
    }
    for link in 0..<Int(links) {
      try check((-1..<trips).contains(queueHead[link]), "a queue")
      try check((-1..<trips).contains(queueTail[link]), "a queue")
    }
  }

  /// Vehicles must be on their way from the lane they are on, and hold the grants that are counted.
  private func checkLaneContents(file: String) throws(CityError) {
    func bad(_ what: String) -> CityError { .refused("\(what) does not fit its lane", file: file) }
    for lane in 0..<lanes.count.count {
      let first = Int(lanes.base[lane])
      let isRoad = lane < topology.roadLanes
      if lanes.reservedCount[lane] < 0 { throw bad("a reservation") }
      if !isRoad && lanes.granted[lane] != 0 { throw bad("a granted count") }
      for i in 0..<Int(lanes.count[lane]) {
        let next = slots.next[first + i]
        let v = Int(slots.vehicle[first + i])
        guard isRoad else {
          if next != topology.connectorTo[lane - topology.roadLanes]
            || vehicles.routeIndex[v] >= vehicles.routeEnd[v] - 1
          {
            throw bad("a vehicle")
          }
          continue
        }
        if next < 0 { continue }
        let c = Int(next) - topology.roadLanes
        guard topology.connectors(fromLane: lane).contains(c) else { throw bad("a next lane") }
        if i < Int(lanes.granted[lane]) {
          let start = Int(grants.base[c])
          let held = start..<(start + Int(grants.count[c]))
          if !held.contains(where: { grants.vehicle[$0] == slots.vehicle[first + i] }) {
            throw bad("a grant")
          }
        }
      }
    }
  }

  /// Which lanes are active and ask, where trips wait and who holds a grant follows from the columns.
  func rebuildLists() {
    for lane in 0..<topology.roadLanes {
      wake(lane)
      lanes.mayChange[lane] = MayChange.all
    }
    for j in 0..<topology.junctions {
      lights[j].shown = -1
      grants.forEachConnector(ofJunction: j) { c in
        let first = Int(grants.base[c])
        for g in first..<(first + Int(grants.count[c])) {
          let vehicle = Int(grants.vehicle[g])
          if topology.linkTo[currentLink(of: vehicle)] == Int32(j) {
            vehicles.heldAt[vehicle] = Int32(j)
          }
        }
      }
    }
    for i in 0..<chunks.count {
      chunks[i].counters[0].sameLightsUntil = .min
      chunks[i].active.removeAll()
      chunks[i].queueLinks.removeAll()
    }
    for lane in 0..<lanes.count.count
    where lanes.count[lane] > 0 || lanes.trailVehicle[lane] >= 0 { markActive(lane) }
    for link in 0..<network.linkCount where queueHead[link] >= 0 {
      chunks[Int(layout.chunkOfLane[topology.linkFirstLane[link]])].queueLinks.append(Int32(link))
    }
    rebuildSideLists()
  }
}
