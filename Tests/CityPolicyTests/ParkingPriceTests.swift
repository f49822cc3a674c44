import CityBase
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityPolicy

final class ParkingPriceTests: XCTestCase {
  func testSetsAndRestoresThePrice() throws {
    let garage = try PolicyTown.facility("g2")
    let policy = try PolicyTown.policy(
      ParkingPrice.self,
      #"{"facilities": ["g2"], "cny_per_hour": 12.5, "from": "07:30", "until": "07:45"}"#)
    XCTAssertEqual(
      try PolicyTown.agenda(policy),
      [
        3600: [.setParkingPrice(garage, cnyPerHour: 12.5)],
        5400: [.restoreParkingPrice(garage)],
      ])
    XCTAssertEqual(policy.claims, [PolicyClaim(.parkingPrice(garage), 3600..<5400)])
  }

  /// West is x from 0 to 300: g1 and k1; East from there to 600: g2, k2 and s1.
  func testFindsFacilities() throws {
    let cases: [(selectors: String, ids: [String])] = [
      (#""g1""#, ["g1"]),
      (#"{"district": "West"}"#, ["g1", "k1"]),
      (#"{"district": "120"}"#, ["g2", "k2", "s1"]),
      (#"{"type": "kerb"}"#, ["k1", "k2"]),
      (#"{"type": "kerb", "district": "East"}"#, ["k2"]),
      (#"{"type": "kerb"}, "k2", {"district": "110"}"#, ["g1", "k1", "k2"]),
      (#"{"area": [[0, 0], [0.6, 0], [0.6, 0.15], [0, 0.15]]}"#, ["g1", "g2"]),
      (#"{"area": [[0, 0], [0.6, 0], [0.6, 0.15], [0, 0.15]], "district": "West"}"#, ["g1"]),
    ]
    for (selectors, ids) in cases {
      let found = try PolicyTown.settings(
        ParkingPrice.self, #"{"facilities": [\#(selectors)], "cny_per_hour": 1}"#
      ).selection.facilities(on: try PolicyTown.site())
      XCTAssertEqual(found, try ids.map { try PolicyTown.facility($0) }.sorted(), selectors)
    }
  }

  func testKeepsToWhatEveryPolicyMust() throws {
    for price in ["0", "1000"] {
      let policy = try PolicyTown.policy(
        ParkingPrice.self,
        #"{"facilities": [{"district": "East"}], "cny_per_hour": \#(price), "until": "07:30"}"#)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: try PolicyTown.site()), [])
    }
  }

  func testRefusesWhatCannotBe() {
    func refusal(_ selectors: String, _ place: String, _ words: String) -> Refusal {
      Refusal(#"{"facilities": [\#(selectors)], "cny_per_hour": 3}"#, ".facilities" + place, words)
    }
    assertRefused(
      ParkingPrice.self,
      [
        refusal(#""g11""#, "[0]", "did you mean \"g1\"?"),
        refusal(#""g1", 7"#, "[1]", "found a number"),
        refusal("", "", "one facility or more"),
        refusal("{}", "[0]", "\"district\", \"area\" or \"type\""),
        refusal(#"{"distrit": "West"}"#, "[0]", "did you mean \"district\"?"),
        refusal(#"{"district": "Wets"}"#, "[0].district", "did you mean \"West\"?"),
        refusal(#"{"district": ""}"#, "[0].district", "name or code"),
        refusal(#"{"district": "Far"}"#, "[0].district", "no parking facility lies in"),
        refusal(#"{"type": "kreb"}"#, "[0].type", "\"kerb\""),
        refusal(#"{"type": "surface", "district": "West"}"#, "[0]", "all of this"),
        refusal(#"{"area": [[9, 9], [9, 10], [10, 9]]}"#, "[0].area", "an area outside the city"),
        refusal(#"{"area": [[9, 9], [9, 10]]}"#, "[0].area", "found 2"),
        Refusal(#"{"facilities": ["g1"], "cny_per_hour": -1}"#, ".cny_per_hour", "from 0.0"),
        Refusal(#"{"facilities": ["g1"], "cny_per_hour": 1001}"#, ".cny_per_hour", "to 1000.0"),
        Refusal(#"{"facilities": ["g1"]}"#, "", "\"cny_per_hour\""),
        Refusal(#"{"cny_per_hour": 1}"#, "", "\"facilities\""),
      ])
  }
}
