import CityBase
import CityModel
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

/// The checker of all policies must see what it is there for.
final class PolicyConformanceTests: XCTestCase {
  /// Remembers how often it was asked.
  private final class Forgetful: Policy, @unchecked Sendable {
    let name = "forgetful"
    private var asked = 0
    func commands(_ observation: Observation) -> [Command] {
      asked += 1
      return asked == 3 ? [.closeLink(LinkID(0))] : []
    }
  }

  private func violations(
    _ onset: [Command], _ release: [Command] = [], claims: [PolicyClaim.Subject] = [],
    name: String = "broken"
  ) throws -> [String] {
    let policy = TimedPolicy(
      name: name, ticks: 2..<6, onset: onset, release: release, subjects: claims)
    return PolicyConformance.violations(of: policy, on: try PolicyTown.site())
  }

  func testSeesEachKindOfMistake() throws {
    let signal = SignalID(0)
    let built = PolicyTown.network.signals[signal]
    func plan(_ change: (inout SignalController) -> Void) -> Command {
      var plan = built
      change(&plan)
      return .setSignalPlan(signal, plan)
    }
    func block(_ lane: Int, _ from: Float, _ to: Float, _ width: Float = 0) -> Command {
      .blockLane(LaneBlockage(lane: LaneID(lane), from: from, to: to, residualWidth: width))
    }
    func post(_ name: String, _ count: Int, _ link: Int, _ offset: Float) -> Command {
      .addUnits(
        UnitPost(
          name: name, kind: .police, count: count,
          access: AccessPoint(link: LinkID(link), offset: offset), position: Point2(0, 0)))
    }
    let roadLanes = PolicyTown.network.roadLaneCount
    let cases: [(command: Command, words: String)] = [
      (.closeLink(LinkID(99_999)), "there is no link 99999"),
      (.closeLink(LinkID.none), "there is no link -1"),
      (.reopenLink(LinkID(1)), "link 1 is reopened, but was open"),
      (block(roadLanes, 0, 1), "there is no road lane"),
      (block(0, 9, 9), "a blockage from 9.0 to 9.0"),
      (block(0, 0, 5000), "a blockage from 0.0 to 5000.0"),
      (block(0, 0, 5, 50), "leaves 50.0 m"),
      (
        .clearLane(LaneBlockage(lane: LaneID(0), from: 1, to: 2, residualWidth: 0)),
        "cleared of what was not there"
      ),
      (.limitSpeed(LinkID(1), metersPerSecond: 0), "a limit of 0.0"),
      (.limitSpeed(LinkID(1), metersPerSecond: .nan), "a limit of nan"),
      (.restoreSpeed(LinkID(1)), "is restored, but was not set"),
      (.setSignalPlan(SignalID(77), built), "there is no signal 77"),
      (plan { $0.phases = [] }, "without duration"),
      (plan { $0.phases[0].milliseconds = 0 }, "without duration"),
      (plan { $0.phases[0].states.removeLast() }, "other groups"),
      (plan { $0.junction = JunctionID(3) }, "another junction"),
      (plan { $0.phases.remove(at: 1) }, "without yellow"),
      (.restoreSignalPlan(signal), "is restored, but was not set"),
      (.setParkingPrice(ParkingFacilityID(5), cnyPerHour: 1), "no parking facility 5"),
      (.setParkingPrice(ParkingFacilityID(4), cnyPerHour: -1), "a price of -1.0"),
      (.restoreParkingPrice(ParkingFacilityID(4)), "is restored, but was not set"),
      (.setGuidedShare(1.5), "a share of 1.5"),
      (.restoreGuidedShare, "is restored, but was not set"),
      (post("x", 0, 1, 1), "a post of 0 units"),
      (post("", 1, 1, 1), "without a name"),
      (post("x", 1, 9999, 1), "there is no link 9999"),
      (post("x", 1, 1, 9999), "9999.0 m along"),
      (.withdrawPrivileges([]), "unheard of"),
      (.restorePrivileges(.passRed), "is restored, but was not set"),
    ]
    for (command, words) in cases {
      let found = try violations([command])
      XCTAssertTrue(
        found.contains { $0.hasPrefix("tick 2: ") && $0.contains(words) }, "\(words): \(found)")
    }
    XCTAssertEqual(try violations([], name: ""), ["it has no name"])
    let asked = PolicyConformance.violations(of: Forgetful(), on: try PolicyTown.site())
    XCTAssertEqual(asked, ["tick 2: it answers differently when asked again"])
  }

  func testHoldsClaimsAgainstDeeds() throws {
    let set: [Command] = [.setGuidedShare(0.5), .withdrawPrivileges(.all)]
    let back: [Command] = [.restoreGuidedShare, .restorePrivileges(.all)]
    XCTAssertEqual(try violations(set, back, claims: [.guidedShare, .privileges(.all)]), [])
    XCTAssertEqual(
      try violations(set, back, claims: [.guidedShare, .privileges(.passRed)]).count, 1,
      "the other privilege is not claimed")
    XCTAssertEqual(try violations(set, back).count, 3)
    // Claimed to tick 6, but never taken back.
    XCTAssertEqual(
      try violations([.setGuidedShare(0.5)], claims: [.guidedShare]),
      ["tick 2: guidedShare stands to tick 7200, which it does not claim"])
  }
}
