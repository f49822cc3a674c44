import CityBase

/// The side lists in checkpoints. Their slots are written with all others; the published tails, the
/// lists of links and the lanes on which somebody may filter follow from the rest.
extension TrafficWorld {
  func encodeSideLists(into writer: inout StateWriter) {
    writer.section("traffic-side")
    writer.writeRaw(side.isInUse.array)
    for column in [side.count, side.reservedFor, side.heldBy] { writer.writeRaw(column.array) }
    writer.writeRaw(usedSideSlots().map { side.lane[$0 - side.firstSlot] })
  }

  func usedSideSlots() -> [Int] {
    var used: [Int] = []
    for link in 0..<side.count.count where side.count[link] > 0 {
      let first = Int(side.base[link])
      used.append(contentsOf: first..<(first + Int(side.count[link])))
    }
    return used
  }

  func decodeSideLists(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-side")
    try fill(side.isInUse, from: &reader)
    for column in [side.count, side.reservedFor, side.heldBy] { try fill(column, from: &reader) }
    for link in 0..<side.count.count {
      let n = side.count[link]
      let isAwaited: Int32 = side.reservedFor[link] >= 0 ? 1 : 0
      guard n >= 0, n <= side.capacity[link] - isAwaited else {
        throw .refused("the side list of link \(link) holds \(n) vehicles", file: reader.file)
      }
    }
    let lanes: [Int32] = try reader.readRaw()
    let used = usedSideSlots()
    guard lanes.count == used.count else {
      throw .refused("the side lists do not fit together", file: reader.file)
    }
    for (i, s) in used.enumerated() { side.lane[s - side.firstSlot] = lanes[i] }
  }

  /// What would trap later: vehicles off their link, lanes of other links, rooms promised twice.
  func checkSideLists(vehicleCount: Int, file: String) throws(CityError) {
    func bad(_ what: String) -> CityError {
      .refused("\(what) does not fit its side list", file: file)
    }
    for lane in 0..<side.heldBy.count where side.heldBy[lane] != -1 {
      guard (0..<Int32(vehicleCount)).contains(side.heldBy[lane]), grantHeld(lane) != nil else {
        throw bad("a held lane")
      }
    }
    for link in 0..<side.count.count {
      guard (-1..<Int32(vehicleCount)).contains(side.reservedFor[link]) else {
        throw bad("a promise")
      }
      let range = topology.lanes(ofLink: link)
      let first = Int(side.base[link])
      for s in first..<(first + Int(side.count[link])) {
        guard range.contains(side.lane(ofSlot: s)), Int(slots.laneHigh[s]) < range.count,
          slots.laneLow[s] <= slots.laneHigh[s]
        else { throw bad("a lane") }
        guard slots.next[s] >= 0 else { continue }
        let lane = side.lane(ofSlot: s)
        let c = Int(slots.next[s]) - topology.roadLanes
        guard topology.connectors(fromLane: lane).contains(c) else { throw bad("a next lane") }
      }
    }
    for s in usedSlots() where slots.privileges[s] & SlotPrivilege.ontoSide != 0 {
      guard let link = linkBeyond(s), side.reservedFor[link] == slots.vehicle[s] else {
        throw bad("a promise")
      }
    }
  }

  /// The link after the junction for a slot that is on its way onto a side list.
  func linkBeyond(_ s: Int) -> Int? {
    let next = Int(slots.next[s])
    guard next >= 0 else { return nil }
    let lane =
      next < topology.roadLanes ? next : Int(topology.connectorTo[next - topology.roadLanes])
    return Int(topology.laneLink[lane])
  }

  /// The lists that the phases work along, from the columns.
  func rebuildSideLists() {
    for i in 0..<chunks.count {
      chunks[i].sideLinks.removeAll()
      chunks[i].heldLanes.removeAll()
    }
    for link in 0..<side.count.count {
      side.tailRear[link] = .infinity
      if side.count[link] == 0 { continue }
      chunks[Int(layout.chunkOfLane[topology.linkFirstLane[link]])].sideLinks.append(Int32(link))
    }
    for lane in 0..<topology.roadLanes {
      if side.heldBy[lane] >= 0 {
        chunks[Int(layout.chunkOfLane[lane])].heldLanes.append(Int32(lane))
      }
      side.mayFilter[lane] = 0
      let first = Int(lanes.base[lane])
      for s in first..<(first + Int(lanes.count[lane]))
      where slots.privileges[s] & SlotPrivilege.filterQueue != 0 { side.mayFilter[lane] = 1 }
    }
  }
}
