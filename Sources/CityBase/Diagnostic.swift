/// One thing that was wrong in an input, and what was done about it.
public struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
  public enum Severity: Int, Sendable, Comparable {
    /// Worth knowing; nothing was lost.
    case note
    /// Something was repaired or left out; the rest was read.
    case warning
    /// A whole part could not be used.
    case error
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  public var severity: Severity
  /// A short stable word for counting alike ones: `ring-repaired`, `crs-unknown`.
  public var code: String
  public var file: String
  /// A feature, JSON path, line or byte offset; empty where it is about the whole file.
  public var place: String
  /// What is wrong, and what was done.
  public var message: String

  public init(
    _ severity: Severity, code: String, file: String = "", place: String = "", _ message: String
  ) {
    self.severity = severity
    self.code = code
    self.file = file
    self.place = place
    self.message = message
  }

  public var description: String {
    let place = [file, place].filter { !$0.isEmpty }.joined(separator: ": ")
    let word = severity == .note ? "note" : severity == .warning ? "warning" : "error"
    return "\(word): \(place.isEmpty ? "" : place + ": ")\(message)"
  }
}

/// A list of diagnostics that keeps every one up to a limit of each code, and counts the rest, so
/// that a million broken features cannot fill the memory or the screen.
public struct Diagnostics: Sendable, Equatable {
  public private(set) var entries: [Diagnostic] = []
  /// How often each code came, in order of first appearance.
  public private(set) var counts: [(code: String, count: Int)] = []
  private var indexOfCode: [String: Int] = [:]
  public var limitPerCode = 50

  public init() {}

  public mutating func add(_ d: Diagnostic) {
    let i = index(of: d.code)
    counts[i].count += 1
    if counts[i].count <= limitPerCode { entries.append(d) }
  }

  /// Where a code is counted; a new one starts at 0.
  private mutating func index(of code: String) -> Int {
    if let known = indexOfCode[code] { return known }
    indexOfCode[code] = counts.count
    counts.append((code, 0))
    return counts.count - 1
  }

  public mutating func warn(
    _ code: String, file: String = "", place: String = "", _ message: String
  ) { add(Diagnostic(.warning, code: code, file: file, place: place, message)) }

  public mutating func note(
    _ code: String, file: String = "", place: String = "", _ message: String
  ) { add(Diagnostic(.note, code: code, file: file, place: place, message)) }

  public mutating func error(
    _ code: String, file: String = "", place: String = "", _ message: String
  ) { add(Diagnostic(.error, code: code, file: file, place: place, message)) }

  /// Adds all of another list, counts included.
  public mutating func add(contentsOf other: Diagnostics) {
    for d in other.entries { add(d) }
    for (code, count) in other.counts {
      let i = index(of: code)
      let kept = other.entries.count { $0.code == code }
      counts[i].count += count - kept
    }
  }

  /// How often a code came.
  public func count(of code: String) -> Int { indexOfCode[code].map { counts[$0].count } ?? 0 }
  public var isEmpty: Bool { counts.isEmpty }
  /// All that came, the ones no longer kept included.
  public var total: Int { counts.reduce(0) { $0 + $1.count } }

  public static func == (a: Diagnostics, b: Diagnostics) -> Bool {
    a.entries == b.entries && a.counts.elementsEqual(b.counts) { $0 == $1 }
  }
}
