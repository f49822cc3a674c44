import CityBase
import CitySimulation
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityScenario

/// Holds `Scenarios/scenario.schema.json` and the readers against each other.
final class SchemaTests: XCTestCase {
  private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Names of keys in every `properties` of the schema.
  private func keys(_ value: JSONValue, into found: inout Set<String>) {
    for member in value.members ?? [] {
      if member.key == "properties" {
        for property in member.value.members ?? [] { found.insert(property.key) }
      }
      keys(member.value, into: &found)
    }
    for element in value.array ?? [] { keys(element, into: &found) }
  }

  func testSchemaHasTheKeysOfTheReaders() throws {
    let schema = try JSONValue.read(
      path: root.appendingPathComponent("Scenarios/scenario.schema.json").path)
    var published: Set<String> = []
    keys(schema, into: &published)

    var read: Set<String> = Set(Registry.demand.map { $0.key })
    let pattern = try Regex(
      #"(?:(?:reader|inner|policy|part)\s*\.(?!section)\w+|(?:weights|\.read))\(\s*"([a-z_0-9$]+)""#
    )
    for folder in [
      "CityScenario", "CityPolicy", "CityParking", "CityEmergency", "CityTraffic/Signals",
    ] {
      let url = root.appendingPathComponent("Sources/" + folder).resolvingSymlinksInPath()
      for case let file as String in FileManager.default.enumerator(atPath: url.path) ?? .init() {
        guard file.hasSuffix(".swift") else { continue }
        let text = try String(contentsOf: url.appendingPathComponent(file), encoding: .utf8)
        for match in text.matches(of: pattern) {
          if let key = match.output[1].substring { read.insert(String(key)) }
        }
      }
    }
    XCTAssertGreaterThan(read.count, 25, "the pattern finds the keys that readers ask for")
    XCTAssertEqual(published.subtracting(read), [], "in the schema, but nobody reads it")
    XCTAssertEqual(read.subtracting(published), [], "read, but not in the schema")
  }

  func testEveryShippedScenarioCanBeRead() throws {
    let url = root.appendingPathComponent("Scenarios").resolvingSymlinksInPath()
    var count = 0
    for case let file as String in FileManager.default.enumerator(atPath: url.path) ?? .init()
    where file.hasSuffix(".json") && file.contains("/") {
      let scenario = try ScenarioFile.read(path: url.appendingPathComponent(file).path)
      XCTAssertFalse(scenario.name.isEmpty, file)
      count += 1
    }
    XCTAssertGreaterThan(count, 0)
  }

  func testSchemaNamesEverythingOfTheRegistry() throws {
    let text = try String(
      contentsOf: root.appendingPathComponent("Scenarios/scenario.schema.json"), encoding: .utf8)
    let city = try TinyCity(scenario: TinyCity.scenario(parts: TinyCity.allDomains))
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    let layers = try CityRun(loaded, threads: 1).domains.flatMap { $0.snapshotLayers }
    let words =
      Registry.policies.map { $0.typeName } + Registry.parkingChoices.map { $0.typeName }
      + Registry.dispatchRules.map { $0.typeName } + Registry.signalControls.map { $0.typeName }
      + layers.map(\.layerName) + ["facilities"]
    for word in words { XCTAssertTrue(text.contains("\"\(word)\""), word) }
  }
}
