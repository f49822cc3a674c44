import CityBase

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The longitudes and latitudes that Chinese maps show: GCJ-02, shifted by up to some 700 m by a
/// published formula, and BD-09, which Baidu shifts once more.
///
/// The formula is the one known since 2013 from public map programs; it is meant for mainland
/// China and is the identity outside of the rectangle 72.004..137.8347 E, 0.8293..55.8271 N.
enum ShiftedCoordinates {
  case gcj02
  case bd09

  /// The system of a name such as `GCJ-02`, `gcj02`, `BD09`; nil for any other.
  init?(name: String) {
    switch name.lowercased().replacing("-", with: "") {
    case "gcj02": self = .gcj02
    case "bd09": self = .bd09
    default: return nil
    }
  }

  /// From WGS 84 to this system.
  func shift(_ p: Point2) -> Point2 {
    let gcj = Self.gcjFromWGS84(p)
    return self == .bd09 ? Self.bdFromGCJ(gcj) : gcj
  }

  /// From this system to WGS 84: the point whose shifted place this is, found by stepping back the
  /// remaining difference until it is below a hundredth of a millimetre.
  func unshift(_ p: Point2) -> Point2 {
    var q = p
    for _ in 0..<30 {
      let rest = p - shift(q)
      q = q + rest
      if abs(rest.x) < 1e-11 && abs(rest.y) < 1e-11 { break }
    }
    return q
  }

  private static func gcjFromWGS84(_ p: Point2) -> Point2 {
    guard p.x >= 72.004, p.x <= 137.8347, p.y >= 0.8293, p.y <= 55.8271 else { return p }
    // Krasovsky 1940.
    let a = 6_378_245.0
    let e2 = 0.00669342162296594323
    let x = p.x - 105
    let y = p.y - 35
    let common = wave(x, (20, 6), (20, 2))
    var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot() + common
    east += wave(x, (20, 1), (40, 1 / 3.0)) + wave(x, (150, 1 / 12.0), (300, 1 / 30.0))
    var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot()
    north += common + wave(y, (20, 1), (40, 1 / 3.0)) + wave(y, (160, 1 / 12.0), (320, 1 / 30.0))
    let latitude = p.y * .pi / 180
    let w2 = 1 - e2 * sin(latitude) * sin(latitude)
    let w = w2.squareRoot()
    // Metres to degrees by the radii of curvature.
    let perDegree = Double.pi / 180
    return Point2(
      p.x + east / (a / w * cos(latitude) * perDegree),
      p.y + north / (a * (1 - e2) / (w2 * w) * perDegree))
  }

  /// Two thirds of a sum of sines: amplitude and half turns for each unit.
  private static func wave(
    _ v: Double, _ first: (Double, Double), _ second: (Double, Double)
  ) -> Double {
    (first.0 * sin(first.1 * v * .pi) + second.0 * sin(second.1 * v * .pi)) * 2 / 3
  }

  private static func bdFromGCJ(_ p: Point2) -> Point2 {
    let turn = Double.pi * 3000 / 180
    let radius = p.length + 0.00002 * sin(p.y * turn)
    let angle = atan2(p.y, p.x) + 0.000003 * cos(p.x * turn)
    return Point2(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)
  }
}
