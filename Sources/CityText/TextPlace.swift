/// Places in a text for messages.
public enum TextPlace {
  /// `line 12 (byte 230)`: lines count from 1, bytes from 0.
  public static func describe(_ offset: Int, in bytes: UnsafeRawBufferPointer) -> String {
    "line \(line(of: offset, in: bytes)) (byte \(offset))"
  }

  /// The line that a byte is on, counted from 1. Linear in the offset: for messages only.
  public static func line(of offset: Int, in bytes: UnsafeRawBufferPointer) -> Int {
    var line = 1
    var i = 0
    while i < offset && i < bytes.count {
      if bytes[i] == 0x0A { line += 1 }
      i += 1
    }
    return line
  }
}
