import CityBase
import CityDemand
import CityNetwork
import CitySimulation

/// Parking on the common clock: who stands where, who looks for a space, who has given up.
public final class ParkingDomain: ReportingDomain {
  public let name = "parking"

  /// Puts the parking of a run together. `trips` are those of the demand, in the order of their
  /// vehicles' ids; figures count trips due within `measured` (milliseconds from the epoch).
  public init(
    supply: [ParkingSupply], settings: ParkingSettings, trips: [Trip], network: RoadNetwork,
    traffic: any TrafficServices, clock: Clock, measured: Range<Int64>, random: RandomStream
  ) {}

  /// The most drives that such a run begins: traffic has to reserve room for them.
  public static func reservedDrives(
    trips: [Trip], supply: [ParkingSupply], settings: ParkingSettings
  ) -> Int {
    trips.count { settings.purposes.contains($0.purpose) }
      + supply.reduce(0) { $0 + settings.initial.cars(in: $1) }
  }

  public func decide(_ moment: Moment) {}
  public func advance(_ moment: Moment) {}
  public func insert(_ moment: Moment) {}
  public func violations() -> [String] { [] }
  public func metrics() -> [MetricGroup] { [MetricGroup("parking", [])] }
  public func encodeState(into writer: inout StateWriter) {}
  public func decodeState(from reader: inout StateReader) throws(CityError) {}
}
