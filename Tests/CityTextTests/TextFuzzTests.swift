import CityBase
import CityTestSupport
import XCTest

@testable import CityText

/// Damaged inputs are read or refused; none may trap. A trap ends the test program.
final class TextFuzzTests: XCTestCase {
  let mutations = Mutations()

  func testJSON() {
    let good = Array(
      #"{"a":[1,-2.5e3,{"b":"x\u00e9\"\\"}],"c":{"d":null,"e":[true,false,[]]},"f":"楼"}"#.utf8)
    var accepted = 0
    for round in 0..<4000 {
      let bytes = mutations.mutate(good, round)
      guard let value = try? JSONValue.parse(bytes, file: "f") else { continue }
      accepted += 1
      var w = JSONWriter()
      w.append(value)
      XCTAssertNotNil(try? JSONValue.parse(w.bytes, file: "f"), "what was read can be written")
    }
    XCTAssertGreaterThan(accepted, 100)
    XCTAssertLessThan(accepted, 3900)
  }

  func testXML() {
    let good = Array(
      "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a b=\"1&amp;\" c='&#65;'><!--x--><d e='f'/><![CDATA[g]]></a>"
        .utf8)
    var accepted = 0
    for round in 0..<4000 {
      mutations.mutate(good, round).withRawBytes { raw in
        var xml = XMLScanner(raw, file: "f")
        do {
          while try xml.next() {
            for i in 0..<xml.attributeCount { _ = xml.attributeValue(i).string }
          }
          accepted += 1
        } catch { XCTAssertEqual((error as? CityError)?.kind, .refused) }
      }
    }
    XCTAssertGreaterThan(accepted, 100)
    XCTAssertLessThan(accepted, 3900)
  }

  func testCSV() {
    let good = Array("id,name,x\r\n1,\"a,\"\"b\",2.5\n2,c,\n3,\"d\ne\",-1e3\n".utf8)
    var accepted = 0
    for round in 0..<4000 {
      guard let t = try? CSVTable.parse(mutations.mutate(good, round), file: "f") else { continue }
      accepted += 1
      for row in t.rows {
        XCTAssertEqual(Array(row).count, t.header.count)
        for c in row.indices { _ = (row.number(c), row.integer(c)) }
      }
    }
    XCTAssertGreaterThan(accepted, 100)
    XCTAssertLessThan(accepted, 3900)
  }
}
