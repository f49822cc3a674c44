import CityBase
import CityModel
import CityNetwork
import XCTest

@testable import CityImport

/// Streets drawn in full: carriageways, bays, roundabouts, an expressway.
final class MetropolitanStreetsTests: XCTestCase {
  private static let cities: [GeneratedCity] = [(1, 7.0), (4, 7.0), (5, 12.0)].compactMap {
    try? GeneratedCity(
      CityGeneratorOptions(seed: $0.0, sizeKilometers: $0.1, detail: .streets, streets: .full))
  }

  private func ways(_ city: GeneratedCity, where isMeant: (RoadSource.Way) -> Bool)
    -> [RoadSource.Way]
  { city.draft.roads.ways.filter(isMeant) }

  func testEveryPlaceCanBeReachedAndLeft() {
    XCTAssertEqual(Self.cities.count, 3)
    for city in Self.cities {
      let count = city.draft.roads.nodes.count
      XCTAssertEqual(city.reached(from: 0, backwards: false), count)
      XCTAssertEqual(city.reached(from: 0, backwards: true), count)
    }
  }

  func testStreetsOnTheGroundMeetAtNodesOnly() {
    for city in Self.cities {
      let ground = city.pieces.indices.filter { !city.way($0).isBridge }
      let boxes = ground.map {
        Box2([city.position(city.pieces[$0].from), city.position(city.pieces[$0].to)])
      }
      let grid = NearPairs(boxes: boxes, cellSize: 250)
      for (i, one) in ground.enumerated() {
        let (a, b) = (city.position(city.pieces[one].from), city.position(city.pieces[one].to))
        for k in grid.near(boxes[i]) where k > i {
          let other = city.pieces[ground[k]]
          let crosses = Segment.intersect(a, b, city.position(other.from), city.position(other.to))
          XCTAssertFalse(crosses, "\(city.way(one).externalID) \(city.way(ground[k]).externalID)")
        }
      }
    }
  }

  func testArterialsHaveACarriagewayForEachDirection() {
    for city in Self.cities {
      let arterials = ways(city) { $0.roadClass <= .primary }
      XCTAssertTrue(arterials.allSatisfy { $0.backwardLanes == 0 })
      // As much road leads one way as the other, within the bends and the ends.
      var length = [String: Point2]()
      var total = [String: Double]()
      for way in arterials where way.roadClass != .motorway {
        let p = way.nodes.map { city.position(Int($0)) }
        guard let first = p.first, let last = p.last else { continue }
        length[way.name, default: Point2(0, 0)] =
          length[way.name, default: Point2(0, 0)]
          + (last - first)
        total[way.name, default: 0] += Polyline.length(p)
      }
      for (name, sum) in length {
        XCTAssertLessThan(sum.length, max(60, 0.05 * (total[name] ?? 0)), name)
      }
    }
  }

  func testBaysBeforeSignals() {
    for city in Self.cities {
      let bays = ways(city) { !$0.forwardTurns.isEmpty }
      XCTAssertGreaterThan(bays.count, 20)
      for way in bays {
        XCTAssertEqual(way.forwardTurns.count, way.forwardLanes)
        XCTAssertEqual(way.forwardTurns.first, [.right, .through])
        XCTAssertEqual(way.forwardTurns.last, [.left])
        let end = city.draft.roads.nodes[Int(way.nodes[way.nodes.count - 1])]
        XCTAssertEqual(end.control, .signals)
        let length = Polyline.length(way.nodes.map { city.position(Int($0)) })
        XCTAssertEqual(length, MetropolitanStreets.bayLength, accuracy: 0.01)
      }
    }
  }

  func testRoundaboutsAreDrivenCounterClockwise() {
    for city in Self.cities {
      let rings = ways(city, where: \.isRoundabout)
      XCTAssertGreaterThan(rings.count, 0)
      for ring in rings {
        XCTAssertEqual(ring.nodes.first, ring.nodes.last)
        XCTAssertEqual(ring.backwardLanes, 0)
        let points = ring.nodes.dropLast().map { city.position(Int($0)) }
        // Between the circles of 12 and 18 m, and not far from round.
        XCTAssertTrue((400...1_000).contains(Ring.signedArea(points)), "\(Ring.signedArea(points))")
        let arms = Set(ring.nodes).filter { city.around[Int($0)].count > 2 }
        XCTAssertTrue((3...4).contains(arms.count))
      }
    }
  }

  func testTheExpresswayIsReachedByRampsOnly() {
    for city in Self.cities {
      var motorway: Set<Int32> = []
      var ramps: Set<Int32> = []
      var others: Set<Int32> = []
      for way in city.draft.roads.ways {
        if way.isRamp {
          ramps.formUnion(way.nodes)
        } else if way.roadClass == .motorway {
          motorway.formUnion(way.nodes)
        } else {
          others.formUnion(way.nodes)
        }
      }
      XCTAssertTrue(motorway.isDisjoint(with: others))
      let slip = ways(city, where: \.isRamp)
      XCTAssertGreaterThanOrEqual(slip.count, 8)
      for way in slip {
        let ends = [way.nodes[0], way.nodes[way.nodes.count - 1]]
        XCTAssertEqual(ends.count { motorway.contains($0) }, 1)
        XCTAssertEqual(ends.count { others.contains($0) }, 1)
      }
    }
  }

  func testTheNetworkHangsTogether() throws {
    for city in Self.cities {
      var diagnostics = Diagnostics()
      let network = NetworkBuilder.build(city.draft.roads, diagnostics: &diagnostics)
      try network.validate()
      XCTAssertTrue(
        diagnostics.entries.allSatisfy { $0.severity == .note }, "\(diagnostics.entries)")
      let connected = TurnGraph(network).largestComponent()
      XCTAssertEqual(connected.count { !$0 }, 0)
      let controls = network.junctionControl.values
      XCTAssertGreaterThan(controls.count { $0 == .roundabout }, 0)
      // Crossings of divided roads are one junction with one controller each.
      let signals = city.entities(.signal)
      XCTAssertEqual(network.signals.count, signals.count)
      let named = Set(network.signals.values.map(\.externalID))
      XCTAssertTrue(signals.allSatisfy { named.contains(GeneratedCity.text($0, "junction") ?? "") })
    }
  }

  func testBusStopsStandBesideTheCarriageway() throws {
    let city = try GeneratedCity(CityGeneratorOptions(seed: 4, sizeKilometers: 7))
    let layer = try XCTUnwrap(city.draft.sideLayers.first)
    XCTAssertEqual(layer.fileName, "street_points.geojson")
    let main = city.pieces.indices.filter {
      city.way($0).roadClass == .primary || city.way($0).roadClass == .secondary
    }
    let boxes = main.map {
      Box2([city.position(city.pieces[$0].from), city.position(city.pieces[$0].to)])
    }
    let grid = NearPairs(boxes: boxes, cellSize: 100)
    var kinds: [String: Int] = [:]
    for feature in layer.features {
      guard case .point(let p) = feature.shape,
        case .text(let kind)? = feature.properties.first?.value
      else { continue }
      kinds[kind, default: 0] += 1
      guard kind == "bus_stop" else { continue }
      // Beyond the kerb, and no farther than a pavement is wide.
      let near = grid.near(Box2(min: p, max: p).expanded(by: 20)).map { k in
        let piece = city.pieces[main[k]]
        let half = city.way(main[k]).backwardLanes == 0 ? 1.75 : 3.5
        return Segment.distance(p, city.position(piece.from), city.position(piece.to))
          - half * Double(city.way(main[k]).forwardLanes)
      }
      let least = near.min() ?? .infinity
      XCTAssertTrue((0.5...4).contains(least), "\(least) m from the kerb")
    }
    for kind in ["bus_stop", "crossing", "stop_sign", "give_way_sign"] {
      XCTAssertGreaterThan(kinds[kind] ?? 0, 10, kind)
    }
  }

  func testTheSameStreetsEveryTime() throws {
    let options = CityGeneratorOptions(seed: 8, sizeKilometers: 4, streets: .full)
    XCTAssertEqual(
      GeneratedCity.text(of: try CityGenerator.generate(options)),
      GeneratedCity.text(of: try CityGenerator.generate(options)))
  }
}
