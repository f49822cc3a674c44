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
      backward: 0, forwardTurns: [.through, .left], note: "osm-reserved-lane"),
    Case(
      tags: "oneway=yes lanes=3 access:lanes=||no psv:lanes=||yes", forward: 2, backward: 0,
      note: "osm-reserved-lane"),
    Case(
      tags: "lanes=4 lanes:forward=3 lanes:backward=1 lanes:psv:forward=1", forward: 2,
      backward: 1, note: "osm-reserved-lane"),
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
      XCTAssertEqual(built.lanes("11+0"), c.forward, c.tags)
      XCTAssertEqual(built.lanes("11-0"), c.backward, c.tags)
      if !c.note.isEmpty { XCTAssertEqual(built.diagnostics.count(of: c.note), 1, c.tags) }
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
