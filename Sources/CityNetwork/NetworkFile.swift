import CityBase

/// The built network as one versioned, checksummed file (`network.cimn`). A part on who may use
/// which lane ends it where lanes are reserved.
public enum NetworkFile {
  static let magic = "CIMN"
  static let version: UInt32 = 1

  /// The bytes of the file.
  public static func encode(_ network: RoadNetwork) -> [UInt8] {
    StateEnvelope.seal(magic: magic, version: version) { write(network, to: &$0) }
  }

  /// Reads the file; what does not fit together is refused, so that nothing can trap later.
  public static func decode(_ bytes: [UInt8], file: String) throws(CityError) -> RoadNetwork {
    try decodeWithHash(bytes, file: file).network
  }

  /// The same with the network's hash, which the file carries as its checksum.
  public static func decodeWithHash(_ bytes: [UInt8], file: String) throws(CityError)
    -> (network: RoadNetwork, hash: UInt64)
  {
    var (reader, hash) = try StateEnvelope.reader(
      of: bytes, magic: magic, version: version, file: file)
    let network = try read(&reader)
    guard reader.isAtEnd else {
      throw .refused("unexpected bytes after the last part", file: file)
    }
    do {
      try network.validate()
    } catch {
      throw CityError(.refused, error.message, file: file, place: error.place)
    }
    return (network, hash)
  }

  static func payload(of network: RoadNetwork) -> [UInt8] {
    var w = StateWriter()
    write(network, to: &w)
    return w.bytes
  }

  private static func write(_ n: RoadNetwork, to w: inout StateWriter) {
    w.section("network")
    w.write(n.drivesOnRight)
    w.write(n.allowsTurnOnRed)
    w.section("junctions")
    w.writeRaw(n.junctionPosition.values)
    w.writeRaw(n.junctionControl.values.map(\.rawValue))
    w.writeRaw(n.junctionSignal.values)
    w.write(n.junctionExternalID.values)
    w.writeRaw(n.junctionFirstApproach)
    w.writeRaw(n.junctionFirstDeparture)
    w.writeRaw(n.departureLinks)
    w.writeRaw(n.junctionFirstConnector)
    w.section("links")
    w.writeRaw(n.linkFrom.values)
    w.writeRaw(n.linkTo.values)
    w.writeRaw(n.linkFirstLane)
    w.writeRaw(n.linkLength.values)
    w.writeRaw(n.linkSpeedLimit.values)
    w.writeRaw(n.linkClass.values.map(\.rawValue))
    w.writeRaw(n.linkAccess.values.map(\.rawValue))
    w.write(n.linkName.values)
    w.write(n.linkExternalID.values)
    w.writeRaw(n.linkReverse.values)
    w.writeRaw(
      zip(n.linkIsBridge.values, n.linkIsTunnel.values).map { UInt8(($0 ? 1 : 0) + ($1 ? 2 : 0)) })
    w.writeRaw(n.linkIsRoundabout.values.map { UInt8($0 ? 1 : 0) })
    w.writeRaw(n.linkFirstPoint)
    w.writeRaw(n.linkPoints)
    w.section("lanes")
    w.writeRaw(n.laneLink.values)
    w.writeRaw(n.laneWidth.values)
    w.writeRaw(n.laneLength.values)
    w.writeRaw(n.laneSpeed.values)
    w.writeRaw(n.laneFirstConnector)
    w.section("connectors")
    w.writeRaw(n.connectorFrom.values)
    w.writeRaw(n.connectorTo.values)
    w.writeRaw(n.connectorTurn.values.map(\.rawValue))
    w.writeRaw(n.connectorGroup.values)
    w.writeRaw(n.connectorRank.values)
    w.writeRaw(n.connectorFirstPoint)
    w.writeRaw(n.connectorPoints)
    w.writeRaw(n.connectorFirstConflict)
    write(n.conflicts, &w)
    w.section("signals")
    w.write(Int64(n.signals.count))
    for s in n.signals.values { write(s, &w) }
    guard n.hasReservedLanes else { return }
    w.section("lane access")
    w.writeRaw(n.laneAccess.values.map(\.rawValue))
  }

  private static func write(_ conflicts: [Conflict], _ w: inout StateWriter) {
    w.writeRaw(conflicts.map(\.other))
    w.writeRaw(conflicts.map(\.entry))
    w.writeRaw(conflicts.map(\.exit))
    w.writeRaw(conflicts.map(\.otherEntry))
    w.writeRaw(conflicts.map(\.otherExit))
    w.writeRaw(conflicts.map(\.yields))
    w.writeRaw(conflicts.map(\.kind))
  }

  private static func write(_ s: SignalController, _ w: inout StateWriter) {
    w.write(s.externalID)
    w.write(s.junction)
    w.write(s.groupCount)
    w.write(s.offsetMilliseconds)
    w.write(Int64(s.phases.count))
    for p in s.phases {
      w.write(p.milliseconds)
      w.writeRaw(p.states.map(\.rawValue))
    }
  }
}

extension NetworkFile {
  private static func read(_ r: inout StateReader) throws(CityError) -> RoadNetwork {
    var n = RoadNetwork()
    try r.section("network")
    n.drivesOnRight = try r.readBool()
    n.allowsTurnOnRed = try r.readBool()
    try r.section("junctions")
    n.junctionPosition = Column(try r.readRaw())
    n.junctionControl = Column(try readWords(&r, "junction control", JunctionControl.init))
    n.junctionSignal = Column(try r.readRaw())
    n.junctionExternalID = Column(try r.readStrings())
    n.junctionFirstApproach = try r.readRaw()
    n.junctionFirstDeparture = try r.readRaw()
    n.departureLinks = try r.readRaw()
    n.junctionFirstConnector = try r.readRaw()
    try r.section("links")
    n.linkFrom = Column(try r.readRaw())
    n.linkTo = Column(try r.readRaw())
    n.linkFirstLane = try r.readRaw()
    n.linkLength = Column(try r.readRaw())
    n.linkSpeedLimit = Column(try r.readRaw())
    n.linkClass = Column(try readWords(&r, "road class", RoadClass.init))
    let access: [UInt16] = try r.readRaw()
    n.linkAccess = Column(access.map { Access(rawValue: $0) })
    n.linkName = Column(try r.readStrings())
    n.linkExternalID = Column(try r.readStrings())
    n.linkReverse = Column(try r.readRaw())
    // Bits: on bridges 1, in tunnels 2.
    let above: [UInt8] = try readWords(&r, "flag") { $0 < 4 ? $0 : nil }
    n.linkIsBridge = Column(above.map { $0 & 1 != 0 })
    n.linkIsTunnel = Column(above.map { $0 & 2 != 0 })
    n.linkIsRoundabout = Column(try readWords(&r, "flag") { $0 < 2 ? $0 == 1 : nil })
    n.linkFirstPoint = try r.readRaw()
    n.linkPoints = try r.readRaw()
    try r.section("lanes")
    n.laneLink = Column(try r.readRaw())
    n.laneWidth = Column(try r.readRaw())
    n.laneLength = Column(try r.readRaw())
    n.laneSpeed = Column(try r.readRaw())
    n.laneFirstConnector = try r.readRaw()
    try r.section("connectors")
    n.connectorFrom = Column(try r.readRaw())
    n.connectorTo = Column(try r.readRaw())
    n.connectorTurn = Column(try readWords(&r, "turn", Turn.init))
    n.connectorGroup = Column(try r.readRaw())
    n.connectorRank = Column(try r.readRaw())
    n.connectorFirstPoint = try r.readRaw()
    n.connectorPoints = try r.readRaw()
    n.connectorFirstConflict = try r.readRaw()
    n.conflicts = try readConflicts(&r)
    try r.section("signals")
    let count: Int64 = try r.read()
    // The smallest controller takes 28 bytes, so that a hostile count ends at the file's end.
    var k: Int64 = 0
    while k < count {
      n.signals.append(try readSignal(&r))
      k += 1
    }
    if r.isAtEnd { return n }
    try r.section("lane access")
    let laneAccess: [UInt16] = try r.readRaw()
    n.laneAccess = Column(laneAccess.map { Access(rawValue: $0) })
    return n
  }

  /// Bytes that must each stand for a case.
  private static func readWords<T>(
    _ r: inout StateReader, _ what: String, _ make: (UInt8) -> T?
  ) throws(CityError) -> [T] {
    let bytes: [UInt8] = try r.readRaw()
    var out: [T] = []
    out.reserveCapacity(bytes.count)
    for b in bytes {
      guard let value = make(b) else {
        throw .refused("\(b) is no \(what)", file: r.file, place: "byte \(r.offset)")
      }
      out.append(value)
    }
    return out
  }

  private static func readConflicts(_ r: inout StateReader) throws(CityError) -> [Conflict] {
    let other: [ConnectorID] = try r.readRaw()
    let entry: [Float] = try r.readRaw()
    let exit: [Float] = try r.readRaw()
    let otherEntry: [Float] = try r.readRaw()
    let otherExit: [Float] = try r.readRaw()
    let yields: [Int8] = try r.readRaw()
    let kind: [UInt8] = try r.readRaw()
    let counts = [
      entry.count, exit.count, otherEntry.count, otherExit.count, yields.count, kind.count,
    ]
    guard counts.allSatisfy({ $0 == other.count }) else {
      throw .refused("columns of conflicts differ in length", file: r.file)
    }
    return other.indices.map {
      Conflict(
        other: other[$0], entry: entry[$0], exit: exit[$0], otherEntry: otherEntry[$0],
        otherExit: otherExit[$0], yields: yields[$0], kind: kind[$0])
    }
  }

  private static func readSignal(_ r: inout StateReader) throws(CityError) -> SignalController {
    let externalID = try r.readString()
    let junction: JunctionID = try r.readID()
    let groups: Int32 = try r.read()
    let offset: Int32 = try r.read()
    let count: Int64 = try r.read()
    var phases: [SignalPhase] = []
    var k: Int64 = 0
    while k < count {
      let ms: Int32 = try r.read()
      phases.append(
        SignalPhase(
          milliseconds: ms, states: try readWords(&r, "signal state", SignalState.init)))
      k += 1
    }
    return SignalController(
      externalID: externalID, junction: junction, groupCount: groups, phases: phases,
      offsetMilliseconds: offset)
  }
}

extension RoadNetwork {
  /// A hash over every column: equal networks have equal hashes, on every machine.
  public var networkHash: UInt64 {
    StateEnvelope.checksum(NetworkFile.payload(of: self)[...])
  }
}
