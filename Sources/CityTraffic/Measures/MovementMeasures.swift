import CityBase
import CityNetwork
import CitySimulation

/// `movements.csv`: volume, control delay, level of service, queues and spillback of every movement
/// in every interval.
///
/// A vehicle counts in the interval in which it has crossed its junction. Its control delay is the
/// time from coming upon the approach (its upstream end, or where the trip begins) until it has left
/// the connector, less that of a drive without anybody in the way (`FreePassage`), plus what it
/// still loses until it is back at the speed of the turn.
final class MovementMeasures: IntervalTable {
  let tableName = "movements"
  let tableColumns = [
    "junction", "control", "from_link", "to_link", "turn", "connectors", "begin", "end", "volume",
    "delay_s", "los", "queue_p50_veh", "queue_p95_veh", "queue_p50_m", "queue_p95_m",
    "spillback_s", "receiving_full_s", "capacity_veh_h", "v_over_c",
  ]

  private let world: TrafficWorld
  private var table: MovementTable?
  private var queues = QueueSamples(movements: 0)
  /// By road lane, while one looks: the vehicles queued and the metres to the rear of the last.
  private var laneQueue: [(vehicles: Int32, metres: Float)] = []
  private var queuedLanes: [Int32] = []

  init(_ world: TrafficWorld) { self.world = world }

  var isOn: Bool { table != nil }

  func start() {
    if isOn { return }
    let table = MovementTable(world.network)
    self.table = table
    world.measure(
      PassageProbe(table, vehicles: world.vehicles.left.count, stepSeconds: world.stepSeconds))
    queues = QueueSamples(movements: table.movements.count)
    laneQueue = Array(repeating: (0, 0), count: world.topology.roadLanes)
  }

  // MARK: - Queues

  /// Looks at the queues where that is due; in phase 2.
  func look(_ moment: Moment) {
    guard let table else { return }
    if moment.tick % rhythmTicks == 0 { look(table) }
  }

  private var rhythmTicks: Tick {
    max(1, Tick((Float(QueueSamples.rhythm) / world.stepSeconds).rounded()))
  }

  private func look(_ table: MovementTable) {
    queues.countLook()
    queuedLanes.removeAll(keepingCapacity: true)
    for i in 0..<world.chunks.count {
      world.chunks[i].active.forEach { lane in
        if lane < world.topology.roadLanes { lookAt(lane) }
      }
    }
    var link: Int32 = -1
    for lane in queuedLanes {
      let its = world.topology.laneLink[lane]
      if its == link { continue }
      link = its
      let first = Int(table.linkFirstMovement[Int(its)])
      for m in first..<Int(table.linkFirstMovement[Int(its) + 1]) { addQueue(m, table) }
    }
    for lane in queuedLanes { laneQueue[Int(lane)] = (0, 0) }
  }

  private func lookAt(_ lane: Int) {
    let slots = world.slots
    let first = Int(world.lanes.base[lane])
    var i = Int(world.lanes.count[lane]) - 1
    while i >= 0, !isQueued(first + i, before: i > 0 ? first + i - 1 : -1, lane) { i -= 1 }
    if i < 0 { return }
    let rear = slots.position[first + i] - slots.length[first + i]
    laneQueue[lane] = (Int32(i + 1), world.lanes.length[lane] - max(0, rear))
    queuedLanes.append(Int32(truncatingIfNeeded: lane))
  }

  /// Whether a vehicle halts close behind the one ahead or the stop line. One that has just pulled
  /// out or looks for a gap far upstream is no queue.
  @inline(__always) private func isQueued(_ s: Int, before ahead: Int, _ lane: Int) -> Bool {
    let slots = world.slots
    guard slots.speed[s] < QueueSamples.halting else { return false }
    let end =
      ahead >= 0 ? slots.position[ahead] - slots.length[ahead] : world.lanes.length[lane]
    return end - slots.position[s] <= QueueSamples.closeness
  }

  private func addQueue(_ movement: Int, _ table: MovementTable) {
    var longest: (vehicles: Int32, metres: Float) = (0, 0)
    let ways = table.movements[movement].ways
    for i in ways {
      let queue = laneQueue[Int(table.ways[i].fromLane)]
      longest.vehicles = max(longest.vehicles, queue.vehicles)
      longest.metres = max(longest.metres, queue.metres)
    }
    if longest.vehicles == 0 { return }
    var hasRoomBeyond = false
    for i in ways where !isFull(Int(table.ways[i].toLane)) { hasRoomBeyond = true }
    let length = world.topology.linkLength[table.movements[movement].from.index]
    queues.add(
      movement, vehicles: Int(longest.vehicles), metres: longest.metres, linkLength: length,
      isSpilled: longest.metres > length - QueueSamples.carRoom, isBlocked: !hasRoomBeyond)
  }

  private func isFull(_ lane: Int) -> Bool {
    laneQueue[lane].vehicles > 0
      && laneQueue[lane].metres > world.lanes.length[lane] - QueueSamples.carRoom
  }

  // MARK: - Rows

  func closeInterval(from begin: Instant, to end: Instant, _ add: ([PropertyValue]) -> Void) {
    guard let table else { return }
    let hours = Double(end.millisecondsSince1970 - begin.millisecondsSince1970) / 3_600_000
    let sums = world.passages.sums
    var groupVolume = Array(repeating: Int64(0), count: table.groupCapacity.count)
    for m in table.movements.indices {
      groupVolume[Int(table.movements[m].group)] += Int64(sums[m].volume)
    }
    let times: [PropertyValue] = [.text(begin.iso8601), .text(end.iso8601)]
    for m in table.movements.indices {
      let group = Int(table.movements[m].group)
      let flow = hours > 0 ? Double(groupVolume[group]) / hours : 0
      if let row = row(m, table, sums[m], times, groupFlow: flow) { add(row) }
      sums[m] = PassageProbe.Sums()
    }
    queues.reset()
  }

  /// Nil for a movement that nobody made and nobody waited for.
  private func row(
    _ m: Int, _ table: MovementTable, _ sums: PassageProbe.Sums, _ times: [PropertyValue],
    groupFlow: Double
  ) -> [PropertyValue]? {
    let network = world.network
    let movement = table.movements[m]
    let length = network.linkLength[movement.from]
    let middle = queues.percentile(0.5, m, linkLength: length)
    let long = queues.percentile(0.95, m, linkLength: length)
    let spilled = Double(queues.spilledLooks(m)) * seconds
    let blocked = Double(queues.blockedLooks(m)) * seconds
    guard sums.volume > 0 || long.vehicles > 0 || spilled > 0 || blocked > 0 else { return nil }
    let junction = network.linkTo[movement.from]
    let control = network.junctionControl[junction]
    let delay = sums.measured > 0 ? max(0, sums.delay / Double(sums.measured)) : 0
    let hasDelay = sums.measured > 0
    let letter = LevelOfService.letter(delay: delay, isSignalised: control == .signals)
    let capacity = Double(table.groupCapacity[Int(movement.group)])
    let ways = table.ways[movement.ways]
    let turn = network.connectorTurn[ConnectorID(Int(ways[movement.ways.lowerBound].connector))]
    return [
      .text(network.junctionExternalID[junction]), .text("\(control)"),
      .text(network.linkExternalID[movement.from]), .text(network.linkExternalID[movement.to]),
      .text(turn == .uTurn ? "u_turn" : "\(turn)"),
      .text(ways.map { name(of: Int($0.connector)) }.joined(separator: " ")),
    ] + times + [
      .integer(Int64(sums.volume)), hasDelay ? .number(delay, decimals: 1) : .null,
      hasDelay && control != .passage ? .text(letter) : .null,
      .integer(Int64(middle.vehicles)), .integer(Int64(long.vehicles)),
      .number(middle.metres, decimals: 1), .number(long.metres, decimals: 1),
      .number(spilled, decimals: 1), .number(blocked, decimals: 1),
      capacity > 0 ? .number(capacity, decimals: 1) : .null,
      capacity > 0 ? .number(groupFlow / capacity, decimals: 3) : .null,
    ]
  }

  private var seconds: Double { Double(rhythmTicks) * Double(world.stepSeconds) }

  /// The name that `cim export network` gives a turn.
  private func name(of connector: Int) -> String {
    let network = world.network
    func name(_ lane: LaneID) -> String {
      let link = network.laneLink[lane]
      return "\(network.linkExternalID[link])_\(lane.index - network.lanes(of: link).lowerBound)"
    }
    let c = ConnectorID(connector)
    return "\(name(network.connectorFrom[c]))>\(name(network.connectorTo[c]))"
  }
}

extension MovementMeasures {
  func encodeState(into writer: inout StateWriter) {
    writer.section("movements")
    let probe = world.passages
    writer.writeRaw(probe.entry.array)
    let sums = probe.sums.array
    writer.writeRaw(sums.map(\.delay))
    writer.writeRaw(sums.map(\.volume))
    writer.writeRaw(sums.map(\.measured))
    queues.encode(into: &writer)
  }

  func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("movements")
    let probe = world.passages
    let entries: [PassageProbe.Entry] = try reader.readRaw()
    let delays: [Double] = try reader.readRaw()
    let volumes: [Int32] = try reader.readRaw()
    let measured: [Int32] = try reader.readRaw()
    let n = probe.sums.count
    guard entries.count == probe.entry.count, delays.count == n, volumes.count == n,
      measured.count == n, volumes.allSatisfy({ 0..<(1 << 30) ~= $0 }),
      measured.allSatisfy({ 0..<(1 << 30) ~= $0 })
    else { throw .refused("the checkpoint is of another city or demand", file: reader.file) }
    probe.entry.replace(with: entries)
    for m in 0..<n {
      probe.sums[m] = PassageProbe.Sums(
        delay: delays[m], volume: volumes[m], measured: measured[m])
    }
    try queues.decode(from: &reader)
  }
}
