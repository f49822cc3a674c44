import CityBase

/// A group of final figures in `metrics.json`: `trips`, `traffic`, `parking`.
public struct MetricGroup: Sendable {
  public var name: String
  public var figures: [Property]
  public init(_ name: String, _ figures: [Property]) {
    self.name = name
    self.figures = figures
  }
}

/// A domain's final figures.
public protocol MetricSource {
  /// The groups as they stand after the tick just done.
  func metrics() -> [MetricGroup]
}

/// Figures that go into `timeseries.csv`, one row an interval.
public protocol IntervalSource: AnyObject {
  /// The names of the columns, the same at every call.
  var intervalColumns: [String] { get }
  /// The figures of the interval that ends now, in column order; starts the next interval.
  func closeInterval(seconds: Double) -> [PropertyValue]
}

/// A table that grows by some rows at the end of every interval, such as `movements.csv`.
///
/// What it measures costs nothing and is no state until it is started.
public protocol IntervalTable: AnyObject, Checkpointable {
  /// The file's name without the ending, and the word by which a scenario asks for it.
  var tableName: String { get }
  var tableColumns: [String] { get }
  /// Begins to measure; called before the first tick, or before the state is restored.
  func start()
  /// Adds the rows of the interval that ends now, in column order, and starts the next one.
  func closeInterval(from begin: Instant, to end: Instant, _ add: ([PropertyValue]) -> Void)
}

/// A table that is written as CSV at the end of a run, such as `trips.csv`.
public protocol TableSource {
  /// The file's name without the ending.
  var tableName: String { get }
  var tableColumns: [String] { get }
  var rowCount: Int { get }
  /// One row, in column order.
  func row(_ index: Int) -> [PropertyValue]
}

/// The shape of a feature in metres of the working CRS.
public enum FeatureShape: Sendable {
  case point(Point2)
  case line([Point2])
  /// Lines of one feature; those of fewer than two points are left out.
  case lines([[Point2]])
  /// The outer ring first, then holes; closed or not, in any direction.
  case polygon([[Point2]])
}

/// Where snapshot layers put their features; the writer adds `time`, projects and orients.
public protocol FeatureSink {
  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property])
}

/// Something that shows itself in snapshots: vehicles, links, facilities.
public protocol SnapshotLayer {
  /// The word by which a scenario asks for this layer.
  var layerName: String { get }
  /// Adds a feature for each thing as it stands at this moment, in a fixed order.
  func addFeatures(to sink: inout some FeatureSink, at moment: Moment)
}

/// Features with figures over the whole measured window, written once at the end
/// (`links.geojson`).
public protocol SummaryLayer {
  /// The file's name without the ending.
  var summaryName: String { get }
  func addSummary(to sink: inout some FeatureSink, at moment: Moment)
}

/// Someone who looks at the city at the end of every tick and writes outputs when they are due.
public protocol Recorder: AnyObject, Checkpointable {
  /// Phase 9.
  func record(_ moment: Moment) throws(CityError)
}

/// A domain with all it has to show: the runner asks these of every domain alike.
public protocol ReportingDomain: Domain, MetricSource {
  /// What scenarios can have shown in snapshots.
  var snapshotLayers: [any SnapshotLayer] { get }
  /// What is written once at the end as GeoJSON.
  var summaryLayers: [any SummaryLayer] { get }
  /// Columns of `timeseries.csv`.
  var intervalSources: [any IntervalSource] { get }
  /// What scenarios can have measured and written, some rows an interval.
  var intervalTables: [any IntervalTable] { get }
  /// What is written once at the end as CSV.
  func tables(clock: Clock) -> [any TableSource]
  /// Which of its books do not balance after a tick, in words; empty where all do. For tests.
  func violations() -> [String]
}

extension ReportingDomain {
  public var snapshotLayers: [any SnapshotLayer] { [] }
  public var summaryLayers: [any SummaryLayer] { [] }
  public var intervalSources: [any IntervalSource] { [] }
  public var intervalTables: [any IntervalTable] { [] }
  public func tables(clock: Clock) -> [any TableSource] { [] }
}
