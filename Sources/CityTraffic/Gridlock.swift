import CityBase

/// A cycle of drivers each of whom waits for the next, found standing for too long.
public struct GridlockReport: Sendable, Equatable {
  /// The tick at which it was found.
  public var tick: Tick
  /// The lanes whose heads wait for each other, in the order of waiting.
  public var lanes: [Int32]
}

/// Looks for cycles in the graph of which lane's head waits for which lane. Connectors count as
/// lanes: who stands in a junction waits too. Every lane waits for at most one, so that a walk with
/// marks finds every cycle in one pass.
struct GridlockDetector {
  private(set) var reports: [GridlockReport] = []
  /// By lane: part of a cycle already reported and not dissolved since.
  private var isReported: [Bool]
  private var mark: [Int32]

  init(laneCount: Int) {
    isReported = Array(repeating: false, count: laneCount)
    mark = Array(repeating: 0, count: laneCount)
  }

  mutating func look(_ world: TrafficWorld, tick: Tick, standingTicks: Int) {
    var waitsFor: [Int32: Int32] = [:]
    var stuck: [Int32] = []
    for lane in world.occupiedLanes() {
      let s = world.lanes.base[lane]
      guard Int(world.slots.standing[s]) >= standingTicks else {
        isReported[lane] = false
        continue
      }
      let next = world.laneWaitedFor(by: lane)
      if next >= 0 {
        waitsFor[Int32(truncatingIfNeeded: lane)] = next
        stuck.append(Int32(truncatingIfNeeded: lane))
      } else {
        isReported[lane] = false
      }
    }
    for (i, start) in stuck.enumerated() {
      walk(from: start, stamp: Int32(truncatingIfNeeded: i + 1), waitsFor, tick)
    }
    for lane in stuck { mark[Int(lane)] = 0 }
  }

  private mutating func walk(
    from start: Int32, stamp: Int32, _ waitsFor: [Int32: Int32], _ tick: Tick
  ) {
    var lane = start
    while let next = waitsFor[lane], mark[Int(lane)] == 0 {
      mark[Int(lane)] = stamp
      lane = next
    }
    guard mark[Int(lane)] == stamp, waitsFor[lane] != nil else { return }
    var cycle: [Int32] = []
    var at = lane
    repeat {
      cycle.append(at)
      at = waitsFor[at] ?? lane
    } while at != lane && cycle.count <= mark.count
    let isNew = !cycle.contains { isReported[Int($0)] }
    for l in cycle { isReported[Int(l)] = true }
    if isNew { reports.append(GridlockReport(tick: tick, lanes: cycle)) }
  }

  func encode(into writer: inout StateWriter) {
    writer.write(isReported.map { $0 ? UInt8(1) : 0 })
    writer.write(Int64(reports.count))
    for report in reports {
      writer.write(report.tick)
      writer.writeRaw(report.lanes)
    }
  }

  mutating func decode(from reader: inout StateReader) throws(CityError) {
    let flags = try reader.readBytes()
    guard flags.count == isReported.count else {
      throw .refused("the checkpoint is of another network", file: reader.file)
    }
    isReported = flags.map { $0 != 0 }
    let n = try reader.read(Int64.self)
    reports = []
    guard n >= 0 else { throw .refused("a count is negative", file: reader.file) }
    for _ in 0..<n {
      reports.append(GridlockReport(tick: try reader.read(), lanes: try reader.readRaw()))
    }
  }
}

extension TrafficWorld {
  /// The lanes and connectors with vehicles, in lane order.
  func occupiedLanes() -> [Int] {
    (0..<lanes.count.count).filter { lanes.count[$0] > 0 }
  }

  /// The lane or connector whose vehicles the head of a lane waits for, or -1 where it waits for a
  /// light, a gap, or nobody.
  func laneWaitedFor(by lane: Int) -> Int32 {
    let s = Int(lanes.base[lane])
    let connector: Int32
    if lane < topology.roadLanes {
      if slots.next[s] < 0 { return -1 }
      if lanes.granted[lane] == 0 { return lanes.waitsFor[lane] }
      connector = slots.next[s]
    } else {
      connector = Int32(truncatingIfNeeded: lane)
    }
    let c = Int(connector) - topology.roadLanes
    if let blocker = blocker(of: slots.vehicle[s], on: c) { return blocker }
    if lane < topology.roadLanes && lanes.count[connector] > 0 { return connector }
    return topology.connectorTo[c]
  }

  /// Where the vehicle stands that was granted before another one on a connector and is in its way,
  /// in an area it has to clear or on the way that the two share: still on its approach, on its own
  /// connector, or beyond.
  private func blocker(of vehicle: Int32, on c: Int) -> Int32? {
    let clearance = vehicles.clearance[vehicle]
    let divergeRear = vehicles.divergeRear[vehicle]
    guard clearance < .infinity || divergeRear < .infinity else { return nil }
    let held = Int(grants.base[c])..<Int(grants.base[c] + grants.count[c])
    guard let own = held.first(where: { grants.vehicle[$0] == vehicle }) else { return nil }
    for k in topology.conflicts(ofConnector: c) {
      let conflict = topology.conflicts[k]
      let other = conflict.other.index
      if conflict.kind != 2 && conflict.entry != clearance { continue }
      for g in Int(grants.base[other])..<Int(grants.base[other] + grants.count[other])
      where Int32(bitPattern: grants.number[g] &- grants.number[own]) < 0
        && grants.rear[g] < conflict.otherExit
        && (conflict.kind != 2 || grants.rear[g] == divergeRear)
      {
        let through = topology.roadLanes + other
        let front = grants.rear[g] + grants.length[g]
        if front < 0 { return topology.connectorFrom[other] }
        return front <= lanes.length[through]
          ? Int32(truncatingIfNeeded: through) : topology.connectorTo[other]
      }
    }
    return nil
  }
}
