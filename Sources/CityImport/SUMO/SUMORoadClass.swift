import CityNetwork

/// What class of road an edge is.
enum SUMORoadClass {
  /// By the OpenStreetMap type that netconvert keeps; else by its limit and lanes.
  static func of(_ edge: SUMONet.Edge, speed: Double, lanes: Int) -> RoadClass {
    let word = edge.type.split(separator: "|").first { $0.hasPrefix("highway.") }
    if let word {
      switch word.dropFirst("highway.".count).replacing("_link", with: "") {
      case "motorway": return .motorway
      case "trunk": return .trunk
      case "primary": return .primary
      case "secondary": return .secondary
      case "tertiary": return .tertiary
      case "residential", "unclassified", "living_street", "road": return .residential
      case "service", "track", "unsurfaced": return .service
      default: break
      }
    }
    if speed > 30 { return .motorway }
    if speed > 20 { return .trunk }
    if lanes > 1 { return .secondary }
    return speed > 9 ? .tertiary : .residential
  }
}
