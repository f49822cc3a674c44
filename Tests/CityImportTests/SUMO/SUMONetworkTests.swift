import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// The hand-written crossing against what its text says.
final class SUMONetworkTests: XCTestCase {
  func testLinksAndLanesAreThoseOfTheText() throws {
    let built = try BuiltCross()
    let n = built.network
    XCTAssertEqual(n.linkCount, 6)
    XCTAssertEqual(n.roadLaneCount, 6)
    XCTAssertEqual(n.junctionCount, 4)
    for l in 0..<n.linkCount { XCTAssertEqual(n.linkLength[LinkID(l)], 92) }
    // The sidewalk is not a lane; the car lane keeps its place.
    let wc = built.link("WC")
    XCTAssertEqual(Array(n.points(of: wc)), [Point2(-100, -1.6), Point2(-8, -1.6)])
    XCTAssertEqual(n.linkAccess[wc], .motor)
    XCTAssertEqual(n.linkAccess[built.link("EC")], .all)
    XCTAssertEqual(n.linkClass[wc], .primary)
    XCTAssertEqual(n.linkName[built.link("EC")], "Main & Street")
    XCTAssertEqual(n.linkSpeedLimit[built.link("SC")], 8.33)
    for (a, b) in [("EC", "CE"), ("WC", "CW"), ("SC", "CS")] {
      XCTAssertEqual(n.linkReverse[built.link(a)], built.link(b))
      XCTAssertEqual(n.linkReverse[built.link(b)], built.link(a))
    }
    let untaken = built.city.untaken
    XCTAssertEqual(untaken.count(of: "edges closed to cars, trucks and buses"), 1)
    XCTAssertEqual(untaken.count(of: "lanes closed to cars, trucks and buses"), 1)
    XCTAssertEqual(untaken.count(of: #"edges with function="crossing""#), 1)
    XCTAssertEqual(untaken.count(of: #"edges with function="walkingarea""#), 1)
    XCTAssertEqual(untaken.count(of: "connections not for cars"), 1)
    XCTAssertTrue(built.city.draft.diagnostics.isEmpty)
  }

  func testConnectorsFollowTheInternalLanes() throws {
    let built = try BuiltCross()
    let n = built.network
    XCTAssertEqual(n.connectorCount, 6)
    let turns: [Turn] = [.through, .left, .right, .left, .right, .through]
    // The left turn from the east has two parts: 8 m and 9 m, the slower one at 7 m/s.
    let lengths: [Float] = [16, 17, 10, 16.5, 10, 16]
    let speeds: [Float] = [13.89, 7, 6.5, 8, 6.5, 13.89]
    for way in CrossText.ways.indices {
      let c = built.connector(way)
      XCTAssertEqual(n.connectorTurn[c], turns[way], "way \(way)")
      XCTAssertEqual(n.laneLength[n.lane(of: c)], lengths[way], "way \(way)")
      XCTAssertEqual(n.laneSpeed[n.lane(of: c)], speeds[way], "way \(way)")
    }
    XCTAssertEqual(
      Array(n.points(of: built.connector(1))),
      [Point2(8, 1.6), Point2(2, 1), Point2(0, 0), Point2(-1, -2), Point2(-1.6, -8)])
  }

  /// Six pairs meet and three part; who yields is what the requests say.
  func testRightOfWayIsThatOfTheRequests() throws {
    let built = try BuiltCross()
    let n = built.network
    XCTAssertEqual(n.conflicts.count, 2 * (CrossText.meetings.count + 3))
    let merges = [[0, 3], [1, 4], [2, 5]]
    for (a, b) in CrossText.meetings {
      let conflict = try XCTUnwrap(built.conflict(a, with: b), "\(a) and \(b)")
      let aYields = CrossText.yields[a].1.contains(b)
      XCTAssertEqual(conflict.yields, aYields ? 1 : -1, "\(a) and \(b)")
      let isMerge = merges.contains([a, b])
      XCTAssertEqual(
        conflict.kind, isMerge ? ConflictKind.merge : ConflictKind.crossing, "\(a) and \(b)")
      XCTAssertLessThan(conflict.entry, conflict.exit)
    }
    for (a, b) in [(0, 1), (2, 3), (4, 5)] {
      XCTAssertEqual(built.conflict(a, with: b)?.kind, ConflictKind.diverge)
      XCTAssertEqual(built.conflict(a, with: b)?.yields, 0)
    }
    // The main road before the side road, through before right before left.
    let ranks: [UInt8] = [0, 2, 5, 6, 1, 0]
    for way in CrossText.ways.indices {
      XCTAssertEqual(n.connectorRank[built.connector(way)], ranks[way], "way \(way)")
    }
    XCTAssertEqual(n.junctionControl.values.filter { $0 == .priority }.count, 1)
  }

  /// Ways that cross at right angles at 2.3 m clearance: the side road's left turn, seen from the
  /// main road, lies where the lines are; both measured from the text's coordinates.
  func testConflictAreasLieWhereTheLinesCross() throws {
    let built = try BuiltCross()
    let conflict = try XCTUnwrap(built.conflict(5, with: 3))
    // Way 3 crosses y = -1.6 at x = 0.24, 8.24 m along way 5.
    XCTAssertLessThan(conflict.entry, 8.24 - 2)
    XCTAssertGreaterThan(conflict.exit, 8.24 + 2)
    XCTAssertGreaterThan(conflict.entry, 8.24 - 6)
    XCTAssertLessThan(conflict.exit, 8.24 + 6)
  }

  func testSignalsKeepGroupsPhasesAndOffset() throws {
    let built = try BuiltCross(.signalled)
    let n = built.network
    XCTAssertEqual(n.signals.count, 1)
    let signal = n.signals[SignalID(0)]
    XCTAssertEqual(signal.externalID, "T")
    XCTAssertEqual(n.junctionExternalID[signal.junction], "C")
    XCTAssertEqual(n.junctionControl[signal.junction], .signals)
    XCTAssertEqual(signal.offsetMilliseconds, 7000)
    XCTAssertEqual(signal.phases.map(\.milliseconds), [30_000, 3000, 20_000, 3000, 2000])
    let main: [SignalState] = [.green, .yellow, .red, .red, .red]
    let left: [SignalState] = [.permissive, .yellow, .red, .red, .red]
    let side: [SignalState] = [.red, .red, .green, .yellow, .red]
    for (way, states) in [main, left, side, side, main, main].enumerated() {
      let group = Int(n.connectorGroup[built.connector(way)])
      XCTAssertEqual(signal.phases.map { $0.states[group] }, states, "way \(way)")
    }
  }

  func testOneProgramMayRuleTwoJunctions() throws {
    var cross = CrossText.signalled
    cross.extra = """
      <edge id="E2" from="E" to="F"><lane id="E2_0" index="0" speed="10" length="50" \
      shape="100,-1.6 150,-1.6"/></edge>
      <junction id="F" type="dead_end" x="150" y="0" incLanes="E2_0" intLanes="" shape=""/>
      <connection from="CE" to="E2" fromLane="0" toLane="0" tl="T" linkIndex="5" dir="s" state="O"/>
      """
    let built = try BuiltCross(cross)
    XCTAssertEqual(built.network.signals.values.map(\.externalID).sorted(), ["T@C", "T@E"])
    let other = built.network.signals.values.first { $0.externalID == "T@E" }
    XCTAssertEqual(other?.phases.map(\.states), [[.green], [.yellow], [.red], [.red], [.red]])
    // Without an internal lane the way is the straight line between the lanes, here of no length.
    XCTAssertEqual(built.network.connectorCount, 7)
  }

  func testTwoLanesLieBesideTheirMiddle() throws {
    for isLeftHanded in [false, true] {
      var cross = CrossText()
      // Westwards the right side is the north: lane 0 lies there, or south where one drives left.
      let (kerb, inner) = isLeftHanded ? ("-20", "-16.8") : ("20", "16.8")
      cross.extra = """
        <edge id="two" from="E" to="W"><lane id="two_0" index="0" speed="10" length="201.5" \
        shape="100,\(kerb) -100,\(kerb)"/><lane id="two_1" index="1" speed="12" length="201.5" \
        shape="100,\(inner) -100,\(inner)"/></edge>
        """
      let text =
        isLeftHanded
        ? cross.text.replacing("<net version", with: "<net lefthand=\"true\" version") : cross.text
      let built = try BuiltCross(net: Array(text.utf8), routes: nil)
      let n = built.network
      XCTAssertEqual(n.drivesOnRight, !isLeftHanded)
      let lanes = n.lanes(of: built.link("two"))
      XCTAssertEqual(lanes.count, 2)
      XCTAssertEqual(lanes.map { n.laneSpeed[LaneID($0)] }, [10, 12])
      // The file's length, although the line is half a metre shorter.
      XCTAssertEqual(n.linkLength[built.link("two")], 201.5)
      let y = lanes.map { n.lanePosition(LaneID($0), 50).point.y }
      XCTAssertEqual(y[0], isLeftHanded ? -20 : 20, accuracy: 1e-3)
      XCTAssertEqual(y[1], isLeftHanded ? -16.8 : 16.8, accuracy: 1e-3)
    }
  }

  /// The sidewalk of the road from the west as a lane for buses, the railway as a road for them.
  func testLanesForBusesAreKept() throws {
    let text = CrossText().text
      .replacing(
        #"<lane id="WC_0" index="0" allow="pedestrian""#,
        with:
          #"<lane id="WC_0" index="0" allow="bus""#
      )
      .replacing(#"allow="rail tram""#, with: #"allow="bus""#)
    let routes = """
      <routes><vType id="line" vClass="bus"/>
      <vehicle id="a" depart="0" type="line"><route edges="rail"/></vehicle>
      <vehicle id="b" depart="0"><route edges="rail"/></vehicle></routes>
      """
    let built = try BuiltCross(net: Array(text.utf8), routes: Array(routes.utf8))
    let n = built.network
    let lanes = n.lanes(of: built.link("WC"))
    XCTAssertEqual(lanes.count, 2)
    XCTAssertEqual(n.access(to: LaneID(lanes.lowerBound)), .bus)
    XCTAssertEqual(
      n.access(to: LaneID(lanes.lowerBound + 1)), [.car, .truck, .bus, .motorcycle, .emergency])
    XCTAssertEqual(n.linkAccess[built.link("rail")], .bus)
    // The ways of cars begin in the lane that was there before.
    XCTAssertEqual(n.connectorFrom[built.connector(5)].index, lanes.lowerBound + 1)
    XCTAssertEqual(built.city.untaken.count(of: "lanes closed to cars, trucks and buses"), 0)
    XCTAssertEqual(built.city.trips.rows.map(\.id), ["a"])
    XCTAssertEqual(
      built.city.untaken.count(of: "vehicles over an edge that is closed to cars"), 1)
  }

  func testPermissionsAreThoseOfTheWords() {
    func access(_ allow: String?, _ disallow: String?) -> Access {
      SUMOPermissions(allow: allow, disallow: disallow).access
    }
    XCTAssertEqual(access(nil, nil), .all)
    XCTAssertEqual(access("all", nil), .all)
    XCTAssertEqual(access(nil, "all"), [])
    XCTAssertEqual(access("bus", nil), .bus)
    XCTAssertEqual(access("passenger truck emergency", nil), [.car, .truck, .emergency])
    XCTAssertEqual(
      access(nil, "passenger rail"), [.truck, .bus, .motorcycle, .bicycle, .emergency])
    XCTAssertFalse(SUMOPermissions(allow: "taxi", disallow: nil).isForRoadVehicles)
    XCTAssertTrue(SUMOPermissions(allow: nil, disallow: "rail").isForRoadVehicles)
  }

  func testPlacesAreThoseOfTheLocation() throws {
    var cross = CrossText()
    let placeless = try BuiltCross(cross)
    XCTAssertTrue(placeless.city.place.remark.contains("transverse Mercator at 0, 0"))
    XCTAssertTrue(placeless.city.draft.workingCRS.contains("+lon_0=0"))
    // A projected network: its coordinates less the offset are those of the projection.
    let projection = "+proj=utm +zone=33 +ellps=WGS84 +datum=WGS84 +units=m +no_defs"
    cross.location =
      #"<location netOffset="-404104.96,-5795274.77" projParameter="\#(projection)"/>"#
    let placed = try BuiltCross(cross)
    XCTAssertEqual(placed.city.draft.workingCRS, projection)
    let c = try XCTUnwrap(
      placed.network.junctionPosition.ids.first { placed.network.junctionExternalID[$0] == "C" })
    XCTAssertEqual(placed.network.junctionPosition[c], Point2(404_104.96, 5_795_274.77))
    cross.location = #"<location netOffset="0,0" projParameter="+proj=nonsense"/>"#
    XCTAssertTrue(try BuiltCross(cross).city.place.remark.contains("nonsense"))
  }
}
