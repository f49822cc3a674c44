import CPROJ
import CityBase
import Synchronization

/// What PROJ said last; it reports by calling back, and would print if nobody listened.
private final class ProjMessages {
  var last = ""
}

/// A PROJ context of its own, quiet and without network.
final class ProjContext {
  let context: OpaquePointer?
  private let messages = ProjMessages()

  init() {
    context = proj_context_create()
    proj_context_set_enable_network(context, 0)
    proj_log_level(context, PJ_LOG_ERROR)
    proj_log_func(context, Unmanaged.passUnretained(messages).toOpaque()) { data, _, text in
      guard let data, let text else { return }
      Unmanaged<ProjMessages>.fromOpaque(data).takeUnretainedValue().last = String(cString: text)
    }
  }

  deinit { proj_context_destroy(context) }

  /// What PROJ complained about last, without its own function names.
  var complaint: String {
    let text = messages.last
    guard let colon = text.firstRange(of: ": ") else { return text }
    return text[..<colon.lowerBound].contains(" ") ? text : String(text[colon.upperBound...])
  }

  /// A named CRS, to be destroyed by the caller. Refused where PROJ does not know it.
  func crs(_ name: String) throws(CityError) -> OpaquePointer {
    // Without `+type=crs` a PROJ string is an operation.
    let isPlain = name.hasPrefix("+") && !name.contains("type=crs")
    guard let crs = proj_create(context, isPlain ? name + " +type=crs" : name) else {
      let why = complaint.isEmpty ? "" : " (\(complaint))"
      throw .refused("unknown coordinate reference system \"\(name)\"\(why)")
    }
    guard proj_is_crs(crs) != 0 else {
      proj_destroy(crs)
      throw .refused("expected a coordinate reference system, \"\(name)\" is something else")
    }
    return crs
  }

  /// Whether a CRS has longitude and latitude.
  func isGeographic(_ crs: OpaquePointer) -> Bool {
    switch proj_get_type(crs) {
    case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: return true
    case PJ_TYPE_BOUND_CRS:
      guard let inner = proj_get_source_crs(context, crs) else { return false }
      defer { proj_destroy(inner) }
      return isGeographic(inner)
    case PJ_TYPE_COMPOUND_CRS:
      guard let inner = proj_crs_get_sub_crs(context, crs, 0) else { return false }
      defer { proj_destroy(inner) }
      return isGeographic(inner)
    default: return false
    }
  }
}

/// A prepared transformation between two systems. PROJ objects serve one thread at a time, so
/// calls are serialised by a lock; each pair has a context of its own.
final class ProjectionPair: @unchecked Sendable {
  let sourceIsGeographic: Bool
  let targetIsGeographic: Bool
  private let context: ProjContext
  private let operation: OpaquePointer
  private let lock = Mutex(())

  init(from source: String, to target: String) throws(CityError) {
    context = ProjContext()
    let from = try context.crs(source)
    defer { proj_destroy(from) }
    let to = try context.crs(target)
    defer { proj_destroy(to) }
    sourceIsGeographic = context.isGeographic(from)
    targetIsGeographic = context.isGeographic(to)
    guard let raw = proj_create_crs_to_crs_from_pj(context.context, from, to, nil, nil) else {
      throw .refused("no way from \(source) to \(target) (\(context.complaint))")
    }
    defer { proj_destroy(raw) }
    guard let normal = proj_normalize_for_visualization(context.context, raw) else {
      throw .refused("no way from \(source) to \(target) (\(context.complaint))")
    }
    operation = normal
  }

  deinit { proj_destroy(operation) }

  /// Transforms in place; points without an image become infinite.
  func apply(_ points: UnsafeMutableBufferPointer<Point2>) {
    guard let base = points.baseAddress else { return }
    lock.withLock { _ in
      base.withMemoryRebound(to: Double.self, capacity: points.count * 2) { xy in
        let stride = MemoryLayout<Point2>.stride
        _ = proj_trans_generic(
          operation, PJ_FWD, xy, stride, points.count, xy + 1, stride, points.count, nil, 0, 0,
          nil, 0, 0)
        proj_errno_reset(operation)
      }
    }
  }

  /// Making a pair costs about a tenth of a second, so pairs are kept; they never change.
  private static let known = Mutex<[String: ProjectionPair]>([:])

  static func shared(from source: String, to target: String) throws(CityError) -> ProjectionPair {
    let name = source + "\u{1F}" + target
    if let pair = known.withLock({ $0[name] }) { return pair }
    let pair = try ProjectionPair(from: source, to: target)
    known.withLock {
      if $0.count >= 32 { $0.removeAll() }
      $0[name] = pair
    }
    return pair
  }
}
