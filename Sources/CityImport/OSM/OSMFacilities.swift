import CityBase
import CityModel

/// Car parks: what kind, and how many bays where nobody has counted them.
enum OSMParking {
  /// Square metres of a car park for each bay, driving lanes included.
  static let squareMetresPerBay = 25.0
  /// Bays of a car park that is drawn as a mere point, by type.
  static let baysOfPoint: [ParkingType: Int] = [.garage: 100, .surface: 20, .kerb: 5]

  /// Whether anyone may park there, a customer or visitor at least.
  static func isPublic(_ tags: OSMTags) -> Bool {
    let closed: Set<String> = [
      "no", "private", "residents", "permit", "employees", "staff", "military", "emergency",
      "members", "forestry", "agricultural",
    ]
    let value = tags[.motorcar] ?? tags[.motorVehicle] ?? tags[.vehicle] ?? tags[.access]
    return value.map { !closed.contains($0) } ?? true
  }

  static func type(_ tags: OSMTags) -> ParkingType {
    switch tags[.parking] {
    case "multi-storey", "underground", "rooftop", "sheds", "garage_boxes", "garage": .garage
    case "street_side", "lane", "on_kerb", "half_on_kerb", "layby", "shoulder": .kerb
    default: tags.has(.building) ? .garage : .surface
    }
  }

  /// Bays, and where the number is from: `tag`, `area` or `assumed`.
  static func capacity(_ tags: OSMTags, type: ParkingType, area: Double?) -> (
    bays: Int, source: String
  ) {
    if let tagged = tags.number(.capacity), tagged >= 1, tagged <= 50_000 {
      return (Int(tagged), "tag")
    }
    guard let area else { return (baysOfPoint[type] ?? 20, "assumed") }
    let tagged = tags.number(.parkingLevels) ?? tags.number(.levels) ?? tags.number(.buildingLevels)
    let levels = tagged.map { max(1, min($0, 30)) } ?? (tags[.parking] == "multi-storey" ? 3 : 1)
    return (Int(max(1, min(area * levels / squareMetresPerBay, 50_000)).rounded(.down)), "area")
  }
}

extension OSMEntities {
  /// Adds car parks, hospitals, stations, sensors and signals.
  mutating func addFacilities() {
    var found: [(kind: EntityKind, element: Element)] = []
    forEachElement { element in
      for kind in Self.facilityKinds(element) { found.append((kind, element)) }
    }
    var closed = 0
    for (kind, element) in found {
      if kind == .parking && !OSMParking.isPublic(element.tags) {
        closed += 1
        continue
      }
      guard let shape = place(element) else {
        diagnostics.note(
          "osm-no-place", file: data.file, place: element.id,
          "a \(kind.rawValue) without a place in the file is left out")
        continue
      }
      add(
        kind, id: element.id, shape: shape, tags: element.tags,
        Self.facilityFields(kind, element.tags, shape))
    }
    if closed > 0 {
      diagnostics.note(
        "osm-parking-private",
        "\(closed) car parks for residents, staff or others of their own are left out")
    }
  }

  private static func facilityKinds(_ element: Element) -> [EntityKind] {
    let tags = element.tags
    var kinds: [EntityKind] = []
    switch tags[.amenity] {
    case "parking": kinds.append(.parking)
    case "hospital": kinds.append(.hospital)
    case "fire_station": kinds.append(.fireStation)
    case "police": kinds.append(.policeStation)
    default: if tags[.healthcare] == "hospital" { kinds.append(.hospital) }
    }
    if tags[.emergency] == "ambulance_station" { kinds.append(.ambulanceStation) }
    if tags[.manMade] == "monitoring_station" { kinds.append(.sensor) }
    if case .node = element.source {
      if tags[.highway] == "speed_camera" { kinds.append(.sensor) }
      if tags[.highway] == "traffic_signals" { kinds.append(.signal) }
    }
    return kinds
  }

  private static func facilityFields(_ kind: EntityKind, _ tags: OSMTags, _ shape: DraftShape)
    -> [Property]
  {
    switch kind {
    case .parking: return parkingFields(tags, shape)
    case .hospital:
      var fields: [Property] = []
      if let beds = tags.number(.beds), beds >= 0, beds <= 100_000 {
        fields.append(Property("beds", .integer(Int64(beds))))
      }
      if let emergency = tags[.emergency], emergency == "yes" || emergency == "no" {
        fields.append(Property("emergency", .bool(emergency == "yes")))
      }
      return fields
    case .sensor:
      let type = tags[.highway] == "speed_camera" ? "speed_camera" : "monitoring_station"
      return [Property("type", .text(monitored(tags) ?? type))]
    default: return []
    }
  }

  private static func parkingFields(_ tags: OSMTags, _ shape: DraftShape) -> [Property] {
    var area: Double?
    if case .polygons(let polygons) = shape { area = RingAssembly.area(polygons) }
    let type = OSMParking.type(tags)
    let capacity = OSMParking.capacity(tags, type: type, area: area)
    var fields = [
      Property("type", .text(type.rawValue)),
      Property("capacity", .integer(Int64(capacity.bays))),
      Property("capacity_source", .text(capacity.source)),
    ]
    if tags[.fee] == "no" { fields.append(Property("price_cny_h", .integer(0))) }
    if let hours = tags[.openingHours] { fields.append(Property("hours", .text(hours))) }
    return fields
  }

  /// What a station measures, from `monitoring:*=yes`: the first by name.
  private static func monitored(_ tags: OSMTags) -> String? {
    tags.properties.first { $0.name.hasPrefix("monitoring:") && $0.value == .text("yes") }
      .map { String($0.name.dropFirst("monitoring:".count)) }
  }

  /// Adds ways for people on foot, as lines, split where nodes are missing. Tracks and cycle paths
  /// are among them, unless closed to walkers.
  mutating func addFootways() {
    let kinds: Set<String> = [
      "footway", "path", "pedestrian", "steps", "cycleway", "bridleway", "track", "corridor",
    ]
    for way in 0..<data.wayCount {
      let tags = data.tags(ofWay: way)
      guard let highway = tags[.highway], kinds.contains(highway), tags[.foot] != "no" else {
        continue
      }
      var fields: [Property] = []
      if let surface = tags[.surface] { fields.append(Property("surface", .text(surface))) }
      if let width = tags.number(.width), width > 0, width <= 100 {
        fields.append(Property("width_m", .number(width, decimals: 2)))
      }
      fields.append(Property("steps", .bool(highway == "steps")))
      for (i, piece) in plane.pieces(ofWay: way).enumerated() {
        let id = "w\(data.wayID[way])" + (i == 0 ? "" : ".\(i + 1)")
        add(.footway, id: id, shape: .line(plane.points(piece)), tags: tags, fields)
      }
    }
  }
}
