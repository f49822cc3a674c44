import CityBase
import CityModel
import XCTest

@testable import CityImport

/// Cities drawn with less than all their buildings.
final class GenerateDetailTests: XCTestCase {
  private func draft(_ detail: CityGeneratorOptions.Detail) throws -> CityDraft {
    try CityGenerator.generate(
      CityGeneratorOptions(seed: 6, sizeKilometers: 10, population: 300_000, detail: detail))
  }

  private func floor(_ draft: CityDraft, _ use: BuildingUse) -> Double {
    draft.entities.reduce(0) { sum, e in
      guard e.kind == .building, GeneratedCity.text(e, "use") == use.rawValue else { return sum }
      for p in e.properties where p.name == "floor_area_m2" {
        if case .number(let area, _) = p.value { return sum + area }
      }
      return sum
    }
  }

  func testBlocksStandForTheirBuildings() throws {
    let fine = try draft(.buildings)
    let coarse = try draft(.blocks)
    // The same streets, and much the same of everything between them.
    XCTAssertEqual(fine.roads.nodes.map(\.position), coarse.roads.nodes.map(\.position))
    for use in [BuildingUse.residential, .office, .retail, .industrial, .education, .health] {
      let ratio = floor(coarse, use) / floor(fine, use)
      XCTAssertTrue((0.6...1.6).contains(ratio), "\(use): \(ratio)")
    }
    func count(_ draft: CityDraft, _ kind: EntityKind) -> Int {
      draft.entities.count { $0.kind == kind }
    }
    XCTAssertLessThan(count(coarse, .building) * 5, count(fine, .building))
    for kind in [EntityKind.hospital, .fireStation, .policeStation, .ambulanceStation] {
      XCTAssertEqual(Double(count(coarse, kind)), Double(count(fine, kind)), accuracy: 2)
    }
  }

  func testCoarseHousesStandApart() throws {
    let rings = try draft(.blocks).entities.filter { $0.kind == .building }
      .compactMap { GeneratedCity.rings($0).first }
    let boxes = rings.map { Box2($0) }
    let grid = NearPairs(boxes: boxes, cellSize: 200)
    for (i, ring) in rings.enumerated() {
      for k in grid.near(boxes[i]) where k != i {
        XCTAssertFalse(ring.contains { Ring.contains($0, in: rings[k]) })
      }
    }
  }

  func testTheDetailFollowsTheSize() {
    XCTAssertEqual(CityGeneratorOptions(links: 100_000).drawnDetail, .buildings)
    XCTAssertEqual(CityGeneratorOptions(sizeKilometers: 50).drawnDetail, .buildings)
    XCTAssertEqual(CityGeneratorOptions(links: 105_000).drawnDetail, .blocks)
    XCTAssertEqual(CityGeneratorOptions(links: 900, detail: .blocks).drawnDetail, .blocks)
  }
}
