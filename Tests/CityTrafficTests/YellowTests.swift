import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// What drivers do at the onset of yellow, seen from outside: who comes by, how fast and how far off.
final class YellowTests: XCTestCase {
  /// Somebody on an approach whose light has ended to be green, as of that moment.
  private struct Onset {
    /// The braking that it takes to stop at the line, m/s².
    var needed: Float
    /// The same when the light became red.
    var neededAtRed: Float?
  }

  /// What the light of a slot's connector shows in the tick to come, or nil without one.
  private func light(_ run: GridRun, _ connector: Int) -> SignalState? {
    let world = run.traffic.world
    let junction = Int(world.topology.connectorJunction[connector])
    let signal = Int(world.topology.junctionSignal[junction])
    let group = Int(world.topology.connectorGroup[connector])
    guard signal >= 0, group >= 0 else { return nil }
    let clock = run.simulation.clock
    let time = clock.epoch.millisecondOfDay + clock.milliseconds(of: run.simulation.tick)
    let start = world.signals.stateStart(of: signal, at: time)
    return SignalState(rawValue: world.signals.state(start: start, group: group))
  }

  /// The rule is v² / 2d <= 3 m/s² at the first tick of yellow. Who could stop then enters neither at
  /// yellow nor at red, and nobody enters at red who could still have stopped when it came; who could
  /// not goes on, unless somebody before him or a conflict holds him up.
  func testTheDecisionFallsOnceAtTheOnset() throws {
    let network = GridNetwork(size: 4, lanes: 2).build()
    let run = GridRun(network: network, trips: 1100, seconds: 600)
    let world = run.traffic.world
    var onset: [Int32: Onset] = [:]
    var lightBefore: [Int: SignalState] = [:]
    var (stopped, wentOn, heldUp) = (0, 0, 0)
    var wrong: [String] = []
    for tick in 0..<1600 {
      var lights: [Int: SignalState] = [:]
      for c in 0..<world.topology.connectors { lights[c] = light(run, c) }
      var before: [Int32: Int] = [:]
      for lane in 0..<world.topology.roadLanes {
        let first = Int(world.lanes.base[lane])
        for s in first..<(first + Int(world.lanes.count[lane])) {
          let c = Int(world.slots.next[s]) - world.topology.roadLanes
          let vehicle = world.slots.vehicle[s]
          guard c >= 0, let now = lights[c] else { continue }
          before[vehicle] = c
          let was = lightBefore[c]
          let isOpen = now == .green || now == .permissive
          if isOpen { onset[vehicle] = nil }
          let distance = world.lanes.length[lane] - world.slots.position[s]
          let v = world.slots.speed[s]
          let needed = v * v / (2 * max(distance, 0.1))
          if now == .red && was == .yellow { onset[vehicle]?.neededAtRed = needed }
          guard now == .yellow, was == .green || was == .permissive else { continue }
          onset[vehicle] = Onset(needed: needed)
        }
      }
      try run.simulation.step()
      for lane in world.topology.roadLanes..<world.lanes.count.count {
        let c = lane - world.topology.roadLanes
        let first = Int(world.lanes.base[lane])
        for s in first..<(first + Int(world.lanes.count[lane])) {
          let vehicle = world.slots.vehicle[s]
          guard before[vehicle] == c, let shown = lights[c], let decision = onset[vehicle]
          else { continue }
          // Turning right at red after a stop is allowed, and a left turn clears at yellow.
          if network.connectorTurn[ConnectorID(c)] == .right && network.allowsTurnOnRed { continue }
          if shown == .yellow && network.connectorTurn[ConnectorID(c)] == .left { continue }
          guard shown == .yellow || shown == .red else { continue }
          // Who had waited in the junction's mouth was let go at yellow and is on his way.
          let isClearing =
            network.connectorTurn[ConnectorID(c)] == .left
            && decision.neededAtRed ?? 0 > Rule.yellowBraking
          if decision.needed <= Rule.yellowBraking && !isClearing {
            wrong.append(
              "tick \(tick): \(vehicle) enters at \(shown), \(network.connectorTurn[ConnectorID(c)]),"
                + " \(decision)")
          } else {
            wentOn += 1
          }
          onset[vehicle] = nil
        }
      }
      for (vehicle, decision) in onset {
        guard let c = before[vehicle], lights[c] == .red, lightBefore[c] == .yellow else {
          continue
        }
        if decision.needed <= Rule.yellowBraking { stopped += 1 } else { heldUp += 1 }
      }
      lightBefore = lights
    }
    XCTAssertEqual(wrong, [])
    XCTAssertGreaterThan(stopped, 50)
    XCTAssertGreaterThan(wentOn, 20)
    XCTAssertLessThan(heldUp, wentOn)
  }
}
