import CityBase
import CityText
import XCTest

@testable import CityDemand

final class MatrixTests: XCTestCase {
  let zones = ZoneSystem(latticeZones(2))
  let random = RandomStream(seed: 3)

  private func profile() throws -> DepartureProfile {
    try .uniform(from: 1000, to: 2_001_000)
  }

  private func trips(_ cells: [(Int, Int, Double)]) throws -> [Trip] {
    let matrix = OriginDestinationMatrix(
      cells.map { .init(origin: ZoneID($0.0), destination: ZoneID($0.1), trips: $0.2) })
    return try matrix.trips(zones: zones, profile: profile(), random: random)
  }

  func testWholeNumbersComeOutExactly() throws {
    let trips = try trips([(0, 1, 7), (1, 0, 3), (2, 2, 5), (3, 0, 0)])
    XCTAssertEqual(trips.count, 15)
    XCTAssertEqual(trips.count { $0.name.hasPrefix("od-z0-z1-") }, 7)
    XCTAssertTrue(trips.contains { $0.name == "od-z2-z2-5" })
    XCTAssertTrue(trips.allSatisfy { $0.origin != $0.destination })
    XCTAssertTrue(trips.allSatisfy { (1000..<2_001_000).contains($0.departureMilliseconds) })
  }

  func testFractionsAreRightOnAverage() throws {
    let many = ZoneSystem(latticeZones(45))
    let cells = (0..<2000).map {
      OriginDestinationMatrix.Cell(origin: ZoneID($0), destination: ZoneID($0 + 1), trips: 1.3)
    }
    let n = try OriginDestinationMatrix(cells)
      .trips(zones: many, profile: profile(), random: random).count
    // 2,000 + a binomial number of mean 600 and deviation 20.5.
    XCTAssertEqual(Double(n), 2600, accuracy: 82)
  }

  func testOnePairLeavesTheOthersAlone() throws {
    let before = try trips([(0, 1, 10.4), (1, 0, 8), (2, 3, 6)]).byName
    let after = try trips([(2, 3, 6), (0, 1, 13.4), (3, 1, 2), (1, 0, 8)]).byName
    XCTAssertEqual(after.count, before.count + 5)
    for (name, choices) in before { XCTAssertEqual(after[name], choices, name) }
  }

  func testTooManyTripsAreRefused() {
    XCTAssertThrowsError(try trips([(0, 1, 1e18)]))
    XCTAssertThrowsError(try trips([(0, 1, 1.5e7), (1, 0, 1.5e7)]))
  }

  func testReadingNamesTheLines() throws {
    let text = """
      trips,origin,destination
      12.5,z0,Zone 3
      3,z9,z0
      x,z0,z1
      -1,z0,z1
      nan,z0,z1
      2,z0,z3

      1e400,z1,z0
      """
    var diagnostics = Diagnostics()
    let matrix = try OriginDestinationMatrix.matrix(
      in: CSVTable.parse(Array(text.utf8), file: "od.csv"), zones: zones,
      diagnostics: &diagnostics)
    XCTAssertEqual(matrix.cells.map(\.trips), [14.5])
    let found = diagnostics.entries.map { "\($0.code) \($0.place)" }
    XCTAssertEqual(
      found,
      [
        "zone-unknown line 3", "trips-number line 4", "trips-number line 5",
        "trips-number line 6", "pair-repeated line 7", "trips-number line 9",
      ])
    let short = try CSVTable.parse(Array("origin,destination,trip\n".utf8), file: "od.csv")
    XCTAssertThrowsError(
      try OriginDestinationMatrix.matrix(in: short, zones: zones, diagnostics: &diagnostics)
    ) { error in
      XCTAssertTrue("\(error)".contains("\"trips\""), "\(error)")
    }
  }
}
