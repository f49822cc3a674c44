import CityBase
import CityText

/// Writes an RFC 7946 FeatureCollection in longitude and latitude.
///
/// Polygons get closed right-hand rings (outer counter-clockwise, holes clockwise), coordinates at
/// most 7 decimals, members always the same order: type, id, geometry, properties.
public struct GeoJSONWriter: Sendable {
  /// What a feature looks like, in degrees.
  public enum Shape: Sendable {
    case none
    case point(Point2)
    case multiPoint([Point2])
    case line([Point2])
    case multiLine([[Point2]])
    /// The outer ring first, then holes; closed or not, in any direction.
    case polygon([[Point2]])
    case multiPolygon([[[Point2]]])
  }

  private var json = JSONWriter()
  /// Decimals of coordinates, at most 7.
  public let decimals: Int

  public init(decimals: Int = 7) { self.decimals = min(7, max(0, decimals)) }

  /// Starts the collection.
  public mutating func begin() {
  }
  /// Adds a feature on a line of its own; the id may be nil.
  public mutating func addFeature(id: String?, shape: Shape, properties: [Property]) {
  }
  /// Ends the collection and gives the bytes.
  public mutating func finish() -> [UInt8] { json.takeBytes() }
}
