import CityBase

/// Pulls the fields of a protocol buffers message out of bytes in memory, without an allocation.
///
///     var message = ProtobufScanner(bytes, file: path, place: "blob 3")
///     while try message.next() {
///       switch message.field {
///       case 1: id = try message.integer()
///       case 2: name = try message.bytes()
///       default: break
///       }
///     }
///
/// A field that is not asked for is skipped. Every length is held against what is left, so no
/// message can lead outside of itself. The encoding is Google's, as published under "Encoding" in
/// the protocol buffers documentation; groups, which that deprecates, are refused.
public struct ProtobufScanner {
  /// How a field is written.
  public enum Kind: UInt8, Sendable {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
  }

  private let raw: UnsafeRawBufferPointer
  private let file: String
  private let place: String
  private var at = 0
  /// Where the present field's value is: its bytes where it has a length.
  private var value = 0..<0
  private var number: UInt64 = 0

  /// The number of the present field, 1 or more.
  public private(set) var field: UInt32 = 0
  /// How the present field is written.
  public private(set) var kind = Kind.varint

  /// A scanner over bytes that must stay valid while it is used; `place` is where in the file the
  /// message lies, for errors.
  public init(_ bytes: UnsafeRawBufferPointer, file: String, place: String) {
    raw = bytes
    self.file = file
    self.place = place
  }

  /// Moves to the next field; false at the end. Refused where the message is malformed.
  @inlinable
  public mutating func next() throws(CityError) -> Bool {
    guard !isAtEnd else { return false }
    try readField()
    return true
  }

  @usableFromInline var isAtEnd: Bool { at >= raw.count }

  @usableFromInline
  mutating func readField() throws(CityError) {
    let start = at
    let tag = try readVarint()
    guard tag >> 3 > 0, tag >> 3 < 1 << 29, let kind = Kind(rawValue: UInt8(tag & 7)) else {
      throw bad("expected a field, found the tag \(tag)", at: start)
    }
    field = UInt32(tag >> 3)
    self.kind = kind
    switch kind {
    case .varint: number = try readVarint()
    case .fixed64: try skip(8)
    case .fixed32: try skip(4)
    case .bytes:
      let length = try readVarint()
      guard length <= UInt64(raw.count - at) else {
        throw bad(
          "field \(field) says it has \(length) bytes, and \(raw.count - at) are left", at: start)
      }
      try skip(Int(length))
    }
  }

  private mutating func skip(_ count: Int) throws(CityError) {
    guard count <= raw.count - at else {
      throw bad("field \(field) is cut off", at: at)
    }
    value = at..<(at + count)
    at += count
  }

  private mutating func readVarint() throws(CityError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while at < raw.count {
      let byte = raw[at]
      at += 1
      // Of the tenth byte only one bit has room.
      if shift == 63 && byte > 1 { throw bad("a number has more than 64 bits", at: at - 1) }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw bad("a number is cut off", at: at)
  }

  /// An error about the present field.
  public func error(_ message: String) -> CityError { bad(message, at: at) }

  private func bad(_ what: String, at offset: Int) -> CityError {
    .refused(what, file: file, place: "\(place), byte \(offset) of \(raw.count)")
  }

  private func expect(_ wanted: Kind) throws(CityError) {
    guard kind == wanted else {
      throw bad("field \(field) is written as \(kind), expected \(wanted)", at: at)
    }
  }

  // MARK: Values

  /// The value as a whole number (`int32`, `int64`, `uint32`, `uint64`, `bool`, `enum`); refused
  /// where the field is written otherwise.
  public func integer() throws(CityError) -> Int64 {
    try expect(.varint)
    return Int64(bitPattern: number)
  }

  /// The value as a zigzag number (`sint32`, `sint64`); refused where the field is written
  /// otherwise.
  public func signed() throws(CityError) -> Int64 {
    try expect(.varint)
    return Self.unfolded(number)
  }

  /// The bytes of the value (`bytes`, `string`, a message); refused where it has none.
  public func bytes() throws(CityError) -> UnsafeRawBufferPointer {
    try expect(.bytes)
    return UnsafeRawBufferPointer(rebasing: raw[value])
  }

  /// A message inside the present field; refused where the field has no bytes.
  public func message() throws(CityError) -> ProtobufScanner {
    ProtobufScanner(try bytes(), file: file, place: "\(place), field \(field)")
  }

  /// Appends the numbers of a repeated field to a list, packed or not; `zigzag` for `sint`. One
  /// number takes a byte at least, so that the list grows by no more than the message is long.
  public func append(to list: inout [Int64], zigzag: Bool) throws(CityError) {
    if kind == .varint {
      list.append(zigzag ? Self.unfolded(number) : Int64(bitPattern: number))
      return
    }
    try expect(.bytes)
    var i = value.lowerBound
    let end = value.upperBound
    while i < end {
      var result = UInt64(raw[i])
      i += 1
      if result >= 0x80 {
        result &= 0x7F
        var shift: UInt64 = 7
        while true {
          guard i < end else { throw bad("a number is cut off", at: i) }
          let byte = raw[i]
          i += 1
          if shift == 63 && byte > 1 { throw bad("a number has more than 64 bits", at: i - 1) }
          result |= UInt64(byte & 0x7F) << shift
          if byte < 0x80 { break }
          shift += 7
        }
      }
      list.append(zigzag ? Self.unfolded(result) : Int64(bitPattern: result))
    }
  }

  private static func unfolded(_ n: UInt64) -> Int64 {
    Int64(bitPattern: n >> 1) ^ -Int64(bitPattern: n & 1)
  }
}
