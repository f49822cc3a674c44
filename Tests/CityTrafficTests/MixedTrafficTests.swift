import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Vehicles and drivers of all kinds among each other.
final class MixedTrafficTests: XCTestCase {
  private let network = GridNetwork(size: 5, lanes: 2).build()

  /// Every class, and every model of car following among them.
  private var settings: TrafficSettings {
    var settings = TrafficSettings()
    settings.vehicleTypes = VehicleClass.allCases.filter(\.isOfTrips).map { VehicleType($0) }
    for (i, model) in CarFollowingModel.allCases.enumerated() {
      var type = VehicleType(i == 0 ? .truck : .car)
      type.name = model.word
      type.carFollowing = model
      if i == 0 { type.length = 16.5 }
      settings.vehicleTypes.append(type)
    }
    return settings
  }

  private func run(threads: Int) -> GridRun {
    GridRun(network: network, trips: 700, seconds: 400, threads: threads, settings: settings)
  }

  func testBooksBalanceAndNobodyOverlaps() throws {
    let run = run(threads: 1)
    for i in 0..<2400 {
      try run.simulation.step()
      if i % 3 == 0 { XCTAssertEqual(run.traffic.violations(), [], "tick \(i)") }
    }
    XCTAssertGreaterThan(run.traffic.counts.arrived, 690)
    XCTAssertEqual(run.traffic.hardBrakings, 0)
    let world = run.traffic.world
    for v in 0..<world.vehicles.length.count {
      let type = settings.vehicleTypes[Int(world.vehicles.type[v])]
      XCTAssertEqual(world.vehicles.length[v], type.length)
    }
  }

  func testTheSameBitsOnAnyThreadsAndAfterResume() throws {
    let whole = run(threads: 1)
    let other = run(threads: 4)
    var saved: [UInt8] = []
    for tick in 0..<900 {
      if tick == 433 {
        var writer = StateWriter()
        whole.simulation.encodeState(into: &writer)
        saved = writer.bytes
      }
      try whole.simulation.step()
      try other.simulation.step()
    }
    XCTAssertEqual(whole.simulation.stateHash(), other.simulation.stateHash())
    let resumed = run(threads: 2)
    var reader = StateReader(saved, file: "memory")
    try resumed.simulation.decodeState(from: &reader)
    while resumed.simulation.tick < 900 { try resumed.simulation.step() }
    XCTAssertEqual(resumed.simulation.stateHash(), whole.simulation.stateHash())
  }

  /// A scenario of one type with other parameters of the IDM needs no table; what that changes is
  /// the parameters alone.
  func testOneTypeOfAnotherKindNeedsNoTable() throws {
    var settings = TrafficSettings()
    var type = VehicleType(.car)
    type.said.timeHeadway = 1.4
    settings.vehicleTypes = [type]
    let run = GridRun(network: network, trips: 200, seconds: 200, settings: settings)
    XCTAssertTrue(run.traffic.world.table.isUniform)
    XCTAssertEqual(run.traffic.world.model.timeHeadway, 1.4)
    for _ in 0..<1200 { try run.simulation.step() }
    XCTAssertEqual(run.traffic.counts.arrived, 200)
  }
}
