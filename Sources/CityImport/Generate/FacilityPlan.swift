import CityBase
import CityModel

/// Hospitals, stations and garages, each in a building of its own.
struct FacilityPlan {
  private let plan: CityPlan
  private let blocks: [CityBlock]
  private var names: PlaceNames
  private var taken: Set<Int> = []
  private(set) var entities: [DraftEntity] = []
  private var countByPrefix: [String: Int] = [:]
  private let subdistrictNames: [String]

  /// Hospitals for each sub-district.
  static func hospitalQuota(_ plan: CityPlan, _ regions: RegionPlan, residents: Int) -> [Int] {
    regions.quota(of: max(1, Int((Double(residents) / 65_000).rounded())))
  }

  /// Chooses the buildings, and gives them their new use.
  init(
    _ plan: CityPlan, _ regions: RegionPlan, _ blocks: [CityBlock],
    _ buildings: inout [DraftBuilding], subdistrictNames: [String], residents: Int
  ) {
    self.plan = plan
    self.blocks = blocks
    self.subdistrictNames = subdistrictNames
    names = PlaceNames(random: plan.random, series: 3)
    guard !buildings.isEmpty else { return }
    let total = regions.land.reduce(0, +) / 1e6
    let members = Self.bySubdistrict(buildings, regions.land.count)
    addHospitals(&buildings, residents: residents)
    let fire = regions.quota(of: max(2, Int((total / 6.5).rounded())))
    addStations(.fireStation, fire, members, &buildings)
    addStations(.policeStation, regions.land.map { _ in 1 }, members, &buildings)
    let ambulances = regions.quota(of: max(1, Int((total / 11).rounded())))
    addStations(.ambulanceStation, ambulances, members, &buildings)
    addGarages(buildings)
  }

  private static func bySubdistrict(_ buildings: [DraftBuilding], _ count: Int) -> [[Int]] {
    var members: [[Int]] = Array(repeating: [], count: count)
    for (i, b) in buildings.enumerated() { members[b.subdistrict].append(i) }
    return members
  }

  private mutating func add(
    _ kind: EntityKind, _ prefix: String, at p: Point2, _ name: String, _ fields: [Property]
  ) {
    let number = countByPrefix[prefix, default: 0] + 1
    countByPrefix[prefix] = number
    let properties = [Property("name", .text(name))] + fields
    entities.append(
      DraftEntity(
        kind: kind, id: "\(prefix)\(number)", shape: .point(p.roundedToMillimetre),
        properties: properties))
  }

  /// One for each block of health, at its largest building.
  private mutating func addHospitals(_ buildings: inout [DraftBuilding], residents: Int) {
    var houses: [(main: Int, floor: Double)] = []
    for (i, b) in buildings.enumerated() where blocks[b.block].use == .health {
      taken.insert(i)
      if let last = houses.last, buildings[last.main].block == b.block {
        let isLarger = b.floorArea > buildings[last.main].floorArea
        houses[houses.count - 1] = (isLarger ? i : last.main, last.floor + b.floorArea)
      } else {
        houses.append((i, b.floorArea))
      }
    }
    let beds = Apportion.shares(of: Int(Double(residents) * 0.0062), by: houses.map(\.floor))
    for (house, count) in zip(houses, beds) {
      let name = names.next().hanzi + "医院"
      buildings[house.main].name = name
      let p = Ring.centroid(buildings[house.main].ring)
      add(
        .hospital, "h", at: p, name,
        [Property("beds", .integer(Int64(count))), Property("emergency", .bool(true))])
      add(
        .ambulanceStation, "a", at: p + Point2(6, 6), name + "急救站",
        [Property("ambulances", .integer(Int64(2 + min(4, count / 200))))])
    }
  }

  /// Stations in buildings near the middle of a sub-district that lie on a through street.
  private mutating func addStations(
    _ kind: EntityKind, _ quota: [Int], _ members: [[Int]], _ buildings: inout [DraftBuilding]
  ) {
    for (s, count) in quota.enumerated() {
      for k in 0..<count {
        let draws = KeyedDraws(plan.random, .cityFacility, 2, s, k, kind == .fireStation ? 0 : 1)
        guard let i = site(members[s], buildings, draws) else { continue }
        taken.insert(i)
        buildings[i].use = .public
        buildings[i].levels = 3 + draws.below(3, 2)
        let p = Ring.centroid(buildings[i].ring)
        switch kind {
        case .fireStation:
          let name = names.next().hanzi + "消防救援站"
          buildings[i].name = name
          add(kind, "f", at: p, name, [Property("engines", .integer(Int64(2 + draws.below(4, 3))))])
        case .policeStation:
          let name = subdistrictNames[s] + "派出所"
          buildings[i].name = name
          add(kind, "c", at: p, name, [Property("cars", .integer(Int64(3 + draws.below(5, 3))))])
        default:
          let name = names.next().hanzi + "急救站"
          buildings[i].name = name
          add(
            kind, "a", at: p, name, [Property("ambulances", .integer(Int64(1 + draws.below(3, 3))))]
          )
        }
      }
    }
  }

  private func site(_ members: [Int], _ buildings: [DraftBuilding], _ draws: KeyedDraws) -> Int? {
    guard !members.isEmpty else { return nil }
    let start = draws.below(members.count, 0)
    // A random building is the middle of the search, so that stations spread over the city.
    let wanted = buildings[members[start]].frame.center
    func isFit(_ i: Int) -> Bool {
      let b = buildings[i]
      return !taken.contains(i) && b.use != .industrial && b.use != .education
        && b.footprint < 1_600
        && blocks[b.block].streets.contains { $0.roadClass <= .tertiary }
    }
    func score(_ i: Int) -> Double {
      let b = buildings[i]
      return b.frame.center.distance(to: wanted) + 4 * streetDistance(b)
    }
    return members.lazy.filter(isFit).map { (score($0), $0) }.min { $0 < $1 }?.1
  }

  /// Metres to the next through street.
  private func streetDistance(_ b: DraftBuilding) -> Double {
    let block = blocks[b.block]
    var best = Double.infinity
    for i in block.ring.indices where block.streets[i].roadClass <= .tertiary {
      let next = block.ring[(i + 1) % block.ring.count]
      best = min(best, Segment.distance(b.frame.center, block.ring[i], next))
    }
    return best
  }

  /// A garage under the largest building of some blocks of offices, shops and hospitals.
  private mutating func addGarages(_ buildings: [DraftBuilding]) {
    var first = 0
    while first < buildings.count {
      let b = buildings[first].block
      var end = first
      while end < buildings.count, buildings[end].block == b { end += 1 }
      addGarage(buildings, first..<end, blocks[b])
      first = end
    }
  }

  private mutating func addGarage(
    _ buildings: [DraftBuilding], _ range: Range<Int>, _ block: CityBlock
  ) {
    let share: Double
    switch block.use {
    case .office, .retail: share = 0.55
    case .health: share = 1
    case .mixed, .administration: share = 0.35
    default: return
    }
    let draws = block.draws(plan.random, .cityFacility, 3)
    guard draws.happens(share, 0),
      let i = range.max(by: { buildings[$0].floorArea < buildings[$1].floorArea })
    else { return }
    let floor = range.filter { buildings[$0].use != .residential }
      .reduce(0.0) { $0 + buildings[$1].floorArea }
    let capacity = min(900, max(60, Int(floor / 900) * 10))
    add(
      .parking, "g", at: Ring.centroid(buildings[i].ring), names.next().hanzi + "停车楼",
      Self.parking("garage", capacity: capacity, away: block.away, draws))
  }

  /// The fields of a car park; prices fall with the distance from the middle.
  static func parking(_ type: String, capacity: Int, away: Double, _ draws: KeyedDraws)
    -> [Property]
  {
    let price = max(2, 8 - (away * 8).rounded() + Double(draws.below(2, 7)))
    let isAlwaysOpen = draws.happens(0.6, 8)
    return [
      Property("type", .text(type)), Property("capacity", .integer(Int64(capacity))),
      Property("price_cny_h", .number(price, decimals: 1)),
      Property("hours", .text(isAlwaysOpen ? "00:00-24:00" : "06:30-23:00")),
    ]
  }
}
