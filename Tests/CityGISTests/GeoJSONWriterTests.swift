import CityBase
import CityText
import XCTest

@testable import CityGIS

final class GeoJSONWriterTests: XCTestCase {
  func testIsRFC7946() throws {
    var w = GeoJSONWriter()
    w.begin()
    // Clockwise and open outside, counter-clockwise inside: both the wrong way round.
    let outer = [Point2(0, 0), Point2(0, 9), Point2(9, 9), Point2(9, 0)]
    let hole = [Point2(1, 1), Point2(2, 1), Point2(2, 2), Point2(1, 1)]
    w.addFeature(
      id: "a\"b", shape: .polygon([outer, hole]),
      properties: [Property("n", .number(1.23456789)), Property("t", .text("楼"))])
    w.addFeature(
      id: nil, shape: .multiLine([[Point2(1.123456789, -0.00000001), Point2(2, 3)]]), properties: []
    )
    w.addFeature(id: nil, shape: .point(Point2(.nan, 1)), properties: [Property("b", .bool(true))])
    w.addFeature(id: nil, shape: .none, properties: [Property("x", .number(.infinity))])
    let bytes = w.finish()
    XCTAssertEqual(
      String(decoding: bytes, as: UTF8.self),
      #"""
      {"type":"FeatureCollection","features":[
      {"type":"Feature","id":"a\"b","geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]},"properties":{"n":1.2345679,"t":"楼"}},
      {"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[1.1234568,0],[2,3]]]},"properties":{}},
      {"type":"Feature","geometry":null,"properties":{"b":true}},
      {"type":"Feature","geometry":null,"properties":{"x":null}}
      ]}

      """#)
    XCTAssertNotNil(try JSONValue.parse(bytes, file: "w"))
    var diagnostics = Diagnostics()
    let t = try GeoJSONReader.parse(bytes, file: "w", diagnostics: &diagnostics)
    XCTAssertEqual((0..<4).map { t.kind($0) }, [.polygon, .multiLine, .none, .none])
    XCTAssertTrue(diagnostics.isEmpty)
  }

  func testEmptyAndInPieces() throws {
    var w = GeoJSONWriter(decimals: 2)
    w.begin()
    XCTAssertNotNil(try JSONValue.parse(w.finish(), file: "w"))
    w.begin()
    var whole = w.takeBytes()
    w.addFeature(id: "1", shape: .point(Point2(0.126, 1)), properties: [])
    whole += w.takeBytes()
    w.addFeature(id: "2", shape: .multiPoint([Point2(0, 1)]), properties: [])
    whole += w.finish()
    let value = try JSONValue.parse(whole, file: "w")
    XCTAssertEqual(value["features"]?.array?.count, 2)
    XCTAssertEqual(
      value["features"]?.array?[0]["geometry"]?["coordinates"]?.array?[0].number, 0.13)
  }
}
