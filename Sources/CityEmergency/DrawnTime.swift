import CityBase
import CityText

/// A length of time that differs from case to case: turnout, work at the scene, handover.
public struct DrawnTime: Sendable, Hashable {
  /// How the times spread around their mean.
  public enum Spread: String, Sendable, CaseIterable, Hashable {
    /// Always the mean.
    case fixed
    /// Memoryless, as queueing theory likes it.
    case exponential
    /// Skewed to the right, with a logarithm that is normal: an assumption about the times of
    /// crews. `variation` is the standard deviation over the mean.
    case lognormal
  }

  /// Milliseconds, 0 or more.
  public var meanMilliseconds: Int64
  public var spread: Spread
  /// The coefficient of variation of a lognormal time, 0 to 5; others do not look at it.
  public var variation: Double

  /// No time is longer than a week.
  static let longest = 7 * 86_400_000.0

  public init(meanMilliseconds: Int64, spread: Spread = .lognormal, variation: Double = 0.5) {
    self.meanMilliseconds = meanMilliseconds
    self.spread = spread
    self.variation = variation
  }

  /// The time of one case in milliseconds: the same for every order in which cases are asked for.
  public func milliseconds(
    _ random: RandomStream, _ purpose: RandomPurpose, _ key: UInt64, _ ordinal: UInt64 = 0
  ) -> Int64 {
    let mean = Double(meanMilliseconds)
    var time = mean
    switch spread {
    case .fixed: break
    case .exponential: time = -mean * PortableMath.log(1 - random.unit(purpose, key, ordinal))
    case .lognormal:
      let variance = PortableMath.log(1 + variation * variation)
      let normal = random.normal(purpose, key, ordinal)
      time = mean * PortableMath.exp(variance.squareRoot() * normal - variance / 2)
    }
    return Int64(min(Self.longest, max(0, time)).rounded())
  }
}

extension DrawnTime {
  /// Reads `"15min"`, the mean, or `{"mean": "15min", "spread": "lognormal", "variation": 0.5}`;
  /// what is not said stays as it is.
  mutating func read(_ key: String, from reader: inout JSONObjectReader) throws(CityError) {
    guard let value = reader.optionalValue(key) else { return }
    if value.string != nil {
      meanMilliseconds = try reader.optionalSpan(key) ?? meanMilliseconds
      return
    }
    guard value.members != nil else {
      throw reader.error(
        key, "expected a duration such as \"90s\" or an object, found \(value.kindInWords)")
    }
    var inner = try reader.object(key)
    meanMilliseconds = try inner.optionalSpan("mean") ?? meanMilliseconds
    spread = try inner.optionalChoice("spread") ?? spread
    variation = try inner.optionalNumber("variation", in: 0...5) ?? variation
    try inner.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("mean", DurationText.text(milliseconds: meanMilliseconds))
    writer.member("spread", spread.rawValue)
    if spread == .lognormal { writer.member("variation", variation) }
    writer.endObject()
  }
}

extension JSONObjectReader {
  /// A duration of at most a day in milliseconds; nil where absent.
  mutating func optionalSpan(_ key: String) throws(CityError) -> Int64? {
    guard let text = try optionalString(key) else { return nil }
    guard let span = DurationText.milliseconds(text), span <= 86_400_000 else {
      throw error(
        key, "expected a duration such as \"90s\" or \"15min\", at most a day, found \"\(text)\"")
    }
    return span
  }

  /// A moment: ISO 8601 with zone, or `HH:MM[:SS]` of the first day; nil where absent.
  mutating func optionalMoment(_ key: String) throws(CityError) -> TimeText? {
    guard let text = try optionalString(key) else { return nil }
    guard let time = TimeText(text) else {
      throw error(
        key,
        "expected a time such as \"07:30\" or \"2026-03-02T07:30:00+08:00\", found \"\(text)\"")
    }
    return time
  }
}
