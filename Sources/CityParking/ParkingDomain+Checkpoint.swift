import CityBase
import CitySimulation

extension ParkingDomain: Checkpointable {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("parking-drivers")
    writer.write(drivers.map(\.state.rawValue))
    writer.write(drivers.map(\.outcome.rawValue))
    writer.write(drivers.map(\.refusals))
    writer.write(drivers.map { $0.isFollowing ? 1 : 0 })
    writer.writeRaw(drivers.map(\.tried))
    writer.writeRaw(drivers.map(\.facility))
    writer.writeRaw(drivers.map(\.bay))
    writer.writeRaw(drivers.map(\.blockage))
    writer.writeRaw(drivers.map(\.firstRefusal))
    writer.writeRaw(drivers.map(\.settled))
    writer.writeRaw(drivers.map(\.walkMeters))
    writer.writeRaw(drivers.map(\.stayMilliseconds))
    writer.writeRaw(drivers.map(\.feeCNY))
    writer.section("parking-bays")
    writer.writeRaw(bays.occupant)
    writer.writeRaw(timers.sorted)
    meter.encode(into: &writer)
    interval.encode(into: &writer)
    writer.write(now)
  }

  public func decodeState(from reader: inout StateReader) throws(CityError) {
    let drivers = try readDrivers(from: &reader)
    try reader.section("parking-bays")
    let owners: [Int32] = try reader.readRaw()
    try check(owners, drivers, file: reader.file)
    let timers: [ParkingTimer] = try reader.readRaw()
    try check(timers, file: reader.file)
    var meter = meter
    try meter.decode(from: &reader)
    var interval = interval
    try interval.decode(from: &reader)
    let now: Int64 = try reader.read()
    guard (0...1 << 50).contains(now) else {
      throw .refused("the time of parking is out of range", file: reader.file)
    }
    self.drivers = drivers
    bays.restore(owners) {
      $0 == BayBook.stranger || ($0 >= 0 && drivers[Int($0)].state.isStanding)
    }
    self.timers = ParkingTimers(timers)
    self.meter = meter
    self.interval = interval
    self.now = now
  }

  private func readDrivers(from reader: inout StateReader) throws(CityError) -> [Driver] {
    try reader.section("parking-drivers")
    let states = try reader.readBytes()
    let outcomes = try reader.readBytes()
    let refusals = try reader.readBytes()
    let following = try reader.readBytes()
    let tried: [UInt16] = try reader.readRaw()
    var numbers: [[Int32]] = []
    for _ in 0..<3 { numbers.append(try reader.readRaw()) }
    var ticks: [[Int64]] = []
    for _ in 0..<2 { ticks.append(try reader.readRaw()) }
    let walks: [Double] = try reader.readRaw()
    let stays: [Int64] = try reader.readRaw()
    let fees: [Double] = try reader.readRaw()
    let counts =
      [states.count, outcomes.count, refusals.count, following.count, tried.count, walks.count]
      + [stays.count, fees.count] + numbers.map(\.count) + ticks.map(\.count)
    guard counts.allSatisfy({ $0 == trips.count }) else {
      throw .refused("the checkpoint is of another demand", file: reader.file)
    }
    var drivers: [Driver] = []
    drivers.reserveCapacity(trips.count)
    for v in trips.indices {
      guard let state = DriverState(rawValue: states[v]),
        let outcome = ParkingOutcome(rawValue: outcomes[v])
      else { throw .refused("a driver in no known state", file: reader.file) }
      drivers.append(
        Driver(
          state: state, outcome: outcome, tried: tried[v], refusals: refusals[v],
          isFollowing: following[v] != 0, facility: numbers[0][v], bay: numbers[1][v],
          blockage: numbers[2][v], firstRefusal: ticks[0][v], settled: ticks[1][v],
          walkMeters: walks[v], stayMilliseconds: stays[v], feeCNY: fees[v]))
      guard isSound(drivers[v], of: v) else {
        throw .refused("the driver of trip \(trips[v].name) makes no sense", file: reader.file)
      }
    }
    return drivers
  }
}
