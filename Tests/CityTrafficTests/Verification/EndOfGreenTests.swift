import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// The end of the green at a fixed-time signal.
final class EndOfGreenTests: XCTestCase {
  private static let (green, cycle) = (40.0, 90.0)
  private static let line = 1000.0
  #if DEBUG
    private static let end = 2700.0
  #else
    private static let end = 7200.0
  #endif

  /// Who passes the line after the green could not have stopped when it ended, with the 3 m/s² that
  /// are asked of a driver at yellow; and nobody passes so late that the yellow, made for those who
  /// cannot stop, was over before they came: v / (2 · 3) seconds, 2.5 s at the limit and a tenth.
  func testNobodyEntersAfterTheGreenWhoCouldHaveStopped() throws {
    let random = RandomStream(seed: 13)
    var second = 0.0
    var journeys: [TrackRun.Journey] = []
    while second < Self.end {
      let draw = random.unit(.sampling, 1, UInt64(journeys.count))
      second += -PortableMath.log(1 - draw) / 0.17
      journeys.append(TrackRun.Journey(second: second, way: ["in", "out"]))
    }
    var settings = TrackRun.alike
    settings.speedDeviation = 0.1
    let run = TrackRun(
      try Track.street(length: Self.line, [(.green, Self.green), (.yellow, 3), (.red, 47)]),
      journeys, settings: settings)
    // By trip: the braking that would have stopped it at the line when the green ended.
    var needed = [Double](repeating: .infinity, count: journeys.count)
    var late = 0
    try run.drive(to: Self.end) {
      for i in run.present {
        if let t = run.passed(Self.line, trip: i) {
          let inCycle = t.truncatingRemainder(dividingBy: Self.cycle)
          guard inCycle > Self.green else { continue }
          late += 1
          // The shipped rule, but for rounding of single precision.
          XCTAssertGreaterThan(needed[i], 3 - 1e-3, "trip \(i) at \(inCycle) s")
          XCTAssertLessThan(inCycle, Self.green + 3)
        }
      }
      if run.now.truncatingRemainder(dividingBy: Self.cycle) == Self.green {
        for i in run.present where run.place[i] < Self.line {
          needed[i] = run.speed[i] * run.speed[i] / (2 * max(0.1, Self.line - run.place[i]))
        }
      }
    }
    // In four cycles of five somebody is near at the end of the green; some of them too near.
    XCTAssertGreaterThan(late, 3)
    XCTAssertEqual(run.traffic.hardBrakings, 0)
  }
}
