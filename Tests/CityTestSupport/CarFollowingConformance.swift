import CityTraffic

/// What every car-following model must keep to, whatever its form. A new model has one test that
/// calls this.
public enum CarFollowingConformance {
  /// The rules that a driver breaks at a step in s, in words; empty if none.
  ///
  /// Alone it comes to within 2 % of its desired speed, and beyond it by a step's overshoot of 4 % at
  /// most; behind something that stands it comes to a stop at its gap at standstill, to half a metre
  /// and what braking within a step instead of continuously adds, b Δ² / 8; a wider gap or a faster
  /// leader never makes it brake harder; and neither it nor a string of eight like it run into a
  /// leader that brakes at 4 m/s² to a stop, comes up to that from behind at any speed, or drives as
  /// in a queue, with braking of 8 m/s² at most.
  public static func violations(of driver: any CarFollowing, step: Float) -> [String] {
    var found: [String] = []
    checkMonotone(driver, &found)
    checkFreeRoad(driver, step, &found)
    for speed: Float in [3, 8, 14, 25, 36] { checkApproach(driver, step, speed, &found) }
    for speed: Float in [5, 14, 30] { checkString(driver, step, speed, &found) }
    return found
  }

  private static func checkMonotone(_ driver: any CarFollowing, _ found: inout [String]) {
    func ask(_ v: Float, _ gap: Float, _ leader: Float, _ leaderAcceleration: Float) -> Float {
      driver.acceleration(
        speed: v, desired: 15, gap: gap, leaderSpeed: leader,
        leaderAcceleration: leaderAcceleration)
    }
    let gaps: [Float] = [0.2, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233]
    for v: Float in [0, 0.5, 2, 5, 9, 14, 16, 25] {
      for leader: Float in [0, 1, 4, 9, 14, 20] {
        for a: Float in [-4, -1, 0, 1] {
          let all = gaps.map { ask(v, $0, leader, a) } + [ask(v, .infinity, leader, a)]
          if !all.allSatisfy(\.isFinite) { found.append("at \(v), \(leader), \(a): \(all)") }
          // Rounding in numbers of up to some thousand m/s².
          for (near, far) in zip(all, all.dropFirst()) where far < near - abs(near) * 1e-5 - 1e-4 {
            found.append("at \(v) behind \(leader), \(a): brakes harder at a wider gap (\(all))")
            break
          }
          for gap in gaps where ask(v, gap, leader + 1, a) < ask(v, gap, leader, a) - 1e-3 {
            found.append("at \(v), gap \(gap): brakes harder behind \(leader + 1) than \(leader)")
          }
        }
      }
    }
  }

  private static func checkFreeRoad(
    _ driver: any CarFollowing, _ step: Float, _ found: inout [String]
  ) {
    for desired: Float in [5, 14, 33] {
      var car = Car(position: 0, speed: 0)
      for _ in 0..<Int(180 / step) {
        car.move(
          driver.acceleration(speed: car.speed, desired: desired, gap: .infinity, leaderSpeed: 0),
          step)
        if car.speed > desired * 1.04 { found.append("drives \(car.speed) of \(desired)") }
      }
      if !(0.98...1.001 ~= car.speed / desired) {
        found.append("comes to \(car.speed) of \(desired)")
      }
    }
  }

  private static func checkApproach(
    _ driver: any CarFollowing, _ step: Float, _ speed: Float, _ found: inout [String]
  ) {
    var car = Car(position: -400, speed: speed)
    for _ in 0..<Int(300 / step) {
      car.move(
        driver.acceleration(speed: car.speed, desired: speed, gap: -car.position, leaderSpeed: 0),
        step)
      if car.position > 0 { return found.append("from \(speed) m/s: runs into what stands") }
    }
    let tolerance = 0.5 + min(8, driver.comfortableBraking) * step * step / 8
    if abs(-car.position - driver.standstillGap) > tolerance {
      found.append("from \(speed) m/s: stops at \(-car.position) of \(driver.standstillGap) m")
    }
  }

  /// Eight followers behind a leader that drives, brakes to a stop, waits, and drives again in fits.
  private static func checkString(
    _ driver: any CarFollowing, _ step: Float, _ speed: Float, _ found: inout [String]
  ) {
    let length: Float = 5
    let headway = driver.standstillGap + speed * 2 + length
    var cars = (0...8).map { Car(position: -Float($0) * headway, speed: speed) }
    for i in 0..<Int(150 / step) {
      let t = Float(i) * step
      let wanted: Float =
        t < 10
        ? 0
        : t < 30
          ? -4
          : t < 60
            ? 1.5
            : (t - 60).truncatingRemainder(dividingBy: 12) < 6
              ? -3 : 2
      var before = cars[0]
      cars[0].move(cars[0].speed >= speed && wanted > 0 ? 0 : wanted, step)
      for k in 1...8 {
        let now = cars[k]
        let leaderAcceleration = (cars[k - 1].speed - before.speed) / step
        cars[k].move(
          driver.acceleration(
            speed: now.speed, desired: 1.2 * speed, gap: before.position - length - now.position,
            leaderSpeed: before.speed, leaderAcceleration: leaderAcceleration), step)
        if cars[k].position > cars[k - 1].position - length {
          return found.append("at \(speed) m/s: follower \(k) runs into its leader after \(t) s")
        }
        before = now
      }
    }
  }

  private struct Car {
    var position: Float
    var speed: Float

    /// The ballistic update with the stop inside the step.
    mutating func move(_ acceleration: Float, _ step: Float) {
      let a = max(acceleration, -8)
      let next = speed + a * step
      if next < 0 {
        position += speed * speed / (-2 * a)
        speed = 0
      } else {
        position += (speed + next) / 2 * step
        speed = next
      }
    }
  }
}
