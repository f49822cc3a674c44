import CityBase
import CityNetwork
import CitySimulation
import XCTest

@testable import CityTraffic

private struct Crawl: Policy {
  let name = "crawl"
  let link: LinkID
  func commands(_ observation: Observation) -> [Command] {
    observation.moment.tick == 0 ? [.limitSpeed(link, metersPerSecond: 1)] : []
  }
}

final class CrawlingMergeTests: XCTestCase {
  /// A side street joins a main road that crawls at 1 m/s beyond, with queues on both. Drivers in
  /// such a queue let one in now and then; before, the main road took every gap.
  func testASideStreetGetsItsTurnInACrawlingQueue() throws {
    var source = RoadSource()
    for (i, place) in [(-300.0, 0.0), (0, 0), (400, 0), (0, -250)].enumerated() {
      source.nodes.append(
        RoadSource.Node(position: Point2(place.0, place.1), externalID: Int64(i)))
    }
    for (name, nodes, roadClass) in [
      ("main", [0, 1, 2], .secondary), ("side", [3, 1], .tertiary),
    ] as [(String, [Int32], RoadClass)] {
      source.ways.append(
        RoadSource.Way(
          externalID: name, nodes: nodes, roadClass: roadClass, forwardLanes: 1, backwardLanes: 0,
          speedLimit: 50 / 3.6))
    }
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    func find(_ x: Double, _ y: Double, _ towards: Point2) -> LinkID {
      RoadShapes.link(network, near: Point2(x, y), towards: towards)
    }
    let main = find(-150, 0, Point2(1, 0))
    let side = find(0, -125, Point2(0, 1))
    let beyond = find(200, 0, Point2(1, 0))
    var journeys: [StreetRun.Journey] = []
    for from in [main, side] {
      for n in 0..<120 {
        let start = AccessPoint(link: from, offset: Float(20 + n % 8 * 20))
        journeys.append(
          StreetRun.Journey(
            second: Double(1 + n * 4), from: start, to: AccessPoint(link: beyond, offset: 380)))
      }
    }
    let run = StreetRun(network, journeys, policies: [Crawl(link: beyond)])
    let vehicles = run.traffic.world.vehicles
    let trips = run.traffic.demand.trips
    func entered(_ from: LinkID) -> Int {
      var count = 0
      for v in trips.indices where trips[v].origin.link == from && vehicles.departed[v] >= 0 {
        if vehicles.routeIndex[v] > vehicles.routeFirst[v] { count += 1 }
      }
      return count
    }
    XCTAssertEqual(try run.drive(to: 120), [])
    let mainBefore = entered(main)
    let sideBefore = entered(side)
    XCTAssertEqual(try run.drive(to: 720), [])
    let fromMain = entered(main) - mainBefore
    let fromSide = entered(side) - sideBefore
    // A car of 4.6 m, 2 m and a second behind the next at 1 m/s: no more than one each 7.6 s, 79 in
    // ten minutes. Where each sets out only when there is room for all of it beyond, some 8 s for
    // the way across and 7 s until the next has room: 40. Who has waited 8 s is let in, and the next
    // one of the main road goes before the one after: up to a half from the side.
    XCTAssertTrue((30...79).contains(fromMain + fromSide), "\(fromMain) and \(fromSide)")
    XCTAssertGreaterThan(fromSide * 4, fromMain)
    XCTAssertGreaterThanOrEqual(fromMain + 1, fromSide)
  }
}
