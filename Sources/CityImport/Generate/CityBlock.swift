import CityBase
import CityNetwork

/// A block: land between streets.
struct CityBlock {
  /// The face of the map, which is also what its draws hang on.
  var face: Int
  var cell: Int
  var subdistrict: Int
  /// Counter-clockwise, along the centrelines of the streets around.
  var ring: [Point2]
  /// The street along each side of the ring, from corner i to i + 1.
  var streets: [Street]
  /// How far from each side's centreline a building stands at least.
  var setbacks: [Double]
  var center: Point2
  var area: Double
  /// Distance from the middle of the city as a share of its radius.
  var away: Double
  var isRiverside: Bool
  var use = BlockUse.residential

  /// Half the width of a street with its verges and pavements, in metres.
  static func halfWidth(_ s: Street) -> Double {
    let verge: Double
    switch s.roadClass {
    case .motorway, .trunk, .primary: verge = 7.5
    case .secondary: verge = 6
    case .tertiary: verge = 5
    case .residential, .service: verge = 3
    }
    return Double(s.lanes) * 3.5 + verge
  }

  static func all(of plan: CityPlan, _ regions: RegionPlan) -> [CityBlock] {
    let map = plan.map
    return plan.faces.indices.compactMap { f in
      let face = plan.faces[f]
      guard face.kind == .land else { return nil }
      let loop = map.loop(f)
      let ring = loop.map { map.position[Int(map.origin[Int($0)])] }
      let streets = loop.map { map.street(of: $0) }
      let center = Ring.centroid(ring)
      return CityBlock(
        face: f, cell: face.cell, subdistrict: Int(regions.subdistrictOfCell[face.cell]),
        ring: ring, streets: streets,
        setbacks: streets.map { halfWidth($0) + ($0.roadClass <= .secondary ? 9 : 5) },
        center: center, area: Ring.signedArea(ring),
        away: (center - CityTerrain.center).length / plan.radius,
        isRiverside: loop.contains { plan.faces[Int(map.face[Int($0 ^ 1)])].kind == .river })
    }
  }

  func draws(_ random: RandomStream, _ purpose: RandomPurpose, _ key: Int) -> KeyedDraws {
    KeyedDraws(random, purpose, key, face)
  }
}

/// What a block is for.
enum BlockUse {
  case residential, office, retail, mixed, industrial, education, health, park, administration
}

/// Gives every block its use by distance from the middle, river and chance.
enum LandUse {
  static func assign(_ blocks: inout [CityBlock], _ plan: CityPlan, hospitals: [Int]) {
    for i in blocks.indices {
      blocks[i].use = use(of: blocks[i], blocks[i].draws(plan.random, .cityBuilding, 1))
    }
    placeHospitals(&blocks, hospitals)
  }

  private static func use(of b: CityBlock, _ draws: KeyedDraws) -> BlockUse {
    let u = draws.unit(0)
    if b.isRiverside && draws.happens(0.3, 1) && b.area < 130_000 { return .park }
    let table: [(BlockUse, Double)]
    if b.away < 0.24 {
      table = [
        (.office, 0.32), (.retail, 0.2), (.mixed, 0.18), (.residential, 0.2),
        (.administration, 0.05),
        (.education, 0.03), (.park, 0.02),
      ]
    } else if b.away < 0.5 {
      table = [
        (.residential, 0.58), (.mixed, 0.15), (.office, 0.07), (.retail, 0.05), (.education, 0.08),
        (.park, 0.04), (.administration, 0.03),
      ]
    } else if b.away < 0.78 {
      table = [
        (.residential, 0.66), (.mixed, 0.06), (.office, 0.03), (.retail, 0.04), (.education, 0.08),
        (.park, 0.05), (.industrial, 0.08),
      ]
    } else {
      table = [
        (.residential, 0.47), (.industrial, 0.36), (.retail, 0.03), (.education, 0.05),
        (.park, 0.07), (.administration, 0.02),
      ]
    }
    var sum = 0.0
    for (use, share) in table {
      sum += share
      if u < sum { return use }
    }
    return .residential
  }

  /// In every sub-district that gets hospitals, the fitting blocks nearest to its middle.
  private static func placeHospitals(_ blocks: inout [CityBlock], _ quota: [Int]) {
    var members: [[Int]] = Array(repeating: [], count: quota.count)
    for (i, b) in blocks.enumerated() { members[b.subdistrict].append(i) }
    for (s, count) in quota.enumerated() where count > 0 {
      let all = members[s]
      let middle = all.reduce(Point2(0, 0)) { $0 + blocks[$1].center } * (1 / Double(all.count))
      let fitting = all.filter { blocks[$0].area > 24_000 && blocks[$0].area < 140_000 }
        .sorted {
          (blocks[$0].center.distance(to: middle), $0) < (
            blocks[$1].center.distance(to: middle), $1
          )
        }
      for i in fitting.prefix(count) { blocks[i].use = .health }
    }
  }
}
