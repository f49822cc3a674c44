import CityBase

extension FeatureTable {
  /// All points of a feature, part after part.
  public func points(_ i: Int) -> ArraySlice<Point2> {
    let rings = ringRange(i)
    return coordinates[
      Int(firstPoint[rings.lowerBound])..<Int(firstPoint[rings.upperBound])]
  }
  /// How many parts a feature has: points of a multipoint are one part, lines of a multiline and
  /// polygons of a multipolygon a part each.
  public func partCount(_ i: Int) -> Int { Int(firstPart[i + 1] - firstPart[i]) }
  /// How many rings a part has; 1 for points and lines.
  public func ringCount(_ i: Int, part: Int) -> Int {
    let p = Int(firstPart[i]) + part
    return Int(firstRing[p + 1] - firstRing[p])
  }
  /// The points of a ring (of the points, of the line) of a part. Rings are as in the file: the
  /// last point repeats the first where the file closes them.
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

  func ringRange(_ i: Int) -> Range<Int> {
    Int(firstRing[Int(firstPart[i])])..<Int(firstRing[Int(firstPart[i + 1])])
  }

  /// Takes all coordinates into another CRS. Features with a point that has no image there lose
  /// their geometry and are diagnosed (`coordinate-out-of-range`).
  public mutating func transform(
    _ transform: CoordinateTransform, diagnostics: inout Diagnostics
  ) throws(CityError) {
    try transform.apply(&coordinates)
  }
}
