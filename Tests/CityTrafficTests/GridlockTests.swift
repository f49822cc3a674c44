import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Collects features as text.
private struct FeatureList: FeatureSink {
  struct Feature {
    var kind: String
    var id: String
    var shape: FeatureShape
    var properties: [Property]

    subscript(_ name: String) -> PropertyValue? { properties.first { $0.name == name }?.value }
  }
  var features: [Feature] = []
  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property]) {
    features.append(Feature(kind: kind, id: id, shape: shape, properties: properties))
  }
}

final class GridlockTests: XCTestCase {
  /// Everybody stands at last, each for the next; when the last of the four first cars came to a
  /// stand is seen from outside. The lights change nothing in it.
  func testABlockFilledByLeftTurnersIsAGridlock() throws {
    for isSignalised in [false, true] {
      let block = BlockRun(isSignalised: isSignalised)
      let traffic = block.run.traffic
      let slots = traffic.world.slots
      var lastMove: Tick = 0
      let wrong = try block.run.drive(to: 380) {
        for i in 0..<4 where traffic.world.lanes.count[block.lane(i).index] > 0 {
          let first = Int(traffic.world.lanes.base[block.lane(i).index])
          if slots.speed[first] >= 0.1 { lastMove = block.run.simulation.tick }
        }
      }
      XCTAssertEqual(wrong, [])
      XCTAssertEqual(traffic.gridlocks.count, 1, "signals: \(isSignalised)")
      XCTAssertEqual(traffic.standstills, [])
      let report = try XCTUnwrap(traffic.gridlocks.first)
      // The state after tick t is that of the start of tick t + 1, by which standing is counted.
      XCTAssertEqual(report.onset, lastMove)
      // A side of 85 m or so takes a car 7 to 30 s, from a standing start near its begin.
      XCTAssertTrue((14...60).contains(report.onset), "onset \(report.onset)")
      // Looked for every ten seconds.
      XCTAssertTrue((600..<620).contains(report.found - report.onset), "found \(report.found)")
      XCTAssertNil(report.dissolved)
      // Each waits for the side to its left, from the one with the lowest number on.
      let lanes = (0..<4).map { block.lane($0) }
      let first = try XCTUnwrap(lanes.firstIndex(of: lanes.min() ?? lanes[0]))
      XCTAssertEqual(report.members.map(\.lane), (0..<4).map { lanes[(first + $0) % 4] })
      XCTAssertTrue(report.members.allSatisfy { $0.reason == .room && $0.since <= report.onset })
      let heads = report.members.map {
        VehicleID(rawValue: slots.vehicle[traffic.world.lanes.base[$0.lane.index]])
      }
      XCTAssertEqual(report.members.map(\.vehicle), heads)
      XCTAssertEqual(report.vehicles, block.vehiclesOnSides)
      XCTAssertGreaterThan(report.vehicles, 4 * 8)
    }
  }

  /// Its place: the four corners and the streets that meet there; one line a side.
  func testItsPlaceIsWritten() throws {
    let block = BlockRun()
    XCTAssertEqual(try block.run.drive(to: 340), [])
    let traffic = block.run.traffic
    let network = traffic.network
    var list = FeatureList()
    GridlockSummary(domain: traffic).addSummary(to: &list, at: block.run.simulation.moment)
    XCTAssertEqual(
      list.features.map(\.kind), ["gridlock"] + Array(repeating: "gridlock_place", count: 4))
    let report = try XCTUnwrap(traffic.gridlocks.first)
    let cycle = try XCTUnwrap(list.features.first)
    XCTAssertEqual(cycle.id, "gridlock-1")
    guard case .lines(let lines) = cycle.shape else { return XCTFail("no lines") }
    XCTAssertEqual(lines, report.members.map { network.lanePoints($0.lane) })
    XCTAssertEqual(cycle["dissolved"], .null)
    XCTAssertEqual(cycle["queues"], .integer(4))
    let ids = report.members.map { network.linkExternalID[network.laneLink[$0.lane]] }
    XCTAssertEqual(cycle["links"], .text(ids.joined(separator: " > ")))
    guard case .text(let streets)? = cycle["streets"] else { return XCTFail("no streets") }
    for street in ["East Street", "North Street", "West Street", "South Street"] {
      XCTAssertTrue(streets.contains(street), streets)
    }
    for (place, member) in zip(list.features.dropFirst(), report.members) {
      guard case .point(let point) = place.shape else { return XCTFail("no point") }
      let corners = [(0.0, 0.0), (1, 0), (1, 1), (0, 1)].map {
        Point2($0.0 * BlockRun.side, $0.1 * BlockRun.side)
      }
      // A side ends at the corner where its lane does.
      let end = try XCTUnwrap(network.lanePoints(member.lane).last)
      let corner = try XCTUnwrap(corners.min { $0.distance(to: end) < $1.distance(to: end) })
      XCTAssertLessThan(point.distance(to: corner), 15)
    }
    let rows = GridlockRows(domain: traffic, clock: block.run.simulation.clock)
    XCTAssertEqual(rows.rowCount, 4)
    XCTAssertEqual(rows.row(0).count, rows.tableColumns.count)
    XCTAssertEqual(rows.row(1)[4], .text("room"))
  }

  /// A way round is opened: the first car of the first side takes it, and all can go on.
  func testItDissolvesWhenAClosureIsLifted() throws {
    let block = BlockRun(detourOpens: 400, late: 200)
    XCTAssertEqual(try block.run.drive(to: 395), [])
    let traffic = block.run.traffic
    let report = try XCTUnwrap(traffic.gridlocks.first)
    XCTAssertNil(report.dissolved)
    // Five more stand before the second side by now; its own first car holds them up.
    XCTAssertEqual(report.vehicles, block.vehiclesOnSides + 5)
    XCTAssertEqual(try block.run.drive(to: 1500), [])
    let end = try XCTUnwrap(traffic.gridlocks.first)
    let dissolved = try XCTUnwrap(end.dissolved)
    // Drivers who stand look for another way every two minutes.
    XCTAssertTrue((800..<(800 + 2 * 150)).contains(dissolved), "dissolved \(dissolved)")
    XCTAssertEqual(end.found, report.found)
    XCTAssertEqual(end.vehicles, 0)
    XCTAssertEqual(end.mostVehicles, report.vehicles)
    XCTAssertEqual(traffic.gridlocks.count, 1)
  }

  /// Before a closed street nobody waits for anybody: a queue, and no gridlock.
  func testAQueueBeforeAClosureIsAStandstill() throws {
    let network = RoadShapes.crossing(arm: 150, eastwardOnly: true)
    let east = Point2(1, 0)
    let from = RoadShapes.link(network, near: Point2(-75, 0), towards: east)
    let to = RoadShapes.link(network, near: Point2(75, 0), towards: east)
    let journeys = (0..<6).map {
      StreetRun.Journey(
        second: 1 + Double($0) * 4, from: AccessPoint(link: from, offset: 20),
        to: AccessPoint(link: to, offset: 100))
    }
    let run = StreetRun(network, journeys, policies: [Closure(link: to, ticks: 10..<1000)])
    XCTAssertEqual(try run.drive(to: 400), [])
    XCTAssertEqual(run.traffic.gridlocks, [])
    XCTAssertEqual(run.traffic.standstills.count, 1)
    let report = try XCTUnwrap(run.traffic.standstills.first)
    XCTAssertEqual(report.members.map(\.reason), [.closure])
    XCTAssertEqual(report.members.map(\.vehicle), [VehicleID(0)])
    XCTAssertEqual(network.laneLink[report.members[0].lane], from)
    XCTAssertEqual(report.vehicles, 6)
    // 130 m at up to 50 km/h, from 5 m/s on and to a stand: 10 to 30 s.
    XCTAssertTrue((20...60).contains(report.onset), "onset \(report.onset)")
    XCTAssertEqual(run.traffic.gridlock.longStands, 6)
    XCTAssertEqual(try run.drive(to: 620), [])
    let end = try XCTUnwrap(run.traffic.standstills.first)
    // Opened at 500 s; the first car goes at once, and the next look sees it.
    XCTAssertTrue(
      (1000...1025).contains(end.dissolved ?? 0), "dissolved \(String(describing: end.dissolved))")
    XCTAssertEqual(run.traffic.counts.arrived, 6)
  }

  /// At the second look, 300 s, all stand who will ever stand; at the third and fourth they have
  /// been stuck for five minutes each.
  func testStuckHoursCountWhoDoesNotComeOn() throws {
    let block = BlockRun()
    XCTAssertEqual(try block.run.drive(to: 902), [])
    let expected = Double(block.vehiclesOnSides) * 2 * 300 / 3600
    XCTAssertEqual(block.run.traffic.stuck.hours, expected, accuracy: 1e-9)
    XCTAssertEqual(block.run.traffic.gridlock.longStands, Int64(block.vehiclesOnSides))
  }

  func testTheSameOnAnyNumberOfThreadsAndAfterAResume() throws {
    let runs = [1, 2, 4].map { BlockRun(detourOpens: 400, late: 200, threads: $0) }
    for block in runs { _ = try block.run.drive(to: 350) }
    var writer = StateWriter()
    runs[0].run.simulation.encodeState(into: &writer)
    let resumed = BlockRun(detourOpens: 400, late: 200)
    var reader = StateReader(writer.bytes, file: "memory")
    try resumed.run.simulation.decodeState(from: &reader)
    XCTAssertTrue(reader.isAtEnd)
    XCTAssertEqual(resumed.run.traffic.gridlocks, runs[0].run.traffic.gridlocks)
    for block in runs + [resumed] { _ = try block.run.drive(to: 700) }
    let hashes = (runs + [resumed]).map { $0.run.simulation.stateHash() }
    XCTAssertEqual(Set(hashes).count, 1)
    XCTAssertNotNil(resumed.run.traffic.gridlocks.first?.dissolved)
  }

  /// Reports with numbers that fit no run are refused, whatever else the state says.
  func testAHostileStateIsRefused() throws {
    let block = BlockRun()
    _ = try block.run.drive(to: 340)
    var writer = StateWriter()
    block.run.traffic.gridlock.encode(into: &writer)
    let lanes = block.run.traffic.network.laneCount
    var good = 0
    var refused = 0
    for round in 0..<3000 {
      let bytes = round == 0 ? writer.bytes : Mutations().mutate(writer.bytes, round)
      var detector = GridlockDetector(laneCount: lanes)
      var reader = StateReader(bytes, file: "memory")
      do {
        try detector.decode(from: &reader, vehicleCount: 80, lastTick: 680)
        good += 1
        for report in detector.reports {
          for member in report.members {
            XCTAssertTrue(0..<lanes ~= member.lane.index && 0..<80 ~= member.vehicle.index)
          }
        }
        detector.look(block.run.traffic.world, tick: 680, standingTicks: 600, interval: 20)
      } catch {
        refused += 1
      }
    }
    XCTAssertGreaterThan(good, 0)
    XCTAssertGreaterThan(refused, 1500)
  }
}
