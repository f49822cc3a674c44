import CityBase
import CityEmergency
import CitySimulation
import CityTraffic
import XCTest

/// What one domain does to another.
final class CouplingTests: XCTestCase {
  private let town = TwoBanks()
  /// Two calls across the river and one on the ambulance's own bank.
  private let places = [(210.0, 990.0), (390.0, 810.0), (590.0, 10.0)]

  func testAClosedBridgeLengthensTheResponsesAcrossItAlone() throws {
    let calls = town.calls(at: places, first: 60)
    let none = town.demand(crossings: 0, every: 1)
    let closed = FromTheStart(orders: town.links("west-bridge").map { .closeLink($0) })
    let open = try town.responses(to: calls, demand: none, seconds: 2400)
    let shut = try town.responses(to: calls, demand: none, policies: [closed], seconds: 2400)
    // The way over the eastern bridge and back is 1,200 m longer, a minute and a half at 50 km/h;
    // the second time the ambulance sets out from somewhere on its way home.
    for i in 0..<2 {
      XCTAssertGreaterThan(try XCTUnwrap(shut[i]), try XCTUnwrap(open[i]) + 45)
    }
    XCTAssertEqual(shut[2], open[2])
  }

  func testAJamLengthensResponsesAndPrivilegesShortenThem() throws {
    // A car every 1.5 s for a bridge of one lane, which at best lets one through every 1.9 s: after
    // a quarter of an hour more than 100 cars stand before it.
    let jam = town.demand(crossings: 1000, every: 1500)
    let none = town.demand(crossings: 0, every: 1)
    // Each call in a town of its own, so that the ambulance always sets out from its station.
    for place in places.prefix(2) {
      let calls = town.calls(at: [place], first: 900)
      func response(_ demand: TrafficDemand, _ privileges: Privileges) throws -> Double {
        let all = try town.responses(
          to: calls, demand: demand, privileges: privileges, seconds: 2700)
        return try XCTUnwrap(all.first ?? nil)
      }
      let free = try response(none, [])
      let jammed = try response(jam, [])
      let privileged = try response(jam, .all)
      XCTAssertGreaterThan(jammed, free + 20)
      XCTAssertLessThan(privileged, jammed)
      XCTAssertGreaterThan(privileged, free / 2)
    }
  }
}
