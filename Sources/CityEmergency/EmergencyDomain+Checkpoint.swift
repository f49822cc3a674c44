import CityBase
import CityNetwork
import CitySimulation

extension EmergencyDomain {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("emergency")
    writer.write(fingerprint)
    writer.write(now)
    writer.write(Int64(nextCall))
    writer.write(Int64(addedPosts))
    writer.write(withdrawn.rawValue)
    for count in [
      counts.due, counts.served, counts.failedDrives, counts.intervalCalls, counts.intervalServed,
    ] { writer.write(count) }
    writer.write(Int64(posts.count - ownPosts))
    for post in posts[ownPosts...] {
      writer.write(post.name)
      writer.write(post.kind.rawValue)
      writer.write(Int64(post.count))
      writer.write(post.access.link)
      writer.write(post.access.offset)
      writer.write(post.position)
    }
    writer.write(Int64(units.count))
    for unit in units { Self.encode(unit, into: &writer) }
    for record in records[..<nextCall] { Self.encode(record, into: &writer) }
  }

  private static func encode(_ unit: EmergencyUnit, into writer: inout StateWriter) {
    writer.write(unit.state.rawValue)
    writer.write(Int64(unit.call))
    writer.write(Int64(unit.hospital))
    writer.write(unit.vehicle)
    writer.write(unit.place.link)
    writer.write(unit.place.offset)
    writer.write(unit.due)
    writer.write(Int64(unit.failures))
    for time in [unit.inServiceSince, unit.stateSince, unit.busy, unit.driving] {
      writer.write(time)
    }
  }

  private static func encode(_ record: CallRecord, into writer: inout StateWriter) {
    writer.write(record.status.rawValue)
    writer.write(Int64(record.unit))
    writer.write(Int64(record.hospital))
    for time in [record.dispatched, record.arrived, record.cleared, record.retry] {
      writer.write(time)
    }
    writer.write(Int64(record.dispatches))
    writer.writeRaw(record.blockages)
  }

  /// Stands for the calls, posts and hospitals of a run: a checkpoint of others is refused.
  private var fingerprint: UInt64 {
    var hash = StableHash.mix(UInt64(ownPosts) << 32 | UInt64(hospitals.count))
    for call in calls {
      hash = StableHash.mix(hash ^ call.key)
      hash = StableHash.mix(hash ^ UInt64(bitPattern: call.milliseconds))
    }
    for post in posts[..<ownPosts] {
      hash = StableHash.mix(hash ^ StableHash.of(post.name) ^ UInt64(UInt(bitPattern: post.count)))
    }
    return hash
  }

  /// Restores a state; refuses one of another run, and one whose parts do not fit each other.
  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("emergency")
    guard try reader.read(UInt64.self) == fingerprint else {
      throw .refused("the checkpoint is of other calls or stations", file: reader.file)
    }
    now = try Self.time(&reader)
    nextCall = try Self.index(&reader, below: calls.count + 1)
    addedPosts = try Self.index(&reader, below: Int(Int32.max))
    withdrawn = Privileges(rawValue: try reader.read())
    counts.due = try Self.time(&reader)
    counts.served = try Self.time(&reader)
    counts.failedDrives = try Self.time(&reader)
    counts.intervalCalls = try Self.time(&reader)
    counts.intervalServed = try Self.time(&reader)
    try decodePosts(from: &reader)
    guard try reader.read(Int64.self) == Int64(units.count) else {
      throw .refused("the checkpoint has another number of units", file: reader.file)
    }
    for u in units.indices { try decodeUnit(u, from: &reader) }
    records = Array(repeating: CallRecord(), count: calls.count)
    for call in 0..<nextCall { records[call] = try decodeRecord(from: &reader) }
    try rebuild(file: reader.file)
  }

  /// The posts that policies have added, and all units as they come into service.
  private func decodePosts(from reader: inout StateReader) throws(CityError) {
    let own = Array(posts[..<ownPosts])
    (posts, units, unitsOfKind) = ([], [], [[], [], []])
    for post in own { putIntoService(post, at: 0) }
    for _ in 0..<(try Self.index(&reader, below: addedPosts + 1)) {
      let name = try reader.readString()
      guard let kind = UnitKind(rawValue: try reader.read()) else {
        throw .refused("a post of no known kind", file: reader.file)
      }
      let count = try Self.index(&reader, below: SiteBuilder.mostUnits + 1)
      let access = try readPlace(from: &reader)
      let position = try reader.readPoint()
      putIntoService(
        UnitPost(name: name, kind: kind, count: count, access: access, position: position), at: 0)
    }
  }

  private func decodeUnit(_ u: Int, from reader: inout StateReader) throws(CityError) {
    guard let state = UnitState(rawValue: try reader.read()) else {
      throw .refused("a unit in no known state", file: reader.file)
    }
    units[u].state = state
    units[u].call = try Self.index(&reader, from: -1, below: nextCall)
    units[u].hospital = try Self.index(&reader, from: -1, below: hospitals.count)
    units[u].vehicle = try reader.readID()
    units[u].place = try readPlace(from: &reader)
    units[u].due = try Self.time(&reader, from: -1)
    units[u].failures = try Self.index(&reader, below: Int(Int32.max))
    units[u].inServiceSince = try Self.time(&reader)
    units[u].stateSince = try Self.time(&reader)
    units[u].busy = try Self.time(&reader)
    units[u].driving = try Self.time(&reader)
  }

  private func decodeRecord(from reader: inout StateReader) throws(CityError) -> CallRecord {
    var record = CallRecord()
    guard let status = CallStatus(rawValue: try reader.read()), status != .notDue else {
      throw .refused("a call in no known state", file: reader.file)
    }
    record.status = status
    record.unit = try Self.index(&reader, from: -1, below: units.count)
    record.hospital = try Self.index(&reader, from: -1, below: hospitals.count)
    record.dispatched = try Self.time(&reader, from: -1)
    record.arrived = try Self.time(&reader, from: -1)
    record.cleared = try Self.time(&reader, from: -1)
    record.retry = try Self.time(&reader, from: -1)
    record.dispatches = try Self.index(&reader, below: Int(Int32.max))
    record.blockages = try reader.readRaw()
    return record
  }

  /// Timers, queues and the vehicles' units follow from the rest; refuses what does not fit.
  private func rebuild(file: String) throws(CityError) {
    timers = TimerHeap()
    queues = [CallQueue(), CallQueue(), CallQueue()]
    unitOfVehicle = [:]
    quietUntil = 0
    for (u, unit) in units.enumerated() {
      let needsHospital = unit.state == .transport || unit.state == .handover
      guard !unit.isDriving || unitOfVehicle.updateValue(u, forKey: unit.vehicle) == nil,
        !needsHospital || unit.hospital >= 0
      else { throw .refused("a unit's state does not hold together", file: file) }
      if unit.due >= 0 { timers.add(TimerHeap.Timer(tick: unit.due, subject: 2 * u)) }
    }
    for call in 0..<nextCall {
      let record = records[call]
      guard record.status != .served || (record.unit >= 0 && record.arrived >= 0) else {
        throw .refused("a call's state does not hold together", file: file)
      }
      if record.status != .queued { continue }
      if record.retry >= 0 {
        timers.add(TimerHeap.Timer(tick: record.retry, subject: 2 * call + 1))
      } else {
        queues[Int(calls[call].kind.unit.rawValue)].add(call) { calls[$0].priority }
      }
    }
    if let violation = violations().first {
      throw .refused("the checkpoint's books do not balance: \(violation)", file: file)
    }
  }

  private func readPlace(from reader: inout StateReader) throws(CityError) -> AccessPoint {
    let place = AccessPoint(link: try reader.readID(), offset: try reader.readFloat())
    guard 0..<network.linkCount ~= place.link.index, place.offset >= 0,
      place.offset <= network.linkLength[place.link] + 1
    else { throw .refused("a unit on no road", file: reader.file) }
    return place
  }

  /// A position in a list.
  private static func index(
    _ reader: inout StateReader, from first: Int = 0, below end: Int
  ) throws(CityError) -> Int {
    let value = try reader.read(Int64.self)
    guard value >= Int64(first), value < Int64(end) else {
      throw .refused(
        "expected a number from \(first) to below \(end), found \(value)",
        file: reader.file)
    }
    return Int(value)
  }

  /// A tick, a time or a count: never so large that adding to it overflows.
  private static func time(
    _ reader: inout StateReader, from first: Int64 = 0
  ) throws(CityError) -> Int64 {
    let value = try reader.read(Int64.self)
    guard (first...1 << 50).contains(value) else {
      throw .refused("expected a time or a count, found \(value)", file: reader.file)
    }
    return value
  }
}
