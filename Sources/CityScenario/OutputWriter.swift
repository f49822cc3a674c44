import CityBase
import CityModel
import CityNetwork
import CityReporting
import CitySimulation
import CityText
import CityTraffic

/// Something that a scenario can have written during a run, under keys of its own in `outputs`.
///
/// A new output is a type that conforms to this, in a file of its own, and a line in the
/// registry.
public protocol OutputWriter: Sendable {
  /// Reads its own keys of the `outputs` object; `intervalMilliseconds` is the common interval.
  init(from reader: inout JSONObjectReader, intervalMilliseconds: Int64) throws(CityError)
  /// Writes its keys with defaults filled in, into the object that is open.
  func write(to writer: inout JSONWriter)
  /// The recorder that does the writing; nil where the scenario does not ask for it. Refuses what
  /// this run cannot show.
  func makeRecorder(for run: OutputSite) throws(CityError) -> (any RunRecorder)?
}

/// What an output can draw on.
public struct OutputSite {
  public var scenarioPath: String
  public var folder: RunFolder
  public var projection: OutputProjection
  /// Every snapshot layer of this run; a scenario names those it wants.
  public var layers: [any SnapshotLayer]
  public var intervalSources: [any IntervalSource]
  public var intervalTables: [any IntervalTable]
  public var map: CityMap
  public var traffic: TrafficDomain
  public var network: RoadNetwork { traffic.network }
}
