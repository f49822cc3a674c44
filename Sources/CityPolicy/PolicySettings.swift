import CityBase
import CityNetwork
import CitySimulation
import CityText

/// What a scenario says about one policy of one type, before it meets a city.
///
/// A new policy is a type that conforms to this, in a file of its own, and a line in the
/// registry of CityScenario.
public protocol PolicySettings: Sendable {
  /// The word a scenario writes as `type`.
  static var typeName: String { get }
  /// Reads the keys of this type; `type` and `name` are read by the caller, who also refuses
  /// the keys that nobody asked for.
  init(from reader: inout JSONObjectReader) throws(CityError)
  /// Binds the settings to a city; refuses what the city does not have.
  func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy
}

/// The city that policies are bound to.
public struct PolicySite {
  public let network: RoadNetwork
  public let clock: Clock
  /// The first tick that is no longer simulated.
  public let endTick: Tick
  /// Takes longitude and latitude (WGS 84, degrees) to metres of the working CRS; nil where the
  /// point lies outside of it.
  public let locate: (Point2) -> Point2?

  public init(
    network: RoadNetwork, clock: Clock, endTick: Tick,
    locate: @escaping (Point2) -> Point2?
  ) {
    self.network = network
    self.clock = clock
    self.endTick = endTick
    self.locate = locate
  }

  /// The first tick at or after a moment; 0 for moments before the start.
  public func tick(of time: TimeText) -> Tick {
    max(0, clock.tick(atOrAfter: max(0, time.milliseconds(from: clock.epoch))))
  }
}
