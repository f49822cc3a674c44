import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityScenario

/// A demand without data: as many trips as fill the roads, over gates too.
final class LoadDemandTests: XCTestCase {
  private func city(_ demand: String, gates: [(link: String, direction: String)] = []) throws
    -> TinyCity
  {
    let city = try TinyCity(scenario: TinyCity.scenario(demand: demand))
    guard !gates.isEmpty else { return city }
    let features = gates.enumerated().map { i, gate in
      """
      {"type":"Feature","geometry":{"type":"Point","coordinates":[117.0,39.1]},"properties":\
      {"id":"g\(i)","link":"\(gate.link)","direction":"\(gate.direction)","volume_veh_h":3,\
      "through_share":0.5}}
      """
    }
    try city.write(
      #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#,
      to: "gates.geojson")
    let description = try String(contentsOfFile: city.path + "/city.json", encoding: .utf8)
    try city.write(
      description.replacingOccurrences(
        of: "\"layers\": [", with: "\"layers\": [{\"file\": \"gates.geojson\", \"kind\": \"gate\"},"
      ),
      to: "city.json")
    return city
  }

  private func load(_ city: TinyCity, seed: UInt64? = nil) throws -> LoadedScenario {
    try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions(seed: seed))
  }

  /// Links of row 2 that begin or end in the west and in the east, where the rows end.
  private func gates() throws -> [(link: String, direction: String)] {
    let network = try load(city(TinyCity.gravity)).network
    let row = network.linkName.ids.filter { network.linkName[$0] == "Row 2" }
    let xs = row.flatMap { [network.points(of: $0).first?.x, network.points(of: $0).last?.x] }
      .compactMap { $0 }
    let (west, east) = (xs.min() ?? 0, xs.max() ?? 0)
    var out: [(String, String)] = []
    for link in row {
      let (a, b) = (network.points(of: link).first?.x, network.points(of: link).last?.x)
      for edge in [west, east] {
        if let a, abs(a - edge) < 15 { out.append((network.linkExternalID[link], "in")) }
        if let b, abs(b - edge) < 15 { out.append((network.linkExternalID[link], "out")) }
      }
    }
    return out
  }

  private func figures(_ loaded: LoadedScenario) -> [String: Double] {
    var out: [String: Double] = [:]
    for property in loaded.demandFigures.figures {
      switch property.value {
      case .integer(let n): out[property.name] = Double(n)
      case .number(let n, _): out[property.name] = n
      default: break
      }
    }
    return out
  }

  func testLoadsGrowAndAreTold() throws {
    var last = 0.0
    for load in ["\"light\"", "\"moderate\"", "0.9"] {
      let loaded = try self.load(city(#"{"gravity": {"load": \#(load)}}"#))
      let found = figures(loaded)
      let trips = try XCTUnwrap(found["trips"])
      XCTAssertGreaterThan(trips, last)
      last = trips
      let target = try XCTUnwrap(found["load_target"])
      // Where single turns are too full at the target, up to a sixth of it is given up.
      let reached = try XCTUnwrap(found["load_reached"])
      XCTAssert(0.8 * target...1.021 * target ~= reached, "\(target): \(reached)")
      // Five minutes at so many an hour, but for those whom chance puts before full turns.
      let hourly = try XCTUnwrap(found["load_vehicles_h"]) / 12
      XCTAssertEqual(trips, hourly, accuracy: 4 * hourly.squareRoot())
      XCTAssertGreaterThanOrEqual(try XCTUnwrap(found["load_left_out"]), 0)
      XCTAssertGreaterThan(try XCTUnwrap(found["load_fullest_movement"]), 0)
      XCTAssertEqual(found["internal"], trips)
      XCTAssertEqual(
        TripPurpose.allCases.reduce(0) { $0 + (found["purpose_\($1.word)"] ?? 0) }, trips)
      XCTAssertGreaterThan(found["purpose_work"] ?? 0, 0.3 * trips, "at seven in the morning")
      XCTAssertNotNil(loaded.demandLine)
    }
    let none = try load(city(#"{"gravity": {"load": 0}}"#))
    XCTAssertEqual(none.demand.trips.count, 0)
  }

  func testTheLoadHangsOnTheCityAndNotOnTheSeed() throws {
    let city = try city(#"{"gravity": {"load": "light"}}"#)
    let (one, two) = (try load(city, seed: 1), try load(city, seed: 2))
    XCTAssertEqual(one.demand.trips.count, two.demand.trips.count)
    XCTAssertNotEqual(one.demand.trips.map(\.origin), two.demand.trips.map(\.origin))
  }

  func testGatesTakeTheirShare() throws {
    let gates = try gates()
    XCTAssertEqual(gates.count, 4)
    let loaded = try load(city(#"{"gravity": {"load": "moderate"}}"#, gates: gates))
    let found = figures(loaded)
    for relation in ["internal", "inbound", "outbound", "through"] {
      XCTAssertGreaterThan(found[relation] ?? 0, 0, relation)
    }
    let network = loaded.network
    for trip in loaded.demand.trips where trip.relation == .through {
      XCTAssertNotEqual(network.linkReverse[trip.origin.link], trip.destination.link)
    }
    let closed = try load(
      city(#"{"gravity": {"load": "moderate", "gates": false}}"#, gates: gates))
    XCTAssertEqual(figures(closed)["inbound"], 0)
  }

  func testANumberOfTripsMeansWhatItMeant() throws {
    func ends(_ loaded: LoadedScenario) -> [String] {
      loaded.demand.trips.map {
        "\($0.name) \($0.departureMilliseconds) \($0.origin) \($0.destination) \($0.purpose)"
      }
    }
    let plain = try load(city(TinyCity.gravity))
    XCTAssertEqual(ends(try load(city(TinyCity.gravity, gates: gates()))), ends(plain))
    XCTAssertEqual(plain.demand.trips.count, 120)
    XCTAssertNil(plain.demandLine)
    XCTAssertNil(figures(plain)["load_target"])
  }

  func testMatricesNameAPurpose() throws {
    let city = try city(
      #"{"matrix": {"file": "m.csv", "zones": "grid", "purpose": "shopping"}}"#)
    try city.write("origin,destination,trips\n", to: "m.csv")
    XCTAssertEqual(try load(city).demand.trips.count, 0)
    let plain = try self.city(#"{"gravity": {"load": "light"}}"#)
    let loaded = try load(plain)
    var diagnostics = Diagnostics()
    let pool = WorkerPool(threads: 1)
    defer { pool.shutDown() }
    var grid = ZoneSettings()
    grid.level = .grid
    let zones = try CityPlaces(loaded.city, pool: pool).zones(grid, diagnostics: &diagnostics)
    let id = zones.zones.values.map(\.externalID)
    try city.write("origin,destination,trips\n\(id[0]),\(id[1]),7\n", to: "m.csv")
    let trips = try load(city).demand.trips
    XCTAssertEqual(trips.count, 7)
    XCTAssertTrue(trips.allSatisfy { $0.purpose == .shopping })
  }

  func testImpossibleSettingsAreRefused() throws {
    for (body, words) in [
      (#"{"load": "brisk"}"#, "moderate"), (#"{"load": -0.1}"#, "0 to 2"),
      (#"{"load": 2.5}"#, "0 to 2"), (#"{"load": null}"#, "load"), (#"{}"#, "load"),
      (#"{"load": "light", "trips": 5}"#, "one of"), (#"{"trips": 5, "gates": 1}"#, "gates"),
      (#"{"trips": 5, "pattern": "sunny"}"#, "survey"),
    ] {
      XCTAssertThrowsError(try load(city(#"{"gravity": \#(body)}"#)), body) {
        XCTAssertTrue("\($0)".contains(words), "\($0)")
        XCTAssertTrue("\($0)".contains("$.demand.gravity"), "\($0)")
      }
    }
  }
}
