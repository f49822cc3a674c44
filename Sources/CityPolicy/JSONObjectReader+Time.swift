import CityBase
import CityText

extension JSONObjectReader {
  /// A moment: ISO 8601 with zone, or `HH:MM[:SS]` of the first day; nil where absent.
  public mutating func optionalTime(_ key: String) throws(CityError) -> TimeText? {
    guard let text = try optionalString(key) else { return nil }
    guard let time = TimeText(text) else {
      throw error(
        key,
        "expected a time such as \"07:30\" or \"2026-03-02T07:30:00+08:00\", found \"\(text)\"")
    }
    return time
  }

  /// A duration in milliseconds within a range; nil where absent.
  public mutating func optionalDuration(
    _ key: String, in range: ClosedRange<Int64> = 0...100 * 86_400_000
  ) throws(CityError) -> Int64? {
    guard let text = try optionalString(key) else { return nil }
    guard let duration = DurationText.milliseconds(text) else {
      throw error(
        key, "expected a duration such as \"90s\", \"15min\" or \"1h\", found \"\(text)\"")
    }
    guard range.contains(duration) else {
      throw error(
        key,
        "expected a duration from \(DurationText.text(milliseconds: range.lowerBound)) to "
          + "\(DurationText.text(milliseconds: range.upperBound)), found \"\(text)\"")
    }
    return duration
  }
}
