import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import CityText
import XCTest

@testable import CityTraffic

final class MaxPressureTests: XCTestCase {
  private let network = SignalCrossing.network()
  private let limits = SignalProgram.Limits(minimum: 5000, maximum: 60_000)

  /// Saturation flow of a way over the crossing in vehicles an hour, by its turning speed: a second
  /// and 6.6 m a vehicle, 1,800 at the most.
  private func flow(_ from: SignalCrossing.Arm, _ to: SignalCrossing.Arm) -> Double {
    let entry = SignalCrossing.link(network, from, inwards: true)
    let exit = SignalCrossing.link(network, to, inwards: false)
    for c in network.connectors(of: network.linkTo[entry]).map({ ConnectorID($0) })
    where network.laneLink[network.connectorFrom[c]] == entry
      && network.laneLink[network.connectorTo[c]] == exit
    {
      return min(1800, 3600 / (1 + 6.6 / Double(network.laneSpeed[network.lane(of: c)])))
    }
    return 0
  }

  /// Four cars before the crossing from the west to the east, three from the south to the north, and
  /// two near the end of the eastern arm. Of a lane with three ways each counts a third, and a way
  /// that yields half of it.
  func testPressureIsWhatOneReckonsByHand() throws {
    var journeys = (0..<4).map {
      SignalCrossing.journey(network, 0, .west, .east, before: 40 + 25 * Float($0))
    }
    journeys += (0..<3).map {
      SignalCrossing.journey(network, 0, .south, .north, before: 40 + 25 * Float($0))
    }
    let east = SignalCrossing.link(network, .east, inwards: false)
    let length = network.linkLength[east]
    for metres: Float in [60, 90] {
      journeys.append(
        StreetRun.Journey(
          second: 0, from: AccessPoint(link: east, offset: length - metres),
          to: AccessPoint(link: east, offset: length - 20)))
    }
    var run = SignalCrossing(network, journeys, MaxPressure(), limits: limits)
    try run.drive(to: 0.5)
    let world = run.run.traffic.world
    let machine = try XCTUnwrap(run.run.traffic.signalRoom.machine(of: 0))
    let count = { (link: LinkID) in run.run.traffic.trips(on: link).count }
    XCTAssertEqual(count(SignalCrossing.link(network, .west, inwards: true)), 4)
    XCTAssertEqual(count(SignalCrossing.link(network, .south, inwards: true)), 3)
    XCTAssertEqual(count(east), 2)
    // From the end of the eastern arm at most one way leads on: back.
    let ways = network.lanes(of: east).flatMap { network.connectors(from: LaneID($0)) }.count
    let beyond = ways == 0 ? 0 : 2 / Double(ways)
    let along = flow(.west, .east) / 3 * (4 - beyond)
    XCTAssertEqual(
      world.pressure(of: machine, stage: SignalCrossing.stage(network, .west), reach: 150), along,
      accuracy: 0.001)
    // Those who turn into the eastern arm from the south (to the right) and north (to the left).
    let across =
      flow(.south, .north) / 3 * 3 - flow(.south, .east) / 3 * beyond
      - flow(.north, .east) / 6 * beyond
    XCTAssertEqual(
      world.pressure(of: machine, stage: SignalCrossing.stage(network, .south), reach: 150),
      across, accuracy: 0.001)
    // Within 60 m there are one and one.
    XCTAssertEqual(
      world.pressure(of: machine, stage: SignalCrossing.stage(network, .west), reach: 50),
      flow(.west, .east) / 3, accuracy: 0.001)
  }

  /// With more cars from the south than from the west that stage gets green as soon as the minimum
  /// of the other one allows.
  func testShowsTheStageThatPressesMost() throws {
    for (first, second) in [(2, 8), (8, 2)] {
      var journeys: [StreetRun.Journey] = []
      for i in 0..<max(first, second) {
        let before = 30 + 10 * Float(i)
        if i < first {
          journeys.append(SignalCrossing.journey(network, 0, .west, .east, before: before))
        }
        if i < second {
          journeys.append(SignalCrossing.journey(network, 0, .south, .north, before: before))
        }
      }
      var run = SignalCrossing(network, journeys, MaxPressure(), limits: limits)
      try run.drive(to: 20)
      let wanted = SignalCrossing.stage(network, first > second ? .west : .south)
      XCTAssertFalse(run.starts(of: wanted).isEmpty, "\(first) and \(second)")
    }
  }

  /// 850 vehicles an hour from the west and 120 from the south: equal greens, half of the cycle less
  /// the time between, cannot carry the first, max pressure can.
  func testUnequalLoadWaitsLessThanWithEqualGreens() throws {
    var journeys: [StreetRun.Journey] = []
    for i in 0..<212 {
      journeys.append(SignalCrossing.journey(network, 4.235 * Double(i), .west, .east))
    }
    for i in 0..<30 {
      journeys.append(SignalCrossing.journey(network, 30 * Double(i), .south, .north))
    }
    func mean(_ control: any SignalControl) throws -> Double {
      var run = SignalCrossing(network, journeys, control, limits: limits)
      try run.drive(to: 1500)
      XCTAssertEqual(run.run.traffic.counts.arrived, journeys.count)
      // Waiting beside the road included.
      let trips = run.run.traffic.demand.trips
      let arrived = run.run.traffic.world.vehicles.arrived
      return trips.indices.reduce(0.0) {
        $0 + Double(arrived[$1]) / 2 - Double(trips[$1].departureMilliseconds) / 1000
      } / Double(trips.count)
    }
    let equal = try mean(EqualGreens())
    let pressed = try mean(MaxPressure())
    XCTAssertLessThan(pressed, 0.9 * equal)
  }
}

/// Twenty seconds for everybody, whoever comes.
private struct EqualGreens: SignalControl {
  static let typeName = "equal"
  init() {}
  init(from reader: inout JSONObjectReader) throws(CityError) {}
  func nextStage(_ view: SignalView) -> Int? {
    view.green >= 20_000 ? view.plan.stage(after: view.stage) : nil
  }
}
