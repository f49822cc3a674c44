import CGEOS
import CityBase

/// What GEOS computes about polygons, which must be valid (see `PolygonRepair`). Each call turns
/// the polygons into GEOS geometry and back: for load time only.
public enum PolygonOperations {
  /// The area of polygons, holes taken off, in the square of their unit.
  public static func area(_ polygons: [PolygonRings]) -> Double {
    polygons.reduce(0) { sum, rings in
      let holes = rings.dropFirst().reduce(0) { $0 + abs(Ring.signedArea($1)) }
      return sum + (rings.first.map { abs(Ring.signedArea($0)) } ?? 0) - holes
    }
  }

  /// The polygons that cover what any of these cover, merged where they touch. Fails where GEOS
  /// cannot compute it.
  public static func union(_ polygons: [PolygonRings]) throws(CityError) -> [PolygonRings] {
    let geos = GEOSSession()
    let input = try geos.multiPolygon(polygons)
    defer { geos.destroy(input) }
    guard let output = GEOSUnaryUnion_r(geos.handle, input) else { throw geos.error }
    defer { geos.destroy(output) }
    return try geos.polygons(output)
  }

  /// A point that is certainly inside; nil where there is no area. Fails where GEOS cannot compute
  /// it.
  public static func pointOnSurface(_ polygons: [PolygonRings]) throws(CityError) -> Point2? {
    let geos = GEOSSession()
    let input = try geos.multiPolygon(polygons)
    defer { geos.destroy(input) }
    guard GEOSisEmpty_r(geos.handle, input) == 0 else { return nil }
    guard let point = GEOSPointOnSurface_r(geos.handle, input) else { throw geos.error }
    defer { geos.destroy(point) }
    var p = Point2(0, 0)
    guard GEOSGeomGetX_r(geos.handle, point, &p.x) == 1,
      GEOSGeomGetY_r(geos.handle, point, &p.y) == 1
    else { return nil }
    return p
  }

  /// Whether a point is inside or on the edge. Fails where GEOS cannot compute it.
  public static func contains(
    _ polygons: [PolygonRings], _ point: Point2
  ) throws(CityError) -> Bool {
    let geos = GEOSSession()
    let input = try geos.multiPolygon(polygons)
    defer { geos.destroy(input) }
    guard let p = GEOSGeom_createPointFromXY_r(geos.handle, point.x, point.y) else {
      throw geos.error
    }
    defer { geos.destroy(p) }
    let answer = GEOSIntersects_r(geos.handle, input, p)
    guard answer <= 1, answer >= 0 else { throw geos.error }
    return answer == 1
  }
}
