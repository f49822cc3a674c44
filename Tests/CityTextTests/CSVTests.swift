import CityBase
import XCTest

@testable import CityText

final class CSVTests: XCTestCase {
  func parse(_ text: String) throws -> CSVTable {
    try CSVTable.parse(Array(text.utf8), file: "t.csv")
  }

  func testQuotesLineBreaksAndLines() throws {
    let t = try parse("\u{FEFF}id, name ,x\r\n1,\"a, \"\"b\"\"\nc\",2.5\r\n\r\n2,,  7\n3,\"\",")
    XCTAssertEqual(t.header, ["id", "name", "x"])
    XCTAssertEqual(
      t.rows.map { Array($0) }, [["1", "a, \"b\"\nc", "2.5"], ["2", "", "  7"], ["3", "", ""]])
    XCTAssertEqual((0..<3).map { t.line(ofRow: $0) }, [2, 5, 6])
    XCTAssertEqual(t.number(0, 2), 2.5)
    XCTAssertEqual(t.integer(1, 2), 7)
    XCTAssertNil(t.number(2, 2))
    XCTAssertTrue(t.isEmpty(2, 1))
    XCTAssertEqual(t.column("name"), 1)
    XCTAssertNil(t.column("nam"))
  }

  func testRefusals() {
    for (text, wanted) in [
      ("", "t.csv: expected a header line"),
      ("a,b\n1,2\n3", "t.csv: line 3: expected 2 fields as in the header, found 1"),
      ("a\n\"x", "t.csv: line 2: a quote that is never closed"),
      (
        "a\n\"x\"y",
        "t.csv: line 2: expected a separator or the end of the line after a quoted field"
      ),
    ] {
      XCTAssertThrowsError(try parse(text)) { XCTAssertEqual("\($0)", wanted) }
    }
    XCTAssertThrowsError(try parse("departure\n").requiredColumn("departur")) {
      XCTAssertEqual(
        "\($0)", "t.csv: line 1: expected a column \"departur\", found \"departure\"")
    }
  }

  func testWriterIsReadBack() throws {
    var w = CSVWriter(columns: ["a", "b,c"])
    w.append(row: [.text("x \"y\"\n"), .number(.nan)])
    w.append(row: [.bool(true)])
    w.append(row: [.integer(-3), .number(1.25, decimals: 1)])
    XCTAssertEqual(
      String(decoding: w.bytes, as: UTF8.self),
      "a,\"b,c\"\n\"x \"\"y\"\"\n\",\ntrue,\n-3,1.2\n")
    let t = try CSVTable.parse(w.bytes, file: "w")
    XCTAssertEqual(t.header, ["a", "b,c"])
    XCTAssertEqual(t.text(0, 0), "x \"y\"\n")
  }
}
