import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// From tags to the whole of what may be driven: every connector of a junction by hand, lane by
/// lane. `11+0/0` is the lane at the kerb of way 11.
final class NetworkTaggingTests: XCTestCase {
  /// The connectors that start from a link.
  private func connectors(_ built: BuiltTown, from link: String) -> [String] {
    built.connectors.filter { $0.hasPrefix(link + "/") }
  }

  func testArrowsAtACrossing() throws {
    let town = TownText.crossing(
      "highway=secondary oneway=yes lanes=3 turn:lanes=left|through|through;right",
      "highway=secondary oneway=yes lanes=2", "highway=tertiary", "highway=tertiary")
    XCTAssertEqual(
      connectors(try BuiltTown(town), from: "11+0"),
      ["11+0/0 > 12+0/0", "11+0/0 > 13-0/0", "11+0/1 > 12+0/1", "11+0/2 > 14+0/0"])
    // Two lanes turn left into two lanes, and keep their order.
    let twoLeft = TownText.crossing(
      "highway=secondary oneway=yes lanes=3 turn:lanes=left|left|through",
      "highway=secondary oneway=yes lanes=1", "highway=tertiary oneway=yes",
      "highway=secondary oneway=yes lanes=2")
    XCTAssertEqual(
      connectors(try BuiltTown(twoLeft), from: "11+0"),
      ["11+0/0 > 12+0/0", "11+0/1 > 14+0/0", "11+0/2 > 14+0/1"])
  }

  /// Where one drives on the left, all is seen in a mirror: lane 0 is the leftmost.
  func testArrowsOnTheLeft() throws {
    let town = TownText.crossing(
      "highway=secondary oneway=yes lanes=3 turn:lanes=left;through|through|right",
      "highway=secondary oneway=yes lanes=2", "highway=tertiary", "highway=tertiary")
    XCTAssertEqual(
      connectors(try BuiltTown(town, OSMImportOptions(drive: "left")), from: "11+0"),
      ["11+0/0 > 12+0/0", "11+0/0 > 14+0/0", "11+0/1 > 12+0/1", "11+0/2 > 13-0/0"])
  }

  /// A road of one way loses a lane: the one whose arrow says so.
  func testLanesThatMerge() throws {
    func drop(_ marks: String) throws -> [String] {
      var town = TownText()
      for (id, x) in [(2, -150.0), (1, 0), (3, 150)] { town.node(id, x, 0) }
      town.way(11, [2, 1], TownText.tags("highway=motorway lanes=3 turn:lanes=\(marks)"))
      town.way(12, [1, 3], TownText.tags("highway=motorway lanes=2"))
      return connectors(try BuiltTown(town), from: "11+0")
    }
    XCTAssertEqual(
      try drop("none|none|merge_to_left"),
      ["11+0/0 > 12+0/0", "11+0/1 > 12+0/0", "11+0/2 > 12+0/1"])
    XCTAssertEqual(
      try drop("merge_to_right|none|none"),
      ["11+0/0 > 12+0/0", "11+0/1 > 12+0/1", "11+0/2 > 12+0/1"])
  }

  /// A motorway of two lanes has a third before an exit, which leads out.
  func testExit() throws {
    var town = TownText()
    for (id, x, y) in [(1, 0.0, 0.0), (2, -300, 0), (3, 300, 0), (5, 200, -40)] {
      town.node(id, x, y)
    }
    town.way(
      11, [2, 1],
      TownText.tags("highway=motorway lanes=3 turn:lanes=through|through|slight_right"))
    town.way(12, [1, 3], TownText.tags("highway=motorway lanes=2"))
    town.way(14, [1, 5], TownText.tags("highway=motorway_link"))
    let built = try BuiltTown(town)
    XCTAssertEqual(
      connectors(built, from: "11+0"),
      ["11+0/0 > 14+0/0", "11+0/1 > 12+0/0", "11+0/2 > 12+0/1"])
    // Nobody there is in anybody's way.
    XCTAssertNil(built.yields(("11+0", "14+0"), ("11+0", "12+0")).flatMap { $0 == 0 ? nil : $0 })
  }

  /// A road of two carriageways, 12 m apart, that a street leaves to the west: 31 and 32 run north on
  /// the east side, 33 and 34 south on the west side, 35 is the piece between them, 36 the street.
  private func divided() -> TownText {
    var town = TownText()
    for (id, x, y) in [
      (1, 6.0, 0.0), (2, -6, 0), (3, 6, -150), (4, 6, 150), (5, -6, 150), (6, -6, -150),
      (7, -150, 0),
    ] { town.node(id, x, y) }
    let road = TownText.tags("highway=primary oneway=yes lanes=2")
    town.way(31, [3, 1], road)
    town.way(32, [1, 4], road)
    town.way(33, [5, 2], road)
    town.way(34, [2, 6], road)
    town.way(35, [1, 2], TownText.tags("highway=tertiary"))
    town.way(36, [2, 7], TownText.tags("highway=tertiary"))
    return town
  }

  func testTurnsOverAJoinedJunction() throws {
    let built = try BuiltTown(divided())
    XCTAssertEqual(built.linkNames.filter { $0.hasPrefix("35") }, [], "no room for a link")
    XCTAssertEqual(built.next("31+0"), ["32+0", "36+0"])
    XCTAssertEqual(built.next("33+0"), ["34+0", "36+0"])
    XCTAssertEqual(built.next("36-0"), ["32+0", "34+0"])
    // Who turns left waits for the carriageway he crosses, who goes on meets nobody oncoming.
    XCTAssertEqual(built.yields(("31+0", "36+0"), ("33+0", "34+0")), 1)
    XCTAssertNil(built.yields(("31+0", "32+0"), ("33+0", "34+0")))

    // A restriction over the piece between, or over either of its nodes.
    let bans: [([(String, Int, String)], String)] = [
      ([("way", 31, "from"), ("way", 35, "via"), ("way", 36, "to")], "no_left_turn"),
      ([("way", 31, "from"), ("node", 1, "via"), ("way", 35, "to")], "no_left_turn"),
      ([("way", 31, "from"), ("node", 1, "via"), ("way", 32, "to")], "only_straight_on"),
    ]
    for (members, kind) in bans {
      var town = divided()
      town.relation(90, members, TownText.tags("type=restriction restriction=\(kind)"))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.next("31+0"), ["32+0"], kind)
      XCTAssertEqual(built.next("33+0"), ["34+0", "36+0"], "nobody else is touched")
      XCTAssertEqual(built.next("36-0"), ["32+0", "34+0"], "nobody else is touched")
    }
  }

  /// Two divided roads cross, their carriageways 12 m apart: 31 comes from the south and goes on as 41
  /// inside and 32 to the north, 33, 42 and 34 the other way; 51, 52 and 53 run east, 54, 55 and 56
  /// west.
  private func square() -> TownText {
    var town = TownText()
    for (id, x, y) in [
      (1, 6.0, -6.0), (2, 6, 6), (3, -6, 6), (4, -6, -6), (11, 6, -150), (12, 6, 150),
      (13, -6, 150), (14, -6, -150), (15, -150, -6), (16, 150, -6), (17, 150, 6), (18, -150, 6),
    ] { town.node(id, x, y) }
    for (id, nodes) in [
      (31, [11, 1]), (41, [1, 2]), (32, [2, 12]), (33, [13, 3]), (42, [3, 4]), (34, [4, 14]),
      (51, [15, 4]), (52, [4, 1]), (53, [1, 16]), (54, [17, 2]), (55, [2, 3]), (56, [3, 18]),
    ] { town.way(id, nodes, TownText.tags("highway=primary oneway=yes lanes=2")) }
    return town
  }

  /// Nobody drives round the four islands to get where he must not turn.
  func testABannedTurnIsNotDrivenInACircle() throws {
    XCTAssertEqual(try BuiltTown(square()).next("31+0"), ["32+0", "53+0", "56+0"])
    for (kind, to) in [("only_straight_on", 41), ("no_right_turn", 53)] {
      var town = square()
      town.relation(
        90, [("way", 31, "from"), ("node", 1, "via"), ("way", to, "to")],
        TownText.tags("type=restriction restriction=\(kind)"))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.next("31+0"), ["32+0", "56+0"], kind)
      XCTAssertEqual(built.next("54+0"), ["32+0", "34+0", "56+0"], kind)
    }
  }

  /// One controller rules a crossing of divided roads, whether its signals are mapped where the
  /// carriageways cross or at the stop lines.
  func testSignalsOfADividedRoad() throws {
    let signal = TownText.tags("highway=traffic_signals")
    func town(_ at: [(Int, Double, Double)], _ middle: TownText.Tags) -> TownText {
      var town = TownText()
      for (id, x, y) in [(3, 6.0, -150.0), (4, 6, 150), (5, -6, 150), (6, -6, -150), (7, -150, 0)] {
        town.node(id, x, y)
      }
      town.node(1, 6, 0, middle)
      town.node(2, -6, 0, middle)
      for (id, x, y) in at { town.node(id, x, y, signal) }
      func line(_ nodes: [Int]) -> [Int] {
        nodes.filter { id in id < 10 || at.contains { $0.0 == id } }
      }
      let road = TownText.tags("highway=primary oneway=yes lanes=2")
      town.way(31, line([3, 11, 1]), road)
      town.way(32, [1, 4], road)
      town.way(33, line([5, 12, 2]), road)
      town.way(34, [2, 6], road)
      town.way(35, [1, 2], TownText.tags("highway=tertiary"))
      town.way(36, line([2, 13, 7]), TownText.tags("highway=tertiary"))
      return town
    }
    for (name, built) in [
      ("where they cross", try BuiltTown(town([], signal))),
      (
        "at the stop lines",
        try BuiltTown(town([(11, 6.0, -14.0), (12, -6, 14), (13, -20, 0)], [:]))
      ),
    ] {
      XCTAssertEqual(built.network.signals.count, 1, name)
      for link in ["31+0", "33+0", "36-0"] {
        XCTAssertEqual(built.control(after: link), .signals, name)
        XCTAssertEqual(built.junction(after: link), built.junction(after: "31+0"), name)
      }
      // Streams that cross never have green together without one of them yielding.
      let c = built.network
      for signal in c.signals.values {
        for phase in signal.phases {
          for one in c.connectors(of: signal.junction).map({ ConnectorID($0) }) {
            for conflict in c.conflicts(of: one) where conflict.kind == ConflictKind.crossing {
              let states = [one, conflict.other].map {
                phase.states[Int(c.connectorGroup[$0])]
              }
              XCTAssertNotEqual(states, [.green, .green], name)
            }
          }
        }
      }
    }
  }

  /// Drivers in the ring go first, at a roundabout drawn as a ring or as a point.
  func testMiniRoundaboutGoesFirstFromTheLeft() throws {
    let built = try BuiltTown(
      TownText.crossing(
        "highway=tertiary", "highway=tertiary", "highway=tertiary", "highway=tertiary",
        node: "highway=mini_roundabout"))
    // Who comes from the south has who comes from the west on his left, in the ring already.
    XCTAssertEqual(built.yields(("13+0", "14+0"), ("11+0", "12+0")), 1)
    XCTAssertEqual(built.yields(("11+0", "12+0"), ("14-0", "13-0")), 1)
  }

  func testClassesOnALink() throws {
    let cases: [(String, Access?)] = [
      ("", .all), ("hgv=no", Access.all.subtracting(.truck)),
      ("motorcycle=no", Access.all.subtracting(.motorcycle)),
      ("bicycle=no", Access.all.subtracting(.bicycle)),
      ("motorroad=yes", Access.all.subtracting(.bicycle)),
      ("access=destination", .all), ("motor_vehicle=destination", .all),
      ("access=no motorcar=yes", [.car, .emergency]),
      ("vehicle=no motor_vehicle=yes", Access.all.subtracting(.bicycle)),
      // Not for cars: no link of a network for cars.
      ("motorcar=no", nil), ("motor_vehicle=no bus=yes", nil), ("access=no psv=yes", nil),
      ("vehicle=agricultural", nil), ("motor_vehicle=no", nil),
    ]
    for (tags, access) in cases {
      var town = TownText.street("highway=residential")
      town.node(4, 0, 100)
      town.way(12, [1, 4], TownText.tags("highway=residential " + tags))
      let built = try BuiltTown(town)
      let link = built.link("12+0")
      XCTAssertEqual(link.isSome ? built.network.linkAccess[link] : nil, access, tags)
    }
  }

  /// A culvert is no bridge of the kilometre that it lies under, and a street that is mostly a bridge or
  /// a tunnel is one. Roads closed to cars are told.
  func testBridgesAndTunnelsByTheirLength() throws {
    var town = TownText()
    func street(_ id: Int, _ y: Double, _ ends: [Double], _ tags: [String]) {
      for (i, x) in ends.enumerated() { town.node(id * 10 + i, x, y) }
      for (i, text) in tags.enumerated() {
        town.way(
          id + i, [id * 10 + i, id * 10 + i + 1],
          TownText.tags("highway=residential name=street" + String(id) + " " + text))
      }
    }
    street(100, 0, [0, 500, 510, 1000], ["", "bridge=yes", ""])
    street(200, 300, [0, 100, 900, 1000], ["", "bridge=yes", ""])
    street(300, 600, [0, 100, 900, 1000], ["", "tunnel=yes", ""])
    street(400, 900, [0, 400, 800], ["", "access=no bus=yes"])
    let built = try BuiltTown(town)
    let network = built.network
    func link(_ name: String) throws -> LinkID {
      try XCTUnwrap(
        (0..<network.linkCount).map { LinkID($0) }.first { network.linkName[$0] == name }, name)
    }
    let culvert = try link("street100")
    XCTAssertEqual(network.linkLength[culvert], 1000, accuracy: 20)
    XCTAssertFalse(network.linkIsBridge[culvert])
    XCTAssertTrue(network.linkIsBridge[try link("street200")])
    XCTAssertFalse(network.linkIsTunnel[try link("street200")])
    XCTAssertTrue(network.linkIsTunnel[try link("street300")])
    XCTAssertFalse(network.linkIsBridge[try link("street300")])
    XCTAssertEqual(built.diagnostics.count(of: "way-not-for-cars"), 1)
    let read = try NetworkFile.decode(NetworkFile.encode(network), file: "n")
    XCTAssertEqual(read.linkIsTunnel.values, network.linkIsTunnel.values)
    XCTAssertEqual(read.linkIsBridge.values, network.linkIsBridge.values)
  }
}
