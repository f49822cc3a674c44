import CityBase
import XCTest

final class StateCodecTests: XCTestCase {
  /// One of everything that can be written.
  static func sample() -> [UInt8] {
    var w = StateWriter()
    w.section("head")
    w.write(true)
    w.write(Int8(-5))
    w.write(UInt64.max)
    w.write(Float(1.5))
    w.write(-Double.pi)
    w.write("Haihe 海河")
    w.write(LaneID(rawValue: -1))
    w.write(Point2(1, -2))
    w.write([1, 2, 255] as [UInt8])
    w.writeRaw([Point2(0.5, 0.25), Point2(3, 4)])
    w.writeRaw([] as [Int32])
    w.write(["", "a", "bc"])
    return w.bytes
  }

  /// Reads the sample and checks every value.
  func read(_ bytes: [UInt8]) throws {
    var r = StateReader(bytes, file: "state")
    try r.section("head")
    XCTAssertEqual(try r.readBool(), true)
    XCTAssertEqual(try r.read(Int8.self), -5)
    XCTAssertEqual(try r.read(UInt64.self), .max)
    XCTAssertEqual(try r.readFloat(), 1.5)
    XCTAssertEqual(try r.readDouble(), -.pi)
    XCTAssertEqual(try r.readString(), "Haihe 海河")
    XCTAssertEqual(try r.readID(LaneID.self), .none)
    XCTAssertEqual(try r.readPoint(), Point2(1, -2))
    XCTAssertEqual(try r.readBytes(), [1, 2, 255])
    XCTAssertEqual(try r.readRaw(Point2.self), [Point2(0.5, 0.25), Point2(3, 4)])
    XCTAssertEqual(try r.readRaw(Int32.self), [])
    XCTAssertEqual(try r.readStrings(), ["", "a", "bc"])
    XCTAssert(r.isAtEnd)
  }

  /// Reads the sample's types and throws at the first that is not there.
  func skim(_ bytes: [UInt8]) throws(CityError) {
    var r = StateReader(bytes, file: "state")
    try r.section("head")
    _ = try r.readBool()
    _ = try r.read(Int8.self)
    _ = try r.read(UInt64.self)
    _ = try r.readFloat()
    _ = try r.readDouble()
    _ = try r.readString()
    _ = try r.readID(LaneID.self)
    _ = try r.readPoint()
    _ = try r.readBytes()
    _ = try r.readRaw(Point2.self)
    _ = try r.readRaw(Int32.self)
    _ = try r.readStrings()
  }

  func testRoundTrip() throws { try read(Self.sample()) }

  func testIntegersAreLittleEndian() {
    var w = StateWriter()
    w.write(UInt32(0x0102_0304))
    XCTAssertEqual(w.bytes, [4, 3, 2, 1])
  }

  func testEveryTruncationIsAnErrorThatNamesTheFile() {
    let bytes = Self.sample()
    for n in 0..<bytes.count {
      XCTAssertThrowsError(try skim(Array(bytes[..<n])), "\(n) bytes") { error in
        guard let error = error as? CityError else { return XCTFail("\(error)") }
        XCTAssertEqual(error.kind, .refused)
        XCTAssertEqual(error.file, "state")
        XCTAssertNotNil(error.place)
      }
    }
  }

  func testDamageNeverTraps() {
    let bytes = Self.sample()
    for i in bytes.indices {
      for value: UInt8 in [0, 0x7F, 0x80, 0xFF] {
        var damaged = bytes
        damaged[i] = value
        try? skim(damaged)
      }
    }
    // A count that would overflow when multiplied by the size of its elements.
    var w = StateWriter()
    w.write(Int64.max / 2)
    var r = StateReader(w.bytes, file: "f")
    XCTAssertThrowsError(try r.readRaw(Point2.self))
    r = StateReader(w.bytes, file: "f")
    XCTAssertThrowsError(try r.readStrings())
    var negative = StateWriter()
    negative.write(Int64(-1))
    r = StateReader(negative.bytes, file: "f")
    XCTAssertThrowsError(try r.readBytes())
  }

  func testALostSectionIsNamed() {
    var r = StateReader(Self.sample(), file: "f")
    XCTAssertThrowsError(try r.section("tail")) { XCTAssert("\($0)".contains("\"tail\"")) }
    // The reader has not moved.
    XCTAssertNoThrow(try r.section("head"))
  }

  func testEnvelope() throws {
    let payload = (0..<37).map { UInt8($0) }
    let sealed = StateEnvelope.seal(payload, magic: "TEST", version: 3)
    XCTAssertEqual(
      try StateEnvelope.open(sealed, magic: "TEST", version: 3, file: "f"), payload)
    // Written in place, and read in place, it is the same.
    XCTAssertEqual(
      StateEnvelope.seal(magic: "TEST", version: 3) { w in
        for byte in payload { w.write(byte) }
      }, sealed)
    var opened = try StateEnvelope.reader(of: sealed, magic: "TEST", version: 3, file: "f")
    XCTAssertEqual(opened.checksum, StateEnvelope.checksum(payload[...]))
    for byte in payload { XCTAssertEqual(try opened.reader.read(UInt8.self), byte) }
    XCTAssertTrue(opened.reader.isAtEnd)
    XCTAssertThrowsError(try StateEnvelope.open(sealed, magic: "NONE", version: 3, file: "f"))
    XCTAssertThrowsError(try StateEnvelope.open(sealed, magic: "TEST", version: 4, file: "f")) {
      XCTAssert("\($0)".contains("version 3"))
    }
    XCTAssertThrowsError(try StateEnvelope.open(sealed + [0], magic: "TEST", version: 3, file: "f"))
    for n in 0..<sealed.count {
      XCTAssertThrowsError(
        try StateEnvelope.open(Array(sealed[..<n]), magic: "TEST", version: 3, file: "f"))
    }
    for i in sealed.indices {
      for bit in 0..<8 {
        var damaged = sealed
        damaged[i] ^= 1 << UInt8(bit)
        XCTAssertThrowsError(
          try StateEnvelope.open(damaged, magic: "TEST", version: 3, file: "f"),
          "byte \(i), bit \(bit)")
      }
    }
    XCTAssertEqual(
      try StateEnvelope.open(
        StateEnvelope.seal([], magic: "TEST", version: 1), magic: "TEST", version: 1, file: "f"),
      [])
  }
}
