import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

/// Choices among ways, against the formulas of the logit model.
final class RouteChoiceTests: XCTestCase {
  private func way(minutes: Double, pathSize: Double = 1) -> RouteAlternative {
    RouteAlternative(
      links: [], milliseconds: Int64(minutes * 60_000), pathSize: pathSize)
  }

  /// Of three ways of equal time, two share half of their time: path sizes 1, 3/4 and 3/4, so chances
  /// of 0.4, 0.3, 0.3.
  func testWaysInCommonCountForLess() {
    let ways = [
      way(minutes: 2), way(minutes: 2, pathSize: 0.75), way(minutes: 2, pathSize: 0.75),
    ]
    check(LogitChoice(), ways, [0.4, 0.3, 0.3])
    var plain = LogitChoice()
    plain.pathSizeWeight = 0
    check(plain, ways, [1 / 3.0, 1 / 3.0, 1 / 3.0])
  }

  /// A minute longer at a scale of 1 per minute: odds of e.
  func testTimesCount() {
    let ways = [way(minutes: 5), way(minutes: 6)]
    check(LogitChoice(), ways, [0.7310586, 0.2689414])
    var sharp = LogitChoice()
    sharp.scalePerMinute = 4
    check(sharp, ways, [0.9820138, 0.0179862])
  }

  /// 40,000 people choose with these chances, within four standard deviations.
  private func check(
    _ choice: LogitChoice, _ ways: [RouteAlternative], _ expected: [Double]
  ) {
    let random = RandomStream(seed: 9)
    let utilities = choice.utilities(ways)
    let hashes = ways.indices.map { StableHash.mix(UInt64($0 + 77)) }
    var counts = [Int](repeating: 0, count: ways.count)
    let people = 40_000
    for person in 0..<UInt64(people) {
      let draws = random.draws(.routeChoice, StableHash.mix(person))
      counts[choice.choice(among: utilities, hashes: hashes, draws: draws)] += 1
    }
    for (count, chance) in zip(counts, expected) {
      let deviation = (Double(people) * chance * (1 - chance)).squareRoot()
      XCTAssertEqual(Double(count), Double(people) * chance, accuracy: 4 * deviation)
    }
  }

  /// On times that nobody's coming changes, one more trip changes nobody's way; nor do workers.
  func testOneMoreTripChangesNobody() throws {
    let network = TinyNetwork.grid(6)
    let graph = TurnGraph(network)
    var preRun = PreRun()
    preRun.iterations = 0
    let trips = (0..<400).map { (k: Int) -> Trip in
      let from = network.link(k % 2 == 0 ? "0>1" : "6>7")
      let to = network.link(k % 3 == 0 ? "34>35" : "28>29")
      return Trip(
        name: "t\(k)", departureMilliseconds: Int64(k) * 1000,
        origin: AccessPoint(link: from, offset: 10),
        destination: AccessPoint(link: to, offset: 10))
    }
    func assign(_ trips: [Trip], _ execute: ParallelLoop) throws -> RouteAssignment {
      try RouteAssigner(
        network: network, graph: graph, random: RandomStream(seed: 2), preRun: preRun
      ).assign(trips, execute: execute)
    }
    let all = try assign(trips, runSerially)
    let backwards = try assign(trips) { count, body in
      for i in (0..<count).reversed() { body(i) }
    }
    XCTAssertEqual(all.routes.arena, backwards.routes.arena)
    XCTAssertEqual(all.routes.routeOfTrip, backwards.routes.routeOfTrip)
    let fewer = try assign(Array(trips.dropLast()), runSerially)
    for k in 0..<399 {
      XCTAssertEqual(
        Array(fewer.routes.links(of: TripID(k))), Array(all.routes.links(of: TripID(k))))
    }
    // Four pairs of places with at most three ways each, and all are used.
    XCTAssertGreaterThanOrEqual(all.routes.arena.count, 8)
    XCTAssertLessThanOrEqual(all.routes.arena.count, 12)
    // With a pre-run, nobody reckons with a trip that is not habitual, whenever it departs.
    preRun.iterations = 8
    var more = trips
    more[399].isHabitual = false
    more[399].departureMilliseconds = 9_000_000
    let expected = try assign(more, runSerially)
    let without = try assign(Array(trips.dropLast()), runSerially)
    XCTAssertEqual(expected.preRun, without.preRun)
    XCTAssertEqual(expected.preRun.count, 1)
    XCTAssertEqual(expected.trips.count, 400)
    for k in 0..<399 {
      XCTAssertEqual(
        Array(without.routes.links(of: TripID(k))), Array(expected.routes.links(of: TripID(k))))
    }
  }

  func testIntervalsCoverTheDepartures() {
    func trip(_ at: Int64) -> Trip {
      Trip(
        name: "\(at)", departureMilliseconds: at, origin: AccessPoint(link: LinkID(0), offset: 0),
        destination: AccessPoint(link: LinkID(1), offset: 0))
    }
    let preRun = PreRun()
    XCTAssertEqual(preRun.intervals([]), [])
    XCTAssertEqual(preRun.intervals([trip(5)]), [5..<6])
    XCTAssertEqual(preRun.intervals([trip(0), trip(3_599_999)]), [0..<3_600_000])
    XCTAssertEqual(
      preRun.intervals([trip(0), trip(7_199_999)]), [0..<3_600_000, 3_600_000..<7_200_000])
    XCTAssertEqual(preRun.intervals([trip(0), trip(5_000_000)]).count, 1)
  }
}
