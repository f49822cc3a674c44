import CityBase
import CityReporting
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityScenario

/// Variants that extend a scenario.
final class ExtendsTests: XCTestCase {
  private func refusal(_ path: String) -> CityError? {
    do throws(CityError) {
      _ = try ScenarioFile.read(path: path)
      return nil
    } catch {
      return error
    }
  }

  func testAVariantIsItsBaseMemberByMember() throws {
    let city = try TinyCity(
      scenario: TinyCity.scenario(
        policies: #"[{"type": "link_closure", "links": ["row-1"]}]"#))
    try city.write(
      #"{"extends": "scenario.json", "name": "Slow", "seed": 9, "policies": ["#
        + #"{"type": "speed_limit", "links": ["row-1"], "speed_kmh": 30}]}"#, to: "variant.json")
    let base = try ScenarioFile.read(path: city.scenarioPath)
    let variant = try ScenarioFile.read(path: city.path + "/variant.json")
    XCTAssertEqual(variant.name, "Slow")
    XCTAssertEqual(variant.seed, 9)
    XCTAssertEqual(variant.clock, base.clock)
    XCTAssertEqual(variant.demand.count, 1)
    // The list of the base is replaced, not continued.
    XCTAssertEqual(variant.policies.map(\.name), ["speed_limit-1"])
    XCTAssertEqual(variant.extendedFiles, ["scenario.json"])
    XCTAssertEqual(variant.ownKeys, ["name", "seed", "policies"])
    let loaded = try ScenarioLoader.load(
      path: city.path + "/variant.json", options: RunOptions())
    XCTAssertEqual(loaded.inputs.prefix(2).map(\.name), ["variant.json", "scenario.json"])
  }

  func testPathsStayRelativeToTheFileTheyStandIn() throws {
    let city = try TinyCity(scenario: TinyCity.scenario(demand: #"{"trips": "trips.csv"}"#))
    try city.write("id,depart,from_link,from_offset_m,to_link,to_offset_m\n", to: "trips.csv")
    try FileManager.default.createDirectory(
      atPath: city.path + "/deep/er", withIntermediateDirectories: true)
    try city.write(#"{"extends": "../scenario.json", "name": "One"}"#, to: "deep/one.json")
    try city.write(#"{"extends": "../one.json", "seed": 3}"#, to: "deep/er/two.json")
    let loaded = try ScenarioLoader.load(
      path: city.path + "/deep/er/two.json", options: RunOptions())
    XCTAssertEqual(loaded.scenario.name, "One")
    XCTAssertEqual(loaded.seed, 3)
    XCTAssertEqual(
      loaded.inputs.prefix(3).map(\.name), ["two.json", "../one.json", "../../scenario.json"])
    XCTAssertEqual(loaded.inputs.last?.name, "trips.csv")
  }

  func testAVariantIsResumedUnlessItsBaseHasChanged() throws {
    let city = try TinyCity()
    try city.write(#"{"extends": "scenario.json", "seed": 4}"#, to: "variant.json")
    let (whole, cut) = (city.path + "/whole", city.path + "/cut")
    for (out, stopAt) in [(whole, nil), (cut, TimeText("07:01"))] {
      let options = RunOptions(until: TimeText("07:02"), stopAt: stopAt)
      let loaded = try ScenarioLoader.load(path: city.path + "/variant.json", options: options)
      let folder = try RunFolder.prepare(path: out)
      _ = try ScenarioRunner(loaded, folder: folder, options: options).run()
    }
    let base = try String(contentsOfFile: city.scenarioPath, encoding: .utf8)
    try city.write(base + " ", to: "scenario.json")
    XCTAssertThrowsError(try ScenarioRunner.resume(runFolder: cut, options: RunOptions())) {
      XCTAssertTrue("\($0)".contains("changed since this run began: scenario.json"), "\($0)")
    }
    try city.write(base, to: "scenario.json")
    _ = try ScenarioRunner.resume(runFolder: cut, options: RunOptions()).run()
    XCTAssertEqual(try RunBytes(cut).differences(from: RunBytes(whole)), [])
  }

  func testNullTakesAPartAway() throws {
    let city = try TinyCity(scenario: TinyCity.scenario(parts: TinyCity.allDomains))
    try city.write(#"{"extends": "scenario.json", "parking": null}"#, to: "variant.json")
    XCTAssertNotNil(try ScenarioFile.read(path: city.scenarioPath).parking)
    let variant = try ScenarioFile.read(path: city.path + "/variant.json")
    XCTAssertNil(variant.parking)
    XCTAssertNotNil(variant.emergency)
  }

  func testMistakesAreThoseOfTheFileTheyStandIn() throws {
    let city = try TinyCity()
    let cases: [(base: String, variant: String, file: String, place: String, words: String)] = [
      ("{\"sed\": 1}", "{\"name\": \"x\"}", "base.json", "$", "did you mean \"seed\""),
      ("{\"clock\": 3}", "{\"name\": \"x\"}", "base.json", "$.clock", "an object"),
      ("{}", "{\"namme\": \"x\"}", "variant.json", "$", "did you mean \"name\""),
      ("{}", "{\"seed\": -1}", "variant.json", "$.seed", "from 0"),
      ("{\"demand\": {}}", "{}", "base.json", "$.demand", "one of the keys"),
      ("{\"policies\": [{\"type\": \"wish\"}]}", "{}", "base.json", "$.policies[0].type", "wish"),
      ("[]", "{}", "base.json", "$", "an object"),
      (
        "{}", "{\"policies\": [{\"type\": \"parking_guidance\", \"share\": 1}]}", "variant.json",
        "$.policies[0]", "acts on parking"
      ),
      (
        "{\"policies\": [{\"type\": \"unit_post\", \"kind\": \"police\", \"count\": 1, "
          + "\"at\": [117, 39]}]}", "{}", "base.json", "$.policies[0]", "acts on emergency"
      ),
    ]
    for test in cases {
      // Each file extends the next, down to the sound scenario.
      func extending(_ text: String, _ file: String) -> String {
        text == "[]"
          ? text
          : "{\"extends\": \"\(file)\"" + (text == "{}" ? "}" : ", " + text.dropFirst())
      }
      try city.write(extending(test.base, "scenario.json"), to: "base.json")
      try city.write(extending(test.variant, "base.json"), to: "variant.json")
      let error = refusal(city.path + "/variant.json")
      XCTAssertEqual(error?.exitCode, 2, "\(test)")
      XCTAssertEqual(
        error?.file, city.path + "/" + test.file, "\(test): \(String(describing: error))")
      XCTAssertEqual(error?.place, test.place, "\(test): \(String(describing: error))")
      XCTAssertTrue(error?.message.contains(test.words) ?? false, "\(String(describing: error))")
    }
  }

  func testCirclesAndDeepChainsAreRefused() throws {
    let city = try TinyCity()
    try city.write(#"{"extends": "./b.json"}"#, to: "a.json")
    try city.write(#"{"extends": "a.json"}"#, to: "b.json")
    try city.write(#"{"extends": "self.json"}"#, to: "self.json")
    try city.write(#"{"extends": "gone.json"}"#, to: "lost.json")
    try city.write(#"{"extends": 3}"#, to: "number.json")
    for (file, named, words) in [
      ("a.json", "./b.json", "extend itself"), ("self.json", "self.json", "extend itself"),
      ("lost.json", "lost.json", "gone.json"), ("number.json", "number.json", "a string"),
    ] {
      let error = refusal(city.path + "/" + file)
      XCTAssertEqual(error?.exitCode, 2, file)
      XCTAssertEqual(error?.place, "$.extends", file)
      XCTAssertEqual(error?.file, city.path + "/" + named, file)
      XCTAssertTrue(error?.message.contains(words) ?? false, "\(String(describing: error))")
    }
    // Eight files extend one another; a ninth is one too many.
    var base = "scenario.json"
    for i in 1...9 {
      try city.write(#"{"extends": "\#(base)"}"#, to: "chain\(i).json")
      base = "chain\(i).json"
    }
    XCTAssertNil(refusal(city.path + "/chain8.json"))
    XCTAssertEqual(refusal(city.path + "/chain9.json")?.place, "$.extends")
  }
}
