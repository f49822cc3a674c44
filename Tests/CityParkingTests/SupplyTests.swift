import CityBase
import CityModel
import CityNetwork
import CityParking
import CityTestSupport
import Foundation
import XCTest

final class SupplyTests: XCTestCase {
  static let description = """
    {"format": "citytwin-city", "version": 1, "name": "Lots", "drive": "right",
     "time_zone": "Asia/Shanghai", "working_crs": "EPSG:4548",
     "layers": [{"file": "parking.geojson", "kind": "parking", "crs": "EPSG:4548"}]}
    """

  static func city(_ features: [String]) throws -> (map: CityMap, diagnostics: Diagnostics) {
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let layer =
      #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}"
    try Data(description.utf8).write(to: URL(fileURLWithPath: folder + "/city.json"))
    try Data(layer.utf8).write(to: URL(fileURLWithPath: folder + "/parking.geojson"))
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: folder, diagnostics: &diagnostics)
    return (map, diagnostics)
  }

  static func feature(_ id: String, y: Double = 0, _ properties: String) -> String {
    #"{"type":"Feature","geometry":{"type":"Point","coordinates":[500000,\#(4_330_000 + y)]},"#
      + #""properties":{"id":"\#(id)"\#(properties)}}"#
  }

  func testFacilitiesAreTakenOverOrRepairedAndSaidSo() throws {
    var (map, diagnostics) = try Self.city([
      Self.feature(
        "good", #","type":"garage","capacity":120,"price_cny_h":6.5,"hours":"06:00-22:00""#),
      Self.feature("plain", ""),
      Self.feature("negative", #","type":"kerb","capacity":-5"#),
      Self.feature("empty", #","capacity":0"#),
      Self.feature("odd", #","capacity":10,"hours":"when I am in""#),
      Self.feature("far", y: 900, #","capacity":10"#),
    ])
    let supply = ParkingSupply.build(
      from: map,
      nearest: { (AccessPoint(link: LinkID(3), offset: 7), $0.y - 4_330_000) },
      diagnostics: &diagnostics)
    XCTAssertEqual(
      supply.map(\.externalID), ["good", "plain", "negative", "empty", "odd", "far"],
      "in the order of their ids")
    XCTAssertEqual(supply[0].capacity, 120)
    XCTAssertEqual(supply[0].priceCNYPerHour, 6.5)
    XCTAssertEqual(supply[0].openingHours, OpeningHours("06:00-22:00"))
    XCTAssertEqual(supply[0].access, AccessPoint(link: LinkID(3), offset: 7))
    XCTAssertEqual(supply[1].capacity, ParkingSupply.assumedCapacity(of: .surface))
    XCTAssertEqual(supply[1].priceCNYPerHour, 0)
    XCTAssertEqual(supply[1].openingHours, .always)
    XCTAssertEqual(supply[2].capacity, ParkingSupply.assumedCapacity(of: .kerb))
    XCTAssertEqual(supply.map(\.isUsable), [true, true, true, false, true, false])
    XCTAssertEqual(supply[4].openingHours, .always)
    XCTAssertEqual(diagnostics.count(of: "parking-capacity-assumed"), 2)
    XCTAssertEqual(diagnostics.count(of: "parking-no-bays"), 1)
    XCTAssertEqual(diagnostics.count(of: "parking-hours"), 1)
    XCTAssertEqual(diagnostics.count(of: "parking-no-road"), 1)
    let negative = diagnostics.entries.filter { $0.description.contains("negative") }
    XCTAssertGreaterThanOrEqual(negative.count, 1, "the layer's own capacity is refused")
  }

  func testACityOfEndlessCarParksStaysCountable() throws {
    var (map, diagnostics) = try Self.city(
      (0..<103).map { Self.feature("p\($0)", #","capacity":100000"#) })
    let supply = ParkingSupply.build(
      from: map, nearest: { _ in (AccessPoint(link: LinkID(0), offset: 1), 0) },
      diagnostics: &diagnostics)
    XCTAssertEqual(supply.reduce(0) { $0 + $1.usableCapacity }, 10_000_000)
    XCTAssertEqual(diagnostics.count(of: "parking-too-many"), 3)
  }
}
