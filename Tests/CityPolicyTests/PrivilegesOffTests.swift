import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class PrivilegesOffTests: XCTestCase {
  func testWithdrawsAndRestores() throws {
    let cases: [(keys: String, privileges: Privileges)] = [
      (#""which": ["pass_red"], "#, .passRed),
      (#""which": ["filter_queue", "filter_queue"], "#, .filterQueue),
      (#""which": ["filter_queue", "pass_red"], "#, .all),
      (#""which": null, "#, .all),
      ("", .all),
    ]
    for (keys, privileges) in cases {
      let policy = try PolicyTown.policy(
        PrivilegesOff.self, #"{\#(keys)"from": "07:01", "until": "07:02"}"#)
      XCTAssertEqual(
        try PolicyTown.agenda(policy),
        [120: [.withdrawPrivileges(privileges)], 240: [.restorePrivileges(privileges)]], keys)
      XCTAssertEqual(
        policy.claims.map(\.subject),
        [Privileges.passRed, .filterQueue].filter { privileges.contains($0) }
          .map { .privileges($0) })
    }
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    let policy = try PolicyTown.policy(PrivilegesOff.self, #"{"until": "07:30"}"#)
    XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
  }

  func testRefusesWhatCannotBe() {
    assertRefused(
      PrivilegesOff.self,
      [
        Refusal(#"{"which": []}"#, ".which", "one privilege or more"),
        Refusal(#"{"which": "pass_red"}"#, ".which", "an array"),
        Refusal(#"{"which": ["pass_red", "pass_rad"]}"#, ".which[1]", "mean \"pass_red\"?"),
        Refusal(#"{"which": [1]}"#, ".which[0]", "found a number"),
      ])
  }
}
