import CityBase
import CityModel

/// Bays along the kerb of one side of a street, as `parking:left=*` and the older
/// `parking:lane:left=*` tell of them.
struct KerbParking: Sendable, Equatable {
  enum Side: String, Sendable { case left, right }
  enum Orientation: String, Sendable { case parallel, diagonal, perpendicular }

  var orientation: Orientation
  /// As tagged, or nil.
  var capacity: Int?
  var isFree: Bool

  /// Metres of kerb for a bay, after the German guidelines for parking facilities (EAR 05, table
  /// 4.2-2): along the kerb, at 45 degrees, at right angles.
  var spacing: Double {
    switch orientation {
    case .parallel: 5.7
    case .diagonal: 3.54
    case .perpendicular: 2.5
    }
  }

  /// Metres at the ends of a street where nobody may park.
  static let clearance = 5.0

  /// The bays of a side; nil where there are none, none for everybody, or they are mapped by
  /// themselves (`separate`).
  init?(_ tags: OSMTags, _ side: Side) {
    func value(_ left: OSMKey, _ right: OSMKey, _ both: OSMKey) -> String? {
      tags[side == .left ? left : right] ?? tags[both]
    }
    let position = value(.parkingLeft, .parkingRight, .parkingBoth)
    let lane = value(.parkingLaneLeft, .parkingLaneRight, .parkingLaneBoth)
    let condition = value(.parkingConditionLeft, .parkingConditionRight, .parkingConditionBoth)
    let tagged: String?
    switch (position, lane) {
    case ("lane"?, _), ("street_side"?, _), ("on_kerb"?, _), ("half_on_kerb"?, _), ("shoulder"?, _),
      ("yes"?, _):
      tagged = value(
        .parkingLeftOrientation, .parkingRightOrientation, .parkingBothOrientation)
    case (nil, "parallel"?), (nil, "diagonal"?), (nil, "perpendicular"?), (nil, "marked"?),
      (nil, "yes"?):
      tagged = lane
    default: return nil
    }
    if value(.parkingLeftRestriction, .parkingRightRestriction, .parkingBothRestriction)
      .map({ $0 != "none" && $0 != "no" }) ?? false
    {
      return nil
    }
    let closed: Set<String> = [
      "residents", "private", "customers", "no", "no_parking", "no_stopping", "no_standing",
      "permit", "employees", "designated",
    ]
    let access = value(.parkingLeftAccess, .parkingRightAccess, .parkingBothAccess)
    for text in [access, condition].compactMap({ $0 }) where closed.contains(text) { return nil }
    orientation = tagged.flatMap(Orientation.init(rawValue:)) ?? .parallel
    let count =
      value(.parkingLeftCapacity, .parkingRightCapacity, .parkingBothCapacity)
      ?? value(.parkingLaneLeftCapacity, .parkingLaneRightCapacity, .parkingLaneBothCapacity)
    capacity = count.flatMap(OSMNumber.leading).flatMap {
      $0 >= 1 && $0 <= 1000 ? Int($0) : nil
    }
    isFree =
      value(.parkingLeftFee, .parkingRightFee, .parkingBothFee) == "no" || condition == "free"
      || condition == "disc"
  }
}

extension OSMEntities {
  /// Adds a line of bays for each side of each street that has some.
  mutating func addKerbParking(_ roads: OSMRoads) {
    for way in 0..<data.wayCount where roads.sourceWays[way].count > 0 {
      let tags = data.tags(ofWay: way)
      guard tags.hasKerbParking else { continue }
      let source = roads.source.ways[Int(roads.sourceWays[way].start)]
      let halfWidth = max(2.75, Double(source.forwardLanes + source.backwardLanes) * 1.5)
      for side in [KerbParking.Side.left, .right] {
        guard let bays = KerbParking(tags, side) else { continue }
        let offset = halfWidth + (bays.orientation == .parallel ? 1 : 2.5)
        for (i, piece) in plane.pieces(ofWay: way).enumerated() {
          let id = "w\(data.wayID[way]).\(side.rawValue)" + (i == 0 ? "" : ".\(i + 1)")
          add(
            bays, id: id, plane.points(piece), left: side == .left ? offset : -offset, tags,
            isFirst: i == 0)
        }
      }
    }
  }

  private mutating func add(
    _ bays: KerbParking, id: String, _ points: [Point2], left: Double, _ tags: OSMTags,
    isFirst: Bool
  ) {
    let length = Polyline.length(points)
    let room = length - 2 * KerbParking.clearance
    let capacity = bays.capacity ?? Int(max(0, min(room, 100_000)) / bays.spacing)
    // A tagged number is that of the whole way.
    guard capacity > 0, room > 0, bays.capacity == nil || isFirst else { return }
    let middle = Polyline.slice(
      points, from: KerbParking.clearance, to: length - KerbParking.clearance)
    var properties: [Property] = []
    if let name = tags[.name] { properties.append(Property("name", .text(name))) }
    properties += [
      Property("type", .text(ParkingType.kerb.rawValue)),
      Property("capacity", .integer(Int64(capacity))),
      Property("capacity_source", .text(bays.capacity == nil ? "length" : "tag")),
      Property("orientation", .text(bays.orientation.rawValue)),
    ]
    if bays.isFree { properties.append(Property("price_cny_h", .integer(0))) }
    entities.append(
      DraftEntity(
        kind: .parking, id: id,
        shape: .line(Polyline.offset(middle, left: left).map(\.roundedToMillimetre)),
        properties: properties))
  }
}

extension OSMTags {
  /// Whether any key tells of parking along the street.
  var hasKerbParking: Bool {
    range.contains { place in
      let key = data.tagKey[place]
      return OSMTags.kerbKeys.contains(key)
    }
  }

  private static let kerbKeys = Set(
    [
      OSMKey.parkingLeft, .parkingRight, .parkingBoth, .parkingLaneLeft, .parkingLaneRight,
      .parkingLaneBoth,
    ].map(\.rawValue))
}
