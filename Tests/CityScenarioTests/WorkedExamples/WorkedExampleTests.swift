import CityEmergency
import CityParking
import CityScenario
import CityTestSupport
import CityText
import Foundation
import XCTest

/// The two examples of the README: the files, their lines in the registry, and their tests.
final class WorkedExampleTests: XCTestCase {
  /// The registry with the line that each example needs.
  private let rules = Registry.dispatchRules + [PostsFirst.self]
  private let choices = Registry.parkingChoices + [ShortestDrive.self]

  private func reader(_ json: String) throws -> JSONObjectReader {
    try JSONObjectReader(JSONValue.parse(Array(json.utf8), file: "example"), file: "example")
  }

  func testPostsFirst() throws {
    var json = try reader(#"{"draw": {"count": 3}, "dispatch": {"type": "posts_first"}}"#)
    let settings = try EmergencySettings(from: &json, rules: rules)
    XCTAssert(settings.rule is PostsFirst)
    XCTAssertEqual(DispatchRuleConformance.violations(of: settings.rule), [])
  }

  func testShortestDrive() throws {
    var json = try reader(#"{"choice": {"type": "shortest_drive", "most_walk_m": 300}}"#)
    let settings = try ParkingSettings(from: &json, choices: choices)
    XCTAssertEqual((settings.choice as? ShortestDrive)?.mostWalkMeters, 300)
    XCTAssertEqual(ParkingChoiceConformance.violations(of: settings.choice), [])
  }

  func testWithoutTheLineNobodyKnowsThem() throws {
    var json = try reader(#"{"draw": {"count": 3}, "dispatch": {"type": "posts_first"}}"#)
    XCTAssertThrowsError(try EmergencySettings(from: &json, rules: Registry.dispatchRules))
    json = try reader(#"{"choice": {"type": "shortest_drive"}}"#)
    XCTAssertThrowsError(try ParkingSettings(from: &json, choices: Registry.parkingChoices))
  }

  func testTheReadmeShowsTheseFiles() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(
      contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    for file in ["PostsFirst.swift"] {
      let text = try String(contentsOf: here.appendingPathComponent(file), encoding: .utf8)
      XCTAssert(readme.contains("```swift\n\(text)```"), "the README does not show \(file)")
    }
  }
}
