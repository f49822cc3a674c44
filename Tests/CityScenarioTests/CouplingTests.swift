import CityBase
import CitySimulation
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

  /// Road works on the bridge: northwards nobody drives faster than 3 m/s, or 3.6 m/s in a hurry. So
  /// cars follow each other there at no less than 1 s and 6.6 m at 3.6 m/s, 2.83 s; one every 2 s
  /// wants to cross. After a quarter of an hour 450 have come and at most 318 are over, so that the
  /// street before the bridge has long been full.
  func testAJamLengthensResponsesAndPrivilegesShortenThem() throws {
    let calls = town.calls(at: Array(places.prefix(2)), first: 900)
    let jam = town.demand(crossings: 800, every: 2000)
    let none = town.demand(crossings: 0, every: 1)
    let north = town.links("west-bridge").filter {
      town.network.linkExternalID[$0].contains("+")
    }
    XCTAssertEqual(north.count, 1)
    let works = [FromTheStart(orders: north.map { .limitSpeed($0, metersPerSecond: 3) })]
    let free = try town.responses(
      to: calls, demand: none, policies: works, privileges: [], seconds: 2700)
    let jammed = try town.responses(
      to: calls, demand: jam, policies: works, privileges: [], seconds: 2700)
    let privileged = try town.responses(to: calls, demand: jam, policies: works, seconds: 2700)
    for i in 0..<2 {
      let (a, b) = (try XCTUnwrap(free[i]), try XCTUnwrap(jammed[i]))
      // The queue moves as fast as the bridge lets it: for the 180 m of street before it at least
      // 50 s instead of 13 s.
      XCTAssertGreaterThan(b, a + 30)
      XCTAssertLessThan(try XCTUnwrap(privileged[i]), b)
      // Nobody, whatever the privileges, drives the 1.2 km at more than 20 m/s.
      XCTAssertGreaterThan(try XCTUnwrap(privileged[i]), 60)
    }
  }
}
