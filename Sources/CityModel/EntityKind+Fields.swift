extension EntityKind {
  /// The standard fields that a layer of this kind may have or map, besides its raw attributes.
  public var standardFields: [String] {
    let own: [String] =
      switch self {
      case .district: ["code", "population"]
      case .subdistrict: ["code", "district", "population"]
      case .building: ["use", "levels", "height_m", "floor_area_m2", "population", "jobs"]
      case .road:
        [
          "class", "lanes_forward", "lanes_backward", "speed_kmh", "one_way", "roundabout",
          "bridge",
          "tunnel", "access",
        ]
      case .signal: ["junction"]
      case .parking: ["type", "capacity", "price_cny_h", "hours"]
      case .hospital: ["beds", "emergency"]
      case .fireStation: ["engines"]
      case .policeStation: ["cars"]
      case .ambulanceStation: ["ambulances"]
      case .sensor: ["type"]
      case .footway: ["surface", "width_m", "steps"]
      case .gate:
        ["link", "direction", "class", "capacity_veh_h", "volume_veh_h", "through_share"]
      case .place: ["use", "floor_area_m2", "population"]
      }
    return ["id", "name"] + own
  }

  /// What a kind is called in reports, in the plural.
  public var plural: String {
    switch self {
    case .district: "districts"
    case .subdistrict: "sub-districts"
    case .building: "buildings"
    case .road: "roads"
    case .signal: "signals"
    case .parking: "parking facilities"
    case .hospital: "hospitals"
    case .fireStation: "fire stations"
    case .policeStation: "police stations"
    case .ambulanceStation: "ambulance stations"
    case .sensor: "sensors"
    case .footway: "footways"
    case .gate: "gates"
    case .place: "places"
    }
  }
}
