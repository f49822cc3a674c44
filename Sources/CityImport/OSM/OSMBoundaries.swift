import CityBase
import CityModel

/// An administrative area that is wholly in the extract.
private struct AdministrativeArea {
  var relation: Int
  var level: Int
  var polygons: [[[Point2]]]
  var box: Box2

  func contains(_ p: Point2) -> Bool {
    guard box.contains(p) else { return false }
    return polygons.contains { rings in
      guard let outer = rings.first, Ring.contains(p, in: outer) else { return false }
      return !rings.dropFirst().contains { Ring.contains(p, in: $0) }
    }
  }
}

extension OSMEntities {
  /// Adds districts and sub-districts from administrative boundaries that close within the file.
  ///
  /// Which level is which differs by country: districts are the first of the levels 9, 8, 10, 7, 6
  /// that has two areas or more (else the first that has one), sub-districts the next finer level.
  mutating func addBoundaries() {
    let areas = administrativeAreas()
    let preference = [9, 8, 10, 7, 6]
    let count = { (level: Int) in areas.count { $0.level == level } }
    guard
      let districtLevel = preference.first(where: { count($0) > 1 })
        ?? preference.first(where: { count($0) == 1 })
    else { return }
    let finer = (districtLevel + 1..<12).first { count($0) > 0 }
    let people = populationOfPlaces()
    let districts = areas.filter { $0.level == districtLevel }
    for area in districts {
      addArea(
        .district, area, [Property("code", .text("r\(data.relationID[area.relation])"))],
        people)
    }
    for area in areas where area.level == finer {
      var fields = [Property("code", .text("r\(data.relationID[area.relation])"))]
      if let inside = area.polygons.first?.first.map(Ring.centroid),
        let owner = districts.first(where: { $0.contains(inside) })
      {
        fields.append(Property("district", .text("r\(data.relationID[owner.relation])")))
      }
      addArea(.subdistrict, area, fields, people)
    }
  }

  private mutating func addArea(
    _ kind: EntityKind, _ area: AdministrativeArea, _ fields: [Property],
    _ people: [(place: Point2, population: Double)]
  ) {
    let tags = data.tags(ofRelation: area.relation)
    var fields = fields
    // An area without a figure of its own takes that of the largest place in it.
    let population =
      tags.number(.population)
      ?? people.lazy.filter { area.contains($0.place) }.map(\.population).max()
    if let population, population >= 0, population < 1e9 {
      fields.append(Property("population", .number(population, decimals: 0)))
    }
    add(
      kind, id: "r\(data.relationID[area.relation])", shape: .polygons(area.polygons),
      tags: tags, fields)
  }

  private mutating func administrativeAreas() -> [AdministrativeArea] {
    var areas: [AdministrativeArea] = []
    var open = 0
    for relation in 0..<data.relationCount {
      let tags = data.tags(ofRelation: relation)
      guard tags[.boundary] == "administrative",
        tags[.type] == "boundary" || tags[.type] == "multipolygon",
        let level = tags.number(.adminLevel), level >= 6, level <= 11
      else { continue }
      let area = shapes.area(ofRelation: relation)
      if area.isComplete {
        areas.append(
          AdministrativeArea(
            relation: relation, level: Int(level), polygons: area.polygons,
            box: Box2(area.polygons.joined().joined())))
      } else if area.missing > 0 {
        open += 1
      } else if let fault = area.fault {
        diagnostics.warn(
          "osm-broken-boundary", file: data.file, place: "relation \(data.relationID[relation])",
          "an administrative boundary is left out: \(fault)")
      }
    }
    if open > 0 {
      diagnostics.note(
        "osm-open-boundary", file: data.file,
        "\(open) administrative boundaries are not wholly within the file and are left out")
    }
    return areas
  }

  /// Cities, towns, suburbs and villages with a tagged population.
  func populationOfPlaces() -> [(place: Point2, population: Double)] {
    (0..<data.nodeCount).compactMap { i in
      guard data.nodeTags[i].count > 0 else { return nil }
      let tags = data.tags(ofNode: i)
      guard tags.has(.place), let people = tags.number(.population), people >= 0, people < 1e9,
        plane.positions[i].isFinite
      else { return nil }
      return (plane.positions[i], people)
    }
  }
}
