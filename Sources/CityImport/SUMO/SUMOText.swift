import CityBase
import CityText

/// The ways in which SUMO writes values down.
enum SUMOText {
  /// `x,y x,y ...`, with or without z; nil where it is anything else.
  static func shape(_ text: ByteText) -> [Point2]? {
    var points: [Point2] = []
    for pair in text.raw.split(separator: 0x20, omittingEmptySubsequences: true) {
      guard let point = point(UnsafeRawBufferPointer(rebasing: pair)) else { return nil }
      points.append(point)
    }
    return points
  }

  /// `x,y` or `x,y,z`; nil where it is anything else.
  static func point(_ raw: UnsafeRawBufferPointer) -> Point2? {
    let parts = raw.split(separator: 0x2C, omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { return nil }
    guard let x = NumberText.parseDouble(UnsafeRawBufferPointer(rebasing: parts[0])),
      let y = NumberText.parseDouble(UnsafeRawBufferPointer(rebasing: parts[1])),
      abs(x) < 1e8, abs(y) < 1e8
    else { return nil }
    return Point2(x, y)
  }

  /// Milliseconds of a time in seconds, `HH:MM:SS` or `days:HH:MM:SS`; nil where it is anything
  /// else or beyond a thousand days.
  static func time(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count != 2, parts.count <= 4 else { return nil }
    var seconds = 0.0
    for (part, unit) in zip(parts.reversed(), [1.0, 60, 3600, 86_400]) {
      guard let value = NumberText.parseDouble(Array(part.utf8)), value.isFinite else { return nil }
      if parts.count > 1 && value < 0 { return nil }
      seconds += value * unit
    }
    guard abs(seconds) <= 1000 * 86_400 else { return nil }
    return Int64((seconds * 1000).rounded())
  }

  /// Words between spaces.
  static func words(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" })
      .map(String.init)
  }
}
