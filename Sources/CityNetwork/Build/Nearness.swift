import CityBase

/// Where a straight line runs near another, in closed form.
enum Nearness {
  /// The share (0...1) of the segment `a`-`b` that lies within `radius` of the segment `c`-`d`;
  /// nil where none does. The points near a segment form a convex set, so it is one stretch.
  static func stretch(
    _ a: Point2, _ b: Point2, near c: Point2, _ d: Point2, radius: Double
  ) -> ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    func add(_ r: ClosedRange<Double>?) {
      guard let r else { return }
      low = min(low, r.lowerBound)
      high = max(high, r.upperBound)
    }
    add(inStrip(a, b, along: c, d, radius: radius))
    add(inDisc(a, b, center: c, radius: radius))
    add(inDisc(a, b, center: d, radius: radius))
    return low <= high ? low...high : nil
  }

  /// The share of `a`-`b` inside the rectangle of half width `radius` along `c`-`d`.
  static func inStrip(
    _ a: Point2, _ b: Point2, along c: Point2, _ d: Point2, radius: Double
  ) -> ClosedRange<Double>? {
    let axis = d - c
    let length = axis.length
    guard length > 0 else { return nil }
    let u = axis * (1 / length)
    let start = a - c
    let step = b - a
    guard let along = inside(start.dot(u), step.dot(u), 0, length),
      let across = inside(u.cross(start), u.cross(step), -radius, radius)
    else { return nil }
    let low = max(along.lowerBound, across.lowerBound)
    let high = min(along.upperBound, across.upperBound)
    return low <= high ? low...high : nil
  }

  private static func inDisc(_ a: Point2, _ b: Point2, center: Point2, radius: Double)
    -> ClosedRange<Double>?
  {
    let step = b - a
    let start = a - center
    let qa = step.dot(step)
    let qc = start.dot(start) - radius * radius
    guard qa > 0 else { return qc <= 0 ? 0...1 : nil }
    let half = start.dot(step)
    let discriminant = half * half - qa * qc
    guard discriminant >= 0 else { return nil }
    let root = discriminant.squareRoot()
    let low = max(0, (-half - root) / qa)
    let high = min(1, (-half + root) / qa)
    return low <= high ? low...high : nil
  }

  /// The t in 0...1 for which `start + step * t` lies within bounds.
  private static func inside(_ start: Double, _ step: Double, _ low: Double, _ high: Double)
    -> ClosedRange<Double>?
  {
    if abs(step) < 1e-12 { return start >= low && start <= high ? 0...1 : nil }
    let t0 = (low - start) / step
    let t1 = (high - start) / step
    let a = max(0, min(t0, t1))
    let b = min(1, max(t0, t1))
    return a <= b ? a...b : nil
  }
}
