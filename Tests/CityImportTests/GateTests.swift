import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityImport

/// Where the edge of an extract cuts roads.
final class GateTests: XCTestCase {
  private func gates(_ town: TownText) throws -> [String] {
    var draft = try town.draft()
    var diagnostics = draft.diagnostics
    let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    let findings = ImportFindings(&draft, network, diagnostics: &diagnostics)
    ExtractGates.add(to: &draft, network, cutOff: findings.cutOff, diagnostics: &diagnostics)
    return draft.entities.filter { $0.kind == .gate }.map(\.id).sorted()
  }

  /// A main street from west to east over nodes 2, 1, 3 with a side street to node 4, and a block
  /// around node 1 so that one can turn round.
  private func town(
    _ main: String, _ side: String = "highway=residential", missing: [Int] = []
  ) -> TownText {
    var town = TownText()
    for (id, x, y) in [
      (1, 0.0, 0.0), (2, -400, 0), (3, 400, 0), (4, 0, 300), (5, 100, 0), (6, 100, 150),
      (7, 0, 150),
    ] { town.node(id, x, y) }
    town.way(11, [2, 1], TownText.tags(main))
    town.way(12, [1, 5], TownText.tags(main))
    town.way(13, [5, 3] + missing, TownText.tags(main))
    town.way(14, [1, 7], TownText.tags(side))
    town.way(15, [7, 4], TownText.tags(side))
    town.way(16, [5, 6, 7], TownText.tags("highway=residential"))
    return town
  }

  func testRoadsPastTheEdgeHaveGates() throws {
    var town = town("highway=secondary")
    // Both ends of the main street lie outside; the side street ends inside, far from the edge.
    town.bounds = [-300, -500, 300, 900]
    XCTAssertEqual(try gates(town), ["in-11+0", "in-13-0", "out-11-0", "out-13+0"])
    // With the edge north of the block, the side street has a gate too.
    town.bounds = [-300, -500, 300, 250]
    XCTAssertEqual(
      try gates(town),
      ["in-11+0", "in-13-0", "in-15-0", "out-11-0", "out-13+0", "out-15+0"])
  }

  func testRoadsWhoseNodesAreMissingHaveGates() throws {
    let town = town("highway=secondary", missing: [98, 99])
    XCTAssertEqual(try gates(town), ["in-13-0", "out-13+0"])
  }

  func testOneWayRoadsHaveOneGateEach() throws {
    var town = town("highway=primary oneway=yes")
    town.bounds = [-300, -500, 300, 900]
    XCTAssertEqual(try gates(town), ["in-11+0", "out-13+0"])
  }

  func testWithoutAnEdgeOnlyMainRoadsAreCut() throws {
    XCTAssertEqual(
      try gates(town("highway=primary")), ["in-11+0", "in-13-0", "out-11-0", "out-13+0"])
    XCTAssertEqual(try gates(town("highway=residential")), [])
  }

  func testServiceRoadsAndEmptyTownsHaveNone() throws {
    var town = town("highway=service", "highway=service")
    town.bounds = [-300, -500, 300, 250]
    XCTAssertEqual(try gates(town), [])
  }
}
