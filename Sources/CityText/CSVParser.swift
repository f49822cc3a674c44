import CityBase

/// The reader behind `CSVTable.parse`.
struct CSVParser {
  let bytes: [UInt8]
  let file: String
  let separator: UInt8
  var at = 0
  var line = 1
  var fields: [CSVTable.Field] = []

  init(_ bytes: [UInt8], file: String, separator: UInt8) {
    self.bytes = bytes
    self.file = file
    self.separator = separator
  }

  mutating func parse() throws(CityError) -> CSVTable {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    skipBlankLines()
    guard at < bytes.count else { throw .refused("expected a header line", file: file) }
    try parseRow()
    let names = fields.map(name)
    let width = names.count
    fields.removeAll()
    var lines: [Int] = []
    skipBlankLines()
    // As many rows as there are lines, but for blank ones and for line ends in quotes.
    let rows = bytes.withUnsafeBufferPointer { bytes in
      bytes.reduce(into: 1) { $0 &+= $1 == 0x0A ? 1 : 0 }
    }
    fields.reserveCapacity(rows * width)
    lines.reserveCapacity(rows)
    while at < bytes.count {
      let before = fields.count
      let rowLine = line
      try parseRow()
      guard fields.count - before == width else {
        throw .refused(
          "expected \(width) fields as in the header, found \(fields.count - before)", file: file,
          place: "line \(rowLine)")
      }
      lines.append(rowLine)
      skipBlankLines()
    }
    return CSVTable(file: file, header: names, content: bytes, fields: fields, lines: lines)
  }

  func name(_ f: CSVTable.Field) -> String {
    var text = Substring(decoding: bytes[f.start..<f.end], as: UTF8.self)
    if f.hasQuotes {
      text = Substring(
        text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\""))
    }
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  mutating func skipBlankLines() {
    while at < bytes.count && (bytes[at] == 0x0A || bytes[at] == 0x0D) {
      if bytes[at] == 0x0A { line += 1 }
      at += 1
    }
  }

  /// Reads the fields of one row and its line end.
  mutating func parseRow() throws(CityError) {
    while true {
      if at < bytes.count && bytes[at] == 0x22 {
        try parseQuoted()
      } else {
        let start = at
        at = endOfField(from: start)
        fields.append(CSVTable.Field(start: start, end: at, hasQuotes: false))
      }
      guard at < bytes.count else { return }
      if bytes[at] == separator {
        at += 1
        continue
      }
      if bytes[at] == 0x0D { at += 1 }
      if at < bytes.count && bytes[at] == 0x0A {
        at += 1
      }
      line += 1
      return
    }
  }

  /// Where a field without quotes ends: at the next separator or line end.
  private func endOfField(from start: Int) -> Int {
    return bytes.withUnsafeBufferPointer { bytes in
      var at = start
      while at < bytes.count {
        let b = bytes[at]
        // One question a byte: which ones are below a bound is as good as by chance.
        let ends: UInt8 =
          (b == separator ? 1 : 0) | (b == 0x0A ? 1 : 0) | (b == 0x0D ? 1 : 0)
        if ends != 0 { break }
        at += 1
      }
      return at
    }
  }

  mutating func parseQuoted() throws(CityError) {
    let firstLine = line
    at += 1
    let start = at
    var hasQuotes = false
    while at < bytes.count {
      if bytes[at] == 0x0A { line += 1 }
      if bytes[at] == 0x22 {
        if at + 1 < bytes.count && bytes[at + 1] == 0x22 {
          hasQuotes = true
          at += 1
        } else {
          break
        }
      }
      at += 1
    }
    guard at < bytes.count else {
      throw .refused("a quote that is never closed", file: file, place: "line \(firstLine)")
    }
    fields.append(CSVTable.Field(start: start, end: at, hasQuotes: hasQuotes))
    at += 1
    guard at == bytes.count || bytes[at] == separator || bytes[at] == 0x0A || bytes[at] == 0x0D
    else {
      throw .refused(
        "expected a separator or the end of the line after a quoted field", file: file,
        place: "line \(line)")
    }
  }
}
