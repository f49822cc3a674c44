import CityBase
import CityGIS
import CitySimulation

/// Takes coordinates of the working CRS to WGS 84.
public final class OutputProjection {
  private let transform: CoordinateTransform

  /// Refuses a working CRS that is not known.
  public init(from workingCRS: String) throws(CityError) {
    transform = try CoordinateTransform(from: workingCRS, to: "EPSG:4326")
  }

  func apply(_ points: inout [Point2]) throws(CityError) { try transform.apply(&points) }
}

/// Collects features, projects all their points in one call, and writes them.
///
/// One buffer serves many snapshots: `removeAll` keeps its memory.
struct FeatureBuffer: FeatureSink {
  private enum Geometry {
    case point
    case line
    case lines
    case polygon
  }
  private struct Entry {
    var kind: String
    var id: String
    var geometry: Geometry
    /// Where its parts start in `partEnds`.
    var firstPart: Int
    var properties: [Property]
  }

  private var entries: [Entry] = []
  private var points: [Point2] = []
  /// The end of each point, line or ring in `points`.
  private var partEnds: [Int] = []

  var count: Int { entries.count }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
    partEnds.removeAll(keepingCapacity: true)
  }

  mutating func add(kind: String, id: String, shape: FeatureShape, properties: [Property]) {
    let firstPart = partEnds.count
    let geometry: Geometry
    switch shape {
    case .point(let p):
      geometry = .point
      addPart([p])
    case .line(let line):
      guard line.count > 1 else { return }
      geometry = .line
      addPart(line)
    case .lines(let lines):
      guard lines.contains(where: { $0.count > 1 }) else { return }
      geometry = .lines
      for line in lines where line.count > 1 { addPart(line) }
    case .polygon(let rings):
      guard let outer = rings.first, outer.count > 2 else { return }
      geometry = .polygon
      addPart(outer)
      for hole in rings.dropFirst() where hole.count > 2 { addPart(hole) }
    }
    entries.append(
      Entry(kind: kind, id: id, geometry: geometry, firstPart: firstPart, properties: properties))
  }

  private mutating func addPart(_ part: [Point2]) {
    points += part
    partEnds.append(points.count)
  }

  /// Takes all points to WGS 84.
  mutating func project(_ projection: OutputProjection) throws(CityError) {
    try projection.apply(&points)
  }

  /// The features as one FeatureCollection, each with `id`, `kind` and `time` before its own
  /// properties. A feature with a point that has no place in WGS 84 is left out.
  func collection(time: Instant) -> [UInt8] {
    var writer = GeoJSONWriter()
    writer.begin()
    forEachFeature(time: time.iso8601) { id, shape, properties in
      writer.addFeature(id: id, shape: shape, properties: properties)
    }
    return writer.finish()
  }

  /// The features as an RFC 8142 sequence: a record separator, the feature, a line feed.
  func sequence(time: Instant) -> [UInt8] {
    var bytes: [UInt8] = []
    forEachFeature(time: time.iso8601) { id, shape, properties in
      // Outside of a collection a feature stands on a line of its own, the line feed in front.
      var writer = GeoJSONWriter()
      writer.addFeature(id: id, shape: shape, properties: properties)
      bytes.append(0x1E)
      bytes.append(contentsOf: writer.takeBytes().drop { $0 == 0x0A })
      bytes.append(0x0A)
    }
    return bytes
  }

  private func forEachFeature(
    time: String, _ body: (String, GeoJSONWriter.Shape, [Property]) -> Void
  ) {
    for (i, entry) in entries.enumerated() {
      let endPart = i + 1 < entries.count ? entries[i + 1].firstPart : partEnds.count
      let start = entry.firstPart > 0 ? partEnds[entry.firstPart - 1] : 0
      let end = endPart > 0 ? partEnds[endPart - 1] : 0
      guard points[start..<end].allSatisfy(\.isFinite) else { continue }
      var properties = [
        Property("id", .text(entry.id)), Property("kind", .text(entry.kind)),
        Property("time", .text(time)),
      ]
      for property in entry.properties { properties.append(property) }
      body(entry.id, shape(of: entry, from: start, to: end, endPart: endPart), properties)
    }
  }

  private func shape(of entry: Entry, from start: Int, to end: Int, endPart: Int)
    -> GeoJSONWriter.Shape
  {
    switch entry.geometry {
    case .point: return .point(points[start])
    case .line: return .line(Array(points[start..<end]))
    case .lines: return .multiLine(parts(entry.firstPart..<endPart, from: start))
    case .polygon: return .polygon(parts(entry.firstPart..<endPart, from: start))
    }
  }

  private func parts(_ range: Range<Int>, from start: Int) -> [[Point2]] {
    var found: [[Point2]] = []
    var from = start
    for part in range {
      found.append(Array(points[from..<partEnds[part]]))
      from = partEnds[part]
    }
    return found
  }
}
