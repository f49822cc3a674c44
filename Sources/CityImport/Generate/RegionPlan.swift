import CityBase

/// Districts and sub-districts: which cells of the main streets belong together.
struct RegionPlan {
  /// The sub-district of each cell; -1 outside the city and on the water, of which
  /// `RegionOutlines` gives each bank its half.
  private(set) var subdistrictOfCell: [Int32]
  /// The district of each sub-district.
  private(set) var districtOfSubdistrict: [Int] = []
  private(set) var districtCount = 0
  private(set) var center: [Point2] = []
  private(set) var area: [Double]
  private var neighbors: [[Int32]]

  /// Square kilometres of a district and of a sub-district.
  private static let districtSize = 9.5
  private static let subdistrictSize = 2.1
  /// Square kilometres that a district has where there are more than six.
  private static let largestDistrict = 400.0

  init(_ plan: CityPlan) {
    subdistrictOfCell = Array(repeating: -1, count: plan.cellCount)
    area = Array(repeating: 0, count: plan.cellCount)
    neighbors = Array(repeating: [], count: plan.cellCount)
    measure(plan)
    let land = (0..<plan.cellCount).filter { area[$0] > 0 }
    let banks = components(of: land)
    let total = land.reduce(0) { $0 + area[$1] } / 1e6
    // Six in a city, up to sixteen where the city has become a region.
    let districts = max(
      min(6, max(2, Int((total / Self.districtSize).rounded()))),
      min(16, Int((total / Self.largestDistrict).rounded())))
    let shares = Apportion.shares(
      of: districts, by: banks.map { $0.reduce(0) { $0 + area[$1] } }, atLeast: 1)
    for (bank, share) in zip(banks, shares) {
      for cells in grow(bank, into: share) {
        let size = cells.reduce(0) { $0 + area[$1] } / 1e6
        let parts = min(24, max(1, Int((size / Self.subdistrictSize).rounded())))
        for part in grow(cells, into: parts) {
          for c in part { subdistrictOfCell[c] = Int32(districtOfSubdistrict.count) }
          districtOfSubdistrict.append(districtCount)
        }
        districtCount += 1
      }
    }
  }

  /// Square metres of land by sub-district.
  var land: [Double] {
    var land = Array(repeating: 0.0, count: districtOfSubdistrict.count)
    for (c, s) in subdistrictOfCell.enumerated() where s >= 0 { land[Int(s)] += area[c] }
    return land
  }

  /// Shares out facilities, first to the districts and then within each, by area, so that no
  /// bank of the river goes without.
  func quota(of total: Int) -> [Int] {
    let land = land
    var byDistrict = Array(repeating: 0.0, count: districtCount)
    for (s, d) in districtOfSubdistrict.enumerated() { byDistrict[d] += land[s] }
    var quota = Array(repeating: 0, count: land.count)
    for (d, share) in Apportion.shares(of: total, by: byDistrict).enumerated() {
      let members = land.indices.filter { districtOfSubdistrict[$0] == d }
      let parts = Apportion.shares(of: share, by: members.map { land[$0] })
      for (s, count) in zip(members, parts) { quota[s] = count }
    }
    return quota
  }

  private mutating func measure(_ plan: CityPlan) {
    let map = plan.map
    center = Array(repeating: Point2(0, 0), count: plan.cellCount)
    for (f, face) in plan.faces.enumerated() where face.kind == .land {
      let ring = map.loop(f).map { map.position[Int(map.origin[Int($0)])] }
      let a = Ring.signedArea(ring)
      area[face.cell] += a
      center[face.cell] = center[face.cell] + (Ring.centroid(ring) - CityTerrain.center) * a
    }
    for c in center.indices where area[c] > 0 {
      center[c] = CityTerrain.center + center[c] * (1 / area[c])
    }
    for e in map.street.indices {
      let a = plan.faces[Int(map.face[2 * e])]
      let b = plan.faces[Int(map.face[2 * e + 1])]
      guard a.kind == .land, b.kind == .land, a.cell != b.cell else { continue }
      if !neighbors[a.cell].contains(Int32(b.cell)) {
        neighbors[a.cell].append(Int32(b.cell))
        neighbors[b.cell].append(Int32(a.cell))
      }
    }
  }

  /// The land on each bank of the river.
  private func components(of cells: [Int]) -> [[Int]] {
    var seen = Array(repeating: false, count: area.count)
    var out: [[Int]] = []
    for start in cells where !seen[start] {
      var queue = [start]
      seen[start] = true
      var i = 0
      while i < queue.count {
        for other in neighbors[queue[i]] where !seen[Int(other)] {
          seen[Int(other)] = true
          queue.append(Int(other))
        }
        i += 1
      }
      out.append(queue.sorted())
    }
    return out
  }

  /// Parts cells that hang together into compact parts of like weight, each of which hangs
  /// together: the smallest part always takes the nearest cell next to it.
  private func grow(_ cells: [Int], into wanted: Int) -> [[Int]] {
    let count = min(wanted, cells.count)
    guard count > 1 else { return [cells] }
    var part = Array(repeating: -2, count: area.count)
    for c in cells { part[c] = -1 }
    let seeds = spread(cells, count)
    var parts: [[Int]] = []
    var border: [[Int]] = []
    var weight = Array(repeating: 0.0, count: count)
    for (p, seed) in seeds.enumerated() {
      part[seed] = p
      weight[p] = area[seed]
      parts.append([seed])
      border.append(neighbors[seed].map(Int.init))
    }
    // Ascending, so that of equally small parts the first one takes its turn.
    var open = Array(0..<count)
    while let p = open.min(by: { weight[$0] < weight[$1] }) {
      border[p].removeAll { part[$0] != -1 }
      let seed = center[seeds[p]]
      guard
        let c = border[p].min(by: {
          (center[$0].distance(to: seed), $0) < (center[$1].distance(to: seed), $1)
        })
      else {
        open.removeAll { $0 == p }
        continue
      }
      part[c] = p
      weight[p] += area[c]
      parts[p].append(c)
      border[p].append(contentsOf: neighbors[c].map(Int.init))
    }
    return parts.map { $0.sorted() }
  }

  /// Cells far apart from one another, the first far from the middle.
  private func spread(_ cells: [Int], _ count: Int) -> [Int] {
    let middle = cells.reduce(Point2(0, 0)) { $0 + center[$1] } * (1 / Double(cells.count))
    var seeds: [Int] = []
    var away = cells.map { center[$0].distance(to: middle) }
    while seeds.count < count {
      guard let i = away.indices.max(by: { (away[$0], $1) < (away[$1], $0) }) else { break }
      seeds.append(cells[i])
      for k in cells.indices {
        let d = center[cells[k]].distance(to: center[cells[i]])
        away[k] = seeds.count == 1 ? d : min(away[k], d)
      }
    }
    return seeds
  }
}

/// Shares out whole numbers.
enum Apportion {
  /// Whole shares of `total` in proportion to the weights, by largest remainder; they add up.
  static func shares(of total: Int, by weights: [Double], atLeast least: Int = 0) -> [Int] {
    let sum = weights.reduce(0, +)
    let free = total - least * weights.count
    guard sum > 0, free > 0 else {
      return weights.map { _ in least }
    }
    var shares: [Int] = []
    var rests: [(rest: Double, index: Int)] = []
    for (i, w) in weights.enumerated() {
      let exact = w / sum * Double(free)
      let whole = exact.rounded(.down)
      shares.append(least + Int(whole))
      rests.append((exact - whole, i))
    }
    let missing = total - shares.reduce(0, +)
    rests.sort { ($1.rest, $0.index) < ($0.rest, $1.index) }
    for k in 0..<max(0, min(missing, rests.count)) { shares[rests[k].index] += 1 }
    return shares
  }
}
