import CityBase

/// Distances and crossings of straight segments.
enum Segment {
  /// How far a point is from a segment.
  static func distance(_ p: Point2, _ a: Point2, _ b: Point2) -> Double {
    let ab = b - a
    let l2 = ab.dot(ab)
    guard l2 > 0 else { return p.distance(to: a) }
    let t = min(1, max(0, (p - a).dot(ab) / l2))
    return p.distance(to: a + ab * t)
  }

  static func intersect(_ a: Point2, _ b: Point2, _ p: Point2, _ q: Point2) -> Bool {
    let (d, e) = (b - a, q - p)
    let (s1, s2) = (d.cross(p - a), d.cross(q - a))
    let (t1, t2) = (e.cross(a - p), e.cross(b - p))
    return s1 * s2 < 0 && t1 * t2 < 0
  }

  /// The distance between two segments; 0 where they cross.
  static func distance(_ a: Point2, _ b: Point2, _ p: Point2, _ q: Point2) -> Double {
    if intersect(a, b, p, q) { return 0 }
    return min(
      min(distance(a, p, q), distance(b, p, q)), min(distance(p, a, b), distance(q, a, b)))
  }
}

/// How a block lies.
enum BlockFrame {
  /// The direction in which a ring is longest, from the second moments of its border.
  static func longDirection(_ ring: [Point2]) -> Point2 {
    let c = Ring.centroid(ring)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    var a = ring[ring.count - 1]
    for b in ring {
      let w = a.distance(to: b)
      // Simpson's rule along the side.
      for (p, share) in [(a, 1.0), (a.lerp(to: b, 0.5), 4.0), (b, 1.0)] {
        let d = p - c
        xx += w * share * d.x * d.x
        xy += w * share * d.x * d.y
        yy += w * share * d.y * d.y
      }
      a = b
    }
    // The larger eigenvector of the symmetric matrix, from the half difference.
    let half = (xx - yy) / 2
    let root = (half * half + xy * xy).squareRoot()
    let v = half >= 0 ? Point2(half + root, xy) : Point2(xy, root - half)
    return v.length > 1e-6 ? v.normalized : Point2(1, 0)
  }

  /// The direction of most of the border, its sides taken modulo a quarter turn.
  static func sideDirection(_ ring: [Point2]) -> Point2 {
    var longest = (length: 0.0, direction: Point2(1, 0))
    for i in ring.indices {
      let d = ring[(i + 1) % ring.count] - ring[i]
      if d.length > longest.length { longest = (d.length, d.normalized) }
    }
    return longest.direction
  }

  /// How long a ring is along a direction.
  static func extent(_ ring: [Point2], along d: Point2) -> Double {
    var (low, high) = (Double.infinity, -Double.infinity)
    for p in ring {
      low = min(low, p.dot(d))
      high = max(high, p.dot(d))
    }
    return high - low
  }
}

/// A rectangle in any direction.
struct Rectangle {
  var center: Point2
  /// Unit vector along the width.
  var direction: Point2
  var width: Double
  var depth: Double

  var area: Double { width * depth }

  func corner(_ across: Double, _ up: Double) -> Point2 {
    center + direction * (across * width / 2) + direction.leftNormal * (up * depth / 2)
  }
  /// Counter-clockwise.
  var corners: [Point2] { [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)] }

  /// Whether this and another come nearer than `gap`, by the separating axes of both; corners may
  /// be taken for a little nearer than they are.
  func comesNear(_ other: Rectangle, gap: Double) -> Bool {
    let away = other.center - center
    let reach = (width + depth + other.width + other.depth) / 2 + gap
    if abs(away.x) > reach || abs(away.y) > reach { return false }
    return !isApart(from: other, away, gap) && !other.isApart(from: self, away, gap)
  }

  private func isApart(from other: Rectangle, _ away: Point2, _ gap: Double) -> Bool {
    let (u, v) = (direction, direction.leftNormal)
    let (s, t) = (other.direction, other.direction.leftNormal)
    func half(_ axis: Point2) -> Double {
      (abs(s.dot(axis)) * other.width + abs(t.dot(axis)) * other.depth) / 2
    }
    return abs(away.dot(u)) > width / 2 + half(u) + gap
      || abs(away.dot(v)) > depth / 2 + half(v) + gap
  }
}
