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
    let pattern = try Regex(#"(?:reader|inner|policy)\s*\.(?!section)\w+\(\s*"([a-z_$]+)""#)
    for folder in ["Sources/CityScenario", "Sources/CityPolicy"] {
      let url = root.appendingPathComponent(folder)
      for file in try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() {
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

  func testSchemaNamesEveryPolicyAndLayer() throws {
    let text = try String(
      contentsOf: root.appendingPathComponent("Scenarios/scenario.schema.json"), encoding: .utf8)
    for policy in Registry.policies { XCTAssertTrue(text.contains("\"\(policy.typeName)\"")) }
    for layer in ["vehicles", "links", "facilities"] {
      XCTAssertTrue(text.contains("\"\(layer)\""))
    }
  }
}
