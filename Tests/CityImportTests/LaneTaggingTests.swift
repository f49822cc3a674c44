import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// What lane tags say, case by case, with the lanes and arrows that follow from OpenStreetMap's
/// definitions: lists run from left to right in the direction of travel, and lane 0 is at the kerb.
final class LaneTaggingTests: XCTestCase {
  private struct Case {
    var tags: String
    var forward: Int
    var backward: Int
    var forwardTurns: [LaneTurns] = []
    var backwardTurns: [LaneTurns] = []
    var forwardBus: [Int] = []
    var backwardBus: [Int] = []
    var note = ""
    var drive = "right"
  }

  private let cases = [
    Case(tags: "lanes=3 lanes:forward=1 lanes:backward=2", forward: 1, backward: 2),
    // The lane in the middle is neither's own.
    Case(
      tags: "lanes=3 lanes:forward=1 lanes:backward=1 lanes:both_ways=1", forward: 1, backward: 1),
    Case(
      tags: "lanes=5 lanes:both_ways=1", forward: 2, backward: 2, note: "osm-shared-lane"),
    Case(
      tags: "oneway=yes turn:lanes=left|through|through;right", forward: 3, backward: 0,
      forwardTurns: [[.through, .right], .through, .left]),
    // One drives on the left: the kerb lane is the first of the list.
    Case(
      tags: "oneway=yes turn:lanes=left|through|through;right", forward: 3, backward: 0,
      forwardTurns: [.left, .through, [.through, .right]], drive: "left"),
    // Against the drawn direction, seen by who drives there.
    Case(
      tags: "lanes=3 turn:lanes:backward=left|right", forward: 1, backward: 2,
      backwardTurns: [.right, .left]),
    Case(
      tags: "lanes=4 lanes:forward=2 lanes:backward=2 turn:lanes:forward=left|through"
        + " turn:lanes:backward=reverse;left|slight_right", forward: 2, backward: 2,
      forwardTurns: [.through, .left], backwardTurns: [.slightRight, [.reverse, .left]]),
    // An empty entry and "none" both mean a lane without a mark.
    Case(
      tags: "oneway=yes lanes=3 turn:lanes=left||none", forward: 3, backward: 0,
      forwardTurns: [[], [], .left]),
    Case(tags: "oneway=yes lanes=2 turn:lanes=none|none", forward: 2, backward: 0),
    Case(
      tags: "oneway=yes lanes=3 turn:lanes=||merge_to_left", forward: 3, backward: 0,
      forwardTurns: [.mergeToLeft, [], []]),
    // The drawn direction is closed: the list still follows the traffic.
    Case(
      tags: "oneway=-1 lanes=2 turn:lanes:backward=left|through", forward: 2, backward: 0,
      forwardTurns: [.through, .left]),
    // Marks for more lanes than there are.
    Case(
      tags: "oneway=yes lanes=2 turn:lanes=left|through|right", forward: 2, backward: 0,
      note: "osm-lanes-differ"),
    Case(
      tags: "oneway=yes turn:lanes=left|sideways", forward: 2, backward: 0,
      forwardTurns: [[], .left], note: "osm-turn"),
    // A list for the whole of a two-way road says nothing about either direction.
    Case(tags: "lanes=2 turn:lanes=left|right", forward: 1, backward: 1),
    Case(
      tags: "oneway=yes lanes=1 turn=right", forward: 1, backward: 0, forwardTurns: [.right]),
    // The bus lane at the kerb is none for cars.
    Case(
      tags: "oneway=yes lanes=3 bus:lanes=||designated turn:lanes=left|through|through", forward: 2,
      backward: 0, forwardTurns: [.through, .left], forwardBus: [0], note: "osm-bus-lane"),
    Case(
      tags: "oneway=yes lanes=3 access:lanes=||no psv:lanes=||yes", forward: 2, backward: 0,
      forwardBus: [0], note: "osm-bus-lane"),
    Case(
      tags: "lanes=4 lanes:forward=3 lanes:backward=1 lanes:psv:forward=1", forward: 2,
      backward: 1, forwardBus: [0], note: "osm-bus-lane"),
    Case(
      tags: "oneway=yes lanes=3 lanes:bus=1", forward: 2, backward: 0, forwardBus: [0]),
    // Lists run from the left, so that the first is beside the middle, or at the kerb where one drives
    // on the left.
    Case(
      tags: "oneway=yes lanes=3 bus:lanes=designated||", forward: 2, backward: 0, forwardBus: [2]),
    Case(
      tags: "oneway=yes lanes=3 bus:lanes=designated||", forward: 2, backward: 0, forwardBus: [0],
      drive: "left"),
    Case(
      tags: "lanes=5 lanes:forward=2 lanes:backward=3 psv:lanes:backward=|designated|designated",
      forward: 2, backward: 1, backwardBus: [0, 1]),
    // Between two lanes for all.
    Case(
      tags: "oneway=yes lanes=3 bus:lanes=|designated|", forward: 2, backward: 0, forwardBus: [1]),
    // Lanes that nobody may use are none, and one lane stays for all.
    Case(
      tags: "oneway=yes lanes=3 access:lanes=|no| bus:lanes=||designated", forward: 1, backward: 0,
      forwardBus: [0], note: "osm-reserved-lane"),
    Case(
      tags: "oneway=yes lanes=2 bus:lanes=designated|designated", forward: 1, backward: 0,
      note: "osm-reserved-lane"),
    // `busway` names a side of the road: the right one is the kerb of those who drive as it is drawn.
    Case(tags: "lanes=4 busway=lane", forward: 1, backward: 1, forwardBus: [0], backwardBus: [0]),
    Case(
      tags: "lanes=4 busway:both=lane", forward: 1, backward: 1, forwardBus: [0], backwardBus: [0]),
    Case(tags: "lanes=4 busway:right=lane", forward: 1, backward: 2, forwardBus: [0]),
    Case(
      tags: "lanes=4 busway:right=lane", forward: 2, backward: 1, backwardBus: [0], drive: "left"),
    Case(tags: "oneway=yes lanes=3 busway=lane", forward: 2, backward: 0, forwardBus: [0]),
    Case(tags: "oneway=yes lanes=3 busway:left=lane", forward: 2, backward: 0, forwardBus: [2]),
    Case(tags: "oneway=-1 lanes=3 busway:left=lane", forward: 2, backward: 0, forwardBus: [0]),
    // A lane against the traffic is none of these, nor is the only lane there is.
    Case(tags: "oneway=yes lanes=2 busway=opposite_lane", forward: 2, backward: 0),
    Case(tags: "oneway=yes lanes=1 busway=lane", forward: 1, backward: 0),
    // What is marked lane by lane goes before.
    Case(
      tags: "oneway=yes lanes=3 busway=lane bus:lanes=designated||", forward: 2, backward: 0,
      forwardBus: [2]),
    // Lanes for bicycles are not among `lanes`.
    Case(
      tags: "oneway=yes lanes=2 turn:lanes=through|through;right|right"
        + " bicycle:lanes=||designated vehicle:lanes=||no", forward: 2, backward: 0,
      forwardTurns: [[.through, .right], .through]),
    Case(
      tags: "oneway=yes lanes=2 turn:lanes=left|through bus:lanes=|designated|", forward: 2,
      backward: 0, note: "osm-lane-lists"),
  ]

  func testLanesAndArrows() throws {
    for c in cases {
      let built = try BuiltTown(
        TownText.street("highway=secondary " + c.tags), OSMImportOptions(drive: c.drive))
      let way = try XCTUnwrap(built.way("11"), c.tags)
      XCTAssertEqual([way.forwardLanes, way.backwardLanes], [c.forward, c.backward], c.tags)
      XCTAssertEqual(way.forwardTurns, c.forwardTurns, c.tags)
      XCTAssertEqual(way.backwardTurns, c.backwardTurns, c.tags)
      XCTAssertEqual(way.forwardBusLanes, c.forwardBus, c.tags)
      XCTAssertEqual(way.backwardBusLanes, c.backwardBus, c.tags)
      XCTAssertEqual(built.lanes("11+0"), c.forward + c.forwardBus.count, c.tags)
      XCTAssertEqual(built.lanes("11-0"), c.backward + c.backwardBus.count, c.tags)
      for (link, bus) in [("11+0", c.forwardBus), ("11-0", c.backwardBus)] {
        let all = built.link(link).isSome ? built.network.lanes(of: built.link(link)) : 0..<0
        for (k, lane) in all.enumerated() {
          let access = built.network.access(to: LaneID(lane))
          XCTAssertEqual(access, bus.contains(k) ? [.bus, .emergency] : .all, c.tags)
        }
      }
      XCTAssertEqual(built.network.hasReservedLanes, c.forwardBus + c.backwardBus != [], c.tags)
      if !c.note.isEmpty { XCTAssertEqual(built.diagnostics.count(of: c.note), 1, c.tags) }
    }
  }

  /// Two lanes for all beside one for buses at the kerb, which goes on beyond; streets of a lane each
  /// way cross. Of the two lanes, counted from the kerb, the first turns right and goes on, the second
  /// goes on and turns left; from the lane for buses one goes on along it, or turns right.
  func testALaneForBusesAtACrossing() throws {
    let main = "highway=primary oneway=yes lanes=3 bus:lanes=||designated"
    let built = try BuiltTown(
      TownText.crossing(main, main, "highway=secondary lanes=2", "highway=secondary lanes=2"))
    let from = built.connectors.filter { $0.hasPrefix("11+0/") }
    XCTAssertEqual(
      from,
      [
        "11+0/0 > 12+0/0", "11+0/0 > 13-0/0", "11+0/1 > 12+0/1", "11+0/1 > 13-0/0",
        "11+0/2 > 12+0/2", "11+0/2 > 14+0/0",
      ])
    let n = built.network
    func connector(_ from: Int, _ link: String) -> ConnectorID {
      n.connectors(from: LaneID(n.lanes(of: built.link("11+0")).lowerBound + from))
        .map { ConnectorID($0) }
        .first { n.laneLink[n.connectorTo[$0]] == built.link(link) } ?? .none
    }
    // A bus that goes straight on crosses cars that turn right; a bus that turns comes into their lane.
    let (bus, car) = (connector(0, "12+0"), connector(1, "13-0"))
    XCTAssertEqual(n.conflicts(of: bus).first { $0.other == car }?.kind, ConflictKind.crossing)
    XCTAssertEqual(
      n.conflicts(of: connector(0, "13-0")).first { $0.other == car }?.kind, ConflictKind.merge)
    XCTAssertNil(n.conflicts(of: bus).first { $0.other == connector(1, "12+0") })
    XCTAssertFalse(n.isOpen(bus, to: .car))
    XCTAssertTrue(n.isOpen(bus, to: .bus))
    XCTAssertTrue(n.isOpen(car, to: .car))
    XCTAssertEqual(n.laneCount(of: built.link("11+0"), for: .car), 2)
    // Side by side, a lane's width apart, the kerb lane on the right.
    let ends = (0..<3).map { k in n.points(of: connector(k, "12+0")).first ?? Point2(0, 0) }
    for k in 0..<2 {
      XCTAssertEqual(ends[k].distance(to: ends[k + 1]), 3.5, accuracy: 0.002)
      XCTAssertLessThan(ends[k].y, ends[k + 1].y)
    }
  }

  /// Where a lane for buses ends, buses come into the lane beside it; where one begins, they come from
  /// there by a change of lanes, and nobody is led into it.
  func testALaneForBusesBeginsAndEnds() throws {
    for lists in ["||designated", "designated||"] {
      let bus = "highway=primary oneway=yes lanes=3 bus:lanes=\(lists)"
      let plain = "highway=primary oneway=yes lanes=2"
      let ends = try BuiltTown(
        TownText.crossing(bus, plain, "highway=service access=no", "highway=service access=no"))
      let begins = try BuiltTown(
        TownText.crossing(plain, bus, "highway=service access=no", "highway=service access=no"))
      let isAtKerb = lists == "||designated"
      let open = isAtKerb ? [1, 2] : [0, 1]
      XCTAssertEqual(
        ends.connectors,
        ([isAtKerb ? "11+0/0 > 12+0/0" : "11+0/2 > 12+0/1"]
          + (0..<2).map { "11+0/\(open[$0]) > 12+0/\($0)" }).sorted(), lists)
      XCTAssertEqual(
        begins.connectors, (0..<2).map { "11+0/\($0) > 12+0/\(open[$0])" }, lists)
    }
  }

  /// Mappers cut a way between its arrows and the junction they are for.
  func testArrowsReachTheJunctionOverSplitWays() throws {
    var town = TownText.crossing(
      "highway=secondary oneway=yes lanes=2", "highway=secondary", "highway=residential",
      "highway=residential")
    town.node(21, -240, 0)
    town.node(22, -360, 0)
    town.node(23, -480, 0)
    let marks = "highway=secondary oneway=yes lanes=2 turn:lanes=left|through;right"
    town.way(20, [21, 2], TownText.tags("highway=secondary oneway=yes lanes=2 bridge=yes"))
    town.way(19, [22, 21], TownText.tags(marks + " maxspeed=50"))
    // One lane only: nothing to carry over to two, nor from two to one.
    town.way(18, [23, 22], TownText.tags("highway=secondary oneway=yes lanes=1"))
    let built = try BuiltTown(town)
    let expected: [LaneTurns] = [[.through, .right], .left]
    XCTAssertEqual(built.way("19")?.forwardTurns, expected)
    XCTAssertEqual(built.way("20")?.forwardTurns, expected)
    XCTAssertEqual(built.way("11")?.forwardTurns, expected)
    XCTAssertEqual(built.way("12")?.forwardTurns, [], "beyond the junction they say nothing")
    XCTAssertEqual(built.way("18")?.forwardTurns, [])
  }

  func testDirections() throws {
    let cases: [(String, [String])] = [
      ("highway=residential", ["11+0", "11-0"]),
      ("highway=residential oneway=yes", ["11+0"]),
      ("highway=residential oneway=true", ["11+0"]),
      ("highway=residential oneway=1", ["11+0"]),
      ("highway=residential oneway=no", ["11+0", "11-0"]),
      ("highway=residential oneway=alternating", ["11+0"]),
      ("highway=residential oneway=reversible", ["11+0"]),
      ("highway=motorway", ["11+0"]), ("highway=motorway_link", ["11+0"]),
      ("highway=motorway oneway=no", ["11+0", "11-0"]),
      ("highway=trunk", ["11+0", "11-0"]),
      ("highway=tertiary junction=circular", ["11+0"]),
      ("highway=residential oneway=yes oneway:bicycle=no", ["11+0"]),
      ("highway=residential oneway=yes oneway:motor_vehicle=no", ["11+0", "11-0"]),
      ("highway=residential vehicle:backward=no", ["11+0"]),
      ("highway=residential oneway:conditional=yes", ["11+0", "11-0"]),
    ]
    for (tags, links) in cases {
      XCTAssertEqual(try BuiltTown(TownText.street(tags)).linkNames, links, tags)
    }
    // Against the drawing: the only link runs from the east to the west.
    for value in ["-1", "reverse"] {
      let built = try BuiltTown(TownText.street("highway=residential oneway=\(value)"))
      let points = built.network.points(of: built.link("11+0"))
      XCTAssertGreaterThan(points.first?.x ?? 0, points.last?.x ?? 0, value)
    }
  }

  func testLimitsByDirectionAndHumps() throws {
    let cases: [(String, String, Double, Double)] = [
      ("maxspeed=50", "", 50, 50), ("maxspeed=30 mph", "", 48.28032, 48.28032),
      ("maxspeed:forward=70 maxspeed:backward=50", "", 70, 50),
      ("maxspeed=60 maxspeed:backward=40", "", 60, 40),
      ("maxspeed=DE:urban", "", 50, 50), ("source:maxspeed=AT:rural", "", 100, 100),
      ("maxspeed:type=GB:nsl_restricted", "", 48.28032, 48.28032),
      ("maxspeed=walk", "", 7, 7), ("maxspeed=none", "", 130, 130),
      ("zone:traffic=FR:rural", "", 80, 80), ("maxspeed=27 knots", "", 50.004, 50.004),
      ("maxspeed=CH:zone30 maxspeed:conditional=50", "", 30, 30),
      // One bump at 10 km/h on 200 m at 50: from 50 to 10 and back takes (13.89 - 2.78)(1/2 + 1/1.5)
      // = 12.96 s over (13.89^2 - 2.78^2)(1/4 + 1/3) = 108.0 m; the other 92.0 m take 6.62 s:
      // 200 m in 19.58 s are 36.8 km/h.
      ("maxspeed=50", "traffic_calming=bump", 36.8, 36.8),
      ("maxspeed=50", "traffic_calming=island", 50, 50),
      ("maxspeed=10", "traffic_calming=hump", 10, 10),
    ]
    for (tags, node, forward, backward) in cases {
      var town = TownText()
      town.node(2, -100, 0)
      town.node(1, 0, 0, TownText.tags(node))
      town.node(3, 100, 0)
      // Values may hold blanks here: `30 mph`.
      var list: TownText.Tags = ["highway": "secondary"]
      if tags.contains(" mph") || tags.contains(" knots") {
        list["maxspeed"] = String(tags.dropFirst("maxspeed=".count))
      } else {
        list.merge(TownText.tags(tags)) { $1 }
      }
      town.way(11, [2, 1, 3], list)
      let way = try XCTUnwrap(try BuiltTown(town).way("11"))
      XCTAssertEqual(way.speedLimit * 3.6, forward, accuracy: 0.051, tags + node)
      let other = way.backwardSpeedLimit > 0 ? way.backwardSpeedLimit : way.speedLimit
      XCTAssertEqual(other * 3.6, backward, accuracy: 0.051, tags + node)
    }
  }
}
