import CityBase
import CityModel

/// Blocks as a few houses each, for cities whose single buildings nobody could look at.
extension BuildingPlan {
  /// One house for each use of the block, and now and then a small one for a station.
  mutating func fillCoarsely(_ b: Int) {
    let block = blocks[b]
    var site = BlockSite(block)
    let draws = block.draws(plan.random, .cityBuilding, 7)
    if draws.happens(0.2, 0) { addSmallHouse(b, &site, draws) }
    for (use, floorRatio, coverage) in Self.massing(of: block.use) {
      addMass(b, &site, use, floorRatio: floorRatio, coverage: coverage)
    }
  }

  /// Uses with their floor area and their footprint, both as shares of the block, as they come out
  /// where the buildings are drawn one by one.
  private static func massing(of use: BlockUse)
    -> [(use: BuildingUse, floorRatio: Double, coverage: Double)]
  {
    switch use {
    case .residential: [(.residential, 1.0, 0.12)]
    case .mixed: [(.residential, 0.8, 0.1), (.retail, 0.25, 0.06)]
    case .office: [(.office, 1.4, 0.14), (.retail, 0.15, 0.04)]
    case .retail: [(.retail, 0.7, 0.16), (.office, 0.1, 0.02)]
    case .administration: [(.public, 0.9, 0.12)]
    case .industrial: [(.industrial, 0.14, 0.14)]
    case .education: [(.education, 0.5, 0.1)]
    case .health: [(.health, 0.9, 0.1)]
    case .park: []
    }
  }

  /// A square house, smaller and moved aside until it fits.
  private mutating func addMass(
    _ b: Int, _ site: inout BlockSite, _ use: BuildingUse, floorRatio: Double, coverage: Double
  ) {
    let block = blocks[b]
    let along = BlockFrame.sideDirection(block.ring)
    let floor = block.area * floorRatio
    var side = (block.area * coverage).squareRoot()
    for _ in 0..<6 {
      let levels = min(60, max(1, Int((floor / (side * side)).rounded())))
      for (right, up) in [(0.0, 0.0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)] {
        let place = Rectangle(
          center: block.center + along * (right * side) + along.leftNormal * (up * side),
          direction: along, width: side, depth: side)
        if add(b, &site, place, use: use, levels: levels, gap: 9) { return }
      }
      side *= 0.75
    }
  }

  /// A house of the size that stations move into.
  private mutating func addSmallHouse(_ b: Int, _ site: inout BlockSite, _ draws: KeyedDraws) {
    let block = blocks[b]
    let i = draws.below(block.ring.count, 1)
    let a = block.ring[i]
    let side = block.ring[(i + 1) % block.ring.count] - a
    let direction = side.normalized
    let place = Rectangle(
      center: a + direction * (side.length / 2)
        + direction.leftNormal * (block.setbacks[i] + 11.5),
      direction: direction, width: 34, depth: 20)
    _ = add(b, &site, place, use: .public, levels: 3, gap: 9)
  }
}
