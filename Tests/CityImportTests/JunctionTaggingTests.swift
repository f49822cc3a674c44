import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// Signals, signs, roundabouts, ramps, bridges: what meets where, and who goes first.
final class JunctionTaggingTests: XCTestCase {
  private func crossing(_ node: String = "") -> TownText {
    TownText.crossing(
      "highway=tertiary", "highway=tertiary", "highway=tertiary", "highway=tertiary", node: node)
  }

  func testOnlySharedNodesJoin() throws {
    // Two lines that cross without a node of their own have nothing to do with each other,
    // whatever they say of bridges and layers.
    for tags in ["bridge=yes layer=1", "tunnel=yes layer=-1", ""] {
      var town = TownText.street("highway=primary")
      town.node(4, 10, -100)
      town.node(5, 10, 100)
      town.way(13, [4, 5], TownText.tags("highway=primary " + tags))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.network.junctionCount, 4, tags)
      XCTAssertEqual(built.next("11+0"), ["11-0"], tags)
      XCTAssertEqual(built.network.conflicts.count, 0, tags)
      let layer = try XCTUnwrap(built.way("13")).layer
      XCTAssertEqual(layer, tags.contains("bridge") ? 1 : tags.isEmpty ? 0 : -1)
    }
    // With a node they share they meet, even where a bridge ends.
    let joined = try BuiltTown(
      TownText.crossing(
        "highway=primary bridge=yes layer=1", "highway=primary", "highway=primary",
        "highway=primary"))
    XCTAssertEqual(joined.next("11+0"), ["12+0", "13-0", "14+0"])
  }

  func testPlainCrossing() throws {
    let built = try BuiltTown(crossing())
    // Three ways on from each of four arms, none back but at the four dead ends.
    XCTAssertEqual(built.network.connectorCount, 12 + 4)
    XCTAssertEqual(built.next("11+0"), ["12+0", "13-0", "14+0"])
    XCTAssertEqual(built.control(after: "11+0"), .equal)
    // Crossing streams conflict, opposite ones do not, and of two that turn left none crosses the
    // other's way through without a conflict.
    XCTAssertNotNil(built.yields(("11+0", "12+0"), ("13+0", "14+0")))
    XCTAssertNil(built.yields(("11+0", "12+0"), ("12-0", "11-0")))
    XCTAssertNil(built.yields(("11+0", "13-0"), ("12-0", "14+0")))
    // Left turns wait for who comes the other way, and everyone for who comes from the right.
    XCTAssertEqual(built.yields(("11+0", "14+0"), ("12-0", "11-0")), 1)
    XCTAssertEqual(built.yields(("11+0", "12+0"), ("13+0", "14+0")), 1)
    XCTAssertEqual(built.yields(("11+0", "12+0"), ("14-0", "13-0")), -1)
  }

  func testSignals() throws {
    XCTAssertEqual(
      try BuiltTown(crossing("highway=traffic_signals")).control(after: "11+0"), .signals)
    for kind in ["blinker", "emergency", "ramp_meter"] {
      XCTAssertEqual(
        try BuiltTown(crossing("highway=traffic_signals traffic_signals=\(kind)"))
          .control(after: "11+0"), .equal, kind)
    }
  }

  /// A street ends at a main road that has a lane more to the east, so that whoever turns right out of
  /// it is in nobody's way. Whoever turns left still crosses the main road, and gets a time for it.
  func testLeftTurnsOutOfASideStreetHaveTheirTime() throws {
    var town = TownText()
    for (id, x, y) in [(2, -120.0, 0.0), (3, 120, 0), (4, 0, -120)] { town.node(id, x, y) }
    town.node(1, 0, 0, TownText.tags("highway=traffic_signals"))
    town.way(11, [2, 1], TownText.tags("highway=primary lanes=2"))
    town.way(
      12, [1, 3], TownText.tags("highway=primary lanes=3 lanes:forward=2 lanes:backward=1"))
    town.way(13, [4, 1], TownText.tags("highway=secondary"))
    let built = try BuiltTown(town)
    XCTAssertEqual(built.control(after: "11+0"), .signals)
    let plan = try XCTUnwrap(built.network.signals.values.first)
    func group(_ from: String, _ to: String) throws -> Int {
      let found = (0..<built.network.connectorCount).map { ConnectorID($0) }.first {
        built.name(built.network.laneLink[built.network.connectorFrom[$0]]) == from
          && built.name(built.network.laneLink[built.network.connectorTo[$0]]) == to
      }
      return Int(built.network.connectorGroup[try XCTUnwrap(found)])
    }
    let left = try group("13+0", "11-0")
    let crossed = try [group("11+0", "12+0"), group("12-0", "11-0")]
    XCTAssertTrue(plan.phases.contains { $0.states[left] == .green })
    for phase in plan.phases where phase.states[left] == .green {
      for other in crossed { XCTAssertEqual(phase.states[other], .red) }
    }
    for phase in plan.phases { XCTAssertNotEqual(phase.states[left], .permissive) }
  }

  /// Signals mapped at the stop lines of every arm, 12 m before the crossing.
  func testStopLines() throws {
    var town = TownText()
    town.node(1, 0, 0)
    let arms: [(Int, Double, Double)] = [(2, -1, 0), (3, 1, 0), (4, 0, -1), (5, 0, 1)]
    for (id, x, y) in arms {
      town.node(id, x * 120, y * 120)
      // Ways are drawn towards the crossing: the signal rules the forward direction.
      town.node(
        id * 10, x * 12, y * 12,
        TownText.tags("highway=traffic_signals traffic_signals:direction=forward"))
      town.way(id + 10, [id, id * 10, 1], TownText.tags("highway=tertiary"))
    }
    let built = try BuiltTown(town)
    XCTAssertEqual(built.network.signals.count, 1)
    XCTAssertEqual(built.control(after: "12+0"), .signals)
    XCTAssertEqual(built.node(20)?.control, .signals)
    XCTAssertEqual(built.node(20)?.controlDirection, .forward)
  }

  func testSigns() throws {
    // The stop sign stands on the way from the south, 10 m before the crossing.
    for (sign, control, direction) in [
      ("highway=stop direction=forward", NodeControl.stop, ControlDirection.forward),
      ("highway=give_way direction=forward", .giveWay, .forward),
      ("highway=give_way", .giveWay, .both),
    ] {
      var town = TownText()
      for (id, x, y) in [(1, 0.0, 0.0), (2, -120, 0), (3, 120, 0), (4, 0, -120), (5, 0, 120)] {
        town.node(id, x, y)
      }
      town.node(40, 0, -10, TownText.tags(sign))
      for (id, nodes) in [(11, [2, 1]), (12, [1, 3]), (13, [4, 40, 1]), (14, [1, 5])] {
        town.way(id, nodes, TownText.tags("highway=tertiary"))
      }
      let built = try BuiltTown(town)
      XCTAssertEqual(built.node(40)?.control, control)
      XCTAssertEqual(built.node(40)?.controlDirection, direction)
      XCTAssertEqual(built.control(after: "11+0"), .priority, sign)
      // Who comes from the left goes first all the same.
      XCTAssertEqual(built.yields(("13+0", "14+0"), ("11+0", "12+0")), 1, sign)
      XCTAssertEqual(built.yields(("13+0", "14+0"), ("12-0", "11-0")), 1, sign)
    }
  }

  func testClassesDecideWhereSignsDoNot() throws {
    let built = try BuiltTown(
      TownText.crossing(
        "highway=primary", "highway=primary", "highway=residential", "highway=residential"))
    XCTAssertEqual(built.control(after: "11+0"), .priority)
    XCTAssertEqual(built.yields(("13+0", "14+0"), ("11+0", "12+0")), 1)
    XCTAssertEqual(built.yields(("11+0", "12+0"), ("14-0", "13-0")), -1)
  }

  /// A crossing on foot has its signals 12 m east of where a street comes from the south: drivers
  /// coming from the east stop there, but nobody else does, and the junction is ruled by its classes.
  private func crossingOnFoot(_ others: [Int: String], signals: String) -> TownText {
    var town = TownText()
    for (id, x, y) in [(1, 0.0, 0.0), (2, -120, 0), (3, 120, 0), (4, 0, -120)] {
      town.node(id, x, y)
    }
    town.node(30, 12, 0, TownText.tags(signals))
    town.node(20, -12, 0, TownText.tags(others[2] ?? ""))
    town.node(40, 0, -12, TownText.tags(others[4] ?? ""))
    town.way(11, [2, 20, 1], TownText.tags("highway=secondary"))
    town.way(12, [1, 30, 3], TownText.tags("highway=secondary"))
    town.way(13, [4, 40, 1], TownText.tags("highway=residential"))
    return town
  }

  func testSignalsOfOneArmAreACrossingOnFoot() throws {
    let foot = "highway=traffic_signals crossing=traffic_signals"
    let one = try BuiltTown(crossingOnFoot([:], signals: foot))
    XCTAssertEqual(one.control(after: "11+0"), .priority)
    XCTAssertEqual(one.network.signals.count, 0)
    XCTAssertEqual(one.diagnostics.count(of: "signal-one-arm"), 1)
    // Signals before two of three roads make a signalised junction, and before all of them.
    for others in [[2: foot], [4: foot], [2: foot, 4: foot]] {
      let built = try BuiltTown(crossingOnFoot(others, signals: foot))
      XCTAssertEqual(built.control(after: "11+0"), .signals, "\(others)")
      XCTAssertEqual(built.network.signals.count, 1, "\(others)")
    }
    // On the way out of a one-way road whoever stops has left the junction.
    var town = TownText()
    for (id, x, y) in [(1, 0.0, 0.0), (2, -120, 0), (3, 120, 0), (4, 0, 120)] {
      town.node(id, x, y)
    }
    town.node(40, 0, 12, TownText.tags(foot))
    for (id, nodes) in [(11, [2, 1]), (12, [3, 1]), (14, [1, 40, 4])] {
      town.way(id, nodes, TownText.tags("highway=secondary oneway=yes"))
    }
    XCTAssertEqual(try BuiltTown(town).network.signals.count, 0)
  }

  /// One-way streets meet at sharp angles: only where both sides of a divided road end in a road of
  /// both directions is a sharp left turn one round its tip.
  func testSharpTurnsBetweenOneWayStreets() throws {
    // From the west to the middle, on to the east; back to the south-west (a right turn of 120
    // degrees) or to the north-west (a left turn of 120).
    for y in [-104.0, 104] {
      var town = TownText()
      for (id, x, y) in [(1, 0.0, 0.0), (2, -120, 0), (3, 120, 0), (4, -60, y)] {
        town.node(id, x, y)
      }
      for (id, nodes) in [(11, [2, 1]), (12, [1, 3]), (14, [1, 4])] {
        town.way(id, nodes, TownText.tags("highway=secondary oneway=yes"))
      }
      XCTAssertEqual(try BuiltTown(town).next("11+0"), ["12+0", "14+0"], "\(y)")
    }
    // The road to the east is one of both directions: on the left lies the other side of the road
    // one comes from. On the right it cannot lie.
    for (y, next) in [(-104.0, ["12+0", "14+0"]), (104, ["12+0"])] {
      var town = TownText()
      for (id, x, y) in [(1, 0.0, 0.0), (2, -120, 0), (3, 120, 0), (4, -60, y)] {
        town.node(id, x, y)
      }
      town.way(11, [2, 1], TownText.tags("highway=secondary oneway=yes"))
      town.way(12, [1, 3], TownText.tags("highway=secondary"))
      town.way(14, [1, 4], TownText.tags("highway=secondary oneway=yes"))
      XCTAssertEqual(try BuiltTown(town).next("11+0"), next, "\(y)")
    }
  }

  func testMiniRoundabout() throws {
    let built = try BuiltTown(crossing("highway=mini_roundabout"))
    XCTAssertEqual(built.control(after: "11+0"), .roundabout)
    XCTAssertEqual(built.node(1)?.control, .miniRoundabout)
  }

  /// A ring of 60 m across with four arms; traffic in it runs counter-clockwise and goes first.
  func testRoundabout() throws {
    var town = TownText()
    for (id, x, y) in [(1, 30.0, 0.0), (2, 0, 30), (3, -30, 0), (4, 0, -30)] {
      town.node(id, x, y)
      town.node(id + 10, x * 5, y * 5)
      // Corners between, so that the ring is round.
      town.node(id + 20, (x - y) * 0.7071, (x + y) * 0.7071)
      town.way(id + 30, [id + 10, id], TownText.tags("highway=tertiary"))
    }
    town.way(
      20, [1, 21, 2, 22, 3, 23, 4, 24, 1], TownText.tags("highway=tertiary junction=roundabout"))
    let built = try BuiltTown(town)
    // The ring may be links with a junction at each arm, or one junction: there is a way from
    // every arm to every other, and nobody drives in the ring against its direction.
    let ring = built.linkNames.filter { $0.hasPrefix("20") }
    XCTAssertTrue(ring.allSatisfy { $0.contains("+") })
    for arm in 31...34 {
      XCTAssertEqual(built.control(after: "\(arm)+0"), .roundabout)
      let exits = built.next("\(arm)+0", over: "20")
      for other in 31...34 where other != arm {
        XCTAssertTrue(exits.contains("\(other)-0"), "\(arm) to \(other)")
      }
    }
    // Arm 31 comes from the east, 32 from the north, 33 is the west: who comes from the east is in
    // the ring already where the north joins it.
    let isInside = ring.isEmpty
    XCTAssertEqual(
      isInside
        ? built.yields(("32+0", "33-0"), ("31+0", "33-0"))
        : built.yields(("32+0", "20+1"), ("20+0", "20+1")), 1)
  }

  /// Three rings driven clockwise: one drives on the left, whatever the default says.
  func testRoundaboutsTellTheSideOfTheRoad() throws {
    var town = TownText.street("highway=tertiary")
    for i in 0..<3 {
      let (x, n) = (Double(i) * 100, 100 + i * 10)
      for (k, (dx, dy)) in [(0.0, 20.0), (20, 0), (0, -20), (-20, 0)].enumerated() {
        town.node(n + k, x + dx, 200 + dy)
      }
      town.way(
        50 + i, [n, n + 1, n + 2, n + 3, n],
        TownText.tags("highway=tertiary junction=roundabout"))
    }
    XCTAssertEqual(try town.draft().diagnostics.count(of: "osm-drive-side"), 1)
    let left = try town.draft(OSMImportOptions(drive: "left"))
    XCTAssertEqual(left.diagnostics.count(of: "osm-drive-side"), 0)
  }

  /// A ramp joins a motorway, which then has a lane more that ends 200 m further on.
  func testAccelerationLane() throws {
    var town = TownText()
    for (id, x, y) in [(1, 0.0, 0.0), (2, -300, 0), (3, 200, 0), (4, 500, 0), (5, -200, -60)] {
      town.node(id, x, y)
    }
    town.way(11, [2, 1], TownText.tags("highway=motorway lanes=2"))
    town.way(
      12, [1, 3], TownText.tags("highway=motorway lanes=3 turn:lanes=||merge_to_left"))
    town.way(13, [3, 4], TownText.tags("highway=motorway lanes=2"))
    town.way(14, [5, 1], TownText.tags("highway=motorway_link"))
    let built = try BuiltTown(town)
    XCTAssertEqual(built.way("14")?.isRamp, true)
    XCTAssertEqual(built.way("12")?.forwardTurns, [.mergeToLeft, [], []])
    XCTAssertEqual(built.next("11+0"), ["12+0"])
    XCTAssertEqual(built.next("14+0"), ["12+0"])
    XCTAssertEqual(built.next("12+0"), ["13+0"])
    // The ramp has the lane at the kerb to itself, the motorway the two others.
    XCTAssertEqual(
      built.connectors.filter { $0.hasSuffix("12+0/0") }, ["14+0/0 > 12+0/0"])
    XCTAssertEqual(
      built.connectors.filter { $0.contains("> 12+0/1") || $0.contains("> 12+0/2") },
      ["11+0/0 > 12+0/1", "11+0/1 > 12+0/2"])
  }

  func testCrossingsOnFootAndRail() throws {
    let cases: [(String, PedestrianCrossing)] = [
      ("highway=crossing crossing=zebra", .marked), ("highway=crossing crossing=marked", .marked),
      ("highway=crossing crossing=uncontrolled", .marked),
      ("highway=crossing crossing=unmarked", .unmarked), ("highway=crossing", .unmarked),
      ("highway=crossing crossing=traffic_signals", .signals),
      ("highway=crossing crossing:signals=yes", .signals),
      ("highway=crossing crossing:markings=zebra", .marked),
      ("highway=traffic_signals crossing=traffic_signals", .signals),
      ("highway=crossing crossing=no", PedestrianCrossing.none),
      ("highway=stop", PedestrianCrossing.none),
    ]
    for (tags, crossing) in cases {
      let built = try BuiltTown(TownText.street("highway=tertiary", node: tags))
      XCTAssertEqual(built.node(1)?.crossing, crossing, tags)
      // A place to cross is no junction of roads.
      XCTAssertEqual(built.network.junctionCount, 2, tags)
    }
    let rail = try BuiltTown(TownText.street("highway=tertiary", node: "railway=level_crossing"))
    XCTAssertEqual(rail.node(1)?.isLevelCrossing, true)
    XCTAssertEqual(rail.network.linkCount, 2)
  }

  func testBarriersEndTheRoad() throws {
    let cases: [(String, Bool)] = [
      ("barrier=bollard", true), ("barrier=block", true), ("barrier=cycle_barrier", true),
      ("barrier=chain", true), ("barrier=gate access=no", true),
      ("barrier=bollard motor_vehicle=yes", false), ("barrier=gate", false),
      ("barrier=lift_gate access=private", false), ("barrier=toll_booth", false),
      ("barrier=cattle_grid", false), ("barrier=no", false),
    ]
    for (tags, isClosed) in cases {
      let built = try BuiltTown(TownText.street("highway=residential", node: tags))
      XCTAssertEqual(built.network.linkCount, isClosed ? 4 : 2, tags)
      // Half way along one has to turn round.
      XCTAssertEqual(built.network.junctionCount, isClosed ? 4 : 2, tags)
    }
  }

  func testWhatIsLeftOut() throws {
    let cases = [
      "highway=construction construction=primary", "highway=proposed proposed=primary",
      "highway=abandoned", "highway=disused", "highway=razed", "abandoned:highway=primary",
      "route=ferry", "route=ferry motor_vehicle=yes", "highway=primary route=ferry",
      "highway=residential construction=yes", "highway=pedestrian", "highway=track",
      "highway=cycleway", "highway=footway", "highway=steps", "highway=corridor",
      "highway=service area=yes", "railway=rail", "highway=raceway", "highway=bus_guideway",
      "highway=service service=driveway access=private", "highway=residential motor_vehicle=no",
    ]
    for tags in cases {
      var town = TownText.street("highway=residential")
      town.node(4, 0, 100)
      town.way(12, [1, 4], TownText.tags(tags))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.draft.roads.ways.map(\.externalID), ["11"], tags)
      XCTAssertEqual(built.linkNames, ["11+0", "11-0"], tags)
    }
  }
}
