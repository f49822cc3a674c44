import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import XCTest

@testable import CityTraffic

/// Lanes for buses: who uses them, and who does not.
final class ReservedLanesTests: XCTestCase {
  /// Two links of two lanes in a row, the lane at the kerb for buses alone, every lane leading on.
  private func street() throws -> RoadNetwork {
    var track = Track()
    let nodes = [track.junction(0, 0), track.junction(500, 0), track.junction(1000, 0)]
    let first = track.link("first", from: nodes[0], to: nodes[1], length: 500, lanes: 2)
    let second = track.link("second", from: nodes[1], to: nodes[2], length: 500, lanes: 2)
    for lane in 0..<2 {
      track.join(first, lane: lane, to: second, lane: lane)
    }
    track.reserve(first, [.bus, .all])
    track.reserve(second, [.bus, .all])
    return try track.build()
  }

  /// Every fourth vehicle is a bus. Cars fill their one lane and never use the other one; buses do;
  /// everybody arrives, from whichever lane is nearest to the kerb for him.
  func testCarsKeepOutOfALaneForBuses() throws {
    let network = try street()
    XCTAssertTrue(network.hasReservedLanes)
    var settings = TrafficSettings()
    settings.vehicleTypes = [VehicleType(.car), VehicleType(.bus)]
    let first = try XCTUnwrap(network.link(named: "first"))
    let second = try XCTUnwrap(network.link(named: "second"))
    let journeys = (0..<80).map {
      StreetRun.Journey(
        second: Double($0) * 3, from: AccessPoint(link: first, offset: 20),
        to: AccessPoint(link: second, offset: 450))
    }
    let run = StreetRun(network, journeys, settings: settings) { $0 % 4 == 0 ? 1 : 0 }
    defer { run.traffic.pool.shutDown() }
    let world = run.traffic.world
    let kerbLanes = [first, second].map { network.lanes(of: $0).lowerBound }
    var busesAtTheKerb = 0
    var carsAtTheKerb = 0
    let wrong = try run.drive(to: 500) {
      for lane in kerbLanes {
        let base = Int(world.lanes.base[lane])
        for s in base..<(base + Int(world.lanes.count[lane])) {
          let isBus =
            world.vehicles.vehicleClass[Int(world.slots.vehicle[s])] == VehicleClass.bus.rawValue
          if isBus { busesAtTheKerb += 1 } else { carsAtTheKerb += 1 }
        }
      }
    }
    XCTAssertEqual(wrong, [])
    XCTAssertEqual(carsAtTheKerb, 0)
    XCTAssertGreaterThan(busesAtTheKerb, 0)
    XCTAssertEqual((0..<80).filter { run.seconds(of: $0) == nil }, [])
  }

  /// At the end of a street the lane for buses alone leads to the right, the other one straight on
  /// and to the right over a connector of its own: a car turns right from its own lane.
  func testCarsTurnFromTheLaneThatIsTheirs() throws {
    var track = Track()
    let nodes = [
      track.junction(0, 0), track.junction(400, 0), track.junction(800, 0),
      track.junction(400, -400),
    ]
    let street = track.link("street", from: nodes[0], to: nodes[1], length: 400, lanes: 2)
    let ahead = track.link("ahead", from: nodes[1], to: nodes[2], length: 400)
    let right = track.link("right", from: nodes[1], to: nodes[3], length: 400)
    track.join(street, lane: 0, to: right, turn: .right, length: 10)
    track.join(street, lane: 1, to: right, turn: .right, length: 12)
    track.join(street, lane: 1, to: ahead, length: 12)
    track.reserve(street, [.bus, .all])
    let network = try track.build()
    let (from, to) = (
      try XCTUnwrap(network.link(named: "street")), try XCTUnwrap(network.link(named: "right"))
    )
    let run = StreetRun(
      network,
      [
        StreetRun.Journey(
          second: 0, from: AccessPoint(link: from, offset: 20),
          to: AccessPoint(link: to, offset: 300))
      ])
    defer { run.traffic.pool.shutDown() }
    let kerb = network.lanes(of: from).lowerBound
    var isEverAtTheKerb = false
    XCTAssertEqual(
      try run.drive(to: 120) {
        if run.traffic.world.lanes.count[kerb] > 0 { isEverAtTheKerb = true }
      }, [])
    XCTAssertFalse(isEverAtTheKerb)
    XCTAssertNotNil(run.seconds(of: 0))
  }

  /// A way over a lane for buses is there for buses alone, in the search and in routes given.
  func testWaysOverReservedLanesAreForThoseWhoMayUseThem() throws {
    var track = Track()
    let nodes = [track.junction(0, 0), track.junction(300, 0), track.junction(300, -300)]
    let street = track.link("street", from: nodes[0], to: nodes[1], length: 300, lanes: 2)
    let right = track.link("right", from: nodes[1], to: nodes[2], length: 300)
    track.join(street, lane: 0, to: right, turn: .right, length: 10)
    track.reserve(street, [.bus, .all])
    let network = try track.build()
    let (from, to) = (
      try XCTUnwrap(network.link(named: "street")), try XCTUnwrap(network.link(named: "right"))
    )
    XCTAssertFalse(TurnGraph(network).allows(from, to))
    XCTAssertTrue(TurnGraph(network, for: .bus).allows(from, to))
    func trip(_ name: String, _ access: Access, isGiven: Bool) -> Trip {
      var trip = Trip(
        name: name, departureMilliseconds: 0, origin: AccessPoint(link: from, offset: 10),
        destination: AccessPoint(link: to, offset: 200))
      trip.access = access
      if isGiven { trip.givenRoute = [from, to] }
      return trip
    }
    let assigner = RouteAssigner(
      network: network, graph: TurnGraph(network), random: RandomStream(seed: 1))
    let made = try assigner.assign(
      [
        trip("car", .car, isGiven: false), trip("bus", .bus, isGiven: false),
        trip("car with a route", .car, isGiven: true),
        trip("bus with a route", .bus, isGiven: true),
      ], execute: runSerially)
    XCTAssertEqual(made.trips.values.map(\.name), ["bus", "bus with a route"])
    XCTAssertEqual(made.refused.map(\.trip.name), ["car", "car with a route"])
  }
}

extension RoadNetwork {
  fileprivate func link(named name: String) -> LinkID? {
    linkExternalID.ids.first { linkExternalID[$0] == name }
  }
}
