import CityBase
import CityModel
import CityNetwork
import CitySpatial

/// Gives the places of a city their access points on the connected part of the network, and finds
/// those that have none.
struct Attachment {
  /// Metres; what is farther from every road cannot be reached. The same as for car parks in a run.
  static let longestAccess = 300.0
  private static let facilityKinds: [EntityKind] = [
    .parking, .hospital, .fireStation, .policeStation, .ambulanceStation,
  ]

  /// Facilities with and without a road in reach.
  private(set) var attached = 0
  private(set) var lost: [(kind: EntityKind, id: String, metres: Double?)] = []
  /// Buildings without a road in reach.
  private(set) var farBuildings = 0
  private(set) var buildings = 0
  /// Districts and sub-districts without any road.
  private(set) var zonesWithoutRoad: [String] = []

  /// Writes `access_link`, `access_offset_m` and `access_distance_m` into the facilities of a draft
  /// and notes what lies too far away.
  init(
    _ draft: inout CityDraft, _ network: RoadNetwork, isConnected: [Bool],
    diagnostics: inout Diagnostics
  ) {
    let roads = LinkIndex(network, usable: isConnected)
    for i in draft.entities.indices {
      let entity = draft.entities[i]
      let isFacility = Self.facilityKinds.contains(entity.kind)
      guard isFacility || entity.kind == .building, let place = Self.place(entity.shape) else {
        continue
      }
      guard isFacility else {
        buildings += 1
        if roads.nearest(to: place, maxDistance: Self.longestAccess) == nil { farBuildings += 1 }
        continue
      }
      guard let found = roads.nearest(to: place) else {
        lose(entity, nil, &diagnostics)
        continue
      }
      draft.entities[i].properties += [
        Property("access_link", .text(network.linkExternalID[found.access.link])),
        Property("access_offset_m", .number(Double(found.access.offset), decimals: 1)),
        Property("access_distance_m", .number(found.distance, decimals: 1)),
      ]
      if found.distance <= Self.longestAccess {
        attached += 1
      } else {
        lose(entity, found.distance, &diagnostics)
      }
    }
    findEmptyZones(draft, network, isConnected, &diagnostics)
  }

  private mutating func lose(
    _ entity: DraftEntity, _ metres: Double?, _ diagnostics: inout Diagnostics
  ) {
    lost.append((entity.kind, entity.id, metres))
    diagnostics.warn(
      "far-from-road", place: "\(entity.kind.rawValue) \(entity.id)",
      "the next connected road is "
        + (metres.map { "\(Int($0.rounded())) m away" } ?? "more than 1 km away")
        + "; nobody can drive there")
  }

  private static func place(_ shape: DraftShape) -> Point2? {
    switch shape {
    case .point(let p): p
    case .line(let points): points.isEmpty ? nil : points[points.count / 2]
    case .lines(let lines): lines.first.flatMap { $0.isEmpty ? nil : $0[$0.count / 2] }
    case .polygons(let polygons): polygons.first?.first.map(Ring.centroid)
    }
  }

  private mutating func findEmptyZones(
    _ draft: CityDraft, _ network: RoadNetwork, _ isConnected: [Bool],
    _ diagnostics: inout Diagnostics
  ) {
    let places = (0..<network.linkCount).filter { isConnected[$0] }.map { l -> Point2 in
      let points = network.points(of: LinkID(l))
      return points[(points.startIndex + points.endIndex) / 2]
    }
    let index = HilbertRTree(places.map { Box2(min: $0, max: $0) })
    for entity in draft.entities where entity.kind == .district || entity.kind == .subdistrict {
      guard case .polygons(let polygons) = entity.shape else { continue }
      let hasRoad = polygons.contains { rings in
        guard let outer = rings.first else { return false }
        return index.first(in: Box2(outer)) { i in
          Ring.contains(places[i], in: outer)
            && !rings.dropFirst().contains { Ring.contains(places[i], in: $0) }
        } != nil
      }
      if hasRoad { continue }
      zonesWithoutRoad.append(entity.id)
      diagnostics.warn(
        "zone-without-road", place: "\(entity.kind.rawValue) \(entity.id)",
        "no connected road lies in it; no trips begin or end there")
    }
  }
}
