/// Decodes the inside of a JSON string.
public enum JSONStringText {
  enum Outcome {
    case text(String)
    case bad(String, at: Int)
  }

  /// The text of a raw string (without its quotes), with whatever is malformed replaced by U+FFFD.
  public static func lenient(_ raw: UnsafeRawBufferPointer) -> String {
    var out: [UInt8] = []
    guard raw.contains(0x5C) else { return String(decoding: raw, as: UTF8.self) }
    out.reserveCapacity(raw.count)
    _ = unescape(raw, into: &out, repairing: true)
    return String(decoding: out, as: UTF8.self)
  }

  static func decode(_ raw: UnsafeRawBufferPointer) -> Outcome {
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    if let (what, place) = unescape(raw, into: &out, repairing: false) {
      return .bad(what, at: place)
    }
    guard let text = String(validating: out, as: UTF8.self) else {
      return .bad("a string that is not UTF-8", at: 0)
    }
    return .text(text)
  }

  /// Appends the decoded bytes; returns what is wrong and where unless it repairs.
  private static func unescape(
    _ raw: UnsafeRawBufferPointer, into out: inout [UInt8], repairing: Bool
  ) -> (String, Int)? {
    var i = 0
    while i < raw.count {
      let b = raw[i]
      if b != 0x5C {
        out.append(b)
        i += 1
        continue
      }
      let escape = i + 1 < raw.count ? raw[i + 1] : 0
      if let plain = plainEscape(escape) {
        out.append(plain)
        i += 2
        continue
      }
      if escape == 0x75, let (scalar, length) = unicodeEscape(raw, at: i) {
        out.append(contentsOf: Unicode.UTF8.encode(scalar).map(Array.init) ?? [])
        i += length
        continue
      }
      if !repairing {
        return (escape == 0x75 ? "malformed \\u escape or lone surrogate" : "unknown escape", i)
      }
      out.append(contentsOf: [0xEF, 0xBF, 0xBD])
      // A malformed \u escape is dropped whole where its six characters are there.
      i += escape == 0x75 && hex4(raw, at: i + 2) != nil ? 6 : min(2, raw.count - i)
    }
    return nil
  }

  private static func plainEscape(_ b: UInt8) -> UInt8? {
    switch b {
    case 0x22, 0x5C, 0x2F: b
    case 0x62: 0x08
    case 0x66: 0x0C
    case 0x6E: 0x0A
    case 0x72: 0x0D
    case 0x74: 0x09
    default: nil
    }
  }

  private static func hex4(_ raw: UnsafeRawBufferPointer, at start: Int) -> UInt32? {
    guard start + 4 <= raw.count else { return nil }
    var v: UInt32 = 0
    for i in start..<start + 4 {
      switch raw[i] {
      case let b where b >= 0x30 && b <= 0x39: v = v << 4 | UInt32(b - 0x30)
      case let b where b >= 0x41 && b <= 0x46: v = v << 4 | UInt32(b - 0x41 + 10)
      case let b where b >= 0x61 && b <= 0x66: v = v << 4 | UInt32(b - 0x61 + 10)
      default: return nil
      }
    }
    return v
  }

  /// The scalar of `\uXXXX` or of a surrogate pair of two, and how many bytes that took.
  private static func unicodeEscape(
    _ raw: UnsafeRawBufferPointer, at start: Int
  ) -> (Unicode.Scalar, Int)? {
    guard let high = hex4(raw, at: start + 2) else { return nil }
    if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
    guard high < 0xDC00, start + 12 <= raw.count, raw[start + 6] == 0x5C, raw[start + 7] == 0x75,
      let low = hex4(raw, at: start + 8), low >= 0xDC00, low <= 0xDFFF,
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { return nil }
    return (scalar, 12)
  }
}
