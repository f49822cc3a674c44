import CityBase
import CityText

/// The folder a comparison writes into. Every file in it appears whole.
public struct ComparisonFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Makes an empty folder; replaces an earlier comparison, and refuses any other folder that is
  /// not empty.
  public func prepare() throws(CityError) { try marked.prepare() }

  /// Refuses a folder that holds something else than an earlier comparison; changes nothing.
  public func checkReplaceable() throws(CityError) { try marked.checkReplaceable() }

  private var marked: MarkedFolder {
    MarkedFolder(path: path, format: ComparisonManifest.format, word: "comparison")
  }

  public func write(_ manifest: ComparisonManifest) throws(CityError) {
    try OutputFile.write(manifest.encoded(), to: marked.path(of: MarkedFolder.markerFile))
  }

  /// Writes `comparison.json`, a list of objects, and `comparison.csv` with the same columns.
  public func write(_ rows: [FigureComparison]) throws(CityError) {
    var json = JSONWriter(pretty: true)
    json.beginArray()
    var csv = CSVWriter(columns: FigureComparison.columns)
    for row in rows {
      json.beginObject()
      for (name, value) in zip(FigureComparison.columns, row.cells) {
        json.member(name, value)
      }
      json.endObject()
      csv.append(row: row.cells)
    }
    json.endArray()
    json.newline()
    try OutputFile.write(json.bytes, to: marked.path(of: "comparison.json"))
    try OutputFile.write(csv.bytes, to: marked.path(of: "comparison.csv"))
  }

  /// Writes `replications.csv`: every figure of every run, a row each. `runs` are by scenario, as
  /// `labels` are; nil is a run that has not ended.
  public func write(labels: [String], runs: [[Replication?]]) throws(CityError) {
    var csv = CSVWriter(columns: ["scenario", "replication", "seed", "figure", "value"])
    for (label, replications) in zip(labels, runs) {
      for (i, run) in replications.enumerated() {
        guard let run else { continue }
        for (name, value) in zip(run.figures.names, run.figures.values) {
          csv.append(row: [
            .text(label), .integer(Int64(i + 1)), .text("\(run.seed)"), .text(name),
            value.map { .number($0) } ?? .null,
          ])
        }
      }
    }
    try OutputFile.write(csv.bytes, to: marked.path(of: "replications.csv"))
  }
}

extension FigureComparison {
  static let columns = [
    "variant", "figure", "baseline", "value", "difference", "low", "high", "replications",
  ]

  var cells: [PropertyValue] {
    func number(_ value: Double?) -> PropertyValue {
      value.map { .number($0, decimals: 6) } ?? .null
    }
    return [
      .text(variant), .text(figure), number(difference.baseline), number(difference.value),
      number(difference.difference), number(difference.interval?.lowerBound),
      number(difference.interval?.upperBound), .integer(Int64(difference.replications)),
    ]
  }
}
