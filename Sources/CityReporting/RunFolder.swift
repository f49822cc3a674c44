import CityBase
import CitySimulation
import CityText

/// The folder a run writes into. Every file in it appears whole.
public struct RunFolder: Sendable {
  /// The file by which a run folder is known.
  public static let markerFile = MarkedFolder.markerFile

  public let path: String

  /// A folder that is there already, to be gone on with.
  public init(existing path: String) { self.path = path }

  /// Makes an empty run folder; replaces an earlier run, and refuses any other folder that is not
  /// empty.
  public static func prepare(path: String) throws(CityError) -> RunFolder {
    let folder = RunFolder(existing: path)
    try folder.marked.prepare()
    return folder
  }

  /// Refuses a folder that holds something else than an earlier run; changes nothing. Asked before
  /// long work, so that nobody waits for a refusal.
  public func checkReplaceable() throws(CityError) { try marked.checkReplaceable() }

  private var marked: MarkedFolder {
    MarkedFolder(path: path, format: Manifest.format, word: "run")
  }

  /// Whether the run in this folder went to its end. Refuses a folder without a run.
  public func isComplete() throws(CityError) -> Bool {
    let file = path(of: Self.markerFile)
    guard InputFile.exists(path: file), marked.foundFormat == Manifest.format else {
      throw .refused("holds no run", file: path)
    }
    return try JSONValue.read(path: file)["ended"]?.string == RunEnding.complete.rawValue
  }

  /// The path of a file of this run.
  public func path(of name: String) -> String {
    marked.path(of: name)
  }

  /// Writes a file of this run.
  public func write(_ bytes: [UInt8], to name: String) throws(CityError) {
    try OutputFile.write(bytes, to: path(of: name))
  }

  /// Writes `metrics.json`: an object for each group, its figures in their own order.
  public func writeMetrics(_ groups: [MetricGroup]) throws(CityError) {
    try write(JSONFile.encode(groups), to: "metrics.json")
  }

  public func writePerformance(_ performance: Performance) throws(CityError) {
    try write(performance.encoded(), to: "performance.json")
  }

  public func writeManifest(_ manifest: Manifest) throws(CityError) {
    try write(manifest.encoded(), to: Self.markerFile)
  }

  /// Writes a table as `<name>.csv`.
  public func writeTable(_ table: some TableSource) throws(CityError) {
    var writer = CSVWriter(columns: table.tableColumns)
    for i in 0..<table.rowCount { writer.append(row: table.row(i)) }
    try write(writer.bytes, to: table.tableName + ".csv")
  }

  /// Writes a layer of figures over the whole run as `<name>.geojson`.
  public func writeSummary(
    _ layer: some SummaryLayer, at moment: Moment, projection: OutputProjection
  ) throws(CityError) {
    var buffer = FeatureBuffer()
    layer.addSummary(to: &buffer, at: moment)
    try buffer.project(projection)
    try write(buffer.collection(time: moment.instant), to: layer.summaryName + ".geojson")
  }
}
