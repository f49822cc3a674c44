import CityBase

/// What stands and lies along the streets and is no entity of the city model: bus stops, crossings,
/// kerbs, signs, humps, barriers. They go into a layer of their own, for people and other programs.
enum StreetPoints {
  static let fileName = "street_points.geojson"

  /// The word for a node in that layer; nil for nodes that do not belong there.
  static func kind(_ tags: OSMTags) -> String? {
    switch tags[.highway] {
    case "bus_stop": return "bus_stop"
    case "crossing": return "crossing"
    case "stop": return "stop_sign"
    case "give_way": return "give_way_sign"
    case "mini_roundabout": return "mini_roundabout"
    case "turning_circle", "turning_loop": return "turning_circle"
    default: break
    }
    if tags[.publicTransport] == "platform", tags[.bus] == "yes" { return "bus_stop" }
    if tags[.railway] == "level_crossing" { return "level_crossing" }
    if tags.has(.trafficCalming) { return "traffic_calming" }
    if tags[.barrier] == "kerb" || tags.has(.kerb) { return "kerb" }
    if NodeTags(tags).isBarrier { return "barrier" }
    return nil
  }

  static func layer(_ plane: OSMPlane) -> SideLayer? {
    var layer = SideLayer(fileName: fileName)
    let data = plane.data
    for node in 0..<data.nodeCount
    where data.nodeTags[node].count > 0 && plane.positions[node].isFinite {
      let tags = data.tags(ofNode: node)
      guard let kind = kind(tags) else { continue }
      layer.features.append(
        DraftFeature(
          id: "n\(data.nodeID[node])", shape: .point(plane.positions[node]),
          properties: [Property("kind", .text(kind))]
            + tags.properties.filter { $0.name != "kind" }))
    }
    return layer.features.isEmpty ? nil : layer
  }
}
