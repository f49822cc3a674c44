import CityBase
import CityNetwork
import CitySimulation
import XCTest

@testable import CityTraffic

/// Lane changes of single vehicles, with figures worked out by hand.
///
/// IDM with a 1.5, b 2, T 1, s0 2: free at 10 m/s of 15 m/s wanted, 1.5 (1 - (2/3)⁴) = 1.2037; behind a
/// leader of 5 m/s with a gap of 20 m, s* = 2 + 10 + 10 · 5 / (2 √3) = 26.434 and
/// 1.5 (0.80247 - (26.434 / 20)²) = -1.4166. A follower at 12 m/s of 15: free 1.5 (1 - 0.8⁴) = 0.8856;
/// behind 10 m/s s* = 2 + 12 + 12 · 2 / (2 √3) = 20.928, so with 15 m -2.0343 and with 11 m -4.544.
final class LaneChangeTests: XCTestCase {
  private let model = IntelligentDriver()

  /// Who goes twice as fast as in a street has half the time for as many metres.
  func testFastDriversLookFurther() {
    XCTAssertEqual(LaneChange.pace(50 / 3.6), 1)
    XCTAssertEqual(LaneChange.pace(30 / 3.6), 1)
    XCTAssertEqual(LaneChange.pace(100 / 3.6), 0.5, accuracy: 1e-6)
    XCTAssertEqual(LaneChange.pace(0), 1)
  }

  func testTheIncentiveIsThatOfMOBIL() {
    let now = model.acceleration(speed: 10, desired: 15, gap: 20, leaderSpeed: 5)
    let then = model.acceleration(speed: 10, desired: 15, gap: .infinity, leaderSpeed: 0)
    let before = model.acceleration(speed: 12, desired: 15, gap: .infinity, leaderSpeed: 0)
    let after = model.acceleration(speed: 12, desired: 15, gap: 15, leaderSpeed: 10)
    let own = LaneChange.Effect(now: now, then: then)
    XCTAssertEqual(
      LaneChange.incentive(own: own, newFollower: nil, oldFollower: nil, bias: 0), 2.6203 - 0.3,
      accuracy: 0.001)
    XCTAssertEqual(
      LaneChange.incentive(
        own: own, newFollower: LaneChange.Effect(now: before, then: after), oldFollower: nil,
        bias: 0),
      2.6203 - 0.2 * 2.9199 - 0.3, accuracy: 0.001)
    // Who follows behind gains what the other loses, and it counts as much.
    XCTAssertEqual(
      LaneChange.incentive(
        own: LaneChange.Effect(now: 0, then: 0),
        newFollower: LaneChange.Effect(now: 0, then: -1),
        oldFollower: LaneChange.Effect(now: -1, then: 0), bias: 0.4), 0.1, accuracy: 0.0001)
    // Nobody brakes harder than a car can.
    XCTAssertEqual(LaneChange.Effect(now: -100, then: -8).gain, 0)
  }

  func testUrgencyGrowsWithTheLanesAndWithOneOverTheDistance() {
    for (distance, lanes, expected) in [
      (Float(500), 1, Float(0.1)), (500, 2, 0.2), (200, 1, 0.25), (100, 1, 0.5), (100, 2, 1),
      (50, 1, 1), (10, 1, 1), (0, 1, 1),
    ] {
      XCTAssertEqual(LaneChange.urgency(distance, lanes: lanes), expected, accuracy: 1e-6)
    }
  }

  // MARK: - On the road

  private struct Car {
    var lane: Int
    var x: Float
    var v: Float
  }

  /// A street of lanes without a turn, or one that forks at its end (`isFork`), with vehicles in
  /// certain places of its first link, front first in each lane; those of a fork go right.
  private func world(
    _ cars: [Car], lanes: Int = 2, limit: Double = 15, isFork: Bool = false
  ) -> (run: StreetRun, firstLane: Int) {
    let network: RoadNetwork
    let trunk: LinkID
    var goal: AccessPoint
    if isFork {
      let fork = RoadShapes.fork(length: 1000)
      network = fork.network
      trunk = fork.trunk
      goal = AccessPoint(link: fork.right, offset: 100)
    } else {
      network = RoadShapes.build(length: 2000, forward: lanes, backward: 0, limit: limit)
      trunk = LinkID(0)
      goal = AccessPoint(link: trunk, offset: 1990)
    }
    let run = StreetRun(
      network,
      cars.indices.map {
        StreetRun.Journey(
          second: 0, from: AccessPoint(link: trunk, offset: 900 - 50 * Float($0)), to: goal)
      })
    try? run.simulation.step()
    let first = network.lanes(of: trunk).lowerBound
    let world = run.traffic.world
    XCTAssertEqual(Int(world.lanes.count[first]), cars.count)
    // Those in the lane at the kerb stay there; the others go over one by one.
    for lane in 1..<max(2, lanes) {
      for _ in cars.filter({ $0.lane >= lane }) {
        let from = first + lane - 1
        world.shift(
          Int(world.lanes.base[from]), index: 0, from: from, to: first + lane,
          place: Int(world.lanes.count[first + lane]))
      }
    }
    for lane in 0..<lanes {
      for (i, car) in cars.filter({ $0.lane == lane }).enumerated() {
        let s = Int(world.lanes.base[first + lane]) + i
        world.slots.position[s] = car.x
        world.slots.speed[s] = car.v
        world.slots.desired[s] = 15
        world.slots.flags[s] &= ~SlotFlag.changed
        if !isFork { world.slots.leaveAt[s] = .infinity }
        // A way that goes on from every lane.
        if !isFork { world.slots.laneHigh[s] = UInt8(lanes - 1) }
        if !isFork { world.slots.flags[s] &= ~SlotFlag.misplaced }
      }
    }
    return (run, first)
  }

  /// Phase 3 of four ticks, so that everybody has had a turn, with nobody moving.
  private func change(_ run: StreetRun) {
    for tick in 0..<4 {
      for chunk in 0..<run.traffic.world.layout.count {
        run.traffic.world.change(chunk: chunk, moment: run.moment(ofTick: Tick(tick)))
      }
    }
  }

  private func counts(_ run: StreetRun, _ first: Int, _ lanes: Int = 2) -> [Int] {
    (0..<lanes).map { Int(run.traffic.world.lanes.count[first + $0]) }
  }

  /// The same cases on the road: a leader that crawls, and somebody in the other lane.
  func testWhoGainsPassesAndNobodyIsCutOff() {
    let slow = Car(lane: 0, x: 624.6, v: 5)
    let me = Car(lane: 0, x: 600, v: 10)
    for (name, other, isPassing) in [
      ("alone", nil as Car?, true),
      // 15 m behind: the gain is more than the price of -2.9 m/s² to him.
      ("a follower who can brake", Car(lane: 1, x: 600 - 4.6 - 15, v: 12), true),
      // 11 m behind: he would have to brake with 4.5 m/s².
      ("a follower too near", Car(lane: 1, x: 600 - 4.6 - 11, v: 12), false),
      // As slow as the own leader and no farther: nothing to win.
      ("two side by side", Car(lane: 1, x: 624.6, v: 5), false),
    ] {
      let (run, first) = world([slow, me] + (other.map { [$0] } ?? []))
      change(run)
      let inOther = (other == nil ? 0 : 1) + (isPassing ? 1 : 0)
      XCTAssertEqual(counts(run, first)[1], inOther, name)
    }
  }

  /// In town a free driver stays where he is; on a fast road he goes back to the kerb.
  func testOnFastRoadsDriversKeepToTheKerb() {
    for (limit, lane) in [(Double(60) / 3.6, 1), (Double(100) / 3.6, 0)] {
      let (run, first) = world([Car(lane: 1, x: 600, v: 14)], limit: limit)
      change(run)
      XCTAssertEqual(counts(run, first), lane == 0 ? [1, 0] : [0, 1])
    }
    // Not behind somebody slow, and not where it is not his lane.
    let (run, first) = world(
      [Car(lane: 1, x: 600, v: 14), Car(lane: 0, x: 630, v: 5)].sorted { $0.lane > $1.lane },
      limit: 100 / 3.6)
    change(run)
    XCTAssertEqual(counts(run, first), [1, 1])
  }

  /// The way right needs the lane at the kerb. 100 m before the end a driver goes there at once; 600 m
  /// before he does not mind yet; at 400 m he does where it costs him nothing (a bias of
  /// 3 · 50 / 400 = 0.375 is more than the threshold), and not 25 m behind somebody a little slower.
  func testANeededChangeIsWeighedWhileThereIsTime() {
    for (left, leader, lane) in [
      (Float(100), nil as Car?, 0), (600, nil, 1), (400, nil, 0),
      (400, Car(lane: 0, x: 0, v: 11), 1), (120, Car(lane: 0, x: 0, v: 11), 0),
    ] {
      let cars = [Car(lane: 1, x: 0, v: 14)] + (leader.map { [$0] } ?? [])
      let (run, first) = world(cars, isFork: true)
      let world = run.traffic.world
      let end = world.lanes.length[first]
      world.slots.position[Int(world.lanes.base[first + 1])] = end - left
      if let leader {
        world.slots.position[Int(world.lanes.base[first])] = end - left + 30
        world.slots.speed[Int(world.lanes.base[first])] = leader.v
      }
      change(run)
      let expected = (leader == nil ? 0 : 1) + (lane == 0 ? 1 : 0)
      XCTAssertEqual(counts(run, first)[0], expected, "\(left) m, \(leader as Any)")
    }
  }

  /// Who needs the lane of a column is beside one of its vehicles: that one goes first, the next one
  /// makes room, and the driver falls back between them.
  func testTheOneBehindIsAskedAndNotTheOneBeside() {
    let (run, first) = world(
      [
        Car(lane: 1, x: 950, v: 10), Car(lane: 0, x: 948, v: 10), Car(lane: 0, x: 936, v: 10),
        Car(lane: 0, x: 924, v: 10),
      ], isFork: true)
    let world = run.traffic.world
    world.change(chunk: Int(world.layout.chunkOfLane[first]), moment: run.moment(ofTick: 0))
    let base = Int(world.lanes.base[first])
    let isAsked = (0..<3).map { world.slots.flags[base + $0] & SlotFlag.yielding != 0 }
    XCTAssertEqual(isAsked, [false, true, false])
    XCTAssertEqual(world.lanes.yieldRear[first], 950 - 4.6, accuracy: 0.01)
    let me = Int(world.lanes.base[first + 1])
    XCTAssertNotEqual(world.slots.flags[me] & SlotFlag.yielding, 0)
    XCTAssertEqual(world.lanes.yieldRear[first + 1], 948 - 4.6, accuracy: 0.01)
  }
}
