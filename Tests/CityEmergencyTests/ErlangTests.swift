import CityBase
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

/// Waits for one of c units against Erlang's formula for queues (Erlang 1917): Poisson calls at the
/// very place of the post, exponential times at the scene, no turnout and no way.
final class ErlangTests: XCTestCase {
  #if DEBUG
    private static let callsPerBatch = 200
  #else
    private static let callsPerBatch = 1000
  #endif
  private static let batches = 20
  private static let serviceSeconds = 150.0

  /// The probability that a call finds all units busy, for an offered load in erlangs.
  private func erlangC(units: Int, load: Double) -> Double {
    // Erlang's B by its recursion, then C from B.
    var blocked = 1.0
    for n in 1...units { blocked = load * blocked / (Double(n) + load * blocked) }
    let free = 1 - load / Double(units)
    return blocked / (free + (1 - free) * blocked)
  }

  func testFormulaAgainstKnownValues() {
    // One unit: the load itself. Two: 2ρ²/(1+ρ), so a third at ρ = 1/2.
    XCTAssertEqual(erlangC(units: 1, load: 0.5), 0.5, accuracy: 1e-12)
    XCTAssertEqual(erlangC(units: 2, load: 1), 1 / 3, accuracy: 1e-12)
  }

  func testWaits() {
    for (units, share) in [(2, 0.6), (4, 0.75)] {
      let load = share * Double(units)
      let waiting = erlangC(units: units, load: load)
      let mean = waiting * Self.serviceSeconds / (Double(units) - load)
      for seed in UInt64(1)...5 {
        let waits = waits(units: units, load: load, seed: seed)
        let zMean = z(of: waits, expected: mean) { $0 }
        let zShare = z(of: waits, expected: waiting) { $0 > 0 ? 1 : 0 }
        print("c \(units), seed \(seed): z of the mean wait \(zMean), of those who wait \(zShare)")
        XCTAssertLessThan(abs(zMean), 3.5, "\(units) units, seed \(seed), mean wait")
        XCTAssertLessThan(abs(zShare), 3.5, "\(units) units, seed \(seed), share that waits")
      }
    }
  }

  /// Seconds from each call to its unit; the first batch, while the queue builds up, left out.
  private func waits(units: Int, load: Double, seed: UInt64) -> [Double] {
    let random = RandomStream(seed: seed &+ 1000)
    let gap = Self.serviceSeconds / load
    var calls: [Call] = []
    var time = 0.0
    for i in 0..<(Self.callsPerBatch * (Self.batches + 1)) {
      time -= gap * PortableMath.log(1 - random.unit(.callTime, UInt64(i)))
      // On whole ticks, so that nobody waits for the clock alone. What ties of calls and units in
      // one tick take from the share that waits is under half a percent of it.
      calls.append(call("c\(i)", at: time.rounded(), on: 0))
    }
    var settings = EmergencySettings.fixed(turnout: 0)
    settings.onScene[0] = DrawnTime(
      meanMilliseconds: Int64(Self.serviceSeconds * 1000), spread: .exponential)
    let run = EmergencyRun(
      posts: [post("A", count: units, at: 0)], calls: calls, settings: settings,
      stepMilliseconds: 1000, seed: seed)
    while run.domain.servedCalls < calls.count { run.step() }
    XCTAssertEqual(run.domain.violations(), [])
    XCTAssertEqual(run.drives.begun.count, 0, "nobody has to drive")
    let responses = run.table("responses")
    return (Self.callsPerBatch..<calls.count).map {
      responses.number($0, "dispatch_delay_s") ?? .nan
    }
  }

  /// How many standard errors the mean of batches lies from what is expected.
  private func z(of waits: [Double], expected: Double, _ figure: (Double) -> Double) -> Double {
    let means = (0..<Self.batches).map { b in
      waits[(b * Self.callsPerBatch)..<((b + 1) * Self.callsPerBatch)].reduce(0) {
        $0 + figure($1)
      } / Double(Self.callsPerBatch)
    }
    let n = Double(means.count)
    let mean = means.reduce(0, +) / n
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return (mean - expected) / (variance / n).squareRoot()
  }
}
