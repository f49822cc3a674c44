import CityBase
import CityModel
import CitySpatial

/// What houses or draws people without being drawn as a building: shops and offices that are points,
/// settlements known by name, and built-up ground on which no house is drawn.
///
/// The floor areas are this engine's round figures; they stand in for what an extract leaves out.
enum OSMPlaces {
  /// Square metres of floor of a shop, office or amenity that is a mere point.
  static func floorArea(_ tags: OSMTags, _ use: BuildingUse) -> Double {
    switch tags[.amenity] {
    case "university", "hospital": return 10_000
    case "school", "college": return 3000
    case "kindergarten", "place_of_worship", "community_centre", "post_office", "police",
      "fire_station":
      return 600
    case "townhall", "theatre", "cinema", "courthouse", "library", "arts_centre", "clinic":
      return 1500
    default: break
    }
    switch tags[.shop] {
    case "mall", "department_store": return 8000
    case "supermarket", "furniture", "doityourself", "car": return 1200
    default: break
    }
    switch use {
    case .office: return 300
    case .hotel: return tags[.tourism] == "hotel" ? 2500 : 400
    case .health: return 200
    default: return 150
    }
  }

  /// Floor for each square metre of ground, where the houses on it are not drawn.
  static func floorSpaceRatio(_ use: BuildingUse) -> Double {
    switch use {
    case .residential: 0.3
    case .office: 0.6
    case .retail, .health: 0.4
    case .industrial, .education: 0.25
    case .public, .hotel, .other: 0.15
    }
  }

  /// People of a settlement whose number is not tagged.
  static func usualPopulation(_ place: String) -> Double? {
    switch place {
    case "city": 100_000
    case "town": 10_000
    case "suburb": 5000
    case "village": 800
    case "quarter", "neighbourhood": 1000
    case "hamlet": 60
    default: nil
    }
  }

  /// Ground whose buildings cover less of it than this is taken as not drawn.
  static let leastCover = 0.02
  /// Larger areas say too little about where on them people are. Square metres.
  static let largestGround = 5_000_000.0
  /// Settlements with a house drawn this near have their people in houses. Metres.
  static let settlementReach = 300.0
}

extension OSMEntities {
  /// Adds places; call it after the buildings.
  mutating func addPlaces() {
    let drawn = entities.compactMap { entity -> (center: Point2, area: Double)? in
      guard entity.kind == .building, case .polygons(let polygons) = entity.shape,
        let ring = polygons.first?.first
      else { return nil }
      return (Ring.centroid(ring), RingAssembly.area(polygons))
    }
    let index = HilbertRTree(drawn.map { Box2(min: $0.center, max: $0.center) })
    var found: [(element: Element, shape: DraftShape, fields: [Property])] = []
    forEachElement { element in
      switch element.source {
      case .node(let node):
        let p = plane.positions[node]
        guard p.isFinite, let fields = pointFields(element.tags, at: p, index) else { return }
        found.append((element, .point(p), fields))
      case .way, .relation:
        guard !element.tags.has(.building), let use = OSMBuildings.useOfGround(element.tags),
          let polygons = area(element)
        else { return }
        let size = RingAssembly.area(polygons)
        guard size >= 200, size <= OSMPlaces.largestGround,
          cover(polygons, drawn, index) < OSMPlaces.leastCover * size
        else { return }
        let floor = size * OSMPlaces.floorSpaceRatio(use)
        found.append((element, .polygons(polygons), Self.placeFields(use, floor, nil)))
      }
    }
    for place in found {
      add(.place, id: place.element.id, shape: place.shape, tags: place.element.tags, place.fields)
    }
  }

  private static func placeFields(_ use: BuildingUse, _ floor: Double, _ people: Double?)
    -> [Property]
  {
    [
      Property("use", .text(use.rawValue)), Property("floor_area_m2", .number(floor, decimals: 0)),
    ] + (people.map { [Property("population", .number($0, decimals: 0))] } ?? [])
  }

  /// The fields of a shop, office, amenity or settlement that is a point; nil for other nodes.
  private func pointFields(_ tags: OSMTags, at p: Point2, _ houses: HilbertRTree) -> [Property]? {
    if let use = OSMBuildings.useOfPlace(tags), use != .other {
      return Self.placeFields(use, OSMPlaces.floorArea(tags, use), nil)
    }
    guard let usual = tags[.place].flatMap(OSMPlaces.usualPopulation) else { return nil }
    let reach = OSMPlaces.settlementReach
    let near = Box2(min: p, max: p).expanded(by: reach)
    guard houses.first(in: near, where: { _ in true }) == nil else { return nil }
    let tagged = tags.number(.population).flatMap { $0 >= 0 && $0 < 1e7 ? $0 : nil }
    return Self.placeFields(.residential, 0, tagged ?? usual)
  }

  /// Square metres of houses on some ground.
  private func cover(
    _ polygons: [[[Point2]]], _ drawn: [(center: Point2, area: Double)], _ index: HilbertRTree
  ) -> Double {
    var sum = 0.0
    index.search(Box2(polygons.joined().joined())) { i in
      let p = drawn[i].center
      let isInside = polygons.contains { rings in
        guard let outer = rings.first, Ring.contains(p, in: outer) else { return false }
        return !rings.dropFirst().contains { Ring.contains(p, in: $0) }
      }
      if isInside { sum += drawn[i].area }
    }
    return sum
  }
}
