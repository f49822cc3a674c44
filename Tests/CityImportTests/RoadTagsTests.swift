import CityBase
import CityNetwork
import XCTest

@testable import CityImport

final class RoadTagsTests: XCTestCase {
  /// Tags written `k=v k=v`.
  private func tags(_ text: String) throws -> OSMTags {
    let list = text.split(separator: " ").map { pair -> String in
      let parts = pair.split(separator: "=", maxSplits: 1)
      return "<tag k='\(parts[0])' v='\(parts[1])'/>"
    }
    var diagnostics = Diagnostics()
    let xml = "<osm><node id='1' lat='0' lon='0'>\(list.joined())</node></osm>"
    return try OSMReader.parse(Array(xml.utf8), file: "", diagnostics: &diagnostics).tags(ofNode: 0)
  }

  private func road(_ text: String) throws -> RoadTags {
    var notes: [OSMNote] = []
    return try RoadTags.read(try tags(text), notes: &notes)
  }

  func testSpeedLimits() {
    let cases: [(String, Double?)] = [
      ("50", 50), ("50 km/h", 50), ("30 mph", 48.28032), ("none", 130), ("walk", 7),
      ("DE:urban", 50), ("DE:rural", 100), ("DE:zone30", 30), ("DE:zone:30", 30), ("DE:30", 30),
      ("RU:urban", 60), ("GB:nsl_dual", 112.65408), ("FR:rural", 80), ("DE:motorway", 130),
      ("70;50", 50), ("signals", nil), ("0", nil), ("-5", nil), ("5000", nil), ("", nil),
      ("fast", nil), ("50 potatoes", nil),
      ("BE-VLG:rural", 70), ("BE-WAL:rural", 90), ("GB-SCT:nsl_single", 96.56064),
      ("BE-:rural", nil),
      ("-VLG:rural", nil), ("BE-VLGX:rural", nil), ("99999999999999999999999", nil), (":", nil),
    ]
    for (text, expected) in cases {
      let limit = SpeedLimit.kmh(text)
      guard let expected else {
        XCTAssertNil(limit, text)
        continue
      }
      XCTAssertEqual(limit ?? -1, expected, accuracy: 1e-9, text)
    }
  }

  func testSpeedOfARoad() throws {
    let cases: [(String, Double)] = [
      ("highway=residential", 30), ("highway=primary maxspeed=70", 70),
      ("highway=residential source:maxspeed=DE:urban", 50),
      ("highway=secondary source:maxspeed=BE-VLG:rural", 70),
      ("highway=residential zone:maxspeed=DE:30", 30),
      ("highway=secondary maxspeed=signals", 50),
      ("highway=secondary maxspeed:forward=80 maxspeed:backward=60", 80),
      ("highway=service service=parking_aisle", 10), ("highway=motorway maxspeed=none", 130),
      ("highway=living_street maxspeed=walk", 7), ("highway=motorway source:maxspeed=sign", 110),
    ]
    for (text, kmh) in cases {
      XCTAssertEqual(try road(text).speedLimit * 3.6, kmh, accuracy: 1e-9, text)
    }
  }

  func testDirectionsAndLanes() throws {
    let cases: [(String, RoadTags.Direction, Int, Int)] = [
      ("highway=residential", .both, 1, 1),
      ("highway=residential lanes=1", .both, 1, 1),
      ("highway=secondary lanes=3", .both, 2, 1),
      ("highway=secondary lanes=4", .both, 2, 2),
      ("highway=secondary lanes=3 lanes:both_ways=1", .both, 1, 1),
      ("highway=secondary lanes=3 lanes:backward=2", .both, 1, 2),
      ("highway=secondary lanes:forward=2", .both, 2, 1),
      ("highway=secondary lanes=5 lanes:forward=3 lanes:backward=2", .both, 3, 2),
      ("highway=primary oneway=yes", .forward, 2, 0),
      ("highway=secondary oneway=yes lanes=3", .forward, 3, 0),
      ("highway=residential oneway=-1", .backward, 0, 1),
      ("highway=motorway", .forward, 2, 0),
      ("highway=motorway_link", .forward, 1, 0),
      ("highway=motorway_link oneway=no", .both, 1, 1),
      ("highway=tertiary junction=roundabout", .forward, 1, 0),
      ("highway=tertiary junction=circular lanes=2", .forward, 2, 0),
      ("highway=primary lanes=999", .both, 1, 1),
      ("highway=primary lanes=-3", .both, 1, 1),
      ("highway=residential motor_vehicle:backward=no", .forward, 1, 0),
    ]
    for (text, direction, forward, backward) in cases {
      let road = try road(text)
      XCTAssertEqual(road.direction, direction, text)
      XCTAssertEqual(road.forwardLanes, forward, text)
      XCTAssertEqual(road.backwardLanes, backward, text)
    }
  }

  func testWaysThatAreNoRoads() throws {
    let cases: [(String, RoadTags.Rejection)] = [
      ("highway=footway", .notARoad), ("highway=construction construction=primary", .unbuilt),
      ("highway=proposed", .unbuilt), ("highway=abandoned", .unbuilt),
      ("highway=primary disused=yes", .unbuilt), ("highway=primary ferry=yes", .ferry),
      ("highway=track", .notARoad), ("name=x", .notARoad),
      ("highway=service area=yes", .area), ("highway=primary route=ferry", .ferry),
      ("highway=residential access=no", .closed),
      ("highway=residential motor_vehicle=no", .closed),
      ("highway=residential vehicle=no access=yes", .closed),
      ("highway=unclassified motor_vehicle=agricultural", .closed),
      ("highway=service service=driveway access=private", .privateAccess),
      ("highway=service service=drive-through motor_vehicle=private", .privateAccess),
    ]
    for (text, reason) in cases {
      XCTAssertThrowsError(try road(text), text) {
        XCTAssertEqual($0 as? RoadTags.Rejection, reason, text)
      }
    }
  }

  func testAccess() throws {
    let cases: [(String, Access, Bool)] = [
      ("highway=residential", .all, false),
      ("highway=residential access=destination", .all, true),
      ("highway=service access=private", .all, true),
      ("highway=service service=driveway", .all, false),
      ("highway=residential access=no motor_vehicle=yes", .motor, false),
      ("highway=service access=no psv=yes", [.bus, .emergency], false),
      ("highway=service motor_vehicle=no emergency=yes", [.emergency, .bicycle], false),
      // From the special to the general: motorcar, motor_vehicle, vehicle, access.
      ("highway=tertiary vehicle=no motor_vehicle=yes", .motor, false),
      ("highway=tertiary motor_vehicle=no motorcar=yes", [.car, .emergency, .bicycle], false),
      ("highway=tertiary hgv=no", Access.all.subtracting(.truck), false),
      ("highway=tertiary motor_vehicle=bus", [.bus, .emergency, .bicycle], false),
      ("highway=tertiary bicycle=no", .motor, false),
      ("highway=tertiary vehicle=destination bus=yes", .all, true),
      ("highway=tertiary motor_vehicle=agricultural;destination", .all, true),
      ("highway=tertiary access=no bus=yes emergency=no", [.bus], false),
      ("highway=motorway", .motor, false), ("highway=trunk motorroad=yes", .motor, false),
      ("highway=tertiary access:conditional=no", .all, false),
    ]
    for (text, access, isRestricted) in cases {
      let road = try road(text)
      XCTAssertEqual(road.access, access, text)
      XCTAssertEqual(road.isRestricted, isRestricted, text)
    }
  }

  func testClassesAndShapes() throws {
    XCTAssertEqual(try road("highway=trunk_link").highway.roadClass, .trunk)
    XCTAssertTrue(try road("highway=trunk_link").highway.isRamp)
    XCTAssertFalse(try road("highway=trunk").highway.isRamp)
    XCTAssertEqual(try road("highway=living_street").highway.roadClass, .service)
    XCTAssertTrue(try road("highway=primary bridge=yes").isBridge)
    XCTAssertFalse(try road("highway=primary bridge=no").isBridge)
    XCTAssertTrue(try road("highway=primary tunnel=building_passage").isTunnel)
    XCTAssertTrue(try road("highway=primary junction=roundabout").isRoundabout)
  }
}
