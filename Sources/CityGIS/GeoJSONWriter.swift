import CityBase
import CityText

/// Writes an RFC 7946 FeatureCollection in longitude and latitude of WGS 84.
///
/// Polygons get closed right-hand rings (outer ones counter-clockwise, holes clockwise),
/// coordinates at most 7 decimals, members always the same order: type, id, geometry, properties.
/// One feature a line. A shape with a number that is not finite becomes a null geometry.
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

  private var bytes: [UInt8] = []
  private var hasFeatures = false
  /// Decimals of coordinates, at most 7 (about a centimetre).
  public let decimals: Int

  public init(decimals: Int = 7) { self.decimals = min(7, max(0, decimals)) }

  /// Starts the collection.
  public mutating func begin() {
    hasFeatures = false
    append(#"{"type":"FeatureCollection","features":["#)
  }

  /// Adds a feature on a line of its own; the id may be nil.
  public mutating func addFeature(id: String?, shape: Shape, properties: [Property]) {
    append(hasFeatures ? ",\n" : "\n")
    hasFeatures = true
    append(#"{"type":"Feature""#)
    if let id {
      append(#","id":"#)
      JSONWriter.appendString(id, to: &bytes)
    }
    append(#","geometry":"#)
    append(shape)
    append(#","properties":"#)
    append(properties)
    bytes.append(0x7D)
  }

  /// Ends the collection and gives the bytes that were not taken yet.
  public mutating func finish() -> [UInt8] {
    append("\n]}\n")
    return takeBytes()
  }

  /// How many bytes wait to be taken.
  public var byteCount: Int { bytes.count }

  /// Takes what was written so far out of the writer, for files that are written in pieces.
  public mutating func takeBytes() -> [UInt8] {
    var out: [UInt8] = []
    swap(&out, &bytes)
    return out
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ properties: [Property]) {
    bytes.append(0x7B)
    for (i, p) in properties.enumerated() {
      if i > 0 { bytes.append(0x2C) }
      JSONWriter.appendString(p.name, to: &bytes)
      bytes.append(0x3A)
      switch p.value {
      case .null: append("null")
      case .bool(let b): append(b ? "true" : "false")
      case .integer(let n): NumberText.append(n, to: &bytes)
      case .number(let d, let decimals): NumberText.append(d, maxDecimals: decimals, to: &bytes)
      case .text(let t): JSONWriter.appendString(t, to: &bytes)
      }
    }
    bytes.append(0x7D)
  }

  private mutating func append(_ shape: Shape) {
    let start = bytes.count
    let isFinite: Bool
    switch shape {
    case .none:
      append("null")
      return
    case .point(let p):
      append(#"{"type":"Point","coordinates":"#)
      isFinite = append(p)
    case .multiPoint(let points):
      append(#"{"type":"MultiPoint","coordinates":"#)
      isFinite = append(points)
    case .line(let points):
      append(#"{"type":"LineString","coordinates":"#)
      isFinite = append(points)
    case .multiLine(let lines):
      append(#"{"type":"MultiLineString","coordinates":"#)
      isFinite = list(lines) { $0.append($1) }
    case .polygon(let rings):
      append(#"{"type":"Polygon","coordinates":"#)
      isFinite = append(polygon: rings)
    case .multiPolygon(let polygons):
      append(#"{"type":"MultiPolygon","coordinates":"#)
      isFinite = list(polygons) { $0.append(polygon: $1) }
    }
    bytes.append(0x7D)
    if !isFinite {
      bytes.removeLast(bytes.count - start)
      append("null")
    }
  }

  private mutating func list<T>(_ items: [T], _ one: (inout Self, T) -> Bool) -> Bool {
    bytes.append(0x5B)
    var isFinite = true
    for (i, item) in items.enumerated() {
      if i > 0 { bytes.append(0x2C) }
      if !one(&self, item) { isFinite = false }
    }
    bytes.append(0x5D)
    return isFinite
  }

  private mutating func append(_ p: Point2) -> Bool {
    bytes.append(0x5B)
    NumberText.append(p.x, maxDecimals: decimals, to: &bytes)
    bytes.append(0x2C)
    NumberText.append(p.y, maxDecimals: decimals, to: &bytes)
    bytes.append(0x5D)
    return p.isFinite
  }

  private mutating func append(_ points: [Point2]) -> Bool { list(points) { $0.append($1) } }

  private mutating func append(polygon rings: [[Point2]]) -> Bool {
    var isOuter = true
    return list(rings) { writer, ring in
      defer { isOuter = false }
      return writer.append(ring: ring, isCounterClockwise: isOuter)
    }
  }

  private mutating func append(ring: [Point2], isCounterClockwise: Bool) -> Bool {
    guard let first = ring.first, let last = ring.last else { return append([Point2]()) }
    var closed = ring
    if first != last { closed.append(first) }
    if (Ring.signedArea(closed) < 0) == isCounterClockwise { closed.reverse() }
    return append(closed)
  }
}
