import CityReporting
import Foundation

/// What one benchmark found, as a section of the results file.
struct Section {
  /// The name of the benchmark.
  var title: String
  /// What was measured on what, in a sentence or two.
  var about: String
  var rows: [Row] = []

  /// One figure, measured several times.
  struct Row {
    var name: String
    var unit: String
    var values: [Double]
  }

  mutating func add(_ name: String, _ unit: String, _ values: [Double]) {
    rows.append(Row(name: name, unit: unit, values: values))
  }

  /// A table for people and for the results file.
  var text: String {
    var lines = ["## \(title)", "", about, ""]
    lines.append("| figure | unit | median | minimum | maximum | spread | runs |")
    lines.append("|---|---|---:|---:|---:|---:|---:|")
    for row in rows {
      let sorted = row.values.sorted()
      guard let low = sorted.first, let high = sorted.last else { continue }
      let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
      let spread = median > 0 ? "\(Int(((high - low) / median * 100).rounded())) %" : "-"
      let figures = [median, low, high].map(Self.figure).joined(separator: " | ")
      lines.append("| \(row.name) | \(row.unit) | \(figures) | \(spread) | \(sorted.count) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Three digits that say something, thousands apart.
  static func figure(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "-" }
    if abs(value) < 10 { return String(format: "%.2f", value) }
    if abs(value) < 100 { return String(format: "%.1f", value) }
    var digits = String(Int(value.rounded()))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }
}

/// Wall and processor seconds of a piece of work.
struct Timing {
  var wall: Double
  var cpu: Double

  static func of<Result>(_ work: () throws -> Result) rethrows -> (timing: Timing, result: Result) {
    let wall = ProcessClock.wallSeconds()
    let cpu = ProcessClock.cpuSeconds()
    let result = try work()
    return (
      Timing(wall: ProcessClock.wallSeconds() - wall, cpu: ProcessClock.cpuSeconds() - cpu), result
    )
  }
}

/// A folder for what a benchmark writes, gone when it ends.
struct Scratch {
  let path: String

  static func with<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("citytwin-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(Scratch(path: url.path))
  }

  func file(_ name: String) -> String { path + "/" + name }
}
