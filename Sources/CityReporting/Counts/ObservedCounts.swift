import CityBase
import CityText

/// What was counted on the street: a table with the columns `site`, `begin`, `end` and `count`.
///
/// A site is a detector of the run or a link; times are ISO 8601 with a zone, or `HH:MM[:SS]` of the
/// run's first day; other columns are passed over.
public struct ObservedCounts: Sendable {
  public struct Entry: Sendable {
    public var site: String
    /// Milliseconds from the start of the run.
    public var interval: Range<Int64>
    public var count: Double
    /// The line in the file.
    public var line: Int
  }

  public let file: String
  public let entries: [Entry]

  /// Reads a table. Refused, with file and line: a missing column, a site without a name, a time
  /// that is none, an interval that ends before it begins, a count that is no number of 0 or more,
  /// intervals of one site that overlap, a table without rows.
  public init(path: String, epoch: Instant) throws(CityError) {
    try self.init(try CSVTable.read(path: path), epoch: epoch)
  }

  init(_ table: CSVTable, epoch: Instant) throws(CityError) {
    file = table.file
    let site = try table.requiredColumn("site")
    let begin = try table.requiredColumn("begin")
    let end = try table.requiredColumn("end")
    let count = try table.requiredColumn("count")
    var entries: [Entry] = []
    for row in 0..<table.rowCount {
      let name = table.text(row, site)
      guard !name.isEmpty else { throw table.error(row: row, "expected the name of a site") }
      let from = try Self.time(table, row, begin, "begin", epoch)
      let to = try Self.time(table, row, end, "end", epoch)
      guard from < to else {
        throw table.error(
          row: row, "expected an end after the begin, found \(table.text(row, end))")
      }
      guard let value = table.number(row, count), value.isFinite, value >= 0 else {
        throw table.error(
          row: row, "expected a count of 0 or more, found \"\(table.text(row, count))\"")
      }
      entries.append(
        Entry(site: name, interval: from..<to, count: value, line: table.line(ofRow: row)))
    }
    guard !entries.isEmpty else {
      throw .refused("expected counts below the header, found none", file: table.file)
    }
    self.entries = entries
    try checkOverlaps()
  }

  private static func time(
    _ table: CSVTable, _ row: Int, _ column: Int, _ name: String, _ epoch: Instant
  ) throws(CityError) -> Int64 {
    let text = table.text(row, column)
    guard let time = TimeText(text) else {
      throw table.error(
        row: row,
        "expected \(name) as a time such as 07:30 or 2026-03-02T07:30:00+08:00, found \"\(text)\"")
    }
    return time.milliseconds(from: epoch)
  }

  private func checkOverlaps() throws(CityError) {
    let sorted = entries.sorted {
      ($0.site, $0.interval.lowerBound, $0.line) < ($1.site, $1.interval.lowerBound, $1.line)
    }
    for (a, b) in zip(sorted, sorted.dropFirst())
    where a.site == b.site && a.interval.overlaps(b.interval) {
      throw .refused(
        "expected intervals of site \"\(a.site)\" that do not overlap; this one and that of line "
          + "\(min(a.line, b.line)) do", file: file, place: "line \(max(a.line, b.line))")
    }
  }
}
