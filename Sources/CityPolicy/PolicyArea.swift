import CityBase
import CityText

/// An area of a scenario: `[[117.20, 39.10], [117.22, 39.10], [117.21, 39.12]]`, the corners in
/// order, the first one repeated at the end or not.
struct PolicyArea: Sendable {
  /// More corners than the finest district outline has.
  static let mostCorners = 10_000

  let corners: [PlaceText]
  let file: String
  let path: String

  /// Refuses fewer than three different corners and numbers that are no degrees.
  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    guard let list = value.array else {
      throw .refused(
        "expected the corners of an area, [[longitude, latitude], ...], found "
          + value.kindInWords, file: file, place: path)
    }
    guard list.count <= Self.mostCorners else {
      throw .refused(
        "expected at most \(Self.mostCorners) corners, found \(list.count)", file: file,
        place: path)
    }
    var corners: [PlaceText] = []
    for (i, element) in list.enumerated() {
      corners.append(try PlaceText(element, file: file, path: "\(path)[\(i)]"))
    }
    if corners.count > 1, corners.first == corners.last { corners.removeLast() }
    let different = Set(corners).count
    guard different >= 3 else {
      throw .refused(
        "expected an area of 3 different corners or more, found \(different)", file: file,
        place: path)
    }
    self.corners = corners
    self.file = file
    self.path = path
  }

  /// The ring in metres of the working CRS. Refuses corners that the CRS does not reach, and outlines
  /// that enclose nothing or cross themselves.
  func ring(on site: PolicySite) throws(CityError) -> [Point2] {
    var ring: [Point2] = []
    for (i, corner) in corners.enumerated() {
      guard let point = site.locate(corner.degrees) else {
        throw .refused(
          "an area outside the city: \(corner.text) is out of reach of its coordinates",
          file: file, place: "\(path)[\(i)]")
      }
      ring.append(point)
    }
    if let (a, b) = Self.crossing(in: ring) {
      throw error(
        "expected an outline that does not cross itself; its edges from corner \(a) and from "
          + "corner \(b) do")
    }
    // A square metre: less is a line that rounding has given a width.
    guard abs(Ring.signedArea(ring)) >= 1 else {
      throw error("expected an area, found corners that lie on one line")
    }
    return ring
  }

  func error(_ message: String) -> CityError { .refused(message, file: file, place: path) }

  /// The first two edges that cross, by their first corners.
  private static func crossing(in ring: [Point2]) -> (Int, Int)? {
    let n = ring.count
    for i in 0..<n {
      let (a, b) = (ring[i], ring[(i + 1) % n])
      let box = Box2([a, b])
      for j in (i + 1)..<max(i + 1, n) {
        let (c, d) = (ring[j], ring[(j + 1) % n])
        guard box.intersects(Box2([c, d])) else { continue }
        let (ab, cd) = (b - a, d - c)
        if ab.cross(c - a) * ab.cross(d - a) < 0, cd.cross(a - c) * cd.cross(b - c) < 0 {
          return (i, j)
        }
      }
    }
    return nil
  }
}
