import CityBase
import CityModel

/// A building on its way into the draft.
struct DraftBuilding {
  /// Its outer bounds; an L-shaped one leaves a corner of it free.
  var frame: Rectangle
  var ring: [Point2]
  var use: BuildingUse
  var levels: Int
  /// Position in the list of blocks.
  var block: Int
  var subdistrict: Int
  var name = ""
  var population = 0
  var jobs = 0

  var footprint: Double { abs(Ring.signedArea(ring)) }
  var floorArea: Double { (footprint * Double(levels)).rounded() }
  var height: Double {
    let storey: Double
    switch use {
    case .residential, .hotel: storey = 3
    case .industrial: storey = 6
    case .office, .retail, .education, .health, .public, .other: storey = 4
    }
    return Double(levels) * storey
  }

  /// A rectangle, or the rectangle less a corner: an L.
  static func outline(_ r: Rectangle, wing: Double?) -> [Point2] {
    guard let wing else { return r.corners.map(\.roundedToMillimetre) }
    // The free corner is the upper right one; `wing` is the thickness of both wings.
    let (x, y) = (2 * wing / r.width - 1, 2 * wing / r.depth - 1)
    return [
      r.corner(-1, -1), r.corner(1, -1), r.corner(1, y), r.corner(x, y), r.corner(x, 1),
      r.corner(-1, 1),
    ].map(\.roundedToMillimetre)
  }
}

/// The buildings of one block, each clear of the streets and of the others.
struct BlockSite {
  let block: CityBlock
  private(set) var taken: [Rectangle] = []

  init(_ block: CityBlock) { self.block = block }

  /// Takes the place if it is free; `gap` is the distance to other buildings in metres.
  mutating func take(_ r: Rectangle, gap: Double) -> Bool {
    guard isInside(r), !taken.contains(where: { $0.comesNear(r, gap: gap) }) else { return false }
    taken.append(r)
    return true
  }

  private func isInside(_ r: Rectangle) -> Bool {
    let corners = r.corners
    guard Ring.contains(r.center, in: block.ring) else { return false }
    let reach = (r.width + r.depth) / 2
    for i in block.ring.indices {
      let a = block.ring[i]
      let b = block.ring[i + 1 < block.ring.count ? i + 1 : 0]
      let least = block.setbacks[i]
      if Segment.distance(r.center, a, b) > reach + least { continue }
      for k in 0..<4 where Segment.distance(corners[k], corners[(k + 1) % 4], a, b) < least {
        return false
      }
    }
    return true
  }
}
