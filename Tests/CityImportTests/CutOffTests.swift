import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityImport

/// What is not connected, why, and what a repair does about it.
final class CutOffTests: XCTestCase {
  /// A square of streets 200 m long with a dead end at every corner, where one can turn round: all
  /// of it is connected. At corner 2, the origin, each case adds something to the west.
  private func block() -> TownText {
    var town = TownText()
    for (id, x, y) in [
      (2, 0.0, 0.0), (3, 200, 0), (4, 200, 200), (5, 0, 200), (22, 50, -80), (23, 300, 0),
      (24, 300, 200), (25, 0, 300),
    ] { town.node(id, x, y) }
    for (way, a, b) in [
      (11, 2, 3), (12, 3, 4), (13, 4, 5), (14, 5, 2), (15, 2, 22), (16, 3, 23), (17, 4, 24),
      (18, 5, 25),
    ] { town.way(way, [a, b], TownText.tags("highway=residential")) }
    return town
  }

  private func findings(_ town: TownText, repair: Double = 0) throws -> (
    parts: [CutOffPart], draft: CityDraft, network: RoadNetwork
  ) {
    var options = OSMImportOptions()
    options.repairTolerance = repair
    var draft = try town.draft(options)
    var diagnostics = draft.diagnostics
    let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    let findings = ImportFindings(&draft, network, diagnostics: &diagnostics)
    draft.diagnostics = diagnostics
    return (findings.cutOff.parts, draft, network)
  }

  private func only(_ town: TownText) throws -> CutOffPart {
    let parts = try findings(town).parts
    XCTAssertEqual(parts.count, 1)
    return try XCTUnwrap(parts.first)
  }

  func testEverythingIsConnected() throws {
    XCTAssertEqual(try findings(block()).parts.count, 0)
  }

  func testAOneWayTrap() throws {
    var town = block()
    town.node(6, -150, 0)
    town.way(20, [2, 6], TownText.tags("highway=residential oneway=yes"))
    let part = try only(town)
    XCTAssertEqual(part.cause, .oneWayTrap)
    XCTAssertTrue(part.canBeReached)
    XCTAssertFalse(part.canBeLeft)
    // 150 m between the nodes, less what the junction takes.
    XCTAssertEqual(part.metres, 145, accuracy: 10)
    XCTAssertEqual(part.detail, "no way on at node 6")
  }

  func testThePartThatOnlyLeadsIn() throws {
    var town = block()
    town.node(6, -150, 0)
    town.way(20, [2, 6], TownText.tags("highway=residential oneway=-1"))
    let part = try only(town)
    XCTAssertEqual(part.cause, .oneWayTrap)
    XCTAssertFalse(part.canBeReached)
    XCTAssertTrue(part.canBeLeft)
  }

  func testTheEdgeOfTheExtract() throws {
    // A one-way road whose further nodes the file does not hold.
    var town = block()
    town.node(6, -150, 0)
    town.way(20, [2, 6, 99, 98], TownText.tags("highway=primary oneway=yes"))
    XCTAssertEqual(try only(town).cause, .extractEdge)
    // The same with all its nodes, but beyond what the extract was cut to.
    town = block()
    town.bounds = [-100, -50, 250, 250]
    town.node(6, -150, 0)
    town.way(20, [2, 6], TownText.tags("highway=primary oneway=yes"))
    XCTAssertEqual(try only(town).cause, .extractEdge)
  }

  func testPrivateGroundBetween() throws {
    var town = block()
    town.node(6, -60, 0)
    town.node(7, -200, 0)
    town.way(20, [2, 6], TownText.tags("highway=service service=driveway access=private"))
    town.way(21, [6, 7], TownText.tags("highway=service"))
    let part = try only(town)
    XCTAssertEqual(part.cause, .privateAccess)
    XCTAssertEqual(part.detail, "way 20")
    XCTAssertFalse(part.canBeReached || part.canBeLeft)
    XCTAssertEqual(part.gapMetres, 60, accuracy: 3)
  }

  func testOtherThingsBetween() throws {
    let cases: [(String, CutOffPart.Cause)] = [
      ("highway=residential motor_vehicle=no", .privateAccess),
      ("highway=construction construction=residential", .unbuilt), ("highway=track", .track),
      ("route=ferry", .ferry), ("highway=footway", .gap),
    ]
    for (tags, cause) in cases {
      var town = block()
      town.node(6, -60, 0)
      town.node(7, -200, 0)
      town.way(20, [2, 6], TownText.tags(tags))
      town.way(21, [6, 7], TownText.tags("highway=service"))
      XCTAssertEqual(try only(town).cause, cause, tags)
    }
    // A track that leads into the fields joins nothing.
    var town = block()
    town.node(6, -60, 0)
    town.node(7, -200, 0)
    town.node(8, -60, 50)
    town.way(20, [6, 8], TownText.tags("highway=track"))
    town.way(21, [6, 7], TownText.tags("highway=service"))
    XCTAssertEqual(try only(town).cause, .gap)
    town = block()
    town.node(6, -60, 0, TownText.tags("barrier=bollard"))
    town.node(7, -200, 0)
    town.way(21, [2, 6, 7], TownText.tags("highway=service"))
    XCTAssertEqual(try only(town).cause, .barrier)
    town = block()
    town.node(6, -1000, 0)
    town.node(7, -1200, 0)
    town.way(21, [6, 7], TownText.tags("highway=service"))
    XCTAssertEqual(try only(town).cause, .remote)
  }

  func testTurnRestrictions() throws {
    // Nobody may turn into the side street, and who comes out of it may.
    var town = block()
    town.node(6, -150, 0)
    town.way(20, [2, 6], TownText.tags("highway=residential"))
    for (id, from) in [(90, 11), (91, 14), (92, 15)] {
      town.relation(
        id, [("way", from, "from"), ("node", 2, "via"), ("way", 20, "to")],
        TownText.tags("type=restriction restriction=no_straight_on"))
    }
    let part = try only(town)
    XCTAssertEqual(part.cause, .turnRestriction)
    XCTAssertEqual(part.detail, "node 2")
    XCTAssertTrue(part.canBeLeft)
  }

  // MARK: Repair

  /// A street that ends 3 m short of corner 2, and one that ends 4 m beside the middle of way 11.
  private func gaps(_ more: String = "") -> TownText {
    var town = block()
    town.node(6, -3, 0)
    town.node(7, -150, 0)
    town.way(20, [7, 6], TownText.tags("highway=residential"))
    town.node(8, 100, -4)
    town.node(9, 100, -150)
    town.way(21, [8, 9], TownText.tags("highway=residential " + more))
    return town
  }

  func testGapsAreClosed() throws {
    XCTAssertEqual(try findings(gaps()).parts.map(\.cause), [.gap, .gap])
    // Too far for the tolerance.
    XCTAssertEqual(try findings(gaps(), repair: 2).parts.count, 2)
    XCTAssertEqual(try findings(gaps(), repair: 3.5).parts.count, 1)
    let (parts, draft, _) = try findings(gaps(), repair: 5)
    XCTAssertEqual(parts.count, 0)
    XCTAssertEqual(draft.repairs.map(\.way), ["20", "21"])
    XCTAssertEqual(draft.repairs.map(\.node), [6, 8])
    XCTAssertEqual(draft.repairs[0].metres, 3, accuracy: 0.01)
    XCTAssertEqual(draft.repairs[1].metres, 4, accuracy: 0.01)
    XCTAssertEqual(draft.repairs[1].target, "11")
    // Way 20 now ends at corner 2; way 11 has a new node in its middle where way 21 begins.
    let ways = draft.roads.ways
    let corner = draft.roads.nodes.firstIndex { $0.externalID == 2 }.map { Int32($0) }
    XCTAssertEqual(ways.first { $0.externalID == "20" }?.nodes.last, corner)
    let street = try XCTUnwrap(ways.first { $0.externalID == "11" })
    XCTAssertEqual(street.nodes.count, 3)
    XCTAssertEqual(ways.first { $0.externalID == "21" }?.nodes.first, street.nodes[1])
    XCTAssertEqual(draft.diagnostics.count(of: "gap-closed"), 2)
    XCTAssertTrue(draft.sideLayers.contains { $0.fileName == "repairs.geojson" })
  }

  func testOnlyWhatLiesOnOneLayerIsJoined() throws {
    let draft = try findings(gaps("bridge=yes layer=1"), repair: 5).draft
    XCTAssertEqual(draft.repairs.map(\.way), ["20"])
  }

  func testARoadIsNotJoinedToItsOwnPart() throws {
    // A cul-de-sac that ends 4 m from a street it hangs on: somebody built a wall there.
    var town = block()
    town.node(8, 100, 4)
    town.node(9, 100, 100)
    town.way(21, [8, 9, 4], TownText.tags("highway=residential"))
    XCTAssertEqual(try findings(town, repair: 5).draft.repairs.count, 0)
  }

  func testAnEndAtTheEdgeOrABarrierIsNoGap() throws {
    var town = block()
    town.node(6, -3, 0)
    town.node(7, -150, 0)
    town.way(20, [7, 6, 99], TownText.tags("highway=residential"))
    XCTAssertEqual(try findings(town, repair: 5).draft.repairs.count, 0)
    town = block()
    town.node(6, -60, 0, TownText.tags("barrier=bollard"))
    town.node(7, -150, 0)
    town.way(20, [7, 6, 2], TownText.tags("highway=residential"))
    XCTAssertEqual(try findings(town, repair: 5).draft.repairs.count, 0)
  }

  // MARK: Places

  func testPlacesGetTheirAccess() throws {
    var town = block()
    town.node(50, 100, -20, TownText.tags("amenity=fire_station"))
    town.node(51, 100, -900, TownText.tags("amenity=police"))
    town.node(52, 100, -5000, TownText.tags("amenity=hospital"))
    let (_, draft, network) = try findings(town)
    func entity(_ kind: EntityKind) -> DraftEntity? { draft.entities.first { $0.kind == kind } }
    // Half way along the southern street, on the side that lies nearer: due north of the station.
    let access = try XCTUnwrap(entity(.fireStation))
    XCTAssertEqual(access.text("access_link"), "11+0")
    let street = try XCTUnwrap(
      (0..<network.linkCount).map { LinkID($0) }.first { network.linkExternalID[$0] == "11+0" })
    let place = Polyline.locate(
      network.points(of: street), at: access.number("access_offset_m") ?? 0)
    XCTAssertEqual(place.point.x, 500_100, accuracy: 0.1)
    XCTAssertEqual(access.number("access_distance_m") ?? 0, 18.5, accuracy: 0.6)
    // The nearest road is the dead end at (50, -80), whose last metres are the turning place:
    // 50 m aside and 820 m down from there.
    XCTAssertEqual(entity(.policeStation)?.number("access_distance_m") ?? 0, 821.5, accuracy: 4)
    XCTAssertNil(entity(.hospital)?.value("access_link"))
    XCTAssertEqual(draft.diagnostics.count(of: "far-from-road"), 2)
  }
}
