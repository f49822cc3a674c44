import CityBase
import XCTest

@testable import CityText

final class XMLScannerTests: XCTestCase {
  /// The tags of a document, one a line: `+name key=value` and `-name`.
  func tags(_ text: String) throws -> [String] {
    try Array(text.utf8).withRawBytes { (raw: UnsafeRawBufferPointer) throws(CityError) in
      var xml = XMLScanner(raw, file: "m.xml")
      var out: [String] = []
      while try xml.next() {
        var line = (xml.isStart ? "+" : "-") + xml.name.string
        for i in 0..<xml.attributeCount {
          line += " \(xml.attributeName(i).string)=\(xml.attributeValue(i).string)"
        }
        out.append(line)
      }
      return out
    }
  }

  func testAttributes() throws {
    let text = """
      <?xml version='1.0' encoding='UTF-8'?>
      <!DOCTYPE osm [ <!ENTITY x "<y>"> <!-- > --> ]>
      <osm v="0.6"><!-- <node/> -->
        <node id='1' name = "A &amp; B &#x697c;&#33; 'x'" lat="-1.5"/>
        <way >text &unknown; <![CDATA[<nd>]]]></way
        ></osm>
      """
    XCTAssertEqual(
      try tags(text),
      [
        "+osm v=0.6", "+node id=1 name=A & B 楼! 'x' lat=-1.5", "-node", "+way", "-way", "-osm",
      ])
  }

  func testValuesWithoutStrings() throws {
    try Array(#"<a lat="-1.25" id="42" k="highway"/>"#.utf8).withRawBytes {
      (raw: UnsafeRawBufferPointer) throws(CityError) in
      var xml = XMLScanner(raw, file: "m.xml")
      XCTAssertTrue(try xml.next())
      XCTAssertEqual(xml.attribute("lat")?.double, -1.25)
      XCTAssertEqual(xml.attribute("id")?.integer, 42)
      XCTAssertTrue(xml.attribute("k").map { $0 == "highway" } ?? false)
      XCTAssertNil(xml.attribute("v")?.string)
      XCTAssertEqual(xml.depth, 1)
      XCTAssertTrue(try xml.next())
      XCTAssertFalse(xml.isStart)
      XCTAssertEqual(xml.attributeCount, 0)
      XCTAssertFalse(try xml.next())
      XCTAssertEqual(xml.depth, 0)
    }
  }

  func testRefusesWhatIsMalformed() {
    for (text, place) in [
      ("", 0), ("<a>", 3), ("<a", 0), ("<a b=\"1", 6), ("<a b=1/>", 5), ("<a b/>", 4),
      ("<a></b>", 3), ("</a>", 0), ("<a/><b/>", 4), ("x<a/>", 0), ("<a/>x", 4),
      ("<a b=\"&x;\"/>", 6), ("<a b=\"&#xD800;\"/>", 6), ("<a b=\"<\"/>", 6), ("<a><!-- </a>", 3),
      ("<a b=\"1\"c=\"2\"/>", 8), ("<a><![CDATA[ </a>", 3), ("<!DOCTYPE a [ <a/>", 0), ("<>", 1),
      ("<?xml version=\"1.0\" encoding=\"GBK\"?><a/>", 0), ("<a b=\"&amp\"/>", 6),
    ] {
      XCTAssertThrowsError(try tags(text), text) {
        XCTAssertEqual(($0 as? CityError)?.place, "line 1 (byte \(place))", text)
      }
    }
  }

  func testDepth() throws {
    let names = 0..<512
    let deep = names.map { _ in "<a>" }.joined() + names.map { _ in "</a>" }.joined()
    XCTAssertEqual(try tags(deep).count, 1024)
    XCTAssertThrowsError(try tags(String(repeating: "<a>", count: 200_000))) {
      XCTAssertEqual(
        "\($0)", "m.xml: line 1 (byte 1536): nested more than 512 levels deep")
    }
  }
}
