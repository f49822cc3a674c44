import CityBase

/// Writes JSON into a growing byte buffer.
///
/// Calls must nest as JSON does; the writer puts commas, colons and (if asked for) line breaks.
/// Numbers that are not finite become `null`.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  /// Spaces a level; 0 writes one line.
  let indentation: Int
  private var depth = 0
  private var needsComma = false
  private var afterKey = false

  /// A writer on one line, or with a line for each value and two spaces a level.
  public init(pretty: Bool = false) { indentation = pretty ? 2 : 0 }

  public mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

  /// Takes what was written so far out of the writer, which goes on with an empty buffer.
  public mutating func takeBytes() -> [UInt8] {
    var out: [UInt8] = []
    swap(&out, &bytes)
    return out
  }

  public mutating func beginObject() { open(0x7B) }
  public mutating func endObject() { close(0x7D) }
  public mutating func beginArray() { open(0x5B) }
  public mutating func endArray() { close(0x5D) }

  /// The key of the value that comes next.
  public mutating func key(_ name: String) {
    separate()
    appendString(name)
    bytes.append(0x3A)
    if indentation > 0 { bytes.append(0x20) }
    afterKey = true
  }

  public mutating func null() { word("null") }
  public mutating func value(_ text: String) {
    separate()
    appendString(text)
  }
  public mutating func value(_ flag: Bool) { word(flag ? "true" : "false") }
  public mutating func value(_ number: some FixedWidthInteger) {
    separate()
    NumberText.append(number, to: &bytes)
  }
  /// A number with at most this many decimals, trailing zeros dropped.
  public mutating func value(_ number: Double, decimals: Int = 7) {
    separate()
    NumberText.append(number, maxDecimals: decimals, to: &bytes)
  }

  public mutating func append(_ value: PropertyValue) {
    switch value {
    case .null: null()
    case .bool(let b): self.value(b)
    case .integer(let i): self.value(i)
    case .number(let d, let decimals): self.value(d, decimals: decimals)
    case .text(let t): self.value(t)
    }
  }

  /// A parsed value as it is; numbers keep up to 15 decimals.
  public mutating func append(_ value: JSONValue) {
    switch value.content {
    case .null: null()
    case .bool(let b): self.value(b)
    case .integer(let i): self.value(i)
    case .number(let d): self.value(d, decimals: 15)
    case .string(let t): self.value(t)
    case .array(let elements):
      beginArray()
      for e in elements { append(e) }
      endArray()
    case .object(let members):
      beginObject()
      for m in members {
        key(m.key)
        append(m.value)
      }
      endObject()
    }
  }

  /// A key with its value.
  public mutating func member(_ name: String, _ value: PropertyValue) {
    key(name)
    append(value)
  }
  public mutating func member(_ name: String, _ text: String) { member(name, .text(text)) }
  public mutating func member(_ name: String, _ flag: Bool) { member(name, .bool(flag)) }
  public mutating func member(_ name: String, _ number: some FixedWidthInteger) {
    key(name)
    value(number)
  }
  public mutating func member(_ name: String, _ number: Double, decimals: Int = 7) {
    key(name)
    value(number, decimals: decimals)
  }
  /// Each property as a member, in order.
  public mutating func members(_ properties: [Property]) {
    for p in properties { member(p.name, p.value) }
  }

  /// A value that is JSON already.
  public mutating func raw(_ json: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// A line feed, for the end of a file.
  public mutating func newline() { bytes.append(0x0A) }

  private mutating func open(_ b: UInt8) {
    separate()
    bytes.append(b)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ b: UInt8) {
    depth -= 1
    if needsComma { breakLine() }
    bytes.append(b)
    needsComma = true
    afterKey = false
  }

  private mutating func word(_ text: StaticString) {
    separate()
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func separate() {
    if afterKey {
      afterKey = false
      return
    }
    if needsComma { bytes.append(0x2C) }
    if depth > 0 { breakLine() }
    needsComma = true
  }

  private mutating func breakLine() {
    guard indentation > 0 else { return }
    bytes.append(0x0A)
    for _ in 0..<max(0, depth * indentation) { bytes.append(0x20) }
  }

  private mutating func appendString(_ text: String) {
    JSONWriter.appendString(text, to: &bytes)
  }

  /// Appends a text in quotes, with what JSON asks to be escaped.
  public static func appendString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    var text = text
    text.withUTF8 { utf8 in
      var special: UInt8 = 0
      for b in utf8 { special |= b < 0x20 || b == 0x22 || b == 0x5C ? 1 : 0 }
      if special == 0 {
        bytes.append(contentsOf: utf8)
      } else {
        for b in utf8 { appendEscaped(b, to: &bytes) }
      }
    }
    bytes.append(0x22)
  }

  private static func appendEscaped(_ b: UInt8, to bytes: inout [UInt8]) {
    switch b {
    case 0x22, 0x5C:
      bytes.append(0x5C)
      bytes.append(b)
    case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
    case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
    case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
    case 0..<0x20:
      let hex: StaticString = "0123456789abcdef"
      bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30])
      bytes.append(hex.utf8Start[Int(b >> 4)])
      bytes.append(hex.utf8Start[Int(b & 15)])
    default: bytes.append(b)
    }
  }
}
