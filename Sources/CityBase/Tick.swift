/// A count of steps since the start of a run.
public typealias Tick = Int64

/// The clock of a run: whole ticks of a fixed number of milliseconds from an epoch.
public struct Clock: Sendable, Hashable {
  /// The moment of tick 0.
  public let epoch: Instant
  /// The length of a tick in milliseconds, 100 to 1000.
  public let stepMilliseconds: Int64

  public init(epoch: Instant, stepMilliseconds: Int64) {
    self.epoch = epoch
    self.stepMilliseconds = stepMilliseconds
  }

  /// The length of a tick in seconds.
  public var stepSeconds: Double { Double(stepMilliseconds) / 1000 }
  /// The civil time at the start of a tick.
  public func instant(of tick: Tick) -> Instant {
    epoch.advanced(byMilliseconds: tick * stepMilliseconds)
  }
  /// Milliseconds from the epoch to the start of a tick.
  public func milliseconds(of tick: Tick) -> Int64 { tick * stepMilliseconds }
  /// The first tick that starts at or after a time in milliseconds from the epoch.
  public func tick(atOrAfter milliseconds: Int64) -> Tick {
    let q = milliseconds / stepMilliseconds
    return milliseconds > q * stepMilliseconds ? q + 1 : q
  }
}
