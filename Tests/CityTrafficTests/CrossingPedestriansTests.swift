import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

final class CrossingPedestriansTests: XCTestCase {
  /// The Highway Capacity Manual's occupancy: v / 2000 to 1,000 people in an hour of green, then
  /// 0.4 + v / 10000, at most 0.9.
  func testOccupancyByHand() {
    for (v, share) in [(0, 0), (500, 0.25), (1000, 0.5), (2000, 0.6), (9000, 0.9)]
      as [(Float, Float)]
    {
      XCTAssertEqual(
        CrossingPedestrians.occupancy(perHourOfGreen: v), share, accuracy: 1e-6, "\(v)")
    }
  }

  private func moment(_ second: Int) -> Moment {
    let clock = Clock(
      epoch: Instant(millisecondsSince1970: 0, zoneSeconds: 0), stepMilliseconds: 1000)
    return Moment(
      tick: Tick(second), clock: clock, random: RandomStream(seed: 3),
      overrides: CityOverrides(linkCount: 1))
  }

  /// At a signal with the share g of green, 200 people an hour are 200 / g in an hour of green. The
  /// share of stretches taken is within three standard deviations of that occupancy; where more lanes
  /// lead on than into the street, of 0.6 of it; straight on and with a green of its own away from
  /// the kerb nobody is in the way.
  func testTheShareOfTimeTakenIsTheOccupancy() throws {
    let network = GridNetwork(size: 2).build()
    let people = CrossingPedestrians(network, perHour: 200)
    let none = CrossingPedestrians(network, perHour: 0)
    defer {
      people.free()
      none.free()
    }
    XCTAssertTrue(people.areAny)
    XCTAssertFalse(none.areAny)
    let draws = 2000
    let moments = (0..<draws).map { moment($0 * 2) }
    var seen: Set<Turn> = []
    for c in 0..<network.connectorCount {
      let id = ConnectorID(c)
      let turn = network.connectorTurn[id]
      guard network.connectorGroup[id] >= 0, seen.insert(turn).inserted else { continue }
      let isKerb = turn == .right
      let count = moments.count {
        people.block(
          c, light: SignalState.permissive.rawValue, isKerbTurn: isKerb, after: 0, $0)
      }
      guard turn == .left || turn == .right else {
        XCTAssertEqual(count, 0, "\(turn)")
        continue
      }
      let signal = network.junctionSignal[
        network.linkTo[network.laneLink[network.connectorFrom[id]]]]
      let phases = network.signals[signal].phases
      let group = Int(network.connectorGroup[id])
      let open = phases.filter { [.green, .permissive].contains($0.states[group]) }
        .reduce(0) { $0 + Double($1.milliseconds) }
      let whole = Double(network.signals[signal].cycleMilliseconds)
      // One lane turns into one lane, so that nobody gets by.
      let share = Double(CrossingPedestrians.occupancy(perHourOfGreen: Float(200 * whole / open)))
      let deviation = (Double(draws) * share * (1 - share)).squareRoot()
      XCTAssertEqual(Double(count), Double(draws) * share, accuracy: 3 * deviation, "\(turn)")
      let protected = moments.count {
        people.block(c, light: SignalState.green.rawValue, isKerbTurn: isKerb, after: 0, $0)
      }
      XCTAssertEqual(protected, isKerb ? count : 0)
    }
    XCTAssertTrue(seen.isSuperset(of: [.left, .right, .through]))
  }

  /// People on foot cost those who turn time; books balance, and the bits hang on nothing else.
  func testPeopleOnFootHoldUpTurns() throws {
    let network = GridNetwork(size: 4, lanes: 1).build()
    func run(_ perHour: Float, threads: Int = 1) throws -> GridRun {
      var settings = TrafficSettings()
      settings.pedestriansPerHour = perHour
      let run = GridRun(
        network: network, trips: 500, seconds: 600, threads: threads, settings: settings)
      for i in 0..<2600 {
        try run.simulation.step()
        if threads == 1 && i % 9 == 0 { XCTAssertEqual(run.traffic.violations(), [], "tick \(i)") }
      }
      return run
    }
    let (none, many) = (try run(0), try run(800))
    XCTAssertEqual(many.traffic.counts.arrived, 500)
    XCTAssertGreaterThan(meanSeconds(many), meanSeconds(none) + 3)
    XCTAssertEqual(
      try run(800, threads: 4).simulation.stateHash(), many.simulation.stateHash())
  }

  private func meanSeconds(_ run: GridRun) -> Double {
    let vehicles = run.traffic.world.vehicles
    let count = run.traffic.demand.trips.count
    let ticks = (0..<count).reduce(0) { $0 + Double(vehicles.arrived[$1] - vehicles.departed[$1]) }
    return ticks / 2 / Double(count)
  }
}
