/// Writes plain values into bytes, little-endian, for checkpoints and the network file.
///
/// Sections are named, so that a reader that has lost its way says where.
public struct StateWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  public init() {}

  /// Marks the start of a named part.
  public mutating func section(_ name: String) { write(name) }

  public mutating func write<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }
  public mutating func write(_ value: Float) { write(value.bitPattern) }
  public mutating func write(_ value: Double) { write(value.bitPattern) }
  public mutating func write(_ value: String) {
    write(Int64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }
  public mutating func write(_ id: some EntityID) { write(id.rawValue) }
  public mutating func write(_ p: Point2) {
    write(p.x)
    write(p.y)
  }
  /// Bytes as they are, with their count in front.
  public mutating func write(_ values: [UInt8]) {
    write(Int64(values.count))
    bytes.append(contentsOf: values)
  }
  /// An array of a type without references and padding: integers, floats, ids, points.
  public mutating func writeRaw<T: BitwiseCopyable>(_ values: [T]) {
    write(Int64(values.count))
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
  public mutating func writeRaw<T: BitwiseCopyable>(_ values: UnsafeBufferPointer<T>) {
    write(Int64(values.count))
    bytes.append(contentsOf: UnsafeRawBufferPointer(values))
  }
  public mutating func write(_ values: [String]) {
    write(Int64(values.count))
    for v in values { write(v) }
  }

  /// Puts other bytes in the place of some that were written.
  fileprivate mutating func overwrite(at offset: Int, _ new: [UInt8]) {
    bytes.replaceSubrange(offset..<(offset + new.count), with: new)
  }
}

/// Reads what a `StateWriter` wrote; every misfit is an error, never a trap.
public struct StateReader: Sendable {
  let bytes: [UInt8]
  public private(set) var offset = 0
  /// The file the bytes came from, for messages.
  public let file: String

  public init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Reads on from an offset that another reader of the same bytes has come to.
  fileprivate init(_ bytes: [UInt8], from offset: Int, file: String) {
    self.init(bytes, file: file)
    self.offset = offset
  }

  func bad(_ what: String) -> CityError {
    .refused("expected \(what)", file: file, place: "byte \(offset)")
  }

  mutating func take(_ count: Int, _ what: String) throws(CityError) -> Range<Int> {
    guard count >= 0, count <= bytes.count - offset else { throw bad(what) }
    let r = offset..<(offset + count)
    offset += count
    return r
  }

  /// Checks that a named part starts here.
  public mutating func section(_ name: String) throws(CityError) {
    let start = offset
    let found = try? readString()
    guard found == name else {
      offset = start
      throw bad("the part \"\(name)\"")
    }
  }

  public mutating func read<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(CityError) -> T {
    let r = try take(MemoryLayout<T>.size, "a whole number")
    return bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: r.lowerBound, as: T.self))
    }
  }
  public mutating func readBool() throws(CityError) -> Bool { try read(UInt8.self) != 0 }
  public mutating func readFloat() throws(CityError) -> Float {
    Float(bitPattern: try read(UInt32.self))
  }
  public mutating func readDouble() throws(CityError) -> Double {
    Double(bitPattern: try read(UInt64.self))
  }
  public mutating func readString() throws(CityError) -> String {
    let n = try readCount(elementSize: 1)
    let r = try take(n, "a text of \(n) bytes")
    guard let text = String(validating: bytes[r], as: UTF8.self) else { throw bad("UTF-8 text") }
    return text
  }
  public mutating func readID<ID: EntityID>(_ type: ID.Type = ID.self) throws(CityError) -> ID {
    ID(rawValue: try read(Int32.self))
  }
  public mutating func readPoint() throws(CityError) -> Point2 {
    Point2(try readDouble(), try readDouble())
  }
  public mutating func readBytes() throws(CityError) -> [UInt8] {
    let n = try readCount(elementSize: 1)
    return Array(bytes[try take(n, "\(n) bytes")])
  }
  /// An array written by `writeRaw`. The type must accept every bit pattern (integers, floats,
  /// ids, points), never `Bool` or an enum.
  public mutating func readRaw<T: BitwiseCopyable>(_ type: T.Type = T.self) throws(CityError)
    -> [T]
  {
    let stride = MemoryLayout<T>.stride
    let n = try readCount(elementSize: stride)
    let r = try take(n * stride, "\(n) values")
    return bytes.withUnsafeBytes { raw in
      [T](unsafeUninitializedCapacity: n) { buffer, count in
        if n > 0 {
          UnsafeMutableRawBufferPointer(buffer).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: raw[r]))
        }
        count = n
      }
    }
  }
  public mutating func readStrings() throws(CityError) -> [String] {
    let n = try readCount(elementSize: 8)
    var out: [String] = []
    out.reserveCapacity(n)
    for _ in 0..<n { out.append(try readString()) }
    return out
  }
  /// A count that the rest of the bytes can hold.
  mutating func readCount(elementSize: Int) throws(CityError) -> Int {
    let n = try read(Int64.self)
    guard n >= 0, n <= Int64((bytes.count - offset) / max(1, elementSize)) else {
      throw bad("a count that fits the file, found \(n)")
    }
    return Int(n)
  }
  public var isAtEnd: Bool { offset == bytes.count }
}

/// A file of this engine: magic word, version, length, checksum, then the payload.
public enum StateEnvelope {
  /// Wraps a payload. `magic` has four ASCII letters.
  public static func seal(_ payload: [UInt8], magic: String, version: UInt32) -> [UInt8] {
    var w = StateWriter()
    w.write(magic)
    w.write(version)
    w.write(Int64(payload.count))
    w.write(checksum(payload[...]))
    return w.bytes + payload
  }

  /// Wraps what `fill` writes, without a second copy of it.
  public static func seal(
    magic: String, version: UInt32, _ fill: (inout StateWriter) -> Void
  ) -> [UInt8] {
    var w = StateWriter()
    w.write(magic)
    w.write(version)
    let sums = w.bytes.count
    w.write(Int64(0))
    w.write(UInt64(0))
    let start = w.bytes.count
    fill(&w)
    var header = StateWriter()
    header.write(Int64(w.bytes.count - start))
    header.write(checksum(w.bytes[start...]))
    w.overwrite(at: sums, header.bytes)
    return w.bytes
  }

  /// Unwraps what `seal` made; refuses another kind, another version or damaged bytes.
  public static func open(_ bytes: [UInt8], magic: String, version: UInt32, file: String)
    throws(CityError) -> [UInt8]
  {
    let opened = try reader(of: bytes, magic: magic, version: version, file: file)
    return Array(bytes[opened.reader.offset...])
  }

  /// The same without a copy: a reader at the start of the payload, and the payload's checksum.
  /// Offsets in its messages count from the start of the file.
  public static func reader(of bytes: [UInt8], magic: String, version: UInt32, file: String)
    throws(CityError) -> (reader: StateReader, checksum: UInt64)
  {
    var r = StateReader(bytes, file: file)
    guard let found = try? r.readString(), found == magic else {
      throw .refused("not a \(magic) file", file: file, place: "byte 0")
    }
    let v = try r.read(UInt32.self)
    guard v == version else {
      throw .refused("format version \(v), this build reads \(version)", file: file)
    }
    let n = try r.read(Int64.self)
    let sum = try r.read(UInt64.self)
    guard n == Int64(bytes.count - r.offset) else {
      throw .refused(
        "expected \(n) bytes of content, found \(bytes.count - r.offset)", file: file,
        place: "byte \(r.offset)")
    }
    let payload = bytes[r.offset...]
    guard checksum(payload) == sum else { throw .refused("the checksum does not fit", file: file) }
    return (StateReader(bytes, from: r.offset, file: file), sum)
  }

  /// A 64-bit checksum over 8-byte words; any single damaged word changes it.
  public static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBytes { raw in
      var h: UInt64 = 0x2545_F491_4F6C_DD1D ^ UInt64(raw.count)
      var i = 0
      while i + 8 <= raw.count {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        h = StableHash.mix(h ^ word)
        i += 8
      }
      var tail: UInt64 = 0
      while i < raw.count {
        tail = tail << 8 | UInt64(raw[i])
        i += 1
      }
      return StableHash.mix(h ^ tail)
    }
  }
}
