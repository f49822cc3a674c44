import CityBase
import XCTest

@testable import CityText

final class JSONValueTests: XCTestCase {
  func parse(_ text: String) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), file: "a.json")
  }

  func refusal(_ text: String) -> CityError? {
    do {
      _ = try parse(text)
      return nil
    } catch { return error as? CityError }
  }

  func testKeepsOrderAndOffsets() throws {
    let v = try parse(#"{"b": [1, 2.5], "a": {"c": null}}"#)
    XCTAssertEqual(v.members?.map(\.key), ["b", "a"])
    XCTAssertEqual(v.members?.map(\.keyOffset), [1, 16])
    XCTAssertEqual(v["b"]?.array?.map(\.offset), [7, 10])
    XCTAssertEqual(v["b"]?.array?[0].content, .integer(1))
    XCTAssertEqual(v["b"]?.array?[1].content, .number(2.5))
    XCTAssertEqual(v["a"]?["c"]?.isNull, true)
  }

  func testDecodesEscapes() throws {
    XCTAssertEqual(try parse(#""\u697c\n\ud83d\ude80\/""#).string, "楼\n🚀/")
    XCTAssertEqual(refusal(#""\ud83d""#)?.place, "line 1 (byte 1)")
  }

  func testRefusesTheSameKeyTwice() {
    let error = refusal("{\"seed\": 1,\n \"seed\": 2}")
    XCTAssertEqual(error?.description, "a.json: line 2 (byte 13): the key \"seed\" comes twice")
  }

  func testDepth() throws {
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    XCTAssertNotNil(try parse(deep).array)
    XCTAssertEqual(
      refusal("[" + deep + "]")?.message, "nested more than 512 levels deep")
    let bomb = refusal(String(repeating: "[", count: 200_000))
    XCTAssertEqual(bomb?.place, "line 1 (byte 512)")
    XCTAssertNotNil(refusal(String(repeating: "{\"a\":", count: 200_000)))
  }

  func testNumbersOutOfRange() throws {
    XCTAssertNotNil(refusal("1e400"))
    XCTAssertEqual(try parse("9223372036854775807").content, .integer(.max))
    XCTAssertEqual(try parse("9223372036854775808").content, .number(9_223_372_036_854_775_808))
    XCTAssertNil(try parse("1.5").integer)
    XCTAssertEqual(try parse("2e3").integer, 2000)
    XCTAssertNil(try parse("1e300").integer)
  }

  func testReaderAcceptsWhatItAsksFor() throws {
    var r = try JSONObjectReader(
      try parse(#"{"seed": 7, "clock": {"step_s": 0.5}, "names": ["a"], "quiet": true}"#),
      file: "s.json")
    XCTAssertEqual(try r.integer("seed", in: 0...10), 7)
    var clock = try r.object("clock")
    XCTAssertEqual(try clock.number("step_s"), 0.5)
    try clock.finish()
    XCTAssertEqual(try r.strings("names"), ["a"])
    XCTAssertNil(try r.optionalString("city"))
    XCTAssertEqual(try r.bool("quiet"), true)
    try r.finish()
  }

  func testReaderNamesFilePathAndWhatWasExpected() throws {
    enum Side: String, CaseIterable { case left, right }
    func message(_ body: (inout JSONObjectReader) throws -> Void) throws -> String {
      let text = #"{"sed": 7, "clock": {"step_s": "x", "side": "up"}, "list": [{}, 3]}"#
      var r = try JSONObjectReader(try parse(text), file: "s.json")
      do { try body(&r) } catch { return "\(error)" }
      return "nothing"
    }
    XCTAssertEqual(
      try message {
        _ = try $0.optionalInteger("seed")
        _ = $0.optionalValue("clock")
        _ = $0.optionalValue("list")
        try $0.finish()
      }, "s.json: $: unknown key \"sed\"; did you mean \"seed\"?")
    XCTAssertEqual(
      try message {
        var clock = try $0.object("clock")
        _ = try clock.number("step_s")
      }, "s.json: $.clock.step_s: expected a number, found a string")
    XCTAssertEqual(
      try message {
        var clock = try $0.object("clock")
        _ = try clock.choice("side", of: Side.self)
      }, "s.json: $.clock.side: expected one of \"left\", \"right\", found \"up\"")
    XCTAssertEqual(
      try message { _ = try $0.objects("list") },
      "s.json: $.list[1]: expected an object, found a number")
    XCTAssertEqual(
      try message { _ = try $0.integer("sed", in: 0...5) },
      "s.json: $.sed: expected a whole number from 0 to 5, found 7")
    XCTAssertEqual(
      try message { _ = try $0.string("city") },
      "s.json: $: expected a string for the key \"city\", which is missing")
  }

  func testWriter() {
    var w = JSONWriter()
    w.beginObject()
    w.member("a", "x\"\\\n\u{1}楼")
    w.member("n", Double.nan)
    w.member("i", Int64.min)
    w.member("d", .number(2.5, decimals: 1))
    w.key("l")
    w.beginArray()
    w.value(true)
    w.null()
    w.beginObject()
    w.endObject()
    w.endArray()
    w.endObject()
    XCTAssertEqual(
      String(decoding: w.bytes, as: UTF8.self),
      #"{"a":"x\"\\\n\u0001楼","n":null,"i":-9223372036854775808,"d":2.5,"l":[true,null,{}]}"#)
    XCTAssertNotNil(try? JSONValue.parse(w.bytes, file: ""))
  }

  func testPrettyWriter() {
    var w = JSONWriter(pretty: true)
    w.beginObject()
    w.member("a", 1)
    w.key("b")
    w.beginArray()
    w.value(2)
    w.endArray()
    w.key("c")
    w.beginArray()
    w.endArray()
    w.endObject()
    XCTAssertEqual(
      String(decoding: w.bytes, as: UTF8.self),
      "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ],\n  \"c\": []\n}")
  }
}
