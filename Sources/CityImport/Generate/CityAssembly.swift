import CityBase
import CityModel
import CityNetwork

/// Puts what was planned into a draft, kind after kind.
struct CityAssembly {
  let plan: CityPlan
  let regions: RegionPlan
  private(set) var blocks: [CityBlock]
  private var buildings: [DraftBuilding] = []
  private var lots: [(block: Int, place: Rectangle)] = []
  private var facilities: [DraftEntity] = []
  private let population: PopulationPlan
  private let subdistrictNames: [PlaceNames.Name]

  init(_ plan: CityPlan) {
    self.plan = plan
    let regions = RegionPlan(plan)
    self.regions = regions
    var blocks = CityBlock.all(of: plan, regions)
    let residents = PopulationPlan.total(plan, blocks)
    var names = PlaceNames(random: plan.random, series: 2)
    let subdistrictNames = regions.districtOfSubdistrict.map { _ in names.next() }
    LandUse.assign(
      &blocks, plan,
      hospitals: FacilityPlan.hospitalQuota(plan, regions, residents: residents))
    if plan.options.drawnDetail != .streets {
      let built = BuildingPlan(plan, blocks)
      buildings = built.buildings
      lots = built.lots
      facilities =
        FacilityPlan(
          plan, regions, blocks, &buildings, subdistrictNames: subdistrictNames.map(\.hanzi),
          residents: residents
        ).entities
    }
    population = PopulationPlan(plan, regions, blocks, &buildings)
    self.subdistrictNames = subdistrictNames
    self.blocks = blocks
  }

  func draft() -> CityDraft {
    var draft = CityDraft(
      name: plan.options.name, timeZone: "Asia/Shanghai", workingCRS: "EPSG:4548",
      layerCRS: "EPSG:4490")
    let signals: [RoadSource.Node]
    switch plan.options.streets {
    case .simple:
      draft.roads = StreetExport(map: plan.map, lines: plan.lines, random: plan.random).roadSource()
      signals = draft.roads.nodes.filter { $0.control == .signals }
    case .full:
      let streets = MetropolitanStreets(plan)
      draft.roads = streets.roadSource()
      signals = streets.signals
      if plan.options.drawnDetail == .buildings {
        draft.sideLayers.append(RoadsidePoints.layer(streets))
      }
    }
    draft.entities = districtEntities()
    draft.entities += buildings.enumerated().map { entity($1, number: $0 + 1) }
    draft.entities += facilities
    draft.entities += lots.enumerated().map { lotEntity($1.block, $1.place, number: $0 + 1) }
    draft.entities += StreetFurniture(plan: plan, signalNodes: signals).entities(blocks)
    return draft
  }

  /// Codes begin with 19, which no province of China has.
  private func districtCode(_ d: Int) -> String { "1901" + (d < 9 ? "0" : "") + String(d + 1) }

  private func subdistrictCode(_ s: Int) -> String {
    let district = regions.districtOfSubdistrict[s]
    let number = s - (regions.districtOfSubdistrict.firstIndex(of: district) ?? s) + 1
    return districtCode(district) + String(String(1_000 + number).dropFirst())
  }

  private func districtEntities() -> [DraftEntity] {
    let outlines = RegionOutlines(plan, regions)
    let count = regions.districtOfSubdistrict.count
    var people = Array(repeating: 0, count: regions.districtCount)
    for s in 0..<count { people[regions.districtOfSubdistrict[s]] += population.residents[s] }
    let districts = outlines.polygons(
      groupOfSubdistrict: regions.districtOfSubdistrict, groups: regions.districtCount
    ).enumerated().map { d, shape in
      let name = PlaceNames.district(d)
      return DraftEntity(
        kind: .district, id: name.pinyin, shape: .polygons(shape),
        properties: [
          Property("name", .text(name.hanzi)), Property("code", .text(districtCode(d))),
          Property("population", .integer(Int64(people[d]))),
        ])
    }
    let subdistricts = outlines.polygons(groupOfSubdistrict: Array(0..<count), groups: count)
    return districts
      + subdistricts.enumerated().map { s, shape in
        DraftEntity(
          kind: .subdistrict, id: subdistrictNames[s].pinyin + "-jiedao-\(s + 1)",
          shape: .polygons(shape),
          properties: [
            Property("name", .text(subdistrictNames[s].hanzi + "街道")),
            Property("code", .text(subdistrictCode(s))),
            Property("district", .text(districtCode(regions.districtOfSubdistrict[s]))),
            Property("population", .integer(Int64(population.residents[s]))),
          ])
      }
  }

  private func entity(_ b: DraftBuilding, number: Int) -> DraftEntity {
    var properties: [Property] = []
    if !b.name.isEmpty { properties.append(Property("name", .text(b.name))) }
    properties += [
      Property("use", .text(b.use.rawValue)), Property("levels", .integer(Int64(b.levels))),
      Property("height_m", .number(b.height, decimals: 1)),
      Property("floor_area_m2", .number(b.floorArea, decimals: 0)),
    ]
    if b.population > 0 { properties.append(Property("population", .integer(Int64(b.population)))) }
    if b.jobs > 0 { properties.append(Property("jobs", .integer(Int64(b.jobs)))) }
    return DraftEntity(
      kind: .building, id: "b\(number)", shape: .polygons([[b.ring]]), properties: properties)
  }

  private func lotEntity(_ block: Int, _ place: Rectangle, number: Int) -> DraftEntity {
    let block = blocks[block]
    let draws = block.draws(plan.random, .cityFacility, 6)
    // 27 square metres for each car, aisles included.
    return DraftEntity(
      kind: .parking, id: "l\(number)",
      shape: .polygons([[place.corners.map(\.roundedToMillimetre)]]),
      properties: FacilityPlan.parking(
        "surface", capacity: Int(place.area / 27), away: block.away, draws))
  }
}
