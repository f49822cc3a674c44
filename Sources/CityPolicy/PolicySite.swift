import CityBase
import CityModel
import CityNetwork
import CitySimulation

/// The city that policies are bound to.
public struct PolicySite {
  public let map: CityMap
  public let network: RoadNetwork
  public let clock: Clock
  /// The first tick that is no longer simulated.
  public let endTick: Tick
  /// Takes longitude and latitude (WGS 84, degrees) to metres of the working CRS; nil where the
  /// point lies outside of it.
  public let locate: (Point2) -> Point2?
  /// The nearest place by a road on which one can drive to and from everywhere, for a point in
  /// metres of the working CRS, and how many metres away it is; nil where none is near.
  public let nearest: (Point2) -> (access: AccessPoint, distance: Double)?

  public init(
    map: CityMap, network: RoadNetwork, clock: Clock, endTick: Tick,
    locate: @escaping (Point2) -> Point2?,
    nearest: @escaping (Point2) -> (access: AccessPoint, distance: Double)?
  ) {
    self.map = map
    self.network = network
    self.clock = clock
    self.endTick = endTick
    self.locate = locate
    self.nearest = nearest
  }

  /// The first tick at or after a moment; 0 for moments before the start.
  public func tick(of time: TimeText) -> Tick {
    max(0, clock.tick(atOrAfter: max(0, time.milliseconds(from: clock.epoch))))
  }
}
