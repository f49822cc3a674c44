import CityBase
import CityGIS

/// Brings the geometry of features into a `ShapeStore`: rounded to a millimetre, without repeated
/// points, areas valid and their rings turned the usual way.
struct ShapeReader {
  /// Why a feature got no shape.
  struct Refusal: Error {
    var code: String
    var message: String
  }

  /// What became of a feature.
  struct Outcome {
    var form: ShapeForm
    /// What was repaired, in words; nil where nothing was.
    var repair: String?
  }

  /// Square metres below which a part of an area is dust.
  static let smallestArea = 1e-4

  private var chain: [Point2] = []
  private var polygons: [PolygonRings] = []

  /// Adds the shape of a feature, or nothing at all where it is refused.
  mutating func read<ID>(
    _ i: Int, of features: FeatureTable, into shapes: inout ShapeStore<ID>, forms: [ShapeForm]
  ) throws(Refusal) -> Outcome {
    let kind = features.kind(i)
    guard let form = Self.form(of: kind) else {
      throw Refusal(code: "geometry-missing", message: "no geometry; left out")
    }
    guard forms.contains(form) else {
      let words = forms.map(Self.word).joined(separator: " or ")
      throw Refusal(
        code: "geometry-type",
        message: "expected \(words), found \(Self.word(form)); left out")
    }
    let repair: String?
    switch form {
    case .point: repair = try readPoint(i, features, &shapes)
    case .line: repair = try readLines(i, features, &shapes)
    case .area: repair = try readArea(i, features, &shapes)
    }
    shapes.endShape(form)
    return Outcome(form: form, repair: repair)
  }

  private static func form(of kind: GeometryKind) -> ShapeForm? {
    kind.isPoint ? .point : kind.isLine ? .line : kind.isArea ? .area : nil
  }

  private static func word(_ form: ShapeForm) -> String {
    switch form {
    case .point: "a point"
    case .line: "a line"
    case .area: "a polygon"
    }
  }

  private func readPoint<ID>(
    _ i: Int, _ features: FeatureTable, _ shapes: inout ShapeStore<ID>
  ) throws(Refusal) -> String? {
    let points = features.points(i)
    guard let first = points.first else {
      throw Refusal(code: "geometry-missing", message: "no point; left out")
    }
    shapes.addPart(CollectionOfOne(first.roundedToMillimetre))
    return points.count > 1
      ? "\(points.count) points where one is expected; the first is used" : nil
  }

  private mutating func readLines<ID>(
    _ i: Int, _ features: FeatureTable, _ shapes: inout ShapeStore<ID>
  ) throws(Refusal) -> String? {
    var isEmpty = true
    var short = 0
    for part in 0..<features.partCount(i) {
      takeChain(features.ring(i, part: part))
      if chain.count < 2 {
        short += 1
        continue
      }
      shapes.addPart(chain)
      isEmpty = false
    }
    if isEmpty {
      throw Refusal(code: "geometry-empty", message: "a line without length; left out")
    }
    return short > 0 ? "\(short) parts without length left out" : nil
  }

  private mutating func readArea<ID>(
    _ i: Int, _ features: FeatureTable, _ shapes: inout ShapeStore<ID>
  ) throws(Refusal) -> String? {
    if features.partCount(i) == 1, features.ringCount(i, part: 0) == 1 {
      takeRing(features.ring(i, part: 0))
      if RingCheck.isCertainlySimple(chain) {
        let area = Ring.signedArea(chain)
        if abs(area) > Self.smallestArea {
          shapes.addPart(chain)
          if area < 0 { shapes.reverseLastPart() }
          return nil
        }
      }
    }
    return try readDoubtfulArea(i, features, &shapes)
  }

  /// Lets GEOS look at an area, and repair it where it must.
  private mutating func readDoubtfulArea<ID>(
    _ i: Int, _ features: FeatureTable, _ shapes: inout ShapeStore<ID>
  ) throws(Refusal) -> String? {
    polygons.removeAll(keepingCapacity: true)
    var collapsed = 0
    for part in 0..<features.partCount(i) {
      var rings: PolygonRings = []
      for ring in 0..<features.ringCount(i, part: part) {
        takeRing(features.ring(i, part: part, ring: ring))
        if chain.count >= 3 {
          // GEOS would count a ring that is not closed as one to repair.
          rings.append(chain + [chain[0]])
        } else {
          collapsed += 1
          // Without its outer ring a polygon is nothing, whatever its holes are.
          if ring == 0 { break }
        }
      }
      if !rings.isEmpty { polygons.append(rings) }
    }
    let outcome: PolygonRepair.Outcome
    do {
      outcome = try PolygonRepair.makeValid(polygons, minArea: Self.smallestArea)
    } catch {
      throw Refusal(
        code: "geometry-unusable", message: "\(error.message); the polygon was left out")
    }
    guard add(outcome.polygons, to: &shapes) else {
      throw Refusal(code: "geometry-empty", message: "a polygon without area; left out")
    }
    if let repair = outcome.repair { return "\(repair); the polygon was repaired" }
    return collapsed > 0 ? "\(collapsed) rings without area were left out" : nil
  }

  /// Adds repaired polygons, which GEOS may have cut at points that are no whole millimetres.
  private mutating func add<ID>(_ polygons: [PolygonRings], to shapes: inout ShapeStore<ID>) -> Bool
  {
    var isEmpty = true
    for rings in polygons {
      for (k, ring) in rings.enumerated() {
        takeRing(ring[...])
        let area = Ring.signedArea(chain)
        guard chain.count >= 3, abs(area) > Self.smallestArea else {
          if k == 0 { break }
          continue
        }
        shapes.addPart(chain)
        if (area > 0) != (k == 0) { shapes.reverseLastPart() }
        isEmpty = false
      }
    }
    return !isEmpty
  }

  /// Takes over a chain, rounded and without points twice in a row.
  private mutating func takeChain(_ points: ArraySlice<Point2>) {
    chain.removeAll(keepingCapacity: true)
    for p in points {
      let q = p.roundedToMillimetre
      if q != chain.last { chain.append(q) }
    }
  }

  /// Takes over a ring, likewise, and opens it.
  private mutating func takeRing(_ points: ArraySlice<Point2>) {
    takeChain(points)
    while chain.count > 1, chain.first == chain.last { chain.removeLast() }
  }
}
