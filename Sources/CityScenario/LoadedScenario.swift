import CityBase
import CityDemand
import CityModel
import CityNetwork
import CityPolicy
import CityReporting
import CitySimulation
import CityTraffic

/// A scenario with everything it names read and bound together: ready to run, nothing written yet.
public struct LoadedScenario: Sendable {
  public let scenario: ScenarioFile
  public let city: LoadedCity
  public let clock: Clock
  /// The first tick that is no longer simulated.
  public let endTick: Tick
  public let seed: UInt64
  /// Trips with a way, within the time of the scenario.
  public let demand: TrafficDemand
  /// What the trips are made with; they name these by index.
  public let vehicleTypes: [VehicleType]
  /// How the parts of the demand came about, in the scenario's order.
  public let parts: [Part]
  /// Trips that no way leads for.
  public let refused: [RefusedTrip]
  /// What the assignments before the run came to.
  public let preRun: [PreRunFigures]
  /// Who controls which signal when.
  public let signals: SignalSetup
  /// Nil where the scenario has no parking.
  public let parking: LoadedParking?
  /// Nil where the scenario has no emergencies.
  public let emergency: LoadedEmergency?
  public let policies: [any Policy]
  public let inputs: [InputRecord]
  public let diagnostics: Diagnostics

  /// What there is to tell about one part of the demand.
  public struct Part: Sendable {
    /// The first word of the names of its trips.
    public var prefix: String
    /// How its number of trips was found, where that follows from a load.
    public var load: LoadedDemand?
    /// Trips that were drawn and do not set out, because their way leads over crowded movements.
    public var leftOut: Int
    /// Gates at the edge of the city that it uses, inwards and outwards.
    public var gates: (inbound: Int, outbound: Int)
  }

  public var map: CityMap { city.map }
  public var network: RoadNetwork { city.network }
  public var networkHash: UInt64 { city.networkHash }

  /// The measured window in milliseconds from the start, cut off where the run ends.
  public var measuredWindow: Range<Int64> {
    let end = clock.milliseconds(of: endTick)
    let window = scenario.clock.measuredWindow
    return min(window.lowerBound, end)..<min(window.upperBound, end)
  }
}

extension TrafficDemand {
  /// The trips that can be made, with their first routes.
  init(_ assignment: RouteAssignment) {
    let arena = assignment.routes.arena
    let routes = assignment.routes.routeOfTrip.values
    self.init(
      trips: assignment.trips.values, routeFirst: routes.map { arena.first[$0.index] },
      routeCount: routes.map { Int32(arena[$0].count) }, links: arena.links,
      freeFlowSeconds: assignment.freeFlowSeconds.values)
  }
}
