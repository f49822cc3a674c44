import CityBase
import CityModel
import XCTest

final class CityDescriptionTests: XCTestCase {
  static let full = #"""
    {"format":"citytwin-city","version":1,"name":"海河","drive":"left","time_zone":"Asia/Shanghai",
     "working_crs":"EPSG:4548","network":"network.cimn","turn_on_red":true,
     "layers":[{"file":"a/b.geojson","kind":"fire_station","crs":"EPSG:4490","fields":{"name":"NAME"}},
               {"file":"c.geojson","kind":"building"}]}
    """#

  func parse(_ text: String) throws(CityError) -> CityDescription {
    try CityDescription.parse(Array(text.utf8), file: "x/city.json")
  }

  func testReadsEveryKeyAndItsOwnWriting() throws {
    let expected = CityDescription(
      name: "海河", drivesOnRight: false, timeZone: "Asia/Shanghai", workingCRS: "EPSG:4548",
      network: "network.cimn", allowsTurnOnRed: true,
      layers: [
        CityDescription.Layer(
          file: "a/b.geojson", kind: .fireStation, crs: "EPSG:4490",
          fields: [CityDescription.Field(standard: "name", own: "NAME")]),
        CityDescription.Layer(file: "c.geojson", kind: .building, crs: "EPSG:4326"),
      ])
    let read = try parse(Self.full)
    XCTAssertEqual(read, expected)
    XCTAssertEqual(read.layers[0].property(for: "name"), "NAME")
    XCTAssertEqual(read.layers[0].property(for: "engines"), "engines")
    XCTAssertEqual(try CityDescription.parse(read.encoded(), file: "again"), expected)
  }

  func testWhatMayBeLeftOut() throws {
    let read = try parse(
      #"{"format":"citytwin-city","version":1,"name":"A","time_zone":"UTC","working_crs":"X"}"#)
    XCTAssertTrue(read.drivesOnRight)
    XCTAssertFalse(read.allowsTurnOnRed)
    XCTAssertNil(read.network)
    XCTAssertEqual(read.layers, [])
  }

  /// Each line changes one thing in the full text: what is refused, where, and in which words.
  func testRefusals() {
    let cases: [(find: String, replace: String, place: String, words: String)] = [
      (#""name":"海河""#, #""nmae":"海河""#, "$", "\"name\""),
      (#""turn_on_red""#, #""turn_on_rde""#, "$", "did you mean \"turn_on_red\""),
      (#""version":1"#, #""version":2"#, "$.version", "version 1"),
      (#""version":1"#, #""version":"1""#, "$.version", "whole number"),
      ("citytwin-city", "city", "$.format", "citytwin-city"),
      (#""left""#, #""middle""#, "$.drive", "left"),
      ("Asia/Shanghai", "Asia/Tianjn", "$.time_zone", "Asia/Tianjn"),
      ("fire_station", "firestation", "$.layers[0].kind", "fire_station"),
      (#""crs":"EPSG:4490""#, #""csr":"EPSG:4490""#, "$.layers[0]", "did you mean \"crs\""),
      (#""name":"NAME""#, #""beds":"BEDS""#, "$.layers[0].fields", "beds"),
      ("a/b.geojson", "a/../../b.geojson", "$.layers[0].file", "folder"),
      ("a/b.geojson", "/etc/passwd", "$.layers[0].file", "folder"),
      ("a/b.geojson", "", "$.layers[0].file", "folder"),
      ("network.cimn", "../network.cimn", "$.network", "folder"),
      (#""layers":["#, #""layers":[7,"#, "$.layers[0]", "object"),
    ]
    for c in cases {
      let text = Self.full.replacingOccurrences(of: c.find, with: c.replace)
      XCTAssertNotEqual(text, Self.full)
      do {
        _ = try parse(text)
        XCTFail("accepted \(c.replace)")
      } catch {
        XCTAssertEqual(error.kind, .refused)
        XCTAssertEqual(error.file, "x/city.json", c.replace)
        XCTAssertEqual(error.place, c.place, c.replace)
        XCTAssertTrue(error.message.contains(c.words), "\(c.replace): \(error.message)")
      }
    }
  }
}
