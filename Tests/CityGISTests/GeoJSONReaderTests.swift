import CityBase
import XCTest

@testable import CityGIS

final class GeoJSONReaderTests: XCTestCase {
  var diagnostics = Diagnostics()

  func read(_ text: String, file: String = "l.geojson") throws -> FeatureTable {
    diagnostics = Diagnostics()
    return try GeoJSONReader.parse(Array(text.utf8), file: file, diagnostics: &diagnostics)
  }
  func collection(_ features: String...) -> String {
    "{\"type\":\"FeatureCollection\",\"features\":[\(features.joined(separator: ","))]}"
  }
  func feature(_ geometry: String, _ properties: String = "{}") -> String {
    "{\"type\":\"Feature\",\"geometry\":\(geometry),\"properties\":\(properties)}"
  }

  func testEveryKindOfGeometry() throws {
    let t = try read(
      collection(
        feature(#"{"type":"Point","coordinates":[117.2,39.1,5.5]}"#),
        feature(#"{"coordinates":[[1,2],[3,4]],"type":"MultiPoint"}"#),
        feature(#"{"type":"LineString","coordinates":[ [1e1,-2.5E-1] , [3,4] ]}"#),
        feature(#"{"coordinates":[[[1,2],[3,4]],[[5,6],[7,8],[9,10]]],"type":"MultiLineString"}"#),
        feature(
          #"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}"#
        ),
        feature(
          #"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]],[[7,7],[8,7],[8,8],[7,7]]]]}"#
        ), feature("null")))
    XCTAssertTrue(diagnostics.isEmpty)
    XCTAssertEqual(
      (0..<t.count).map { t.kind($0) },
      [.point, .multiPoint, .line, .multiLine, .polygon, .multiPolygon, .none])
    XCTAssertEqual(Array(t.points(0)), [Point2(117.2, 39.1)])
    XCTAssertEqual(Array(t.points(1)), [Point2(1, 2), Point2(3, 4)])
    XCTAssertEqual(t.lines(2), [[Point2(10, -0.25), Point2(3, 4)]])
    XCTAssertEqual(t.lines(3).map(\.count), [2, 3])
    XCTAssertEqual(t.polygons(4).map { $0.map(\.count) }, [[4, 4]])
    XCTAssertEqual(t.polygons(5).map { $0.map(\.count) }, [[4], [4, 4]])
    XCTAssertEqual(Array(t.ring(5, part: 1, ring: 1)).first, Point2(7, 7))
    XCTAssertEqual(t.points(6).count, 0)
    XCTAssertEqual(t.partCount(6), 0)
    XCTAssertEqual(t.box(3), Box2(min: Point2(1, 2), max: Point2(9, 10)))
  }

  func testPropertiesAndIDs() throws {
    let t = try read(
      #"""
      {"features":[
      {"properties":{"name":"A \"楼\" \u697c","levels":7,"h":2.50,"ok":true,"none":null,"l":[1,{"a":2}]},
       "id":"b1","geometry":null,"type":"Feature"},
      {"type":"Feature","id":42,"bbox":[1,2],"properties":{"\u006eame":"B","h":" 3.5 "},"geometry":null},
      {"type":"Feature","properties":null,"geometry":null}],"type":"FeatureCollection","name":"x"}
      """#)
    XCTAssertTrue(diagnostics.isEmpty)
    XCTAssertEqual(t.propertyNames, ["name", "levels", "h", "ok", "none", "l"])
    XCTAssertEqual(t.text(0, "name"), "A \"楼\" 楼")
    XCTAssertEqual(t.text(1, "name"), "B")
    XCTAssertNil(t.text(2, "name"))
    XCTAssertEqual(t.number(0, "levels"), 7)
    XCTAssertEqual(t.text(0, "levels"), "7")
    XCTAssertEqual(t.number(1, "h"), 3.5)
    XCTAssertNil(t.number(0, "name"))
    XCTAssertNil(t.text(0, "none"))
    XCTAssertTrue(t.has(0, "none"))
    XCTAssertFalse(t.has(1, "none"))
    XCTAssertNil(t.number(0, "missing"))
    XCTAssertEqual((0..<3).map { t.featureID($0) }, ["b1", "42", nil])
    XCTAssertEqual(
      t.properties(0).map(\.value),
      [
        .text("A \"楼\" 楼"), .integer(7), .number(2.5, decimals: 15), .bool(true), .null,
        .text(#"[1,{"a":2}]"#),
      ])
  }

  func testOneBadFeatureDoesNotStopTheFile() throws {
    let bad = [
      #"{"type":"Point","coordinates":[1,"2"]}"#, #"{"type":"Point","coordinates":[1]}"#,
      #"{"type":"Polygon","coordinates":[[1,2],[3,4]]}"#,
      #"{"type":"LineString","coordinates":[[1,2],[[3,4]]]}"#,
      #"{"type":"LineString","coordinates":[[1,2]]}"#, #"{"type":"Point","coordinates":[1e999,2]}"#,
      #"{"type":"Point","coordinates":[NaN,2]}"#, #"{"type":"Point","coordinates":[-Infinity,2]}"#,
      #"{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}"#, #"{"type":"Point"}"#, "7",
      #"{"type":"Polygon","coordinates":[[]]}"#, #"{"type":5,"coordinates":[1,2]}"#,
      #"{"type":"Point","coordinates":[[[[[[1,2]]]]]]}"#,
    ]
    let good = feature(#"{"type":"Point","coordinates":[1,2]}"#)
    for geometry in bad {
      let t = try read(collection(good, feature(geometry), good))
      XCTAssertEqual((0..<t.count).map { t.kind($0) }, [.point, .none, .point], geometry)
      XCTAssertEqual(t.points(2).count, 1)
      XCTAssertEqual(diagnostics.entries.map(\.code), ["geometry-malformed"], geometry)
      XCTAssertEqual(diagnostics.entries[0].place, "features[1] (byte \(40 + good.utf8.count + 1))")
    }
    let t = try read(
      collection(
        good, "null", "{}", #"{"type":"Featre","geometry":{"type":"Point","coordinates":[1,2]}}"#,
        feature(#"{"type":"Circle","coordinates":[1,2]}"#),
        feature(#"{"type":"GeometryCollection","geometries":[]}"#),
        feature(#"{"type":"MultiPoint","coordinates":[]}"#), good))
    XCTAssertEqual(t.count, 5)
    XCTAssertEqual(t.place(4), "features[7] (byte \(t.offset(4)))")
    XCTAssertEqual(
      diagnostics.counts.map { "\($0.code) \($0.count)" },
      [
        "feature-malformed 3", "geometry-unknown 1", "geometry-collection 1", "geometry-empty 1",
      ])
  }

  func testOpenRingsAreClosed() throws {
    let t = try read(
      collection(
        feature(
          #"{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9]],[[1,1],[2,1],[2,2],[1,1]],[[3,3],[4,3],[4,4]]]}"#
        ), feature(#"{"type":"Point","coordinates":[1,2]}"#)))
    XCTAssertEqual(t.polygons(0).map { $0.map(\.count) }, [[4, 4, 4]])
    for ring in t.polygons(0).joined() { XCTAssertEqual(ring.first, ring.last) }
    XCTAssertEqual(Array(t.points(1)), [Point2(1, 2)])
    XCTAssertEqual(diagnostics.count(of: "ring-open"), 1)
  }

  func testDuplicateKeysLastCounts() throws {
    let t = try read(
      collection(
        #"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"geometry":{"type":"Point","coordinates":[3,4],"coordinates":[5,6]},"properties":{"a":1,"b":2,"a":3}}"#
      ))
    XCTAssertEqual(Array(t.points(0)), [Point2(5, 6)])
    XCTAssertEqual(t.number(0, "a"), 3)
    XCTAssertEqual(t.properties(0).map(\.name), ["a", "b"])
    XCTAssertEqual(diagnostics.count(of: "duplicate-key"), 2)
  }

  func testRoots() throws {
    XCTAssertEqual(try read(#"{"coordinates":[1,2],"type":"Point"}"#).kind(0), .point)
    let t = try read(
      "\u{FEFF}" + #"{"id":7,"properties":{"a":1},"type":"Feature","geometry":null} "#)
    XCTAssertEqual(t.featureID(0), "7")
    XCTAssertEqual(t.number(0, "a"), 1)
    let lines = feature("null", #"{"a":1}"#) + "\n" + feature("null", #"{"a":2}"#) + "\n"
    XCTAssertEqual(try read(lines, file: "l.geojsonl").number(1, "a"), 2)
    XCTAssertEqual(try read("\u{1E}" + lines.replacing("\n", with: "\n\u{1E}")).count, 2)
    XCTAssertThrowsError(try read(lines))
    XCTAssertEqual(
      try read(
        #"{"features":[{"type":"Feature","geometry":null}],"type":"Point","coordinates":[1,2]}"#
      )
      .count, 1)
    // A member that only means something for another type is ignored.
    XCTAssertEqual(try read(#"{"type":"Feature","features":{},"geometry":null}"#).count, 1)
  }

  func testOldCRSMember() throws {
    for (name, wanted) in [
      ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"), ("epsg:4548", "EPSG:4548"),
      ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
      ("urn:ogc:def:crs:EPSG:6.18:3857", "EPSG:3857"),
    ] {
      let t = try read(
        "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"\(name)\"}},\"features\":[]}"
      )
      XCTAssertEqual(t.declaredCRS, wanted)
      XCTAssertEqual(diagnostics.count(of: "crs-member"), 1)
    }
  }

  func testTruncatedFilesAreRefusedWithTheByte() throws {
    let whole = collection(
      feature(
        #"{"type":"Polygon","coordinates":[[[0,0],[9.5,0],[9,9],[0,0]]]}"#, #"{"a":"b","c":[1,{}]}"#
      ))
    XCTAssertEqual(try read(whole).count, 1)
    for length in 0..<whole.utf8.count {
      let cut = String(decoding: Array(whole.utf8.prefix(length)), as: UTF8.self)
      XCTAssertThrowsError(try read(cut), cut) {
        let error = $0 as? CityError
        XCTAssertEqual(error?.kind, .refused)
        XCTAssertTrue(error?.place?.contains("byte") ?? false, cut)
      }
    }
  }

  func testDepthBombs() {
    let open = String(repeating: "[", count: 200_000)
    for text in [
      open, "{\"type\":\"FeatureCollection\",\"features\":" + open,
      collection(feature("{\"type\":\"Polygon\",\"coordinates\":\(open)")),
      collection(feature("null", "{\"a\":\(open)")),
      String(repeating: "{\"features\":", count: 200_000),
    ] {
      XCTAssertThrowsError(try read(text)) { XCTAssertEqual(($0 as? CityError)?.kind, .refused) }
    }
  }

  func testTextThatIsNotUTF8() throws {
    var bytes = Array(collection(feature("null", #"{"name":"XY"}"#)).utf8)
    let at = try XCTUnwrap(bytes.firstIndex(of: 0x58))
    bytes[at] = 0xB1  // The first byte of a GBK character.
    let t = try GeoJSONReader.parse(bytes, file: "g", diagnostics: &diagnostics)
    XCTAssertEqual(t.text(0, "name"), "\u{FFFD}Y")
    XCTAssertEqual(diagnostics.entries.map(\.code), ["text-not-utf8"])
  }

  func testManyKeysAndLongNumbers() throws {
    let properties = (0..<500).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let reversed = (0..<500).reversed().map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let t = try read(
      collection(
        feature("null", "{\(properties)}"), feature("null", "{\(reversed)}"),
        feature(
          #"{"type":"Point","coordinates":[117.20000000000000284217,-0.000000000000000000001]}"#)))
    XCTAssertEqual(t.propertyNames.count, 500)
    for i in 0..<500 {
      XCTAssertEqual(t.number(0, "k\(i)"), Double(i))
      XCTAssertEqual(t.number(1, "k\(i)"), Double(i))
    }
    XCTAssertEqual(Array(t.points(2)), [Point2(117.2, -1e-21)])
  }

  func testNumbersAreReadCorrectlyRounded() throws {
    let random = RandomStream(seed: 3)
    var wanted: [Point2] = []
    var texts: [String] = []
    for i in 0..<20_000 {
      let x = "\((random.unit(.sampling, UInt64(i), 0) - 0.5) * 360)"
      let digits = random.below(17, .sampling, UInt64(i), 2)
      let y = "\(i % 90)." + "\(random.bits(.sampling, UInt64(i), 1))".prefix(1 + digits)
      wanted.append(Point2(Double(x) ?? .nan, Double(y) ?? .nan))
      texts.append("[\(x),\(i % 2 == 0 ? "" : " ")\(y)]")
    }
    let t = try read("{\"type\":\"MultiPoint\",\"coordinates\":[\(texts.joined(separator: ","))]}")
    XCTAssertEqual(Array(t.points(0)), wanted)
  }
}
