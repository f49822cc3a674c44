import CityBase

extension FeatureTable {
  /// All points of a feature, part after part; empty where it has no geometry.
  public func points(_ i: Int) -> ArraySlice<Point2> {
    guard kinds[i] != .none else { return [] }
    let first = Int(firstRing[Int(firstPart[i])])
    let end = Int(firstRing[Int(firstPart[i + 1])])
    return coordinates[Int(firstPoint[first])..<Int(firstPoint[end])]
  }

  /// How many parts a feature has: points of a multipoint are one part, lines of a multiline and
  /// polygons of a multipolygon a part each; 0 where it has no geometry.
  public func partCount(_ i: Int) -> Int {
    kinds[i] == .none ? 0 : Int(firstPart[i + 1] - firstPart[i])
  }

  /// How many rings a part has; 1 for points and lines. The part must be there.
  public func ringCount(_ i: Int, part: Int) -> Int {
    let p = Int(firstPart[i]) + part
    return Int(firstRing[p + 1] - firstRing[p])
  }

  /// The points of a ring (of the points, of the line) of a part, which must be there. Rings of
  /// polygons are closed: the last point repeats the first.
  public func ring(_ i: Int, part: Int, ring: Int = 0) -> ArraySlice<Point2> {
    let r = Int(firstRing[Int(firstPart[i]) + part]) + ring
    return coordinates[Int(firstPoint[r])..<Int(firstPoint[r + 1])]
  }

  /// The lines of a line feature; empty for other kinds.
  public func lines(_ i: Int) -> [[Point2]] {
    guard kinds[i].isLine else { return [] }
    return (0..<partCount(i)).map { Array(ring(i, part: $0)) }
  }

  /// The polygons of an area feature, each with its outer ring first; empty for other kinds.
  public func polygons(_ i: Int) -> [[[Point2]]] {
    guard kinds[i].isArea else { return [] }
    return (0..<partCount(i)).map { part in
      (0..<ringCount(i, part: part)).map { Array(ring(i, part: part, ring: $0)) }
    }
  }

  /// The smallest box around a feature; empty where it has no geometry.
  public func box(_ i: Int) -> Box2 { Box2(points(i)) }

  /// Takes all coordinates into another CRS. Features with a point that has no image there lose
  /// their geometry, with a diagnostic (`coordinate-out-of-range`) that names the first such point.
  public mutating func transform(
    _ transform: CoordinateTransform, diagnostics: inout Diagnostics
  ) throws(CityError) {
    let original = coordinates
    guard try transform.apply(&coordinates) > 0 else { return }
    for i in 0..<count {
      let points = points(i)
      guard let bad = points.firstIndex(where: { !$0.isFinite }) else { continue }
      let p = original[bad]
      kinds[i] = .none
      diagnostics.warn(
        "coordinate-out-of-range", file: file, place: place(i),
        "the point \(p.x), \(p.y) is outside of what \(transform.source) allows or has no image in"
          + " \(transform.target); the geometry was left out")
    }
  }

  /// A feature's place for messages: its position in the file and its byte.
  public func place(_ i: Int) -> String { "features[\(ordinals[i])] (byte \(offsets[i]))" }
}
