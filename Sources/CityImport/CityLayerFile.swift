import CityBase
import CityGIS
import CityModel
import CityNetwork

/// One layer of a city folder as the bytes of its GeoJSON file.
struct CityLayerFile {
  var fileName: String
  var bytes: [UInt8]

  /// The layer of a kind; nil where the draft has no such thing.
  init?(_ kind: EntityKind, of draft: CityDraft) throws(CityError) {
    fileName = Self.fileName(kind)
    let features =
      kind == .road
      ? Self.roads(draft)
      : draft.entities.lazy.filter { $0.kind == kind }.map {
        DraftFeature(id: $0.id, shape: $0.shape, properties: $0.properties)
      }
    guard !features.isEmpty else { return nil }
    bytes = try Self.encode(features, of: draft)
  }

  /// A layer beside those of the city model.
  init(_ side: SideLayer, of draft: CityDraft) throws(CityError) {
    fileName = side.fileName
    bytes = try Self.encode(side.features, of: draft)
  }

  private static func encode(_ features: [DraftFeature], of draft: CityDraft) throws(CityError)
    -> [UInt8]
  {
    var features = features
    try transform(&features, from: draft.workingCRS, to: draft.layerCRS)
    var writer = GeoJSONWriter()
    writer.begin()
    for feature in features {
      writer.addFeature(
        id: feature.id, shape: shape(feature.shape),
        properties: [Property("id", .text(feature.id))]
          + feature.properties.filter { $0.name != "id" })
    }
    return writer.finish()
  }

  static func fileName(_ kind: EntityKind) -> String {
    switch kind {
    case .parking: "parking.geojson"
    case .fireStation, .policeStation, .ambulanceStation: "\(kind.rawValue)s.geojson"
    default: "\(kind.rawValue)s.geojson"
    }
  }

  private static func shape(_ shape: DraftShape) -> GeoJSONWriter.Shape {
    switch shape {
    case .point(let p): .point(p)
    case .line(let points): .line(points)
    case .lines(let lines): .multiLine(lines)
    case .polygons(let polygons):
      if let only = polygons.first, polygons.count == 1 {
        .polygon(only)
      } else {
        .multiPolygon(polygons)
      }
    }
  }

  // MARK: Coordinates

  /// Transforms all points of all features in one call, which is many times cheaper than one each.
  private static func transform(
    _ features: inout [DraftFeature], from source: String, to target: String
  ) throws(CityError) {
    var points: [Point2] = []
    for feature in features { forEachPoint(feature.shape) { points.append($0) } }
    let lost = try CoordinateTransform(from: source, to: target).apply(&points)
    guard lost == 0 else {
      throw .failed("\(lost) coordinates in \(source) have no place in \(target)")
    }
    var next = 0
    for i in features.indices {
      features[i].shape = mapped(features[i].shape) { _ in
        next += 1
        return points[next - 1]
      }
    }
  }

  private static func forEachPoint(_ shape: DraftShape, _ body: (Point2) -> Void) {
    switch shape {
    case .point(let p): body(p)
    case .line(let points): points.forEach(body)
    case .lines(let lines): lines.joined().forEach(body)
    case .polygons(let polygons): polygons.joined().joined().forEach(body)
    }
  }

  private static func mapped(_ shape: DraftShape, _ body: (Point2) -> Point2) -> DraftShape {
    switch shape {
    case .point(let p): .point(body(p))
    case .line(let points): .line(points.map(body))
    case .lines(let lines): .lines(lines.map { $0.map(body) })
    case .polygons(let polygons): .polygons(polygons.map { $0.map { $0.map(body) } })
    }
  }

  // MARK: Roads

  /// The ways of the road source with the standard fields of the road layer.
  private static func roads(_ draft: CityDraft) -> [DraftFeature] {
    let nodes = draft.roads.nodes
    return draft.roads.ways.enumerated().compactMap { i, way in
      let points = way.nodes.filter { nodes.indices.contains(Int($0)) }
        .map { nodes[Int($0)].position }
      guard points.count > 1 else { return nil }
      let raw = draft.roadProperties.indices.contains(i) ? draft.roadProperties[i] : []
      return DraftFeature(
        id: way.externalID, shape: .line(points),
        properties: StandardFields.merge(.road, fields(way), raw: raw))
    }
  }

  private static func fields(_ way: RoadSource.Way) -> [Property] {
    var fields: [Property] = []
    if !way.name.isEmpty { fields.append(Property("name", .text(way.name))) }
    let oneWay = way.backwardLanes == 0 ? "yes" : way.forwardLanes == 0 ? "-1" : "no"
    fields += [
      Property("class", .text("\(way.roadClass)")),
      Property("lanes_forward", .integer(Int64(way.forwardLanes))),
      Property("lanes_backward", .integer(Int64(way.backwardLanes))),
      Property("speed_kmh", .number(way.speedLimit * 3.6, decimals: 1)),
      Property("one_way", .text(oneWay)),
    ]
    if way.isRoundabout { fields.append(Property("roundabout", .bool(true))) }
    if way.isBridge { fields.append(Property("bridge", .bool(true))) }
    if way.isTunnel { fields.append(Property("tunnel", .bool(true))) }
    if !way.access.contains(.car) { fields.append(Property("access", .text("no"))) }
    return fields
  }
}
