import CityBase
import CityReporting
import CityText

/// `movements.csv`, where the scenario has `"movements"`: a row for each movement and interval.
struct MovementsOutput: OutputWriter {
  static let tableName = "movements"
  /// A quarter of an hour, the analysis period of HCM 2010.
  static let usualInterval: Int64 = 900_000

  /// Nil where it is not asked for.
  let intervalMilliseconds: Int64?

  init(from reader: inout JSONObjectReader, intervalMilliseconds: Int64) throws(CityError) {
    guard var inner = try reader.optionalObject("movements") else {
      self.intervalMilliseconds = nil
      return
    }
    self.intervalMilliseconds =
      try inner.optionalDuration("interval", in: OutputSettings.intervals) ?? Self.usualInterval
    try inner.finish()
  }

  func write(to writer: inout JSONWriter) {
    writer.key(Self.tableName)
    guard let intervalMilliseconds else { return writer.null() }
    writer.beginObject()
    writer.member("interval", .text(DurationText.text(milliseconds: intervalMilliseconds)))
    writer.endObject()
  }

  func makeRecorder(for run: OutputSite) throws(CityError) -> (any RunRecorder)? {
    guard let intervalMilliseconds,
      let table = run.intervalTables.first(where: { $0.tableName == Self.tableName })
    else { return nil }
    return IntervalTableRecorder(
      folder: run.folder, intervalMilliseconds: intervalMilliseconds, table: table)
  }
}
