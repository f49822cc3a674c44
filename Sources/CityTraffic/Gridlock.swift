import CityBase

/// A cycle of drivers each of whom waits for the next, found standing for too long.
public struct GridlockReport: Sendable, Equatable {
  /// The tick at which it was found.
  public var tick: Tick
  /// The lanes whose heads wait for each other, in the order of waiting.
  public var lanes: [Int32]
}

/// Looks for cycles in the graph of which lane's head waits for which lane. Every lane waits for
/// at most one, so that a walk with marks finds every cycle in one pass.
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
    var stuck: [Int32] = []
    for lane in world.occupiedRoadLanes() {
      if Self.isStuck(lane, world, standingTicks) {
        stuck.append(Int32(truncatingIfNeeded: lane))
      } else {
        isReported[lane] = false
      }
    }
    for (i, start) in stuck.enumerated() {
      walk(from: start, stamp: Int32(i + 1), world, tick, standingTicks)
    }
    for lane in stuck { clear(from: lane, world) }
  }

  private static func isStuck(_ lane: Int, _ world: TrafficWorld, _ ticks: Int) -> Bool {
    guard world.lanes.count[lane] > 0, world.lanes.waitsFor[lane] >= 0 else { return false }
    return Int(world.slots.standing[world.lanes.base[lane]]) >= ticks
  }

  private mutating func walk(
    from start: Int32, stamp: Int32, _ world: TrafficWorld, _ tick: Tick, _ ticks: Int
  ) {
    var lane = start
    while lane >= 0, Int(lane) < world.topology.roadLanes, mark[Int(lane)] == 0,
      Self.isStuck(Int(lane), world, ticks)
    {
      mark[Int(lane)] = stamp
      lane = world.lanes.waitsFor[lane]
    }
    guard lane >= 0, Int(lane) < world.topology.roadLanes, mark[Int(lane)] == stamp else { return }
    var cycle: [Int32] = []
    var at = lane
    repeat {
      cycle.append(at)
      at = world.lanes.waitsFor[at]
    } while at != lane && cycle.count <= mark.count
    let isNew = !cycle.contains { isReported[Int($0)] }
    for l in cycle { isReported[Int(l)] = true }
    if isNew { reports.append(GridlockReport(tick: tick, lanes: cycle)) }
  }

  private mutating func clear(from start: Int32, _ world: TrafficWorld) {
    var lane = start
    while lane >= 0, Int(lane) < mark.count, mark[Int(lane)] != 0 {
      mark[Int(lane)] = 0
      lane = world.lanes.waitsFor[lane]
    }
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
