import CityBase

/// The adaptive-cruise form of the IDM by Kesting, Treiber and Helbing (2010), "Enhanced intelligent
/// driver model to access the impact of driving strategies on traffic capacity", Phil. Trans. R. Soc.
/// A 368, 4585-4605.
///
/// Where the IDM brakes harder than a driver has to who trusts that the leader will not suddenly
/// brake (the constant-acceleration heuristic), it brakes nearly as that one does: a cut-in is
/// answered calmly. Like the IDM elsewhere.
public struct AdaptiveCruise: CarFollowing, Equatable, BitwiseCopyable {
  public var base: IntelligentDriver
  /// The share of the heuristic, 0 (the IDM) to 1; 0.99 in the paper.
  public var coolness: Float = 0.99

  /// The form over an IDM of some parameters.
  public init(_ base: IntelligentDriver = IntelligentDriver()) { self.base = base }

  public var comfortableBraking: Float { base.comfortableBraking }
  public var standstillGap: Float { base.standstillGap }
  public var maximumAcceleration: Float { base.maximumAcceleration }

  @inline(__always)
  public func acceleration(speed: Float, desired: Float, gap: Float, leaderSpeed: Float) -> Float {
    acceleration(
      speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed, leaderAcceleration: 0)
  }

  public func acceleration(
    speed: Float, desired: Float, gap: Float, leaderSpeed: Float, leaderAcceleration: Float
  ) -> Float {
    let own = base.acceleration(
      speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
    guard gap < .infinity else { return own }
    let free = base.acceleration(
      speed: speed, desired: desired, gap: .infinity, leaderSpeed: leaderSpeed)
    let heuristic = constantAcceleration(
      speed: speed, gap: max(gap, 0.1), leaderSpeed: leaderSpeed,
      leaderAcceleration: leaderAcceleration)
    // Beyond the paper: nobody follows a leader to a speed he does not want.
    let needed = min(free, heuristic)
    if own >= needed { return own }
    let b = base.comfortableBraking
    return (1 - coolness) * own + coolness * (needed + b * Self.tanh((own - needed) / b))
  }

  /// The paper's equation for the acceleration that is enough as long as the leader goes on as it
  /// does, and does not accelerate by more than the driver would.
  private func constantAcceleration(
    speed v: Float, gap s: Float, leaderSpeed: Float, leaderAcceleration: Float
  ) -> Float {
    let a = min(leaderAcceleration, base.maximumAcceleration)
    let closing = v - leaderSpeed
    // The leader stands before the follower has come up with it.
    if a < 0 && leaderSpeed * closing <= -2 * s * a {
      return v * v * a / (leaderSpeed * leaderSpeed - 2 * s * a)
    }
    return closing > 0 ? a - closing * closing / (2 * s) : a
  }

  /// tanh from the portable `exp`, for the same bits everywhere.
  private static func tanh(_ x: Float) -> Float {
    Float(1 - 2 / (PortableMath.exp(2 * Double(x)) + 1))
  }
}
