import CityBase
import CitySimulation
import CityText

/// Collects one row of figures an interval for `timeseries.csv`.
///
/// A row bears the end of its interval as `time`, and `time_s` seconds from the start of the
/// clock.
public final class TimeseriesRecorder: RunRecorder {
  public static let fileName = "timeseries.csv"

  private let folder: RunFolder
  private let intervalMilliseconds: Int64
  private let sources: [any IntervalSource]
  private var rows: [UInt8] = []
  private var lastRowMilliseconds: Int64 = 0

  /// A row every `intervalMilliseconds` (above 0) from the start of the clock, with the columns of
  /// all sources in their order.
  public init(
    folder: RunFolder, intervalMilliseconds: Int64, sources: [any IntervalSource]
  ) {
    self.folder = folder
    self.intervalMilliseconds = max(1, intervalMilliseconds)
    self.sources = sources
  }

  public func record(_ moment: Moment) throws(CityError) {
    guard moment.milliseconds >= nextDue else { return }
    addRow(at: moment)
  }

  public func finish(at moment: Moment, ending: RunEnding) throws(CityError) {
    // The open interval of an interrupted run is closed by the run that resumes it.
    if ending == .complete, moment.milliseconds > lastRowMilliseconds { addRow(at: moment) }
    let header = CSVWriter(columns: columns).bytes
    try folder.write(header + rows, to: Self.fileName)
  }

  private var columns: [String] { ["time", "time_s"] + sources.flatMap(\.intervalColumns) }

  private var nextDue: Int64 {
    (lastRowMilliseconds / intervalMilliseconds + 1) * intervalMilliseconds
  }

  private func addRow(at moment: Moment) {
    let seconds = Double(moment.milliseconds - lastRowMilliseconds) / 1000
    var row: [PropertyValue] = [
      .text(moment.instant.iso8601), .number(Double(moment.milliseconds) / 1000, decimals: 3),
    ]
    for source in sources { row += source.closeInterval(seconds: seconds) }
    var writer = CSVWriter(continuing: columns)
    writer.append(row: row)
    rows += writer.bytes
    lastRowMilliseconds = moment.milliseconds
  }
}

extension TimeseriesRecorder {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("timeseries")
    writer.write(lastRowMilliseconds)
    writer.write(rows)
  }

  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("timeseries")
    let last: Int64 = try reader.read()
    guard (0...RunClockLimit.milliseconds).contains(last) else {
      throw .refused("expected the time of a row, found \(last)", file: reader.file)
    }
    lastRowMilliseconds = last
    rows = try reader.readBytes()
  }
}
