import CityBase

/// When a parking facility may be entered, the same on every day. Who is inside may always leave.
///
/// The text is a list of ranges `HH:MM-HH:MM`, parted by commas or semicolons: `06:30-23:00`,
/// `07:00-12:00,14:00-18:00`. A range that ends at or before its start runs over midnight
/// (`18:00-08:00`); `24:00` is the end of the day. An empty text and `24/7` mean always.
public struct OpeningHours: Sendable, Hashable {
  /// Milliseconds since local midnight; no range runs over midnight. Empty: always open.
  public let ranges: [Range<Int64>]

  /// Open all day.
  public static let always = OpeningHours(ranges: [])

  private static let day: Int64 = 86_400_000

  private init(ranges: [Range<Int64>]) { self.ranges = ranges }

  /// Nil where the text is none of the forms above.
  public init?(_ text: String) {
    let compact = text.filter { !$0.isWhitespace }
    guard !compact.isEmpty, compact != "24/7" else {
      self = .always
      return
    }
    var ranges: [Range<Int64>] = []
    for part in compact.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count == 2, let from = Self.time(ends[0]), let until = Self.time(ends[1]),
        from < Self.day
      else { return nil }
      if from < until {
        ranges.append(from..<until)
      } else {
        ranges.append(from..<Self.day)
        if until > 0 { ranges.append(0..<until) }
      }
    }
    guard !ranges.isEmpty else { return nil }
    let isWholeDay = ranges.contains(0..<Self.day)
    self.ranges =
      isWholeDay
      ? [] : ranges.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
  }

  /// Whether one may enter at a moment.
  public func isOpen(at instant: Instant) -> Bool {
    if ranges.isEmpty { return true }
    let time = instant.millisecondOfDay
    return ranges.contains { $0.contains(time) }
  }

  /// Milliseconds after midnight of `H:MM` or `HH:MM`, up to 24:00.
  private static func time(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hours = Int64(parts[0]), let minutes = Int64(parts[1]), minutes < 60,
      hours * 60 + minutes <= 24 * 60
    else { return nil }
    return (hours * 60 + minutes) * 60_000
  }
}
