/// A point in the plane: metres in a working CRS, or degrees (x longitude, y latitude) at the edges.
public struct Point2: Hashable, Sendable, BitwiseCopyable {
  public var x: Double
  public var y: Double
  @inlinable public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  @inlinable public static func + (a: Point2, b: Point2) -> Point2 { Point2(a.x + b.x, a.y + b.y) }
  @inlinable public static func - (a: Point2, b: Point2) -> Point2 { Point2(a.x - b.x, a.y - b.y) }
  @inlinable public static func * (a: Point2, s: Double) -> Point2 { Point2(a.x * s, a.y * s) }
  /// The z component of the cross product: positive where `b` lies to the left of `a`.
  @inlinable public func cross(_ b: Point2) -> Double { x * b.y - y * b.x }
  @inlinable public func dot(_ b: Point2) -> Double { x * b.x + y * b.y }
  @inlinable public var length: Double { (x * x + y * y).squareRoot() }
  @inlinable public func distance(to b: Point2) -> Double { (b - self).length }
  /// The point a share `t` of the way to `b`.
  @inlinable public func lerp(to b: Point2, _ t: Double) -> Point2 {
    Point2(x + (b.x - x) * t, y + (b.y - y) * t)
  }
  /// This direction with length 1; the x axis where the length is 0.
  @inlinable public var normalized: Point2 {
    let l = length
    return l > 0 ? Point2(x / l, y / l) : Point2(1, 0)
  }
  /// This direction turned a quarter to the left.
  @inlinable public var leftNormal: Point2 { Point2(-y, x) }
  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite }
  /// Rounded to a millimetre, so that two builds of GEOS or PROJ agree on the bits.
  @inlinable public var roundedToMillimetre: Point2 {
    Point2((x * 1000).rounded() / 1000, (y * 1000).rounded() / 1000)
  }
}

/// An axis-parallel rectangle; empty until something is added.
public struct Box2: Hashable, Sendable, BitwiseCopyable {
  public var min: Point2
  public var max: Point2

  /// The empty box, which contains nothing and intersects nothing.
  @inlinable public init() {
    min = Point2(.infinity, .infinity)
    max = Point2(-.infinity, -.infinity)
  }
  @inlinable public init(min: Point2, max: Point2) {
    self.min = min
    self.max = max
  }
  /// The smallest box around some points.
  @inlinable public init(_ points: some Sequence<Point2>) {
    self.init()
    for p in points { add(p) }
  }

  @inlinable public mutating func add(_ p: Point2) {
    if p.x < min.x { min.x = p.x }
    if p.y < min.y { min.y = p.y }
    if p.x > max.x { max.x = p.x }
    if p.y > max.y { max.y = p.y }
  }
  @inlinable public mutating func add(_ b: Box2) {
    if b.isEmpty { return }
    add(b.min)
    add(b.max)
  }
  @inlinable public var isEmpty: Bool { !(min.x <= max.x && min.y <= max.y) }
  @inlinable public var center: Point2 { Point2((min.x + max.x) / 2, (min.y + max.y) / 2) }
  @inlinable public var width: Double { isEmpty ? 0 : max.x - min.x }
  @inlinable public var height: Double { isEmpty ? 0 : max.y - min.y }
  @inlinable public func intersects(_ b: Box2) -> Bool {
    min.x <= b.max.x && b.min.x <= max.x && min.y <= b.max.y && b.min.y <= max.y
  }
  @inlinable public func contains(_ p: Point2) -> Bool {
    min.x <= p.x && p.x <= max.x && min.y <= p.y && p.y <= max.y
  }
  /// The box grown by `d` on every side.
  @inlinable public func expanded(by d: Double) -> Box2 {
    Box2(min: Point2(min.x - d, min.y - d), max: Point2(max.x + d, max.y + d))
  }
}
