import CityBase
import CityModel
import XCTest

final class DirtyCityTests: XCTestCase {
  func load(
    _ kind: EntityKind, _ features: [String], crs: String = "EPSG:4548",
    fields: [CityDescription.Field] = []
  ) throws -> (CityMap, Diagnostics) {
    let folder = try CityFolder()
    try folder.writeLayer("layer.geojson", features)
    var description = metric([("layer.geojson", kind)])
    description.layers[0].crs = crs
    description.layers[0].fields = fields
    try folder.describe(description)
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
    return (map, diagnostics)
  }

  func testShapesThatCannotBeUsedAreLeftOutAndOthersRepaired() throws {
    let (map, diagnostics) = try load(
      .building,
      [
        feature(rectangle(0, 0, 10, 10), #""id":"good""#),
        // Two triangles of 5 x 10 / 2 each once the crossing at (5, 5) is a corner.
        feature(polygon([(20, 0), (30, 10), (30, 0), (20, 10)]), #""id":"bow tie""#),
        feature("null", #""id":"nowhere""#),
        feature(point(5, 5), #""id":"point""#),
        feature(polygon([(0, 0), (10, 0), (5, 0)]), #""id":"flat""#),
        // A corner given three times is a plain square all the same, and so is a clockwise one.
        feature(
          polygon([(40, 0), (50, 0), (50, 0), (50, 0), (50, 10), (40, 10)]), #""id":"thrice""#),
        feature(polygon([(60, 0), (60, 10), (70, 10), (70, 0)]), #""id":"clockwise""#),
        feature(rectangle(9e9, 0, 10, 10), #""id":"moon""#),
      ])
    XCTAssertEqual(
      map.buildings.entities.values.map(\.externalID), ["good", "bow tie", "thrice", "clockwise"])
    XCTAssertEqual(map.buildings.entities.values.map(\.footprintArea), [100, 50, 100, 100])
    XCTAssertEqual(map.buildings.shapes.parts(of: BuildingID(1)).count, 2)
    for code in [
      "geometry-repaired", "geometry-type", "geometry-missing", "geometry-empty", "far-away",
    ] {
      XCTAssertEqual(diagnostics.count(of: code), 1, code)
    }
    let repaired = try XCTUnwrap(diagnostics.entries.first { $0.code == "geometry-repaired" })
    XCTAssertTrue(repaired.file.hasSuffix("/layer.geojson"))
    XCTAssertTrue(repaired.place.hasPrefix("features[1] (byte "), repaired.place)
    XCTAssertTrue(repaired.place.hasSuffix("id \"bow tie\""), repaired.place)
  }

  func testFiguresThatCannotBeTrueCountAsAbsent() throws {
    let (map, diagnostics) = try load(
      .building,
      [
        feature(rectangle(0, 0, 10, 10), #""id":"1","levels":"3;4","use":"castle""#),
        feature(rectangle(20, 0, 10, 10), #""id":"2","population":-5,"levels":9000"#),
        feature(rectangle(40, 0, 10, 10), #""id":"3","levels":"4","population":" ""#),
      ])
    XCTAssertEqual(map.buildings.entities.values.map(\.levels), [1, 1, 4])
    XCTAssertEqual(map.buildings.entities.values.map(\.population), [nil, nil, nil])
    XCTAssertEqual(
      diagnostics.counts.map { "\($0.code) \($0.count)" },
      ["number-unreadable 1", "value-unknown 1", "value-out-of-range 1", "value-negative 1"])

    let (parking, wrong) = try load(
      .parking,
      [-1.0, 1e6, 12.5, 40].enumerated().map {
        feature(point(Double($0.offset), 0), #""id":"\#($0.offset)","capacity":\#($0.element)"#)
      })
    XCTAssertEqual(parking.parkingFacilities.entities.values.map(\.capacity), [nil, nil, nil, 40])
    XCTAssertEqual(wrong.total, 3)
  }

  func testIDsAreMadeUniqueAndMadeUp() throws {
    let (map, diagnostics) = try load(
      .sensor,
      ["a", "a", "a#2", "a", ""].map { feature(point(1, 1), $0.isEmpty ? "" : #""id":"\#($0)""#) })
    XCTAssertEqual(
      map.sensors.entities.values.map(\.externalID), ["a", "a#2", "a#2#2", "a#3", "sensor-5"])
    XCTAssertEqual(map.sensors.find("a#3"), SensorID(3))
    XCTAssertEqual(diagnostics.count(of: "id-duplicate"), 3)
    XCTAssertEqual(diagnostics.count(of: "id-missing"), 1)
  }

  func testAFieldMapNamesTheLayersOwnProperties() throws {
    let (map, diagnostics) = try load(
      .hospital, [feature(point(1, 2), #""NAME":"一中心","BETTEN":40,"beds":7"#)],
      fields: [
        .init(standard: "name", own: "NAME"), .init(standard: "beds", own: "BETTEN"),
        .init(standard: "emergency", own: "NOTAUFNAHME"),
      ])
    let hospital = map.hospitals[HospitalID(0)]
    XCTAssertEqual(hospital.name, "一中心")
    XCTAssertEqual(hospital.beds, 40)
    XCTAssertNil(hospital.takesEmergencies)
    XCTAssertEqual(diagnostics.count(of: "field-absent"), 1)
    XCTAssertEqual(map.rawText(map.hospitals.sources[HospitalID(0)], "beds"), "7")
  }

  /// On the central meridian of EPSG:4548 the easting is 500 km and the northing the length of the
  /// meridian, here from its definition: the integral of a(1-e²)/(1-e² sin² φ)^1.5 over CGCS2000's
  /// ellipsoid (a = 6378137, f = 1/298.257222101).
  func testDegreesBecomeMillimetresAndImpossibleOnesGo() throws {
    let (map, diagnostics) = try load(
      .sensor,
      [
        feature(point(117, 39.1), #""id":"here""#), feature(point(117, 200), #""id":"north""#),
        feature(point(400, 39), #""id":"round""#),
      ], crs: "EPSG:4490")
    XCTAssertEqual(map.sensors.entities.values.map(\.externalID), ["here"])
    XCTAssertEqual(diagnostics.count(of: "coordinate-out-of-range"), 2)
    let p = map.sensors[SensorID(0)].position
    XCTAssertEqual(p.x, 500_000)
    XCTAssertEqual(p.y, Self.meridian(to: 39.1), accuracy: 0.001)
    XCTAssertEqual(p, p.roundedToMillimetre)
  }

  static func meridian(to degrees: Double) -> Double {
    let f = 1 / 298.257222101
    let e2 = f * (2 - f)
    let n = 20000
    let h = degrees * Double.pi / 180 / Double(n)
    // Simpson's rule.
    let sum = (0...n).reduce(0.0) { sum, i in
      let s = sin(Double(i) * h)
      let w = 1 - e2 * s * s
      let weight = i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2
      return sum + weight / (w * w.squareRoot())
    }
    return 6_378_137 * (1 - e2) * sum * h / 3
  }

  func testCitiesThatAreRefused() throws {
    let folder = try CityFolder()
    try folder.writeLayer("a.geojson", [feature(point(0, 0))])
    try folder.write("{\"type\":", to: "broken.geojson")
    let cases: [(words: String, place: String?, change: (inout CityDescription) -> Void)] = [
      ("b.geojson", "$.layers[0].file", { $0.layers[0].file = "b.geojson" }),
      ("net.cimn", "$.network", { $0.network = "net.cimn" }),
      ("EPSG:99999", "$.working_crs", { $0.workingCRS = "EPSG:99999" }),
      ("metres", "$.working_crs", { $0.workingCRS = "EPSG:4490" }),
      ("EPSG:99999", "$.layers[0].crs", { $0.layers[0].crs = "EPSG:99999" }),
      ("expected", nil, { $0.layers[0].file = "broken.geojson" }),
    ]
    for c in cases {
      var description = metric([("a.geojson", .sensor)])
      c.change(&description)
      try folder.describe(description)
      var diagnostics = Diagnostics()
      do throws(CityError) {
        _ = try CityMap.load(folder: folder.path, diagnostics: &diagnostics)
        XCTFail("accepted: \(c.words)")
      } catch {
        XCTAssertEqual(error.exitCode, 2)
        XCTAssertTrue(error.message.contains(c.words), error.description)
        if let place = c.place { XCTAssertEqual(error.place, place) }
        XCTAssertNotNil(error.file)
      }
    }
    var diagnostics = Diagnostics()
    XCTAssertThrowsError(try CityMap.load(folder: "/nonexistent", diagnostics: &diagnostics)) {
      XCTAssertEqual(($0 as? CityError)?.file, "/nonexistent/city.json")
    }
  }
}
