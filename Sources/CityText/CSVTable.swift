import CityBase

/// A comma-separated table (RFC 4180): a header and rows of equally many fields.
///
/// A byte order mark, CRLF or LF line ends, quoted commas and line breaks and doubled quotes are
/// understood; blank lines are skipped. Fields are decoded when asked for.
public struct CSVTable: Sendable {
  /// The file the table came from, for messages.
  public let file: String
  /// The names of the columns, in order, spaces around them dropped.
  public let header: [String]
  let content: [UInt8]
  /// Where the fields of all rows are, row after row.
  let fields: [Field]
  let lines: [Int]

  struct Field: Sendable {
    var start: Int
    var end: Int
    /// Whether doubled quotes are inside.
    var hasQuotes: Bool
  }

  init(file: String, header: [String], content: [UInt8], fields: [Field], lines: [Int]) {
    self.file = file
    self.header = header
    self.content = content
    self.fields = fields
    self.lines = lines
  }

  /// Reads the table at a path. Refused, with the line, where a quote is never closed, a row has
  /// another number of fields than the header, or there is no header.
  public static func read(path: String, separator: UInt8 = 0x2C) throws(CityError) -> CSVTable {
    try parse(try InputFile.read(path: path), file: path, separator: separator)
  }

  /// Reads a table out of bytes; refuses what `read` refuses.
  public static func parse(
    _ bytes: [UInt8], file: String, separator: UInt8 = 0x2C
  ) throws(CityError) -> CSVTable {
    var parser = CSVParser(bytes, file: file, separator: separator)
    return try parser.parse()
  }

  /// How many rows there are below the header.
  public var rowCount: Int { lines.count }
  /// The rows below the header, in order.
  public var rows: LazyMapSequence<Range<Int>, Row> {
    (0..<lines.count).lazy.map { Row(table: self, index: $0) }
  }
  /// The position of a column; nil where there is none of that name.
  public func column(_ name: String) -> Int? { header.firstIndex(of: name) }
  /// The position of a column that must be there; refused with the nearest name otherwise.
  public func requiredColumn(_ name: String) throws(CityError) -> Int {
    if let i = column(name) { return i }
    var text = "expected a column \"\(name)\""
    if let near = Spelling.nearest(to: name, among: header) { text += ", found \"\(near)\"" }
    throw .refused(text, file: file, place: "line 1")
  }
  /// The line in the file on which a row starts, counted from 1.
  public func line(ofRow row: Int) -> Int { lines[row] }

  /// A field as text. Row and column must be inside the table.
  public func text(_ row: Int, _ column: Int) -> String {
    let f = fields[row * header.count + column]
    let raw = content[f.start..<f.end]
    if !f.hasQuotes { return String(decoding: raw, as: UTF8.self) }
    var out: [UInt8] = []
    out.reserveCapacity(raw.count)
    var i = raw.startIndex
    while i < raw.endIndex {
      out.append(raw[i])
      i += raw[i] == 0x22 ? 2 : 1
    }
    return String(decoding: out, as: UTF8.self)
  }
  /// Gives the bytes of a field as text, which must not leave the closure, and passes on errors with
  /// their type. Row and column must be inside the table.
  public func withText<R, E: Error>(
    _ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    let f = fields[row * header.count + column]
    if f.hasQuotes { return try Array(text(row, column).utf8).withUnsafeBufferPointer(body) }
    return try content.withUnsafeBufferPointer { (all) throws(E) -> R in
      try body(UnsafeBufferPointer(rebasing: all[f.start..<f.end]))
    }
  }
  /// A field as a number, spaces around it dropped; nil where it is empty or anything else.
  public func number(_ row: Int, _ column: Int) -> Double? {
    content.withUnsafeBytes { NumberText.parseDouble(trimmed(row, column, in: $0)) }
  }
  /// A field as a whole number; nil where it is empty or anything else.
  public func integer(_ row: Int, _ column: Int) -> Int64? {
    content.withUnsafeBytes { NumberText.parseInteger(trimmed(row, column, in: $0)) }
  }
  /// Whether a field has no character.
  public func isEmpty(_ row: Int, _ column: Int) -> Bool {
    let f = fields[row * header.count + column]
    return f.start == f.end
  }
  /// An error about a field or row.
  public func error(row: Int, _ message: String) -> CityError {
    .refused(message, file: file, place: "line \(lines[row])")
  }

  private func trimmed(
    _ row: Int, _ column: Int, in raw: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    let f = fields[row * header.count + column]
    var start = f.start
    var end = f.end
    while start < end && raw[start] == 0x20 { start += 1 }
    while start < end && raw[end - 1] == 0x20 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: raw[start..<end])
  }

  /// One row of a table.
  public struct Row: RandomAccessCollection, Sendable {
    let table: CSVTable
    /// The position of the row in its table.
    public let index: Int
    public var startIndex: Int { 0 }
    public var endIndex: Int { table.header.count }
    /// A field as text.
    public subscript(column: Int) -> String { table.text(index, column) }
    /// A field as a number; nil where it is anything else.
    public func number(_ column: Int) -> Double? { table.number(index, column) }
    /// A field as a whole number; nil where it is anything else.
    public func integer(_ column: Int) -> Int64? { table.integer(index, column) }
    /// Gives the bytes of a field as text, which must not leave the closure.
    public func withText<R, E: Error>(
      _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(E) -> R
    ) throws(E) -> R {
      try table.withText(index, column, body)
    }
    /// The line in the file, counted from 1.
    public var line: Int { table.line(ofRow: index) }
  }
}
