import CityBase
import CitySimulation
import CityText

/// Writes the rows of an interval table as a stream, `<name>.csv`, whenever an interval has ended.
///
/// Intervals are counted from the start of the clock; the last one may be cut short.
public final class IntervalTableRecorder: RunRecorder {
  private let folder: RunFolder
  private let intervalMilliseconds: Int64
  private let table: any IntervalTable
  private var lastEnd: Int64 = 0
  /// Opened with the first row, or by a resume at the offset of its checkpoint.
  private var stream: StreamFile?

  /// Starts the table's measuring. `intervalMilliseconds` is above 0.
  public init(
    folder: RunFolder, intervalMilliseconds: Int64, table: any IntervalTable
  ) {
    self.folder = folder
    self.intervalMilliseconds = max(1, intervalMilliseconds)
    self.table = table
    table.start()
  }

  private var fileName: String { table.tableName + ".csv" }

  public func record(_ moment: Moment) throws(CityError) {
    guard moment.milliseconds >= (lastEnd / intervalMilliseconds + 1) * intervalMilliseconds else {
      return
    }
    try close(at: moment)
  }

  public func finish(at moment: Moment, ending: RunEnding) throws(CityError) {
    // The open interval of an interrupted run is closed by the run that resumes it.
    guard ending == .complete else { return }
    if moment.milliseconds > lastEnd { try close(at: moment) }
    try openStream().finish()
  }

  private func close(at moment: Moment) throws(CityError) {
    let epoch = moment.clock.epoch
    var writer = CSVWriter(continuing: table.tableColumns)
    table.closeInterval(
      from: epoch.advanced(byMilliseconds: lastEnd), to: moment.instant
    ) { writer.append(row: $0) }
    lastEnd = moment.milliseconds
    let stream = try openStream()
    try stream.append(writer.takeBytes())
    // A checkpoint may keep the offset at any tick.
    try stream.flush()
  }

  private func openStream() throws(CityError) -> StreamFile {
    if let stream { return stream }
    let opened = try StreamFile(path: folder.path(of: fileName))
    try opened.append(CSVWriter(columns: table.tableColumns).bytes)
    stream = opened
    return opened
  }
}

extension IntervalTableRecorder {
  public func encodeState(into writer: inout StateWriter) {
    writer.section("table-\(table.tableName)")
    writer.write(lastEnd)
    writer.write(Int64(stream?.offset ?? 0))
    table.encodeState(into: &writer)
  }

  public func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("table-\(table.tableName)")
    let last: Int64 = try reader.read()
    guard (0...RunClockLimit.milliseconds).contains(last) else {
      throw .refused("expected the end of an interval, found \(last)", file: reader.file)
    }
    lastEnd = last
    let offset: Int64 = try reader.read()
    var target = table
    try target.decodeState(from: &reader)
    if offset > 0 {
      stream = try StreamFile(resuming: folder.path(of: fileName), at: Int(clamping: offset))
    }
  }
}
