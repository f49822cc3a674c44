import CityBase
import CityDemand
import CityTestSupport
import CityText
import XCTest

@testable import CityScenario

/// The `route_choice` of a scenario.
final class RouteChoiceSettingsTests: XCTestCase {
  private func read(_ member: String) throws -> RouteChoiceSettings {
    let text = TinyCity.scenario(parts: member.isEmpty ? "" : #""route_choice": \#(member),"#)
    let file = try ScenarioFile(bytes: Array(text.utf8), path: "scenario.json")
    var writer = JSONWriter(pretty: true)
    file.write(to: &writer)
    let again = try ScenarioFile(bytes: writer.bytes, path: "again.json")
    XCTAssertEqual(again.routeChoice, file.routeChoice, "what is written reads as what was read")
    return file.routeChoice
  }

  func testDefaultsAndEveryKey() throws {
    let defaults = try read("")
    XCTAssertEqual(defaults.model, .logit(LogitChoice()))
    XCTAssertEqual(defaults.preRun, PreRun())
    XCTAssertEqual(defaults.guidance.share, 0)
    let given = try read(
      #"""
      {"model": "logit", "alternatives": 5, "detour": 1.5, "overlap": 0.6, "scale_per_min": 2,
       "path_size_weight": 0.5,
       "pre_run": {"iterations": 3, "target_gap": 0.05, "interval": "15min", "most_trips": 500},
       "guidance": {"share": 0.25, "interval": "2min", "least_saving": 0.2}}
      """#)
    var choice = LogitChoice()
    choice.limits.count = 5
    choice.limits.detour = 1.5
    choice.limits.overlap = 0.6
    choice.scalePerMinute = 2
    choice.pathSizeWeight = 0.5
    XCTAssertEqual(given.model, .logit(choice))
    XCTAssertEqual(given.preRun.iterations, 3)
    XCTAssertEqual(given.preRun.targetGap, 0.05)
    XCTAssertEqual(given.preRun.intervalMilliseconds, 900_000)
    XCTAssertEqual(given.preRun.mostTrips, 500)
    XCTAssertEqual(given.guidance.share, 0.25)
    XCTAssertEqual(given.guidance.intervalSeconds, 120)
    XCTAssertEqual(given.guidance.leastSaving, 0.2)
    XCTAssertEqual(
      try read(#"{"model": "perturbed", "spread": 0.3}"#).model, .perturbed(spread: 0.3))
  }

  func testWhatIsRefused() {
    for (member, words) in [
      (#"{"model": "chance"}"#, "$.route_choice.model"),
      (#"{"alternatives": 9}"#, "$.route_choice.alternatives"),
      (#"{"model": "perturbed", "alternatives": 3}"#, "alternatives"),
      (#"{"spread": 0.1}"#, "spread"),
      (#"{"pre_run": {"iterations": -1}}"#, "$.route_choice.pre_run.iterations"),
      (#"{"guidance": {"share": 1.5}}"#, "$.route_choice.guidance.share"),
    ] {
      XCTAssertThrowsError(try read(member), member) { error in
        let text = (error as? CityError).map { "\($0.message) \($0.place ?? "")" } ?? ""
        XCTAssertTrue(text.contains(words), "\(member): \(text)")
      }
    }
  }
}
