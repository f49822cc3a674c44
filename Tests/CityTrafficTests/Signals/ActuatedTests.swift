import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Actuated control against figures that are reckoned by hand.
final class ActuatedTests: XCTestCase {
  private let network = SignalCrossing.network()

  private func limits(_ minimum: Int64, _ maximum: Int64) -> SignalProgram.Limits {
    SignalProgram.Limits(minimum: minimum * 1000, maximum: maximum * 1000)
  }

  func testRestsWhereNobodyWaits() throws {
    var empty = SignalCrossing(network, [], Actuated(), limits: limits(5, 30))
    try empty.drive(to: 600)
    // What the built plan is in the middle of may end; then the next green lasts.
    XCTAssertLessThanOrEqual(empty.changes.count, 3)
    XCTAssertTrue(empty.changes.last?.states.contains(.green) ?? false)
    // Whoever comes to the green does not disturb it, and is not stopped.
    let arm: SignalCrossing.Arm =
      empty.starts(of: SignalCrossing.stage(network, .west)).isEmpty ? .south : .west
    let ahead: SignalCrossing.Arm = arm == .west ? .east : .north
    var one = SignalCrossing(
      network, [SignalCrossing.journey(network, 60, arm, ahead)], Actuated(), limits: limits(5, 30))
    try one.drive(to: 200)
    XCTAssertEqual(one.changes.map(\.second), empty.changes.map(\.second))
    // 770 m at 50 km/h take 55.4 s; setting out from rest and turning in at the end cost some more.
    XCTAssertLessThan(try XCTUnwrap(one.run.seconds(of: 0)), 70)
  }

  /// A signal that rests shows the same after a checkpoint, and so to whoever comes then.
  func testRestsOnAfterACheckpoint() throws {
    func make() -> SignalCrossing {
      let journeys = [
        SignalCrossing.journey(network, 5, .south, .north, before: 60),
        SignalCrossing.journey(network, 5, .west, .east, before: 60),
        SignalCrossing.journey(network, 150, .west, .east),
        SignalCrossing.journey(network, 151, .south, .north),
      ]
      return SignalCrossing(network, journeys, Actuated(), limits: limits(5, 30))
    }
    var whole = make()
    try whole.drive(to: 120)
    XCTAssertEqual(whole.run.traffic.signalRoom.machine(of: 0)?.isIdle, true)
    var writer = StateWriter()
    whole.run.simulation.encodeState(into: &writer)
    let resumed = make()
    var reader = StateReader(writer.bytes, file: "memory")
    try resumed.run.simulation.decodeState(from: &reader)
    while whole.run.simulation.tick < 600 {
      let moment = whole.run.simulation.moment
      try whole.run.simulation.step()
      try resumed.run.simulation.step()
      XCTAssertEqual(
        resumed.run.traffic.signalStates(of: SignalID(0), at: moment),
        whole.run.traffic.signalStates(of: SignalID(0), at: moment), "\(moment.tick)")
    }
    XCTAssertEqual(
      resumed.run.simulation.stateHash(), whole.run.simulation.stateHash())
    XCTAssertEqual(whole.run.traffic.counts.arrived, 4)
  }

  func testAnEmptySignalTurnsInRoundsIfItMayNotSkip() throws {
    var control = Actuated()
    control.skips = false
    var run = SignalCrossing(network, [], control, limits: limits(7, 30))
    try run.drive(to: 300)
    // Nobody extends a green, so that each lasts its minimum: 7 s and what lies between.
    let plan = StagedPlan(network.signals[SignalID(0)])
    let between = plan.stages.reduce(0) { $0 + Double($1.betweenMilliseconds) / 1000 }
    let starts = run.starts(of: 0).dropFirst()
    XCTAssertGreaterThan(starts.count, 5)
    for (a, b) in zip(starts, starts.dropFirst()) { XCTAssertEqual(b - a, 14 + between) }
  }

  /// Six cars two seconds apart come from the west while one waits in the south. Each leaves the
  /// loop less than 3 s after the one before; when the last has left it for 3 s, the green ends.
  func testEndsAGreenThreeSecondsAfterTheLastCarHasLeftTheLoop() throws {
    // The first one from the west has the signal rest in its stage.
    var journeys = (0..<6).map {
      SignalCrossing.journey(network, 40 + 2 * Double($0), .west, .east)
    }
    journeys.append(SignalCrossing.journey(network, 74, .south, .north, before: 60))
    journeys.append(SignalCrossing.journey(network, 1, .west, .east, before: 100))
    let last = 6  // in the order of departure: the single one first, then the platoon
    let west = SignalCrossing.link(network, .west, inwards: true)
    let length = network.linkLength[west]
    // 2 s at the limit before the stop line, where the loop ends.
    let loopEnd = length - 2 * network.linkSpeedLimit[west]
    var run = SignalCrossing(network, journeys, Actuated(), limits: limits(5, 60))
    var rear: (second: Double, place: Float)?
    var left: Double?
    try run.drive(to: 180) { now in
      guard let front = SignalCrossing.front(of: last, on: west, now) else { return }
      let place = front - 4.6
      let second = Double(now.simulation.tick) / 2
      if let before = rear, before.place <= loopEnd, place > loopEnd {
        left = second - 0.5 * Double((place - loopEnd) / (place - before.place))
      }
      rear = (second, place)
    }
    let leaving = try XCTUnwrap(left)
    let stage = SignalCrossing.stage(network, .west)
    let green = try XCTUnwrap(run.starts(of: stage).last { $0 < leaving })
    let end = try XCTUnwrap(run.changes.first { $0.second > green }?.second)
    // Seen at the tick at or after; at constant speed the moment of leaving is exact to a rounding.
    XCTAssertEqual(end, ((leaving + 3) * 2 - 0.01).rounded(.up) / 2)
    let next = try XCTUnwrap(run.starts(of: SignalCrossing.stage(network, .south)).last)
    let between = StagedPlan(network.signals[SignalID(0)]).stages[stage].betweenMilliseconds
    XCTAssertEqual(next, end + Double(between) / 1000)
    XCTAssertEqual(run.run.traffic.counts.arrived, 8)
  }

  /// Cars every two seconds never leave a gap: the one who waits across gets green the longest green
  /// and the time between the stages after he is seen.
  func testEndsAGreenAtItsLongest() throws {
    var journeys = (0..<100).map { SignalCrossing.journey(network, 2 * Double($0), .west, .east) }
    journeys.append(SignalCrossing.journey(network, 61, .south, .north, before: 200))
    let single = 31
    let south = SignalCrossing.link(network, .south, inwards: true)
    let limit = network.linkSpeedLimit[south]
    let loopStart = network.linkLength[south] - 2 * limit - SignalDetection.usualLoopLength
    var run = SignalCrossing(network, journeys, Actuated(), limits: limits(5, 25))
    var seen: Double?
    try run.drive(to: 190) { now in
      if seen == nil, let front = SignalCrossing.front(of: single, on: south, now),
        front >= loopStart
      {
        seen = Double(now.simulation.tick) / 2
      }
    }
    let west = SignalCrossing.stage(network, .west)
    let called = try XCTUnwrap(seen)
    let green = try XCTUnwrap(run.starts(of: west).last { $0 < called })
    let end = try XCTUnwrap(run.changes.first { $0.second > green && $0.second > called }?.second)
    // The loop is looked at in the next tick's phase 2, which sees what this tick left.
    XCTAssertEqual(end, called + 25)
  }

  /// Three lanes have left-turn stages of their own: with traffic that only goes straight, nobody
  /// ever sees them.
  func testSkipsStagesWithoutDemand() throws {
    let wide = SignalCrossing.network(lanes: 3)
    let stages = StagedPlan(wide.signals[SignalID(0)]).stages
    XCTAssertGreaterThan(stages.count, 2)
    var journeys: [StreetRun.Journey] = []
    for i in 0..<60 {
      journeys.append(SignalCrossing.journey(wide, 10 * Double(i), .west, .east))
      journeys.append(SignalCrossing.journey(wide, 10 * Double(i) + 3, .south, .north))
    }
    var run = SignalCrossing(wide, journeys, Actuated(), limits: limits(5, 30))
    try run.drive(to: 600)
    let straight = [SignalCrossing.stage(wide, .west), SignalCrossing.stage(wide, .south)]
    for stage in straight { XCTAssertGreaterThan(run.starts(of: stage).count, 5) }
    // What the plan was in the middle of as the run began does not count.
    for stage in stages.indices where !straight.contains(stage) {
      XCTAssertLessThanOrEqual(run.starts(of: stage).count, 1, "stage \(stage)")
    }
  }
}
