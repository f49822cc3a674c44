import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class ParkingGuidanceTests: XCTestCase {
  func testSetsAndRestoresTheShare() throws {
    let policy = try PolicyTown.policy(
      ParkingGuidance.self, #"{"share": 0.4, "from": "2026-03-02T07:15:00+08:00"}"#)
    XCTAssertEqual(try PolicyTown.agenda(policy), [1800: [.setGuidedShare(0.4)]])
    XCTAssertEqual(policy.claims, [PolicyClaim(.guidedShare, 1800..<Int64.max)])
    let short = try PolicyTown.policy(ParkingGuidance.self, #"{"share": 1, "until": "07:30"}"#)
    XCTAssertEqual(
      try PolicyTown.agenda(short), [0: [.setGuidedShare(1)], 3600: [.restoreGuidedShare]])
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    for share in ["0", "1"] {
      let policy = try PolicyTown.policy(
        ParkingGuidance.self, #"{"share": \#(share), "from": "07:10", "until": "07:20"}"#)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
    }
  }

  func testRefusesWhatCannotBe() {
    assertRefused(
      ParkingGuidance.self,
      [
        Refusal(#"{"share": 1.01}"#, ".share", "from 0.0 to 1.0"),
        Refusal(#"{"share": -0.01}"#, ".share", "from 0.0 to 1.0"),
        Refusal(#"{"share": "40%"}"#, ".share", "found a string"),
        Refusal("{}", "", "\"share\""),
      ])
  }
}
