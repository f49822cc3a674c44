import CityBase
import CityNetwork
import CityReporting
import CitySimulation
import CityTraffic
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityScenario

/// Traffic, parking and emergency on one clock, with policies on each.
final class AllDomainsTests: XCTestCase {
  private func city(policies: String = TinyCity.policiesOnAll) throws -> TinyCity {
    try TinyCity(
      scenario: TinyCity.scenario(
        parts: TinyCity.allDomains, policies: policies,
        outputs: #"{"interval": "1min", "geojsonl": true, "movements": {"interval": "90s"}, "#
          + #""detectors": {"interval": "2min"}, "snapshots": {"interval": "2min", "#
          + #""layers": ["vehicles", "facilities", "parking", "units", "incidents"]}}"#))
  }

  private func run(_ city: TinyCity, to name: String, _ options: RunOptions = RunOptions())
    throws -> RunResult
  {
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: options)
    let folder = try RunFolder.prepare(path: city.path + "/" + name)
    return try ScenarioRunner(loaded, folder: folder, options: options).run()
  }

  func testBooksBalanceAfterEveryTick() throws {
    let city = try city()
    for seed in 1...3 {
      let loaded = try ScenarioLoader.load(
        path: city.scenarioPath, options: RunOptions(seed: UInt64(seed)))
      let run = try CityRun(loaded, threads: 1)
      XCTAssertEqual(run.domains.map(\.name), ["traffic", "parking", "emergency"])
      while !run.isOver {
        try run.simulation.step()
        let wrong = run.violations()
        XCTAssertEqual(wrong, [], "seed \(seed), tick \(run.simulation.tick)")
        if !wrong.isEmpty { return }
      }
      let figures = RunFigures(run.metrics())
      let due = try XCTUnwrap(figures["trips.due"])
      let parts = ["arrived", "on_road", "waiting", "parked"].compactMap { figures["trips." + $0] }
      XCTAssertEqual(parts.count, 4)
      XCTAssertEqual(parts.reduce(0, +), due)
      XCTAssertGreaterThan(due, 120, "cars that leave their bays are trips too")
      XCTAssertGreaterThan(try XCTUnwrap(figures["parking.arrivals"]), 20)
      XCTAssertGreaterThan(try XCTUnwrap(figures["parking.refused"]), 0, "18 bays for 120 cars")
      let calls = ["served", "queued", "open"].compactMap { figures["emergency." + $0] }
      XCTAssertEqual(calls.reduce(0, +), 12)
      XCTAssertGreaterThan(calls[0], 0)
    }
  }

  func testSameBytesOnAnyThreadsAndAfterAnyInterruption() throws {
    let city = try city()
    let whole = try run(city, to: "whole")
    let expected = try RunBytes(city.path + "/whole")
    for name in [
      "parking.csv", "responses.csv", "units.csv", "movements.csv", "detectors.csv",
      "detectors.geojson",
    ] { XCTAssertNotNil(expected.files[name], name) }
    for threads in [2, 4] {
      _ = try run(city, to: "threads", RunOptions(threads: threads))
      XCTAssertEqual(
        try RunBytes(city.path + "/threads").differences(from: expected), [], "\(threads) threads")
    }
    for (i, time) in ["07:00:41", "07:02:30", "07:06:11"].enumerated() {
      let options = RunOptions(stopAt: TimeText(time))
      XCTAssertEqual(try run(city, to: "cut\(i)", options).ending, .interrupted)
      let result = try ScenarioRunner.resume(
        runFolder: city.path + "/cut\(i)", options: RunOptions(threads: i + 1)
      ).run()
      XCTAssertEqual(result.stateHash, whole.stateHash)
      XCTAssertEqual(
        try RunBytes(city.path + "/cut\(i)").differences(from: expected), [], "stopped at \(time)")
    }
  }

  func testNothingIsShownTwiceInASnapshot() throws {
    let city = try city()
    _ = try run(city, to: "run", RunOptions(until: TimeText("07:03")))
    let snapshot = try JSONValue.read(
      path: city.path + "/run/snapshots/20260302T070200.geojson")
    var seen: Set<String> = []
    for feature in snapshot["features"]?.array ?? [] {
      let properties = try XCTUnwrap(feature["properties"])
      let kind = try XCTUnwrap(properties["kind"]?.string)
      let id = try XCTUnwrap(properties["id"]?.string)
      XCTAssertTrue(seen.insert("\(kind) \(id)").inserted, "\(kind) \(id)")
      if kind == "parking" { XCTAssertNotNil(properties["occupied"]?.integer) }
    }
    XCTAssertTrue(seen.contains("parking p1"))
    XCTAssertTrue(seen.contains("hospital h1"))
  }

  func testOneMoreTripChangesNobodyElsesDraws() throws {
    let one = try TinyCity()
    let network = try ScenarioLoader.load(path: one.scenarioPath, options: RunOptions()).network
    let links = try ["Row 1", "Row 3"].map { name in
      network.linkExternalID[
        try XCTUnwrap(network.linkFrom.ids.first { network.linkName[$0] == name })]
    }
    func load(_ demand: String) throws -> (loaded: LoadedScenario, stays: [String: Double]) {
      let city = try TinyCity(
        scenario: TinyCity.scenario(
          demand: demand, parts: TinyCity.allDomains, policies: TinyCity.policiesOnAll))
      try city.write(
        """
        id,depart,from_link,from_offset_m,to_link,to_offset_m
        one-more,07:00:30,\(links[0]),20,\(links[1]),60

        """, to: "trips.csv")
      let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
      _ = try run(city, to: "run")
      let table = try CSVTable.read(path: city.path + "/run/parking.csv")
      func column(_ name: String) throws -> Int { try XCTUnwrap(table.column(name)) }
      let (trip, stay) = (try column("trip"), try column("stay_s"))
      let (facility, walk) = (try column("facility"), try column("walk_m"))
      var stays: [String: Double] = [:]
      for row in table.rows where !row[facility].isEmpty {
        // The car stands there while its driver walks to the destination and back too.
        let walked = try XCTUnwrap(row.number(walk)) / 1.34
        stays[row[trip]] = try XCTUnwrap(row.number(stay)) - 2 * walked
      }
      return (loaded, stays)
    }
    let few = try load(TinyCity.gravity)
    let more = try load(#"[\#(TinyCity.gravity), {"trips": "trips.csv"}]"#)
    let (a, b) = (few.loaded.demand, more.loaded.demand)
    XCTAssertEqual(b.trips.count, a.trips.count + 1)
    let common = b.trips.indices.filter { b.trips[$0].name != "one-more" }
    XCTAssertEqual(common.count, a.trips.count)
    for (i, j) in zip(a.trips.indices, common) {
      let (x, y) = (a.trips[i], b.trips[j])
      XCTAssertEqual(x.name, y.name)
      XCTAssertEqual(x.key, y.key)
      XCTAssertEqual(x.departureMilliseconds, y.departureMilliseconds, x.name)
      XCTAssertEqual(x.origin, y.origin, x.name)
      XCTAssertEqual(x.destination, y.destination, x.name)
      XCTAssertEqual(x.purpose, y.purpose, x.name)
      XCTAssertEqual(route(a, i), route(b, j), x.name)
    }
    XCTAssertEqual(few.loaded.emergency?.calls, more.loaded.emergency?.calls)
    // Who finds a bay in both stays as long at his destination, wherever that bay is.
    let both = few.stays.keys.filter { more.stays[$0] != nil }.sorted()
    XCTAssertGreaterThan(both.count, 10)
    for trip in both {
      XCTAssertEqual(try XCTUnwrap(few.stays[trip]), try XCTUnwrap(more.stays[trip]), accuracy: 0.2)
    }
  }

  private func route(_ demand: TrafficDemand, _ trip: Int) -> [LinkID] {
    let first = Int(demand.routeFirst[trip])
    return Array(demand.links[first..<(first + Int(demand.routeCount[trip]))])
  }

  func testContradictingPoliciesAreRefused() throws {
    let price = #"{"type": "parking_price", "facilities": ["p1"], "cny_per_hour": 5, "name": "#
    let city = try city(policies: "[\(price)\"a\"}, \(price)\"b\", \"from\": \"07:02\"}]")
    XCTAssertThrowsError(
      try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    ) {
      XCTAssertEqual(($0 as? CityError)?.exitCode, 2)
      XCTAssertEqual(($0 as? CityError)?.place, "$.policies[1]")
      XCTAssertTrue("\($0)".contains("p1"), "\($0)")
    }
  }
}
