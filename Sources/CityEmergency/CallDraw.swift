import CityBase
import CityDemand
import CityText

/// How many calls are drawn, of what kind, when and where.
///
/// In a scenario: `{"count": 80}` or `{"rate_per_100000_a_day": 60}` (the number is then Poisson's
/// around the rate for the inhabitants, the hours of `hourly` within the window counted), and where
/// it should differ from the defaults `"from": "06:00", "until": "22:00",
/// "kinds": {"medical": 0.6, "fire": 0.1}` (kinds that are not named have none),
/// `"priorities": [0.3, 0.4, 0.3]` (shares of the priorities 1 to 5), `"hourly": [...]` (24 weights
/// of the hours of the day).
///
/// Calls are named `call-1` and so on, and every draw hangs on the name: one more call changes no
/// other. Places are drawn by the inhabitants of the zones, then of the places in them.
public struct CallDraw: Sendable, Hashable {
  /// How many calls, or nil where a rate is given.
  public var count: Int?
  /// Calls a day for 100,000 inhabitants, or nil where a count is given.
  public var ratePer100000ADay: Double?
  public var from: TimeText?
  public var until: TimeText?
  /// Shares by kind of incident, relative to their sum. The default mix is an assumption.
  public var kinds: [Double] = [0.6, 0.08, 0.2, 0.12]
  /// Shares of the priorities 1 to 5, relative to their sum. The default is an assumption.
  public var priorities: [Double] = [0.3, 0.4, 0.3, 0, 0]
  /// Weights of the 24 hours of the local day.
  public var hourly: [Double] = Self.defaultHourly

  /// Fewest before five in the morning, a steep rise until ten, most from ten to six, a slow fall
  /// in the evening: the shape that ambulance services report alike (Cantwell et al. 2013, Emerg
  /// Med J 30:883, a review of 38 studies), rounded.
  public static let defaultHourly: [Double] = [
    0.6, 0.5, 0.45, 0.4, 0.4, 0.45, 0.6, 0.85, 1.15, 1.35, 1.4, 1.4,
    1.35, 1.3, 1.3, 1.3, 1.3, 1.35, 1.3, 1.2, 1.1, 1.0, 0.85, 0.7,
  ]
  /// More calls are refused.
  public static let most = 1_000_000

  /// So many calls, with all defaults.
  public init(count: Int) { self.count = count }

  init(from reader: inout JSONObjectReader) throws(CityError) {
    count = try reader.optionalInteger("count", in: 0...Self.most)
    ratePer100000ADay = try reader.optionalNumber("rate_per_100000_a_day", in: 0...1_000_000)
    guard (count != nil) != (ratePer100000ADay != nil) else {
      throw .refused(
        "expected either \"count\" or \"rate_per_100000_a_day\"", file: reader.file,
        place: reader.path)
    }
    from = try reader.optionalMoment("from")
    until = try reader.optionalMoment("until")
    if var inner = try reader.optionalObject("kinds") {
      for kind in IncidentKind.allCases {
        kinds[Int(kind.rawValue)] = try inner.optionalNumber(kind.word, in: 0...1e9) ?? 0
      }
      try inner.finish()
    }
    priorities = try Self.weights("priorities", 1...5, from: &reader) ?? priorities
    hourly = try Self.weights("hourly", 24...24, from: &reader) ?? hourly
    guard kinds.contains(where: { $0 > 0 }) else {
      throw reader.error("kinds", "expected a share above 0")
    }
  }

  private static func weights(
    _ key: String, _ counts: ClosedRange<Int>, from reader: inout JSONObjectReader
  ) throws(CityError) -> [Double]? {
    guard reader.contains(key) else { return nil }
    let weights = try reader.numbers(key)
    guard counts.contains(weights.count), weights.allSatisfy({ (0...1e9).contains($0) }),
      weights.contains(where: { $0 > 0 })
    else {
      let number = counts.count == 1 ? "\(counts.lowerBound)" : "at most \(counts.upperBound)"
      throw reader.error(key, "expected \(number) shares of 0 or more, one of them above 0")
    }
    return weights
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    if let count { writer.member("count", count) }
    if let rate = ratePer100000ADay { writer.member("rate_per_100000_a_day", rate) }
    for (key, time) in [("from", from), ("until", until)] {
      if let time { writer.member(key, time.text) }
    }
    writer.key("kinds")
    writer.beginObject()
    for kind in IncidentKind.allCases { writer.member(kind.word, kinds[Int(kind.rawValue)]) }
    writer.endObject()
    for (key, weights) in [("priorities", priorities), ("hourly", hourly)] {
      writer.key(key)
      writer.beginArray()
      for weight in weights { writer.value(weight) }
      writer.endArray()
    }
    writer.endObject()
  }
}

extension TimeText {
  /// As a scenario writes it.
  var text: String {
    switch self {
    case .instant(let instant): return instant.iso8601
    case .timeOfDay(let time):
      let midnight = Instant(millisecondsSince1970: time % 86_400_000)
      let hours = time / 3_600_000
      return "\(hours < 10 ? "0" : "")\(hours)" + midnight.timeOfDay.dropFirst(2)
    }
  }
}
