import CityBase
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class LinkClosureTests: XCTestCase {
  private let network = PolicyTown.network

  func testClosesAndReopensOnce() throws {
    let id = network.linkExternalID[LinkID(3)]
    let policy = try PolicyTown.policy(
      LinkClosure.self, #"{"links": ["\#(id)"], "from": "07:20", "until": "07:50"}"#)
    // 20 and 50 minutes at two ticks a second.
    XCTAssertEqual(
      try PolicyTown.agenda(policy),
      [2400: [.closeLink(LinkID(3))], 6000: [.reopenLink(LinkID(3))]]
    )
    XCTAssertEqual(policy.claims, [], "closures of two policies add up")
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    let policy = try PolicyTown.policy(
      LinkClosure.self, #"{"links": ["row-1", "row-1"], "from": "07:01", "until": "07:05"}"#)
    XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
  }

  func testHoldsFromTheStartWithoutTimes() throws {
    let row = PolicyTown.links(ofRoad: "row-1")
    XCTAssertGreaterThan(row.count, 2)
    let closing = row.map { Command.closeLink($0) }
    let always = try PolicyTown.policy(LinkClosure.self, #"{"links": ["row-1"]}"#)
    XCTAssertEqual(try PolicyTown.agenda(always), [0: closing], "a way stands for all its links")
    // One that began before the run holds from its first tick.
    let early = try PolicyTown.policy(
      LinkClosure.self, #"{"links": ["row-1"], "from": "06:00", "until": "07:01"}"#)
    XCTAssertEqual(
      try PolicyTown.agenda(early), [0: closing, 120: row.map { .reopenLink($0) }])
    // One after the end never comes; it may be a shortened run.
    let late = try PolicyTown.policy(LinkClosure.self, #"{"links": ["row-1"], "from": "08:30"}"#)
    XCTAssertEqual(try PolicyTown.agenda(late), [:])
  }

  func testFindsLinksByRoadAndPlace() throws {
    func links(_ selector: String) throws -> [LinkID] {
      try PolicyTown.settings(LinkClosure.self, #"{"links": [\#(selector)]}"#)
        .selection.links(on: try PolicyTown.site())
    }
    XCTAssertEqual(try links(#"{"road": "column-2"}"#), PolicyTown.links(ofRoad: "column-2"))
    // 300 m east, 201 m north: a metre from the middle of a street, both directions of it.
    let near = try links(#"{"near": [0.3, 0.201]}"#)
    XCTAssertEqual(near.count, 2)
    XCTAssertEqual(near.first.map { network.linkReverse[$0] }, near.last)
    XCTAssertTrue(near.allSatisfy { self.network.linkName[$0] == "row-1" })
    XCTAssertEqual(
      try links(#""row-1", {"near": [0.3, 0.201]}"#), PolicyTown.links(ofRoad: "row-1"))
  }

  func testRefusesWhatTheCityDoesNotHave() {
    assertRefused(
      LinkClosure.self,
      [
        Refusal(#"{"links": ["rwo-1"]}"#, ".links[0]", "did you mean \"row-1\"?"),
        Refusal(#"{"links": ["row-1", {"road": "colum-2"}]}"#, ".links[1]", "mean \"column-2\""),
        Refusal(#"{"links": [{"near": [90, 40]}]}"#, ".links[0]", "within 50 m"),
        Refusal(#"{"links": [{"near": [39, 117]}]}"#, ".links[0].near", "mean [117.0, 39.0]?"),
        Refusal(#"{"links": [{"near": [200, 10]}]}"#, ".links[0].near", "in degrees"),
        Refusal(#"{"links": [{"near": [1, "2"]}]}"#, ".links[0].near", "[longitude, latitude]"),
        Refusal(#"{"links": [{"near": [1, 2, 3]}]}"#, ".links[0].near", "an array of 3"),
        Refusal(#"{"links": []}"#, ".links", "one link or more"),
        Refusal("{}", "", "\"links\", which is missing"),
        Refusal(#"{"links": [7]}"#, ".links[0]", "found a number"),
        Refusal(#"{"links": [{"road": "a", "near": [1, 2]}]}"#, ".links[0]", "either"),
        Refusal(#"{"links": [{"raod": "a"}]}"#, ".links[0]", "did you mean \"road\""),
        Refusal(#"{"links": ["row-1"], "from": "25 past"}"#, ".from", "expected a time"),
        Refusal(#"{"links": ["row-1"], "from": "07:30", "until": "07:30"}"#, ".until", "after"),
        Refusal(#"{"links": ["row-1"], "until": "06:30"}"#, ".until", "2026-03-02T07:00:00+08:00"),
        Refusal(
          #"{"links": ["row-1"], "from": "05:00", "until": "06:30"}"#, ".until", "start of the run"),
        Refusal(#"{"links": ["row-1"], "untill": "07:30"}"#, "", "did you mean \"until\"?"),
      ])
  }
}
