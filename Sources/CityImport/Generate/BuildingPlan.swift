import CityBase
import CityModel
import CityNetwork

/// Fills the blocks with buildings and surface car parks.
struct BuildingPlan {
  let plan: CityPlan
  let blocks: [CityBlock]
  private(set) var buildings: [DraftBuilding] = []
  /// Surface car parks: block and place.
  private(set) var lots: [(block: Int, place: Rectangle)] = []

  init(_ plan: CityPlan, _ blocks: [CityBlock]) {
    self.plan = plan
    self.blocks = blocks
    let isCoarse = plan.options.drawnDetail == .blocks
    for b in blocks.indices {
      if isCoarse { fillCoarsely(b) } else { fill(b) }
    }
  }

  private mutating func fill(_ b: Int) {
    let block = blocks[b]
    var site = BlockSite(block)
    switch block.use {
    case .residential: fillWithRows(b, &site)
    case .mixed:
      lineStreets(
        b, &site, use: .retail, width: 34...62, depth: 16...22, share: 0.45, least: .tertiary)
      fillWithRows(b, &site)
    case .office:
      reserveLot(b, &site, chance: 0.35)
      lineStreets(
        b, &site, use: .office, width: 34...58, depth: 24...34, share: 0.85, least: .residential)
      fillWithTowers(b, &site, use: .office)
    case .retail:
      reserveLot(b, &site, chance: 0.5)
      lineStreets(
        b, &site, use: .retail, width: 44...84, depth: 26...42, share: 0.85, least: .residential)
      fillWithTowers(b, &site, use: .retail)
    case .administration:
      lineStreets(
        b, &site, use: .public, width: 40...70, depth: 18...30, share: 0.7, least: .residential)
      fillWithTowers(b, &site, use: .public)
    case .industrial:
      reserveLot(b, &site, chance: 0.3)
      fillWithSheds(b, &site)
    case .education: fillCampus(b, &site, use: .education, count: 7)
    case .health:
      reserveLot(b, &site, chance: 1)
      fillCampus(b, &site, use: .health, count: 8)
    case .park: break
    }
  }

  mutating func add(
    _ b: Int, _ site: inout BlockSite, _ place: Rectangle, wing: Double? = nil, use: BuildingUse,
    levels: Int, gap: Double
  ) -> Bool {
    guard site.take(place, gap: gap) else { return false }
    buildings.append(
      DraftBuilding(
        frame: place, ring: DraftBuilding.outline(place, wing: wing), use: use, levels: levels,
        block: b, subdistrict: blocks[b].subdistrict))
    return true
  }

  /// Slabs in parallel rows that face south as nearly as the block allows.
  private mutating func fillWithRows(_ b: Int, _ site: inout BlockSite) {
    let block = blocks[b]
    let draws = block.draws(plan.random, .cityBuilding, 2)
    let side = BlockFrame.sideDirection(block.ring)
    let east = abs(side.x) >= abs(side.y) ? side : side.leftNormal
    let along = east.x < 0 ? east * -1 : east
    // Taller compounds stand farther apart.
    let tall = draws.unit(0)
    let levels = tall < 0.7 ? 6 : tall < 0.9 ? 9 + draws.below(3, 1) : 16 + draws.below(11, 2)
    let pitch = levels < 8 ? 42.0 : levels < 15 ? 52.0 : 64.0
    let length = levels < 15 ? draws.between(52, 70, 3) : draws.between(34, 46, 3)
    let depth = levels < 15 ? 13.0 : 17.0
    let step = length + (levels < 15 ? 15.0 : 24.0)
    let reach = BlockFrame.extent(block.ring, along: along) / 2 + step
    let rise = BlockFrame.extent(block.ring, along: along.leftNormal) / 2 + pitch
    let (columns, rows) = (Int(reach / step) + 1, Int(rise / pitch) + 1)
    for row in -rows...rows {
      let shift = draws.between(0, step, 10 + row & 63)
      for column in -columns...columns {
        let ordinal = 100 + (row + 500) * 1_000 + column + 500
        if draws.happens(0.05, ordinal) { continue }
        let place = Rectangle(
          center: block.center + along * (Double(column) * step + shift)
            + along.leftNormal * (Double(row) * pitch),
          direction: along, width: length, depth: depth)
        _ = add(b, &site, place, use: .residential, levels: levels, gap: 9)
      }
    }
  }

  /// Buildings along the streets around, their fronts at the building line.
  private mutating func lineStreets(
    _ b: Int, _ site: inout BlockSite, use: BuildingUse, width: ClosedRange<Double>,
    depth: ClosedRange<Double>, share: Double, least: RoadClass
  ) {
    let block = blocks[b]
    for i in block.ring.indices where block.streets[i].roadClass <= least {
      let a = block.ring[i]
      let side = block.ring[(i + 1) % block.ring.count] - a
      let direction = side.normalized
      var at = 24.0
      var k = 0
      while at < side.length - 24 {
        let draws = KeyedDraws(plan.random, .cityBuilding, 3, block.face, i, k)
        let w = draws.between(width.lowerBound, width.upperBound, 0)
        let d = draws.between(depth.lowerBound, depth.upperBound, 1)
        let front = block.setbacks[i] + 0.5 + Double(draws.below(3, 2)) * 2
        let place = Rectangle(
          center: a + direction * (at + w / 2) + direction.leftNormal * (front + d / 2),
          direction: direction, width: w, depth: d)
        let isCorner = w > 44 && d > 25 && draws.happens(0.35, 4)
        if draws.happens(share, 3) {
          _ = add(
            b, &site, place, wing: isCorner ? d * 0.5 : nil, use: varied(use, draws),
            levels: levels(use, block.away, draws), gap: 9)
        }
        at += w + draws.between(10, 26, 5)
        k += 1
      }
    }
  }

  private func varied(_ use: BuildingUse, _ draws: KeyedDraws) -> BuildingUse {
    let u = draws.unit(6)
    switch use {
    case .office: return u < 0.08 ? .hotel : u < 0.22 ? .retail : .office
    case .retail: return u < 0.06 ? .hotel : u < 0.18 ? .office : .retail
    default: return use
    }
  }

  private func levels(_ use: BuildingUse, _ away: Double, _ draws: KeyedDraws) -> Int {
    let u = draws.unit(7)
    switch use {
    case .office: return 5 + Int(u * u * 34 * max(0.25, 1 - 1.6 * away))
    case .retail: return 2 + draws.below(4, 8)
    default: return 4 + draws.below(5, 8)
    }
  }

  /// Free-standing buildings inside a block whose borders are taken.
  private mutating func fillWithTowers(_ b: Int, _ site: inout BlockSite, use: BuildingUse) {
    let block = blocks[b]
    let along = BlockFrame.sideDirection(block.ring)
    let pitch = 58.0
    let columns = Int(BlockFrame.extent(block.ring, along: along) / pitch / 2) + 1
    let rows = Int(BlockFrame.extent(block.ring, along: along.leftNormal) / pitch / 2) + 1
    for row in -rows...rows {
      for column in -columns...columns {
        let draws = KeyedDraws(plan.random, .cityBuilding, 6, block.face, row, column)
        guard draws.happens(0.72, 0) else { continue }
        let width = draws.between(28, 38, 1)
        let place = Rectangle(
          center: block.center + along * (Double(column) * pitch)
            + along.leftNormal * (Double(row) * pitch), direction: along, width: width,
          depth: draws.between(24, 34, 2))
        _ = add(
          b, &site, place, use: varied(use, draws), levels: levels(use, block.away, draws), gap: 14)
      }
    }
  }

  private mutating func fillWithSheds(_ b: Int, _ site: inout BlockSite) {
    let block = blocks[b]
    let draws = block.draws(plan.random, .cityBuilding, 4)
    let along = BlockFrame.sideDirection(block.ring)
    let (step, pitch) = (draws.between(92, 150, 0), draws.between(72, 96, 1))
    let columns = Int(BlockFrame.extent(block.ring, along: along) / step / 2) + 2
    let rows = Int(BlockFrame.extent(block.ring, along: along.leftNormal) / pitch / 2) + 2
    for row in -rows...rows {
      for column in -columns...columns {
        let ordinal = 100 + ((row + 500) * 1_000 + column + 500) * 4
        if draws.happens(0.12, ordinal) { continue }
        let place = Rectangle(
          center: block.center + along * (Double(column) * step)
            + along.leftNormal * (Double(row) * pitch), direction: along,
          width: step - draws.between(18, 34, ordinal + 1),
          depth: pitch - draws.between(18, 34, ordinal + 2))
        let isOffice = draws.happens(0.08, ordinal + 3)
        _ = add(
          b, &site, place, use: isOffice ? .office : .industrial, levels: isOffice ? 4 : 1, gap: 12)
      }
    }
  }

  /// A few large buildings around a yard.
  private mutating func fillCampus(
    _ b: Int, _ site: inout BlockSite, use: BuildingUse, count: Int
  ) {
    let block = blocks[b]
    let draws = block.draws(plan.random, .cityBuilding, 5)
    let along = BlockFrame.sideDirection(block.ring)
    let (w, h) = (
      BlockFrame.extent(block.ring, along: along),
      BlockFrame.extent(block.ring, along: along.leftNormal)
    )
    var built = 0
    for k in 0..<70 where built < count {
      let isL = draws.happens(0.4, 10 * k)
      let place = Rectangle(
        center: block.center + along * draws.between(-w / 2, w / 2, 10 * k + 1)
          + along.leftNormal * draws.between(-h / 2, h / 2, 10 * k + 2), direction: along,
        width: draws.between(46, 80, 10 * k + 3),
        depth: isL ? 42 : draws.between(16, 22, 10 * k + 4))
      let levels = use == .health ? 6 + draws.below(11, 10 * k + 5) : 4 + draws.below(3, 10 * k + 5)
      if add(b, &site, place, wing: isL ? 16 : nil, use: use, levels: levels, gap: 14) {
        built += 1
      }
    }
  }

  private mutating func reserveLot(_ b: Int, _ site: inout BlockSite, chance: Double) {
    let block = blocks[b]
    let draws = block.draws(plan.random, .cityFacility, 1)
    guard draws.happens(chance, 0) else { return }
    let along = BlockFrame.sideDirection(block.ring)
    for k in 1...12 {
      let place = Rectangle(
        center: block.center + along * draws.between(-70, 70, 8 * k)
          + along.leftNormal * draws.between(-70, 70, 8 * k + 1), direction: along,
        width: draws.between(45, 90, 8 * k + 2), depth: draws.between(33, 50, 8 * k + 3))
      if site.take(place, gap: 6) {
        lots.append((b, place))
        return
      }
    }
  }
}
