import CityBase
import CitySpatial

/// Seeded boxes, and the plain loops that the indexes are held against.
struct RandomBoxes {
  let random = RandomStream(seed: 7)

  func unit(_ i: Int, _ ordinal: UInt64) -> Double {
    random.unit(.sampling, UInt64(i), ordinal)
  }

  /// Boxes on a lattice of quarter metres, which a `Float` holds exactly.
  func boxes(_ count: Int, extent: Double = 1000, size: Double = 30) -> [Box2] {
    (0..<count).map { i in
      let x = (unit(i, 0) * extent * 4).rounded() / 4
      let y = (unit(i, 1) * extent * 4).rounded() / 4
      let w = (unit(i, 2) * size * 4).rounded() / 4
      let h = (unit(i, 3) * size * 4).rounded() / 4
      return Box2(min: Point2(x, y), max: Point2(x + w, y + h))
    }
  }
}

func distance(_ p: Point2, _ b: Box2) -> Double {
  let dx = max(b.min.x - p.x, p.x - b.max.x, 0)
  let dy = max(b.min.y - p.y, p.y - b.max.y, 0)
  return (dx * dx + dy * dy).squareRoot()
}

/// The nearest items by a plain loop: (distance, index) ascending.
func nearestByLoop(_ distances: [Double], _ count: Int, within limit: Double) -> [Neighbor] {
  let all = distances.enumerated().filter { $0.element <= limit }
    .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
  return all.prefix(count).map { Neighbor(index: $0.offset, distance: $0.element) }
}
