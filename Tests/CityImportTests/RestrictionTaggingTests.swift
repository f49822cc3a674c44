import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// Turn restrictions of every kind, and what then may be driven.
final class RestrictionTaggingTests: XCTestCase {
  private func crossing() -> TownText {
    TownText.crossing(
      "highway=secondary", "highway=secondary", "highway=secondary", "highway=secondary")
  }

  /// From the west one may go on east (12), turn right to the south (13-) and left to the north (14).
  func testOverANode() throws {
    let all = ["12+0", "13-0", "14+0"]
    let cases: [(String, String, [String])] = [
      ("type=restriction restriction=no_left_turn", "11>14", ["12+0", "13-0"]),
      ("type=restriction restriction=no_straight_on", "11>12", ["13-0", "14+0"]),
      ("type=restriction restriction=only_straight_on", "11>12", ["12+0"]),
      ("type=restriction restriction=only_right_turn", "11>13", ["13-0"]),
      ("type=restriction restriction:motorcar=no_left_turn", "11>14", ["12+0", "13-0"]),
      ("type=restriction:motorcar restriction=no_left_turn", "11>14", ["12+0", "13-0"]),
      ("type=restriction restriction=no_left_turn except=bus;psv", "11>14", ["12+0", "13-0"]),
      // Not for cars, or not always.
      ("type=restriction restriction:hgv=no_left_turn", "11>14", all),
      ("type=restriction:bus restriction=no_left_turn", "11>14", all),
      ("type=restriction restriction=no_left_turn except=psv;motorcar", "11>14", all),
      ("type=restriction restriction:conditional=no_left_turn@(06:00-09:00)", "11>14", all),
      ("type=restriction restriction=no_left_turn hour_on=07:00 hour_off=09:00", "11>14", all),
      ("type=restriction restriction=no_hope", "14>11", all),
      ("type=restriction restriction=sometimes", "11>14", all),
    ]
    for (tags, ways, expected) in cases {
      var town = crossing()
      let ids = ways.split(separator: ">").compactMap { Int($0) }
      town.relation(
        90, [("way", ids[0], "from"), ("node", 1, "via"), ("way", ids[1], "to")],
        TownText.tags(tags))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.next("11+0"), expected, tags)
      // Nobody else is touched, but for `no_hope`, which is from the north to the west.
      XCTAssertEqual(built.next("12-0"), ["11-0", "13-0", "14+0"], tags)
      let notes =
        built.diagnostics.count(of: "osm-restriction-others")
        + built.diagnostics.count(of: "osm-restriction")
      XCTAssertEqual(notes, expected == all && !tags.contains("no_hope") ? 1 : 0, tags)
    }
  }

  /// `no_entry` has several ways to come from, `no_exit` several to go to.
  func testSeveralWays() throws {
    var town = crossing()
    town.relation(
      90,
      [("way", 11, "from"), ("way", 13, "from"), ("node", 1, "via"), ("way", 14, "to")],
      TownText.tags("type=restriction restriction=no_entry"))
    var built = try BuiltTown(town)
    XCTAssertEqual(built.next("11+0"), ["12+0", "13-0"])
    XCTAssertEqual(built.next("13+0"), ["11-0", "12+0"])
    town = crossing()
    town.relation(
      90, [("way", 11, "from"), ("node", 1, "via"), ("way", 13, "to"), ("way", 14, "to")],
      TownText.tags("type=restriction restriction=no_exit"))
    built = try BuiltTown(town)
    XCTAssertEqual(built.next("11+0"), ["12+0"])
  }

  /// Several `only_*` for one traffic: each alone would ban what the other prescribes.
  func testSeveralPrescriptions() throws {
    var town = crossing()
    for (id, to) in [(90, 12), (91, 14), (92, 14)] {
      town.relation(
        id, [("way", 11, "from"), ("node", 1, "via"), ("way", to, "to")],
        TownText.tags("type=restriction restriction=only_straight_on"))
    }
    let built = try BuiltTown(town)
    XCTAssertEqual(built.next("11+0"), ["12+0", "14+0"])
    XCTAssertEqual(built.next("13+0"), ["11-0", "12+0", "14+0"])
    // Over ways: from the link one may turn into either carriageway, but not back into it.
    town = dual()
    for (id, to) in [(90, 34), (91, 33)] {
      town.relation(
        id, [("way", 31, "from"), ("way", 35, "via"), ("way", to, "to")],
        TownText.tags("type=restriction restriction=only_left_turn"))
    }
    let found = try paths(town)
    XCTAssertEqual(found.turns, ["31.1.31", "31.1.32"])
    XCTAssertEqual(found.paths, ["31.1.35.2.35"])
  }

  /// Two carriageways of one road, 80 m apart, with a link between them: 31 and 32 run north on the
  /// east side, 33 and 34 south on the west side, 35 is the link from node 1 to node 2.
  private func dual() -> TownText {
    var town = TownText()
    for (id, x, y) in [(1, 40.0, 0.0), (2, -40, 0), (3, 40, -200), (4, 40, 200), (5, -40, 200)] {
      town.node(id, x, y)
    }
    town.node(6, -40, -200)
    let road = TownText.tags("highway=primary oneway=yes")
    town.way(31, [3, 1], road)
    town.way(32, [1, 4], road)
    town.way(33, [5, 2], road)
    town.way(34, [2, 6], road)
    town.way(35, [1, 2], TownText.tags("highway=primary_link"))
    return town
  }

  private func paths(_ town: TownText) throws -> (paths: [String], turns: [String]) {
    let roads = try town.draft().roads
    func way(_ w: Int32) -> String { roads.ways[Int(w)].externalID }
    func node(_ n: Int32) -> String { "\(roads.nodes[Int(n)].externalID)" }
    return (
      roads.pathBans.map { ban in
        zip(ban.ways, ban.nodes).map { way($0) + "." + node($1) + "." }.joined()
          + way(ban.ways[ban.ways.count - 1])
      },
      roads.turnBans.map { "\(way($0.fromWay)).\(node($0.viaNode)).\(way($0.toWay))" }
    )
  }

  func testOverWays() throws {
    var town = dual()
    town.relation(
      90, [("way", 31, "from"), ("way", 35, "via"), ("way", 34, "to")],
      TownText.tags("type=restriction restriction=no_u_turn"))
    var found = try paths(town)
    XCTAssertEqual(found.paths, ["31.1.35.2.34"])
    XCTAssertEqual(found.turns, [])
    // Coming along 31 one must take 35 and then 34: neither 32, nor back into 31 or 35, nor 33.
    town = dual()
    town.relation(
      90, [("way", 31, "from"), ("way", 35, "via"), ("way", 34, "to")],
      TownText.tags("type=restriction restriction=only_u_turn"))
    found = try paths(town)
    XCTAssertEqual(found.turns, ["31.1.31", "31.1.32"])
    XCTAssertEqual(found.paths, ["31.1.35.2.33", "31.1.35.2.35"])
  }

  /// A ban over a way that is a link of its own cannot be kept, and that is said; within one junction
  /// it can.
  func testBansOverLinksAreSaid() throws {
    for (isNear, unkept) in [(false, 1), (true, 0)] {
      var town = dual()
      if isNear {
        // The same with 12 m between the carriageways.
        town = TownText()
        for (id, x, y) in [
          (1, 6.0, 0.0), (2, -6, 0), (3, 6, -200), (4, 6, 200), (5, -6, 200), (6, -6, -200),
        ] { town.node(id, x, y) }
        for (id, nodes) in [(31, [3, 1]), (32, [1, 4]), (33, [5, 2]), (34, [2, 6])] {
          town.way(id, nodes, TownText.tags("highway=primary oneway=yes"))
        }
        town.way(35, [1, 2], TownText.tags("highway=primary_link"))
      }
      town.relation(
        90, [("way", 31, "from"), ("way", 35, "via"), ("way", 34, "to")],
        TownText.tags("type=restriction restriction=no_u_turn"))
      let built = try BuiltTown(town)
      XCTAssertEqual(built.diagnostics.count(of: "path-ban-unkept"), unkept)
      if isNear { XCTAssertEqual(built.next("31+0"), ["32+0"]) }
    }
  }

  /// The link in two halves, given in the wrong order.
  func testOverSeveralWays() throws {
    var town = dual()
    town.node(7, 0, 0)
    town.way(36, [1, 7], TownText.tags("highway=primary_link"))
    town.way(37, [7, 2], TownText.tags("highway=primary_link"))
    town.relation(
      90,
      [("way", 37, "via"), ("way", 34, "to"), ("way", 36, "via"), ("way", 31, "from")],
      TownText.tags("type=restriction restriction=no_u_turn"))
    XCTAssertEqual(try paths(town).paths, ["31.1.36.7.37.2.34"])
    // Ways that do not hang together.
    town.relation(
      91, [("way", 31, "from"), ("way", 37, "via"), ("way", 34, "to")],
      TownText.tags("type=restriction restriction=no_u_turn"))
    XCTAssertEqual(try town.draft().diagnostics.count(of: "osm-restriction"), 1)
  }

  /// The via node lies in the middle of the way to come from.
  func testWhatIsNotSplitIsSaid() throws {
    var town = TownText()
    town.node(1, 0, 0)
    town.node(2, -120, 0)
    town.node(3, 120, 0)
    town.node(4, 0, -120)
    town.way(11, [2, 1, 3], TownText.tags("highway=secondary"))
    town.way(13, [4, 1], TownText.tags("highway=secondary"))
    town.relation(
      90, [("way", 11, "from"), ("node", 1, "via"), ("way", 13, "to")],
      TownText.tags("type=restriction restriction=no_right_turn"))
    let built = try BuiltTown(town)
    XCTAssertEqual(built.diagnostics.count(of: "osm-restriction"), 1)
    XCTAssertEqual(built.next("11+0"), ["11+1", "13-0"])
  }
}
