import CityBase
import XCTest

@testable import CityText

final class ProtobufScannerTests: XCTestCase {
  private func scan<R>(_ bytes: [UInt8], _ body: (inout ProtobufScanner) throws -> R) throws -> R {
    try bytes.withUnsafeBytes { raw in
      var message = ProtobufScanner(raw, file: "f", place: "p")
      return try body(&message)
    }
  }

  func testFieldsOfEveryKind() throws {
    // By the encoding's own examples: field 1 = 150 is 08 96 01, field 2 = "testing" is 12 07 ...;
    // then a fixed 64, a fixed 32, and -2 as a zigzag and as a plain number.
    let bytes: [UInt8] =
      [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [0x19, 1, 2, 3, 4, 5, 6, 7, 8]
      + [0x25, 1, 2, 3, 4, 0x28, 0x03, 0x30] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
    try scan(bytes) { m in
      XCTAssertTrue(try m.next())
      XCTAssertEqual(m.field, 1)
      XCTAssertEqual(try m.integer(), 150)
      XCTAssertThrowsError(try m.bytes())
      XCTAssertTrue(try m.next())
      XCTAssertEqual(String(decoding: try m.bytes(), as: UTF8.self), "testing")
      XCTAssertThrowsError(try m.integer())
      XCTAssertTrue(try m.next())
      XCTAssertEqual(m.kind, .fixed64)
      XCTAssertTrue(try m.next())
      XCTAssertEqual(m.kind, .fixed32)
      XCTAssertTrue(try m.next())
      XCTAssertEqual(try m.signed(), -2)
      XCTAssertTrue(try m.next())
      XCTAssertEqual(try m.integer(), -1)
      XCTAssertFalse(try m.next())
    }
  }

  func testRepeatedNumbersPackedOrNot() throws {
    // Field 4 = [3, 270, 86942] packed is 22 06 03 8E 02 9E A7 05; then one more by itself.
    let bytes: [UInt8] = [0x22, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05, 0x20, 0x07]
    try scan(bytes) { m in
      var list: [Int64] = []
      while try m.next() { try m.append(to: &list, zigzag: false) }
      XCTAssertEqual(list, [3, 270, 86_942, 7])
    }
    try scan([0x0A, 0x04, 0x00, 0x01, 0x02, 0x03]) { m in
      var list: [Int64] = []
      while try m.next() { try m.append(to: &list, zigzag: true) }
      XCTAssertEqual(list, [0, -1, 1, -2])
    }
  }

  func testWhatIsMalformedIsRefusedWithItsPlace() {
    let long = [UInt8](repeating: 0xFF, count: 10)
    let cases: [[UInt8]] = [
      [0x08], [0x80], [0x0A, 0x05, 1, 2], [0x0A] + long, [0x09, 1, 2, 3], [0x0D, 1],
      [0x00, 0x01], [0x0B], [0x0C], [0x0E], [0x08] + long + [0x01], [0x0A, 0x01, 0x80],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
    ]
    for bytes in cases {
      XCTAssertThrowsError(
        try scan(bytes) { m in
          var list: [Int64] = []
          while try m.next() { try m.append(to: &list, zigzag: false) }
        }, "\(bytes)"
      ) {
        let error = $0 as? CityError
        XCTAssertEqual(error?.kind, .refused)
        XCTAssertTrue(error?.place?.contains("p, byte") ?? false, "\($0)")
      }
    }
  }
}
