import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

final class RouteTests: XCTestCase {
  func testEqualRoutesAreStoredOnce() throws {
    var arena = RouteArena()
    let a = [LinkID(1), LinkID(2)]
    XCTAssertEqual(try arena.insert(a), RouteID(0))
    XCTAssertEqual(try arena.insert([LinkID(2), LinkID(1)]), RouteID(1))
    XCTAssertEqual(try arena.insert(a), RouteID(0))
    XCTAssertEqual(try arena.insert([]), RouteID(2))
    XCTAssertEqual(Array(arena[RouteID(0)]), a)
    XCTAssertEqual(arena.links.count, 4)
    var writer = StateWriter()
    arena.encode(into: &writer)
    var reader = StateReader(writer.bytes, file: "x")
    XCTAssertEqual(try RouteArena.decode(from: &reader, linkCount: 3), arena)
    for linkCount in [0, 2] {
      var reader = StateReader(writer.bytes, file: "x")
      XCTAssertThrowsError(try RouteArena.decode(from: &reader, linkCount: linkCount))
    }
    for cut in 0..<writer.bytes.count {
      var reader = StateReader(Array(writer.bytes.prefix(cut)), file: "x")
      XCTAssertThrowsError(try RouteArena.decode(from: &reader, linkCount: 3))
    }
  }

  func testFreeFlowByHand() throws {
    let network = TinyNetwork.line()
    let assigner = RouteAssigner(
      network: network, graph: TurnGraph(network), random: RandomStream(seed: 1))
    func trip(_ name: String, _ a: (String, Float), _ b: (String, Float)) -> Trip {
      Trip(
        name: name, departureMilliseconds: 0,
        origin: AccessPoint(link: network.link(a.0), offset: a.1),
        destination: AccessPoint(link: network.link(b.0), offset: b.1))
    }
    let out = try assigner.assign(
      [
        trip("on", ("0>1", 50), ("1>2", 100)), trip("nowhere", ("0>1", 50), ("0>9", 0)),
        trip("same", ("0>1", 50), ("0>1", 120)), trip("back", ("0>1", 50), ("0>1", 30)),
        trip("still", ("0>1", 50), ("0>1", 50)), trip("past", ("0>1", 50), ("1>2", 200.5)),
        trip("nan", ("0>1", .nan), ("1>2", 1)),
      ], execute: runSerially)
    XCTAssertEqual(out.trips.values.map(\.name), ["on", "same", "back"])
    XCTAssertEqual(out.refused.map(\.trip.name), ["nowhere", "still", "past", "nan"])
    // 150 + 100 m at 10 m/s and a connector of 10 m at 5 m/s; then 70 m; then all round the line:
    // 150 + 3 * 200 + 30 m and four connectors.
    XCTAssertEqual(out.lengthMeters.values, [260, 70, 820])
    XCTAssertEqual(out.freeFlowSeconds.values, [27, 7, 86])
    XCTAssertEqual(
      out.routes.links(of: TripID(2)).map { network.linkExternalID[$0] },
      ["0>1", "1>2", "2>1", "1>0", "0>1"])
  }

  /// A prescribed way is driven link by link, though it is a detour; one that cannot be is refused.
  func testGivenRoutesAreKept() throws {
    let network = TinyNetwork.grid(3)
    let assigner = RouteAssigner(
      network: network, graph: TurnGraph(network), random: RandomStream(seed: 1))
    func trip(_ name: String, _ links: [String], from: Float = 10, to: Float = 20) -> Trip {
      var trip = Trip(
        name: name, departureMilliseconds: 0,
        origin: AccessPoint(link: network.link("0>1"), offset: from),
        destination: AccessPoint(link: network.link(name == "one" ? "0>1" : "1>2"), offset: to))
      trip.givenRoute = links.map { network.link($0) }
      return trip
    }
    let detour = ["0>1", "1>4", "4>3", "3>0", "0>1", "1>2"]
    let out = try assigner.assign(
      [
        trip("free", []), trip("detour", detour), trip("broken", ["0>1", "4>5", "1>2"]),
        trip("elsewhere", ["0>1", "1>4"]), trip("one", ["0>1"]),
        trip("one", ["0>1"], from: 20, to: 10),
      ], execute: runSerially)
    XCTAssertEqual(out.trips.values.map(\.name), ["free", "detour", "one"])
    XCTAssertEqual(
      out.routes.links(of: TripID(0)).map { network.linkExternalID[$0] }, ["0>1", "1>2"])
    XCTAssertEqual(out.routes.links(of: TripID(1)).map { network.linkExternalID[$0] }, detour)
    XCTAssertEqual(out.lengthMeters[TripID(2)], 10)
    XCTAssertEqual(out.refused.map(\.trip.name), ["broken", "elsewhere", "one"])
  }

  func testLoadSpreadsAndNothingDependsOnWorkers() throws {
    let network = TinyNetwork.grid(6)
    let graph = TurnGraph(network)
    let trips = (0..<300).map { k in
      Trip(
        name: "t\(k)", departureMilliseconds: Int64(k),
        origin: AccessPoint(link: network.link("0>1"), offset: 10),
        destination: AccessPoint(link: network.link("34>35"), offset: 10))
    }
    func assign(_ perturbation: Double, _ execute: ParallelLoop) throws -> RouteAssignment {
      try RouteAssigner(
        network: network, graph: graph, random: RandomStream(seed: 2),
        model: .perturbed(spread: perturbation)
      ).assign(trips, execute: execute)
    }
    let plain = try assign(0, runSerially)
    XCTAssertEqual(plain.routes.arena.count, 1)
    let spread = try assign(0.15, runSerially)
    // All quickest ways are of 10 links; there are C(9, 4) = 126 of them between these ends.
    XCTAssertGreaterThan(spread.routes.arena.count, 20)
    XCTAssertLessThanOrEqual(spread.routes.arena.count, 126)
    XCTAssertTrue(spread.lengthMeters.values.allSatisfy { $0 == plain.lengthMeters.values[0] })
    let backwards = try assign(0.15) { count, body in
      for i in (0..<count).reversed() { body(i) }
    }
    XCTAssertEqual(backwards.routes.arena, spread.routes.arena)
    XCTAssertEqual(backwards.routes.routeOfTrip, spread.routes.routeOfTrip)
    // A driver's view does not change when others come or go.
    let one = try RouteAssigner(
      network: network, graph: graph, random: RandomStream(seed: 2),
      model: .perturbed(spread: 0.15)
    ).assign([trips[250]], execute: runSerially)
    XCTAssertEqual(
      Array(one.routes.links(of: TripID(0))), Array(spread.routes.links(of: TripID(250))))
  }

  func testSkimByHand() {
    let network = TinyNetwork.line()
    let graph = TurnGraph(network)
    func zone(_ name: String, _ link: String, _ offset: Float) -> Zone {
      var zone = latticeZones(1)[0]
      zone.externalID = name
      zone.accessPoints = [AccessPoint(link: network.link(link), offset: offset)]
      return zone
    }
    let zones = ZoneSystem([zone("a", "0>1", 40), zone("b", "1>2", 50)])
    let skim = ZoneSkim.along(network, graph: graph, zones: zones, execute: runSerially)
    // 160 m + 50 m at 10 m/s and a connector of 10 m at 5 m/s. Back: 150 m, round at junction 2,
    // 200 m, on at 1, 200 m, round at 0, 40 m.
    XCTAssertEqual(skim.meters[1], 220, accuracy: 1e-6)
    XCTAssertEqual(skim.seconds[1], 23, accuracy: 1e-6)
    XCTAssertEqual(skim.meters[2], 620, accuracy: 1e-6)
    XCTAssertEqual(skim.seconds[2], 65, accuracy: 1e-6)
    XCTAssertEqual(skim.meters[0], 0.5214 * 1000 * 1.3, accuracy: 1e-6)
  }

  /// Between zones of several access points: the mean length of the routes between them, as the
  /// assigner measures them link by link.
  func testSkimAgreesWithRoutes() throws {
    let network = TinyNetwork.grid(5)
    let graph = TurnGraph(network)
    var settings = ZoneSettings()
    settings.cellMeters = 450
    var diagnostics = Diagnostics()
    let zones = ZoneBuilder.build(
      ZoneInput(), network: network, settings: settings, isConnected: { _ in true },
      diagnostics: &diagnostics)
    XCTAssertEqual(zones.count, 4)
    let skim = ZoneSkim.along(network, graph: graph, zones: zones, execute: runSerially)
    let assigner = RouteAssigner(
      network: network, graph: graph, random: RandomStream(seed: 1),
      model: .perturbed(spread: 0))
    for i in 0..<4 {
      for j in 0..<4 where i != j {
        let ends = zones.zones[ZoneID(j)].samples(4)
        let trips = zones.zones[ZoneID(i)].samples(4).flatMap { a in
          ends.map { Trip(name: "t", departureMilliseconds: 0, origin: a, destination: $0) }
        }
        XCTAssertGreaterThan(trips.count, 1)
        let out = try assigner.assign(trips, execute: runSerially)
        let sum = out.lengthMeters.values.reduce(0) { $0 + Double($1) }
        XCTAssertEqual(skim.meters[i * 4 + j], sum / Double(trips.count), accuracy: 0.01)
      }
    }
  }
}
