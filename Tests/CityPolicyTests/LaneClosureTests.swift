import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class LaneClosureTests: XCTestCase {
  private let network = PolicyTown.network

  /// The two links of the street between the crossings in the west.
  private func street() throws -> (near: String, links: [LinkID]) {
    let near = #"{"near": [0.2, 0.301]}"#
    let links = try PolicyTown.settings(LinkClosure.self, #"{"links": [\#(near)]}"#)
      .selection.links(on: try PolicyTown.site())
    XCTAssertEqual(links.count, 2)
    return (near, links)
  }

  private func blockages(
    _ links: [LinkID], lane: Int, _ from: Float? = nil, _ to: Float? = nil, width: Float = 0
  ) -> [LaneBlockage] {
    links.map {
      LaneBlockage(
        lane: LaneID(network.lanes(of: $0).lowerBound + lane), from: from ?? 30,
        to: to ?? network.linkLength[$0] - 40, residualWidth: width)
    }
  }

  func testBlocksTheLanesForItsTime() throws {
    let (near, links) = try street()
    XCTAssertTrue(links.allSatisfy { 105..<200 ~= self.network.linkLength[$0] })
    let policy = try PolicyTown.policy(
      LaneClosure.self, #"{"links": [\#(near)], "lanes": [0], "from": "07:20", "until": "07:50"}"#)
    let kerb = blockages(links, lane: 0)
    XCTAssertEqual(
      try PolicyTown.agenda(policy),
      [2400: kerb.map { .blockLane($0) }, 6000: kerb.map { .clearLane($0) }])
    // Two lanes: one counted from the kerb is the same as all but one.
    for lanes in ["1", "\"all but one\"", "[0, 0]"] {
      let same = try PolicyTown.policy(
        LaneClosure.self, #"{"links": [\#(near)], "lanes": \#(lanes)}"#)
      XCTAssertEqual(try PolicyTown.agenda(same), [0: kerb.map { .blockLane($0) }], lanes)
    }
    let inner = try PolicyTown.policy(
      LaneClosure.self,
      #"{"links": [\#(near)], "lanes": [1], "from_m": 50, "to_m": 9000, "residual_width_m": 1.5}"#)
    let ends = links.map { network.linkLength[$0] }
    XCTAssertEqual(
      try PolicyTown.agenda(inner),
      [0: zip(links, ends).map { .blockLane(blockages([$0], lane: 1, 50, $1, width: 1.5)[0]) }],
      "held within the link")
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    for lanes in ["[0]", "\"all but one\""] {
      let policy = try PolicyTown.policy(
        LaneClosure.self,
        #"{"links": ["row-1", {"road": "column-2"}], "lanes": \#(lanes), "until": "07:40"}"#)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
    }
  }

  /// 30 m after the start, 40 m before the end; the middle third once that is longer: where
  /// l - 70 < l / 3, under 105 m.
  func testLeavesTheJunctionsFree() {
    XCTAssertEqual(WorkSite.usualStretch(ofLength: 200), 30..<160)
    XCTAssertEqual(WorkSite.usualStretch(ofLength: 105), 30..<65)
    XCTAssertEqual(WorkSite.usualStretch(ofLength: 96), 32..<64)
    XCTAssertEqual(WorkSite.usualStretch(ofLength: 15), 5..<10)
  }

  func testNarrowsEveryLaneThatStaysPassable() throws {
    let (near, links) = try street()
    let policy = try PolicyTown.policy(
      LaneClosure.self, #"{"links": [\#(near)], "lanes": [0, 1], "residual_width_m": 2.5}"#)
    let both = links.flatMap { link in
      [0, 1].flatMap { blockages([link], lane: $0, width: 2.5) }
    }
    XCTAssertEqual(try PolicyTown.agenda(policy), [0: both.map { .blockLane($0) }])
  }

  func testRefusesWhatCannotBe() throws {
    let (near, _) = try street()
    func refusal(_ rest: String, _ place: String, _ words: String) -> Refusal {
      Refusal(#"{"links": [\#(near)], \#(rest)}"#, place, words)
    }
    assertRefused(
      LaneClosure.self,
      [
        refusal(#""lanes": [0, 1]"#, ".lanes", "a \"link_closure\""),
        refusal(#""lanes": 2"#, ".lanes", "it has 2; a \"link_closure\" closes"),
        refusal(#""lanes": [0, 1], "residual_width_m": 2.4"#, ".lanes", "link_closure"),
        refusal(#""lanes": [2]"#, ".lanes", "expected lanes from 0 to 1"),
        refusal(#""lanes": []"#, ".lanes", "all but one"),
        refusal(#""lanes": "all""#, ".lanes", "all but one"),
        refusal(#""lanes": 0"#, ".lanes", "all but one"),
        refusal(#""lanes": [-1]"#, ".lanes[0]", "from 0 at the kerb"),
        refusal(#""lanes": [0.5]"#, ".lanes[0]", "number of a lane"),
        refusal(#""lanes": [0], "from_m": 100, "to_m": 100"#, ".to_m", "more than from_m"),
        refusal(#""lanes": [0], "from_m": 500"#, ".from_m", "m long"),
        refusal(#""lanes": [0], "to_m": 20"#, ".to_m", "from 30.0 m to 20.0 m"),
        refusal(#""lanes": [0], "residual_width_m": 5"#, ".residual_width_m", "width of the lane"),
        refusal(#""lanes": [0], "residual_width_m": -1"#, ".residual_width_m", "from 0"),
        Refusal(#"{"lanes": [0]}"#, "", "\"links\""),
        Refusal(#"{"links": ["row-1"]}"#, "", "\"lanes\""),
      ])
    // A street with one lane has none to spare.
    let narrow = GridNetwork(size: 2).build()
    XCTAssertThrowsError(
      try PolicyTown.policy(
        LaneClosure.self, #"{"links": ["row-1"], "lanes": "all but one"}"#, on: narrow)
    ) { XCTAssertTrue("\($0)".contains("two lanes or more"), "\($0)") }
  }
}
