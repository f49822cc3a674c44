import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityImport

final class GenerateCityTests: XCTestCase {
  func testSameSeedSameCityOtherSeedOtherCity() throws {
    let options = CityGeneratorOptions(seed: 9, sizeKilometers: 4)
    let first = GeneratedCity.text(of: try CityGenerator.generate(options))
    XCTAssertEqual(first, GeneratedCity.text(of: try CityGenerator.generate(options)))
    var other = options
    other.seed = 10
    XCTAssertNotEqual(first, GeneratedCity.text(of: try CityGenerator.generate(other)))
  }

  func testDistrictsCoverTheCityWithoutOverlap() throws {
    for city in GenerateStreetsTests.cities {
      let edge = try outline(city)
      let districts = city.entities(.district)
      let parts = city.entities(.subdistrict)
      XCTAssertTrue((2...6).contains(districts.count))
      for list in [districts, parts] {
        let sum = list.reduce(0) { $0 + GeneratedCity.area($1) }
        XCTAssertEqual(sum, abs(Ring.signedArea(edge)), accuracy: 1)
      }
      // Places all over the city lie in one district and one sub-district, of that district.
      let box = Box2(edge)
      for i in 0..<400 {
        // Steps of two irrational numbers fill the box evenly and meet no border.
        let x = (Double(i) * 0.754877666).truncatingRemainder(dividingBy: 1)
        let y = (Double(i) * 0.569840291).truncatingRemainder(dividingBy: 1)
        let p = Point2(box.min.x + x * box.width, box.min.y + y * box.height)
        let inside = Ring.contains(p, in: edge)
        let d = districts.filter { covers($0, p) }
        let s = parts.filter { covers($0, p) }
        XCTAssertEqual(d.count, inside ? 1 : 0)
        XCTAssertEqual(s.count, inside ? 1 : 0)
        if let d = d.first, let s = s.first {
          XCTAssertEqual(GeneratedCity.text(d, "code"), GeneratedCity.text(s, "district"))
        }
      }
    }
  }

  private func covers(_ e: DraftEntity, _ p: Point2) -> Bool {
    GeneratedCity.rings(e).filter { Ring.contains(p, in: $0) }.count % 2 == 1
  }

  /// The outer ring road, bridges included.
  private func outline(_ city: GeneratedCity) throws -> [Point2] {
    let name = "外环路"
    func isRing(_ piece: Int) -> Bool { city.way(piece).name.hasPrefix(name) }
    let start = try XCTUnwrap(city.pieces.indices.first(where: isRing))
    var ring: [Point2] = []
    var (node, piece) = (city.pieces[start].from, start)
    repeat {
      ring.append(city.position(node))
      node = city.other(piece, than: node)
      piece = try XCTUnwrap(city.around[node].first { $0 != piece && isRing($0) })
    } while piece != start && ring.count <= city.pieces.count
    return ring
  }

  func testPeopleAddUp() throws {
    var options = CityGeneratorOptions(seed: 3, sizeKilometers: 5, population: 123_457)
    for detail in CityGeneratorOptions.Detail.allCases {
      options.detail = detail
      let draft = try CityGenerator.generate(options)
      func sum(_ kind: EntityKind, where isMember: (DraftEntity) -> Bool = { _ in true }) -> Int64 {
        draft.entities.filter { $0.kind == kind && isMember($0) }
          .reduce(0) { $0 + (GeneratedCity.number($1, "population") ?? 0) }
      }
      XCTAssertEqual(sum(.district), 123_457)
      XCTAssertEqual(sum(.building), detail == .streets ? 0 : 123_457)
      for d in draft.entities where d.kind == .district {
        let code = GeneratedCity.text(d, "code")
        XCTAssertEqual(
          sum(.subdistrict) { GeneratedCity.text($0, "district") == code },
          GeneratedCity.number(d, "population"))
      }
    }
  }

  func testBuildingsStandClearOfStreetsAndOfOneAnother() throws {
    for city in GenerateStreetsTests.cities {
      let edge = try outline(city)
      let streets = city.pieces.map { Box2([city.position($0.from), city.position($0.to)]) }
      let streetGrid = NearPairs(boxes: streets, cellSize: 250)
      let footprints = city.entities(.building).compactMap { GeneratedCity.rings($0).first }
      let boxes = footprints.map { Box2($0) }
      let grid = NearPairs(boxes: boxes, cellSize: 100)
      XCTAssertGreaterThan(footprints.count, 100)
      for (i, ring) in footprints.enumerated() {
        XCTAssertGreaterThan(Ring.signedArea(ring), 100)
        XCTAssertTrue(Ring.contains(Ring.centroid(ring), in: edge))
        let distance = streetGrid.near(boxes[i].expanded(by: 10)).map { k in
          let piece = city.pieces[k]
          return gap(ring, [city.position(piece.from), city.position(piece.to)], isClosed: false)
        }.min()
        XCTAssertGreaterThan(distance ?? .infinity, 6)
        for k in grid.near(boxes[i].expanded(by: 3)) where k > i {
          XCTAssertGreaterThan(gap(ring, footprints[k], isClosed: true), 3)
        }
      }
    }
  }

  /// Metres between the border of a ring and a line or another ring.
  private func gap(_ ring: [Point2], _ line: [Point2], isClosed: Bool) -> Double {
    var best = Double.infinity
    for i in ring.indices {
      let (a, b) = (ring[i], ring[(i + 1) % ring.count])
      for k in line.indices where isClosed || k + 1 < line.count {
        best = min(best, Segment.distance(a, b, line[k], line[(k + 1) % line.count]))
      }
    }
    return best
  }

  func testNoBuildingStandsInTheRiver() throws {
    let options = CityGeneratorOptions(seed: 5, sizeKilometers: 5)
    let plan = CityPlan(options)
    let middle = stride(from: -2_500.0, through: 2_500, by: 25).map {
      plan.terrain.place(Point2(0, $0))
    }
    for e in try CityGenerator.generate(options).entities where e.kind == .building {
      let ring = GeneratedCity.rings(e)[0]
      let away = middle.map { m in ring.map { $0.distance(to: m) }.min() ?? 0 }.min() ?? 0
      XCTAssertGreaterThan(away, plan.terrain.riverWidth / 2)
    }
  }

  func testEveryKindIsThereAndEveryCoordinateIsRounded() throws {
    let city = try GeneratedCity(seed: 2, size: 6)
    // A generated city lies alone, with no road out of it, and all its houses are drawn.
    let absent: Set<EntityKind> = [.road, .gate, .place]
    for kind in EntityKind.allCases where !absent.contains(kind) {
      XCTAssertFalse(city.entities(kind).isEmpty, kind.rawValue)
      let ids = city.entities(kind).map(\.id)
      XCTAssertEqual(Set(ids).count, ids.count, kind.rawValue)
    }
    for e in city.draft.entities {
      let points: [Point2]
      switch e.shape {
      case .point(let p): points = [p]
      case .line(let line): points = line
      case .lines(let lines): points = lines.flatMap { $0 }
      case .polygons(let polygons): points = polygons.flatMap { $0.flatMap { $0 } }
      }
      XCTAssertTrue(points.allSatisfy { $0 == $0.roundedToMillimetre && $0.isFinite })
    }
    XCTAssertTrue(
      city.draft.roads.nodes.allSatisfy { $0.position == $0.position.roundedToMillimetre })
  }

  func testOptionsOutOfRangeAreRefused() {
    var bad: [CityGeneratorOptions] = []
    for size in [1.9, 201, .nan, -.infinity] { bad.append(.init(sizeKilometers: size)) }
    bad += [.init(population: -1), .init(links: 10), .init(blockSpacingMeters: 5), .init(name: "")]
    for options in bad {
      XCTAssertThrowsError(try CityGenerator.generate(options)) {
        XCTAssertEqual(($0 as? CityError)?.kind, .usage)
      }
    }
  }
}
