import CityBase
import CityPolicy
import CityText

/// The clock of a scenario: where it starts, how it steps, and which part of it is measured.
///
/// The run goes from `start` through the warm-up, the measured window and the cool-down. Figures
/// count the trips due in the measured window.
public struct ClockSettings: Sendable, Equatable {
  public var start: Instant
  /// 100 to 1000.
  public var stepMilliseconds: Int64
  public var warmUpMilliseconds: Int64
  /// More than 0.
  public var measuredMilliseconds: Int64
  public var coolDownMilliseconds: Int64

  static let longest: Int64 = 31 * 86_400_000

  init(_ source: JSONObjectReader) throws(CityError) {
    var reader = source
    let text = try reader.string("start")
    guard let start = Instant(iso8601: text) else {
      throw reader.error(
        "start",
        "expected ISO 8601 with a zone such as \"2026-03-02T07:00:00+08:00\", found \"\(text)\"")
    }
    self.start = start
    stepMilliseconds = try reader.optionalDuration("step", in: 100...1000) ?? 500
    warmUpMilliseconds = try reader.optionalDuration("warm_up", in: 0...Self.longest) ?? 0
    guard let measured = try reader.optionalDuration("measured", in: 1000...Self.longest) else {
      throw .refused(
        "expected a duration for the key \"measured\", which is missing", file: reader.file,
        place: reader.path)
    }
    measuredMilliseconds = measured
    coolDownMilliseconds = try reader.optionalDuration("cool_down", in: 0...Self.longest) ?? 0
    try reader.finish()
  }

  /// The measured window in milliseconds from the start.
  public var measuredWindow: Range<Int64> {
    warmUpMilliseconds..<(warmUpMilliseconds + measuredMilliseconds)
  }

  /// The length of the whole run.
  public var totalMilliseconds: Int64 {
    warmUpMilliseconds + measuredMilliseconds + coolDownMilliseconds
  }

  func write(to writer: inout JSONWriter) {
    func duration(_ milliseconds: Int64) -> PropertyValue {
      .text(DurationText.text(milliseconds: milliseconds))
    }
    writer.beginObject()
    writer.member("start", .text(start.iso8601))
    writer.member("step", duration(stepMilliseconds))
    writer.member("warm_up", duration(warmUpMilliseconds))
    writer.member("measured", duration(measuredMilliseconds))
    writer.member("cool_down", duration(coolDownMilliseconds))
    writer.endObject()
  }
}
