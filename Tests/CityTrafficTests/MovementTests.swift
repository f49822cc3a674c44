import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Shows every signal red for some seconds from the start of the run, then green without end.
private struct RedThenGreen: Policy {
  let name = "red-then-green"
  let red: Int32

  func commands(_ observation: Observation) -> [Command] {
    guard observation.moment.tick == 0 else { return [] }
    return [
      .setSignalPlan(
        SignalID(0),
        SignalController(
          externalID: "0", junction: JunctionID(0), groupCount: groups,
          phases: [
            SignalPhase(milliseconds: red * 1000, states: states(.red)),
            SignalPhase(milliseconds: 3_600_000 - red * 1000, states: states(.green)),
          ], offsetMilliseconds: 0))
    ]
  }

  let groups: Int32
  private func states(_ state: SignalState) -> [SignalState] {
    Array(repeating: state, count: Int(groups))
  }
}

final class MovementTests: XCTestCase {
  private typealias Row = [String: String]

  private func close(_ run: StreetRun, from: Double = 0) -> [Row] {
    let clock = run.simulation.clock
    var rows: [Row] = []
    let table = run.traffic.movements
    table.closeInterval(
      from: clock.epoch.advanced(byMilliseconds: Int64(from * 1000)),
      to: run.simulation.clock.instant(of: run.simulation.tick)
    ) { row in
      rows.append(
        Dictionary(uniqueKeysWithValues: zip(table.tableColumns, row.map(Self.text))))
    }
    return rows
  }

  private static func text(_ value: PropertyValue) -> String {
    switch value {
    case .null: ""
    case .bool(let b): "\(b)"
    case .integer(let i): "\(i)"
    case .number(let d, _): "\(d)"
    case .text(let t): t
    }
  }

  private func signalised(arm: Double) -> RoadNetwork {
    var source = RoadSource()
    let places = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(Double(place.0) * arm, Double(place.1) * arm),
          control: i == 0 ? .signals : .none, externalID: Int64(i)))
    }
    for (name, nodes) in [("eastward", [1, 0, 2] as [Int32]), ("northward", [3, 0, 4])] {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1,
          backwardLanes: 0, speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// One car eastwards over a crossing that is red for some seconds.
  private func oneCar(red: Int32, type: VehicleType? = nil) throws
    -> (run: StreetRun, approach: LinkID, rows: [Row])
  {
    let network = signalised(arm: 300)
    let east = Point2(1, 0)
    let approach = RoadShapes.link(network, near: Point2(-150, 0), towards: east)
    let beyond = RoadShapes.link(network, near: Point2(150, 0), towards: east)
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    if let type { settings.vehicleTypes = [type] }
    let run = StreetRun(
      network,
      [
        StreetRun.Journey(
          second: 1, from: AccessPoint(link: approach, offset: 0),
          to: AccessPoint(link: beyond, offset: 250))
      ],
      policies: [RedThenGreen(red: red, groups: network.signals[SignalID(0)].groupCount)],
      settings: settings)
    run.traffic.movements.start()
    XCTAssertEqual(try run.drive(to: 150), [])
    XCTAssertEqual(run.traffic.counts.arrived, 1)
    return (run, approach, close(run))
  }

  /// Nobody in the way: one passage without delay. What is left is the rounding of an acceleration
  /// law to steps of half a second.
  func testAFreeDriveHasNoDelay() throws {
    let (_, _, rows) = try oneCar(red: 1)
    XCTAssertEqual(rows.count, 1)
    XCTAssertEqual(rows[0]["volume"], "1")
    XCTAssertEqual(rows[0]["turn"], "through")
    XCTAssertEqual(rows[0]["los"], "A")
    XCTAssertEqual(rows[0]["queue_p95_veh"], "0")
    XCTAssertLessThan(try XCTUnwrap(Double(rows[0]["delay_s"] ?? "")), 0.5)
  }

  /// Nor has who speeds up slowly: that is no fault of the junction. A lorry, one of half its strength,
  /// and drivers by Krauss who pull a little or a lot less than they could; by the figures of a car they
  /// would have lost one to four seconds.
  func testSlowDriversHaveNoDelayEither() throws {
    var types: [(VehicleType, Double)] = []
    for acceleration in [0.75, 0.4] as [Float] {
      var lorry = VehicleType(.truck)
      lorry.speedDeviation = 0
      lorry.said.maximumAcceleration = acceleration
      types.append((lorry, 0.5))
    }
    for (acceleration, sigma) in [(0.8, 0), (2.6, 0), (0.8, 0.5)] as [(Float, Float)] {
      var driver = VehicleType(.car)
      driver.speedDeviation = 0
      driver.carFollowing = .krauss
      driver.said.maximumAcceleration = acceleration
      driver.said.imperfection = sigma
      // Chance takes sigma a t / 2 of a driver's speed in each step of t, also at the desired one: of
      // 0.1 m/s in 13.9 over 21 s that is 0.15 s; and each step's draw is its own.
      types.append((driver, sigma > 0 ? 1 : 0.5))
    }
    for (type, bound) in types {
      let (_, _, rows) = try oneCar(red: 1, type: type)
      let delay = try XCTUnwrap(Double(rows.first?["delay_s"] ?? ""))
      XCTAssertLessThan(delay, bound, "\(type.vehicleClass), \(type.said)")
    }
  }

  /// A car that has to wait for green at second 60 stops 1 m before the line and starts then. Far
  /// beyond, it is behind a free one by the time from the free arrival at that place to green, and
  /// by what speeding up to v0 from a standstill loses: v0/a times the integral of
  /// 1 / ((1 + u)(1 + u²)) from 0 to 1, which is (ln 2)/4 + π/8 = 0.566.
  func testTheDelayOfARedSignalIsThatWorkedOutByHand() throws {
    let (run, approach, rows) = try oneCar(red: 60)
    let limit = 50 / 3.6
    let length = Double(run.traffic.network.linkLength[approach])
    let departed = Double(run.traffic.world.vehicles.departed[0]) / 2
    let start = 4.7  // where a car can stand first: its length and 0.1 m
    let freeArrival = departed + (length - 1 - start) / limit
    let lost = (0.6931 / 4 + 0.3927) * limit / 1.5
    let expected = 60 - freeArrival + lost
    // Its queue is that of all movements from its lane; it has made but one.
    let row = try XCTUnwrap(rows.first { $0["volume"] == "1" })
    let found = try XCTUnwrap(Double(row["delay_s"] ?? ""))
    // A step until it goes, and half a step of the acceleration by steps.
    XCTAssertEqual(found, expected, accuracy: 0.75)
    XCTAssertEqual(row["los"], "D")
    // It stood for well over half of the looks up to green, but not for half of the 150 s.
    XCTAssertEqual(row["queue_p50_veh"], "0")
  }

  /// HCM 2010, exhibits 18-4 and 19-1: the limit itself belongs to the better letter.
  func testLevelsOfService() {
    for (delay, signalised, unsignalised) in [
      (0.0, "A", "A"), (10, "A", "A"), (10.1, "B", "B"), (15.1, "B", "C"), (20.1, "C", "C"),
      (25.1, "C", "D"), (35.1, "D", "E"), (50.1, "D", "F"), (55.1, "E", "F"), (80, "E", "F"),
      (80.1, "F", "F"),
    ] {
      XCTAssertEqual(LevelOfService.letter(delay: delay, isSignalised: true), signalised)
      XCTAssertEqual(LevelOfService.letter(delay: delay, isSignalised: false), unsignalised)
    }
  }

  /// A hundred looks: none in 50, four cars over 26 m in 45, twelve over 80 m in 5. Sorted, the
  /// 50th is none, the 51st and the 95th are four, the 96th is twelve.
  func testPercentilesOfAMadeUpQueue() throws {
    var queues = QueueSamples(movements: 2)
    let length: Float = 254  // bins of 2 m
    for i in 0..<100 {
      queues.countLook()
      if i % 2 == 0 { continue }
      let isLong = i % 20 == 1
      queues.add(
        1, vehicles: isLong ? 12 : 4, metres: isLong ? 80 : 26, linkLength: length,
        isSpilled: isLong, isBlocked: false)
    }
    func at(_ share: Double) -> (Int, Double) {
      let found = queues.percentile(share, 1, linkLength: length)
      return (found.vehicles, found.metres)
    }
    XCTAssert(at(0.50) == (0, 0))
    XCTAssert(at(0.51) == (4, 26))
    XCTAssert(at(0.95) == (4, 26))
    XCTAssert(at(0.96) == (12, 80))
    XCTAssertEqual(queues.shares(1).spilled, 0.05)
    XCTAssertEqual(queues.shares(0).spilled, 0)
    XCTAssert(queues.percentile(0.95, 0, linkLength: length) == (0, 0))

    var writer = StateWriter()
    queues.encode(into: &writer)
    var copy = QueueSamples(movements: 2)
    var reader = StateReader(writer.bytes, file: "memory")
    try copy.decode(from: &reader)
    XCTAssert(copy.percentile(0.96, 1, linkLength: length) == (12, 80))
    copy.reset()
    XCTAssert(copy.percentile(0.96, 1, linkLength: length) == (0, 0))
  }

  /// Four sides of 87 m that hold thirteen cars each and then are full, each waiting for the next:
  /// from then on every look sees them spilt back, and the street they lead to full. In the first
  /// 20 s seven cars have come to each, half of what it holds.
  func testSpillbackWhenStorageSays() throws {
    let block = BlockRun()
    let movements = block.run.traffic.movements
    movements.start()
    let network = block.run.traffic.network
    func ofSides(_ rows: [Row]) -> [Row] {
      let sides = block.sides.map { network.linkExternalID[$0] }
      return rows.filter { sides.contains($0["from_link"] ?? "") && $0["turn"] == "left" }
    }
    XCTAssertEqual(try block.run.drive(to: 20), [])
    for row in ofSides(close(block.run)) { XCTAssertEqual(row["spillback_s"], "0.0") }
    XCTAssertEqual(try block.run.drive(to: 200), [])
    _ = close(block.run)
    XCTAssertEqual(try block.run.drive(to: 300), [])
    let full = ofSides(close(block.run, from: 200))
    XCTAssertEqual(full.count, 4)
    for row in full {
      XCTAssertEqual(row["spillback_s"], "100.0")
      XCTAssertEqual(row["receiving_full_s"], "100.0")
      XCTAssertEqual(row["volume"], "0")
      XCTAssertEqual(row["queue_p50_veh"], "13")
      XCTAssertEqual(row["los"], "")
    }
  }

  /// When all have arrived, as many have come upon every link as have left it; and threads or a
  /// resume change no bit of any row.
  func testBooksBalanceOnAnyThreadsAndAfterAResume() throws {
    let network = GridNetwork(size: 4, lanes: 2).build()
    func run(_ threads: Int) -> GridRun {
      let r = GridRun(network: network, trips: 600, seconds: 300, threads: threads)
      r.traffic.movements.start()
      return r
    }
    func rows(_ r: GridRun) -> [[String]] {
      var rows: [[String]] = []
      let epoch = r.simulation.clock.epoch
      r.traffic.movements.closeInterval(
        from: epoch, to: r.simulation.clock.instant(of: r.simulation.tick)
      ) {
        rows.append($0.map(Self.text))
      }
      return rows
    }
    let whole = run(1)
    let other = run(4)
    for _ in 0..<500 {
      try whole.simulation.step()
      try other.simulation.step()
    }
    let unmeasured = GridRun(network: network, trips: 600, seconds: 300)
    for _ in 0..<500 { try unmeasured.simulation.step() }
    XCTAssertEqual(unmeasured.simulation.stateHash(), whole.simulation.stateHash())
    var writer = StateWriter()
    whole.simulation.encodeState(into: &writer)
    whole.traffic.movements.encodeState(into: &writer)
    let resumed = run(2)
    var reader = StateReader(writer.bytes, file: "memory")
    try resumed.simulation.decodeState(from: &reader)
    try resumed.traffic.movements.decodeState(from: &reader)
    XCTAssertTrue(reader.isAtEnd)
    for r in [whole, other, resumed] {
      while r.simulation.tick < 4000 && r.traffic.counts.arrived < 600 {
        try r.simulation.step()
      }
    }
    let found = rows(whole)
    XCTAssertEqual(found, rows(other))
    XCTAssertEqual(found, rows(resumed))
    XCTAssertEqual(whole.traffic.counts.arrived, 600)
    var remaining = [String: Int]()
    var volume = 0
    for row in found {
      let n = try XCTUnwrap(Int(row[8]))
      volume += n
      remaining[row[2], default: 0] -= n
      remaining[row[3], default: 0] += n
    }
    for trip in whole.traffic.demand.trips {
      remaining[network.linkExternalID[trip.origin.link], default: 0] += 1
      remaining[network.linkExternalID[trip.destination.link], default: 0] -= 1
    }
    XCTAssertGreaterThan(volume, 1000)
    XCTAssertEqual(remaining.filter { $0.value != 0 }, [:])
  }
}
