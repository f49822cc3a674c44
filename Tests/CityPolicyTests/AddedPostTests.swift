import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class AddedPostTests: XCTestCase {
  func testPutsUnitsIntoServiceOnce() throws {
    let site = try PolicyTown.site()
    let policy = try PolicyTown.policy(
      AddedPost.self, #"{"kind": "fire_engine", "count": 3, "at": [0.31, 0.45], "from": "07:30"}"#)
    let agenda = try PolicyTown.agenda(policy)
    XCTAssertEqual(Array(agenda.keys), [3600])
    guard case .addUnits(let post)? = agenda[3600]?.first else {
      return XCTFail("no units are added")
    }
    XCTAssertEqual(agenda[3600]?.count, 1)
    XCTAssertEqual(post.name, "test")
    XCTAssertEqual(post.kind, .fireEngine)
    XCTAssertEqual(post.count, 3)
    XCTAssertEqual(post.position, Point2(310, 450))
    // The nearest street is row-2, 50 m to the south.
    let network = PolicyTown.network
    XCTAssertEqual(network.linkName[post.access.link], "row-2")
    let stop = network.linkPosition(post.access.link, post.access.offset).point
    XCTAssertEqual(stop.x, 310, accuracy: 0.01)
    XCTAssertEqual(site.nearest(post.position)?.access, post.access)
    XCTAssertEqual(policy.claims, [])
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    for kind in ["ambulance", "police"] {
      let policy = try PolicyTown.policy(
        AddedPost.self, #"{"kind": "\#(kind)", "count": 100, "at": [0.2, 0.89]}"#)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
    }
  }

  func testRefusesWhatCannotBe() throws {
    assertRefused(
      AddedPost.self,
      [
        Refusal(#"{"kind": "ambulanz", "count": 1, "at": [0, 0]}"#, ".kind", "mean \"ambulance\"?"),
        Refusal(#"{"kind": "police", "count": 0, "at": [0, 0]}"#, ".count", "from 1 to 100"),
        Refusal(#"{"kind": "police", "count": 101, "at": [0, 0]}"#, ".count", "from 1 to 100"),
        Refusal(#"{"kind": "police", "count": 1.5, "at": [0, 0]}"#, ".count", "whole number"),
        // The northernmost road ends at y = 600.
        Refusal(#"{"kind": "police", "count": 1, "at": [0.2, 0.91]}"#, ".at", "within 300 m"),
        Refusal(#"{"kind": "police", "count": 1, "at": [120, 30]}"#, ".at", "within 300 m"),
        Refusal(#"{"kind": "police", "count": 1, "at": [0.2]}"#, ".at", "an array of 1"),
        Refusal(#"{"kind": "police", "count": 1}"#, "", "\"at\""),
        Refusal(#"{"kind": "police", "count": 1, "at": [0, 0], "until": "07:30"}"#, "", "until"),
      ])
    let settings = try PolicyTown.settings(
      AddedPost.self, #"{"kind": "ambulance", "count": 1, "at": [0.2, 0.2]}"#)
    XCTAssertThrowsError(try settings.makePolicy(named: "a1", on: PolicyTown.site())) {
      XCTAssertEqual(($0 as? CityError)?.place, "$.policies[0].name")
      XCTAssertTrue("\($0)".contains("the id of a station"), "\($0)")
    }
  }
}
