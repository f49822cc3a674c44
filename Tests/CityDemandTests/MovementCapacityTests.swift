import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

final class MovementCapacityTests: XCTestCase {
  /// Roads of 300 m that meet in the middle, named for where they come from; "w+0" leads in from the
  /// west, "w-0" out again.
  private func junction(
    _ arms: String, minor: String = "", lanes: Int = 1, _ control: NodeControl = .none
  ) -> RoadNetwork {
    let ends: [Character: Point2] = [
      "w": Point2(-300, 0), "e": Point2(300, 0), "s": Point2(0, -300), "n": Point2(0, 300),
    ]
    var source = RoadSource()
    source.nodes.append(
      RoadSource.Node(position: Point2(0, 0), control: control, externalID: 0))
    for arm in arms {
      let node = Int32(source.nodes.count)
      source.nodes.append(
        RoadSource.Node(
          position: ends[arm] ?? Point2(0, 0), control: .none, externalID: Int64(node)))
      source.ways.append(
        RoadSource.Way(
          externalID: String(arm), nodes: [node, 0],
          roadClass: minor.contains(arm) ? .residential : .secondary, forwardLanes: lanes,
          backwardLanes: lanes, speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    return NetworkBuilder.build(source, diagnostics: &diagnostics)
  }

  /// How full turns are, and links, under volumes by name: `["w+0 e-0": 400]`.
  private func use(_ network: RoadNetwork, _ volumes: [String: Double])
    -> (turn: (String) -> Double, link: (String) -> Double)
  {
    let graph = TurnGraph(network)
    func link(_ name: Substring) -> Int {
      network.linkExternalID.values.firstIndex { $0 == name } ?? -1
    }
    func turn(_ name: String) -> Int {
      let ends = name.split(separator: " ").map(link)
      return graph.turns(from: LinkID(ends[0])).first { graph.turnTarget[$0].index == ends[1] }
        ?? -1
    }
    var turns = [Double](repeating: 0, count: graph.turnCount)
    var links = [Double](repeating: 0, count: network.linkCount)
    for (name, volume) in volumes {
      turns[turn(name)] = volume
      for end in name.split(separator: " ") { links[link(end)] += volume }
    }
    let use = MovementCapacity(network, graph).use(turns: turns, links: links)
    return ({ use.ofTurn[turn($0)] }, { use.ofLink[link($0[...])] })
  }

  /// Where one yields: the potential capacity beside those who go first, 654.3 vehicles an hour for
  /// the right turn beside 400 and 1,169.6 for the left turn out of the main road.
  func testWhereOneYields() {
    let network = junction("wes", minor: "s")
    let full = use(network, ["w+0 e-0": 400, "s+0 e-0": 300, "e+0 s-0": 200])
    XCTAssertEqual(full.turn("s+0 e-0"), 300 / 654.3, accuracy: 0.001)
    XCTAssertEqual(full.turn("e+0 s-0"), 200 / 1169.6, accuracy: 0.001)
    XCTAssertEqual(full.link("s+0"), 300 / 654.3, accuracy: 0.001)
    // The main road itself waits for nobody: 1,800 vehicles an hour and lane.
    XCTAssertEqual(full.turn("w+0 e-0"), 700.0 / 1800, accuracy: 0.001)
    XCTAssertEqual(full.link("w+0"), 400.0 / 1800, accuracy: 0.001)
  }

  /// Where all roads are equal, who comes from the right goes first. In a T with its stem in the south
  /// nobody comes from the right of who drives west: he goes on like on a main road, and does not stop
  /// as those who have to look. Who drives east goes one after the other every 4 s.
  func testRightOfWayBetweenEqualRoads() {
    let network = junction("wes", minor: "wes")
    XCTAssert(network.junctionControl.values.contains(.equal))
    XCTAssertEqual(use(network, ["e+0 w-0": 900]).turn("e+0 w-0"), 900.0 / 1800, accuracy: 0.001)
    XCTAssertEqual(use(network, ["w+0 e-0": 450]).turn("w+0 e-0"), 450.0 / 900, accuracy: 0.001)
  }

  /// What the turns of an assignment wait: those out of the side road for their queue, by the manual's
  /// delay at 300 of 654.3 vehicles an hour, and each for a gap, 3600 / 654.3 s in place of 3.3 s; those on
  /// the main road for hardly anything, though they end in the same street.
  func testEachTurnHasItsOwnWait() {
    let network = junction("wes", minor: "s")
    let graph = TurnGraph(network)
    var assignment = StaticAssignment(network, graph, LinkCapacity(network))
    assignment.movements = MovementCapacity(network, graph)
    func link(_ name: String) -> LinkID {
      network.linkExternalID.ids.first { network.linkExternalID[$0] == name } ?? .none
    }
    let traffic = assignment.assign(
      [
        AssignmentFlow(origin: link("w+0"), destination: link("e-0"), vehiclesPerHour: 400),
        AssignmentFlow(origin: link("s+0"), destination: link("e-0"), vehiclesPerHour: 300),
      ], execute: runSerially)
    func wait(_ from: String, _ to: String) -> Double {
      let turn = graph.turns(from: link(from)).first { graph.turnTarget[$0] == link(to) } ?? 0
      return Double(traffic.times.turns[turn] - graph.turnMilliseconds[turn]) / 1000
    }
    let x = 300 / 654.3
    let queue = 900 * (x - 1 + ((x - 1) * (x - 1) + 4 * x / 654.3).squareRoot())
    XCTAssertEqual(wait("s+0", "e-0"), queue + 3600 / 654.3 - 3.3, accuracy: 0.01)
    let y = 400 / 1800.0
    XCTAssertEqual(
      wait("w+0", "e-0"), 900 * (y - 1 + ((y - 1) * (y - 1) + 4 * y / 1800).squareRoot()),
      accuracy: 0.01)
    XCTAssertEqual(wait("e+0", "w-0"), 0)
    XCTAssertEqual(traffic.departingPerHour[link("s+0").index], 300)
  }

  /// Movements that share a lane share its time.
  func testASharedLane() {
    let network = junction("wes", minor: "s")
    let alone = use(network, ["w+0 e-0": 300, "s+0 e-0": 200])
    let both = use(network, ["w+0 e-0": 300, "s+0 e-0": 200, "s+0 w-0": 100])
    let left = use(network, ["w+0 e-0": 300, "s+0 w-0": 100])
    XCTAssertEqual(
      both.link("s+0"), alone.link("s+0") + left.link("s+0"), accuracy: 0.001)
    XCTAssertEqual(both.turn("s+0 e-0"), both.turn("s+0 w-0"))
  }

  /// A lane that goes on and turns across: who turns waits, and keeps those behind from going on.
  /// Beside 600 an hour at headways of 2 s a third of the time is taken; of the vehicles half follow
  /// nobody, so that gaps beyond 2 s decay by 0.125 a second. One who comes by chance waits
  /// e^(0.125 (4.1 - 2)) / (0.5 / 6) - 4.1 - 8 + (0.125 4 - 4 + 2) / (2 (0.25 + 0.5)) = 2.502 s for
  /// 4.1 s. Of those who turn, a quarter come after another one and use his gap: 986.9 an hour.
  func testATurnKeepsTheLaneFromGoingOn() {
    let network = junction("wes", minor: "s")
    let c = network.connectorFrom.ids.first {
      network.linkExternalID[network.laneLink[network.connectorFrom[$0]]] == "e+0"
        && network.connectorTurn[$0] == .left
    }
    let bend = c.map { 1 + 6.6 / Double(network.laneSpeed[network.lane(of: $0)]) } ?? 0
    XCTAssertGreaterThan(bend, 2)
    let full = use(network, ["w+0 e-0": 600, "e+0 s-0": 100, "e+0 w-0": 300])
    let single = 2.502 + bend
    let mean = 0.25 * max(bend, 3600 / 986.9) + 0.75 * single
    XCTAssertEqual(full.link("e+0"), (100 * mean + 300 * 2) / 3600, accuracy: 0.001)
    // With nobody oncoming it is a lane like any other.
    let free = use(network, ["e+0 s-0": 100, "e+0 w-0": 300])
    XCTAssertEqual(free.link("e+0"), (100 * bend + 300 * 2) / 3600, accuracy: 0.001)
  }

  /// The mean wait against a stream drawn headway by headway: the noise of a million
  /// headways is below 1 %, twice that is asked.
  func testWaitsInABunchedStream() {
    for (vehicles, headway, critical) in [
      (1100.0, 2.15, 4.1), (360, 1.9, 4.1), (720, 2, 6.5), (1000, 2, 7.1),
    ] {
      var stream = BunchedStream()
      stream.add(lane: vehicles, headway: headway)
      let flow = vehicles / 3600
      let alone = 0.75 * (1 - flow * headway)
      let random = RandomStream(seed: 5)
      var time = 0.0
      var waited = 0.0
      // From the last headway to the first: the wait of one who comes at the beginning of one.
      var next = 0.0
      for i in 0..<1_000_000 as Range<UInt64> {
        let isBunched = random.unit(.demandThinning, i, 1) >= alone
        let draw = -PortableMath.log(max(1e-300, 1 - random.unit(.demandThinning, i, 2)))
        let length = headway + (isBunched ? 0 : draw / (0.75 * flow))
        let short = min(length, critical)
        time += length
        waited += short * short / 2 + short * next
        next = length >= critical ? 0 : length + next
      }
      XCTAssertEqual(
        stream.meanWait(critical: critical), waited / time, accuracy: 0.02 * waited / time)
    }
    XCTAssertEqual(BunchedStream().meanWait(critical: 4.1), 0)
  }

  /// The share of the cycle in which a movement has a state.
  private func share(_ state: SignalState, _ network: RoadNetwork, _ from: String, _ to: String)
    -> Double
  {
    let signal = network.signals.values[0]
    let c = network.connectorFrom.ids.first {
      network.linkExternalID[network.laneLink[network.connectorFrom[$0]]] == from
        && network.linkExternalID[network.laneLink[network.connectorTo[$0]]] == to
    }
    let group = c.map { Int(network.connectorGroup[$0]) } ?? -1
    let shown = signal.phases.filter { $0.states[group] == state }.reduce(0) {
      $0 + $1.milliseconds
    }
    return Double(shown) / Double(signal.cycleMilliseconds)
  }

  /// Three lanes: the inner one turns left alone on its own green, through traffic has two lanes and
  /// 1,800 vehicles an hour of green in each. The link is as full as its left lane, where a mean over
  /// the lanes would find it half empty.
  func testTheCriticalLane() {
    let network = junction("wesn", lanes: 3, .signals)
    let left = share(.green, network, "w+0", "n-0")
    let through = share(.green, network, "w+0", "e-0")
    XCTAssertGreaterThan(through, left)
    let full = use(network, ["w+0 n-0": 250, "w+0 e-0": 400])
    XCTAssertEqual(full.turn("w+0 e-0"), 400 / (2 * 1800 * through), accuracy: 0.001)
    let c = network.connectorFrom.ids.first {
      network.linkExternalID[network.laneLink[network.connectorFrom[$0]]] == "w+0"
        && network.connectorTurn[$0] == .left
    }
    let speed = c.map { Double(network.laneSpeed[network.lane(of: $0)]) } ?? 0
    let saturation = min(1800, 3600 / (1 + 6.6 / speed))
    XCTAssertEqual(full.turn("w+0 n-0"), 250 / (saturation * left), accuracy: 0.001)
    XCTAssertEqual(full.link("w+0"), full.turn("w+0 n-0"))
    XCTAssertGreaterThan(full.link("w+0"), 2 * full.turn("w+0 e-0"))
  }

  /// A road of three lanes that goes on with two and a branch of one, and one of three that goes on
  /// with two: nobody yields there. Each lane lets 1,800 vehicles an hour go on; two that run into one
  /// do so together.
  func testWhereLanesPartOrEnd() {
    for branch in [1, 0] {
      var source = RoadSource()
      for (i, place) in [(0.0, 0.0), (-500, 0), (500, 0), (480, 150)].enumerated() {
        source.nodes.append(
          RoadSource.Node(
            position: Point2(place.0, place.1), control: .none, externalID: Int64(i)))
      }
      for (name, nodes, lanes) in [
        ("w", [1, 0] as [Int32], 3), ("e", [0, 2], 2), ("b", [0, 3], branch),
      ] where lanes > 0 {
        source.ways.append(
          RoadSource.Way(
            externalID: name, nodes: nodes, roadClass: .motorway, forwardLanes: lanes,
            backwardLanes: 0, speedLimit: 120 / 3.6))
      }
      var diagnostics = Diagnostics()
      let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
      if branch == 1 {
        let full = use(network, ["w+0 b+0": 600, "w+0 e+0": 1200])
        XCTAssertEqual(full.turn("w+0 b+0"), 600 / 1800, accuracy: 0.01)
        XCTAssertEqual(full.turn("w+0 e+0"), 1200 / (2 * 1800), accuracy: 0.01)
      } else {
        XCTAssertEqual(
          use(network, ["w+0 e+0": 1800]).turn("w+0 e+0"), 1800 / (2 * 1800), accuracy: 0.01)
      }
    }
  }

  /// Two lanes of green that run into one: the exit lane takes no more than 1,800 vehicles an hour of
  /// green, so that each of the two is as full as one that had them all.
  func testLanesThatRunTogetherInAJunction() {
    func network(exit: Int) -> RoadNetwork {
      var source = RoadSource()
      for (i, place) in [(0.0, 0.0), (-500, 0), (500, 0), (0, 500), (0, -500)].enumerated() {
        source.nodes.append(
          RoadSource.Node(
            position: Point2(place.0, place.1), control: i == 0 ? .signals : .none,
            externalID: Int64(i)))
      }
      for (name, nodes, forward, backward) in [
        ("w", [1, 0] as [Int32], 2, 1), ("e", [0, 2], exit, 1), ("n", [3, 0], 1, 1),
        ("s", [4, 0], 1, 1),
      ] {
        var way = RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: forward,
          backwardLanes: backward, speedLimit: 50 / 3.6)
        if name == "w" { way.forwardTurns = [[.through], [.through]] }
        source.ways.append(way)
      }
      var diagnostics = Diagnostics()
      return NetworkBuilder.build(source, diagnostics: &diagnostics)
    }
    for exit in 1...2 {
      let network = network(exit: exit)
      let green = share(.green, network, "w+0", "e+0")
      XCTAssertGreaterThan(green, 0.1)
      let into = network.connectorFrom.ids.filter {
        network.linkExternalID[network.laneLink[network.connectorFrom[$0]]] == "w+0"
          && network.linkExternalID[network.laneLink[network.connectorTo[$0]]] == "e+0"
      }
      XCTAssertEqual(into.count, 2)
      let full = use(network, ["w+0 e+0": 300])
      XCTAssertEqual(
        full.turn("w+0 e+0"), 300 / (1800 * green * Double(exit)), accuracy: 0.001)
    }
  }

  /// A permissive left turn: with nobody oncoming its follow-up time of 2.5 s, or its bend, limits it
  /// and one more clears the junction in each cycle; against a full lane only that one is left.
  func testAPermissiveTurn() {
    let network = junction("wesn", .signals)
    let half = share(.permissive, network, "w+0", "n-0")
    let cycle = Double(network.signals.values[0].cycleMilliseconds) / 1000
    XCTAssertGreaterThan(half, 0.2)
    let free = use(network, ["w+0 n-0": 100])
    let most = 100 / (1440 * half + 3600 / cycle)
    let least = 100 / (1000 * half + 3600 / cycle)
    XCTAssert(most...least ~= free.turn("w+0 n-0"), "\(free.turn("w+0 n-0"))")
    let green = share(.green, network, "e+0", "w-0")
    let against = use(network, ["w+0 n-0": 50, "e+0 w-0": 1800 * green])
    XCTAssertEqual(against.turn("w+0 n-0"), 50 / (3600 / cycle), accuracy: 0.01)
    let some = use(network, ["w+0 n-0": 50, "e+0 w-0": 400]).turn("w+0 n-0")
    XCTAssertGreaterThan(some, 2 * use(network, ["w+0 n-0": 50]).turn("w+0 n-0"))
    XCTAssertLessThan(some, against.turn("w+0 n-0"))
  }

  /// A lane that widens into three before a signal. Where the bays hold no more than two vehicles each,
  /// who waits to turn left keeps the others from their green, as if all used one lane; where they
  /// hold a queue, each lane counts for itself.
  /// Behind a side street 60 m before a signal only a few cars stand at the line. They go at once, and
  /// those beyond the side street five seconds later than a queue would, if there is any green left.
  func testAnApproachThatIsTooShortForAGreen() throws {
    for (reach, isShort) in [(60.0, true), (280, false)] {
      var source = RoadSource()
      for (x, y, control) in [
        (0.0, 0.0, NodeControl.signals), (-600, 0, .none), (-reach, 0, .none), (300, 0, .none),
        (0, -300, .none), (0, 300, .none), (-reach, -200, .none),
      ] {
        source.nodes.append(
          RoadSource.Node(
            position: Point2(x, y), control: control, externalID: Int64(source.nodes.count)))
      }
      for (id, nodes, roadClass) in [
        ("w", [1, 2], RoadClass.secondary), ("short", [2, 0], .secondary),
        ("e", [3, 0], .secondary),
        ("s", [4, 0], .secondary), ("n", [5, 0], .secondary), ("side", [6, 2], .residential),
      ] as [(String, [Int32], RoadClass)] {
        source.ways.append(
          RoadSource.Way(
            externalID: id, nodes: nodes, roadClass: roadClass, forwardLanes: 1, backwardLanes: 1,
            speedLimit: 50 / 3.6))
      }
      var diagnostics = Diagnostics()
      let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
      let link = try XCTUnwrap(
        network.linkExternalID.ids.first { network.linkExternalID[$0] == "short+0" })
      let across = try XCTUnwrap(
        network.connectors(of: network.linkTo[link]).map { ConnectorID($0) }.first {
          network.laneLink[network.connectorFrom[$0]] == link
            && network.linkExternalID[network.laneLink[network.connectorTo[$0]]] == "e-0"
        })
      let signal = network.signals[network.junctionSignal[network.linkTo[link]]]
      let green = try XCTUnwrap(GroupGreens(network).shares(of: across)).open
      let cycle = Double(signal.cycleMilliseconds) / 1000
      let perSecond =
        SignalRetiming.saturationFlow(speed: Double(network.laneSpeed[network.lane(of: across)]))
        / 3600
      let going = perSecond * green * cycle
      let standing = (Double(network.linkLength[link]) / 7).rounded(.down)
      XCTAssertEqual(going > standing, isShort, "\(going) of \(standing)")
      let used = isShort ? max(standing, going - 5 * perSecond) : going
      let full = use(network, ["short+0 e-0": 200])
      XCTAssertEqual(full.turn("short+0 e-0"), 200 / (used / cycle * 3600), accuracy: 1e-6)
    }
  }

  func testBaysThatAreTooShort() {
    func network(bay: Double) -> RoadNetwork {
      var source = RoadSource()
      let places = [
        (0.0, 0.0), (-bay - 20, 0), (-500, 0), (500, 0), (0, 500), (0, -500),
      ]
      for (i, place) in places.enumerated() {
        source.nodes.append(
          RoadSource.Node(
            position: Point2(place.0, place.1), control: i == 0 ? .signals : .none,
            externalID: Int64(i)))
      }
      for (name, nodes, forward, backward) in [
        ("far", [2, 1] as [Int32], 1, 0), ("w", [1, 0], 3, 0), ("e", [3, 0], 1, 1),
        ("n", [4, 0], 1, 1), ("s", [5, 0], 1, 1),
      ] {
        source.ways.append(
          RoadSource.Way(
            externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: forward,
            backwardLanes: backward, speedLimit: 50 / 3.6))
      }
      var diagnostics = Diagnostics()
      return NetworkBuilder.build(source, diagnostics: &diagnostics)
    }
    let volumes = ["w+0 e-0": 300.0, "w+0 n-0": 100]
    let long = use(network(bay: 200), volumes)
    let short = use(network(bay: 20), volumes)
    XCTAssertEqual(long.link("w+0"), max(long.turn("w+0 e-0"), long.turn("w+0 n-0")))
    XCTAssertGreaterThan(short.turn("w+0 n-0"), long.turn("w+0 n-0"))
    XCTAssertEqual(short.turn("w+0 e-0"), short.turn("w+0 n-0"))
    // No more than one after the other.
    XCTAssertLessThan(
      short.link("w+0"), 1.2 * (long.turn("w+0 e-0") * 2 + long.turn("w+0 n-0")))
  }

  func testVolumesThatAreNone() {
    let network = junction("wesn", .signals)
    let graph = TurnGraph(network)
    let model = MovementCapacity(network, graph)
    let bad = model.use(
      turns: Array(repeating: .nan, count: graph.turnCount), links: [.infinity])
    XCTAssertEqual(bad.ofTurn.max(), 0)
    XCTAssertEqual(bad.ofLink.max(), 0)
    XCTAssertEqual(model.use(turns: [], links: []).ofLink.max(), 0)
  }
}
