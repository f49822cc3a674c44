import CityBase
import CityNetwork
import XCTest

@testable import CityDemand

/// A main street from west to east with two side streets in the middle, and what drives over its
/// ends.
final class EdgeTests: XCTestCase {
  /// Junctions 0 to 4 along the street, 500 m apart; 5 beside the western end, 6 and 7 the ends of
  /// the side streets.
  private let network = TinyNetwork.build(
    [
      Point2(0, 0), Point2(500, 0), Point2(1000, 0), Point2(1500, 0), Point2(2000, 0),
      Point2(100, 150), Point2(1000, 500), Point2(1000, -500),
    ],
    [
      .init(from: 0, to: 1, roadClass: .primary), .init(from: 1, to: 2), .init(from: 2, to: 3),
      .init(from: 3, to: 4, roadClass: .primary), .init(from: 5, to: 1, roadClass: .tertiary),
      .init(from: 2, to: 6), .init(from: 2, to: 7),
    ])
  private var graph: TurnGraph { TurnGraph(network) }

  private func gate(_ link: String, _ isInbound: Bool, _ volume: Double, _ share: Double)
    -> EdgeGate
  {
    EdgeGate(
      externalID: (isInbound ? "in-" : "out-") + link, isInbound: isInbound,
      link: network.link(link), roadClass: network.linkClass[network.link(link)], volume: volume,
      throughShare: share)
  }

  private var gates: [EdgeGate] {
    [
      gate("0>1", true, 400, 0.5), gate("1>0", false, 400, 0.5), gate("4>3", true, 200, 0.5),
      gate("3>4", false, 200, 0.5), gate("5>1", true, 50, 1), gate("1>5", false, 50, 1),
    ]
  }

  private var zones: ZoneSystem {
    var diagnostics = Diagnostics()
    var settings = ZoneSettings()
    settings.cellMeters = 500
    return ZoneBuilder.build(
      ZoneInput(), network: network, settings: settings, isConnected: { _ in true },
      diagnostics: &diagnostics)
  }

  private func edge(_ gates: [EdgeGate]) throws -> EdgeTraffic {
    var diagnostics = Diagnostics()
    return try XCTUnwrap(
      EdgeTraffic(
        gates, zones: zones, network: network, graph: graph, execute: runSerially,
        diagnostics: &diagnostics))
  }

  private func model(_ edge: EdgeTraffic?, trips: Int) throws -> GravityModel {
    var settings = GravitySettings(total: .trips(trips), window: 0..<3_600_000)
    settings.pattern = .survey
    var diagnostics = Diagnostics()
    return try GravityModel(
      zones: zones, skim: .along(network, graph: graph, zones: zones, execute: runSerially),
      settings: settings,
      epoch: Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800), edge: edge,
      diagnostics: &diagnostics)
  }

  func testNobodyPassesThroughToWhereTheyCameFrom() throws {
    let edge = try edge(gates)
    XCTAssertEqual(edge.inbound.map(\.externalID), ["in-0>1", "in-4>3", "in-5>1"])
    XCTAssertEqual(edge.outbound.map(\.externalID), ["out-1>0", "out-1>5", "out-3>4"])
    let passing = edge.through.map { $0 > 0 }
    // From the west neither back west nor to the road beside it; from the east to both.
    XCTAssertEqual(
      passing, [false, false, true, true, true, false, false, false, true])
    // 200 + 100 + 50 want to pass inwards, 200 + 50 + 100 outwards. Only the east takes those from
    // the west, at most half of its 200 vehicles; those from the east share out west.
    XCTAssertEqual(edge.through[2] + edge.through[8], 100, accuracy: 1e-6)
    XCTAssertEqual(edge.through[3] + edge.through[4], 100, accuracy: 1e-6)
    for (i, gate) in edge.inbound.enumerated() {
      let row = edge.through[(i * 3)..<(i * 3 + 3)].reduce(0, +)
      XCTAssertEqual(row + edge.arriving[i], gate.volume, accuracy: 1e-6)
    }
    for (o, gate) in edge.outbound.enumerated() {
      let column = (0..<3).reduce(0) { $0 + edge.through[$1 * 3 + o] }
      XCTAssertLessThanOrEqual(column, gate.volume + 1e-6)
      XCTAssertEqual(column + edge.leaving[o], gate.volume, accuracy: 1e-6)
    }
  }

  func testAWayAroundIsNoWayThrough() {
    let rule = ThroughRule()
    let (west, east) = (Point2(0, 0), Point2(2000, 0))
    let eastward = Point2(1, 0)
    XCTAssertTrue(
      rule.allows(from: west, heading: eastward, to: east, leaving: eastward, meters: 2100))
    XCTAssertTrue(
      rule.allows(from: west, heading: eastward, to: east, leaving: Point2(0, 1), meters: 3000))
    // Too long a way, gates side by side, leaving as one came, and no way at all.
    XCTAssertFalse(
      rule.allows(from: west, heading: eastward, to: east, leaving: eastward, meters: 3500))
    XCTAssertFalse(
      rule.allows(
        from: west, heading: eastward, to: Point2(0, 200), leaving: Point2(0, 1), meters: 250))
    XCTAssertFalse(
      rule.allows(
        from: west, heading: eastward, to: Point2(0, 900), leaving: Point2(-1, 0), meters: 1200))
    XCTAssertFalse(
      rule.allows(
        from: west, heading: eastward, to: east, leaving: eastward, meters: .infinity))
  }

  func testTripsFollowTheirShares() throws {
    let edge = try edge(gates)
    let model = try model(edge, trips: 12_000)
    let trips = model.trips(random: RandomStream(seed: 3))
    XCTAssertEqual(trips.count, 12_000)
    let weights = model.relationWeights
    let total = weights.reduce(0, +)
    for relation in TripRelation.allCases {
      let expected = 12_000 * weights[Int(relation.rawValue)] / total
      let found = Double(trips.count { $0.relation == relation })
      XCTAssertEqual(found, expected, accuracy: 5 * expected.squareRoot() + 1, "\(relation)")
    }
    let ins = Set(edge.inbound.map(\.link))
    let outs = Set(edge.outbound.map(\.link))
    let doors = Set(model.zones.zones.values.flatMap(\.accessPoints))
    for trip in trips {
      switch trip.relation {
      case .internal: XCTAssertTrue(doors.contains(trip.origin) && doors.contains(trip.destination))
      case .inbound:
        XCTAssertTrue(ins.contains(trip.origin.link) && doors.contains(trip.destination))
        XCTAssertTrue(trip.name.hasPrefix("gravity-in-"))
      case .outbound:
        XCTAssertTrue(outs.contains(trip.destination.link) && doors.contains(trip.origin))
        XCTAssertTrue(trip.name.hasPrefix("gravity-out-"))
      case .through:
        XCTAssertTrue(ins.contains(trip.origin.link) && outs.contains(trip.destination.link))
        XCTAssertNotEqual(network.linkReverse[trip.origin.link], trip.destination.link)
      }
    }
    // More trips leave the first as they are; without an edge the inner ones are the same people.
    let more = try self.model(edge, trips: 12_500).trips(random: RandomStream(seed: 3)).byName
    for (name, choices) in trips.byName { XCTAssertEqual(more[name], choices) }
    let inner = try self.model(nil, trips: 12_000).trips(random: RandomStream(seed: 3)).byName
    for trip in trips where trip.relation == .internal { XCTAssertNotNil(inner[trip.name]) }
    XCTAssertEqual(Set(trips.map(\.name)).count, trips.count)
  }

  func testDefaultsFallWithTheClassOfTheRoad() {
    for (a, b) in zip(RoadClass.allCases, RoadClass.allCases.dropFirst()) {
      XCTAssertGreaterThanOrEqual(GateDefaults.capacityPerLane(a), GateDefaults.capacityPerLane(b))
      XCTAssertGreaterThanOrEqual(GateDefaults.peakUse(a), GateDefaults.peakUse(b))
      XCTAssertGreaterThanOrEqual(
        GateDefaults.throughShare(a, population: 0), GateDefaults.throughShare(b, population: 0))
    }
    // Modlin's equation falls by 0.0417 points for every hundred people.
    XCTAssertEqual(GateDefaults.throughShare(.motorway, population: 0), 0.85)
    XCTAssertEqual(
      GateDefaults.throughShare(.primary, population: 50_000), 0.5 - 0.2085, accuracy: 1e-9)
    XCTAssertEqual(GateDefaults.throughShare(.primary, population: 1e9), 0.05, accuracy: 1e-12)
    XCTAssertEqual(GateDefaults.throughShare(.primary, population: .nan), 0.5)
    // Some 40 % of car trips are shorter than 5 km and 60 % shorter than 10 km.
    XCTAssertEqual(EdgeTraffic.internalShare(5000), 0.4, accuracy: 0.03)
    XCTAssertEqual(EdgeTraffic.internalShare(10_000), 0.62, accuracy: 0.03)
    XCTAssertEqual(EdgeTraffic.internalShare(.nan), 0.05)
  }

  func testOddGatesDoNotTrap() throws {
    var diagnostics = Diagnostics()
    let nowhere = EdgeGate(
      externalID: "x", isInbound: true, link: LinkID(999), roadClass: .primary, volume: 1,
      throughShare: 1)
    var idle = gate("0>1", true, 0, 9)
    XCTAssertNil(
      EdgeTraffic(
        [nowhere, idle], zones: zones, network: network, graph: graph, execute: runSerially,
        diagnostics: &diagnostics))
    XCTAssertNil(
      EdgeTraffic(
        gates, zones: ZoneSystem([]), network: network, graph: graph, execute: runSerially,
        diagnostics: &diagnostics))
    // Traffic comes in only, and more than all of it passes through: nothing can.
    idle.volume = 100
    let edge = try edge([idle])
    XCTAssertEqual(edge.totals.through, 0)
    XCTAssertEqual(edge.totals.inbound, 100)
    let trips = try model(edge, trips: 500).trips(random: RandomStream(seed: 1))
    XCTAssertTrue(trips.allSatisfy { $0.relation == .internal || $0.relation == .inbound })
  }
}
