import CityBase
import CityDemand
import CityText
import Foundation

/// Makes a ready scenario for an imported or generated city: half an hour of morning traffic, as much as fills
/// its roads to a load, after ten minutes in which they fill.
public struct ScenarioSeed: Sendable {
  public var name: String
  /// How full the roads are to be: a word of `LoadTarget`, or a volume over capacity.
  public var load: Load
  /// The start of the clock: Monday, 2026-03-02, 06:50 in the city's own zone.
  public var start: Instant

  /// How the scenario gives its load.
  public enum Load: Sendable, Equatable {
    case word(String)
    case number(Double)

    /// Reads `light`, `moderate`, `heavy` or a number from 0 to 2; nil for anything else.
    public init?(_ text: String) {
      if LoadTarget(word: text) != nil {
        self = .word(text)
      } else if let number = Double(text), LoadTarget.range.contains(number) {
        self = .number(number)
      } else {
        return nil
      }
    }
  }

  /// The seed of a draft.
  public init(_ draft: CityDraft, load: Load = .word("moderate")) {
    name = draft.name
    self.load = load
    start = Self.morning(in: draft.timeZone)
  }

  private static func morning(in zone: String) -> Instant {
    let midnightUTC: Int64 = 1_772_409_600_000  // 2026-03-02T00:00:00Z
    let date = Date(timeIntervalSince1970: Double(midnightUTC) / 1000)
    let seconds = TimeZone(identifier: zone)?.secondsFromGMT(for: date) ?? 0
    return Instant(
      millisecondsSince1970: midnightUTC + (6 * 3600 + 50 * 60 - Int64(seconds)) * 1000,
      zoneSeconds: Int32(clamping: seconds))
  }

  /// The bytes of `scenario.json`, for the folder that holds `city.json`.
  public var bytes: [UInt8] {
    ReadyScenario(
      name: "\(name): half an hour in the morning", start: start,
      warmUp: 10 * 60_000, measured: 30 * 60_000, coolDown: 0
    ).bytes { json in
      json.key("gravity")
      json.beginObject()
      switch load {
      case .word(let word): json.member("load", .text(word))
      case .number(let number): json.member("load", .number(number, decimals: 4))
      }
      json.endObject()
    }
  }
}
