import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityDemand

final class ZoneTests: XCTestCase {
  private func square(_ x: Double, _ y: Double, _ side: Double) -> [[[Point2]]] {
    [[[Point2(x, y), Point2(x + side, y), Point2(x + side, y + side), Point2(x, y + side)]]]
  }

  private func build(
    _ input: ZoneInput, _ network: RoadNetwork, _ settings: ZoneSettings = ZoneSettings(),
    isConnected: (LinkID) -> Bool = { _ in true }
  ) -> (ZoneSystem, Diagnostics) {
    var diagnostics = Diagnostics()
    let zones = ZoneBuilder.build(
      input, network: network, settings: settings, isConnected: isConnected,
      diagnostics: &diagnostics)
    return (zones, diagnostics)
  }

  func testPeopleOfAnAreaLiveWhereItsHomesAre() {
    // Two halves of a 3 * 3 grid of streets, the right one with its homes in one corner.
    var input = ZoneInput()
    input.subdistricts = [
      .init(externalID: "right", name: "R", population: 900, polygons: square(199, -50, 500)),
      .init(externalID: "left", name: "L", population: 100, polygons: square(-301, -50, 500)),
    ]
    input.districts = [.init(externalID: "all", name: "All", polygons: square(-500, -500, 2000))]
    input.buildings = [
      .init(position: Point2(375, 410), use: .residential, floorArea: 700),
      .init(position: Point2(225, -10), use: .office, floorArea: 2000),
    ]
    let (zones, diagnostics) = build(input, TinyNetwork.grid(3))
    XCTAssertTrue(diagnostics.isEmpty, "\(diagnostics.entries)")
    XCTAssertEqual(zones.zones.values.map(\.externalID), ["left", "right"])
    XCTAssertEqual(zones.zones.values.map(\.population).map { $0.rounded() }, [100, 900])
    XCTAssertTrue(zones.populationIsKnown)
    let right = zones.zones[ZoneID(1)]
    for u in stride(from: 0.0, to: 1, by: 0.01) {
      let home = right.accessPoint(u, at: .home).map { right.accessPositions[$0] }
      XCTAssertEqual(home, Point2(375, 400), "beside the only home")
    }
    // The office draws 5 jobs for 100 m2, the home 0.05.
    XCTAssertEqual(right.attraction(for: .work), 100.35, accuracy: 1e-9)
    XCTAssertEqual(zones.zone("L"), ZoneID(0))
    XCTAssertNil(zones.zone("nowhere"))
  }

  func testGridKeepsItsCells() {
    var settings = ZoneSettings()
    settings.cellMeters = 250
    let (zones, _) = build(ZoneInput(), TinyNetwork.grid(3), settings)
    // Streets at 0, 200 and 400 m fall into columns and rows 0 and 1.
    XCTAssertEqual(
      zones.zones.values.map(\.externalID), ["cell-0-0", "cell-0-1", "cell-1-0", "cell-1-1"])
    // 24 links of 200 m, a person for each 20 m.
    XCTAssertEqual(zones.population, 240, accuracy: 1e-9)
    XCTAssertFalse(zones.populationIsKnown)
    settings.maximumZones = 1
    let (few, _) = build(ZoneInput(), TinyNetwork.grid(12), settings)
    XCTAssertLessThanOrEqual(few.count, 4)
  }

  /// A village with a shop where the map draws none of the town around: people live and work along
  /// all its streets. 150 m2 of shop are 4.5 jobs; a resident stands for 35 m2 of homes at 0.05 jobs
  /// for 100 m2, 8 of works at 1.5, 4 of offices at 5, 2.5 of shops at 3, 2 of schools at 1.5, 1 of
  /// health at 2.5, 1 of public at 2 and 0.5 of hotels at 1, in all 0.4925.
  func testWhatAMapLeavesOutDrawsPeopleToo() {
    var input = ZoneInput()
    input.buildings = [
      .init(position: Point2(0, 0), use: .residential, floorArea: 0, population: 800),
      .init(position: Point2(10, 0), use: .retail, floorArea: 150),
    ]
    let (zones, diagnostics) = build(input, TinyNetwork.grid(12))
    XCTAssertEqual(diagnostics.count(of: "people-from-roads"), 1)
    // 528 links of 200 m, a person for each 20 m, but for those near the village.
    let elsewhere = zones.population - 800
    XCTAssert(4500...5280 ~= elsewhere, "\(elsewhere)")
    func pull(_ purpose: TripPurpose) -> Double {
      zones.zones.values.reduce(0) { $0 + $1.attraction(for: purpose) }
    }
    XCTAssertEqual(pull(.work), 4.5 + 0.4925 * elsewhere, accuracy: 1e-6)
    // Shops at 10 for 100 m2, schools at 8.
    XCTAssertEqual(pull(.shopping), 15 + 0.25 * elsewhere, accuracy: 1e-6)
    XCTAssertEqual(pull(.education), 0.16 * elsewhere, accuracy: 1e-6)
    // Where all is drawn, nothing is added.
    let (drawn, _) = build(input, TinyNetwork.grid(2))
    XCTAssertEqual(drawn.zones.values.reduce(0) { $0 + $1.attraction(for: .work) }, 4.5)
  }

  func testTripsBeginOnlyWhereTheyCan() {
    let points = [Point2(0, 0), Point2(200, 0), Point2(400, 0), Point2(600, 0), Point2(800, 0)]
    let network = TinyNetwork.build(
      points,
      [
        .init(from: 0, to: 1), .init(from: 1, to: 2, isBridge: true),
        .init(from: 2, to: 3, roadClass: .motorway), .init(from: 3, to: 4),
        .init(from: 1, to: 3, isTunnel: true),
      ])
    let (zones, _) = build(ZoneInput(), network, isConnected: { $0 != network.link("3>4") })
    let links = Set(zones.zones.values.flatMap { $0.accessPoints.map(\.link) })
    XCTAssertEqual(links, [network.link("0>1"), network.link("1>0"), network.link("4>3")])
    for place in zones.zones.values.flatMap(\.accessPoints) {
      XCTAssertTrue((20...180).contains(place.offset))
    }
    let (none, diagnostics) = build(ZoneInput(), network, isConnected: { _ in false })
    XCTAssertEqual(none.count, 0)
    XCTAssertEqual(diagnostics.count(of: "no-access"), 1)
  }

  func testAutomaticLevelPassesOverUselessOnes() {
    var input = ZoneInput()
    input.subdistricts = [
      .init(externalID: "a", name: "A", population: 480, polygons: square(-100, -100, 1000)),
      .init(externalID: "b", name: "B", population: 77, polygons: square(5000, 5000, 10)),
    ]
    let (coarse, diagnostics) = build(input, TinyNetwork.grid(3))
    XCTAssertEqual(coarse.zones.values.map(\.externalID), ["a"])
    XCTAssertEqual(diagnostics.count(of: "area-without-road"), 1)
    var settings = ZoneSettings.forGravity
    settings.cellMeters = 100
    let (fine, _) = build(input, TinyNetwork.grid(3), settings)
    XCTAssertGreaterThanOrEqual(fine.count, 16)
    XCTAssertEqual(fine.population, 480, accuracy: 1e-9)
  }

  func testHostileInputDoesNotTrap() {
    var input = ZoneInput()
    let nan = Point2(.nan, .infinity)
    input.subdistricts = [
      .init(externalID: "", name: "", population: .nan, polygons: [[], [[]], [[nan]]]),
      .init(externalID: "", name: "", population: -5, polygons: square(0, 0, 1e300)),
    ]
    input.buildings = [
      .init(position: nan, use: .office, floorArea: 1),
      .init(position: Point2(0, 0), use: .residential, floorArea: .infinity),
      .init(
        position: Point2(0, 0), use: .residential, floorArea: 1e300, population: -1, jobs: .nan),
    ]
    var settings = ZoneSettings()
    settings.cellMeters = .nan
    settings.access.spacing = -1
    let (zones, _) = build(input, TinyNetwork.line(), settings)
    XCTAssertTrue(zones.zones.values.allSatisfy { $0.population.isFinite && $0.center.isFinite })
    let skim = ZoneSkim.straight(zones)
    XCTAssertTrue(skim.meters.allSatisfy { !$0.isNaN })
  }
}
