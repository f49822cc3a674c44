import CityBase
import CityNetwork
import XCTest

@testable import CityImport

final class OSMRoadsTests: XCTestCase {
  /// A crossing of two streets at node 1, each of two ways: 11 from the west, 12 to the east,
  /// 13 from the south, 14 to the north.
  private func crossing() -> TownText {
    var town = TownText()
    town.node(1, 0, 0, ["highway": "traffic_signals"])
    town.node(2, -100, 0, ["highway": "give_way"])
    town.node(3, 100, 0, ["highway": "traffic_signals", "traffic_signals": "blinker"])
    town.node(4, 0, -100, ["highway": "stop"])
    town.node(5, 0, 100, ["highway": "mini_roundabout"])
    town.way(11, [2, 1], ["highway": "primary", "name": "High Street", "lit": "yes"])
    town.way(12, [1, 3], ["highway": "primary", "oneway": "-1"])
    town.way(13, [4, 1], ["highway": "residential"])
    town.way(14, [1, 5], ["highway": "residential"])
    return town
  }

  func testWaysNodesAndControls() throws {
    let draft = try crossing().draft()
    let roads = draft.roads
    XCTAssertEqual(draft.workingCRS, "EPSG:32631")
    XCTAssertEqual(roads.ways.map(\.externalID), ["11", "12", "13", "14"])
    let control = Dictionary(uniqueKeysWithValues: roads.nodes.map { ($0.externalID, $0.control) })
    XCTAssertEqual(
      control, [1: .signals, 2: .giveWay, 3: NodeControl.none, 4: .stop, 5: .miniRoundabout])
    XCTAssertEqual(roads.ways[0].name, "High Street")
    XCTAssertEqual(roads.ways[0].nodes.map { roads.nodes[Int($0)].externalID }, [2, 1])
    // oneway=-1: turned round, so that forward is the direction of traffic.
    XCTAssertEqual(roads.ways[1].nodes.map { roads.nodes[Int($0)].externalID }, [3, 1])
    XCTAssertEqual(roads.ways[1].forwardLanes, 2)
    XCTAssertEqual(roads.ways[1].backwardLanes, 0)
    XCTAssertTrue(roads.drivesOnRight)
    XCTAssertEqual(draft.roadProperties[0].map(\.name), ["highway", "lit", "name"])
    // 500 km east of the zone's false origin, on the equator.
    let middle = try XCTUnwrap(roads.nodes.first { $0.externalID == 1 })
    XCTAssertEqual(middle.position.x, 500_000, accuracy: 0.001)
    XCTAssertEqual(middle.position.y, 0, accuracy: 0.001)
    let east = try XCTUnwrap(roads.nodes.first { $0.externalID == 3 })
    XCTAssertEqual(east.position.x, 500_100, accuracy: 0.01)
    XCTAssertFalse(try crossing().draft(OSMImportOptions(drive: "left")).roads.drivesOnRight)
  }

  private func bans(_ town: TownText) throws -> (bans: [[String]], diagnostics: Diagnostics) {
    let draft = try town.draft()
    let roads = draft.roads
    return (
      roads.turnBans.map {
        [
          roads.ways[Int($0.fromWay)].externalID, "\(roads.nodes[Int($0.viaNode)].externalID)",
          roads.ways[Int($0.toWay)].externalID,
        ]
      }, draft.diagnostics
    )
  }

  func testTurnRestrictions() throws {
    let way = "way"
    let cases: [(String, [[String]])] = [
      ("no_left_turn", [["11", "1", "14"]]),
      ("only_straight_on", [["11", "1", "11"], ["11", "1", "12"], ["11", "1", "13"]]),
      ("turn_up", []),
    ]
    for (kind, expected) in cases {
      var town = crossing()
      town.relation(
        5, [(way, 11, "from"), ("node", 1, "via"), (way, 14, "to")],
        ["type": "restriction", "restriction": kind])
      let found = try bans(town)
      XCTAssertEqual(found.bans, expected, kind)
      XCTAssertEqual(found.diagnostics.count(of: "osm-restriction"), expected.isEmpty ? 1 : 0)
    }
  }

  func testRestrictionsThatCannotBeUsedAreSaid() throws {
    let cases: [([(String, Int, String)], [String: String])] = [
      ([("way", 11, "from"), ("way", 13, "via"), ("way", 14, "to")], [:]),
      ([("way", 11, "from"), ("node", 99, "via"), ("way", 14, "to")], [:]),
      ([("way", 99, "from"), ("node", 1, "via"), ("way", 14, "to")], [:]),
      ([("way", 11, "from"), ("node", 5, "via"), ("way", 14, "to")], [:]),
      ([("way", 11, "from"), ("node", 1, "via"), ("way", 14, "to")], ["except": "motorcar;psv"]),
      ([], [:]),
    ]
    for (members, more) in cases {
      var town = crossing()
      var tags = ["type": "restriction", "restriction": "no_left_turn"]
      tags.merge(more) { $1 }
      town.relation(5, members, tags)
      let found = try bans(town)
      XCTAssertEqual(found.bans, [], "\(members)")
      let notes =
        found.diagnostics.count(of: "osm-restriction")
        + found.diagnostics.count(of: "osm-restriction-others")
      XCTAssertEqual(notes, 1, "\(members)")
    }
  }

  func testALineIsCutWhereNodesAreMissing() throws {
    var town = TownText()
    for i in 1...6 { town.node(i, Double(i) * 50, 0) }
    // 90 and 91 are beyond the edge; 3 comes twice.
    town.way(20, [1, 2, 90, 91, 3, 3, 4, 92, 5], ["highway": "tertiary"])
    town.way(21, [93, 6], ["highway": "tertiary"])
    let draft = try town.draft()
    XCTAssertEqual(draft.roads.ways.map(\.externalID), ["20", "20.2"])
    XCTAssertEqual(draft.roads.ways.map { $0.nodes.count }, [2, 2])
    XCTAssertEqual(draft.roadProperties.count, 2)
    XCTAssertEqual(draft.diagnostics.count(of: "osm-dangling-node"), 1)
    XCTAssertEqual(draft.diagnostics.count(of: "osm-empty-way"), 1)
  }

  func testNodesFarAwayAreLeftOut() throws {
    var town = TownText()
    for i in 1...5 { town.node(i, Double(i) * 50, 0) }
    town.node(6, 0, 399_000)
    town.node(7, 0, 401_000)
    town.way(20, [1, 2, 7, 3, 4], ["highway": "tertiary"])
    town.way(21, [5, 6], ["highway": "tertiary"])
    let draft = try town.draft()
    XCTAssertEqual(draft.roads.ways.map(\.externalID), ["20", "20.2", "21"])
    XCTAssertEqual(draft.diagnostics.count(of: "osm-far-node"), 1)
  }

  func testZones() {
    XCTAssertEqual(OSMPlane.utmZone(at: Point2(9.7, 50.9)), "EPSG:32632")
    XCTAssertEqual(OSMPlane.utmZone(at: Point2(117.2, 39.1)), "EPSG:32650")
    XCTAssertEqual(OSMPlane.utmZone(at: Point2(-58.4, -34.6)), "EPSG:32721")
    XCTAssertEqual(OSMPlane.utmZone(at: Point2(180, 0)), "EPSG:32660")
    XCTAssertEqual(OSMPlane.utmZone(at: Point2(-180, 0)), "EPSG:32601")
    // One node a continent away does not move the middle.
    let points = (0..<9).map { Point2(Double($0), 50) } + [Point2(170, -80)]
    XCTAssertEqual(OSMPlane.middle(of: points), Point2(5, 50))
  }
}
