import CityBase
import CityModel
import CityNetwork

extension CityOverrides: Checkpointable {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("overrides")
    writer.write(version)
    writer.writeRaw(closures.values)
    writer.writeRaw(speedLimits.values)
    writer.write(Int64(blockages.count))
    for blockage in blockages {
      writer.write(blockage.lane)
      writer.write(blockage.from)
      writer.write(blockage.to)
      writer.write(blockage.residualWidth)
    }
    writer.write(Int64(signalPlans.count))
    for entry in signalPlans {
      writer.write(entry.signal)
      entry.plan.encodeState(into: &writer)
    }
    writer.write(Int64(parkingPrices.count))
    for entry in parkingPrices {
      writer.write(entry.facility)
      writer.write(entry.cnyPerHour)
    }
    writer.write(guidedShare ?? -1)
    writer.write(Int64(addedUnits.count))
    for post in addedUnits {
      writer.write(post.name)
      writer.write(post.kind.rawValue)
      writer.write(Int64(post.count))
      writer.write(post.access.link)
      writer.write(post.access.offset)
      writer.write(post.position)
    }
    writer.write(withdrawnPrivileges.rawValue)
  }

  public mutating func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("overrides")
    version = try reader.read()
    let closed: [UInt8] = try reader.readRaw()
    let limits: [Float] = try reader.readRaw()
    guard closed.count == closures.count, limits.count == closures.count,
      limits.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw .refused("the checkpoint is of another network", file: reader.file) }
    closures = Column(closed)
    speedLimits = Column(limits)
    blockages = []
    for _ in 0..<(try Self.count(&reader)) {
      blockages.append(
        LaneBlockage(
          lane: try reader.readID(), from: try reader.readFloat(), to: try reader.readFloat(),
          residualWidth: try reader.readFloat()))
    }
    signalPlans = []
    for _ in 0..<(try Self.count(&reader)) {
      signalPlans.append(
        SignalPlan(signal: try reader.readID(), plan: try SignalController(fromState: &reader)))
    }
    parkingPrices = []
    for _ in 0..<(try Self.count(&reader)) {
      parkingPrices.append(
        ParkingPrice(facility: try reader.readID(), cnyPerHour: try reader.readDouble()))
    }
    let share = try reader.readDouble()
    guidedShare = share >= 0 ? share : nil
    try decodeUnits(from: &reader)
    withdrawnPrivileges = Privileges(rawValue: try reader.read())
  }

  private mutating func decodeUnits(from reader: inout StateReader) throws(CityError) {
    addedUnits = []
    for _ in 0..<(try Self.count(&reader)) {
      let name = try reader.readString()
      guard let kind = UnitKind(rawValue: try reader.read()) else {
        throw .refused("a unit of no known kind", file: reader.file)
      }
      let count = try Self.count(&reader)
      let access = AccessPoint(link: try reader.readID(), offset: try reader.readFloat())
      guard 0..<closures.count ~= access.link.index else {
        throw .refused("a post on no road", file: reader.file)
      }
      addedUnits.append(
        UnitPost(
          name: name, kind: kind, count: count, access: access, position: try reader.readPoint()))
    }
  }

  private static func count(_ reader: inout StateReader) throws(CityError) -> Int {
    let n: Int64 = try reader.read()
    guard (0...1_000_000).contains(n) else {
      throw .refused("expected a count, found \(n)", file: reader.file)
    }
    return Int(n)
  }
}
