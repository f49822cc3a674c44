/// Measures along an open chain of points.
public enum Polyline {
  /// The length of a chain, in its own units.
  public static func length(_ points: ArraySlice<Point2>) -> Double {
    var sum = 0.0
    var i = points.startIndex
    while i + 1 < points.endIndex {
      sum += points[i].distance(to: points[i + 1])
      i += 1
    }
    return sum
  }
  public static func length(_ points: [Point2]) -> Double { length(points[...]) }

  /// The point at a distance from the start (held within the chain) and the direction there.
  public static func locate(
    _ points: ArraySlice<Point2>, at distance: Double
  ) -> (point: Point2, direction: Point2) {
    guard let first = points.first else { return (Point2(0, 0), Point2(1, 0)) }
    var left = distance
    var i = points.startIndex
    var direction = Point2(1, 0)
    while i + 1 < points.endIndex {
      let a = points[i]
      let b = points[i + 1]
      let d = a.distance(to: b)
      if d > 0 {
        direction = Point2((b.x - a.x) / d, (b.y - a.y) / d)
        if left <= d { return (a + direction * Swift.max(0, left), direction) }
        left -= d
      }
      i += 1
    }
    return (points.last ?? first, direction)
  }
  public static func locate(
    _ points: [Point2], at distance: Double
  ) -> (point: Point2, direction: Point2) { locate(points[...], at: distance) }

  /// The nearest place on a chain: its distance from the start, and how far away it is.
  public static func project(
    _ p: Point2, onto points: ArraySlice<Point2>
  ) -> (offset: Double, distance: Double) {
    guard let first = points.first else { return (0, .infinity) }
    var best = (offset: 0.0, distance: p.distance(to: first))
    var run = 0.0
    var i = points.startIndex
    while i + 1 < points.endIndex {
      let a = points[i]
      let ab = points[i + 1] - a
      let l2 = ab.dot(ab)
      let d = l2.squareRoot()
      if l2 > 0 {
        let t = Swift.min(1, Swift.max(0, (p - a).dot(ab) / l2))
        let q = a + ab * t
        let away = p.distance(to: q)
        if away < best.distance { best = (run + d * t, away) }
      }
      run += d
      i += 1
    }
    return best
  }
  public static func project(
    _ p: Point2, onto points: [Point2]
  ) -> (offset: Double, distance: Double) { project(p, onto: points[...]) }

  /// The part of a chain between two distances from its start, both held within the chain.
  public static func slice(_ points: [Point2], from: Double, to: Double) -> [Point2] {
    guard points.count > 1 else { return points }
    var out = [locate(points, at: from).point]
    var run = 0.0
    for i in 1..<(points.count - 1) {
      run += points[i - 1].distance(to: points[i])
      if run > from && run < to { out.append(points[i]) }
    }
    out.append(locate(points, at: to).point)
    return out
  }

  /// A chain moved to its left by `d` (to the right where `d` is negative), with mitred corners.
  public static func offset(_ points: [Point2], left d: Double) -> [Point2] {
    guard points.count > 1, d != 0 else { return points }
    var out: [Point2] = []
    out.reserveCapacity(points.count)
    // Points that lie on one another share the directions before and after them.
    for i in points.indices {
      let before = points[..<i].last { $0 != points[i] }.map { (points[i] - $0).normalized }
      let after = points[(i + 1)...].first { $0 != points[i] }.map { ($0 - points[i]).normalized }
      let a = before ?? after ?? Point2(1, 0)
      let b = after ?? before ?? Point2(1, 0)
      let na = a.leftNormal
      let sum = na + b.leftNormal
      let n = sum.length > 1e-9 ? sum.normalized : na
      // A sharp corner would throw the mitre far away; twice the offset is enough.
      let stretch = 1 / Swift.max(0.5, n.dot(na))
      out.append(points[i] + n * (d * stretch))
    }
    return out
  }
}

/// Measures of closed rings; the first point may or may not be repeated at the end.
public enum Ring {
  /// The signed area: positive where the ring runs counter-clockwise.
  public static func signedArea(_ points: ArraySlice<Point2>) -> Double {
    guard points.count > 2, let first = points.first, var previous = points.last else { return 0 }
    var sum = 0.0
    // Relative to the first point, because coordinates of a national grid cost many digits.
    for p in points {
      sum += (previous - first).cross(p - first)
      previous = p
    }
    return sum / 2
  }
  public static func signedArea(_ points: [Point2]) -> Double { signedArea(points[...]) }

  /// The centroid; the mean of the points where the ring has no area.
  public static func centroid(_ points: [Point2]) -> Point2 {
    guard let first = points.first, var previous = points.last else { return Point2(0, 0) }
    var area = 0.0
    var sum = Point2(0, 0)
    for p in points {
      let a = previous - first
      let b = p - first
      let c = a.cross(b)
      area += c
      sum = sum + (a + b) * c
      previous = p
    }
    guard abs(area) > 1e-9 else {
      let n = Double(points.count)
      return points.reduce(Point2(0, 0), +) * (1 / n)
    }
    return first + sum * (1 / (3 * area))
  }

  /// Whether a point lies inside, by the even-odd rule; on the edge either answer may come.
  public static func contains(_ p: Point2, in points: ArraySlice<Point2>) -> Bool {
    guard points.count > 2, var previous = points.last else { return false }
    var inside = false
    for q in points {
      if (q.y > p.y) != (previous.y > p.y) {
        let x = previous.x + (p.y - previous.y) / (q.y - previous.y) * (q.x - previous.x)
        if p.x < x { inside.toggle() }
      }
      previous = q
    }
    return inside
  }
  public static func contains(_ p: Point2, in points: [Point2]) -> Bool {
    contains(p, in: points[...])
  }
}
