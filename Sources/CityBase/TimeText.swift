/// Durations as people write them: `90s`, `0.5s`, `15min`, `1.5h`.
public enum DurationText {
  static let units: [(name: String, milliseconds: Int64)] = [
    ("min", 60_000), ("h", 3_600_000), ("s", 1000),
  ]

  /// Milliseconds, 0 or more; nil where the text is no number with one of the units `s`, `min`, `h`
  /// or is not a whole number of milliseconds below a hundred days.
  public static func milliseconds(_ text: String) -> Int64? {
    guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
    var mantissa: Int64 = 0
    var scale: Int64 = 1
    var digits = 0
    var seenPoint = false
    for byte in text.dropLast(unit.name.count).utf8 {
      if byte == UInt8(ascii: "."), !seenPoint, digits > 0 {
        seenPoint = true
        continue
      }
      guard (48...57).contains(byte), digits < 12 else { return nil }
      mantissa = mantissa * 10 + Int64(byte - 48)
      digits += 1
      if seenPoint { scale *= 10 }
    }
    guard digits > 0, !(seenPoint && scale == 1) else { return nil }
    let (product, overflow) = mantissa.multipliedReportingOverflow(by: unit.milliseconds)
    guard !overflow, product % scale == 0, product / scale <= 100 * 86_400_000 else { return nil }
    return product / scale
  }

  /// The shortest way to write a duration of 0 or more milliseconds: `15min`, `90s`, `0.5s`.
  public static func text(milliseconds: Int64) -> String {
    if milliseconds > 0, milliseconds % 3_600_000 == 0 { return "\(milliseconds / 3_600_000)h" }
    if milliseconds > 0, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000)min" }
    if milliseconds % 1000 == 0 { return "\(milliseconds / 1000)s" }
    var fraction = String(String(milliseconds % 1000 + 1000).dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return "\(milliseconds / 1000).\(fraction)s"
  }
}

/// A moment as people write it: ISO 8601 with zone, or `HH:MM[:SS]` of the run's first day.
public enum TimeText: Sendable, Hashable {
  case instant(Instant)
  /// Milliseconds after the first local midnight; hours run to 47, for runs past midnight.
  case timeOfDay(Int64)

  /// Nil where the text is neither.
  public init?(_ text: String) {
    if let instant = Instant(iso8601: text) {
      self = .instant(instant)
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }) else {
      return nil
    }
    var numbers: [Int64] = []
    for part in parts {
      guard part.utf8.allSatisfy({ (48...57).contains($0) }), let n = Int64(part) else {
        return nil
      }
      numbers.append(n)
    }
    let seconds = numbers.count == 3 ? numbers[2] : 0
    guard numbers[0] < 48, numbers[1] < 60, seconds < 60 else { return nil }
    self = .timeOfDay((numbers[0] * 3600 + numbers[1] * 60 + seconds) * 1000)
  }

  /// Milliseconds from the start of a run; negative where the moment lies before it.
  public func milliseconds(from epoch: Instant) -> Int64 {
    switch self {
    case .instant(let instant): instant.millisecondsSince1970 - epoch.millisecondsSince1970
    case .timeOfDay(let time): time - epoch.millisecondOfDay
    }
  }
}
