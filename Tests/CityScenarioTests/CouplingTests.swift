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

  /// Road works on the bridge: northwards nobody drives faster than 3 m/s, or 3.6 m/s in a hurry. So
  /// cars follow each other there at no less than 1 s and 6.6 m at 3.6 m/s, 2.83 s; one every 2 s
  /// wants to cross. After a quarter of an hour 450 have come and at most 318 are over, so that the
  /// street before the bridge has long been full.
  func testAJamLengthensResponsesAndPrivilegesShortenThem() throws {
    let jam = town.demand(crossings: 800, every: 2000)
    let none = town.demand(crossings: 0, every: 1)
    let north = town.links("west-bridge").filter {
      town.network.linkExternalID[$0].contains("+")
    }
    XCTAssertEqual(north.count, 1)
    let works = [FromTheStart(orders: north.map { .limitSpeed($0, metersPerSecond: 3) })]
    // One call at a time, so that the ambulance always sets out from its station.
    for place in places.prefix(2) {
      func seconds(_ demand: TrafficDemand, _ privileges: Privileges) throws -> Double {
        let times = try town.responses(
          to: town.calls(at: [place], first: 900), demand: demand, policies: works,
          privileges: privileges, seconds: 2100)
        return try XCTUnwrap(times.first ?? nil)
      }
      let free = try seconds(none, [])
      let jammed = try seconds(jam, [])
      let privileged = try seconds(jam, .all)
      // The queue moves as fast as the bridge lets it: for the 180 m of street before it at least
      // 50 s instead of 13 s.
      XCTAssertGreaterThan(jammed, free + 30)
      XCTAssertLessThan(privileged, jammed)
      // Nobody, whatever the privileges, drives the 800 m at more than 20 m/s.
      XCTAssertGreaterThan(privileged, 40)
    }
  }
}
