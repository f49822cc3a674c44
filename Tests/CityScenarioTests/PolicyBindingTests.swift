import CityBase
import CityNetwork
import CityPolicy
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityScenario

/// Policies of a scenario file, bound to a city that is loaded from a folder.
final class PolicyBindingTests: XCTestCase {
  private func load(_ policies: String, parts: String = TinyCity.allDomains) throws
    -> LoadedScenario
  {
    let city = try TinyCity(scenario: TinyCity.scenario(parts: parts, policies: policies))
    return try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions(threads: 1))
  }

  /// A strip around x = 200 of the tiny city, 150 to 250: a degree of longitude is 86.5 km at 39°
  /// north. In it are the middles of the links of column 1 alone.
  private let strip = "[[117.00173, 39], [117.00289, 39], [117.00289, 39.2], [117.00173, 39.2]]"

  func testBindsByDegreesAndNames() throws {
    let loaded = try load(
      """
      [{"type": "link_closure", "name": "works", "links": [{"road": "Row 2"}], "from": "07:01"},
       {"type": "speed_limit", "area": \(strip), "speed_kmh": 36, "until": "07:04"},
       {"type": "parking_price", "facilities": [{"type": "kerb"}], "cny_per_hour": 0},
       {"type": "unit_post", "kind": "police", "count": 1, "at": [117.0046, 39.109]}]
      """)
    XCTAssertEqual(
      loaded.policies.map(\.name), ["works", "speed_limit-2", "parking_price-3", "unit_post-4"])
    let network = loaded.network
    let column = network.linkName.ids.filter { network.linkName[$0] == "Column 1" }
    XCTAssertEqual(
      loaded.policies[1].claims, column.map { PolicyClaim(.speedLimit($0), 0..<480) })
    XCTAssertEqual(loaded.policies[2].claims.count, 2)
  }

  func testRefusesContradictionsAndWhatIsNotThere() throws {
    let guidance = #"{"type": "parking_guidance", "name": "signs", "share": 0.5}"#
    let more = #"{"type": "parking_guidance", "share": 0.6, "from": "07:03"}"#
    let cases: [(policies: String, parts: String, place: String, words: String)] = [
      (
        "[\(guidance), \(more)]", TinyCity.allDomains, "$.policies[1]",
        "the policies \"signs\" and \"parking_guidance-2\" contradict each other: both set the share "
          + "of guided drivers from 07:03:00 on"
      ),
      ("[\(guidance)]", "", "$.policies[0]", "parking"),
      (#"[{"type": "privileges_off"}]"#, "", "$.policies[0]", "emergency"),
      (
        #"[{"type": "speed_limit", "area": [[10, 50], [11, 50], [11, 51]], "speed_kmh": 30}]"#, "",
        "$.policies[0].area", "an area outside the city"
      ),
      (
        #"[{"type": "lane_closure", "links": ["row-1"], "lanes": [0]}]"#, "", "$.policies[0].lanes",
        "link_closure"
      ),
      (
        #"[{"type": "signal_plan", "signals": ["s1"], "cycle_s": 60}]"#, "",
        "$.policies[0].signals[0]", "the id of a signal"
      ),
    ]
    for test in cases {
      XCTAssertThrowsError(try load(test.policies, parts: test.parts), test.words) { error in
        let city = error as? CityError
        XCTAssertEqual(city?.exitCode, 2, test.words)
        XCTAssertEqual(city?.place, test.place, "\(error)")
        XCTAssertTrue(city?.file?.hasSuffix("scenario.json") ?? false, "\(error)")
        XCTAssertTrue(city?.message.contains(test.words) ?? false, "\(error)")
      }
    }
  }
}
