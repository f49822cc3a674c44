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
  private var looker: QueueLook?
  private var queues = QueueSamples(movements: 0)
  /// By movement: its connectors in words, once it has had a row.
  private var connectorWords: [String?] = []

  init(_ world: TrafficWorld) { self.world = world }

  deinit { looker?.free() }

  var isOn: Bool { table != nil }

  func start() {
    if isOn { return }
    let table = MovementTable(world.network)
    self.table = table
    world.measure(
      PassageProbe(
        connectors: world.network.connectorCount, vehicles: world.vehicles.left.count,
        stepSeconds: world.stepSeconds))
    queues = QueueSamples(movements: table.movements.count)
    looker = QueueLook(table, roadLanes: world.topology.roadLanes)
    connectorWords = Array(repeating: nil, count: table.movements.count)
  }

  // MARK: - Queues

  /// Looks at the queues where that is due; in phase 2.
  func look(_ moment: Moment) {
    guard let looker else { return }
    if moment.tick % rhythmTicks == 0 { looker.look(world, into: &queues) }
  }

  private var rhythmTicks: Tick {
    max(1, Tick((Float(QueueSamples.rhythm) / world.stepSeconds).rounded()))
  }

  // MARK: - Rows

  func closeInterval(from begin: Instant, to end: Instant, _ add: ([PropertyValue]) -> Void) {
    guard let table else { return }
    let seconds = Double(end.millisecondsSince1970 - begin.millisecondsSince1970) / 1000
    let sums = takeSums(table)
    var groupVolume = Array(repeating: Int64(0), count: table.groupCapacity.count)
    for m in table.movements.indices {
      groupVolume[Int(table.movements[m].group)] += Int64(sums[m].volume)
    }
    let times = (PropertyValue.text(begin.iso8601), PropertyValue.text(end.iso8601))
    for m in table.movements.indices {
      let group = Int(table.movements[m].group)
      let flow = seconds > 0 ? Double(groupVolume[group]) / seconds * 3600 : 0
      if let row = row(m, table, sums[m], times, seconds: seconds, groupFlow: flow) { add(row) }
    }
    queues.reset()
  }

  /// The sums of the interval by movement, over its connectors in their order; the next one begins
  /// with none.
  private func takeSums(_ table: MovementTable) -> [PassageProbe.Sums] {
    let byConnector = world.passages.sums
    return table.movements.map { movement in
      var sums = PassageProbe.Sums()
      for way in table.ways[movement.ways] {
        let more = byConnector[way.connector]
        sums.delay += more.delay
        sums.volume += more.volume
        sums.measured += more.measured
        byConnector[way.connector] = PassageProbe.Sums()
      }
      return sums
    }
  }

  /// Nil for a movement that nobody made and nobody waited for.
  private func row(
    _ m: Int, _ table: MovementTable, _ sums: PassageProbe.Sums,
    _ times: (begin: PropertyValue, end: PropertyValue), seconds: Double, groupFlow: Double
  ) -> [PropertyValue]? {
    guard sums.volume > 0 || queues.hasQueue(m) else { return nil }
    let network = world.network
    let movement = table.movements[m]
    let length = network.linkLength[movement.from]
    let middle = queues.percentile(0.5, m, linkLength: length)
    let long = queues.percentile(0.95, m, linkLength: length)
    let shares = queues.shares(m)
    guard sums.volume > 0 || long.vehicles > 0 || shares.spilled > 0 || shares.blocked > 0 else {
      return nil
    }
    let junction = network.linkTo[movement.from]
    let control = network.junctionControl[junction]
    let hasDelay = sums.measured > 0
    let delay = hasDelay ? max(0, sums.delay / Double(sums.measured)) : 0
    let letter = LevelOfService.letter(delay: delay, isSignalised: control == .signals)
    let capacity = Double(table.groupCapacity[Int(movement.group)])
    let first = table.ways[movement.ways.lowerBound].connector
    return [
      .text(network.junctionExternalID[junction]), .text(Self.word(control)),
      .text(network.linkExternalID[movement.from]), .text(network.linkExternalID[movement.to]),
      .text(Self.word(network.connectorTurn[ConnectorID(Int(first))])),
      .text(connectorWords(m, table)), times.begin, times.end,
      .integer(Int64(sums.volume)), hasDelay ? .number(delay, decimals: 1) : .null,
      hasDelay && control != .passage ? .text(letter) : .null,
      .integer(Int64(middle.vehicles)), .integer(Int64(long.vehicles)),
      .number(middle.metres, decimals: 1), .number(long.metres, decimals: 1),
      .number(shares.spilled * seconds, decimals: 1),
      .number(shares.blocked * seconds, decimals: 1),
      capacity > 0 ? .number(capacity, decimals: 1) : .null,
      capacity > 0 ? .number(groupFlow / capacity, decimals: 3) : .null,
    ]
  }

  // MARK: - Words

  /// Printing an enumeration looks its names up in the program, which costs as much as a row.
  private static func word(_ control: JunctionControl) -> String {
    switch control {
    case .equal: "equal"
    case .priority: "priority"
    case .signals: "signals"
    case .roundabout: "roundabout"
    case .passage: "passage"
    }
  }

  private static func word(_ turn: Turn) -> String {
    switch turn {
    case .through: "through"
    case .left: "left"
    case .right: "right"
    case .uTurn: "u_turn"
    }
  }

  private func connectorWords(_ m: Int, _ table: MovementTable) -> String {
    if let known = connectorWords[m] { return known }
    let ways = table.ways[table.movements[m].ways]
    let words = ways.map { name(of: Int($0.connector)) }.joined(separator: " ")
    connectorWords[m] = words
    return words
  }

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
