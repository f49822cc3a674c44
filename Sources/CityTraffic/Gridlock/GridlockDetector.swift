import CityBase
import CityNetwork

/// Looks for queues that stand for too long, and for circles among them.
///
/// Every lane waits for at most one, so that a walk with marks finds every circle in one pass. It
/// visits lanes with vehicles only, and asks who waits for whom only when somebody has stood for
/// too long.
struct GridlockDetector {
  private(set) var reports: [GridlockReport] = []
  /// How often a vehicle has stood for as long at one place.
  private(set) var longStands: Int64 = 0
  /// The reports not dissolved, ascending.
  private var open: [Int] = []
  /// By lane: the open report that it is part of, or -1.
  private var reportOfLane: [Int32]

  // Used within a look, and as they were after it.
  /// By lane: how long its first vehicle has stood.
  private var stand: [Stand]
  /// By lane: the lane it waits for, or -1.
  private var next: [Int32]
  /// By lane: the walk that has passed it, or 0.
  private var mark: [Int32]

  private enum Stand: UInt8 {
    case brief = 0
    /// A fifth of the time that is too long, or more.
    case halted = 1
    case tooLong = 2
  }

  init(laneCount: Int) {
    reportOfLane = Array(repeating: -1, count: laneCount)
    stand = Array(repeating: .brief, count: laneCount)
    next = Array(repeating: -1, count: laneCount)
    mark = Array(repeating: 0, count: laneCount)
  }

  /// Looks at all lanes; `interval` is the ticks from one look to the next.
  mutating func look(_ world: TrafficWorld, tick: Tick, standingTicks: Int, interval: Int) {
    let halted = haltedLanes(world, standingTicks: standingTicks, interval: interval)
    defer { for lane in halted { stand[Int(lane)] = .brief } }
    if open.isEmpty && !halted.contains(where: { stand[Int($0)] == .tooLong }) { return }
    for lane in halted { next[Int(lane)] = world.wait(ofHeadOf: Int(lane)).lane }
    findCircles(world, halted, tick)
    closeDissolved(world, tick, standingTicks: standingTicks)
    findStandstills(world, halted, tick)
    measureExtent(world, halted)
    for lane in halted {
      next[Int(lane)] = -1
      mark[Int(lane)] = 0
    }
  }

  /// The lanes whose first vehicle has stood for a while, ascending. Counts who has just come to
  /// stand for too long.
  private mutating func haltedLanes(
    _ world: TrafficWorld, standingTicks: Int, interval: Int
  ) -> [Int32] {
    var found: [Int32] = []
    let counted = standingTicks..<(standingTicks + interval)
    let short = max(1, standingTicks / 5)
    world.forEachOccupiedLane { lane in
      let first = Int(world.lanes.base[lane])
      for s in first..<(first + Int(world.lanes.count[lane]))
      where world.slots.speed[s] < Rule.standing && counted.contains(Int(world.standing(s))) {
        longStands += 1
      }
      let stood = Int(world.standing(first))
      guard stood >= short else { return }
      stand[lane] = stood >= standingTicks ? .tooLong : .halted
      found.append(Int32(truncatingIfNeeded: lane))
    }
    return found
  }

  private func isTooLong(_ lane: Int32) -> Bool { lane >= 0 && stand[Int(lane)] == .tooLong }

  // MARK: - Circles

  private mutating func findCircles(_ world: TrafficWorld, _ halted: [Int32], _ tick: Tick) {
    var walk: Int32 = 0
    for start in halted where isTooLong(start) {
      walk += 1
      var lane = start
      while isTooLong(lane), mark[Int(lane)] == 0 {
        mark[Int(lane)] = walk
        lane = next[Int(lane)]
      }
      guard isTooLong(lane), mark[Int(lane)] == walk else { continue }
      var circle: [Int32] = []
      var at = lane
      repeat {
        circle.append(at)
        at = next[Int(at)]
      } while at != lane
      note(circle, world, tick)
    }
    for lane in halted { mark[Int(lane)] = 0 }
  }

  /// Goes on with the report that a circle belongs to, or begins one.
  private mutating func note(_ circle: [Int32], _ world: TrafficWorld, _ tick: Tick) {
    let known = circle.map { Int(reportOfLane[Int($0)]) }.filter {
      $0 >= 0 && reports[$0].kind == .gridlock
    }.min()
    if let known {
      release(known)
      take(circle, for: known, tick)
      reports[known].lanes = circle
      return
    }
    // Where the walk came upon a circle does not matter: it begins with its lowest lane.
    let first = circle.indices.min { circle[$0] < circle[$1] } ?? 0
    begin(.gridlock, Array(circle[first...] + circle[..<first]), world, tick)
  }

  private mutating func begin(
    _ kind: GridlockReport.Kind, _ lanes: [Int32], _ world: TrafficWorld, _ tick: Tick
  ) {
    let members = lanes.map { lane in
      let s = world.lanes.base[Int(lane)]
      return GridlockReport.Member(
        lane: LaneID(rawValue: lane), vehicle: VehicleID(rawValue: world.slots.vehicle[s]),
        since: tick - Int64(world.standing(Int(s))),
        reason: world.wait(ofHeadOf: Int(lane)).reason)
    }
    take(lanes, for: reports.count, tick)
    open.append(reports.count)
    reports.append(
      GridlockReport(
        kind: kind, onset: members.map(\.since).max() ?? tick, found: tick, dissolved: nil,
        members: members, lanes: lanes))
  }

  /// Gives lanes to a report; one that they were part of before, such as a queue that stood alone,
  /// ends in it.
  private mutating func take(_ lanes: [Int32], for report: Int, _ tick: Tick) {
    for lane in lanes {
      let old = Int(reportOfLane[Int(lane)])
      if old >= 0 { close(old, tick) }
      reportOfLane[Int(lane)] = Int32(truncatingIfNeeded: report)
    }
  }

  private mutating func release(_ report: Int) {
    for lane in reports[report].lanes where Int(reportOfLane[Int(lane)]) == report {
      reportOfLane[Int(lane)] = -1
    }
  }

  private mutating func close(_ report: Int, _ tick: Tick) {
    release(report)
    reports[report].dissolved = tick
    reports[report].vehicles = 0
    open.removeAll { $0 == report }
  }

  /// A gridlock ends when the first vehicle of one of its queues has gone on. Somebody who stands
  /// and waits for another queue than before does not end it. A standstill ends when its vehicle
  /// has gone on: others may have found their way past it before.
  private mutating func closeDissolved(_ world: TrafficWorld, _ tick: Tick, standingTicks: Int) {
    for report in open {
      let isOver: Bool
      switch reports[report].kind {
      case .gridlock: isOver = !reports[report].lanes.allSatisfy { isTooLong($0) }
      case .standstill:
        let member = reports[report].members[0]
        isOver = !world.isStanding(
          member.vehicle.rawValue, onLane: member.lane.index, ticks: standingTicks)
      }
      if isOver { close(report, tick) }
    }
  }

  // MARK: - Queues without a circle

  /// Somebody who has stood for too long and does not wait for a queue that stands as well. Who
  /// waits for one that has stood for a shorter time is looked at again later.
  private mutating func findStandstills(_ world: TrafficWorld, _ halted: [Int32], _ tick: Tick) {
    for lane in halted where isTooLong(lane) && reportOfLane[Int(lane)] < 0 {
      let target = next[Int(lane)]
      if target < 0 || stand[Int(target)] == .brief { begin(.standstill, [lane], world, tick) }
    }
  }

  /// Counts who stands in every open report and behind it.
  private mutating func measureExtent(_ world: TrafficWorld, _ halted: [Int32]) {
    for report in open { reports[report].vehicles = 0 }
    // A mark is -1 on the way of this walk; later it is the report that the lane leads to and 2.
    var way: [Int32] = []
    for start in halted {
      way.removeAll(keepingCapacity: true)
      var report: Int32 = -1
      var lane = start
      while lane >= 0, stand[Int(lane)] != .brief {
        report = reportOfLane[Int(lane)]
        if report >= 0 { break }
        if mark[Int(lane)] > 0 { report = mark[Int(lane)] - 2 }
        // A circle too young to be reported leads nowhere.
        if mark[Int(lane)] != 0 { break }
        mark[Int(lane)] = -1
        way.append(lane)
        lane = next[Int(lane)]
      }
      for passed in way { mark[Int(passed)] = report + 2 }
      if report >= 0 { reports[Int(report)].vehicles += world.standingVehicles(onLane: Int(start)) }
    }
    for report in open {
      reports[report].mostVehicles = max(reports[report].mostVehicles, reports[report].vehicles)
    }
  }
}

extension GridlockDetector {
  func encode(into writer: inout StateWriter) {
    writer.write(longStands)
    writer.write(Int64(reports.count))
    for report in reports {
      writer.write(report.kind.rawValue)
      for tick in [report.onset, report.found, report.dissolved ?? -1] { writer.write(tick) }
      for n in [report.vehicles, report.mostVehicles] { writer.write(Int64(n)) }
      writer.writeRaw(report.members.map(\.lane.rawValue))
      writer.writeRaw(report.members.map(\.vehicle.rawValue))
      writer.writeRaw(report.members.map(\.since))
      writer.writeRaw(report.members.map(\.reason.rawValue))
      writer.writeRaw(report.lanes)
    }
  }

  /// Refuses what does not fit a network of as many lanes and a run of as many vehicles and ticks.
  mutating func decode(
    from reader: inout StateReader, vehicleCount: Int, lastTick: Tick
  ) throws(CityError) {
    let file = reader.file
    func check(_ isRight: Bool) throws(CityError) {
      if !isRight { throw .refused("a gridlock does not fit the run", file: file) }
    }
    longStands = try reader.read()
    let n = try reader.read(Int64.self)
    try check(n >= 0 && longStands >= 0)
    reports = []
    open = []
    for lane in reportOfLane.indices { reportOfLane[lane] = -1 }
    for _ in 0..<n {
      var report = try GridlockReport(from: &reader)
      try check(
        (report.members.map(\.lane.rawValue) + report.lanes).allSatisfy {
          reportOfLane.indices.contains(Int($0))
        })
      try check(report.members.allSatisfy { 0..<vehicleCount ~= $0.vehicle.index })
      let ticks = [report.onset, report.found, report.dissolved ?? 0] + report.members.map(\.since)
      try check(ticks.allSatisfy { 0...lastTick ~= $0 })
      if report.dissolved == nil {
        for lane in report.lanes {
          try check(reportOfLane[Int(lane)] < 0)
          reportOfLane[Int(lane)] = Int32(clamping: reports.count)
        }
        open.append(reports.count)
      } else {
        report.vehicles = 0
      }
      reports.append(report)
    }
  }
}

extension GridlockReport {
  fileprivate init(from reader: inout StateReader) throws(CityError) {
    let kind = Kind(rawValue: try reader.read())
    let onset: Tick = try reader.read()
    let found: Tick = try reader.read()
    let dissolved: Tick = try reader.read()
    let vehicles: Int64 = try reader.read()
    let most: Int64 = try reader.read()
    let lanes: [Int32] = try reader.readRaw()
    let heads: [Int32] = try reader.readRaw()
    let since: [Tick] = try reader.readRaw()
    let reasons: [UInt8] = try reader.readRaw()
    let standing: [Int32] = try reader.readRaw()
    guard let kind, !lanes.isEmpty, !standing.isEmpty, vehicles >= 0, most >= 0,
      heads.count == lanes.count, since.count == lanes.count, reasons.count == lanes.count
    else { throw .refused("a gridlock is not whole", file: reader.file) }
    var members: [Member] = []
    for i in lanes.indices {
      guard let reason = WaitReason(rawValue: reasons[i]) else {
        throw .refused("a gridlock is not whole", file: reader.file)
      }
      members.append(
        Member(
          lane: LaneID(rawValue: lanes[i]), vehicle: VehicleID(rawValue: heads[i]),
          since: since[i], reason: reason))
    }
    self.init(
      kind: kind, onset: onset, found: found, dissolved: dissolved < 0 ? nil : dissolved,
      members: members, vehicles: Int(clamping: vehicles), mostVehicles: Int(clamping: most),
      lanes: standing)
  }
}
