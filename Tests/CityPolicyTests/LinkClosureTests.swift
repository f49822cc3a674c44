import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import CityText
import XCTest

@testable import CityPolicy

final class LinkClosureTests: XCTestCase {
  private let network = GridNetwork(size: 2).build()

  private func site() -> PolicySite {
    let start = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)
    return PolicySite(
      network: network, clock: Clock(epoch: start, stepMilliseconds: 500), endTick: 7200,
      locate: { Point2($0.x * 1000, $0.y * 1000) })
  }

  private func bound(_ json: String) throws -> LinkClosurePolicy {
    let value = try JSONValue.parse(Array(json.utf8), file: "test")
    var reader = try JSONObjectReader(value, file: "test")
    let settings = try LinkClosure(from: &reader)
    try reader.finish()
    let policy = try settings.makePolicy(named: "works", on: site())
    return try XCTUnwrap(policy as? LinkClosurePolicy)
  }

  private func commands(_ policy: LinkClosurePolicy, at tick: Tick) -> [Command] {
    let moment = Moment(
      tick: tick, clock: site().clock, random: RandomStream(seed: 1),
      overrides: CityOverrides(linkCount: network.linkCount))
    return policy.commands(Observation(moment: moment))
  }

  func testClosesAndReopensOnce() throws {
    let id = network.linkExternalID[LinkID(3)]
    let policy = try bound(#"{"links": ["\#(id)"], "from": "07:20", "until": "07:50"}"#)
    var overrides = CityOverrides(linkCount: network.linkCount)
    var closedTicks = 0
    for tick in Tick(0)..<7200 {
      for command in commands(policy, at: tick) { overrides.apply(command) }
      if overrides.isClosed(LinkID(3)) { closedTicks += 1 }
    }
    // Half an hour at two ticks a second.
    XCTAssertEqual(closedTicks, 3600)
    XCTAssertEqual(overrides.closures.values.reduce(0) { $0 + Int($1) }, 0)
    XCTAssertEqual(commands(policy, at: 2400), [.closeLink(LinkID(3))])
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    let policy = try bound(#"{"links": ["row-1", "row-1"], "from": "07:01", "until": "07:05"}"#)
    XCTAssertEqual(
      PolicyConformance.violations(
        of: policy, network: network, clock: site().clock, endTick: 1200), [])
    // The checker itself must see what it is there for.
    let broken = LinkClosurePolicy(name: "", links: [LinkID(99_999)], from: 5, until: 3)
    XCTAssertEqual(
      PolicyConformance.violations(
        of: broken, network: network, clock: site().clock, endTick: 4),
      [
        "it has no name", "tick 3: there is no link 99999",
        "tick 3: link 99999 is reopened, but was open",
      ])
  }

  func testClosesFromTheStartWithoutTimes() throws {
    let policy = try bound(#"{"links": ["row-1"]}"#)
    let ofRow = network.linkFrom.ids.filter { self.network.linkName[$0] == "row-1" }
    XCTAssertGreaterThan(ofRow.count, 2)
    XCTAssertEqual(policy.links, Array(ofRow), "a way of the source stands for all its links")
    XCTAssertEqual(commands(policy, at: 0).count, ofRow.count)
    XCTAssertNil(policy.until)
    // One that began before the run is closed from its first tick.
    let early = try bound(#"{"links": ["row-1"], "from": "06:00", "until": "07:01"}"#)
    XCTAssertEqual(early.from, 0)
    XCTAssertEqual(early.until, 120)
  }

  func testFindsLinksByRoadAndPlace() throws {
    let road = try bound(#"{"links": [{"road": "column-2"}]}"#)
    XCTAssertTrue(road.links.allSatisfy { self.network.linkName[$0] == "column-2" })
    // 300 m east, 201 m north: a metre from the middle of a street, both directions of it.
    let near = try bound(#"{"links": [{"near": [0.3, 0.201]}]}"#)
    XCTAssertEqual(near.links.count, 2)
    XCTAssertEqual(network.linkReverse[near.links[0]], near.links[1])
  }

  func testRefusesWhatTheCityDoesNotHave() throws {
    let cases: [(json: String, place: String, words: String)] = [
      (#"{"links": ["rwo-1"]}"#, "$.links[0]", "id of a link"),
      (#"{"links": ["row-1", {"road": "colum-2"}]}"#, "$.links[1]", "did you mean \"column-2\""),
      (#"{"links": [{"near": [90, 40]}]}"#, "$.links[0]", "within 50 m"),
      (#"{"links": []}"#, "$.links", "one link or more"),
      (#"{"links": [7]}"#, "$.links[0]", "found a number"),
      (#"{"links": [{"road": "a", "near": [1, 2]}]}"#, "$.links[0]", "either"),
      (#"{"links": [{"raod": "a"}]}"#, "$.links[0]", "did you mean \"road\""),
      (#"{"links": ["row-1"], "from": "25 past"}"#, "$.from", "expected a time"),
      (#"{"links": ["row-1"], "from": "07:30", "until": "07:30"}"#, "$.until", "after"),
      (#"{"links": ["row-1"], "until": "06:30"}"#, "", "before"),
    ]
    for test in cases {
      XCTAssertThrowsError(try bound(test.json), test.json) { error in
        let city = error as? CityError
        XCTAssertEqual(city?.exitCode, 2, test.json)
        XCTAssertEqual(city?.place ?? "", test.place, test.json)
        XCTAssertTrue(city?.message.contains(test.words) ?? false, "\(test.json): \(error)")
      }
    }
  }
}
