import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// What comes in over the edge of a network has been driving.
final class EntryTests: XCTestCase {
  /// A lane of a motorway at 120 km/h takes 1,200 vehicles an hour that come at random: a third of
  /// what a headway of 1 s and a length of 6.6 m at that speed would let through, 3600 / (1 + 6.6 / 33).
  /// Nobody who comes close behind another may set out from standstill there: then the lane discharges
  /// a queue at its beginning, and all behind wait outside.
  func testNobodyStopsAtTheEdge() throws {
    var source = RoadSource()
    for (i, x) in [0.0, 1500, 3000].enumerated() {
      source.nodes.append(RoadSource.Node(position: Point2(x, 0), externalID: Int64(i)))
    }
    source.ways.append(
      RoadSource.Way(
        externalID: "m", nodes: [0, 1, 2], roadClass: .motorway, forwardLanes: 1,
        backwardLanes: 0, speedLimit: 120 / 3.6))
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    let first = RoadShapes.link(network, near: Point2(100, 0), towards: Point2(1, 0))
    let last = RoadShapes.link(network, near: Point2(2900, 0), towards: Point2(1, 0))
    let random = RandomStream(seed: 5)
    var journeys: [StreetRun.Journey] = []
    var second = 0.0
    while second < 900 {
      second -= PortableMath.log(1 - random.unit(.sampling, UInt64(journeys.count))) * 3
      journeys.append(
        StreetRun.Journey(
          second: second, from: AccessPoint(link: first, offset: 5),
          to: AccessPoint(link: last, offset: network.linkLength[last] - 5)))
    }
    let run = StreetRun(network, journeys)
    defer { run.traffic.pool.shutDown() }
    XCTAssertEqual(try run.drive(to: 900), [])
    let vehicles = run.traffic.world.vehicles
    let waiting = run.traffic.demand.trips.indices.count { i in
      run.traffic.demand.trips[i].departureMilliseconds < 900_000 && vehicles.departed[i] < 0
    }
    // At random a few come at once: those of the last seconds.
    XCTAssertLessThan(waiting, 6)
    // 3 km at 120 km/h are 90 s; the slowest drivers set the pace of those behind.
    XCTAssertLessThan(run.meanSeconds(), 1.35 * 90)
  }
}
