import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// Approaches on which there is no room to find the right lane: drivers are in it before, or are let
/// in.
final class ShortApproachTests: XCTestCase {
  private struct Roads {
    let network: RoadNetwork
    func link(_ id: String) -> LinkID {
      network.linkExternalID.ids.first { network.linkExternalID[$0] == id } ?? .none
    }
    func place(_ id: String, _ offset: Float) -> AccessPoint {
      AccessPoint(link: link(id), offset: offset)
    }
  }

  /// A one-way road of two lanes that widens 50 m before a crossing with a cycle of 120 s to four: a
  /// turning lane on either side. A side street joins where it widens. Without `road` the wide part is
  /// where traffic comes in over the edge.
  private func approach(hasRoad: Bool = true) -> Roads {
    var source = RoadSource()
    let places = [
      (-660.0, 0.0), (-70, 0), (0, 0), (400, 0), (0, -400), (0, 400), (-70, -200),
    ]
    for (i, place) in places.enumerated() {
      var node = RoadSource.Node(position: Point2(place.0, place.1), externalID: Int64(i))
      if i == 2 { node.control = .signals }
      source.nodes.append(node)
    }
    for (name, nodes, lanes, backward) in [
      ("road", [0, 1], 2, 0), ("wide", [1, 2], 4, 0), ("out", [2, 3], 2, 0),
      ("cross", [4, 2, 5], 1, 1), ("side", [6, 1], 1, 0),
    ] as [(String, [Int32], Int, Int)] {
      if !hasRoad && (name == "road" || name == "side") { continue }
      var way = RoadSource.Way(
        externalID: name, nodes: nodes, roadClass: name == "side" ? .residential : .primary,
        forwardLanes: lanes, backwardLanes: backward, speedLimit: 50 / 3.6)
      if name == "wide" { way.forwardTurns = [.right, .through, .through, .left] }
      source.ways.append(way)
    }
    var diagnostics = Diagnostics()
    var network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    for i in network.signals.ids {
      let greens = network.signals[i].phases.indices.filter {
        network.signals[i].phases[$0].states.contains(.green)
      }
      let missing = 120_000 - network.signals[i].cycleMilliseconds
      network.signals[i].phases[greens[0]].milliseconds += missing
    }
    return Roads(network: network)
  }

  private func journeys(
    _ roads: Roads, from: AccessPoint, perHour: [(to: String, flow: Double)], key: UInt64
  ) -> [StreetRun.Journey] {
    let random = RandomStream(seed: 3)
    var found: [StreetRun.Journey] = []
    for (i, goal) in perHour.enumerated() {
      var second = 1.0
      while second < 1800 {
        let draw = random.unit(.sampling, key &+ UInt64(i), UInt64(found.count))
        second -= PortableMath.log(1 - draw) * 3600 / goal.flow
        found.append(
          StreetRun.Journey(second: second, from: from, to: roads.place(goal.to, 300)))
      }
    }
    return found
  }

  /// At half of what the crossing lets through everybody turns as planned: those who have driven 600 m
  /// had the time to be in a lane that leads there, and who comes out of the side street, and has to
  /// cross three lanes within 50 m, is let in while the queue discharges.
  func testEverybodyTurnsAsPlannedBehindALongCycle() throws {
    let roads = approach()
    XCTAssertEqual(roads.network.signals.values.map(\.cycleMilliseconds), [120_000])
    let length = roads.network.linkLength[roads.link("wide+0")]
    XCTAssertLessThan(length, 65)
    let trips =
      journeys(
        roads, from: roads.place("road+0", 30),
        perHour: [("out+0", 500), ("cross+1", 120), ("cross-0", 120)], key: 100)
      + journeys(
        roads, from: roads.place("side+0", 30),
        perHour: [("out+0", 40), ("cross+1", 40), ("cross-0", 40)], key: 200)
    let run = StreetRun(roads.network, trips)
    defer { run.traffic.pool.shutDown() }
    XCTAssertEqual(try run.drive(to: 2100), [])
    XCTAssertEqual(run.traffic.counts.arrived, trips.count)
    XCTAssertEqual(run.traffic.missedTurns, 0)
    XCTAssertEqual(run.traffic.hardBrakings, 0)
  }

  /// Who comes in over the edge on a link too short to change lanes on is in a lane for his way.
  func testWhoComesOverTheEdgeIsInALaneForHisWay() throws {
    let roads = approach(hasRoad: false)
    let trips = journeys(
      roads, from: roads.place("wide+0", 2),
      perHour: [("out+0", 500), ("cross+1", 120), ("cross-0", 120)], key: 300)
    let run = StreetRun(roads.network, trips)
    defer { run.traffic.pool.shutDown() }
    let world = run.traffic.world
    let range = roads.network.lanes(of: roads.link("wide+0"))
    let wanted: [LinkID: ClosedRange<Int>] = [
      roads.link("out+0"): 1...2, roads.link("cross+1"): 3...3, roads.link("cross-0"): 0...0,
    ]
    var wrong = 0
    XCTAssertEqual(
      try run.drive(to: 2100) {
        for (number, lane) in range.enumerated() {
          let first = Int(world.lanes.base[lane])
          for s in first..<(first + Int(world.lanes.count[lane])) {
            let to = run.traffic.demand.trips[Int(world.slots.vehicle[s])].destination.link
            if wanted[to]?.contains(number) != true { wrong += 1 }
          }
        }
      }, [])
    XCTAssertEqual(wrong, 0)
    XCTAssertEqual(run.traffic.counts.arrived, trips.count)
    XCTAssertEqual(run.traffic.missedTurns, 0)
  }

  /// A driver stands at the end of a lane that forks off to the left and wants to the right, where one
  /// follows the other every three seconds, 42 m apart at 50 km/h. Those within 69 m, which is what a
  /// driver reckons with to stop at ease (13.9² / 4 + 13.9 + 7), have been let on, so that there is
  /// never a gap but behind somebody who stops for him: after 3 s of standing and the 5 s that those
  /// who have been let on take to pass, and 3 s more for the one who brakes.
  func testWhoStandsAtTheEndOfALaneIsLetIn() throws {
    let fork = RoadShapes.fork(length: 600)
    let trips = (0..<100).map {
      StreetRun.Journey(
        second: 1 + 3 * Double($0), from: AccessPoint(link: fork.trunk, offset: 10),
        to: AccessPoint(link: fork.right, offset: 150))
    }
    let run = StreetRun(fork.network, trips)
    defer { run.traffic.pool.shutDown() }
    let world = run.traffic.world
    let kerb = fork.network.lanes(of: fork.trunk).lowerBound
    func isOnOtherLane(_ vehicle: Int32?, from x: Float) -> Bool {
      let first = Int(world.lanes.base[kerb + 1])
      return (first..<(first + Int(world.lanes.count[kerb + 1]))).contains {
        let its = world.slots.vehicle[$0]
        return world.slots.position[$0] > x && (vehicle ?? its) == its
      }
    }
    // The first who has not been let on yet is put at the end of the other lane, once that is empty.
    var second = 90.0
    repeat {
      second += 0.5
      XCTAssertEqual(try run.drive(to: second), [])
    } while second < 120 && (isOnOtherLane(nil, from: 450) || world.lanes.granted[kerb] == 0)
    let index = Int(world.lanes.granted[kerb])
    let from = Int(world.lanes.base[kerb]) + index
    let vehicle = world.slots.vehicle[from]
    XCTAssertLessThan(second, 120)
    world.shift(from, index: index, from: kerb, to: kerb + 1, place: 0)
    let s = Int(world.lanes.base[kerb + 1])
    world.slots.position[s] = world.lanes.length[kerb + 1] - 1
    world.slots.speed[s] = 0
    XCTAssertEqual(world.slots.next[s], NextLane.wrongLane)
    var waited = 0
    XCTAssertEqual(
      try run.drive(to: second + 40) { if isOnOtherLane(vehicle, from: 0) { waited += 1 } }, [])
    XCTAssertLessThanOrEqual(Double(waited) / 2, 15)
    XCTAssertEqual(run.traffic.missedTurns, 0)
    XCTAssertEqual(run.traffic.hardBrakings, 0)
  }
}
