import CityBase
import CityPolicy
import CityText

/// What a scenario wants written.
public struct OutputSettings: Sendable {
  /// Between two rows of `timeseries.csv`.
  public var intervalMilliseconds: Int64
  /// Between two checkpoints, or nil for none.
  public var checkpointMilliseconds: Int64?
  /// One for each output of the registry, in its order.
  public var outputs: [any OutputWriter]

  /// Names of snapshots count whole seconds.
  static let intervals: ClosedRange<Int64> = 1000...ClockSettings.longest

  init(_ source: JSONObjectReader?, clock: ClockSettings) throws(CityError) {
    var reader: JSONObjectReader
    if let source {
      reader = source
    } else {
      reader = try JSONObjectReader(JSONValue(.object([])), file: "", path: "$.outputs")
    }
    let interval = try reader.optionalDuration("interval", in: Self.intervals) ?? 300_000
    intervalMilliseconds = interval
    checkpointMilliseconds = try reader.optionalDuration("checkpoints", in: Self.intervals)
    var outputs: [any OutputWriter] = []
    for type in Registry.outputs {
      outputs.append(try type.init(from: &reader, intervalMilliseconds: interval))
    }
    self.outputs = outputs
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("interval", .text(DurationText.text(milliseconds: intervalMilliseconds)))
    writer.member(
      "checkpoints",
      checkpointMilliseconds.map { .text(DurationText.text(milliseconds: $0)) } ?? .null)
    for output in outputs { output.write(to: &writer) }
    writer.endObject()
  }
}
