/// A piece of a text file, decoded only when asked; valid as long as the file's bytes are.
public struct ByteText {
  /// The bytes as they stand in the file.
  public let raw: UnsafeRawBufferPointer
  /// Whether `&...;` has to be decoded.
  let hasEntities: Bool

  @inlinable public var isEmpty: Bool { raw.isEmpty }

  /// The text, entities decoded; what is not UTF-8 is replaced by U+FFFD.
  public var string: String {
    if !hasEntities { return String(decoding: raw, as: UTF8.self) }
    return XMLEntities.decode(raw)
  }
  /// The number it spells; nil where it spells anything else.
  public var double: Double? { NumberText.parseDouble(raw) }
  /// The whole number it spells; nil where it spells anything else.
  public var integer: Int64? { NumberText.parseInteger(raw) }

  /// Whether the bytes are those of a literal; without allocation.
  public static func == (a: ByteText, b: StaticString) -> Bool {
    guard a.raw.count == b.utf8CodeUnitCount else { return false }
    var i = 0
    while i < a.raw.count {
      if a.raw[i] != b.utf8Start[i] { return false }
      i += 1
    }
    return true
  }
  public static func != (a: ByteText, b: StaticString) -> Bool { !(a == b) }
  public static func ~= (pattern: StaticString, text: ByteText) -> Bool { text == pattern }
}
