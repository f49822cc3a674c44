import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

final class LoadTests: XCTestCase {
  func testBusiestTenthIsCountedByLength() {
    // A hundred links of 10 m: the busiest tenth has 91 to 100 %.
    let even = BusiestLinks.meanUse(
      (1...100).map { Double($0) / 100 }, volumes: (1...100).map { Double($0) },
      lengths: Array(repeating: 10, count: 100))
    XCTAssertEqual(even, (91...100).reduce(0) { $0 + Double($1) } / 1000, accuracy: 1e-12)
    // 1,000 m carry traffic: the tenth is the 60 m at 0.9 and 40 m of those at 0.5.
    let uneven = BusiestLinks.meanUse(
      [0.9, 0.5, 0.1, 0, .nan, .infinity], volumes: [90, 50, 10, 0, 700, 800],
      lengths: [60, 440, 500, 5000, 100, 100])
    XCTAssertEqual(uneven, (60 * 0.9 + 40 * 0.5) / 100, accuracy: 1e-12)
    XCTAssertEqual(BusiestLinks.meanUse([0.5], volumes: [0.5], lengths: [9]), 0)
    XCTAssertEqual(BusiestLinks.meanUse([], volumes: [], lengths: []), 0)
    XCTAssertEqual(BusiestLinks.meanUse([], volumes: [5], lengths: []), 0)
  }

  func testSearchMeetsItsTarget() {
    let measures: [(String, (Double) -> Double)] = [
      ("linear", { $0 / 5000 }),
      ("congested", { x in x < 2000 ? x / 4000 : 0.5 + (x - 2000) / 20_000 }),
      ("rerouted", { ($0 / 1000).squareRoot() / 3 }),
    ]
    for (name, measure) in measures {
      var last = 0.0
      for target in [0.1, 0.3, 0.6, 0.9] {
        let found = LoadSearch().find(target: target, start: 300, measure: measure)
        XCTAssertEqual(found.reached, target, accuracy: 0.02 * target, name)
        XCTAssertEqual(measure(found.vehiclesPerHour), found.reached, name)
        XCTAssertGreaterThan(found.vehiclesPerHour, last, name)
        last = found.vehiclesPerHour
      }
    }
    XCTAssertEqual(LoadSearch().find(target: 0, start: 5) { _ in 1 }.vehiclesPerHour, 0)
    let nothing = LoadSearch().find(target: 0.6, start: .nan) { _ in 0 }
    XCTAssertEqual(nothing.reached, 0)
    XCTAssertLessThanOrEqual(nothing.rounds, 8)
    let wild = LoadSearch().find(target: 0.6, start: 10) { _ in .infinity }
    XCTAssertTrue(wild.vehiclesPerHour.isFinite)
  }

  func testBusiestHour() throws {
    let hour: Int64 = 3_600_000
    func share(_ pieces: [(Int64, Int64, Double)]) throws -> Double {
      try DepartureProfile(pieces.map { .init(from: $0.0, to: $0.1, share: $0.2) })
        .busiestHourShare
    }
    XCTAssertEqual(try share([(0, hour / 2, 7)]), 2, accuracy: 1e-12)
    XCTAssertEqual(try share([(0, hour, 3)]), 1, accuracy: 1e-12)
    XCTAssertEqual(try share([(0, 2 * hour, 1)]), 0.5, accuracy: 1e-12)
    XCTAssertEqual(try share([(0, hour, 1), (hour, 2 * hour, 3)]), 0.75, accuracy: 1e-12)
    // Half an hour of four and half an hour of two lie side by side: 6 of 8.
    XCTAssertEqual(
      try share([(0, hour, 2), (hour, hour + hour / 2, 4), (hour + hour / 2, 3 * hour, 6)]),
      (4 + 6.0 / 3) / 12, accuracy: 1e-12)
  }

  /// A town of 4 by 4 crossings with its demand.
  private func town(_ trips: Int = 0) throws -> (GravityModel, RoadNetwork, TurnGraph) {
    let network = TinyNetwork.grid(4)
    let graph = TurnGraph(network)
    var diagnostics = Diagnostics()
    var settings = ZoneSettings()
    settings.cellMeters = 200
    let zones = ZoneBuilder.build(
      ZoneInput(), network: network, settings: settings, isConnected: { _ in true },
      diagnostics: &diagnostics)
    var gravity = GravitySettings(total: .trips(trips), window: 0..<1_800_000)
    gravity.pattern = .survey
    let model = try GravityModel(
      zones: zones,
      skim: .along(network, graph: graph, zones: zones, execute: runSerially), settings: gravity,
      epoch: Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800),
      diagnostics: &diagnostics)
    return (model, network, graph)
  }

  func testTheScaledDemandLoadsTheRoads() throws {
    let (model, network, graph) = try town()
    let capacity = LinkCapacity(network)
    let assignment = StaticAssignment(network, graph, capacity)
    let movements = MovementCapacity(network, graph)
    func load(_ target: LoadTarget) -> LoadedDemand {
      LoadedDemand(
        model, target: target, assignment: assignment, movements: movements, execute: runSerially)
    }
    var last = 0
    for target in [LoadTarget.light, .moderate, .heavy] {
      let loaded = load(target)
      // Where single turns are too full at the target, up to a sixth of it is given up.
      let most = target.volumeOverCapacity
      XCTAssert(0.8 * most...1.021 * most ~= loaded.reached, "\(most): \(loaded.reached)")
      XCTAssertGreaterThan(loaded.tripCount, last)
      last = loaded.tripCount
      // Half an hour at so many an hour, and those who are drawn and stay.
      XCTAssertGreaterThanOrEqual(Double(loaded.tripCount), loaded.vehiclesPerHour / 2 - 0.51)
      // Other people, drawn for the run itself, load the roads alike.
      let trips = model.with(tripCount: loaded.tripCount).trips(random: RandomStream(seed: 77))
      XCTAssertEqual(trips.count, loaded.tripCount)
      let kept = loaded.thinning.kept(
        of: trips, hierarchy: assignment.hierarchy, random: RandomStream(seed: 77),
        execute: runSerially)
      let traffic = assignment.assign(
        kept.map {
          AssignmentFlow(
            origin: $0.origin.link, destination: $0.destination.link, vehiclesPerHour: 2)
        }, execute: runSerially)
      let use = movements.use(turns: traffic.turnVehiclesPerHour, links: traffic.vehiclesPerHour)
      let again = BusiestLinks.meanUse(
        StreetSegments(movements).use(use),
        volumes: traffic.vehiclesPerHour, lengths: network.linkLength.values)
      // Some 200 to 700 trips load a link each: their number varies by its root.
      XCTAssertEqual(again, loaded.reached, accuracy: 0.15 * loaded.reached)
      // Of the drawn trips as many stay as of the sample, four standard deviations allowed.
      XCTAssertEqual(
        Double(kept.count), loaded.vehiclesPerHour / 2,
        accuracy: 1 + 4 * Double(trips.count - kept.count).squareRoot())
    }
    XCTAssertEqual(load(LoadTarget(volumeOverCapacity: 0)).tripCount, 0)
    XCTAssertEqual(load(.moderate).tripCount, load(.moderate).tripCount)
  }

  /// Where all want to go into one street, what the turns let through bounds the load: nobody who
  /// meets none of them stays, the fullest is as full as it may be, and the target is not forced.
  func testNoMovementIsFullerThanItCanBe() throws {
    let (model, network, graph) = try town()
    var narrow = network
    // A signal that lets one of four streets go for six seconds of a hundred.
    let junction = JunctionID(5)
    narrow.junctionControl[junction] = .signals
    narrow.junctionSignal[junction] = SignalID(0)
    narrow.signals.append(
      SignalController(
        externalID: "s", junction: junction, groupCount: 2,
        phases: [
          SignalPhase(milliseconds: 6_000, states: [.green, .green]),
          SignalPhase(milliseconds: 94_000, states: [.red, .green]),
        ], offsetMilliseconds: 0))
    for c in narrow.connectors(of: junction).map({ ConnectorID($0) }) {
      let from = narrow.laneLink[narrow.connectorFrom[c]]
      narrow.connectorGroup[c] = from == narrow.link("6>5") ? 0 : 1
    }
    let narrowGraph = TurnGraph(narrow)
    func load(_ network: RoadNetwork, _ graph: TurnGraph, isThinned: Bool) -> LoadedDemand {
      LoadedDemand(
        model, target: .moderate,
        assignment: StaticAssignment(network, graph, LinkCapacity(network)),
        movements: MovementCapacity(network, graph), isThinned: isThinned, execute: runSerially)
    }
    let forced = load(narrow, narrowGraph, isThinned: false)
    XCTAssertGreaterThan(forced.fullest, 0.7 * 1.1)
    XCTAssertEqual(forced.thinning.crowdedCount, 0)
    let thinned = load(narrow, narrowGraph, isThinned: true)
    // The last round of thinning may leave a movement a little fuller.
    XCTAssertLessThan(thinned.fullest, 0.7 * 1.1)
    XCTAssertGreaterThan(thinned.thinning.crowdedCount, 0)
    for place in thinned.thinning.mostCrowded(3, of: narrowGraph) {
      XCTAssertEqual(narrow.linkTo[place.from], junction)
    }
    // Without the signal there is room for all.
    XCTAssertEqual(load(network, graph, isThinned: true).thinning.crowdedCount, 0)
  }

  /// Of those over a turn with a share of 0.4 so many set out, whoever else there is; of the others
  /// all do.
  func testThinningTakesItsShare() throws {
    let (model, network, graph) = try town(3000)
    let trips = model.trips(random: RandomStream(seed: 3))
    let hierarchy = LinkHierarchy(network, graph)
    let costs = LinkCosts.freeFlow(network)
    var shares = [Double](repeating: 1, count: graph.turnCount)
    let crowded = graph.turns(from: network.link("5>6"))
    for turn in crowded { shares[turn] = 0.4 }
    let thinning = DemandThinning(
      shares: shares, originShares: [], waysBy: [RouteTimes(links: costs)])
    let random = RandomStream(seed: 9)
    func kept(_ trips: [Trip]) -> [String] {
      thinning.kept(of: trips, hierarchy: hierarchy, random: random, execute: runSerially)
        .map(\.name)
    }
    var search = ShortestPaths(network, graph)
    func isOver(_ trip: Trip) -> Bool {
      let way = search.route(from: trip.origin, to: trip.destination, costs: costs) ?? []
      return zip(way, way.dropFirst()).contains { a, b in
        crowded.contains { a == network.link("5>6") && graph.turnTarget[$0] == b }
      }
    }
    let over = Set(trips.filter(isOver).map(\.name))
    let all = kept(trips)
    XCTAssertGreaterThan(over.count, 100)
    XCTAssertEqual(all.filter { !over.contains($0) }.count, trips.count - over.count)
    // Four standard deviations of a binomial share.
    XCTAssertEqual(
      Double(all.filter(over.contains).count) / Double(over.count), 0.4,
      accuracy: 4 * (0.24 / Double(over.count)).squareRoot())
    // Where half of them go other ways, round that place, half as many stay.
    var round = costs
    round[network.link("5>6").index] = LinkCosts.closed
    let both = DemandThinning(
      shares: shares, originShares: [],
      waysBy: [RouteTimes(links: costs), RouteTimes(links: round)])
    let spared = both.kept(of: trips, hierarchy: hierarchy, random: random, execute: runSerially)
      .map(\.name).filter(over.contains)
    let first = network.link("5>6")
    let bound = Double(trips.count { over.contains($0.name) && $0.origin.link == first })
    let total = Double(over.count)
    let expected = 0.7 - 0.3 * bound / total
    XCTAssertEqual(
      Double(spared.count) / total, expected, accuracy: 4 * (0.21 / total).squareRoot())
    XCTAssertEqual(
      kept(Array(trips.dropFirst(1000))),
      all.filter { Set(trips.dropFirst(1000).map(\.name)).contains($0) })
  }

  func testTargets() {
    XCTAssertEqual(LoadTarget(word: "moderate")?.volumeOverCapacity, 0.6)
    XCTAssertNil(LoadTarget(word: "Moderate"))
    for word in LoadTarget.words { XCTAssertNotNil(LoadTarget(word: word)) }
    XCTAssertEqual(LoadTarget(volumeOverCapacity: .nan).volumeOverCapacity, 0)
    XCTAssertEqual(LoadTarget(volumeOverCapacity: 99).volumeOverCapacity, 2)
  }
}
