import CityBase

/// One domain of the city on the common clock: traffic, parking, emergency.
///
/// The simulation calls the phases of a tick in their fixed order, each for all domains in the
/// order of registration. No phase reads what another one writes in the same phase.
public protocol Domain: AnyObject, Checkpointable {
  /// The word this domain goes by in `metrics.json` and checkpoints.
  var name: String { get }
  /// Phase 2: choices that need the whole state, one after the other.
  func decide(_ moment: Moment)
  /// Phases 3 to 7: change, grant, plan, commit, transfer, in parallel.
  func advance(_ moment: Moment)
  /// Phase 8: departures, and leavers of kerbs and access points.
  func insert(_ moment: Moment)
}

/// What every phase of a tick is told.
public struct Moment: Sendable {
  public let tick: Tick
  public let clock: Clock
  public let random: RandomStream
  public let overrides: CityOverrides

  public init(tick: Tick, clock: Clock, random: RandomStream, overrides: CityOverrides) {
    self.tick = tick
    self.clock = clock
    self.random = random
    self.overrides = overrides
  }
  /// Seconds of one tick.
  public var stepSeconds: Float { Float(clock.stepMilliseconds) / 1000 }
  public var milliseconds: Int64 { clock.milliseconds(of: tick) }
}
