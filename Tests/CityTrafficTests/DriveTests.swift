import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// A domain that keeps traffic busy on request: every third trip is sent on when it comes near its
/// destination, its traveller walks for twenty seconds after leaving the road, and every so often a
/// car and an ambulance set out.
private final class BusyDomain: Domain {
  let name = "busy"
  let traffic: TrafficDomain
  private var walkers: [(vehicle: VehicleID, end: Tick)] = []
  private(set) var timesSentOn = Column<VehicleID, UInt8>(repeating: 0, count: 20_000)
  private(set) var begun = 0
  private(set) var failedRedirects = 0

  init(_ traffic: TrafficDomain) { self.traffic = traffic }

  private func place(_ moment: Moment, _ n: UInt64) -> AccessPoint {
    let link = LinkID(
      moment.random.below(traffic.network.linkCount, .sampling, UInt64(moment.tick), n))
    return AccessPoint(
      link: link,
      offset: traffic.network.linkLength[link]
        * Float(moment.random.unit(.sampling, UInt64(moment.tick), n + 50)))
  }

  func decide(_ moment: Moment) {
    for vehicle in traffic.released where vehicle.index % 3 == 0 { traffic.hold(vehicle) }
    for (i, vehicle) in traffic.approaching.enumerated() where timesSentOn[vehicle] < 3 {
      timesSentOn[vehicle] += 1
      let isSent = traffic.redirect(vehicle, to: place(moment, UInt64(i)), at: moment)
      if !isSent { failedRedirects += 1 }
    }
    for vehicle in traffic.ended { walkers.append((vehicle, moment.tick + 40)) }
    for walker in walkers where walker.end <= moment.tick {
      traffic.complete(walker.vehicle, at: moment.tick)
    }
    walkers.removeAll { $0.end <= moment.tick }
    if moment.tick % 7 == 0 {
      for (i, kind) in [VehicleClass.car, .ambulance].enumerated() {
        let vehicle = traffic.begin(
          Drive(
            name: "d\(moment.tick)-\(kind.word)", key: UInt64(moment.tick) * 2 + UInt64(i),
            vehicleClass: kind, origin: place(moment, 100 + UInt64(i)),
            destination: place(moment, 110 + UInt64(i)), isTrip: kind == .car), at: moment)
        if vehicle.isSome { begun += 1 }
      }
    }
  }
  func advance(_ moment: Moment) {}
  func insert(_ moment: Moment) {}

  func encodeState(into writer: inout StateWriter) {
    writer.writeRaw(timesSentOn.values)
    writer.writeRaw(walkers.map(\.vehicle))
    writer.writeRaw(walkers.map(\.end))
    writer.write(Int64(begun))
  }
  func decodeState(from reader: inout StateReader) throws(CityError) {
    timesSentOn = Column(try reader.readRaw())
    let vehicles: [VehicleID] = try reader.readRaw()
    let ends: [Tick] = try reader.readRaw()
    walkers = Array(zip(vehicles, ends)).map { (vehicle: $0.0, end: $0.1) }
    begun = Int(try reader.read(Int64.self))
  }
}

final class DriveTests: XCTestCase {
  private let network = GridNetwork(size: 4, lanes: 2).build()

  private func busyRun(threads: Int = 1) -> GridRun {
    GridRun(
      network: network, trips: 300, seconds: 300, threads: threads, reservedDrives: 240,
      others: { [BusyDomain($0)] })
  }

  func testBooksBalanceWhileOthersSendVehiclesAbout() throws {
    let r = busyRun()
    defer { r.traffic.pool.shutDown() }
    var mostParked = 0
    for tick in 0..<3600 {
      try r.simulation.step()
      let wrong = r.traffic.violations()
      XCTAssertEqual(wrong, [], "tick \(tick)")
      if !wrong.isEmpty { return }
      mostParked = max(mostParked, r.traffic.counts.parked)
    }
    XCTAssertGreaterThan(mostParked, 5)
    // Half of the drives are trips of cars; everybody gets where they want in the end.
    XCTAssertEqual(r.traffic.driveState.drives.count, 240)
    XCTAssertEqual(r.traffic.counts.due, r.traffic.demand.trips.count + 120)
    XCTAssertEqual(r.traffic.counts.arrived, r.traffic.counts.due)
    XCTAssertEqual(r.traffic.driveState.services.arrived, 120)
  }

  func testTheSameBitsOnThreadsAndAfterAResume() throws {
    let whole = busyRun()
    let twoThreads = busyRun(threads: 2)
    let resumed = busyRun(threads: 2)
    defer { for r in [whole, twoThreads, resumed] { r.traffic.pool.shutDown() } }
    var state: [UInt8] = []
    for tick in 0..<900 {
      try whole.simulation.step()
      try twoThreads.simulation.step()
      if tick == 411 {
        var writer = StateWriter()
        whole.simulation.encodeState(into: &writer)
        state = writer.bytes
      }
    }
    var reader = StateReader(state, file: "memory")
    try resumed.simulation.decodeState(from: &reader)
    XCTAssert(reader.isAtEnd)
    while resumed.simulation.tick < 900 { try resumed.simulation.step() }
    XCTAssertEqual(whole.simulation.stateHash(), twoThreads.simulation.stateHash())
    XCTAssertEqual(whole.simulation.stateHash(), resumed.simulation.stateHash())
  }

  func testNoMoreDrivesThanReservedAndNoneWithoutAWay() throws {
    let r = GridRun(network: network, trips: 5, seconds: 10, reservedDrives: 1)
    let place = AccessPoint(link: LinkID(0), offset: 1)
    let moment = r.simulation.moment
    func drive(to link: Int) -> Drive {
      Drive(
        name: "x", key: 1, origin: place, destination: AccessPoint(link: LinkID(link), offset: 1))
    }
    XCTAssertFalse(r.traffic.begin(drive(to: network.linkCount), at: moment).isSome)
    let first = r.traffic.begin(drive(to: 7), at: moment)
    XCTAssertEqual(first, VehicleID(r.traffic.demand.trips.count))
    XCTAssertEqual(r.traffic.place(of: first), place)
    XCTAssertFalse(r.traffic.begin(drive(to: 8), at: moment).isSome)
    XCTAssertFalse(r.traffic.redirect(VehicleID(3), to: place, at: moment), "not due yet")
  }

  func testTravelTimesAreThoseOfTheQuickestWay() throws {
    let r = GridRun(network: network, trips: 5, seconds: 10)
    var paths = ShortestPaths(network)
    let graph = TurnGraph(network)
    let costs = LinkCosts.freeFlow(network)
    let target = AccessPoint(link: LinkID(31), offset: 40)
    let places = (0..<network.linkCount).map { AccessPoint(link: LinkID($0), offset: 25) }
    let there = r.traffic.seconds(from: places, to: target, at: r.simulation.moment)
    let back = r.traffic.seconds(from: target, to: places, at: r.simulation.moment)
    func seconds(_ a: AccessPoint, _ b: AccessPoint) -> Double? {
      guard let way = paths.route(from: a, to: b, costs: costs) else { return nil }
      var ms = -Double(costs[a.link.index]) * Double(a.offset / network.linkLength[a.link])
      ms += Double(costs[a.link.index])
      for (from, to) in zip(way, way.dropFirst()) {
        let turn = graph.turns(from: from).first { graph.turnTarget[$0] == to }
        ms += Double(costs[to.index]) + Double(turn.map { graph.turnMilliseconds[$0] } ?? 0)
      }
      let rest = 1 - Double(b.offset / network.linkLength[b.link])
      return (ms - Double(costs[b.link.index]) * rest) / 1000
    }
    for (i, place) in places.enumerated() where place.link != target.link {
      XCTAssertEqual(there[i] ?? -1, seconds(place, target) ?? -1, accuracy: 0.01)
      XCTAssertEqual(back[i] ?? -1, seconds(target, place) ?? -1, accuracy: 0.01)
    }
  }
}
