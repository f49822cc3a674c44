import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

/// Capacities, delays and the equilibrium of a static assignment, against theory.
final class AssignmentTests: XCTestCase {
  /// Links from 0 to 1 that leads on to 3 or round by 2: 0 > 1, 1 > 3, 1 > 2 > 3, 3 > 4.
  private func twoWays() -> RoadNetwork {
    TinyNetwork.build(
      [
        Point2(0, 0), Point2(200, 0), Point2(600, 470), Point2(1000, 0), Point2(1200, 0),
      ],
      [], oneWay: [(0, 1), (1, 3), (1, 2), (2, 3), (3, 4)].map { .init(from: $0.0, to: $0.1) })
  }

  func testCapacityOfLanesAndSignals() {
    var network = twoWays()
    let plain = LinkCapacity(network)
    // All connectors go straight on and yield to nobody.
    XCTAssertEqual(plain.vehiclesPerHour, Array(repeating: 1900, count: 5))
    XCTAssertEqual(plain.greenShare, Array(repeating: 1, count: 5))
    // A signal at 1: 30 s green, 3 s yellow, 27 s red straight on; the other way it is the reverse,
    // but only permissive, so that half of it counts.
    network.junctionControl[JunctionID(1)] = .signals
    network.junctionSignal[JunctionID(1)] = SignalID(0)
    network.signals.append(
      SignalController(
        externalID: "s", junction: JunctionID(1), groupCount: 2,
        phases: [
          SignalPhase(milliseconds: 30_000, states: [.green, .red]),
          SignalPhase(milliseconds: 3_000, states: [.yellow, .red]),
          SignalPhase(milliseconds: 27_000, states: [.red, .permissive]),
        ], offsetMilliseconds: 0))
    let approach = network.link("0>1")
    for c in network.connectors(from: LaneID(network.lanes(of: approach).lowerBound)) {
      let next = network.laneLink[network.connectorTo[ConnectorID(c)]]
      network.connectorGroup[ConnectorID(c)] = next == network.link("1>3") ? 0 : 1
    }
    let signalised = LinkCapacity(network)
    // The movements share the lane: the mean of 1900 * 0.5 and 1900 * 0.5 * 0.45.
    XCTAssertEqual(signalised.vehiclesPerHour[approach.index], 688.75, accuracy: 1e-9)
    XCTAssertEqual(signalised.greenShare[approach.index], (0.5 + 0.45) / 2, accuracy: 1e-9)
    XCTAssertEqual(signalised.cycleSeconds[approach.index], 60)
    // Turning costs: 0.85 to the right, 0.95 to the left, the other way round in Britain.
    for (turn, factor) in [(Turn.right, 0.85), (.left, 0.95), (.uTurn, 0.6)] {
      var turning = twoWays()
      for c in turning.connectorTurn.ids { turning.connectorTurn[c] = turn }
      XCTAssertEqual(LinkCapacity(turning).vehiclesPerHour[0], 1900 * factor, accuracy: 1e-9)
    }
  }

  func testDelayOfTheManual() {
    let hour = VolumeDelay(hours: 1)
    // 900 ((x - 1) + sqrt((x - 1)² + 8 * 0.5 x / c)) by hand.
    XCTAssertEqual(
      hour.seconds(volume: 1000, capacity: 1000, greenShare: 1, cycleSeconds: 0),
      900 * 0.0632456, accuracy: 1e-3)
    XCTAssertEqual(
      hour.seconds(volume: 2000, capacity: 1000, greenShare: 1, cycleSeconds: 0),
      900 * (1 + 1.0039920), accuracy: 1e-3)
    XCTAssertEqual(hour.seconds(volume: 0, capacity: 1000, greenShare: 0.5, cycleSeconds: 90), 0)
    // A signal at capacity: uniform delay 0.5 C (1 - g/C) in place of 0.5 C (1 - g/C)².
    XCTAssertEqual(
      hour.seconds(volume: 1000, capacity: 1000, greenShare: 0.5, cycleSeconds: 90),
      900 * 0.0632456 + 22.5 - 11.25, accuracy: 1e-3)
    var last = -1.0
    for volume in stride(from: 0.0, through: 3000, by: 10) {
      let now = hour.seconds(volume: volume, capacity: 900, greenShare: 0.4, cycleSeconds: 60)
      XCTAssertGreaterThan(now, last)
      last = now
    }
  }

  /// Wardrop: both ways take the same time. Found by halving an interval on the formula itself.
  func testTwoWaysInEquilibrium() {
    let network = twoWays()
    let graph = TurnGraph(network)
    let capacity = LinkCapacity(network)
    let assignment = StaticAssignment(network, graph, capacity)
    let demand = 2400.0
    let flows = (0..<3).map { _ in
      AssignmentFlow(
        origin: network.link("0>1"), destination: network.link("3>4"),
        vehiclesPerHour: demand / 3)
    }
    let result = assignment.assign(
      flows, iterations: 100, targetGap: 0.0005, execute: runSerially)
    func seconds(_ link: String, _ volume: Double) -> Double {
      let l = network.link(link)
      return Double(LinkCosts.freeFlow(network)[l.index]) / 1000
        + VolumeDelay().seconds(
          volume: volume, capacity: capacity.vehiclesPerHour[l.index], greenShare: 1,
          cycleSeconds: 0)
    }
    // The way round has one more connector of 10 m at 5 m/s.
    var (low, high) = (0.0, demand)
    for _ in 0..<60 {
      let straight = (low + high) / 2
      let round = seconds("1>2", demand - straight) + seconds("2>3", demand - straight) + 2
      if seconds("1>3", straight) < round { low = straight } else { high = straight }
    }
    XCTAssertGreaterThan(low, demand * 0.5)
    XCTAssertLessThan(low, demand * 0.95)
    XCTAssertEqual(
      result.vehiclesPerHour[network.link("1>3").index], low, accuracy: demand * 0.02)
    XCTAssertEqual(
      result.vehiclesPerHour[network.link("1>3").index]
        + result.vehiclesPerHour[network.link("1>2").index], demand, accuracy: 0.01)
    XCTAssertEqual(result.vehiclesPerHour[network.link("0>1").index], demand, accuracy: 0.01)
    XCTAssertLessThan(result.relativeGap, 0.02)
    XCTAssertEqual(result.unroutedVehiclesPerHour, 0)
    let backwards = assignment.assign(flows, iterations: 100, targetGap: 0.0005) { count, body in
      for i in (0..<count).reversed() { body(i) }
    }
    XCTAssertEqual(backwards.vehiclesPerHour, result.vehiclesPerHour)
    XCTAssertEqual(backwards.times, result.times)
    XCTAssertEqual(backwards.relativeGap, result.relativeGap)
    // The other way no link leads, and what is no number counts as nothing.
    let none = assignment.assign(
      [
        AssignmentFlow(
          origin: network.link("3>4"), destination: network.link("0>1"), vehiclesPerHour: 7),
        AssignmentFlow(
          origin: network.link("0>1"), destination: network.link("3>4"), vehiclesPerHour: .nan),
        AssignmentFlow(origin: .none, destination: network.link("0>1"), vehiclesPerHour: 3),
      ], execute: runSerially)
    XCTAssertEqual(none.unroutedVehiclesPerHour, 10)
    XCTAssertEqual(none.vehiclesPerHour.max(), 0)
  }

  /// Everybody stays on one way while it is empty; the pre-run sends some of them round.
  func testThePreRunSpreadsACrowd() throws {
    let network = twoWays()
    let graph = TurnGraph(network)
    func share(_ count: Int, iterations: Int) throws -> Double {
      var preRun = PreRun()
      preRun.iterations = iterations
      let trips = (0..<count).map { k in
        Trip(
          name: "t\(k)", departureMilliseconds: Int64(k) * 3_600_000 / Int64(count),
          origin: AccessPoint(link: network.link("0>1"), offset: 10),
          destination: AccessPoint(link: network.link("3>4"), offset: 10))
      }
      let out = try RouteAssigner(
        network: network, graph: graph, random: RandomStream(seed: 4), preRun: preRun
      ).assign(trips, execute: runSerially)
      XCTAssertEqual(out.trips.count, count)
      let round = out.trips.ids.count {
        out.routes.links(of: $0).contains(network.link("1>2"))
      }
      return Double(round) / Double(count)
    }
    // From the end of 0 > 1 it is 149 s round and 104 s straight on, more than 1.4 times as long: no
    // alternative in an empty network.
    let few = try share(100, iterations: 8)
    let blind = try share(2400, iterations: 0)
    let many = try share(2400, iterations: 8)
    XCTAssertEqual(few, 0)
    XCTAssertEqual(blind, 0)
    XCTAssertGreaterThan(many, 0.15)
    XCTAssertLessThan(many, 0.6)
  }
}
