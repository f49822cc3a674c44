import CityBase

/// Outlines of regions made of faces: their borders follow streets and the middle of the river, so
/// regions fit together without gap or overlap.
struct RegionOutlines {
  private struct Side: Hashable {
    var from: Int32
    var to: Int32
  }

  private var points: [Point2]
  /// The sub-district on the left of every directed side.
  private var owner: [Side: Int32] = [:]
  /// All sides, in a fixed order.
  private var sides: [Side] = []

  init(_ plan: CityPlan, _ regions: RegionPlan) {
    points = plan.map.position
    let map = plan.map
    for (f, face) in plan.faces.enumerated() where face.kind == .land {
      let region = regions.subdistrictOfCell[face.cell]
      for h in map.loop(f) { add(map.origin[Int(h)], map.destination(h), region) }
    }
    addRiver(plan, regions)
  }

  private mutating func add(_ from: Int32, _ to: Int32, _ region: Int32) {
    let side = Side(from: from, to: to)
    sides.append(side)
    owner[side] = region
  }

  /// Gives each bank the half of every stretch of water between two bridges.
  private mutating func addRiver(_ plan: CityPlan, _ regions: RegionPlan) {
    var middles: [Int32] = []
    for b in plan.bridges {
      let p = points[Int(b.west)].lerp(to: points[Int(b.east)], 0.5)
      middles.append(append(p))
    }
    for i in 1..<max(1, plan.bridges.count) {
      let (low, high) = (plan.bridges[i - 1], plan.bridges[i])
      let steps = max(2, Int((high.planY - low.planY) / 150))
      var middle = [middles[i - 1]]
      for s in 1..<steps {
        let y = low.planY + (high.planY - low.planY) * Double(s) / Double(steps)
        middle.append(append(plan.terrain.place(Point2(0, y))))
      }
      middle.append(middles[i])
      close(middle, bank(plan, from: high.west, to: low.west), plan, regions)
      close(middle.reversed(), bank(plan, from: low.east, to: high.east), plan, regions)
    }
  }

  private mutating func append(_ p: Point2) -> Int32 {
    points.append(p.roundedToMillimetre)
    return Int32(points.count - 1)
  }

  /// The half-edges along a bank with the water on their left.
  private func bank(_ plan: CityPlan, from: Int32, to: Int32) -> [Int32] {
    let map = plan.map
    func isWaterside(_ h: Int32) -> Bool {
      plan.faces[Int(map.face[Int(h)])].kind == .river && !map.street(of: h).isBridge
    }
    var out: [Int32] = []
    var node = from
    while node != to, out.count < map.origin.count,
      let h = map.departures(node).first(where: isWaterside)
    {
      out.append(h)
      node = map.destination(h)
    }
    return out
  }

  private mutating func close(
    _ middle: [Int32], _ bank: [Int32], _ plan: CityPlan, _ regions: RegionPlan
  ) {
    guard !bank.isEmpty, let first = middle.first, let last = middle.last else { return }
    let map = plan.map
    let ashore = plan.faces[Int(map.face[Int(bank[bank.count / 2] ^ 1)])]
    let region = regions.subdistrictOfCell[ashore.cell]
    for (a, b) in zip(middle, middle.dropFirst()) { add(a, b, region) }
    add(last, map.origin[Int(bank[0])], region)
    for h in bank { add(map.origin[Int(h)], map.destination(h), region) }
    add(map.destination(bank[bank.count - 1]), first, region)
  }

  /// The polygons of each group of sub-districts: outer rings counter-clockwise, then holes.
  func polygons(groupOfSubdistrict: [Int], groups: Int) -> [[[[Point2]]]] {
    var borders: [[Side]] = Array(repeating: [], count: groups)
    func group(_ s: Side) -> Int? { owner[s].map { groupOfSubdistrict[Int($0)] } }
    for s in sides {
      guard let g = group(s), group(Side(from: s.to, to: s.from)) != g else { continue }
      borders[g].append(s)
    }
    return borders.map { Self.nest(rings(of: $0)) }
  }

  /// Rings that touch themselves nowhere, from directed sides with the region on their left.
  private func rings(of border: [Side]) -> [[Point2]] {
    var leaving: [Int32: [Int]] = [:]
    for (i, s) in border.enumerated() { leaving[s.from, default: []].append(i) }
    var used = Array(repeating: false, count: border.count)
    var out: [[Point2]] = []
    for start in border.indices where !used[start] {
      var path: [Int32] = []
      var place: [Int32: Int] = [:]
      var side: Int? = start
      while let i = side {
        used[i] = true
        place[border[i].from] = path.count
        path.append(border[i].from)
        let node = border[i].to
        if let from = place[node] {
          // Back at a node of this walk: what lies between is a ring of its own.
          out.append(path[from...].map { points[Int($0)] })
          for n in path[from...] { place[n] = nil }
          path.removeSubrange(from...)
        }
        side = leaving[node]?.first { !used[$0] }
      }
    }
    return out
  }

  private static func nest(_ rings: [[Point2]]) -> [[[Point2]]] {
    var polygons = rings.filter { Ring.signedArea($0) > 0 }.map { [$0] }
    for hole in rings where Ring.signedArea(hole) < 0 {
      let inside = hole[0].lerp(to: hole[1], 0.5)
      if let i = polygons.firstIndex(where: { Ring.contains(inside, in: $0[0]) }) {
        polygons[i].append(hole)
      }
    }
    return polygons
  }
}
