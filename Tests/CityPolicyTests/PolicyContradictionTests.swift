import CityBase
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class PolicyContradictionTests: XCTestCase {
  /// Claims and does nothing.
  private struct Claimer: Policy {
    var name: String
    var claims: [PolicyClaim]
    init(_ name: String, _ claims: (PolicyClaim.Subject, Range<Tick>)...) {
      self.name = name
      self.claims = claims.map { PolicyClaim($0.0, $0.1) }
    }
    func commands(_ observation: Observation) -> [Command] { [] }
  }

  func testFindsTheFirstOverlap() {
    let (one, two) = (LinkID(1), LinkID(2))
    let cases: [(String, [any Policy], PolicyContradiction?)] = [
      ("none", [], nil),
      (
        "side by side",
        [
          Claimer("a", (.speedLimit(one), 0..<10)), Claimer("b", (.speedLimit(one), 10..<20)),
          Claimer("c", (.speedLimit(two), 0..<20), (.guidedShare, 0..<20)),
        ], nil
      ),
      (
        "a policy may claim a thing twice itself",
        [Claimer("a", (.guidedShare, 0..<10), (.guidedShare, 5..<20))], nil
      ),
      (
        "one tick in common",
        [Claimer("a", (.guidedShare, 0..<10)), Claimer("b", (.guidedShare, 9..<20))],
        PolicyContradiction(first: 0, second: 1, subject: .guidedShare, ticks: 9..<10)
      ),
      (
        "no end",
        [
          Claimer("a", (.guidedShare, 3..<Tick.max)), Claimer("b", (.speedLimit(two), 0..<9)),
          Claimer("c", (.speedLimit(one), 0..<9), (.guidedShare, 7..<Tick.max)),
        ],
        PolicyContradiction(first: 0, second: 2, subject: .guidedShare, ticks: 7..<Tick.max)
      ),
      (
        "both privileges and one of them",
        [Claimer("a", (.privileges(.all), 0..<9)), Claimer("b", (.privileges(.passRed), 2..<5))],
        PolicyContradiction(first: 0, second: 1, subject: .privileges(.passRed), ticks: 2..<5)
      ),
      (
        "one privilege each",
        [
          Claimer("a", (.privileges(.filterQueue), 0..<9)),
          Claimer("b", (.privileges(.passRed), 2..<5)),
        ], nil
      ),
    ]
    for (words, policies, expected) in cases {
      XCTAssertEqual(PolicyContradiction.first(in: policies), expected, words)
    }
  }

  func testNamesBothPoliciesTheThingAndTheTime() throws {
    func settings(_ type: any PolicySettings.Type, _ json: String) throws -> any PolicySettings {
      try PolicyTown.settings(type, json)
    }
    let link = PolicyTown.network.linkExternalID[PolicyTown.links(ofRoad: "row-1")[0]]
    let cases: [(any PolicySettings, any PolicySettings, String)] = [
      (
        try settings(SpeedLimit.self, #"{"links": ["row-1"], "speed_kmh": 30, "until": "07:40"}"#),
        try settings(SpeedLimit.self, #"{"links": ["row-1"], "speed_kmh": 60, "from": "07:30"}"#),
        "both set the speed limit of link \"\(link)\" from 07:30:00 to 07:40:00"
      ),
      (
        try settings(SignalPlan.self, #"{"signals": ["5"], "cycle_s": 80}"#),
        try settings(SignalPlan.self, #"{"signals": ["lamp-1"], "offset_s": 3, "from": "07:10"}"#),
        "both set the plan of signal \"5\" from 07:10:00 on"
      ),
      (
        try settings(ParkingPrice.self, #"{"facilities": [{"type": "kerb"}], "cny_per_hour": 9}"#),
        try settings(
          ParkingPrice.self,
          #"{"facilities": ["g1", "k2"], "cny_per_hour": 9, "from": "2026-03-03T01:00:00+08:00"}"#),
        "both set the price of parking facility \"k2\" from 2026-03-03T01:00:00+08:00 on"
      ),
      (
        try settings(ParkingGuidance.self, #"{"share": 0.5}"#),
        try settings(ParkingGuidance.self, #"{"share": 0.5}"#),
        "both set the share of guided drivers from 07:00:00 on"
      ),
      (
        try settings(PrivilegesOff.self, "{}"),
        try settings(PrivilegesOff.self, #"{"which": ["filter_queue"], "until": "07:00:30"}"#),
        "both set the privilege \"filter_queue\" from 07:00:00 to 07:00:30"
      ),
    ]
    let site = try PolicyTown.site()
    for (one, other, words) in cases {
      let policies = [
        try one.makePolicy(named: "one", on: site), try other.makePolicy(named: "other", on: site),
      ]
      let clash = try XCTUnwrap(PolicyContradiction.first(in: policies), words)
      XCTAssertEqual(
        clash.message(policies, on: site),
        "the policies \"one\" and \"other\" contradict each other: " + words)
    }
  }

  func testClosuresAddUp() throws {
    let site = try PolicyTown.site()
    let closure = try PolicyTown.settings(LinkClosure.self, #"{"links": ["row-1"]}"#)
    let lanes = try PolicyTown.settings(LaneClosure.self, #"{"links": ["row-1"], "lanes": [0]}"#)
    let policies = [
      try closure.makePolicy(named: "a", on: site), try closure.makePolicy(named: "b", on: site),
      try lanes.makePolicy(named: "c", on: site), try lanes.makePolicy(named: "d", on: site),
    ]
    XCTAssertNil(PolicyContradiction.first(in: policies))
  }

  /// One limit follows the other without a gap; the scenario names the later one first.
  func testWhatEndsMakesRoomForWhatBegins() throws {
    let site = try PolicyTown.site()
    func limit(_ speed: Int, _ from: String, _ until: String) throws -> any Policy {
      try PolicyTown.settings(
        SpeedLimit.self,
        #"{"links": ["row-1"], "speed_kmh": \#(speed), "from": "\#(from)", "until": "\#(until)"}"#
      ).makePolicy(named: "limit-\(speed)", on: site)
    }
    let policies = [
      try limit(72, "07:00:20", "07:00:30"), try limit(36, "07:00:10", "07:00:20"),
    ]
    XCTAssertNil(PolicyContradiction.first(in: policies))
    let simulation = Simulation(
      clock: site.clock, network: site.network, random: RandomStream(seed: 1), policies: policies,
      domains: [], recorders: [])
    let link = PolicyTown.links(ofRoad: "row-1")[0]
    var limits: [Float] = []
    for _ in 0..<80 {
      try simulation.step()
      limits.append(simulation.overrides.speedLimits[link])
    }
    let expected: [Float] = [0, 10, 20, 0].flatMap { Array(repeating: $0, count: 20) }
    XCTAssertEqual(limits, expected)
  }
}
