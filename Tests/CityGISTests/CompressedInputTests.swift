import CZlib
import CityBase
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityGIS

/// Compresses with gzip's wrapper.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var out = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  let count = input.withUnsafeMutableBufferPointer { i in
    out.withUnsafeMutableBufferPointer { o in
      stream.next_in = i.baseAddress
      stream.avail_in = UInt32(i.count)
      stream.next_out = o.baseAddress
      stream.avail_out = UInt32(o.count)
      deflate(&stream, Z_FINISH)
      return o.count - Int(stream.avail_out)
    }
  }
  return Array(out[0..<count])
}

final class CompressedInputTests: XCTestCase {
  let text = (0..<50_000).flatMap { Array("line \($0 * 7919 % 10_007)\n".utf8) }

  func testPlainCompressedAndSeveralMembers() throws {
    let folder = Scratch.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, bytes) in [
      ("plain", text), ("one.gz", gzipped(text)),
      ("two.gz", gzipped(Array(text[0..<1000])) + gzipped(Array(text[1000...]))),
      ("padded.gz", gzipped(text) + [UInt8](repeating: 0, count: 512)),
    ] {
      try OutputFile.write(bytes, to: "\(folder)/\(name)")
      XCTAssertEqual(try CompressedInput.read(path: "\(folder)/\(name)"), text, name)
      let mapped = try CompressedInput.map(path: "\(folder)/\(name)")
      XCTAssertEqual(mapped.withBytes { Array($0) }, text, name)
    }
  }

  func testTruncatedIsRefusedWithTheByte() {
    let whole = gzipped(Array(text[0..<20_000]))
    for length in stride(from: 2, to: whole.count, by: max(1, whole.count / 500)) {
      XCTAssertThrowsError(try CompressedInput.expand(Array(whole[0..<length]), file: "t.gz")) {
        let error = $0 as? CityError
        XCTAssertEqual(error?.kind, .refused)
        XCTAssertEqual(error?.file, "t.gz")
        XCTAssertEqual(error?.place, "byte \(length)")
      }
    }
  }

  func testDamagedIsRefused() {
    var damaged = gzipped(text)
    damaged[damaged.count / 2] ^= 0x55
    XCTAssertThrowsError(try CompressedInput.expand(damaged, file: "d.gz"))
    var wrongSum = gzipped(text)
    wrongSum[wrongSum.count - 6] ^= 1
    XCTAssertThrowsError(try CompressedInput.expand(wrongSum, file: "d.gz"))
    XCTAssertThrowsError(try CompressedInput.expand(gzipped(text) + [1, 2, 3], file: "d.gz"))
  }

  func testBombIsRefused() {
    // 100 MB of zeros shrink to a thousandth.
    let bomb = gzipped([UInt8](repeating: 0, count: 100 << 20))
    XCTAssertLessThan(bomb.count, 200_000)
    XCTAssertThrowsError(try CompressedInput.expand(bomb, file: "b.gz")) {
      XCTAssertTrue("\($0)".contains("grows to more than"), "\($0)")
    }
  }
}
