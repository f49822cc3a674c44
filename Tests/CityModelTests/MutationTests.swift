import CityBase
import CityGIS
import CityModel
import XCTest

/// Damaged files are refused or read in part, and never trap: what does come out keeps the promises
/// of the catalogues.
final class MutationTests: XCTestCase {
  let random = RandomStream(seed: 11)

  /// Overwrites, drops or repeats a few stretches of some text.
  func damaged(_ text: String, _ round: Int) -> [UInt8] {
    var bytes = Array(text.utf8)
    func draw(_ bound: Int, _ ordinal: Int) -> Int {
      random.below(bound, .sampling, UInt64(round), UInt64(ordinal))
    }
    for change in 0..<(1 + draw(3, 0)) {
      let at = draw(bytes.count, change * 8 + 1)
      let length = min(bytes.count - at, 1 + draw(12, change * 8 + 2))
      switch draw(4, change * 8 + 3) {
      case 0: bytes.removeSubrange(at..<(at + length))
      case 1: bytes.insert(contentsOf: Array(bytes[at..<(at + length)]), at: at)
      case 2: bytes[at] = Array("{}[]\",:0-9e.+\\\u{7F}".utf8)[draw(15, change * 8 + 4)]
      default: bytes[at] = UInt8(draw(256, change * 8 + 5))
      }
    }
    return bytes
  }

  func testDamagedDescriptions() {
    var refused = 0
    for round in 0..<3000 {
      do throws(CityError) {
        let read = try CityDescription.parse(damaged(CityDescriptionTests.full, round), file: "c")
        XCTAssertEqual(try? CityDescription.parse(read.encoded(), file: "d"), read)
      } catch {
        refused += 1
        XCTAssertEqual(error.kind, .refused)
        XCTAssertEqual(error.file, "c")
      }
    }
    XCTAssertGreaterThan(refused, 1000)
  }

  func testDamagedLayers() throws {
    let features = [
      feature(rectangle(0, 0, 10, 10), #""id":"a","levels":3,"use":"office","population":7"#),
      feature(polygon([(20, 0), (30, 10), (30, 0), (20, 10)]), #""id":"b","levels":"3;4""#),
      feature(
        #"{"type":"MultiPolygon","coordinates":[[[[0,20],[9,20],[9,29],[0,20]],[[6,22],[7,22],[7,23],[6,22]]],[[[20,20],[29,20],[29,29],[20,20]]]]}"#
      ),
    ]
    let text = #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}"
    for round in 0..<400 {
      var diagnostics = Diagnostics()
      do throws(CityError) {
        let table = try GeoJSONReader.parse(
          damaged(text, round), file: "layer", diagnostics: &diagnostics)
        let map = try CityMap.build(
          metric([("layer", .building)]), layers: [table], folder: "x", diagnostics: &diagnostics)
        check(map.buildings)
        XCTAssertFalse(CityReport.describe(map, diagnostics).isEmpty)
      } catch {
        XCTAssertEqual(error.kind, .refused)
        XCTAssertEqual(error.file, "layer")
      }
    }
  }

  func check(_ buildings: Catalogue<Building>) {
    XCTAssertEqual(Set(buildings.entities.values.map(\.externalID)).count, buildings.count)
    XCTAssertEqual(buildings.index.foundCount, buildings.count)
    for id in buildings.ids {
      let building = buildings[id]
      XCTAssertTrue(building.position.isFinite)
      XCTAssertGreaterThan(building.footprintArea, 0)
      XCTAssertGreaterThan(building.floorArea, 0)
      XCTAssertTrue((0.5...200).contains(building.levels))
      XCTAssertGreaterThanOrEqual(building.population ?? 0, 0)
      for part in buildings.shapes.parts(of: id) {
        let ring = buildings.shapes.points(ofPart: part)
        XCTAssertGreaterThanOrEqual(ring.count, 3)
        XCTAssertNotEqual(ring.first, ring.last)
        XCTAssertTrue(ring.allSatisfy { $0.isFinite && $0 == $0.roundedToMillimetre })
      }
    }
  }
}
