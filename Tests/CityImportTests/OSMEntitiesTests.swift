import CityBase
import CityModel
import XCTest

@testable import CityImport

final class OSMEntitiesTests: XCTestCase {
  private func only(_ kind: EntityKind, _ draft: CityDraft) throws -> DraftEntity {
    let found = draft.entities.filter { $0.kind == kind }
    XCTAssertEqual(found.count, 1, kind.rawValue)
    return try XCTUnwrap(found.first)
  }

  func testABuildingWithItsTags() throws {
    var town = TownText()
    town.rectangle(
      7, 0, 0, 20, 10,
      [
        "building": "office", "building:levels": "3", "name": "Works", "addr:city": "X",
        "levels": "raw", "population": "12",
      ])
    let b = try only(.building, try town.draft())
    XCTAssertEqual(b.id, "w7")
    XCTAssertEqual(b.text("use"), "office")
    XCTAssertEqual(b.number("levels"), 3)
    XCTAssertEqual(b.number("floor_area_m2") ?? 0, 600, accuracy: 0.5)
    XCTAssertEqual(b.number("population"), 12)
    // Standard fields first, then raw ones by name; a raw "levels" would pass for the standard one.
    XCTAssertEqual(
      b.properties.map(\.name),
      [
        "name", "use", "levels", "floor_area_m2", "population", "addr:city", "building",
        "building:levels",
      ])
  }

  func testUseComesFromTagsThenGroundThenSize() throws {
    var town = TownText()
    town.rectangle(1, 0, 0, 200, 200, ["landuse": "residential"])
    town.rectangle(2, 50, 50, 50, 50, ["landuse": "industrial"])
    town.rectangle(11, 10, 10, 10, 10, ["building": "yes"])
    town.rectangle(12, 60, 60, 10, 10, ["building": "yes"])
    town.rectangle(13, 60, 80, 10, 10, ["building": "yes", "shop": "bakery"])
    town.rectangle(14, 300, 0, 10, 10, ["building": "yes"])
    town.rectangle(15, 320, 0, 5, 5, ["building": "yes"])
    town.rectangle(16, 340, 0, 10, 10, ["building": "garage"])
    town.rectangle(17, 360, 0, 10, 10, ["building": "no"])
    town.rectangle(18, 380, 0, 10, 10, ["building": "yes", "tourism": "hotel"])
    let draft = try town.draft()
    let uses = draft.entities.filter { $0.kind == .building }.map { [$0.id, $0.text("use") ?? ""] }
    XCTAssertEqual(
      uses,
      [
        ["w11", "residential"], ["w12", "industrial"], ["w13", "retail"], ["w14", "residential"],
        ["w15", "other"], ["w16", "other"], ["w18", "hotel"],
      ])
  }

  func testAMultipolygonWithACourtyard() throws {
    var town = TownText()
    // The outer ring in two halves, the second drawn against the first.
    town.node(1, 0, 0)
    town.node(2, 30, 0)
    town.node(3, 30, 30)
    town.node(4, 0, 30)
    town.way(1, [1, 2, 3], [:])
    town.way(2, [1, 4, 3], ["building": "yes"])
    town.rectangle(3, 10, 10, 10, 10, [:])
    town.relation(
      9, [("way", 1, "outer"), ("way", 2, "outer"), ("way", 3, "inner")],
      ["type": "multipolygon", "building": "school", "building:levels": "2"])
    let b = try only(.building, try town.draft())
    XCTAssertEqual(b.id, "r9")
    XCTAssertEqual(b.text("use"), "education")
    // (900 - 100) m2 on two levels.
    XCTAssertEqual(b.number("floor_area_m2") ?? 0, 1600, accuracy: 1)
    guard case .polygons(let polygons) = b.shape else { return XCTFail("no polygon") }
    XCTAssertEqual(polygons.map { $0.map(\.count) }, [[4, 4]])
  }

  func testOpenBuildingsAreLeftOut() throws {
    var town = TownText()
    town.node(1, 0, 0)
    town.node(2, 10, 0)
    town.node(3, 10, 10)
    town.way(1, [1, 2, 3, 99, 1], ["building": "yes"])
    town.way(2, [1, 2, 3], ["building": "yes"])
    let draft = try town.draft()
    XCTAssertEqual(draft.entities.count, 0)
    XCTAssertEqual(draft.diagnostics.count(of: "osm-open-area"), 2)
  }

  func testParking() throws {
    let cases: [([String: String], String, Double, String)] = [
      (["capacity": "12"], "surface", 12, "tag"),
      // 50 m x 50 m at 25 m2 a bay, on three storeys where a garage says no more.
      ([:], "surface", 100, "area"),
      (["parking": "multi-storey"], "garage", 300, "area"),
      (["parking": "multi-storey", "building:levels": "5"], "garage", 500, "area"),
      (["parking": "underground", "parking:levels": "2"], "garage", 200, "area"),
      (["parking": "street_side", "capacity": "many"], "kerb", 100, "area"),
    ]
    for (tags, type, capacity, source) in cases {
      var town = TownText()
      town.rectangle(1, 0, 0, 50, 50, tags.merging(["amenity": "parking"]) { $1 })
      let p = try only(.parking, try town.draft())
      XCTAssertEqual(p.text("type"), type, "\(tags)")
      XCTAssertEqual(p.number("capacity") ?? 0, capacity, accuracy: 1, "\(tags)")
      XCTAssertEqual(p.text("capacity_source"), source, "\(tags)")
    }
    var town = TownText()
    town.node(1, 0, 0, ["amenity": "parking", "fee": "no", "opening_hours": "24/7"])
    let p = try only(.parking, try town.draft())
    XCTAssertEqual(p.number("capacity"), 20)
    XCTAssertEqual(p.number("price_cny_h"), 0)
    XCTAssertEqual(p.text("hours"), "24/7")
    guard case .point = p.shape else { return XCTFail("expected a point") }
  }

  func testFacilitiesSensorsSignalsAndFootways() throws {
    var town = TownText()
    town.node(1, 0, 0, ["amenity": "hospital", "emergency": "yes", "beds": "300"])
    town.node(2, 10, 0, ["amenity": "fire_station"])
    town.node(3, 20, 0, ["amenity": "police"])
    town.node(4, 30, 0, ["emergency": "ambulance_station"])
    town.node(5, 40, 0, ["man_made": "monitoring_station", "monitoring:air_quality": "yes"])
    town.node(6, 50, 0, ["highway": "speed_camera"])
    town.node(7, 60, 0, ["highway": "traffic_signals"])
    town.way(8, [1, 2], ["highway": "steps", "surface": "stone", "width": "2.5 m"])
    town.way(9, [1, 2], ["highway": "cycleway", "foot": "no"])
    let draft = try town.draft()
    let hospital = try only(.hospital, draft)
    XCTAssertEqual(hospital.number("beds"), 300)
    XCTAssertEqual(hospital.value("emergency"), .bool(true))
    for kind: EntityKind in [.fireStation, .policeStation, .ambulanceStation, .signal] {
      _ = try only(kind, draft)
    }
    let sensors = draft.entities.filter { $0.kind == .sensor }
    XCTAssertEqual(sensors.map { $0.text("type") }, ["air_quality", "speed_camera"])
    let footway = try only(.footway, draft)
    XCTAssertEqual(footway.number("width_m"), 2.5)
    XCTAssertEqual(footway.value("steps"), .bool(true))
    XCTAssertEqual(footway.text("surface"), "stone")
  }

  func testDistrictsAndTheirPeople() throws {
    var town = TownText()
    // Two districts side by side share way 3; a quarter lies in the first; one is cut by the edge.
    for (i, x) in [0.0, 100, 200].enumerated() {
      town.node(10 + i, x, 0)
      town.node(20 + i, x, 100)
    }
    town.way(1, [11, 10, 20, 21], [:])
    town.way(2, [11, 12, 22, 21], [:])
    town.way(3, [11, 21], [:])
    town.rectangle(4, 10, 10, 20, 20, [:])
    func boundary(_ id: Int, _ ways: [Int], _ level: String, _ more: [String: String] = [:]) {
      town.relation(
        id, ways.map { ("way", $0, "outer") },
        ["type": "boundary", "boundary": "administrative", "admin_level": level]
          .merging(more) { $1 })
    }
    boundary(101, [1, 3], "9", ["name": "West"])
    boundary(102, [2, 3], "9", ["name": "East", "population": "5000"])
    boundary(103, [4], "10")
    boundary(104, [1, 77], "9")
    boundary(105, [1, 2], "8")
    town.node(50, 60, 60, ["place": "suburb", "population": "3000"])
    let draft = try town.draft()
    let districts = draft.entities.filter { $0.kind == .district }
    XCTAssertEqual(districts.map(\.id), ["r101", "r102"])
    XCTAssertEqual(districts.map { $0.number("population") }, [3000, 5000])
    let part = try only(.subdistrict, draft)
    XCTAssertEqual(part.id, "r103")
    XCTAssertEqual(part.text("district"), "r101")
    XCTAssertEqual(draft.diagnostics.count(of: "osm-open-boundary"), 1)
  }
}
