import CityBase
import CityModel
import XCTest

final class CityMapTests: XCTestCase {
  /// Two districts side by side, 1 km square each, with one of everything.
  func smallCity() throws -> (CityMap, Diagnostics, CityFolder) {
    let folder = try CityFolder()
    try folder.writeLayer(
      "districts.geojson",
      [
        feature(
          rectangle(0, 0, 1000, 1000), #""id":"d1","name":"和平","code":"101","population":50000"#),
        feature(rectangle(1000, 0, 1000, 1000), #""id":"d2","name":"河东","code":"102""#),
      ])
    try folder.writeLayer(
      "sub.geojson",
      [
        feature(rectangle(0, 0, 500, 1000), #""id":"s1","code":"1","district":"101""#),
        // Names a district by its code though it lies in the other one.
        feature(rectangle(500, 0, 500, 1000), #""id":"s2","code":"2","district":"102""#),
        feature(rectangle(1000, 0, 500, 1000), #""id":"s3","code":"3","district":"999""#),
        feature(rectangle(1500, 0, 500, 1000), #""id":"s4","code":"4""#),
      ])
    try folder.writeLayer(
      "buildings.geojson",
      [
        feature(
          rectangle(100, 100, 20, 10), #""id":"b1","levels":6,"use":"residential","population":40"#),
        feature(rectangle(200, 100, 20, 10), #""id":"b2","height_m":12.4"#),
        feature(
          rectangle(300, 100, 20, 10), #""id":"b3","levels":2,"floor_area_m2":333,"GEBNR":"x7""#),
        feature(rectangle(1900, 900, 20, 10), #""id":"b4","use":"Office","jobs":12"#),
      ])
    try folder.writeLayer(
      "hospitals.geojson",
      [
        feature(rectangle(800, 400, 100, 100), #""id":"h1","beds":500,"emergency":"yes""#),
        feature(point(500, 450), #""id":"h2","emergency":"no""#),
      ])
    try folder.writeLayer(
      "roads.geojson",
      [
        feature(
          line([(0, 0), (300, 0), (300, 400)]),
          #""id":"r1","class":"primary","lanes_forward":2,"one_way":"-1","bridge":"viaduct","speed_kmh":50"#
        )
      ])
    try folder.writeLayer(
      "parking.geojson",
      [
        feature(
          line([(0, 5), (100, 5)]), #""id":"p1","type":"kerb","capacity":16,"hours":"24/7""#),
        feature(point(400, 400), #""id":"p2","type":"garage","price_cny_h":4.5"#),
      ])
    try folder.describe(
      metric([
        // The sub-districts come first: their districts are known only later.
        ("sub.geojson", .subdistrict), ("districts.geojson", .district),
        ("buildings.geojson", .building), ("hospitals.geojson", .hospital),
        ("roads.geojson", .road), ("parking.geojson", .parking),
      ]))
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
    return (map, diagnostics, folder)
  }

  func testEntitiesAndWhatFollowsFromTheirFields() throws {
    let (map, diagnostics, _) = try smallCity()
    XCTAssertEqual(map.entityCount, 2 + 4 + 4 + 2 + 1 + 2)
    XCTAssertEqual(map.count(of: .building), 4)
    XCTAssertEqual(map.bounds, Box2(min: Point2(0, 0), max: Point2(2000, 1000)))

    let b = map.buildings
    XCTAssertEqual(b.entities.values.map(\.externalID), ["b1", "b2", "b3", "b4"])
    XCTAssertEqual(b.entities.values.map(\.footprintArea), [200, 200, 200, 200])
    // 6 given; 12.4 / 3 rounded; 2 given; nothing known.
    XCTAssertEqual(b.entities.values.map(\.levels), [6, 4, 2, 1])
    XCTAssertEqual(b.entities.values.map(\.heightMetres), [18, 12.4, 6, 3])
    XCTAssertEqual(b.entities.values.map(\.floorArea), [1200, 800, 333, 200])
    XCTAssertEqual(b.entities.values.map(\.use), [.residential, .other, .other, .office])
    XCTAssertEqual(b.entities.values.map(\.population), [40, nil, nil, nil])
    XCTAssertEqual(b[BuildingID(0)].position, Point2(110, 105))
    let b3 = try XCTUnwrap(b.find("b3"))
    XCTAssertEqual(map.rawText(b.sources[b3], "GEBNR"), "x7")
    XCTAssertNil(b.find("b9"))

    let road = map.roads[RoadFeatureID(0)]
    XCTAssertEqual(road.direction, .backward)
    XCTAssertTrue(road.isBridge)
    XCTAssertFalse(road.isTunnel)
    XCTAssertEqual(road.lanesForward, 2)
    XCTAssertNil(road.lanesBackward)
    // Half of 300 + 400 metres.
    XCTAssertEqual(road.position, Point2(300, 50))
    XCTAssertEqual(map.roads.shapes.length(of: RoadFeatureID(0)), 700)

    let p = map.parkingFacilities.entities.values
    XCTAssertEqual(p.map(\.capacity), [16, nil])
    XCTAssertEqual(p.map(\.priceCNYPerHour), [nil, 4.5])
    XCTAssertEqual(p.map(\.type), [.kerb, .garage])
    XCTAssertEqual(map.parkingFacilities.shapes.form.values, [.line, .point])

    // By code, by a code elsewhere, by place after an unknown code, by place.
    XCTAssertEqual(map.subdistricts.entities.values.map(\.district).map(\.index), [0, 1, 1, 1])
    XCTAssertEqual(diagnostics.counts.map(\.code), ["district-unknown"])
  }

  func testQueries() throws {
    let (map, _, _) = try smallCity()
    XCTAssertEqual(map.district(at: Point2(10, 10)), DistrictID(0))
    XCTAssertEqual(map.district(at: Point2(1999, 999)), DistrictID(1))
    XCTAssertEqual(map.district(at: Point2(-1, 10)), .none)
    XCTAssertEqual(map.subdistrict(at: Point2(700, 10)), SubdistrictID(1))
    XCTAssertEqual(
      map.buildings(in: Box2(min: Point2(120, 0), max: Point2(250, 200))).map(\.index), [0, 1])
    XCTAssertEqual(map.buildings(in: Box2(min: Point2(120.5, 0), max: Point2(199.5, 200))), [])

    // The polygon's edge at x = 800 is 100 away, the point 200; inside it is 0 away.
    let near = try XCTUnwrap(map.nearestHospital(to: Point2(700, 450)))
    XCTAssertEqual(near.id.index, 0)
    XCTAssertEqual(near.distance, 100)
    XCTAssertEqual(map.nearestHospital(to: Point2(850, 450))?.distance, 0)
    let west = Point2(490, 450)
    XCTAssertEqual(map.nearestHospital(to: west)?.id.index, 1)
    XCTAssertEqual(map.nearestHospital(to: west, takingEmergencies: true)?.id.index, 0)
    XCTAssertEqual(map.hospitals.nearest(to: west, maxResults: 5, maxDistance: 15).count, 1)
    XCTAssertTrue(map.fireStations.nearest(to: west).isEmpty)
  }

  func testTheZoneKnowsSummerTime() throws {
    let folder = try CityFolder()
    for (zone, time, seconds) in [
      ("Asia/Shanghai", "2026-07-01T00:00:00Z", 28800),
      ("Europe/Berlin", "2026-07-01T00:00Z", 7200),
      ("Europe/Berlin", "2026-01-01T00:00Z", 3600),
    ] {
      var description = metric([])
      description.timeZone = zone
      try folder.describe(description)
      var diagnostics = Diagnostics()
      let map = try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
      let moment = try XCTUnwrap(Instant(iso8601: time))
      XCTAssertEqual(map.zoneSeconds(at: moment), Int32(seconds), zone)
      XCTAssertTrue(map.bounds.isEmpty)
    }
  }

  func testTheReportNamesWhatIsThereAndWhatWasWrong() throws {
    let (map, diagnostics, _) = try smallCity()
    let text = CityReport.describe(map, diagnostics)
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for line in [
      "working CRS EPSG:4548", "time zone Asia/Shanghai", "drives on the right",
      "bounds x 0 to 2000 m, y 0 to 1000 m (2 x 1 km)", "Entities (15)",
      "buildings 4 2,533 m² of floor, 40 people, 12 jobs", "districts 2 50,000 people",
      "roads 1 0.7 km", "hospitals 2 500 beds", "sensors 0", "sub.geojson subdistrict EPSG:4548 4",
      "district-unknown: 1",
    ] {
      XCTAssertTrue(lines.contains(line), "no line \"\(line)\" in\n\(text)")
    }
  }
}
