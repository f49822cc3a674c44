import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// No file, however broken, may trap: each of these gives a draft or an error.
final class HostileTownTests: XCTestCase {
  private func draft(_ bytes: [UInt8]) throws -> CityDraft {
    var diagnostics = Diagnostics()
    let data = try OSMReader.parse(bytes, file: "town.osm", diagnostics: &diagnostics)
    var draft = try OSMImport.draft(data, name: "town", diagnostics: &diagnostics)
    let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    try network.validate()
    draft.diagnostics = diagnostics
    return draft
  }

  private var town: TownText {
    var town = TownText()
    for i in 0..<4 { town.node(i, Double(i % 2) * 100, Double(i / 2) * 100, ["highway": "stop"]) }
    town.way(1, [0, 1, 3, 2, 0], ["highway": "primary", "lanes": "3", "maxspeed": "50 mph"])
    town.way(2, [0, 3], ["highway": "service", "oneway": "-1"])
    town.rectangle(3, 10, 10, 50, 50, ["building": "yes", "height": "12 m"])
    town.relation(
      4, [("way", 3, "outer"), ("way", 1, "inner")],
      ["type": "multipolygon", "amenity": "parking", "capacity": "17"])
    town.relation(
      5, [("way", 1, "from"), ("node", 0, "via"), ("way", 2, "to")],
      ["type": "restriction", "restriction": "only_left_turn"])
    return town
  }

  func testOddTowns() throws {
    let node = "<node id='1' lat='0' lon='3'/><node id='2' lat='0.001' lon='3'/>"
    let road = "<tag k='highway' v='primary'/>"
    let home = "<tag k='building' v='yes'/>"
    let cases = [
      "", node, "<way id='1'>\(road)</way>", "\(node)<way id='1'><nd ref='1'/>\(road)</way>",
      "\(node)<way id='1'><nd ref='1'/><nd ref='1'/><nd ref='1'/><nd ref='1'/>\(road)\(home)</way>",
      "\(node)<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='1'/><nd ref='1'/>\(road)\(home)</way>",
      "<node id='1' lat='90' lon='180'/><node id='2' lat='-90' lon='-180'/>"
        + "<way id='1'><nd ref='1'/><nd ref='2'/>\(road)</way>",
      "<node id='-9223372036854775808' lat='1' lon='1'/>"
        + "<node id='9223372036854775807' lat='1' lon='1'/>"
        + "<way id='1'><nd ref='-9223372036854775808'/><nd ref='9223372036854775807'/>\(road)</way>",
      "<node id='99999999999999999999' lat='1' lon='1'/><node id='1' lat='1e308' lon='-1e308'/>",
      "\(node)<relation id='1'><member type='relation' ref='1' role='outer'/>"
        + "<tag k='type' v='multipolygon'/>\(home)</relation>",
      "\(node)<way id='1'><nd ref='1'/><nd ref='2'/>\(road)<tag k='lanes' v='1e999'/>"
        + "<tag k='maxspeed' v='1e999'/><tag k='width' v='nan'/></way>",
      "<node id='1' lat='0' lon='3'><node id='2' lat='0' lon='3'/><tag k='place' v='x'/>"
        + "<tag k='population' v='999999999999999'/></node>",
    ]
    for text in cases { XCTAssertNoThrow(try draft(Array("<osm>\(text)</osm>".utf8)), text) }
  }

  func testDamagedTowns() throws {
    let whole = Array(town.xml.utf8)
    XCTAssertEqual(try draft(whole).roads.ways.count, 2)
    let random = RandomStream(seed: 7)
    let interesting = Array("<>/='\"&;0 -9.".utf8)
    var refused = 0
    for round in 0..<400 as Range<UInt64> {
      var bytes = whole
      for change in 0..<(1 + round % 4) {
        let at = random.below(bytes.count, .sampling, round, change &* 2)
        let pick = random.below(interesting.count + 2, .sampling, round, change &* 2 + 1)
        switch pick {
        case interesting.count: bytes.removeSubrange(at...)
        case interesting.count + 1: bytes.remove(at: at)
        default: bytes[at] = interesting[pick]
        }
        if bytes.isEmpty { bytes = [0x3C] }
      }
      do {
        _ = try draft(bytes)
      } catch let error as CityError {
        XCTAssertEqual(error.kind, .refused)
        XCTAssertNotNil(error.place ?? error.file)
        refused += 1
      }
    }
    XCTAssertGreaterThan(refused, 100)
    XCTAssertLessThan(refused, 400)
  }
}
