import CityBase
import CityGIS

/// The nodes of an extract in a metric working CRS.
struct OSMPlane: Sendable {
  let data: OSMData
  /// The UTM zone at the middle of the extract, as an EPSG code.
  let crs: String
  /// Metres, rounded to 1 mm, by node index; NaN for nodes that are left out.
  let positions: [Point2]
  /// The edge of the extract as a ring in metres; empty where unknown.
  let edge: [Point2]
  let edgeSource: ExtractEdge.Source

  /// Nodes farther from the middle than this are left out: a UTM zone bends everything out of
  /// shape there, and one misplaced node would make a road around half the Earth. Metres.
  static let reach = 400_000.0

  init(_ data: OSMData, diagnostics: inout Diagnostics) throws(CityError) {
    self.data = data
    let middle = Self.middle(of: data.nodePosition)
    crs = Self.utmZone(at: middle)
    let extract = ExtractEdge(data)
    let ring = extract.ring
    var points = data.nodePosition + ring + [middle]
    try CoordinateTransform(from: "EPSG:4326", to: crs).apply(&points)
    let center = points.removeLast()
    let edge = Array(points.suffix(ring.count))
    points.removeLast(ring.count)
    let isSound = edge.allSatisfy { $0.isFinite && $0.distance(to: center) < 3 * Self.reach }
    self.edge = isSound ? edge : []
    edgeSource = isSound ? extract.source : .unknown
    var lost = 0
    for i in points.indices {
      let p = points[i].roundedToMillimetre
      if p.isFinite && p.distance(to: center) <= Self.reach {
        points[i] = p
      } else {
        points[i] = Point2(.nan, .nan)
        lost += 1
      }
    }
    if lost > 0 {
      diagnostics.warn(
        "osm-far-node", file: data.file,
        "\(lost) nodes are left out: more than 400 km from the middle of the extract")
    }
    positions = points
  }

  /// The median longitude and latitude: an extract may have a few nodes a continent away. Of many
  /// points every so many are looked at.
  static func middle(of points: [Point2]) -> Point2 {
    guard !points.isEmpty else { return Point2(0, 0) }
    let sample = stride(from: 0, to: points.count, by: 1 + points.count / 20_000)
    let x = sample.map { points[$0].x }.sorted()
    let y = sample.map { points[$0].y }.sorted()
    return Point2(x[x.count / 2], y[y.count / 2])
  }

  /// The EPSG code of the UTM zone of a place in degrees (WGS 84).
  static func utmZone(at p: Point2) -> String {
    let zone = max(1, min(60, Int(((p.x + 180) / 6).rounded(.down)) + 1))
    return "EPSG:\((p.y < 0 ? 32700 : 32600) + zone)"
  }

  /// The positions of a way's nodes without repeats, split where nodes are missing.
  func pieces(ofWay way: Int) -> [[Int32]] {
    var pieces: [[Int32]] = []
    var piece: [Int32] = []
    for node in data.nodes(ofWay: way) {
      if node < 0 || !positions[Int(node)].isFinite {
        if piece.count > 1 { pieces.append(piece) }
        piece.removeAll(keepingCapacity: true)
      } else if piece.last != node {
        piece.append(node)
      }
    }
    if piece.count > 1 { pieces.append(piece) }
    return pieces
  }

  /// The points of some nodes.
  func points(_ nodes: some Sequence<Int32>) -> [Point2] { nodes.map { positions[Int($0)] } }
}
