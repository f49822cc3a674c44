import CityBase
import XCTest

@testable import CityImport

final class OSMReaderTests: XCTestCase {
  private func parse(_ xml: String) throws -> (data: OSMData, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let data = try OSMReader.parse(Array(xml.utf8), file: "town.osm", diagnostics: &diagnostics)
    return (data, diagnostics)
  }

  func testElementsAreSortedByIDAndReferencesResolved() throws {
    // Ways before nodes, ids descending, both kinds of quotes, a reference in a value.
    let (data, diagnostics) = try parse(
      """
      <?xml version='1.0' encoding='UTF-8'?>
      <osm version="0.6">
        <way id='7'><nd ref='12'/><nd ref='11'/><tag k='name' v='K&amp;K &#x4E2D;'/></way>
        <node id="12" lat="1.5" lon="2.5"/>
        <node id="11" lat="-1" lon="-2"><tag k="highway" v="stop"/></node>
        <relation id="3"><member type="way" ref="7" role="outer"/><tag k="type" v="x"/></relation>
      </osm>
      """)
    XCTAssertEqual(data.nodeID, [11, 12])
    XCTAssertEqual(data.nodePosition, [Point2(-2, -1), Point2(2.5, 1.5)])
    XCTAssertEqual(Array(data.nodes(ofWay: 0)), [1, 0])
    XCTAssertEqual(data.tags(ofWay: 0)[.name], "K&K 中")
    XCTAssertEqual(data.tags(ofNode: 0)[.highway], "stop")
    XCTAssertNil(data.tags(ofNode: 1)[.highway])
    XCTAssertEqual(data.memberID, [7])
    XCTAssertEqual(data.texts[Int(data.memberRole[0])], "outer")
    XCTAssertTrue(diagnostics.isEmpty)
  }

  func testWhatCannotBeUsedIsLeftOutAndSaid() throws {
    let (data, diagnostics) = try parse(
      """
      <osm>
        <node id="1" lat="200" lon="2"/>
        <node id="2" lat="nan" lon="2"/>
        <node id="x" lat="1" lon="2"/>
        <node id="3"/>
        <node id="4" lat="1" lon="2" visible="false"><tag k="a" v="b"/></node>
        <node id="5" lat="1" lon="2" action='delete'/>
        <node id="6" lat="1" lon="2"/><node id="6" lat="3" lon="4"/>
        <way id="9"><nd ref="6"/><nd ref="1"/><nd ref="77"/><nd/><nd ref="6"/></way>
        <relation id="10"><member type="odd" ref="1" role=""/><member type="node" ref="6"/></relation>
      </osm>
      """)
    XCTAssertEqual(data.nodeID, [6])
    XCTAssertEqual(data.nodePosition, [Point2(4, 3)], "of a repeated id the last counts")
    XCTAssertEqual(Array(data.nodes(ofWay: 0)), [0, -1, -1, 0])
    XCTAssertEqual(data.memberID, [6])
    XCTAssertEqual(diagnostics.count(of: "osm-position"), 3)
    XCTAssertEqual(diagnostics.count(of: "osm-id"), 1)
    XCTAssertEqual(diagnostics.count(of: "osm-duplicate"), 1)
    XCTAssertEqual(diagnostics.count(of: "osm-ref"), 1)
    XCTAssertEqual(diagnostics.count(of: "osm-dangling-node"), 1)
    XCTAssertTrue(diagnostics.entries.contains { $0.place.contains("node 1,") })
  }

  func testWhatIsNoOpenStreetMapXMLIsRefusedWithItsPlace() {
    let cases: [(String, String)] = [
      ("", "byte 0"),
      ("<osm><node id=\"1\" lat=\"1\" lon=\"1\"/>", "byte"),
      ("<osm><node id=1/></osm>", "byte 14"),
      ("<osm><way></node></osm>", "byte 10"),
      ("<osmChange></osmChange>", "byte 0"),
    ]
    for (xml, place) in cases {
      XCTAssertThrowsError(try parse(xml), xml) { error in
        guard let error = error as? CityError else { return XCTFail("\(error)") }
        XCTAssertEqual(error.kind, .refused)
        XCTAssertEqual(error.file, "town.osm")
        XCTAssertTrue(error.place?.contains(place) ?? false, "\(xml): \(error)")
      }
    }
  }

  func testOtherFormatsAreRefusedByName() {
    var diagnostics = Diagnostics()
    XCTAssertThrowsError(
      try OSMReader.parse(Array("BZh91AY".utf8), file: "a", diagnostics: &diagnostics)
    ) { XCTAssertTrue("\($0)".contains("not supported"), "\($0)") }
    // By its name alone: a PBF file whose beginning is lost.
    XCTAssertThrowsError(
      try OSMReader.parse([1, 2, 3, 4, 5], file: "a.osm.pbf", diagnostics: &diagnostics)
    ) { XCTAssertTrue("\($0)".contains("blob"), "\($0)") }
  }

  func testInterningSurvivesGrowth() {
    var pool = OSMStringPool()
    let words = (0..<20_000).map { "word \($0)" }
    let ids = words.map { pool.intern($0) }
    XCTAssertEqual(ids, (0..<20_000).map { UInt32($0) })
    XCTAssertEqual(words.map { pool.intern($0) }, ids)
    XCTAssertEqual(pool.texts(), words)
  }

  func testKnownKeysComeFirst() throws {
    let (data, _) = try parse("<osm><node id='1' lat='0' lon='0'><tag k='zz' v='1'/></node></osm>")
    for key in OSMKey.allCases { XCTAssertEqual(data.texts[Int(key.rawValue)], key.text) }
    XCTAssertEqual(Set(OSMKey.allCases.map(\.text)).count, OSMKey.allCases.count)
    let spellings: [(OSMKey, String)] = [
      (.lanesBothWays, "lanes:both_ways"), (.motorVehicle, "motor_vehicle"),
      (.motorVehicleLanesForward, "motor_vehicle:lanes:forward"),
      (.onewayMotorVehicle, "oneway:motor_vehicle"), (.turnLanesBackward, "turn:lanes:backward"),
      (.parkingLaneLeftCapacity, "parking:lane:left:capacity"), (.adminLevel, "admin_level"),
      (.trafficSignalsDirection, "traffic_signals:direction"), (.hourOn, "hour_on"),
      (.restrictionMotorVehicle, "restriction:motor_vehicle"), (.openingHours, "opening_hours"),
      (.buildingLevels, "building:levels"), (.publicTransport, "public_transport"),
      (.sourceMaxspeed, "source:maxspeed"), (.crossingMarkings, "crossing:markings"),
    ]
    for (key, text) in spellings { XCTAssertEqual(key.text, text) }
  }
}
