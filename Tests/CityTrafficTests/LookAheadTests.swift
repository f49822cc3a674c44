import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// What drivers do about a turn that lies behind several links.
final class LookAheadTests: XCTestCase {
  /// A road of three lanes eastwards, its exit at the kerb lane behind two links of some length that
  /// side roads cut off.
  private func road(short: Double) -> (
    network: RoadNetwork, main: LinkID, exit: LinkID, onward: LinkID, short: [LinkID]
  ) {
    var source = RoadSource()
    let end = 1000 + 2 * short
    let places = [
      (0.0, 0.0), (1000, 0), (1000 + short, 0), (end, 0), (end + 400, 0), (end + 300, -150),
      (900, -120), (900 + short, -120),
    ]
    for (i, place) in places.enumerated() {
      source.nodes.append(
        RoadSource.Node(position: Point2(place.0, place.1), externalID: Int64(i)))
    }
    for (name, nodes, lanes) in [
      ("main", [0, 1, 2, 3] as [Int32], 3), ("onward", [3, 4], 2), ("exit", [3, 5], 1),
      ("in1", [6, 1], 1), ("in2", [7, 2], 1),
    ] {
      var way = RoadSource.Way(
        externalID: name, nodes: nodes, roadClass: name.hasPrefix("in") ? .residential : .primary,
        forwardLanes: lanes, backwardLanes: 0, speedLimit: 50 / 3.6)
      if name == "main" { way.forwardTurns = [.right, .through, .through] }
      source.ways.append(way)
    }
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    func link(_ x: Double, _ y: Double, towards: Point2 = Point2(1, 0)) -> LinkID {
      RoadShapes.link(network, near: Point2(x, y), towards: towards)
    }
    return (
      network, link(500, 0), link(end + 150, -75, towards: Point2(0.2, -1)), link(end + 200, 0),
      [link(1000 + short / 2, 0), link(1000 + 1.5 * short, 0)]
    )
  }

  /// Nobody but who takes the exit is bound to the kerb lane, and who does has to be in it before the
  /// short links, however many metres they are, with the last place to change known.
  func testTheLaneOfAnExitBehindTwoLinksIsWantedNow() throws {
    for short in [40.0, 150] {
      let (network, main, exit, onward, links) = road(short: short)
      XCTAssertEqual(network.lanes(of: main).count, 3)
      XCTAssertEqual(Set(links + [main]).count, 3)
      let run = StreetRun(
        network,
        [exit, onward].enumerated().map { i, to in
          StreetRun.Journey(
            second: 0, from: AccessPoint(link: main, offset: 300 - Float(i) * 100),
            to: AccessPoint(link: to, offset: 100))
        })
      XCTAssertEqual(try run.drive(to: 1), [])
      let world = run.traffic.world
      let lane = network.lanes(of: main).lowerBound
      let s = Int(world.lanes.base[lane])
      XCTAssertEqual(world.lanes.count[lane], 2)
      XCTAssertEqual([world.slots.laneLow[s], world.slots.laneHigh[s]], [0, 0], "\(short)")
      XCTAssertEqual(
        [world.slots.laneLow[s + 1], world.slots.laneHigh[s + 1]], [1, 2], "\(short)")
      // Who goes on may stay in the kerb lane up to 100 m before the exit, where there may be a queue.
      // On links as short as that together he must have left it before.
      let beyond = links.reduce(-Rule.changeRoom) { $0 + network.linkLength[$1] }
      XCTAssertEqual(
        Float(world.slots.leadsOn[s + 1]) * TrafficWorld.leadUnit, max(0, beyond), accuracy: 4)
    }
  }

  /// In a stream that fills the road nobody misses the exit, and before links too short to change
  /// lanes on most of those who take it are in the kerb lane.
  func testEverybodyIsInTheLaneOfTheExitInTime() throws {
    for short in [40.0, 150] {
      let (network, main, exit, onward, links) = road(short: short)
      var trips: [StreetRun.Journey] = []
      for i in 0..<300 {
        trips.append(
          StreetRun.Journey(
            second: Double(i / 3) * 6,
            from: AccessPoint(link: main, offset: 20 + Float(i % 3) * 60),
            to: AccessPoint(link: i % 3 == 0 ? exit : onward, offset: 100)))
      }
      let run = StreetRun(network, trips)
      let world = run.traffic.world
      var seen = 0
      var late = 0
      XCTAssertEqual(
        try run.drive(to: 1100) {
          for link in links {
            for (k, lane) in network.lanes(of: link).enumerated() {
              let first = Int(world.lanes.base[lane])
              for s in first..<(first + Int(world.lanes.count[lane])) {
                let vehicle = Int(world.slots.vehicle[s])
                guard run.traffic.demand.trips[vehicle].destination.link == exit else { continue }
                seen += 1
                if k != 0 { late += 1 }
              }
            }
          }
        }, [])
      print("exit behind", short, run.traffic.counts, "late", late, "of", seen, run.traffic.events)
      XCTAssertEqual(run.traffic.counts.arrived, 300)
      XCTAssertGreaterThan(seen, 500)
      XCTAssertEqual(run.traffic.missedTurns, 0)
      // Of the time on links too short to change lanes on, most is spent in the right lane.
      if short < 50 { XCTAssertLessThan(late * 4, seen) }
      XCTAssertEqual(run.traffic.hardBrakings, 0)
    }
  }
}
