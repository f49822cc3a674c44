import CityReporting

/// The figures that the terminal shows of a comparison; the files have all of them.
enum MainFigures {
  /// By "group.name", in the order in which they are shown, with the decimals that can be read.
  static let all: [(name: String, decimals: Int)] = [
    ("trips.total_time_h", 1),
    ("trips.arrived", 1),
    ("trips.mean_travel_time_s", 1),
    ("trips.mean_delay_s", 1),
    ("traffic.mean_speed_kmh", 2),
    ("traffic.vehicle_km", 0),
    ("traffic.gridlocks", 1),
    ("parking.mean_search_s", 1),
    ("parking.p90_search_s", 1),
    ("parking.cruising_share", 4),
    ("parking.mean_walk_m", 1),
    ("parking.mean_occupancy", 4),
    ("parking.refused", 1),
    ("parking.gave_up", 1),
    ("parking.violations", 1),
    ("parking.revenue_cny", 0),
    ("emergency.mean_response_s", 1),
    ("emergency.p90_response_s", 1),
    ("emergency.within_8min", 4),
    ("emergency.within_15min", 4),
    ("emergency.queued", 1),
    ("emergency.open", 1),
    ("emergency.utilisation", 4),
  ]

  static func decimals(of name: String) -> Int? { all.first { $0.name == name }?.decimals }
}
