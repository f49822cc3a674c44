import CityBase
import CitySpatial

/// Areas by id with a spatial index: which one a point lies in.
struct AreaIndex: Sendable {
  /// By external id; pieces with the same id are joined.
  let areas: [ZoneInput.Area]
  private let tree: HilbertRTree

  init(_ input: [ZoneInput.Area], diagnostics: inout Diagnostics) {
    var joined: [ZoneInput.Area] = []
    let order = input.indices.sorted { a, b in
      input[a].externalID != input[b].externalID
        ? input[a].externalID < input[b].externalID : a < b
    }
    for i in order {
      let area = input[i]
      guard let last = joined.last, last.externalID == area.externalID else {
        joined.append(area)
        continue
      }
      diagnostics.note(
        "area-joined", place: area.externalID,
        "several areas have the id \"\(area.externalID)\"; they are taken as one")
      joined[joined.count - 1].polygons += area.polygons
      joined[joined.count - 1].population = last.population ?? area.population
    }
    areas = joined
    tree = HilbertRTree(joined.map { Box2($0.polygons.lazy.flatMap { $0.first ?? [] }) })
  }

  /// The area a point lies in; of overlapping ones the first by id.
  func area(at point: Point2) -> Int? {
    tree.first(in: Box2(min: point, max: point)) { Self.contains(point, areas[$0]) }
  }

  private static func contains(_ point: Point2, _ area: ZoneInput.Area) -> Bool {
    area.polygons.contains { rings in
      var inside = false
      for ring in rings where Ring.contains(point, in: ring) { inside.toggle() }
      return inside
    }
  }

  /// Square metres.
  func squareMeters(_ index: Int) -> Double {
    areas[index].polygons.reduce(0) { sum, rings in
      let holes = rings.dropFirst().reduce(0) { $0 + abs(Ring.signedArea($1)) }
      return sum + max(0, abs(rings.first.map { Ring.signedArea($0) } ?? 0) - holes)
    }
  }
}
