import CityBase
import XCTest

@testable import CityTraffic

/// Free roads and ring roads against the closed theory of the Intelligent Driver Model.
final class UniformFlowTests: XCTestCase {
  /// A driver alone takes the time that his own desired speed asks for. Nobody comes near another
  /// one: the slowest needs 81 s more for the way than the fastest (factors 0.8 and 1.2), and they are
  /// two and a half minutes apart. Tolerance: half a step at either end.
  func testAloneOnTheRoadEverybodyDrivesAtTheDesiredSpeed() throws {
    var track = Track()
    let nodes = (0..<4).map { track.junction(Double($0) * 1000, 0) }
    let links = (0..<3).map {
      track.link("l\($0)", from: nodes[$0], to: nodes[$0 + 1], length: 1000)
    }
    for i in 0..<2 { track.join(links[i], to: links[i + 1]) }
    var settings = TrackRun.alike
    settings.speedDeviation = 0.1
    let run = TrackRun(
      try track.build(),
      (0..<40).map { TrackRun.Journey(second: 150 * Double($0), way: ["l0", "l1", "l2"]) },
      settings: settings)
    var entered = [Double](repeating: .nan, count: 40)
    var left = entered
    try run.drive(to: 6400) {
      for i in run.present {
        if let t = run.passed(100, trip: i) { entered[i] = t }
        if let t = run.passed(2800, trip: i) { left[i] = t }
      }
    }
    for i in run.trips {
      let factor = Double(run.traffic.world.vehicles.speedFactor[i])
      XCTAssertEqual(left[i] - entered[i], 2700 / (Track.limit * factor), accuracy: run.step)
    }
  }

  /// Alone from 5 m/s up, against the reference in steps of a hundredth of a second, whose equation has
  /// no other vehicle in it. A step of h takes the acceleration of its start for all of it, so the
  /// speed is ahead by e with e' = f'(v) e - h/2 f'(v) f(v), to first order, which is
  /// e = h/2 f(v) ln(f(v0) / f(v)); and the way by the integral of e over time. What is left is of
  /// the next order: h / 2 times the rate at which e dies away, 4 a / v0 or 0.43 1/s, is 0.11 of it.
  func testTheRunUpIsThatOfTheModel() throws {
    var track = Track()
    let nodes = [track.junction(0, 0), track.junction(2000, 0)]
    _ = track.link("l", from: nodes[0], to: nodes[1], length: 2000)
    let run = TrackRun(
      try track.build(), [TrackRun.Journey(second: 0, way: ["l"], from: 100)])
    try run.tick()
    var reference = ReferenceDriver()
    reference.desired = Track.limit
    var (x, v) = (run.place[0], run.speed[0])
    let fine = 0.01
    let first = reference.acceleration(v, gap: .infinity, leader: 0)
    var ahead = 0.0
    for _ in 0..<120 {
      try run.tick()
      for _ in 0..<Int((run.step / fine).rounded()) {
        let a = reference.acceleration(v, gap: .infinity, leader: 0)
        if a > 1e-9 { ahead += run.step / 2 * a * PortableMath.log(first / a) * fine }
        x += v * fine + a * fine * fine / 2
        v += a * fine
      }
      XCTAssertEqual(run.place[0], x + ahead, accuracy: 0.11 * ahead + 0.01)
    }
  }

  /// Sixty alike vehicles on a ring, at rest relative to each other but for a ripple of 2 % of their
  /// speed.
  private struct Ring {
    static let vehicles = 60
    let run: TrackRun
    let gap: Double
    let metres: Double
    let expected: Double
    let growth: Double

    /// Vehicles a kilometre.
    init(density: Double, seconds: Double) throws {
      let driver = ReferenceDriver()
      let links = 15
      let each = Self.vehicles / links
      let length = Double(each) * 1000 / density
      metres = length * Double(links)
      gap = length / Double(each) - driver.length
      expected = driver.equilibrium(gap: gap)
      growth = driver.growth(gap: gap, vehicles: Self.vehicles)
      var track = Track()
      let radius = metres / (2 * Double.pi)
      let nodes = (0..<links).map { i in
        let angle = 2 * Double.pi * Double(i) / Double(links)
        return track.junction(radius * cos(angle), radius * sin(angle))
      }
      // The shortest connector there is, 0.1 m, belongs to the ring as well.
      let ways = (0..<links).map {
        track.link("r\($0)", from: nodes[$0], to: nodes[($0 + 1) % links], length: length - 0.1)
      }
      for i in 0..<links { track.join(ways[i], to: ways[(i + 1) % links]) }
      let rounds = Int(Track.limit * seconds / length) + links
      var journeys: [TrackRun.Journey] = []
      for link in 0..<links {
        let way = (0..<rounds).map { "r\((link + $0) % links)" }
        for k in 0..<each {
          let at = (Double(each - k) - 0.3) * length / Double(each)
          journeys.append(TrackRun.Journey(second: 0, way: way, from: Float(at)))
        }
      }
      run = TrackRun(try track.build(), journeys)
      try run.tick()
      let v = expected
      run.setSpeeds { trip in
        v * (1 + 0.02 * sin(2 * Double.pi * Double(trip) / Double(Self.vehicles)))
      }
    }
  }

  /// Flow and the spread of speeds at ten densities, against linear stability theory. Where the
  /// fastest wave that fits into the ring dies away, the flow is that of the equilibrium within 1 %;
  /// where it grows, it has grown to stop-and-go: growing ends only where the equation is no longer
  /// linear, at a spread of the order of the speed itself, of which a fifth is asked for. Such waves
  /// carry less, or more, than the equilibrium; nothing is said of that.
  func testARingRoadFlowsOrBreaksIntoWavesAsTheoryHasIt() throws {
    #if DEBUG
      let (densities, seconds) = ([20.0, 100], 2400.0)
    #else
      let (densities, seconds) = ([10.0, 20, 30, 40, 50, 60, 85, 95, 105, 120], 5400.0)
    #endif
    var stable = 0
    for density in densities {
      let ring = try Ring(density: density, seconds: seconds)
      let run = ring.run
      XCTAssertEqual(run.traffic.counts.onRoad, Ring.vehicles, "\(density)")
      try run.drive(to: seconds - 900)
      let before = run.place
      var spread = 0.0
      try run.drive(to: seconds) {
        spread = max(spread, (run.speed.max() ?? 0) - (run.speed.min() ?? 0))
      }
      let driven = zip(run.place, before).reduce(0) { $0 + $1.0 - $1.1 }
      let flow = driven / ring.metres / 900
      let equilibrium = ring.expected * density / 1000
      print(
        "ring \(density)/km: flow \(flow * 3600) of \(equilibrium * 3600) veh/h, spread \(spread)",
        "of \(ring.expected) m/s, growth \(ring.growth) 1/s")
      XCTAssertEqual(run.traffic.counts.onRoad, Ring.vehicles, "\(density)")
      XCTAssertEqual(run.traffic.violations(), [], "\(density)")
      if ring.growth < 0 {
        stable += 1
        XCTAssertEqual(flow / equilibrium, 1, accuracy: 0.01, "at \(density)/km")
        XCTAssertLessThan(spread, 0.05 * ring.expected, "at \(density)/km")
      } else {
        // Enough time for the ripple to grow to all it can, 100 times and more.
        XCTAssertGreaterThan(ring.growth * (seconds - 900), 4.6)
        XCTAssertGreaterThan(spread, 0.2 * ring.expected, "at \(density)/km")
      }
    }
    XCTAssertTrue((1..<densities.count).contains(stable))
  }
}
