import CityBase
import CityDemand
import CityNetwork
import CitySimulation

extension TrafficCounts {
  func encode(into writer: inout StateWriter) {
    for n in [due, departed, left, arrived] { writer.write(Int64(n)) }
  }

  init(from reader: inout StateReader) throws(CityError) {
    var n: [Int] = []
    for _ in 0..<4 { n.append(Int(try reader.read(Int64.self))) }
    guard n[3] >= 0, n[3] <= n[2], n[2] <= n[1], n[1] <= n[0], n[0] < 1 << 32 else {
      throw .refused("the counts do not balance", file: reader.file)
    }
    self.init(due: n[0], departed: n[1], left: n[2], arrived: n[3])
  }
}

extension EventCounts {
  func encode(into writer: inout StateWriter) {
    for n in [missedTurns, reroutes, laneChanges, hardBrakings] {
      writer.write(Int64(n))
    }
  }

  init(from reader: inout StateReader) throws(CityError) {
    var n: [Int] = []
    for _ in 0..<4 {
      let count = try reader.read(Int64.self)
      guard 0..<(1 << 48) ~= count else {
        throw .refused("a count of events does not fit", file: reader.file)
      }
      n.append(Int(count))
    }
    self.init(missedTurns: n[0], reroutes: n[1], laneChanges: n[2], hardBrakings: n[3])
  }
}

extension TrafficDomain {
  func encodeDrives(into writer: inout StateWriter) {
    writer.section("traffic-drives")
    writer.write(Int64(driveState.drives.count))
    for drive in driveState.drives {
      writer.write(drive.name)
      writer.write(drive.key)
      writer.write(drive.vehicleClass.rawValue)
      writer.write(drive.privileges.rawValue)
      for place in [drive.origin, drive.destination] {
        writer.write(place.link)
        writer.write(place.offset)
      }
      writer.write(drive.purpose.rawValue)
      writer.write(drive.isTrip)
    }
    writer.writeRaw(driveState.dueMilliseconds)
    writer.writeRaw(driveState.freeFlowSeconds)
    driveState.services.encode(into: &writer)
    for list in [driveState.approaching, driveState.ended, driveState.approachingNext] {
      writer.writeRaw(list)
    }
  }

  func decodeDrives(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-drives")
    let count = try reader.read(Int64.self)
    guard (0...Int64(reservedDrives)).contains(count) else {
      throw .refused("the checkpoint is of another demand", file: reader.file)
    }
    var state = DriveState()
    for i in 0..<Int(count) {
      let drive = try decodeDrive(from: &reader)
      state.drives.append(drive)
      seat(demand.trips.count + i, drive)
    }
    state.dueMilliseconds = try reader.readRaw()
    state.freeFlowSeconds = try reader.readRaw()
    state.services = try TrafficCounts(from: &reader)
    state.approaching = try reader.readRaw()
    state.ended = try reader.readRaw()
    state.approachingNext = try reader.readRaw()
    let vehicles = 0..<(demand.trips.count + Int(count))
    guard state.dueMilliseconds.count == Int(count), state.freeFlowSeconds.count == Int(count),
      (state.approaching + state.ended + state.approachingNext).allSatisfy({
        vehicles ~= $0.index
      })
    else { throw .refused("the drives do not hold together", file: reader.file) }
    driveState = state
  }

  private func decodeDrive(from reader: inout StateReader) throws(CityError) -> Drive {
    let name = try reader.readString()
    let key: UInt64 = try reader.read()
    let vehicleClass = VehicleClass(rawValue: try reader.read())
    let privileges = Privileges(rawValue: try reader.read())
    var places: [AccessPoint] = []
    for _ in 0..<2 {
      let place = AccessPoint(link: try reader.readID(), offset: try reader.readFloat())
      guard 0..<network.linkCount ~= place.link.index, place.offset.isFinite else {
        throw .refused("a drive on no road", file: reader.file)
      }
      places.append(place)
    }
    let purpose = TripPurpose(rawValue: try reader.read())
    let isTrip = try reader.readBool()
    guard let vehicleClass, let purpose else {
      throw .refused("a drive of no known kind", file: reader.file)
    }
    return Drive(
      name: name, key: key, vehicleClass: vehicleClass, privileges: privileges, origin: places[0],
      destination: places[1], purpose: purpose, isTrip: isTrip)
  }
}
