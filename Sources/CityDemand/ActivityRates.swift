import CityModel

/// How strongly floor area of each use draws trips of each purpose.
///
/// Work is in jobs for 100 m2 of floor, in the order of common employment densities (an office desk
/// takes about 20 m2 of gross floor, a shop 35, a works hall 65). The other purposes are round
/// assumptions of this engine: only their ratios matter, since a purpose's own share of all trips
/// comes from the `DailyPattern`.
enum ActivityRates {
  /// Pull for 100 m2.
  static func rate(_ purpose: TripPurpose, _ use: BuildingUse) -> Double {
    switch purpose {
    case .work: work(use)
    case .education: use == .education ? 8 : 0
    case .shopping: use == .retail ? 10 : use == .other ? 0.3 : 0
    case .leisure: leisure(use)
    case .business: business(use)
    case .home: home(use)
    case .other: other(use)
    }
  }

  /// Pull of what a town has for each of its residents, in the same units: round figures of this
  /// project, which come to about the one job for two people that most countries have.
  static func pullPerResident(_ purpose: TripPurpose) -> Double {
    floorPerResident.reduce(0) { $0 + $1.squareMeters / 100 * rate(purpose, $1.use) }
  }

  private static let floorPerResident: [(use: BuildingUse, squareMeters: Double)] = [
    (.residential, 35), (.industrial, 8), (.office, 4), (.retail, 2.5), (.education, 2),
    (.health, 1), (.public, 1), (.hotel, 0.5),
  ]

  private static func work(_ use: BuildingUse) -> Double {
    switch use {
    case .office: 5
    case .retail: 3
    case .health: 2.5
    case .public: 2
    case .industrial, .education: 1.5
    case .hotel: 1
    case .other: 0.8
    case .residential: 0.05
    }
  }

  private static func leisure(_ use: BuildingUse) -> Double {
    switch use {
    case .public: 4
    case .retail: 3
    case .hotel: 2
    case .other: 0.5
    case .residential: 0.3
    case .office, .industrial, .education, .health: 0
    }
  }

  private static func business(_ use: BuildingUse) -> Double {
    switch use {
    case .office: 4
    case .public: 2
    case .industrial: 1.5
    case .hotel: 1
    case .education, .health: 0.5
    case .other: 0.4
    case .residential, .retail: 0
    }
  }

  private static func other(_ use: BuildingUse) -> Double {
    switch use {
    case .health: 6
    case .public: 4
    case .retail, .education: 2
    case .other: 0.5
    case .residential: 0.4
    case .office, .industrial, .hotel: 0
    }
  }

  /// People for 100 m2: 35 m2 each. A building of unknown use counts half, a hotel a third.
  static func home(_ use: BuildingUse) -> Double {
    switch use {
    case .residential: 100.0 / 35
    case .other: 50.0 / 35
    case .hotel: 33.0 / 35
    case .office, .retail, .industrial, .education, .health, .public: 0
    }
  }
}
