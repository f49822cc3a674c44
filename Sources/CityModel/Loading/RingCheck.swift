import CityBase

/// A quick check of rings at load time, so that GEOS is asked about the doubtful ones only.
enum RingCheck {
  /// The longest ring that is looked at pair by pair.
  static let longestRing = 64

  /// Whether a ring (not closed, no point twice in a row) is simple beyond doubt: no two sides meet
  /// but neighbours at their common end. False means only that someone else has to look.
  static func isCertainlySimple(_ ring: [Point2]) -> Bool {
    let n = ring.count
    guard n >= 3, n <= longestRing else { return false }
    return ring.withUnsafeBufferPointer { ring in
      for i in 0..<n {
        let a = ring[i]
        let b = ring[i + 1 < n ? i + 1 : 0]
        let next = ring[(i + 2) % n]
        // A spike: the next side runs back over this one.
        let turn = (b - a).cross(next - b)
        if abs(turn) <= tolerance, (b - a).dot(next - b) < 0 { return false }
        var j = i + 2
        // The last side is a neighbour of the first.
        let end = i == 0 ? n - 1 : n
        while j < end {
          if mayMeet(a, b, ring[j], ring[j + 1 < n ? j + 1 : 0]) { return false }
          j += 1
        }
      }
      return true
    }
  }

  /// Square metres below which three points count as being in line. Coordinates are whole
  /// millimetres, so real turns are at least a few times as large on sides of a metre or more.
  static let tolerance = 1e-5

  private static func mayMeet(_ a: Point2, _ b: Point2, _ c: Point2, _ d: Point2) -> Bool {
    if max(a.x, b.x) < min(c.x, d.x) || max(c.x, d.x) < min(a.x, b.x) { return false }
    if max(a.y, b.y) < min(c.y, d.y) || max(c.y, d.y) < min(a.y, b.y) { return false }
    return !(areBeside(a, b, c, d) || areBeside(c, d, a, b))
  }

  /// Whether c and d lie clearly on one side of the line through a and b.
  private static func areBeside(_ a: Point2, _ b: Point2, _ c: Point2, _ d: Point2) -> Bool {
    let ab = b - a
    let sideC = ab.cross(c - a)
    let sideD = ab.cross(d - a)
    return (sideC > tolerance && sideD > tolerance) || (sideC < -tolerance && sideD < -tolerance)
  }
}
