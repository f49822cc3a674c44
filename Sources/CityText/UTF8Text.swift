/// Checks of UTF-8 without making a string.
public enum UTF8Text {
  /// Whether bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
  public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var i = 0
    let n = bytes.count
    while i < n {
      let b = bytes[i]
      if b < 0x80 {
        i += 1
        continue
      }
      // How many bytes follow, and what the first of them may be.
      let follow: Int
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      switch b {
      case 0xC2...0xDF: follow = 1
      case 0xE0...0xEF:
        follow = 2
        if b == 0xE0 { low = 0xA0 }
        if b == 0xED { high = 0x9F }
      case 0xF0...0xF4:
        follow = 3
        if b == 0xF0 { low = 0x90 }
        if b == 0xF4 { high = 0x8F }
      default: return false
      }
      guard i + follow < n, bytes[i + 1] >= low, bytes[i + 1] <= high else { return false }
      var k = 2
      while k <= follow {
        if bytes[i + k] & 0xC0 != 0x80 { return false }
        k += 1
      }
      i += follow + 1
    }
    return true
  }
}
