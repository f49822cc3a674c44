import CityBase

/// What a command line may say about a run beside its scenario.
public struct RunOptions: Sendable {
  /// Takes the place of the scenario's seed.
  public var seed: UInt64?
  /// 1 or more.
  public var threads: Int
  /// Ends the run early, as if the scenario said so.
  public var until: TimeText?
  /// Ends the run as an interruption would.
  public var stopAt: TimeText?
  /// Between two checkpoints; takes the place of the scenario's.
  public var checkpointMilliseconds: Int64?

  public init(
    seed: UInt64? = nil, threads: Int = 1, until: TimeText? = nil, stopAt: TimeText? = nil,
    checkpointMilliseconds: Int64? = nil
  ) {
    self.seed = seed
    self.threads = threads
    self.until = until
    self.stopAt = stopAt
    self.checkpointMilliseconds = checkpointMilliseconds
  }
}
