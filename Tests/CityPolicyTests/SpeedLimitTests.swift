import CityBase
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class SpeedLimitTests: XCTestCase {
  func testLimitsLinksForItsTime() throws {
    let row = PolicyTown.links(ofRoad: "row-2")
    let policy = try PolicyTown.policy(
      SpeedLimit.self,
      #"{"links": ["row-2"], "speed_kmh": 36, "from": "07:10", "until": "07:40:30"}"#)
    // 36 km/h are 10 m/s.
    XCTAssertEqual(
      try PolicyTown.agenda(policy),
      [
        1200: row.map { .limitSpeed($0, metersPerSecond: 10) },
        4860: row.map { .restoreSpeed($0) },
      ])
    XCTAssertEqual(policy.claims, row.map { PolicyClaim(.speedLimit($0), 1200..<4860) })
  }

  /// A box around the middle of the southern half of column-1, from the crossing with row-1 to the
  /// one with row-2: x = 200, y = 200 to 400.
  func testAnAreaHasTheLinksWhoseMiddleIsInIt() throws {
    let policy = try PolicyTown.policy(
      SpeedLimit.self,
      #"""
      {"area": [[0.15, 0.25], [0.25, 0.25], [0.25, 0.35], [0.15, 0.35], [0.15, 0.25]],
       "speed_kmh": 18}
      """#)
    let links = try PolicyTown.settings(LinkClosure.self, #"{"links": [{"near": [0.2, 0.301]}]}"#)
      .selection.links(on: try PolicyTown.site())
    XCTAssertEqual(
      try PolicyTown.agenda(policy), [0: links.map { .limitSpeed($0, metersPerSecond: 5) }])
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    for speed in ["5", "130"] {
      let policy = try PolicyTown.policy(
        SpeedLimit.self,
        #"{"area": [[0, 0], [0.6, 0], [0.6, 0.6]], "speed_kmh": \#(speed), "from": "07:30"}"#)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
    }
  }

  func testRefusesWhatCannotBe() {
    func area(_ corners: String) -> String { #"{"area": [\#(corners)], "speed_kmh": 30}"# }
    assertRefused(
      SpeedLimit.self,
      [
        Refusal(#"{"links": ["row-1"], "speed_kmh": 4.9}"#, ".speed_kmh", "from 5.0 to 130.0"),
        Refusal(#"{"links": ["row-1"], "speed_kmh": 131}"#, ".speed_kmh", "from 5.0 to 130.0"),
        Refusal(#"{"links": ["row-1"], "speed_kmh": "30"}"#, ".speed_kmh", "found a string"),
        Refusal(#"{"links": ["row-1"]}"#, "", "\"speed_kmh\""),
        Refusal(#"{"speed_kmh": 30}"#, "", "\"links\""),
        Refusal(
          #"{"links": ["row-1"], "area": [[0, 0], [1, 0], [1, 1]], "speed_kmh": 30}"#, ".area",
          "either"),
        Refusal(#"{"area": 7, "speed_kmh": 30}"#, ".area", "found a number"),
        Refusal(area("[0, 0], [1, 0]"), ".area", "3 different corners or more, found 2"),
        Refusal(area("[0, 0], [1, 0], [0, 0]"), ".area", "found 2"),
        Refusal(area("[0, 0], [1, 0], [1]"), ".area[2]", "an array of 1"),
        Refusal(area("[0, 0], [1, 0], [1, 91]"), ".area[2]", "mean [91.0, 1.0]?"),
        Refusal(area("[0, 0], [0.1, 0.1], [0.3, 0.3]"), ".area", "on one line"),
        Refusal(area("[0, 0], [1, 1], [1, 0], [0, 1]"), ".area", "corner 0 and from corner 2"),
        Refusal(area("[5, 5], [6, 5], [6, 6]"), ".area", "an area outside the city"),
        Refusal(area("[0, 0], [1, 0], [120, 30]"), ".area[2]", "an area outside the city"),
      ])
  }
}
