import CityBase

/// A point that stands for an area.
enum AreaPosition {
  /// The centroid of the largest outer ring where the area contains it, else the middle of the widest
  /// stretch of the area on the level of that centroid.
  static func of<ID>(_ id: ID, in shapes: ShapeStore<ID>) -> Point2 {
    var best = shapes.parts(of: id).lowerBound
    var bestArea = -Double.infinity
    for part in shapes.parts(of: id) {
      let area = Ring.signedArea(shapes.points(ofPart: part))
      if area > bestArea { (best, bestArea) = (part, area) }
    }
    let centroid = centroid(shapes.points(ofPart: best))
    if shapes.contains(centroid, in: id) { return centroid.roundedToMillimetre }
    return widestStretch(at: centroid.y, of: id, in: shapes)?.roundedToMillimetre
      ?? centroid.roundedToMillimetre
  }

  /// The centroid of a ring, without an array of its own.
  private static func centroid(_ ring: ArraySlice<Point2>) -> Point2 {
    guard let first = ring.first, var previous = ring.last else { return Point2(0, 0) }
    var area = 0.0
    var sum = Point2(0, 0)
    for p in ring {
      let a = previous - first
      let b = p - first
      let c = a.cross(b)
      area += c
      sum = sum + (a + b) * c
      previous = p
    }
    return abs(area) > 1e-9 ? first + sum * (1 / (3 * area)) : first
  }

  private static func widestStretch<ID>(
    at y: Double, of id: ID, in shapes: ShapeStore<ID>
  ) -> Point2? {
    var crossings: [Double] = []
    for part in shapes.parts(of: id) {
      let ring = shapes.points(ofPart: part)
      guard var previous = ring.last else { continue }
      for q in ring {
        if (q.y > y) != (previous.y > y) {
          crossings.append(previous.x + (y - previous.y) / (q.y - previous.y) * (q.x - previous.x))
        }
        previous = q
      }
    }
    crossings.sort()
    var best: (width: Double, x: Double)?
    for i in stride(from: 0, to: crossings.count - 1, by: 2) {
      let width = crossings[i + 1] - crossings[i]
      if width > best?.width ?? 0 { best = (width, crossings[i] + width / 2) }
    }
    return best.map { Point2($0.x, y) }
  }
}
