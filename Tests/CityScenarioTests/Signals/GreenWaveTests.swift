import CityBase
import CityDemand
import CityModel
import CityNetwork
import CityPolicy
import CitySimulation
import CityTestSupport
import CityText
import XCTest

@testable import CityScenario
@testable import CityTraffic

final class GreenWaveTests: XCTestCase {
  /// Five signals along a street eastwards, unevenly apart, each with a street across.
  private static let places = [800.0, 1100, 1480, 1710, 2200]

  private let network: RoadNetwork = {
    var source = RoadSource()
    func node(_ x: Double, _ y: Double, _ control: NodeControl = .none) -> Int32 {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(x, y), control: control, externalID: Int64(source.nodes.count)))
      return Int32(source.nodes.count - 1)
    }
    func way(_ name: String, _ nodes: [Int32]) {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1,
          backwardLanes: 1, speedLimit: 50 / 3.6))
    }
    let middles = places.map { node($0, 0, .signals) }
    way("street", [node(0, 0)] + middles + [node(3000, 0)])
    for (i, x) in places.enumerated() {
      way("across-\(i)", [node(x, -200), middles[i], node(x, 200)])
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }()

  /// The signals from west to east.
  private var signals: [SignalID] {
    network.signals.ids.sorted {
      network.junctionPosition[network.signals[$0].junction].x
        < network.junctionPosition[network.signals[$1].junction].x
    }
  }

  private func wave(_ more: String) throws -> (setup: SignalSetup, note: String) {
    let ids = signals.map { "\"\(network.signals[$0].externalID)\"" }.joined(separator: ", ")
    let text = #"{"signals": [\#(ids)]\#(more)}"#
    let value = try JSONValue.parse(Array(text.utf8), file: "s.json")
    let wave = try GreenWave(JSONObjectReader(value, file: "s.json", path: "$.signals.waves[0]"))
    let city = try TinyCity()
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: city.path, diagnostics: &diagnostics)
    let clock = Clock(
      epoch: Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800),
      stepMilliseconds: 500)
    let site = PolicySite(
      map: map, network: network, clock: clock, endTick: 1000, locate: { $0 }, nearest: { _ in nil }
    )
    var setup = SignalSetup()
    try wave.apply(to: &setup, on: site, diagnostics: &diagnostics)
    return (setup, diagnostics.entries.last { $0.code == "green-wave" }?.message ?? "")
  }

  /// Widths that can be reckoned: 60 s cycles, greens of 30 s. Signals half a cycle of travel apart
  /// let the whole green through both ways; a quarter of a cycle apart, going out whole leaves the
  /// other way nothing, and 15 s each is the best (Little 1966: what one gains the other loses).
  func testFindsTheBandsOfSimpleCorridors() {
    func search(_ apart: Int64, count: Int, twoWay: Bool) -> BandSearch.Found {
      let arrivals = (0..<Int64(count)).map { $0 * apart }
      let out = arrivals.map { BandSearch.Stop(arrival: $0, windows: [0..<30_000]) }
      let back = arrivals.map {
        BandSearch.Stop(arrival: arrivals[count - 1] - $0, windows: [0..<30_000])
      }
      return BandSearch(cycle: 60_000, out: out, back: twoWay ? back : nil).best()
    }
    for count in [2, 3, 7, 14] {
      let half = search(30_000, count: count, twoWay: true)
      XCTAssertEqual([half.out, half.back], [30_000, 30_000])
      XCTAssertEqual(half.offsets[1], 30_000)
      if count <= 12 {
        let quarter = search(15_000, count: count, twoWay: true)
        XCTAssertEqual([quarter.out, quarter.back], [15_000, 15_000], "\(count)")
      }
      let one = search(17_000, count: count, twoWay: false)
      XCTAssertEqual(one.out, 30_000)
      XCTAssertEqual(one.offsets[1], 17_000)
    }
  }

  /// The band is as wide as the narrowest green: nobody who sets out within it is stopped, here or
  /// at the fifth signal. At the built offsets some are.
  func testAPlatoonMeetsNothingButGreen() throws {
    let (setup, note) = try wave(#", "two_way": false, "cycle_s": 90"#)
    let stages = signals.map { signal -> Double in
      let plan = setup[signal]?.programs[0].plan ?? network.signals[signal]
      let stage = StagedPlan(plan)
      return Double(stage.stages.map(\.greenMilliseconds).max() ?? 0) / 1000
    }
    XCTAssertTrue(note.contains("bands of "), note)
    let cycles = signals.map { setup[$0]?.programs[0].plan.cycleMilliseconds }
    XCTAssertEqual(Set(cycles).count, 1)
    // The band cannot be wider than any green; with one direction nothing makes it narrower but the
    // half seconds that it is looked for with, one at either end.
    let width = try XCTUnwrap(
      note.dropFirst("bands of ".count).split(separator: " ").first.flatMap { Double($0) })
    XCTAssertEqual(width, try XCTUnwrap(stages.min()), accuracy: 1)
    let slowest = try slowest(setup)
    XCTAssertGreaterThan(slowest, 9, "m/s between the first and the last signal")
    let without = try self.slowest(SignalSetup())
    XCTAssertLessThan(without, 1)
  }

  /// The least speed of four cars that come to the first signal 8 to 17 s after its green has begun,
  /// from there to behind the last one.
  private func slowest(_ setup: SignalSetup) throws -> Float {
    let first = signals[0]
    let plan = setup[first]?.programs[0].plan ?? network.signals[first]
    let street = (0..<network.linkCount).map { LinkID($0) }.filter {
      network.linkExternalID[$0].hasPrefix("street+")
        || network.linkPosition($0, 1).direction.x > 0.9
          && abs(network.linkPosition($0, 1).point.y) < 10
    }.sorted { network.linkPosition($0, 1).point.x < network.linkPosition($1, 1).point.x }
    XCTAssertEqual(street.count, 6)
    let group = network.connectors(of: network.signals[first].junction).map { ConnectorID($0) }
      .first {
        network.laneLink[network.connectorFrom[$0]] == street[0]
          && network.connectorTurn[$0] == .through
      }.map { Int(network.connectorGroup[$0]) }
    let windows = GreenWave.windows(of: [try XCTUnwrap(group)], in: plan)
    // 7:00 on the clock; ten cycles later the green of the first signal, and eight seconds of it.
    let cycle = Int64(plan.cycleMilliseconds)
    let start = 7 * 3_600_000 + 10 * cycle
    let phase = ((start - Int64(plan.offsetMilliseconds)) % cycle + cycle) % cycle
    let arrival = Double(10 * cycle - phase + windows[0].lowerBound) / 1000 + 8
    let length = network.linkLength[street[0]]
    // From rest a car of the IDM loses v / a times the integral of (1 - x) / (1 - x^4) from 0 to 1,
    // 0.566: 5.2 s at 50 km/h and 1.5 m/s².
    let second = arrival - Double(length - 40) / (50 / 3.6) - 5.2
    var demand = TrafficDemand(
      trips: [], routeFirst: [], routeCount: [], links: street, freeFlowSeconds: [])
    for i in 0..<4 {
      demand.trips.append(
        Trip(
          name: "c\(i)", departureMilliseconds: Int64((second + 3 * Double(i)) * 1000),
          origin: AccessPoint(link: street[0], offset: 40),
          destination: AccessPoint(link: street[5], offset: 400)))
      demand.routeFirst.append(0)
      demand.routeCount.append(6)
      demand.freeFlowSeconds.append(0)
    }
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    let clock = Clock(
      epoch: Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800),
      stepMilliseconds: 500)
    let random = RandomStream(seed: 1)
    let traffic = TrafficDomain(
      network: network, demand: demand, settings: settings, clock: clock, measured: 0..<86_400_000,
      random: random, pool: WorkerPool(threads: 1), signals: setup)
    let simulation = Simulation(
      clock: clock, network: network, random: random, policies: [], domains: [traffic],
      recorders: [])
    var slowest = Float.infinity
    while traffic.counts.arrived < 4, simulation.tick < 6000 {
      try simulation.step()
      let world = traffic.world
      for (i, link) in street.enumerated() where i > 0 || simulation.tick > Int64(arrival * 2 - 20)
      {
        for lane in network.lanes(of: link) {
          for k in 0..<Int(world.lanes.count[lane]) {
            let s = Int(world.lanes.base[lane]) + k
            // On the last link they slow down to stop at their destination.
            if i == 0 && world.slots.position[s] < 600 || i == 5 && world.slots.position[s] > 200 {
              continue
            }
            slowest = min(slowest, world.slots.speed[s])
          }
        }
      }
    }
    XCTAssertEqual(traffic.counts.arrived, 4)
    return slowest
  }

  func testRefusesWhatIsNoCorridor() throws {
    for (more, words, place) in [
      (#", "cycle_s": 12"#, "a cycle of 12.0 s leaves", "$.signals.waves[0].cycle_s"),
      (#", "speed_kmh": 500"#, "a number from 5.0 to 130.0", "$.signals.waves[0].speed_kmh"),
    ] {
      XCTAssertThrowsError(try wave(more)) { error in
        XCTAssertEqual((error as? CityError)?.place, place)
        XCTAssertTrue("\(error)".contains(words), "\(error)")
      }
    }
  }
}
