/// Drivers whom a device tells the travel times as they are now, and who leave their way for a better
/// one while driving.
public struct GuidanceSettings: Sendable, Equatable {
  /// The share of drivers that have one: 0 to 1. Who they are hangs on the trips alone.
  public var share = 0.0
  /// Seconds between two looks of one driver; the drivers take turns.
  public var intervalSeconds: Float = 300
  /// The share of the rest of the way's time that another way must save: drivers do not follow
  /// advice that gains them next to nothing (a tenth is a usual indifference band; Mahmassani and
  /// Jayakrishnan (1991) take a fifth, and at least a minute).
  public var leastSaving = 0.1

  /// And at least so many seconds (half a minute: this project's round figure).
  public var leastSavingSeconds = 30.0

  public init() {}
}
