import CityTraffic
import Foundation

/// The Intelligent Driver Model written down once more from its paper (Treiber, Hennecke and Helbing
/// 2000), in double precision and for one lane, with the ballistic update of Treiber and Kanagaraj
/// (2015): what the engine is held against, at a step so small that its error is below all that is
/// asked for. It shares nothing with the engine but the parameters.
struct ReferenceDriver {
  var a: Double
  var b: Double
  var headway: Double
  var gap: Double
  var desired = Track.limit
  var length: Double

  /// The shipped parameters.
  init() {
    let model = IntelligentDriver()
    a = Double(model.maximumAcceleration)
    b = Double(model.comfortableBraking)
    headway = Double(model.timeHeadway)
    gap = Double(model.standstillGap)
    length = Double(TrafficSettings().carLength)
  }

  /// Equation (1) of the paper with the desired gap of equation (2); exponent 4.
  func acceleration(_ v: Double, gap s: Double, leader: Double) -> Double {
    let free = 1 - (v / desired) * (v / desired) * (v / desired) * (v / desired)
    let wanted = gap + max(0, v * headway + v * (v - leader) / (2 * (a * b).squareRoot()))
    return a * (free - (wanted / s) * (wanted / s))
  }

  /// The speed at which everybody keeps the same gap for ever.
  func equilibrium(gap s: Double) -> Double {
    var low = 0.0
    var high = desired
    for _ in 0..<100 {
      let v = (low + high) / 2
      if acceleration(v, gap: s, leader: v) > 0 { low = v } else { high = v }
    }
    return low
  }

  /// How the acceleration changes with the gap, the speed and the leader's speed in equilibrium.
  func slopes(gap s: Double) -> (gap: Double, speed: Double, leader: Double) {
    let v = equilibrium(gap: s)
    let e = 1e-5
    func slope(_ f: (Double) -> Double) -> Double { (f(e) - f(-e)) / (2 * e) }
    return (
      slope { acceleration(v, gap: s + $0, leader: v) },
      slope { acceleration(v + $0, gap: s, leader: v) },
      slope { acceleration(v, gap: s, leader: v + $0) }
    )
  }

  /// The growth rate in 1/s of the fastest of the waves that fit into a ring of some vehicles, by
  /// linear theory: a disturbance exp(λt + ikn) of the gaps and speeds obeys
  /// λ² - λ (f_v + f_l ω) - f_s (ω - 1) = 0 with ω = exp(-ik).
  func growth(gap s: Double, vehicles: Int) -> Double {
    let f = slopes(gap: s)
    var fastest = -Double.infinity
    for m in 1..<vehicles {
      let k = 2 * Double.pi * Double(m) / Double(vehicles)
      let (re, im) = (cos(k), -sin(k))
      // λ² - B λ - C = 0
      let b = (re: f.speed + f.leader * re, im: f.leader * im)
      let c = (re: f.gap * (re - 1), im: f.gap * im)
      let d = (re: b.re * b.re - b.im * b.im + 4 * c.re, im: 2 * b.re * b.im + 4 * c.im)
      let root = ((hypot(d.re, d.im) + d.re) / 2).squareRoot()
      fastest = max(fastest, (b.re + root) / 2)
    }
    return fastest
  }
}

/// Vehicles of the reference one behind the other on one lane with a light, from their entry on.
struct ReferenceLane {
  var driver = ReferenceDriver()
  var step = 0.05
  /// Seconds at which vehicles enter, where, and how fast.
  var entries: [Double]
  var entryPlace: Double
  /// Where drivers stop before a red light that ends at some second, as behind a standing car.
  var stopPlace = Double.infinity
  var greenFrom = 0.0

  private(set) var place: [Double] = []
  private(set) var speed: [Double] = []
  private(set) var oldPlace: [Double] = []
  private(set) var oldSpeed: [Double] = []
  private(set) var now = 0.0

  init(entries: [Double], entryPlace: Double) {
    self.entries = entries
    self.entryPlace = entryPlace
  }

  mutating func tick() {
    oldPlace = place
    oldSpeed = speed
    for i in place.indices {
      var a = driver.acceleration(oldSpeed[i], gap: .infinity, leader: 0)
      if i > 0 {
        a = driver.acceleration(
          oldSpeed[i], gap: oldPlace[i - 1] - driver.length - oldPlace[i], leader: oldSpeed[i - 1])
      }
      if now < greenFrom {
        // Who stops at a metre before the line keeps the gap of a standstill to what stands there.
        let toStop = stopPlace + driver.gap - oldPlace[i]
        a = min(a, driver.acceleration(oldSpeed[i], gap: toStop, leader: 0))
      }
      let v = oldSpeed[i] + a * step
      if v < 0 {
        place[i] = oldPlace[i] - oldSpeed[i] * oldSpeed[i] / (2 * a)
        speed[i] = 0
      } else {
        place[i] = oldPlace[i] + (oldSpeed[i] + v) / 2 * step
        speed[i] = v
      }
    }
    now += step
    if place.count < entries.count, entries[place.count] <= now {
      place.append(entryPlace)
      speed.append(driver.desired)
    }
  }

  func passed(_ mark: Double, _ i: Int) -> Double? {
    guard i < oldPlace.count, oldPlace[i] < mark, place[i] >= mark else { return nil }
    return now - step
      + EvenMotion.seconds(to: mark - oldPlace[i], from: oldSpeed[i], to: speed[i], within: step)
  }
}
