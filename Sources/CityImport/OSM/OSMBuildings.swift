import CityBase
import CityModel
import CitySpatial

/// Buildings: what they are used for, how tall they are and how much floor they hold.
struct OSMBuildings {
  /// Square metres below which an unnamed building is a garage or shed rather than a home.
  static let smallestHome = 40.0

  /// The use that `building=*` and the tags beside it name; nil where they leave it open, as
  /// `building=yes` does.
  static func use(_ tags: OSMTags) -> BuildingUse? {
    if let use = useOfPlace(tags) { return use }
    switch tags[.building] {
    case "residential", "apartments", "house", "detached", "semidetached_house", "semi",
      "terrace", "dormitory", "bungalow", "static_caravan", "cabin", "farm", "houseboat",
      "allotment_house", "villa":
      return .residential
    case "office", "commercial": return .office
    case "retail", "supermarket", "shop", "kiosk", "mall", "department_store": return .retail
    case "industrial", "warehouse", "manufacture", "factory", "storage_tank", "silo", "depot":
      return .industrial
    case "school", "university", "college", "kindergarten": return .education
    case "hospital", "clinic": return .health
    case "hotel": return .hotel
    case "public", "civic", "government", "church", "cathedral", "chapel", "mosque", "temple",
      "synagogue", "shrine", "monastery", "museum", "train_station", "station", "transportation",
      "stadium", "sports_hall", "sports_centre", "townhall", "fire_station", "police", "library":
      return .public
    case "yes", nil: return nil
    default: return .other
    }
  }

  /// The use that an amenity, shop, office or hotel in the building gives it.
  static func useOfPlace(_ tags: OSMTags) -> BuildingUse? {
    switch tags[.amenity] {
    case "school", "university", "college", "kindergarten", "research_institute":
      return .education
    case "hospital", "clinic", "doctors", "dentist", "nursing_home": return .health
    case "restaurant", "cafe", "fast_food", "bar", "pub", "bank", "pharmacy", "marketplace", "fuel",
      "car_wash":
      return .retail
    case "parking", "bicycle_parking", "shelter", "toilets": return .other
    case "townhall", "public_building", "place_of_worship", "library", "theatre", "cinema",
      "community_centre", "courthouse", "police", "fire_station", "arts_centre", "post_office",
      "bus_station":
      return .public
    default: break
    }
    if tags.has(.shop) { return .retail }
    if tags.has(.office) { return .office }
    switch tags[.tourism] {
    case "hotel", "hostel", "guest_house", "motel": return .hotel
    case "museum", "gallery": return .public
    default: return nil
    }
  }

  /// The use that the ground around gives to a building without one of its own.
  static func useOfGround(_ tags: OSMTags) -> BuildingUse? {
    switch tags[.landuse] {
    case "residential", "allotments": return .residential
    case "commercial": return .office
    case "retail": return .retail
    case "industrial", "port", "depot", "quarry", "railway": return .industrial
    case "garages", "farmyard", "greenhouse_horticulture": return .other
    case "education", "school": return .education
    case "religious", "military", "institutional": return .public
    default: break
    }
    switch tags[.amenity] {
    case "school", "university", "college", "kindergarten": return .education
    case "hospital", "clinic": return .health
    default: return nil
    }
  }

  /// Storeys: the tag, else the height in storeys of 3 m, else what is usual for the use.
  static func levels(_ tags: OSMTags, use: BuildingUse, footprint: Double) -> Double {
    if let tagged = tags.number(.buildingLevels), tagged >= 0.5, tagged <= 200 { return tagged }
    if let height = height(tags) { return max(1, (height / Building.storeyMetres).rounded()) }
    switch use {
    case .residential:
      if tags[.building] == "apartments" || tags[.building] == "dormitory" { return 4 }
      return footprint < smallestHome ? 1 : 2
    case .office, .hotel, .health: return 3
    case .education, .public: return 2
    case .retail, .industrial, .other: return 1
    }
  }

  /// The tagged height in metres, 1 to 1000.
  static func height(_ tags: OSMTags) -> Double? {
    guard let text = tags[.height] ?? tags[.buildingHeight],
      let number = OSMNumber.leading(text)
    else { return nil }
    let unit = OSMNumber.unit(text)
    let metres = unit == "ft" || unit == "'" ? number * 0.3048 : number
    return metres >= 1 && metres <= 1000 ? metres : nil
  }
}

/// The ground of an extract by use: which use an otherwise unknown building takes over.
struct OSMGround {
  private var polygons: [[[[Point2]]]] = []
  private var uses: [BuildingUse] = []
  private var areas: [Double] = []
  private var index = HilbertRTree()

  init(_ reader: OSMEntities) {
    var found: [(polygons: [[[Point2]]], use: BuildingUse)] = []
    reader.forEachElement { element in
      guard !element.tags.has(.building), let use = OSMBuildings.useOfGround(element.tags),
        let area = reader.area(element)
      else { return }
      found.append((area, use))
    }
    polygons = found.map(\.polygons)
    uses = found.map(\.use)
    areas = polygons.map(RingAssembly.area)
    index = HilbertRTree(polygons.map { Box2($0.joined().joined()) })
  }

  /// The use of the smallest area around a point, or nil.
  func use(at p: Point2) -> BuildingUse? {
    var best: Int?
    index.search(Box2(min: p, max: p)) { i in
      guard best.map({ (areas[i], i) < (areas[$0], $0) }) ?? true, contains(p, i) else { return }
      best = i
    }
    return best.map { uses[$0] }
  }

  private func contains(_ p: Point2, _ i: Int) -> Bool {
    polygons[i].contains { rings in
      guard let outer = rings.first, Ring.contains(p, in: outer) else { return false }
      return !rings.dropFirst().contains { Ring.contains(p, in: $0) }
    }
  }
}

extension OSMEntities {
  /// Adds every `building=*` that encloses an area.
  mutating func addBuildings() {
    let ground = OSMGround(self)
    let outlines = outlinesOfBuildingRelations()
    var found: [Element] = []
    forEachElement { element in
      guard element.tags.has(.building) else { return }
      if case .node = element.source { return }
      if case .way(let way) = element.source, outlines.contains(data.wayID[way]) { return }
      guard
        !["construction", "proposed", "demolished", "ruins", "razed"].contains(
          element.tags[.building])
      else {
        return
      }
      found.append(element)
    }
    for element in found {
      guard let polygons = area(element) else {
        diagnostics.note(
          "osm-open-area", file: data.file, place: element.id,
          "a building is left out: \(fault(element))")
        continue
      }
      add(
        .building, id: element.id, shape: .polygons(polygons), tags: element.tags,
        buildingFields(element.tags, polygons, ground))
    }
  }

  private func buildingFields(_ tags: OSMTags, _ polygons: [[[Point2]]], _ ground: OSMGround)
    -> [Property]
  {
    let footprint = RingAssembly.area(polygons)
    let use =
      OSMBuildings.use(tags)
      ?? polygons.first?.first.flatMap { ground.use(at: Ring.centroid($0)) }
      ?? (footprint < OSMBuildings.smallestHome ? .other : .residential)
    let levels = OSMBuildings.levels(tags, use: use, footprint: footprint)
    var fields = [
      Property("use", .text(use.rawValue)),
      Property("levels", .number(levels, decimals: 1)),
    ]
    if let height = OSMBuildings.height(tags) {
      fields.append(Property("height_m", .number(height, decimals: 2)))
    }
    fields.append(Property("floor_area_m2", .number(footprint * levels, decimals: 1)))
    if let people = tags.number(.population), people >= 0, people < 1e6 {
      fields.append(Property("population", .number(people, decimals: 0)))
    }
    return fields
  }

  /// The outer ways of building relations, which are often tagged as buildings a second time.
  private func outlinesOfBuildingRelations() -> Set<Int64> {
    var ids: Set<Int64> = []
    for relation in 0..<data.relationCount {
      let tags = data.tags(ofRelation: relation)
      guard tags[.type] == "multipolygon", tags.has(.building) else { continue }
      for m in data.relationMembers[relation].indices where data.memberKind[m] == .way {
        if data.texts[Int(data.memberRole[m])] != "inner" { ids.insert(data.memberID[m]) }
      }
    }
    return ids
  }
}
