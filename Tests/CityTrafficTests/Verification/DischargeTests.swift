import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// A queue at a red light that turns green, in the engine at its default step and in the reference
/// at 0.05 s.
final class DischargeTests: XCTestCase {
  private static let line = 700.0
  private static let greenFrom = 400.0
  private static let count = 32
  private static let entries = (0..<count).map { 10 + 6 * Double($0) }

  /// What both show.
  private struct Record {
    /// By vehicle: when it passed the line, when and where it reached 2 m/s after the green, the
    /// gap it stood at, and how hard it braked before.
    var passed = [Double](repeating: .nan, count: DischargeTests.count)
    var started = [Double](repeating: .nan, count: DischargeTests.count)
    var startPlace = [Double](repeating: .nan, count: DischargeTests.count)
    var stoodAt = [Double](repeating: .nan, count: DischargeTests.count)
    var braking = [Double](repeating: 0, count: DischargeTests.count)

    mutating func see(
      _ i: Int, now: Double, step: Double, from: (place: Double, speed: Double),
      to: (place: Double, speed: Double)
    ) {
      guard from.place < to.place || to.speed >= 0 else { return }
      if now <= DischargeTests.greenFrom {
        stoodAt[i] = to.place
        // The step in which a vehicle stops is cut short.
        if to.speed > 0 { braking[i] = max(braking[i], (from.speed - to.speed) / step) }
      } else if started[i].isNaN, to.speed >= 2 {
        let share = (2 - from.speed) / (to.speed - from.speed)
        started[i] = now - step + share * step
        startPlace[i] = from.place + share * (to.place - from.place)
      }
    }

    /// Seconds between the vehicles of the range that the line is measured by, the 5th to the 25th.
    var headway: Double { (passed[24] - passed[4]) / 20 }
    /// m/s, upstream.
    var wave: Double { (startPlace[4] - startPlace[24]) / (started[24] - started[4]) }
    func gap(length: Double) -> Double {
      (stoodAt[0] - stoodAt[24]) / 24 - length
    }
    var peakBraking: Double { braking[5..<25].max() ?? 0 }
  }

  private func engine() throws -> Record {
    let network = try Track.street(length: Self.line, [(.red, Self.greenFrom), (.green, 2000)])
    let run = TrackRun(
      network, Self.entries.map { TrackRun.Journey(second: $0, way: ["in", "out"]) })
    var record = Record()
    try run.drive(to: 520) {
      for i in run.present {
        if let t = run.passed(Self.line, trip: i) { record.passed[i] = t }
        record.see(
          i, now: run.now, step: run.step, from: (run.oldPlace[i], run.oldSpeed[i]),
          to: (run.place[i], run.speed[i]))
      }
    }
    return record
  }

  private func reference(step: Double = 0.05) -> Record {
    var lane = ReferenceLane(entries: Self.entries, entryPlace: ReferenceDriver().length + 0.1)
    lane.step = step
    lane.stopPlace = Self.line - 1
    lane.greenFrom = Self.greenFrom
    var record = Record()
    while lane.now < 520 {
      lane.tick()
      for i in lane.oldPlace.indices {
        if let t = lane.passed(Self.line, i) { record.passed[i] = t }
        record.see(
          i, now: lane.now, step: step, from: (lane.oldPlace[i], lane.oldSpeed[i]),
          to: (lane.place[i], lane.speed[i]))
      }
    }
    return record
  }

  /// Headways at the line within 2 % of the reference, peak braking behind the queue, the gap at
  /// standstill and the flow within 5 %, as the specification asks for.
  func testAQueueDischargesAsInAReferenceOfATenthOfTheStep() throws {
    let engine = try engine()
    let reference = reference()
    let length = ReferenceDriver().length
    print(
      "discharge: headway \(engine.headway) of \(reference.headway) s, wave \(engine.wave) of",
      "\(reference.wave) m/s, braking \(engine.peakBraking) of \(reference.peakBraking) m/s²,",
      "gap \(engine.gap(length: length)) of \(reference.gap(length: length)) m")
    XCTAssertEqual(engine.headway / reference.headway, 1, accuracy: 0.02)
    XCTAssertEqual(engine.peakBraking / reference.peakBraking, 1, accuracy: 0.05)
    XCTAssertEqual(
      engine.gap(length: length) / reference.gap(length: length), 1, accuracy: 0.05)
    for i in 5..<25 {
      let own = engine.passed[i] - engine.passed[i - 1]
      let other = reference.passed[i] - reference.passed[i - 1]
      XCTAssertEqual(own / other, 1, accuracy: 0.02, "vehicle \(i + 1)")
    }
  }

  /// The shipped drivers discharge 1,800 to 1,900 vehicles an hour and lane, as signals in towns do.
  func testTheShippedDriversDischargeAsManyAsRealOnes() throws {
    let flow = 3600 / (try engine()).headway
    XCTAssertTrue((1800...1900).contains(flow), "\(flow)")
  }

  /// The wave of starting runs up the queue as fast as in the reference. A driver sees the state of
  /// a step ago, half a step later on average than it happened, so the wave of the engine may need
  /// half a step more for each vehicle.
  func testTheWaveOfStartingRunsUpTheQueue() throws {
    let engine = try engine()
    let reference = reference()
    let each = { (r: Record) -> Double in (r.started[24] - r.started[4]) / 20 }
    XCTAssertGreaterThanOrEqual(each(engine), each(reference) - 0.025)
    XCTAssertLessThanOrEqual(each(engine), each(reference) + 0.25)
    // Queues start at about 4 to 6 m/s on roads (Treiber and Kesting 2013, chapter 8: 15 to
    // 20 km/h); the jam's own wave, (s0 + l) / T, is the fastest there can be.
    let driver = ReferenceDriver()
    XCTAssertTrue((3.5...(driver.gap + driver.length) / driver.headway).contains(engine.wave))
  }
}
