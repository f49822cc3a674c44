import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

final class LaneBlockageTests: XCTestCase {
  private let east = Point2(1, 0)
  private let west = Point2(-1, 0)

  /// Trips along one link, one every so many seconds.
  private func stream(
    _ link: LinkID, from: Float, to: Float, every seconds: Double, count: Int, start: Double = 0
  ) -> [StreetRun.Journey] {
    (0..<count).map {
      StreetRun.Journey(
        second: start + Double($0) * seconds, from: AccessPoint(link: link, offset: from),
        to: AccessPoint(link: link, offset: to))
    }
  }

  private func blockage(
    _ network: RoadNetwork, _ link: LinkID, lane: Int = 0, _ from: Float, _ to: Float,
    width: Float = 0
  ) -> LaneBlockage {
    LaneBlockage(
      lane: LaneID(network.lanes(of: link).lowerBound + lane), from: from, to: to,
      residualWidth: width)
  }

  /// With room to pass it costs what a slow stretch costs: 24.6 m at 15 km/h instead
  /// of 50 km/h are 4.1 s; slowing down at 1.5 m/s² and speeding up again, at 1.5 m/s² and
  /// less, lose 2.3 s and 2.3 to 6 s more.
  func testRoomToCreepPastCostsSeconds() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 0)
    let link = LinkID(0)
    let trips = stream(link, from: 20, to: 560, every: 30, count: 12)
    let free = StreetRun(network, trips)
    XCTAssertEqual(try free.drive(to: 450), [])
    let run = StreetRun(network, trips)
    _ = run.traffic.block(blockage(network, link, 300, 320, width: 2.6))
    XCTAssertEqual(try run.drive(to: 450), [])
    XCTAssertEqual(run.traffic.counts.arrived, 12)
    let lost = run.meanSeconds() - free.meanSeconds()
    print("creeping past costs", lost)
    XCTAssertGreaterThan(lost, 8)
    XCTAssertLessThan(lost, 14)
  }

  /// Both directions get past a double-parked car, never at once, and those behind it are slower.
  func testOncomingTrafficAndThoseBehindADoubleParkedCarTakeTurns() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 1)
    let there = RoadShapes.link(network, near: Point2(300, 0), towards: east)
    let back = RoadShapes.link(network, near: Point2(300, 0), towards: west)
    let trips =
      stream(there, from: 20, to: 560, every: 6, count: 100)
      + stream(back, from: 20, to: 560, every: 6, count: 100, start: 3)
    let free = StreetRun(network, trips)
    XCTAssertEqual(try free.drive(to: 900), [])
    let run = StreetRun(network, trips)
    _ = run.traffic.block(blockage(network, there, 300, 306))
    var turns = 0
    var last: Int8 = -1
    XCTAssertEqual(
      try run.drive(to: 1500) {
        let turn = run.traffic.world.obstacles.passages[0].turn
        if turn >= 0 && turn != last {
          turns += 1
          last = turn
        }
      }, [])
    XCTAssertEqual(run.traffic.counts.arrived, 200)
    let lost = [there, back].map { link in
      run.meanSeconds { $0.origin.link == link } - free.meanSeconds { $0.origin.link == link }
    }
    print("taking turns costs", lost, "turns", turns, "hard", run.traffic.hardBrakings)
    XCTAssertGreaterThan(lost[0], 5)
    XCTAssertGreaterThan(lost[1], 0)
    XCTAssertGreaterThan(turns, 20)
    XCTAssertEqual(run.traffic.hardBrakings, 0)
  }

  /// The side that keeps coming does not shut the other one out: nobody stands for longer than the
  /// turns of those before him.
  func testAnUnbrokenStreamDoesNotShutTheOthersOut() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 1)
    let there = RoadShapes.link(network, near: Point2(300, 0), towards: east)
    let back = RoadShapes.link(network, near: Point2(300, 0), towards: west)
    let trips =
      stream(there, from: 20, to: 560, every: 60, count: 10)
      + stream(back, from: 20, to: 560, every: 2.5, count: 240)
    let run = StreetRun(network, trips)
    _ = run.traffic.block(blockage(network, there, 300, 306))
    XCTAssertEqual(try run.drive(to: 660), [])
    let mean = run.meanSeconds { $0.origin.link == there }
    print("against a stream", mean)
    // The way alone takes 42 s; the bound of a turn, the last of it clearing the stretch, and
    // starting again about 15 + 10 + 10 s.
    XCTAssertEqual(run.traffic.demand.trips.indices.count { run.seconds(of: $0) != nil }, 250)
    XCTAssertLessThan(mean, 42 + 40)
  }

  /// Without an opposite lane everybody waits until it is over, and then arrives.
  func testAOneWayStreetIsShutUntilTheBlockageEnds() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 0)
    let link = LinkID(0)
    let run = StreetRun(network, stream(link, from: 20, to: 560, every: 10, count: 30))
    let id = run.traffic.block(blockage(network, link, 300, 306, width: 2.4))
    XCTAssertEqual(try run.drive(to: 400), [])
    XCTAssertEqual(run.traffic.counts.arrived, 0)
    XCTAssertEqual(run.traffic.gridlocks, [])
    let first = Int(run.traffic.world.lanes.base[0])
    XCTAssertLessThan(run.traffic.world.slots.position[first], 300)
    XCTAssertGreaterThan(run.traffic.world.slots.position[first], 296)
    run.traffic.unblock(id)
    run.traffic.unblock(id)
    XCTAssertEqual(try run.drive(to: 600), [])
    XCTAssertEqual(run.traffic.counts.arrived, 30)
  }

  /// One of two lanes is blocked for a flow of more than one lane's capacity: about that of one lane
  /// passes. The most that the model lets through a lane is v / (length + gap) at its best speed,
  /// with the gap (s0 + v T) / √(1 - (v / v0)⁴): 1,940 vehicles an hour for 50 km/h. Half of that is
  /// what is left where every second one starts from standstill.
  func testOneOfTwoLanesCarriesAboutOneLane() throws {
    let (network, link, left, right) = RoadShapes.fork(length: 3000)
    var trips: [StreetRun.Journey] = []
    for from in stride(from: Float(20), to: 1800, by: 60) {
      for i in 0..<40 {
        trips.append(
          StreetRun.Journey(
            second: Double(i) * 30 + Double(from) / 61, from: AccessPoint(link: link, offset: from),
            to: AccessPoint(link: (Int(from) / 60 + i) % 2 == 0 ? left : right, offset: 150)))
      }
    }
    func passed(_ blockage: LaneBlockage?) throws -> (first: Int, second: Int) {
      let run = StreetRun(network, trips)
      if let blockage { _ = run.traffic.block(blockage) }
      XCTAssertEqual(try run.drive(to: 500), [])
      let before = run.traffic.counts.arrived
      XCTAssertEqual(try run.drive(to: 1100), [])
      let n = run.traffic.counts.arrived - before
      print(
        "two lanes", blockage as Any, "passed", n * 6, "an hour, queue", run.traffic.counts.onRoad,
        "hard", run.traffic.hardBrakings)
      XCTAssertEqual(try run.drive(to: 4500), [])
      return (n * 6, run.traffic.counts.due - run.traffic.counts.arrived)
    }
    let free = try passed(nil)
    XCTAssertGreaterThan(free.first, 1940, "the demand must be more than a lane can carry")
    for lane in 0..<2 {
      let (perHour, left) = try passed(blockage(network, link, lane: lane, 2200, 2206))
      XCTAssertGreaterThan(perHour, 970)
      XCTAssertLessThan(perHour, 2000)
      XCTAssertEqual(left, 0, "everybody gets past")
    }
  }

  /// Who sets out beside a blockage does so behind it, and who wants to go there leaves before it.
  func testDeparturesAndArrivalsAtABlockage() throws {
    for (backward, width) in [(0, Float(0)), (1, 0), (1, 2.6)] {
      let network = RoadShapes.build(length: 400, forward: 1, backward: backward)
      let link = RoadShapes.link(network, near: Point2(200, 0), towards: east)
      let trips =
        stream(link, from: 203, to: 360, every: 10, count: 6)
        + stream(link, from: 20, to: 203, every: 10, count: 6)
        + stream(link, from: 20, to: 207, every: 10, count: 6, start: 3)
        + stream(link, from: 20, to: 198, every: 10, count: 6, start: 6)
      let run = StreetRun(network, trips)
      _ = run.traffic.block(blockage(network, link, 200, 206, width: width))
      XCTAssertEqual(try run.drive(to: 300), [], "\(backward) \(width)")
      XCTAssertEqual(run.traffic.counts.arrived, 24, "\(backward) \(width)")
    }
  }

  /// Five metres beyond a junction no car has room to stand. Nobody enters the box for a lane that
  /// is shut there, so that the crossing street flows on; with an opposite lane they take turns.
  func testABlockageJustBeyondAJunctionDoesNotBlockIt() throws {
    for eastwardOnly in [true, false] {
      let network = RoadShapes.crossing(arm: 200, eastwardOnly: eastwardOnly)
      let comes = RoadShapes.link(network, near: Point2(-100, 0), towards: east)
      let goes = RoadShapes.link(network, near: Point2(100, 0), towards: east)
      let up = RoadShapes.link(network, near: Point2(0, -100), towards: Point2(0, 1))
      let upper = RoadShapes.link(network, near: Point2(0, 100), towards: Point2(0, 1))
      func trips(_ from: LinkID, _ to: LinkID, _ every: Double, _ n: Int) -> [StreetRun.Journey] {
        (0..<n).map {
          StreetRun.Journey(
            second: Double($0) * every, from: AccessPoint(link: from, offset: 20),
            to: AccessPoint(link: to, offset: 120))
        }
      }
      var all = trips(comes, goes, 15, 30) + trips(up, upper, 8, 50)
      if !eastwardOnly {
        let back = RoadShapes.link(network, near: Point2(100, 0), towards: west)
        let away = RoadShapes.link(network, near: Point2(-100, 0), towards: west)
        all += trips(back, away, 15, 30)
      }
      let run = StreetRun(network, all)
      let id = run.traffic.block(blockage(network, goes, 5, 10))
      XCTAssertEqual(
        try run.drive(to: 500) {
          if eastwardOnly {
            XCTAssertEqual(run.traffic.trips(on: goes).count, 0)
          }
        }, [])
      let trips = run.traffic.demand.trips
      let crossed = trips.indices.count {
        trips[$0].origin.link == up && run.seconds(of: $0) != nil
      }
      XCTAssertEqual(crossed, 50)
      print("beyond a junction", eastwardOnly, run.traffic.counts)
      if eastwardOnly {
        XCTAssertEqual(run.traffic.counts.arrived, 50)
        run.traffic.unblock(id)
      }
      XCTAssertEqual(try run.drive(to: 900), [])
      XCTAssertEqual(run.traffic.counts.arrived, all.count)
    }
  }

  /// Cars on both sides of a street, one behind the other: one passage. Opposite each other: closed.
  func testBlockagesOnBothSides() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 1)
    let there = RoadShapes.link(network, near: Point2(300, 0), towards: east)
    let back = RoadShapes.link(network, near: Point2(300, 0), towards: west)
    let trips =
      stream(there, from: 20, to: 560, every: 8, count: 40)
      + stream(back, from: 20, to: 560, every: 8, count: 40)
    for (from, width, isPassable) in [
      (Float(270), Float(0), true), (297, 1, false), (297, 1.3, true),
    ] {
      let run = StreetRun(network, trips)
      _ = run.traffic.block(blockage(network, there, 300, 305, width: width))
      let id = run.traffic.block(blockage(network, back, from, from + 5, width: width))
      XCTAssertEqual(run.traffic.world.obstacles.passages.count, isPassable ? 1 : 0)
      XCTAssertEqual(try run.drive(to: 800), [])
      XCTAssertEqual(run.traffic.counts.arrived, isPassable ? 80 : 0, "\(from) \(width)")
      run.traffic.unblock(id)
      XCTAssertEqual(try run.drive(to: 1200), [])
      XCTAssertEqual(run.traffic.counts.arrived, 80)
    }
  }

  /// The check of the passages is worth nothing if it would not see both directions in one.
  func testBothDirectionsInAPassageAreSeen() throws {
    let network = RoadShapes.build(length: 600, forward: 1, backward: 1)
    let there = RoadShapes.link(network, near: Point2(300, 0), towards: east)
    let back = RoadShapes.link(network, near: Point2(300, 0), towards: west)
    let run = StreetRun(
      network,
      stream(there, from: 20, to: 560, every: 9, count: 9)
        + stream(back, from: 20, to: 560, every: 9, count: 9))
    _ = run.traffic.block(blockage(network, there, 300, 306))
    // The first two have come as far as 260 m, those behind them 125 m.
    XCTAssertEqual(try run.drive(to: 22), [])
    let world = run.traffic.world
    let lanes = [there, back].map { network.lanes(of: $0).lowerBound }
    for lane in lanes {
      XCTAssertGreaterThan(world.lanes.count[lane], 0)
      world.slots.position[Int(world.lanes.base[lane])] = 303
    }
    XCTAssertTrue(run.traffic.violations().contains { $0.contains("both directions") })
  }
}
