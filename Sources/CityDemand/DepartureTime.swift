import CityBase

/// Turns the times of demand files into milliseconds from the start of the run's clock.
public struct DepartureTime: Sendable, Hashable {
  /// The moment of the run's first tick; its zone is the city's.
  public let epoch: Instant

  public init(epoch: Instant) { self.epoch = epoch }

  /// Reads ISO 8601 with a zone, or `HH:MM[:SS]` of the first day in the city's zone (24:00 is
  /// its end). Nil where the text is anything else. May be negative: before the run.
  public func milliseconds(_ text: String) -> Int64? {
    if let instant = Instant(iso8601: text) {
      return instant.millisecondsSince1970 - epoch.millisecondsSince1970
    }
    return Self.millisecondOfDay(text).map { $0 - epoch.millisecondOfDay }
  }

  /// Reads `HH:MM[:SS]`, 00:00 to 24:00:00, as milliseconds after midnight.
  static func millisecondOfDay(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5 || bytes.count == 8, bytes[2] == 58 else { return nil }
    guard let h = twoDigits(bytes, 0), let m = twoDigits(bytes, 3), h <= 24, m < 60 else {
      return nil
    }
    var s: Int64 = 0
    if bytes.count == 8 {
      guard bytes[5] == 58, let v = twoDigits(bytes, 6), v < 60 else { return nil }
      s = v
    }
    let seconds = h * 3600 + m * 60 + s
    return seconds <= 86_400 ? seconds * 1000 : nil
  }

  private static func twoDigits(_ bytes: [UInt8], _ at: Int) -> Int64? {
    let a = bytes[at] &- 48
    let b = bytes[at + 1] &- 48
    return a < 10 && b < 10 ? Int64(a) * 10 + Int64(b) : nil
  }
}
