import CityBase
import CityText

extension GeoJSONScanner {
  enum GeometryType {
    case point, multiPoint, line, multiLine, polygon, multiPolygon, collection, unknown
  }

  func geometryType(_ t: Token) -> GeometryType {
    if token(t, is: "Point") { return .point }
    if token(t, is: "LineString") { return .line }
    if token(t, is: "Polygon") { return .polygon }
    if token(t, is: "MultiPolygon") { return .multiPolygon }
    if token(t, is: "MultiLineString") { return .multiLine }
    if token(t, is: "MultiPoint") { return .multiPoint }
    if token(t, is: "GeometryCollection") { return .collection }
    return .unknown
  }

  /// What was found under "coordinates".
  enum Coordinates {
    case absent
    case empty
    /// Positions at a depth of 1 to 4 arrays, now at the end of the table's arrays.
    case positions(depth: Int)
    case malformed(String)
  }

  /// Reads a geometry object into the table; `.none` where there is none that can be used, and
  /// then the table is as before.
  mutating func readGeometry() throws(CityError) -> GeometryKind {
    let b = peek()
    guard b == 0x7B else {
      try skipValue()
      if b != 0x6E { return leaveOutGeometry("expected an object as \"geometry\"") }
      return .none
    }
    at += 1
    var type: Token?
    var coordinates = Coordinates.absent
    var goesOn = peek() != 0x7D
    if !goesOn { at += 1 }
    while goesOn {
      let key = try readKey()
      if token(key, is: "type") {
        type = nil
        if peek() == 0x22 { type = try readString() } else { try skipValue() }
      } else if token(key, is: "coordinates") {
        mark.restoreGeometry(&table)
        coordinates = try readCoordinates()
      } else {
        try skipValue()
      }
      goesOn = try continues(0x7D)
    }
    guard let type else { return leaveOutGeometry("expected a text as the \"type\" of a geometry") }
    return finishGeometry(type, coordinates)
  }

  mutating func leaveOutGeometry(
    code: String = "geometry-malformed", _ why: String
  ) -> GeometryKind {
    warn(code, "\(why); the geometry was left out")
    mark.restoreGeometry(&table)
    return .none
  }

  /// Reads positions; where they are not what GeoJSON allows, they are skipped as plain JSON, which
  /// finds out whether they are that at least.
  mutating func readCoordinates() throws(CityError) -> Coordinates {
    _ = peek()
    let start = at
    let (depth, problem) = scanPositions()
    guard let problem else { return depth == 0 ? .empty : .positions(depth: depth) }
    let place = at
    at = start
    mark.restoreGeometry(&table)
    isQuiet = true
    defer { isQuiet = false }
    try skipValue()
    return .malformed("\(problem) at byte \(place)")
  }

  mutating func finishGeometry(_ token: Token, _ coordinates: Coordinates) -> GeometryKind {
    let type = geometryType(token)
    switch type {
    case .unknown:
      let word = JSONStringText.lenient(inside(token)).prefix(40)
      return leaveOutGeometry(code: "geometry-unknown", "unknown geometry \"\(word)\"")
    case .collection:
      return leaveOutGeometry(
        code: "geometry-collection", "a GeometryCollection, which no layer of a city may hold")
    default: break
    }
    switch coordinates {
    case .absent: return leaveOutGeometry("expected an array \"coordinates\"")
    case .malformed(let why): return leaveOutGeometry(why)
    case .empty:
      note("geometry-empty", "a geometry without points")
      return .none
    case .positions(let depth): return finish(type, depth)
    }
  }

  /// Ends parts and checks what the type asks for.
  private mutating func finish(_ type: GeometryType, _ depth: Int) -> GeometryKind {
    let (wanted, kind): (Int, GeometryKind) =
      switch type {
      case .point: (1, .point)
      case .multiPoint: (2, .multiPoint)
      case .line: (2, .line)
      case .multiLine: (3, .multiLine)
      case .polygon: (3, .polygon)
      default: (4, .multiPolygon)
      }
    guard depth == wanted else {
      return leaveOutGeometry(
        "expected positions inside \(wanted) arrays for this type, found \(depth)")
    }
    if depth == 1 { table.firstPoint.append(UInt32(truncatingIfNeeded: table.coordinates.count)) }
    if depth < 3 { table.firstRing.append(UInt32(truncatingIfNeeded: table.firstPoint.count - 1)) }
    if kind == .multiLine {
      // The scanner took the lines for the rings of one polygon.
      table.firstRing.removeLast()
      for ring in mark.rings..<table.firstPoint.count {
        table.firstRing.append(UInt32(truncatingIfNeeded: ring))
      }
    }
    if kind.isLine, hasRing(below: 2) { return leaveOutGeometry("a line of fewer than two points") }
    if kind.isArea {
      if hasRing(below: 4) {
        return leaveOutGeometry("a ring of fewer than four points, the closing one included")
      }
      closeRings()
    }
    return kind
  }

  private func isOpen(_ ring: Int) -> Bool {
    let start = Int(table.firstPoint[ring - 1])
    let end = Int(table.firstPoint[ring])
    return end > start && table.coordinates[start] != table.coordinates[end - 1]
  }

  /// Whether a ring (or line) has too few points, after closing where rings are meant.
  private func hasRing(below least: Int) -> Bool {
    for r in mark.rings..<table.firstPoint.count {
      let count = Int(table.firstPoint[r] - table.firstPoint[r - 1])
      if count < least && count + (least == 4 && isOpen(r) ? 1 : 0) < least { return true }
    }
    return false
  }

  /// Closes rings whose last point is not the first.
  private mutating func closeRings() {
    let rings = mark.rings..<table.firstPoint.count
    let open = rings.count(where: isOpen)
    guard open > 0 else { return }
    warn("ring-open", "\(open) rings whose last point is not the first; they were closed")
    var points: [Point2] = []
    var ends: [UInt32] = []
    for r in rings {
      let ring = table.coordinates[Int(table.firstPoint[r - 1])..<Int(table.firstPoint[r])]
      points.append(contentsOf: ring)
      if isOpen(r), let first = ring.first { points.append(first) }
      ends.append(UInt32(truncatingIfNeeded: mark.points + points.count))
    }
    table.coordinates.replaceSubrange(mark.points..., with: points)
    table.firstPoint.replaceSubrange(rings, with: ends)
  }
}
