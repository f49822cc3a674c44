import CGEOS
import CityBase

/// A polygon: the outer ring first, then holes. On the way in rings need not be closed.
public typealias PolygonRings = [[Point2]]

/// Makes polygons valid.
public enum PolygonRepair {
  /// What came of a repair.
  public struct Outcome: Sendable {
    /// Valid polygons: closed rings, outer ones counter-clockwise, holes clockwise. Empty where
    /// nothing with an area was left.
    public var polygons: [PolygonRings]
    /// What was wrong, in words; nil where the input was valid. Closing and turning rings and
    /// dropping repeated points does not count.
    public var repair: String?
  }

  /// Repairs one or more polygons that belong together: crossings, overlaps, holes outside,
  /// unclosed rings, repeated points. Parts and holes smaller than `minArea` are dropped.
  ///
  /// The area that the outer rings cover less that of the holes stays (the "structure" method of
  /// GEOS 3.10 and later). Fails where GEOS cannot compute it.
  public static func makeValid(
    _ polygons: [PolygonRings], minArea: Double = 0
  ) throws(CityError) -> Outcome {
    let geos = GEOSSession()
    let input = try geos.multiPolygon(polygons)
    defer { geos.destroy(input) }
    if GEOSisValid_r(geos.handle, input) == 1 {
      let kept = try geos.polygons(input)
      let dropped = kept.count < polygons.count ? "a ring without area" : nil
      return withoutSlivers(Outcome(polygons: kept, repair: dropped), minArea)
    }
    let reason = reason(input, geos)
    let parameters = GEOSMakeValidParams_create_r(geos.handle)
    defer { GEOSMakeValidParams_destroy_r(geos.handle, parameters) }
    _ = GEOSMakeValidParams_setMethod_r(geos.handle, parameters, GEOS_MAKE_VALID_STRUCTURE)
    _ = GEOSMakeValidParams_setKeepCollapsed_r(geos.handle, parameters, 0)
    guard let output = GEOSMakeValidWithParams_r(geos.handle, input, parameters) else {
      throw geos.error
    }
    defer { geos.destroy(output) }
    return withoutSlivers(Outcome(polygons: try geos.polygons(output), repair: reason), minArea)
  }

  private static func reason(_ geometry: OpaquePointer, _ geos: GEOSSession) -> String {
    guard let text = GEOSisValidReason_r(geos.handle, geometry) else { return "not valid" }
    defer { GEOSFree_r(geos.handle, text) }
    return String(cString: text)
  }

  private static func withoutSlivers(_ outcome: Outcome, _ minArea: Double) -> Outcome {
    guard minArea > 0 else { return outcome }
    var out = outcome
    var dropped = 0
    out.polygons = outcome.polygons.compactMap { rings in
      guard let shell = rings.first, abs(Ring.signedArea(shell)) >= minArea else {
        dropped += 1
        return nil
      }
      let holes = rings.dropFirst().filter { abs(Ring.signedArea($0)) >= minArea }
      dropped += rings.count - 1 - holes.count
      return [shell] + holes
    }
    if dropped > 0 {
      out.repair = (out.repair.map { $0 + "; " } ?? "") + "\(dropped) parts below \(minArea)"
    }
    return out
  }
}
