import CityBase
import CityNetwork
import CitySimulation

extension TrafficDomain: Checkpointable {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("traffic-counts")
    for n in [
      vehicleTicks, Int64(peakOnRoad), Int64(interval.departed), Int64(interval.arrived),
      interval.vehicleTicks, lastTick, Int64(releasedTrips), Int64(peakMeasured),
    ] { writer.write(n) }
    counts.encode(into: &writer)
    encodeDrives(into: &writer)
    writer.write(interval.metres)
    times.encode(into: &writer)
    decisions.encode(into: &writer)
    gridlock.encode(into: &writer)
    stuck.encode(into: &writer)
    recent.encode(into: &writer)
    encode(totalsAtStart, into: &writer)
    encode(totalsAtEnd, into: &writer)
    for events in [eventsAtStart, eventsAtEnd] { events.encode(into: &writer) }
    world.encodeState(into: &writer)
    world.encodeObstacles(into: &writer)
    signalRoom.encodeState(into: &writer)
  }

  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-counts")
    var n: [Int64] = []
    for _ in 0..<8 { n.append(try reader.read()) }
    guard n.allSatisfy({ $0 >= 0 }), n[6] <= Int64(demand.trips.count) else {
      throw .refused("the checkpoint is of another demand", file: reader.file)
    }
    restore(
      counts: try TrafficCounts(from: &reader), releasedTrips: Int(n[6]), vehicleTicks: n[0],
      peak: (Int(n[1]), Int(n[7])), lastTick: n[5])
    try decodeDrives(from: &reader)
    interval = IntervalState(
      departed: Int(n[2]), arrived: Int(n[3]), vehicleTicks: n[4],
      metres: try reader.readDouble())
    try times.decode(from: &reader)
    try decisions.decode(from: &reader)
    try gridlock.decode(from: &reader, vehicleCount: vehicleCount, lastTick: lastTick)
    try stuck.decode(from: &reader)
    try recent.decode(from: &reader)
    totalsAtStart = try decodeTotals(from: &reader)
    totalsAtEnd = try decodeTotals(from: &reader)
    eventsAtStart = try EventCounts(from: &reader)
    eventsAtEnd = try EventCounts(from: &reader)
    try world.decodeState(from: &reader, vehicleCount: vehicleCount)
    try world.decodeObstacles(from: &reader)
    try signalRoom.decodeState(from: &reader)
  }

  private func encode(_ totals: LinkTotals?, into writer: inout StateWriter) {
    writer.write(totals != nil)
    guard let totals else { return }
    writer.writeRaw(totals.vehicleTicks)
    writer.writeRaw(totals.metres)
    writer.writeRaw(totals.missedTurns)
    writer.write(totals.allVehicleTicks)
    writer.write(totals.allMetres)
  }

  private func decodeTotals(from reader: inout StateReader) throws(CityError) -> LinkTotals? {
    guard try reader.readBool() else { return nil }
    var totals = LinkTotals()
    totals.vehicleTicks = try reader.readRaw()
    totals.metres = try reader.readRaw()
    totals.missedTurns = try reader.readRaw()
    totals.allVehicleTicks = try reader.read()
    totals.allMetres = try reader.readDouble()
    guard totals.vehicleTicks.count == network.linkCount,
      totals.metres.count == network.linkCount, totals.missedTurns.count == network.linkCount
    else { throw .refused("the checkpoint is of another network", file: reader.file) }
    return totals
  }
}

extension TrafficWorld {
  /// Only the slots in use are written, lane by lane, then side list by side list.
  func encodeState(into writer: inout StateWriter) {
    writer.section("traffic-lanes")
    for column in [lanes.count, lanes.granted, lanes.reservedCount, lanes.trailVehicle] {
      writer.writeRaw(column.array)
    }
    for column in [lanes.reservedLength, lanes.trailRear, lanes.yieldRear] {
      writer.writeRaw(column.array)
    }
    writer.writeRaw(lanes.waitsFor.array)
    writer.writeRaw(lanes.isCrossed.array)
    countAsleep()
    writer.writeRaw(lanes.vehicleTicks.array)
    writer.writeRaw(lanes.metres.array)
    encodeSideLists(into: &writer)
    writer.section("traffic-slots")
    let used = usedSlots()
    for column in [slots.position, slots.speed] { writer.writeRaw(used.map { column[$0] }) }
    writer.writeRaw(used.map { slots.length[$0] })
    writer.writeRaw(used.map { slots.desired[$0] })
    writer.writeRaw(used.map { slots.exitSpeed[$0] })
    writer.writeRaw(used.map { slots.leaveAt[$0] })
    for column in [slots.vehicle, slots.next] { writer.writeRaw(used.map { column[$0] }) }
    writer.writeRaw(used.map { standing($0) })
    writer.writeRaw(used.map { slots.laneLow[$0] })
    writer.writeRaw(used.map { slots.laneHigh[$0] })
    for column in [slots.flags, slots.privileges, slots.leadsOn] {
      writer.writeRaw(used.map { column[$0] })
    }
    writer.section("traffic-grants")
    let held = usedGrants()
    writer.writeRaw(grants.count.array)
    writer.writeRaw(grants.nextNumber.array)
    writer.writeRaw(held.map { grants.vehicle[$0] })
    writer.writeRaw(held.map { grants.rear[$0] })
    writer.writeRaw(held.map { grants.speed[$0] })
    writer.writeRaw(held.map { grants.length[$0] })
    writer.writeRaw(held.map { grants.number[$0] })
    writer.section("traffic-vehicles")
    writer.writeRaw(vehicles.routeFirst.array)
    for column in [vehicles.routeIndex, vehicles.routeEnd] { writer.writeRaw(column.array) }
    writer.writeRaw(vehicles.queueNext.array)
    for column in [
      vehicles.displacement, vehicles.clearance, vehicles.divergeRear, vehicles.divergeSpeed,
    ] { writer.writeRaw(column.array) }
    writer.writeRaw(vehicles.metres.array)
    for column in [vehicles.watch, vehicles.privileges] { writer.writeRaw(column.array) }
    writer.writeRaw(destinationLink.array)
    writer.writeRaw(destinationOffset.array)
    writer.writeRaw(vehicles.departed.array)
    writer.writeRaw(vehicles.left.array)
    writer.writeRaw(vehicles.arrived.array)
    writer.writeRaw(queueHead.array)
    writer.writeRaw(queueTail.array)
    writer.writeRaw(isClosed.array)
    writer.writeRaw(missedTurns.array)
    writer.writeRaw(UnsafeBufferPointer(routes.elements))
    for i in 0..<chunks.count {
      writer.write(Int64(chunks[i].counters[0].hardBrakings))
      writer.write(Int64(chunks[i].counters[0].laneChanges))
    }
  }

  func usedSlots() -> [Int] {
    var used: [Int] = []
    for lane in 0..<lanes.count.count {
      let first = Int(lanes.base[lane])
      used.append(contentsOf: first..<(first + Int(lanes.count[lane])))
    }
    return used + usedSideSlots()
  }

  func usedGrants() -> [Int] {
    var held: [Int] = []
    for c in 0..<grants.count.count {
      let first = Int(grants.base[c])
      held.append(contentsOf: first..<(first + Int(grants.count[c])))
    }
    return held
  }

  /// `vehicleCount` vehicles exist; the columns have room for more.
  func decodeState(from reader: inout StateReader, vehicleCount: Int) throws(CityError) {
    try reader.section("traffic-lanes")
    for column in [lanes.count, lanes.granted, lanes.reservedCount, lanes.trailVehicle] {
      try fill(column, from: &reader)
    }
    for column in [lanes.reservedLength, lanes.trailRear, lanes.yieldRear] {
      try fill(column, from: &reader)
    }
    try fill(lanes.waitsFor, from: &reader)
    try fill(lanes.isCrossed, from: &reader)
    try fill(lanes.vehicleTicks, from: &reader)
    try fill(lanes.metres, from: &reader)
    for lane in 0..<lanes.count.count
    where lanes.count[lane] < 0 || lanes.count[lane] > lanes.capacity[lane] {
      throw .refused("lane \(lane) holds \(lanes.count[lane]) vehicles", file: reader.file)
    }
    try decodeSideLists(from: &reader)
    try reader.section("traffic-slots")
    let used = usedSlots()
    for column in [slots.position, slots.speed] { try scatter(column, at: used, from: &reader) }
    // Lengths follow from the drivers.
    _ = try column(of: Float.self, for: used, from: &reader)
    try scatter(slots.desired, at: used, from: &reader)
    let exitSpeeds = try column(of: Float.self, for: used, from: &reader)
    let leaveAts = try column(of: Float.self, for: used, from: &reader)
    for column in [slots.vehicle, slots.next] { try scatter(column, at: used, from: &reader) }
    let stood = try column(of: UInt16.self, for: used, from: &reader)
    let lows = try column(of: UInt8.self, for: used, from: &reader)
    let highs = try column(of: UInt8.self, for: used, from: &reader)
    for column in [slots.flags, slots.privileges, slots.leadsOn] {
      try scatter(column, at: used, from: &reader)
    }
    for (i, s) in used.enumerated() {
      slots.exitSpeed[s] = exitSpeeds[i]
      slots.leaveAt[s] = leaveAts[i]
      slots.stoodFrom[s] = now &- Int32(stood[i])
      slots.laneLow[s] = lows[i]
      slots.laneHigh[s] = highs[i]
    }
    try decodeGrants(from: &reader)
    try decodeVehicles(from: &reader)
    try checkIndices(vehicleCount: vehicleCount, file: reader.file)
    for s in used { slots.driver[s] = vehicles.driver[slots.vehicle[s]] }
    rebuildLists()
  }

  private func decodeGrants(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-grants")
    try fill(grants.count, from: &reader)
    try fill(grants.nextNumber, from: &reader)
    for c in 0..<grants.count.count
    where grants.count[c] < 0 || grants.count[c] > grants.capacity[c] {
      throw .refused("connector \(c) holds \(grants.count[c]) grants", file: reader.file)
    }
    let held = usedGrants()
    try scatter(grants.vehicle, at: held, from: &reader)
    try scatter(grants.rear, at: held, from: &reader)
    try scatter(grants.speed, at: held, from: &reader)
    try scatter(grants.length, at: held, from: &reader)
    try scatter(grants.number, at: held, from: &reader)
    for c in 0..<grants.count.count {
      grants.setCount(c, junction: Int(topology.connectorJunction[c]), to: grants.count[c])
    }
  }

  private func decodeVehicles(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-vehicles")
    try fill(vehicles.routeFirst, from: &reader)
    for column in [vehicles.routeIndex, vehicles.routeEnd] { try fill(column, from: &reader) }
    try fill(vehicles.queueNext, from: &reader)
    for column in [
      vehicles.displacement, vehicles.clearance, vehicles.divergeRear, vehicles.divergeSpeed,
    ] { try fill(column, from: &reader) }
    try fill(vehicles.metres, from: &reader)
    for column in [vehicles.watch, vehicles.privileges] { try fill(column, from: &reader) }
    try fill(destinationLink, from: &reader)
    try fill(destinationOffset, from: &reader)
    try fill(vehicles.departed, from: &reader)
    try fill(vehicles.left, from: &reader)
    try fill(vehicles.arrived, from: &reader)
    try fill(queueHead, from: &reader)
    try fill(queueTail, from: &reader)
    try fill(isClosed, from: &reader)
    closedLinks[0] = Int32(isClosed.array.count { $0 != 0 })
    try fill(missedTurns, from: &reader)
    for link in 0..<missedTurns.count where !(0..<(1 << 30) ~= missedTurns[link]) {
      throw .refused("the missed turns of link \(link) do not fit", file: reader.file)
    }
    let links: [LinkID] = try reader.readRaw()
    routes.removeAll()
    for link in links { routes.append(link) }
    for i in 0..<chunks.count {
      chunks[i].counters[0].hardBrakings = Int(try reader.read(Int64.self))
      chunks[i].counters[0].laneChanges = Int(try reader.read(Int64.self))
    }
  }

  func fill<T: BitwiseCopyable>(_ column: RawColumn<T>, from reader: inout StateReader)
    throws(CityError)
  {
    let values: [T] = try reader.readRaw()
    guard values.count == column.count else {
      throw .refused("the checkpoint is of another city or demand", file: reader.file)
    }
    column.replace(with: values)
  }

  private func fill<R: RecordLayout, T: BitwiseCopyable>(
    _ column: StridedColumn<R, T>, from reader: inout StateReader
  )
    throws(CityError)
  {
    let values: [T] = try reader.readRaw()
    guard values.count == column.count else {
      throw .refused("the checkpoint is of another city or demand", file: reader.file)
    }
    column.replace(with: values)
  }

  private func scatter<R: RecordLayout, T: BitwiseCopyable>(
    _ column: StridedColumn<R, T>, at places: [Int], from reader: inout StateReader
  ) throws(CityError) {
    let values = try self.column(of: T.self, for: places, from: &reader)
    for (i, place) in places.enumerated() { column[place] = values[i] }
  }

  private func column<T: BitwiseCopyable>(
    of _: T.Type, for places: [Int], from reader: inout StateReader
  ) throws(CityError) -> [T] {
    let values: [T] = try reader.readRaw()
    guard values.count == places.count else {
      throw .refused("the checkpoint's columns do not fit together", file: reader.file)
    }
    return values
  }
}
