import CityBase
import CityModel

/// Who lives and works where: whole numbers that add up over buildings, sub-districts and
/// districts.
struct PopulationPlan {
  /// Residents by sub-district.
  private(set) var residents: [Int]
  /// Jobs for each resident, the usual share of a Chinese metropolis.
  private static let jobsPerResident = 0.52
  static let residentsPerSquareKilometer = 11_000.0

  init(
    _ plan: CityPlan, _ regions: RegionPlan, _ blocks: [CityBlock],
    _ buildings: inout [DraftBuilding]
  ) {
    let count = regions.districtOfSubdistrict.count
    residents = Array(repeating: 0, count: count)
    let total = Self.total(plan, blocks)
    guard plan.options.drawnDetail != .streets else {
      var land = Array(repeating: 0.0, count: count)
      for b in blocks { land[b.subdistrict] += b.area * (1.3 - b.away) }
      residents = Apportion.shares(of: total, by: land)
      return
    }
    let dwellings = buildings.enumerated().map { i, b in
      guard b.use == .residential else { return 0.0 }
      return b.floorArea * KeyedDraws(plan.random, .cityPopulation, b.block, i).between(0.8, 1.2, 0)
    }
    let workplaces = buildings.map { $0.floorArea * Self.jobsPerSquareMeter($0.use) }
    let people = Apportion.shares(of: total, by: dwellings)
    let jobs = Apportion.shares(of: Int(Double(total) * Self.jobsPerResident), by: workplaces)
    for i in buildings.indices {
      buildings[i].population = people[i]
      buildings[i].jobs = jobs[i]
      residents[buildings[i].subdistrict] += people[i]
    }
  }

  /// The wanted number of residents.
  static func total(_ plan: CityPlan, _ blocks: [CityBlock]) -> Int {
    if let wanted = plan.options.population { return wanted }
    let land = blocks.reduce(0) { $0 + $1.area } / 1e6
    return Int((land * residentsPerSquareKilometer / 1_000).rounded()) * 1_000
  }

  /// Relative density of work, places for each square metre of floor.
  private static func jobsPerSquareMeter(_ use: BuildingUse) -> Double {
    switch use {
    case .residential: 0
    case .office: 1 / 22
    case .retail: 1 / 38
    case .industrial: 1 / 60
    case .education: 1 / 70
    case .health: 1 / 45
    case .hotel: 1 / 80
    case .public: 1 / 35
    case .other: 1 / 100
    }
  }
}
