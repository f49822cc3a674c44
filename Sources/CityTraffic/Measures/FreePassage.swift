/// The time a driver needs over an approach and its junction when nobody and no signal is in the
/// way: the measure that control delay is counted from.
///
/// The driver speeds up from the speed of entry to the desired one, drives on, slows down to the
/// speed of the turn at the anticipation rate of the tick, and goes round. On an approach too short
/// for all of that the greatest speed in between is what constant rates allow. What the geometry
/// costs is so no delay, as the Highway Capacity Manual has it (HCM 2010, chapter 18: control delay
/// is that of slowing down, queueing, standing and speeding up because of the control).
enum FreePassage {
  /// m/s²; `Rule.anticipation`, at which slower stretches are driven at.
  static let braking = Rule.anticipation
  /// How a driver speeds up on a free road: a lorry or a calm driver takes longer, which no junction
  /// is to blame for.
  struct SpeedingUp {
    /// m/s² from standstill, above 0.
    var acceleration: Float
    /// Whether it stays the same up to the desired speed, as Krauss has it; else it falls with the
    /// fourth power of the speed, as in the Intelligent Driver Model.
    var isEven = false
  }

  /// Seconds over `metres` of approach and `turnMetres` of junction. Speeds in m/s; `desired` and
  /// `turning` above 0.
  static func seconds(
    metres: Float, entrySpeed: Float, desired: Float, turning: Float, turnMetres: Float,
    _ speedingUp: SpeedingUp
  ) -> Float {
    let entry = min(max(0, entrySpeed), desired)
    let exit = min(turning, desired)
    let (a, b) = (max(0.1, speedingUp.acceleration), braking)
    let squared = (2 * a * b * metres + b * entry * entry + a * exit * exit) / (a + b)
    let top = min(desired, max(squared, 0.01).squareRoot())
    let cruising = max(top, 0.1)
    return metres / cruising + lossOfSpeedingUp(from: entry, to: cruising, speedingUp)
      + lossOfSlowingDown(from: cruising, to: exit) + turnMetres / max(exit, 0.1)
  }

  /// Seconds lost, against a drive at `target`, until a driver at `speed` has come up to it.
  ///
  /// Of the Intelligent Driver Model on a free road (exponent 4): v0/a times the integral of
  /// (1 - u) / (1 - u⁴) = 1 / ((1 + u)(1 + u²)) over u = v/v0 from the speed to 1, by Simpson's
  /// rule, whose error is below 0.4 % of v0/a. At an even rate: v0/a times (1 - u)² / 2.
  static func lossOfSpeedingUp(from speed: Float, to target: Float, _ speedingUp: SpeedingUp)
    -> Float
  {
    let u = max(0, speed) / target
    if u >= 1 { return 0 }
    let acceleration = max(0.1, speedingUp.acceleration)
    if speedingUp.isEven { return target / acceleration * (1 - u) * (1 - u) / 2 }
    func integrand(_ u: Float) -> Float { 1 / ((1 + u) * (1 + u * u)) }
    let mean = (integrand(u) + 4 * integrand((u + 1) / 2) + 0.25) / 6
    return target / acceleration * mean * (1 - u)
  }

  private static func lossOfSlowingDown(from speed: Float, to target: Float) -> Float {
    if speed <= target { return 0 }
    let less = speed - target
    return less * less / (2 * braking * speed)
  }
}

/// The letters of the Highway Capacity Manual for control delay.
///
/// The manual also gives an F to a demand above capacity; who is counted here has been served, so
/// that the delay alone decides.
enum LevelOfService {
  /// Seconds up to which each letter from A to E goes (HCM 2010, exhibits 18-4 and 19-1).
  static let signalised: [Double] = [10, 20, 35, 55, 80]
  static let unsignalised: [Double] = [10, 15, 25, 35, 50]

  /// The letter of a mean control delay in seconds.
  static func letter(delay: Double, isSignalised: Bool) -> String {
    let limits = isSignalised ? signalised : unsignalised
    let letters = ["A", "B", "C", "D", "E"]
    return zip(limits, letters).first { delay <= $0.0 }?.1 ?? "F"
  }
}
