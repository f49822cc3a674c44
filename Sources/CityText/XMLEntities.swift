/// The five entities of XML and character references. Nothing else is expanded, so that no input
/// can grow.
enum XMLEntities {
  /// The scalar of the reference that starts at the `&` at `start`, and the byte after its `;`.
  static func scalar(
    _ raw: UnsafeRawBufferPointer, at start: Int
  ) -> (scalar: Unicode.Scalar, end: Int)? {
    var end = start + 1
    while end < raw.count && end < start + 12 && raw[end] != 0x3B { end += 1 }
    guard end < raw.count, raw[end] == 0x3B, end > start + 1 else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: raw[start + 1..<end])
    if name[0] == 0x23 {
      guard let code = code(name), isCharacter(code), let s = Unicode.Scalar(code) else {
        return nil
      }
      return (s, end + 1)
    }
    let text = ByteText(raw: name, hasEntities: false)
    let scalar: Unicode.Scalar
    switch text {
    case "amp": scalar = "&"
    case "lt": scalar = "<"
    case "gt": scalar = ">"
    case "quot": scalar = "\""
    case "apos": scalar = "'"
    default: return nil
    }
    return (scalar, end + 1)
  }

  /// `#10` or `#xA`.
  private static func code(_ name: UnsafeRawBufferPointer) -> UInt32? {
    let isHex = name.count > 1 && name[1] == 0x78
    var i = isHex ? 2 : 1
    guard i < name.count else { return nil }
    var v: UInt32 = 0
    while i < name.count {
      let b = name[i]
      var d = UInt32(b &- 0x30)
      if isHex && b | 0x20 >= 0x61 && b | 0x20 <= 0x66 { d = UInt32((b | 0x20) - 0x61 + 10) }
      guard d < (isHex ? 16 : 10), v < 0x110000 else { return nil }
      v = v * (isHex ? 16 : 10) + d
      i += 1
    }
    return v
  }

  /// What XML 1.0 calls a character.
  private static func isCharacter(_ c: UInt32) -> Bool {
    c == 9 || c == 10 || c == 13 || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF)
  }

  /// The text with its references replaced; a malformed one stays as it is.
  static func decode(_ raw: UnsafeRawBufferPointer) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    var i = 0
    while i < raw.count {
      if raw[i] == 0x26, let (scalar, end) = scalar(raw, at: i) {
        out.append(contentsOf: Array(String(Character(scalar)).utf8))
        i = end
      } else {
        out.append(raw[i])
        i += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
