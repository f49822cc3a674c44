import CityBase

/// Finds the usable facilities around a place: a grid of cells as wide as the search goes.
struct FacilityFinder {
  struct Hit: Sendable, Hashable {
    var facility: Int
    /// Metres in a straight line.
    var distance: Double
  }

  private struct Cell: Hashable {
    var x: Int
    var y: Int
  }

  private let radius: Double
  private let positions: [Point2]
  /// By cell, ascending. It is only ever asked for a cell, never gone through.
  private var facilities: [Cell: [Int32]] = [:]

  init(_ supply: [ParkingSupply], isUsable: (Int) -> Bool, radius: Double) {
    self.radius = radius
    positions = supply.map(\.position)
    for i in supply.indices where isUsable(i) {
      guard let cell = Self.cell(of: supply[i].position, radius) else { continue }
      facilities[cell, default: []].append(Int32(i))
    }
  }

  /// The facilities within the radius, nearest first (of equal distances the lower id), and no
  /// more than a driver considers.
  func nearest(to place: Point2) -> [Hit] {
    guard let center = Self.cell(of: place, radius) else { return [] }
    var hits: [Hit] = []
    for y in (center.y - 1)...(center.y + 1) {
      for x in (center.x - 1)...(center.x + 1) {
        for i in facilities[Cell(x: x, y: y)] ?? [] {
          let distance = positions[Int(i)].distance(to: place)
          if distance <= radius { hits.append(Hit(facility: Int(i), distance: distance)) }
        }
      }
    }
    hits.sort { ($0.distance, $0.facility) < ($1.distance, $1.facility) }
    return Array(hits.prefix(ParkingSettings.mostOptions))
  }

  private static func cell(of p: Point2, _ size: Double) -> Cell? {
    guard let x = Int32(exactly: (p.x / size).rounded(.down)),
      let y = Int32(exactly: (p.y / size).rounded(.down))
    else { return nil }
    return Cell(x: Int(x), y: Int(y))
  }
}
