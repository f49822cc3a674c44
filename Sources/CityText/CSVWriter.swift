import CityBase

/// Writes a comma-separated table (RFC 4180 with plain line feeds).
public struct CSVWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  let columnCount: Int

  /// Starts a table with its header line.
  public init(columns: [String]) {
    columnCount = columns.count
    append(row: columns.map { .text($0) })
  }

  /// Goes on with a table whose header was written before.
  public init(continuing columns: [String]) { columnCount = columns.count }

  /// Adds a row. Null and numbers that are not finite give empty fields; missing fields at the end
  /// do too.
  public mutating func append(row: [PropertyValue]) {
    for i in 0..<max(columnCount, row.count) {
      if i > 0 { bytes.append(0x2C) }
      if i < row.count { append(row[i]) }
    }
    bytes.append(0x0A)
  }

  /// Takes what was written so far out of the writer, which goes on with an empty buffer.
  public mutating func takeBytes() -> [UInt8] {
    var out: [UInt8] = []
    swap(&out, &bytes)
    return out
  }

  private mutating func append(_ value: PropertyValue) {
    switch value {
    case .null: break
    case .bool(let b): bytes.append(contentsOf: Array((b ? "true" : "false").utf8))
    case .integer(let i): NumberText.append(i, to: &bytes)
    case .number(let d, let decimals):
      if d.isFinite { NumberText.append(d, maxDecimals: decimals, to: &bytes) }
    case .text(let t): append(text: t)
    }
  }

  private mutating func append(text: String) {
    var text = text
    text.withUTF8 { utf8 in
      var special: UInt8 = 0
      for b in utf8 { special |= b == 0x2C || b == 0x22 || b == 0x0A || b == 0x0D ? 1 : 0 }
      if special == 0 {
        bytes.append(contentsOf: utf8)
        return
      }
      bytes.append(0x22)
      for b in utf8 {
        if b == 0x22 { bytes.append(0x22) }
        bytes.append(b)
      }
      bytes.append(0x22)
    }
  }
}
