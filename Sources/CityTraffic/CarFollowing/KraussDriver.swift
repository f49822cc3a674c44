/// The model of Krauss (1998), "Microscopic modeling of traffic flow", DLR-Forschungsbericht 98-08,
/// as a comparison with SUMO, whose default it is.
///
/// A driver is never faster than what lets him stop behind a leader that brakes at `b` until it
/// stands, after a reaction time τ: v τ + v² / 2b = g + v_l² / 2b with the gap g beyond the one at
/// standstill. Within a step Δ he drives at the mean of the old speed and the new one (the ballistic
/// update), so that the new one, v', keeps (v + v') Δ/2 + v' (τ - Δ) + v'² / 2b within that; for τ of
/// a step or more nobody then has to brake harder than b. Below the safe speed he takes his
/// greatest acceleration. `imperfection` (σ) is how much of it he falls short of at random
/// (`dawdled`). Defaults are those of SUMO's passenger cars: 2.6 and 4.5 m/s², τ 1 s, 2.5 m, σ 0.5.
public struct KraussDriver: CarFollowing, Equatable, BitwiseCopyable {
  public var maximumAcceleration: Float = 2.6
  public var comfortableBraking: Float = 4.5
  public var timeHeadway: Float = 1
  public var standstillGap: Float = 2.5
  /// 0 to 1.
  public var imperfection: Float = 0.5
  /// The step in s, within which a speed is reached.
  public var step: Float

  /// The model with SUMO's parameters at a step in s, above 0.
  public init(step: Float) { self.step = step }

  public func acceleration(speed: Float, desired: Float, gap: Float, leaderSpeed: Float) -> Float {
    let free = max(-comfortableBraking, min(maximumAcceleration, (desired - speed) / step))
    guard gap < .infinity else { return free }
    let reach = comfortableBraking * max(0, timeHeadway - step / 2)
    let room = gap - standstillGap - speed * step / 2
    let square = reach * reach + leaderSpeed * leaderSpeed + 2 * comfortableBraking * room
    let safe = max(0, max(0, square).squareRoot() - reach)
    return min(free, (safe - speed) / step)
  }

  /// An acceleration less what the driver falls short of it by chance, with a number `u` in [0, 1):
  /// σ times the greatest acceleration at most, less below the speed that one second of it gives, so
  /// that nobody stands still for carelessness (as SUMO has it).
  public func dawdled(_ acceleration: Float, speed: Float, _ u: Float) -> Float {
    let next = speed + acceleration * step
    guard next > 0 else { return acceleration }
    let lost = imperfection * min(maximumAcceleration, next) * u
    return max(acceleration - lost, -speed / step)
  }
}
