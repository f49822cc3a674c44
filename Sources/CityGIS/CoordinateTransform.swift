import CityBase

/// Turns coordinates of one reference system into another; x is longitude or easting, y latitude
/// or northing, whatever order the system itself prescribes.
///
/// Systems are named as PROJ names them (`EPSG:4548`, a `+proj=` string, WKT), or `GCJ-02` and
/// `BD-09` for China's shifted longitude and latitude. No file is fetched from the network. May be
/// used from several threads; calls for the same pair of systems wait for each other.
public final class CoordinateTransform: Sendable {
  public let source: String
  public let target: String
  /// Whether the source has longitude and latitude in degrees.
  public let sourceIsGeographic: Bool
  /// Whether the target has longitude and latitude in degrees.
  public let targetIsGeographic: Bool

  private let unshift: ShiftedCoordinates?
  private let pair: ProjectionPair?
  private let shift: ShiftedCoordinates?

  /// Prepares a transformation; the first one of a pair takes about a tenth of a second. Refused
  /// where a system is unknown or no way leads from one to the other.
  public init(from source: String, to target: String) throws(CityError) {
    self.source = source
    self.target = target
    unshift = ShiftedCoordinates(name: source)
    shift = ShiftedCoordinates(name: target)
    let from = unshift == nil ? source : "EPSG:4326"
    let to = shift == nil ? target : "EPSG:4326"
    let pair = try ProjectionPair.shared(from: from, to: to)
    sourceIsGeographic = pair.sourceIsGeographic
    targetIsGeographic = pair.targetIsGeographic
    // Equal systems need no arithmetic, which might cost the last digits.
    self.pair = from == to ? nil : pair
  }

  /// Transforms points in place and returns how many failed. A point that lies outside of what a
  /// geographic source allows (longitude ±180, latitude ±90), that is not finite or that has no
  /// image becomes NaN.
  @discardableResult
  public func apply(_ points: inout [Point2]) throws(CityError) -> Int {
    points.withUnsafeMutableBufferPointer { apply($0) }
  }

  /// Transforms one point; nil where it fails. For many points the other form is much faster.
  public func apply(_ point: Point2) -> Point2? {
    var p = point
    let failures = withUnsafeMutablePointer(to: &p) {
      apply(UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return failures == 0 ? p : nil
  }

  private func apply(_ points: UnsafeMutableBufferPointer<Point2>) -> Int {
    for i in points.indices {
      if sourceIsGeographic && !(abs(points[i].x) <= 180 && abs(points[i].y) <= 90) {
        points[i] = Self.failed
      }
      if let unshift { points[i] = unshift.unshift(points[i]) }
    }
    pair?.apply(points)
    var failures = 0
    for i in points.indices {
      if let shift { points[i] = shift.shift(points[i]) }
      if !points[i].isFinite {
        points[i] = Self.failed
        failures += 1
      }
    }
    return failures
  }

  private static let failed = Point2(.nan, .nan)
}
