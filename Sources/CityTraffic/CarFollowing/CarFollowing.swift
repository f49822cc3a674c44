/// How a driver adapts the speed to the road and to the vehicle in front.
///
/// A model is a small value whose one function is inlined into the tick; it must use only
/// `+ - * /` and square roots.
public protocol CarFollowing: Sendable {
  /// The acceleration in m/s² at a speed (m/s), a desired speed (m/s), a net gap (m, infinite where
  /// the road is free) and the leader's speed (m/s).
  func acceleration(speed: Float, desired: Float, gap: Float, leaderSpeed: Float) -> Float
  /// The deceleration in m/s² that this driver finds comfortable, above 0.
  var comfortableBraking: Float { get }
  /// The gap in m that this driver keeps at standstill.
  var standstillGap: Float { get }
  /// The most that this driver accelerates by, in m/s².
  var maximumAcceleration: Float { get }
  /// The same for a driver who also sees how the leader accelerates (m/s², below 0 where it brakes).
  func acceleration(
    speed: Float, desired: Float, gap: Float, leaderSpeed: Float, leaderAcceleration: Float
  ) -> Float
}

extension CarFollowing {
  /// Most models do not look at the leader's acceleration.
  @inline(__always)
  public func acceleration(
    speed: Float, desired: Float, gap: Float, leaderSpeed: Float, leaderAcceleration: Float
  ) -> Float {
    acceleration(speed: speed, desired: desired, gap: gap, leaderSpeed: leaderSpeed)
  }
}

/// The Intelligent Driver Model of Treiber, Hennecke and Helbing (2000), Phys. Rev. E 62, 1805.
///
/// Above the desired speed the deceleration is at most the comfortable one. Defaults: a 1.5 m/s²,
/// b 2 m/s², T 1 s, s0 2 m, exponent 4, the values for city traffic in Treiber and Kesting,
/// Traffic Flow Dynamics (2013), with the shorter headway of city drivers.
public struct IntelligentDriver: CarFollowing, Equatable, BitwiseCopyable {
  public var maximumAcceleration: Float = 1.5
  public var comfortableBraking: Float = 2
  public var timeHeadway: Float = 1
  public var standstillGap: Float = 2
  /// 1 / (2 √(a b)), kept so that the tick has no square root here.
  private var inverseBrakingTerm: Float = 1 / (2 * Float(3).squareRoot())

  public init() {}

  /// The model with other parameters: m/s², m/s², s and m, all above 0.
  public init(
    maximumAcceleration: Float, comfortableBraking: Float, timeHeadway: Float, standstillGap: Float
  ) {
    self.maximumAcceleration = maximumAcceleration
    self.comfortableBraking = comfortableBraking
    self.timeHeadway = timeHeadway
    self.standstillGap = standstillGap
    inverseBrakingTerm = 1 / (2 * (maximumAcceleration * comfortableBraking).squareRoot())
  }

  @inline(__always)
  public func acceleration(speed: Float, desired: Float, gap: Float, leaderSpeed: Float) -> Float {
    let ratio = speed / desired
    let ratio2 = ratio * ratio
    let free = atLeast(-comfortableBraking, maximumAcceleration * (1 - ratio2 * ratio2))
    let dynamic =
      speed * timeHeadway + speed * (speed - leaderSpeed) * inverseBrakingTerm
    let wanted = standstillGap + atLeast(0, dynamic)
    let closeness = wanted / atLeast(0.1, gap)
    return free - maximumAcceleration * closeness * closeness
  }
}
