import CityBase

/// What a shape is made of.
public enum ShapeForm: UInt8, Sendable, Hashable {
  /// One part with one point.
  case point = 0
  /// Parts are chains of two points or more.
  case line = 1
  /// Parts are rings of three points or more, the first one not repeated at the end: outer rings
  /// counter-clockwise, each followed by its holes, which run clockwise.
  case area = 2
}

/// The shapes of all entities of one kind in one arena: no shape has an array of its own.
///
/// Coordinates are metres of the working CRS, rounded to a millimetre.
public struct ShapeStore<ID: EntityID>: Sendable {
  /// What each shape is made of.
  public private(set) var form = Column<ID, ShapeForm>()
  /// One more than there are shapes: parts of e are [e] ..< [e + 1].
  public private(set) var firstPart: [Int32] = [0]
  /// One more than there are parts: points of p are `points` [p] ..< [p + 1].
  public private(set) var firstPoint: [Int32] = [0]
  public private(set) var points: [Point2] = []

  init() {}

  public var count: Int { form.count }

  /// The parts of a shape: one for a point, one or more for lines and areas.
  @inlinable public func parts(of id: ID) -> Range<Int> {
    Int(firstPart[id.index])..<Int(firstPart[id.index + 1])
  }

  /// The points of a part.
  @inlinable public func points(ofPart part: Int) -> ArraySlice<Point2> {
    points[Int(firstPoint[part])..<Int(firstPoint[part + 1])]
  }

  /// The points of all parts of a shape.
  @inlinable public func points(of id: ID) -> ArraySlice<Point2> {
    let parts = parts(of: id)
    return points[Int(firstPoint[parts.lowerBound])..<Int(firstPoint[parts.upperBound])]
  }

  /// The parts of a shape as arrays, for writers.
  public func partArrays(of id: ID) -> [[Point2]] {
    parts(of: id).map { Array(points(ofPart: $0)) }
  }

  /// The rings of an area by polygon: each outer ring with its holes. Empty for points and lines.
  public func polygons(of id: ID) -> [[[Point2]]] {
    guard form[id] == .area else { return [] }
    var out: [[[Point2]]] = []
    for part in parts(of: id) {
      let ring = points(ofPart: part)
      if out.isEmpty || Ring.signedArea(ring) > 0 {
        out.append([Array(ring)])
      } else {
        out[out.count - 1].append(Array(ring))
      }
    }
    return out
  }

  /// The box around a shape.
  public func box(of id: ID) -> Box2 { Box2(points(of: id)) }

  /// Square metres of an area, holes left out; 0 for points and lines.
  public func area(of id: ID) -> Double {
    guard form[id] == .area else { return 0 }
    return parts(of: id).reduce(0) { $0 + Ring.signedArea(points(ofPart: $1)) }
  }

  /// Metres along a line; the way round for an area; 0 for points.
  public func length(of id: ID) -> Double {
    var sum = 0.0
    for part in parts(of: id) {
      let chain = points(ofPart: part)
      sum += Polyline.length(chain)
      if form[id] == .area, let first = chain.first, let last = chain.last {
        sum += last.distance(to: first)
      }
    }
    return sum
  }

  /// Whether an area contains a point; false for points and lines. On an edge either may come.
  public func contains(_ point: Point2, in id: ID) -> Bool {
    guard form[id] == .area else { return false }
    // Even-odd over all rings: holes and islands in holes come out right.
    var isInside = false
    for part in parts(of: id) where Ring.contains(point, in: points(ofPart: part)) {
      isInside.toggle()
    }
    return isInside
  }

  /// Metres from a point to a shape, 0 inside an area.
  public func distance(from point: Point2, to id: ID) -> Double {
    if contains(point, in: id) { return 0 }
    var best = Double.infinity
    for part in parts(of: id) {
      let chain = points(ofPart: part)
      best = Swift.min(best, Polyline.project(point, onto: chain).distance)
      if form[id] == .area, let first = chain.first, let last = chain.last {
        best = Swift.min(best, Polyline.distance(point, toSegmentFrom: last, to: first))
      }
    }
    return best
  }

  mutating func reserve(shapes: Int, points: Int) {
    form.values.reserveCapacity(form.count + shapes)
    firstPart.reserveCapacity(firstPart.count + shapes)
    firstPoint.reserveCapacity(firstPoint.count + shapes)
    self.points.reserveCapacity(self.points.count + points)
  }

  /// Adds the points of the next part of the shape that `endShape` will close.
  mutating func addPart(_ part: some Collection<Point2>) {
    points.append(contentsOf: part)
    firstPoint.append(Int32(truncatingIfNeeded: points.count))
  }

  /// Makes a shape of the parts added since the last one.
  mutating func endShape(_ form: ShapeForm) {
    self.form.append(form)
    firstPart.append(Int32(truncatingIfNeeded: firstPoint.count - 1))
  }

  /// Turns the points of the last part round.
  mutating func reverseLastPart() {
    guard firstPoint.count > 1 else { return }
    points[Int(firstPoint[firstPoint.count - 2])...].reverse()
  }
}

extension Polyline {
  /// How far a point is from the segment between two others.
  static func distance(_ p: Point2, toSegmentFrom a: Point2, to b: Point2) -> Double {
    let ab = b - a
    let l2 = ab.dot(ab)
    guard l2 > 0 else { return p.distance(to: a) }
    let t = Swift.min(1, Swift.max(0, (p - a).dot(ab) / l2))
    return p.distance(to: a + ab * t)
  }
}
