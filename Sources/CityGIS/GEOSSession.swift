import CGEOS
import CityBase

/// What GEOS said last.
private final class GEOSMessages {
  var last = ""
}

/// A GEOS handle for the length of one call: not shared, its messages caught.
final class GEOSSession {
  let handle: GEOSContextHandle_t?
  private let messages = GEOSMessages()

  init() {
    handle = GEOS_init_r()
    let data = Unmanaged.passUnretained(messages).toOpaque()
    _ = GEOSContext_setErrorMessageHandler_r(
      handle,
      { text, data in
        guard let data, let text else { return }
        Unmanaged<GEOSMessages>.fromOpaque(data).takeUnretainedValue().last = String(cString: text)
      }, data)
    _ = GEOSContext_setNoticeMessageHandler_r(handle, { _, _ in }, nil)
  }

  deinit { GEOS_finish_r(handle) }

  /// The error for a call that gave no result.
  var error: CityError { .failed("geometry could not be computed (\(messages.last))") }

  func destroy(_ geometry: OpaquePointer) { GEOSGeom_destroy_r(handle, geometry) }

  /// A multipolygon of all polygons with at least a triangle as outer ring, as they are, valid or
  /// not. Rings are closed; repeated and non-finite points are left out.
  func multiPolygon(_ polygons: [PolygonRings]) throws(CityError) -> OpaquePointer {
    var parts: [OpaquePointer?] = []
    for rings in polygons {
      if let polygon = try polygon(rings) { parts.append(polygon) }
    }
    let count = UInt32(parts.count)
    guard
      let out = GEOSGeom_createCollection_r(
        handle, Int32(GEOS_MULTIPOLYGON.rawValue), &parts, count)
    else { throw error }
    return out
  }

  private func polygon(_ rings: PolygonRings) throws(CityError) -> OpaquePointer? {
    guard let outer = rings.first, let shell = try ring(outer) else { return nil }
    var holes: [OpaquePointer?] = []
    for hole in rings.dropFirst() {
      if let ring = try ring(hole) { holes.append(ring) }
    }
    let count = UInt32(holes.count)
    guard let out = GEOSGeom_createPolygon_r(handle, shell, &holes, count) else { throw error }
    return out
  }

  /// A linear ring; nil where fewer than three points differ.
  private func ring(_ points: [Point2]) throws(CityError) -> OpaquePointer? {
    let clean = Self.cleaned(points)
    guard clean.count >= 4 else { return nil }
    let sequence = clean.withUnsafeBytes {
      GEOSCoordSeq_copyFromBuffer_r(
        handle, $0.bindMemory(to: Double.self).baseAddress, UInt32(clean.count), 0, 0)
    }
    guard let sequence, let ring = GEOSGeom_createLinearRing_r(handle, sequence) else {
      throw error
    }
    return ring
  }

  /// A ring closed, without repeated and without non-finite points.
  static func cleaned(_ points: [Point2]) -> [Point2] {
    var out: [Point2] = []
    out.reserveCapacity(points.count + 1)
    for p in points where p.isFinite && p != out.last { out.append(p) }
    if let first = out.first, let last = out.last, first != last { out.append(first) }
    return out
  }

  /// The polygons in any geometry, closed, outer rings counter-clockwise, holes clockwise; lines
  /// and points in it are dropped.
  func polygons(_ geometry: OpaquePointer) throws(CityError) -> [PolygonRings] {
    let type = GEOSGeomTypeId_r(handle, geometry)
    if type == Int32(GEOS_POLYGON.rawValue) {
      guard GEOSisEmpty_r(handle, geometry) == 0,
        let shell = GEOSGetExteriorRing_r(handle, geometry)
      else { return [] }
      var rings = [try points(shell, isCounterClockwise: true)]
      for i in 0..<max(0, GEOSGetNumInteriorRings_r(handle, geometry)) {
        guard let hole = GEOSGetInteriorRingN_r(handle, geometry, i) else { throw error }
        rings.append(try points(hole, isCounterClockwise: false))
      }
      return [rings]
    }
    guard type >= Int32(GEOS_MULTIPOINT.rawValue) else { return [] }
    var out: [PolygonRings] = []
    for i in 0..<max(0, GEOSGetNumGeometries_r(handle, geometry)) {
      guard let part = GEOSGetGeometryN_r(handle, geometry, i) else { throw error }
      out += try polygons(part)
    }
    return out
  }

  private func points(
    _ ring: OpaquePointer, isCounterClockwise: Bool
  ) throws(CityError) -> [Point2] {
    var count: UInt32 = 0
    guard let sequence = GEOSGeom_getCoordSeq_r(handle, ring),
      GEOSCoordSeq_getSize_r(handle, sequence, &count) != 0
    else { throw error }
    var out = [Point2](repeating: Point2(0, 0), count: Int(count))
    let isCopied = out.withUnsafeMutableBytes {
      GEOSCoordSeq_copyToBuffer_r(
        handle, sequence, $0.bindMemory(to: Double.self).baseAddress, 0, 0) != 0
    }
    guard isCopied else { throw error }
    if (Ring.signedArea(out) < 0) == isCounterClockwise { out.reverse() }
    return out
  }
}
