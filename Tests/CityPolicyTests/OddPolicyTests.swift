import CityBase
import CitySimulation
import CityTestSupport
import CityText
import XCTest

@testable import CityPolicy

/// Policies as nobody would write them: each is refused with its place, or it keeps the rules.
final class OddPolicyTests: XCTestCase {
  private typealias Keys = [(key: String, value: String)]

  /// A sound policy of each type, with every key that it reads.
  private let sound: [(type: any PolicySettings.Type, keys: Keys)] = [
    (LinkClosure.self, [("links", #"["row-1"]"#)]),
    (
      LaneClosure.self,
      [
        ("links", #"["row-1"]"#), ("lanes", "[0]"), ("from_m", "40"), ("to_m", "90"),
        ("residual_width_m", "1"),
      ]
    ),
    (SpeedLimit.self, [("links", #"["row-1"]"#), ("area", "null"), ("speed_kmh", "30")]),
    (
      SignalPlan.self,
      [("signals", #"["5"]"#), ("green_s", "[]"), ("offset_s", "3"), ("cycle_s", "110")]
    ),
    (ParkingPrice.self, [("facilities", #"["g1"]"#), ("cny_per_hour", "3")]),
    (ParkingGuidance.self, [("share", "0.4")]),
    (AddedPost.self, [("kind", #""police""#), ("count", "3"), ("at", "[0.3, 0.2]")]),
    (PrivilegesOff.self, [("which", #"["pass_red"]"#)]),
  ]

  private let odd = [
    "null", "true", "0", "-0.0", "-1", "1", "2", "0.5", "7", "1e300", "-1e300", "5e-324",
    "9223372036854775807", "1e19", #""""#, #""x""#, #""all but one""#, #""07:03""#, #""47:59""#,
    #""2026-03-02T07:03:00+08:00""#, #""9999-12-31T23:59:59Z""#, #""0001-01-01T00:00:00Z""#, "[]",
    "{}", "[[]]", "[null]", "[0, 0]", "[1, 0, 1]", "[20, 20]", "[20, 20, 20, 20]",
    "[[0, 0], [1, 0], [1, 1]]", "[[0, 0], [0.6, 0], [0.6, 0.6], [0, 0.6]]",
    "[[180, 90], [-180, -90], [180, -90]]", #"[{"near": [0.2, 0.301]}]"#, #"[{"near": [0, 0]}]"#,
    #"["row-1"]"#, #"[{"type": "kerb"}]"#, #"[{"district": "West", "type": null}]"#,
  ]

  private func text(_ keys: Keys) -> String {
    "{" + keys.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// The policy, or nil where it is refused as it should be.
  private func bound(_ type: any PolicySettings.Type, _ keys: Keys, _ site: PolicySite)
    -> (any Policy)?
  {
    let json = text(keys)
    do {
      return try PolicyTown.settings(type, json).makePolicy(named: "test", on: site)
    } catch {
      let city = error as? CityError
      XCTAssertEqual(city?.kind, .refused, json)
      XCTAssertEqual(city?.file, "scenario.json", "\(json): \(error)")
      XCTAssertEqual(city?.place?.hasPrefix("$.policies[0]"), true, "\(json): \(error)")
      return nil
    }
  }

  func testWhatIsAcceptedKeepsTheRules() throws {
    let site = try PolicyTown.site(endTick: 400)
    var (accepted, refused) = (0, 0)
    for (type, own) in sound {
      let keys = own + [("from", #""07:01""#), ("until", #""07:02""#)]
      let isPost = type.typeName == AddedPost.typeName
      let complete = isPost ? keys.dropLast() : keys[...]
      let policy = try XCTUnwrap(bound(type, Array(complete), site), type.typeName)
      XCTAssertEqual(PolicyConformance.violations(of: policy, on: site), [])
      for i in complete.indices {
        for value in odd {
          var changed = Array(complete)
          changed[i].value = value
          guard let policy = bound(type, changed, site) else {
            refused += 1
            continue
          }
          accepted += 1
          XCTAssertEqual(
            PolicyConformance.violations(of: policy, on: site), [], text(changed))
        }
      }
    }
    XCTAssertGreaterThan(accepted, 100)
    XCTAssertGreaterThan(refused, 500)
  }

  /// Two keys at a time: nothing traps, and every refusal has its place.
  func testPairsOfOddValues() throws {
    let site = try PolicyTown.site()
    var tried = 0
    for (type, own) in sound {
      let keys = own + [("from", #""07:01""#)]
      for i in keys.indices {
        for j in keys.indices where i < j {
          for (a, b) in odd.flatMap({ a in odd.map { (a, $0) } }) {
            var changed = keys
            changed[i].value = a
            changed[j].value = b
            _ = bound(type, changed, site)
            tried += 1
          }
        }
      }
    }
    // 1 + 15 + 6 + 10 + 3 + 1 + 6 + 1 pairs of keys.
    XCTAssertEqual(tried, 43 * odd.count * odd.count)
  }
}
