import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// One street with two signalised crossings, and what drives along it from west to east.
private struct Street {
  let network: RoadNetwork
  /// West of the first crossing, between the two, east of the second.
  let links: [LinkID]
  let signals: [SignalID]

  init(spacing: Double = 200, drivesOnRight: Bool = true) throws {
    let grid = GridNetwork(size: 2, spacing: spacing, drivesOnRight: drivesOnRight).build()
    let nodes = (0..<4).map { Point2(Double($0) * spacing, spacing) }
    let way = try (0..<3).map { try XCTUnwrap(grid.link(from: nodes[$0], to: nodes[$0 + 1])) }
    network = grid
    links = way
    signals = way[0..<2].map { grid.junctionSignal[grid.linkTo[$0]] }
  }

  func drive(
    _ name: String, from offset: Float, to destination: AccessPoint? = nil,
    class kind: VehicleClass = .car, _ privileges: Privileges = []
  ) -> Drive {
    Drive(
      name: name, key: StableHash.of(name), vehicleClass: kind, privileges: privileges,
      origin: AccessPoint(link: links[0], offset: offset),
      destination: destination ?? AccessPoint(link: links[2], offset: 150))
  }

  /// Ten cars that come up to the first crossing one behind the other.
  var queue: [Fleet.Outing] {
    (0..<10).map { (i: Int) -> Fleet.Outing in
      Fleet.Outing(tick: Tick(i) * 6, drive: drive("car-\(i)", from: 100))
    }
  }

  func run(
    _ outings: [Fleet.Outing], plans: [(SignalID, SignalController)] = [], until: Tick = 100_000
  ) throws -> (GridRun, Fleet) {
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    var fleet: Fleet?
    let run = GridRun(
      network: network, trips: 0, seconds: 1,
      policies: [PlanForAWhile(plans: plans, until: until)], settings: settings,
      reservedDrives: outings.count,
      others: {
        let made = Fleet($0, outings)
        fleet = made
        return [made]
      })
    return (run, try XCTUnwrap(fleet))
  }
}

/// Collects where vehicles are shown, by class.
private struct ClassSink: FeatureSink {
  var places: [String: [Point2]] = [:]
  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property]) {
    guard case .point(let place) = shape, case .text(let word)? = properties.first?.value else {
      return
    }
    places[word, default: []].append(place)
  }
}

final class PrivilegeTests: XCTestCase {
  private func step(_ run: GridRun, file: StaticString = #filePath, line: UInt = #line) throws {
    try run.simulation.step()
    let wrong = run.traffic.violations()
    XCTAssertEqual(wrong, [], "tick \(run.simulation.tick)", file: file, line: line)
    if !wrong.isEmpty { throw CityError.refused("stopped") }
  }

  // MARK: - Red

  /// All lights show red for good: who may pass red gets through, slowly; nobody else does.
  func testWhoMayPassRedPassesItSlowlyAndNobodyElse() throws {
    for drivesOnRight in [true, false] {
      let street = try Street(drivesOnRight: drivesOnRight)
      let red = street.signals.map { street.network.plan($0, all: .red) }
      for privileges in [Privileges.passRed, .all, [], .filterQueue] {
        let (run, fleet) = try street.run(
          [.init(tick: 0, drive: street.drive("a", from: 20, class: .ambulance, privileges))],
          plans: red)
        var fastest: Float = 0
        var before = -1
        while fleet.ended.first ?? -1 < 0, run.simulation.tick < 400 {
          try step(run)
          let world = run.traffic.world
          guard let vehicle = fleet.vehicles.first?.index, let (s, lane) = world.find(vehicle)
          else { continue }
          // The first tick beyond a stop line.
          if lane >= world.topology.roadLanes && before < world.topology.roadLanes {
            fastest = max(fastest, world.slots.speed[s])
          }
          before = lane
        }
        if privileges.contains(.passRed) {
          XCTAssertGreaterThan(fleet.ended[0], 0)
          // 18 km/h at the line, and what it gains in one step beyond it.
          XCTAssertGreaterThan(fastest, 1)
          XCTAssertLessThan(fastest, 5 + 0.75)
          // 550 m at 50 km/h, and twice braking to 5 m/s and gathering speed again.
          XCTAssertLessThan(Double(fleet.ended[0] - fleet.begun[0]) / 2, 550 / 13.9 + 2 * 10 + 5)
        } else {
          XCTAssertEqual(fleet.ended[0], -1)
          let place = try XCTUnwrap(run.traffic.place(of: fleet.vehicles[0]))
          XCTAssertEqual(place.link, street.links[0])
          XCTAssertEqual(place.offset, street.network.linkLength[street.links[0]], accuracy: 3)
        }
      }
    }
  }

  /// From a minor road across a main one with a steady stream in both directions.
  func testItGoesFirstWhereNoLightIs() throws {
    var source = GridNetwork(size: 1, isSignalised: false).source
    source.ways[1].roadClass = .residential
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    let west = Point2(0, 200)
    let middle = Point2(200, 200)
    let east = Point2(400, 200)
    let ends = try [(west, middle), (middle, east), (east, middle), (middle, west)].map {
      try XCTUnwrap(network.link(from: $0.0, to: $0.1))
    }
    let south = try XCTUnwrap(network.link(from: Point2(200, 0), to: middle))
    let north = try XCTUnwrap(network.link(from: middle, to: Point2(200, 400)))
    XCTAssertEqual(network.junctionControl[network.linkTo[south]], .priority)
    var outings: [Fleet.Outing] = []
    for i in 0..<100 {
      for (j, way) in [(ends[0], ends[1]), (ends[2], ends[3])].enumerated() {
        outings.append(
          Fleet.Outing(
            tick: Tick(6 * i),
            drive: Drive(
              name: "c", key: UInt64(2 * i + j), origin: AccessPoint(link: way.0, offset: 20),
              destination: AccessPoint(link: way.1, offset: 180))))
      }
    }
    var seconds: [Double] = []
    for privileges in [Privileges.passRed, []] {
      var sum = 0.0
      for start in [Tick(100), 150, 200, 250] {
        let call = Drive(
          name: "a", key: 9, vehicleClass: .ambulance, privileges: privileges,
          origin: AccessPoint(link: south, offset: 20),
          destination: AccessPoint(link: north, offset: 180))
        let all = outings + [.init(tick: start, drive: call)]
        var fleet: Fleet?
        let run = GridRun(
          network: network, trips: 0, seconds: 1, reservedDrives: all.count,
          others: {
            let made = Fleet($0, all)
            fleet = made
            return [made]
          })
        let f = try XCTUnwrap(fleet)
        while f.ambulance.map({ f.ended[$0] < 0 }) ?? true, run.simulation.tick < 900 {
          try step(run)
        }
        let i = try XCTUnwrap(f.ambulance)
        XCTAssertGreaterThan(f.ended[i], 0)
        sum += Double(f.ended[i] - start) / 2
      }
      seconds.append(sum / 4)
    }
    print("across a main road", seconds)
    XCTAssertLessThan(seconds[0], seconds[1] - 5)
  }

  // MARK: - The queue

  /// Ten cars stand at red: who may filter comes to the stop line while they all still stand.
  func testWhoMayFilterReachesTheStopLineBeforeTheQueueMoves() throws {
    let street = try Street()
    let red = street.signals.map { street.network.plan($0, all: .red) }
    let line = street.network.linkLength[street.links[0]]
    for privileges in [Privileges.filterQueue, .passRed, .all, []] {
      let (run, fleet) = try street.run(
        street.queue
          + [.init(tick: 120, drive: street.drive("a", from: 20, class: .fireEngine, privileges))],
        plans: red)
      while run.simulation.tick < 240 { try step(run) }
      let cars = try fleet.vehicles[..<10].map { try XCTUnwrap(run.traffic.place(of: $0)) }
      // The last of ten stands about nine times a car and its gap behind the first.
      XCTAssertTrue(cars.allSatisfy { $0.link == street.links[0] && $0.offset > line - 75 })
      if privileges == .all {
        XCTAssertGreaterThan(fleet.ended[10], 0, "across both junctions and there")
        continue
      }
      let place = try XCTUnwrap(run.traffic.place(of: fleet.vehicles[10]))
      if privileges == .filterQueue {
        XCTAssertEqual(place.offset, line, accuracy: 3)
        XCTAssertEqual(run.traffic.world.side.count[street.links[0].index], 1)
      } else {
        XCTAssertLessThan(place.offset, line - 60, "behind them all")
      }
    }
  }

  /// The queue in front of the second crossing reaches back to the first one.
  func testAFullLinkDoesNotStopWhoMayFilter() throws {
    let street = try Street(spacing: 100)
    let plans = [
      street.network.plan(street.signals[0], all: .permissive),
      street.network.plan(street.signals[1], all: .red),
    ]
    let cars = (0..<24).map { (i: Int) -> Fleet.Outing in
      Fleet.Outing(tick: Tick(i) * 8, drive: street.drive("car-\(i)", from: 40))
    }
    for privileges in [Privileges.all, .passRed] {
      let call = street.drive(
        "a", from: 15, to: AccessPoint(link: street.links[2], offset: 70), class: .ambulance,
        privileges)
      let (run, fleet) = try street.run(cars + [.init(tick: 400, drive: call)], plans: plans)
      while run.simulation.tick < 600 { try step(run) }
      let world = run.traffic.world
      let lane = Int(world.topology.linkFirstLane[street.links[1].index])
      XCTAssertGreaterThan(world.lanes.count[lane], 9, "the link must be full")
      XCTAssertGreaterThan(
        world.lanes.count[world.topology.linkFirstLane[street.links[0].index]], 3)
      XCTAssertEqual(fleet.ended[24] > 0, privileges == .all, "\(privileges)")
    }
  }

  /// An accident closes both lanes: who may filter gets past between them, even as the first.
  func testItPassesWhatBlocksAllLanes() throws {
    let grid = GridNetwork(size: 1, lanes: 2).build()
    let link = try XCTUnwrap(grid.link(from: Point2(0, 200), to: Point2(200, 200)))
    let beyond = try XCTUnwrap(grid.link(from: Point2(200, 200), to: Point2(400, 200)))
    for privileges in [Privileges.all, .passRed] {
      let call = Drive(
        name: "a", key: 9, vehicleClass: .fireEngine, privileges: privileges,
        origin: AccessPoint(link: link, offset: 20),
        destination: AccessPoint(link: beyond, offset: 100))
      var fleet: Fleet?
      let run = GridRun(
        network: grid, trips: 0, seconds: 1, reservedDrives: 1,
        others: {
          let made = Fleet($0, [.init(tick: 10, drive: call)])
          fleet = made
          return [made]
        })
      for lane in grid.lanes(of: link) {
        _ = run.traffic.block(
          LaneBlockage(lane: LaneID(lane), from: 100, to: 110, residualWidth: 0))
      }
      while run.simulation.tick < 200 { try step(run) }
      XCTAssertEqual(try XCTUnwrap(fleet).ended[0] > 0, privileges == .all)
    }
  }

  /// The destination lies beside the standing queue.
  func testItArrivesFromTheSideList() throws {
    let street = try Street()
    let red = street.signals.map { street.network.plan($0, all: .red) }
    let line = street.network.linkLength[street.links[0]]
    let target = AccessPoint(link: street.links[0], offset: line - 30)
    for privileges in [Privileges.filterQueue, []] {
      let (run, fleet) = try street.run(
        street.queue
          + [
            .init(
              tick: 120,
              drive: street.drive("a", from: 20, to: target, class: .policeCar, privileges))
          ], plans: red)
      while run.simulation.tick < 220 { try step(run) }
      XCTAssertEqual(fleet.ended[10] > 0, privileges == .filterQueue)
    }
  }

  /// Privileges are taken away half-way along the queue: the vehicle goes on, waits for green at
  /// the line, and arrives.
  func testPrivilegesTakenAwayBesideTheQueue() throws {
    let street = try Street()
    let red = street.signals.map { street.network.plan($0, all: .red) }
    let (run, fleet) = try street.run(
      street.queue
        + [.init(tick: 120, drive: street.drive("a", from: 20, class: .ambulance, .all))],
      plans: red, until: 200)
    let link = street.links[0].index
    while run.traffic.world.side.count[link] == 0, run.simulation.tick < 199 { try step(run) }
    XCTAssertEqual(run.traffic.world.side.count[link], 1)
    run.traffic.setPrivileges([], of: fleet.vehicles[10])
    while run.simulation.tick < 200 {
      try step(run)
      XCTAssertEqual(run.traffic.place(of: fleet.vehicles[10])?.link, street.links[0])
    }
    while fleet.ended.contains(-1), run.simulation.tick < 1200 { try step(run) }
    XCTAssertFalse(fleet.ended.contains(-1), "\(fleet.ended)")
    XCTAssertEqual(run.traffic.world.usedSideSlots(), [])
  }

  /// A unit sets out beside a queue that leaves it no gap, and is shown beside the lane; cars wait.
  func testItSetsOutBesideAQueueAndIsShownThere() throws {
    let street = try Street()
    let red = street.signals.map { street.network.plan($0, all: .red) }
    let line = street.network.linkLength[street.links[0]]
    for privileges in [Privileges.filterQueue, []] {
      let (run, fleet) = try street.run(
        street.queue
          + [
            .init(
              tick: 120,
              drive: street.drive("a", from: line - 40, class: .ambulance, privileges))
          ], plans: red)
      while run.simulation.tick < 124 { try step(run) }
      let isOut = run.traffic.world.vehicles.departed[fleet.vehicles[10].index] >= 0
      XCTAssertEqual(isOut, privileges == .filterQueue)
      var sink = ClassSink()
      VehicleLayer(domain: run.traffic).addFeatures(to: &sink, at: run.simulation.moment)
      XCTAssertEqual(sink.places["car"]?.count, 10)
      XCTAssertEqual(sink.places["ambulance"]?.count, isOut ? 1 : nil)
      guard isOut, let car = sink.places["car"]?.first, let at = sink.places["ambulance"]?.first
      else { continue }
      // Eastward, on the right: half a lane to the north of the cars.
      let lane = LaneID(Int(street.network.linkFirstLane[street.links[0].index]))
      XCTAssertEqual(at.y - car.y, Double(street.network.laneWidth[lane]) / 2, accuracy: 0.01)
    }
  }
}
