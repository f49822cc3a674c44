import CityBase
import CityDemand
import CityNetwork

/// The city and run that calls are made for.
public struct CallSite {
  /// A file that the scenario names, seen from the current folder.
  public let path: (String) -> String
  /// Takes longitude and latitude (WGS 84, degrees) to metres of the working CRS; nil where the
  /// point lies outside of it.
  public let locate: (Point2) -> Point2?
  /// The nearest place by the road, and how many metres away it is.
  public let nearest: (Point2) -> (access: AccessPoint, distance: Double)?
  /// Where people live: drawn calls come from there.
  public let zones: ZoneSystem
  /// The box around the city in the working CRS; calls from outside are left out. Empty: anywhere.
  public let bounds: Box2
  public let clock: Clock
  /// What is simulated, in milliseconds from the start.
  public let simulatedWindow: Range<Int64>
  public let random: RandomStream

  public init(
    path: @escaping (String) -> String, locate: @escaping (Point2) -> Point2?,
    nearest: @escaping (Point2) -> (access: AccessPoint, distance: Double)?,
    zones: ZoneSystem, bounds: Box2, clock: Clock, simulatedWindow: Range<Int64>,
    random: RandomStream
  ) {
    self.path = path
    self.locate = locate
    self.nearest = nearest
    self.zones = zones
    self.bounds = bounds
    self.clock = clock
    self.simulatedWindow = simulatedWindow
    self.random = random
  }
}
