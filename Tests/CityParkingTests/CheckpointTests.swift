import CityBase
import CityParking
import CityTestSupport
import XCTest

final class CheckpointTests: XCTestCase {
  func testAResumedRunHasTheSameBytes() throws {
    for moment in [0, 1, 700, 2345, 4000] as [Tick] {
      let run = ParkingRun.town()
      run.step(until: moment)
      let resumed = try run.resumed()
      XCTAssertEqual(resumed.bytes, run.bytes, "at tick \(moment)")
      run.step(until: 8000)
      resumed.step(until: 8000)
      XCTAssertEqual(resumed.bytes, run.bytes, "resumed at tick \(moment)")
      XCTAssertEqual(resumed.parking.metrics()[0].figures, run.parking.metrics()[0].figures)
      XCTAssertEqual(resumed.rows, run.rows)
      XCTAssertEqual(resumed.drives.redirects, run.drives.redirects)
      XCTAssertEqual(resumed.parking.violations(), [])
    }
  }

  func testTheIntervalGoesOnAfterAResume() throws {
    let run = ParkingRun.town()
    run.step(until: 900)
    _ = run.parking.closeInterval(seconds: 900)
    run.step(until: 1500)
    let resumed = try run.resumed()
    XCTAssertEqual(
      run.parking.closeInterval(seconds: 600), resumed.parking.closeInterval(seconds: 600))
  }

  /// A damaged checkpoint is refused, or it leads to a run that goes on without a trap.
  func testADamagedCheckpointIsNoTrap() {
    let run = ParkingRun.town(trips: 60)
    run.step(until: 250)
    let good = run.bytes
    var refused = 0
    for round in 0..<2000 {
      var bytes = good
      if round % 2 == 0 {
        bytes = Mutations().mutate(good, round)
      } else {
        // A single value out of place, which lengths cannot betray.
        let stream = RandomStream(seed: 9).draws(.sampling, UInt64(round))
        let at = Int(stream.bits(0) % UInt64(good.count))
        bytes[at] = [0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF][Int(stream.bits(1) % 7)]
      }
      let other = ParkingRun(
        supply: run.supply, settings: run.settings, trips: run.trips, drives: run.drives.copy(),
        at: run.tick)
      var reader = StateReader(bytes, file: "damaged")
      do {
        try other.parking.decodeState(from: &reader)
      } catch {
        refused += 1
        continue
      }
      other.step(until: run.tick + 200)
      _ = other.parking.violations()
      _ = other.parking.metrics()
      _ = other.rows
      _ = other.bytes
      _ = other.parking.closeInterval(seconds: 1)
    }
    XCTAssertGreaterThan(refused, 700, "most of the damage is seen")
  }

  func testACheckpointOfAnotherCityIsRefused() {
    let bytes = ParkingRun.town().bytes
    let fewer = ParkingRun(
      supply: [], settings: ParkingSettings(), trips: ParkingRun.town().trips)
    let others = [ParkingRun.town(trips: 599), fewer]
    for other in others {
      var reader = StateReader(bytes, file: "checkpoint")
      XCTAssertThrowsError(try other.parking.decodeState(from: &reader))
    }
  }
}
