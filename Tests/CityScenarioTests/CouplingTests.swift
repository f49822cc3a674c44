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

  func testAJamLengthensResponsesAndPrivilegesShortenThem() throws {
    let calls = town.calls(at: Array(places.prefix(2)), first: 900)
    let jam = town.demand(crossings: 700, every: 2500)
    let none = town.demand(crossings: 0, every: 1)
    let free = try town.responses(to: calls, demand: none, privileges: [], seconds: 2700)
    let jammed = try town.responses(to: calls, demand: jam, privileges: [], seconds: 2700)
    let privileged = try town.responses(to: calls, demand: jam, seconds: 2700)
    for i in 0..<2 {
      let (a, b) = (try XCTUnwrap(free[i]), try XCTUnwrap(jammed[i]))
      XCTAssertGreaterThan(b, a + 20)
      XCTAssertLessThan(try XCTUnwrap(privileged[i]), b)
      XCTAssertGreaterThan(try XCTUnwrap(privileged[i]), a / 2)
    }
  }
}
