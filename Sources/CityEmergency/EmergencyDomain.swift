import CityBase
import CityNetwork
import CitySimulation

/// Ambulances, fire engines and police cars, and the calls they serve.
public final class EmergencyDomain: ReportingDomain {
  public let name = "emergency"

  /// Puts the units at their posts. `measured` is in milliseconds from the start of the clock:
  /// figures are about the calls that come within it.
  public init(
    sites: EmergencySites, calls: [Call], settings: EmergencySettings, network: RoadNetwork,
    traffic: any TrafficServices, clock: Clock, measured: Range<Int64>, random: RandomStream
  ) {
  }

  /// How many drives these calls can ask traffic for at most.
  public static func reservedDrives(calls: [Call]) -> Int { 3 * calls.count }

  public func decide(_ moment: Moment) {}
  public func advance(_ moment: Moment) {}
  public func insert(_ moment: Moment) {}
  public func metrics() -> [MetricGroup] { [] }
  public func violations() -> [String] { [] }
  public func encodeState(into writer: inout StateWriter) {}
  public func decodeState(from reader: inout StateReader) throws(CityError) {}
}
