import CityBase

/// The lie of the land: how the straight plan of the city is bent along its river.
///
/// In the plan the river runs along the y axis and the streets are straight or round; `place`
/// moves a point of the plan to the working CRS. Everything is a polynomial or a square root, so
/// that the bits are the same everywhere.
struct CityTerrain {
  /// Half the diameter of the city in metres.
  let radius: Double
  /// Half the distance between the two embankment roads in the plan.
  let halfChannel: Double
  /// The water's width in metres.
  let riverWidth: Double
  private let random: RandomStream
  private let meanderKnots: [Double]
  private let meanderSpacing: Double
  private let rotation: Point2
  /// About 117.2° E, 39.12° N in EPSG:4548.
  static let center = Point2(517_296, 4_331_845)

  init(options: CityGeneratorOptions, radius: Double) {
    let random = RandomStream(seed: options.seed)
    self.random = random
    self.radius = radius
    let draws = KeyedDraws(random, .cityLayout, 1)
    riverWidth = draws.between(130, 180, 0).rounded()
    halfChannel = riverWidth / 2 + 32
    meanderSpacing = max(radius * 0.6, min(2_100, radius * 0.9))
    // Two knots beyond the edge on each side keep the spline defined there.
    let count = Int((2 * radius * 1.1 / meanderSpacing).rounded(.up)) + 6
    let firstSign = draws.happens(0.5, 1) ? 1.0 : -1.0
    meanderKnots = (0..<count).map { i in
      let sign = i.isMultiple(of: 2) ? firstSign : -firstSign
      return sign * KeyedDraws(random, .cityLayout, 2, i).between(0.11, 0.2, 0)
    }
    let turns = [Point2(0.8, 0.6), Point2(12.0 / 13, 5.0 / 13), Point2(15.0 / 17, 8.0 / 17)]
    let turn = turns[draws.below(turns.count, 2)]
    rotation = draws.happens(0.75, 3) ? turn : Point2(turn.x, -turn.y)
  }

  /// The river's way out of the straight and its slope at y: a Catmull-Rom spline.
  private func meander(_ y: Double) -> (value: Double, slope: Double) {
    let u = y / meanderSpacing + Double(meanderKnots.count) / 2
    let i = min(max(1, Int(u.rounded(.down))), meanderKnots.count - 3)
    let t = min(max(0, u - Double(i)), 1)
    let (a, b, c, d) = (
      meanderKnots[i - 1], meanderKnots[i], meanderKnots[i + 1], meanderKnots[i + 2]
    )
    let (k1, k2, k3) = ((c - a) / 2, a - 2.5 * b + 2 * c - d / 2, (d - a) / 2 + 1.5 * (b - c))
    return (
      (b + t * (k1 + t * (k2 + t * k3))) * meanderSpacing, k1 + t * (2 * k2 + t * 3 * k3)
    )
  }

  /// 1 at 0, smoothly 0 from `reach` on.
  private func fading(_ x: Double, _ reach: Double) -> Double {
    let q = 1 - (x / reach) * (x / reach)
    return q > 0 ? q * q : 0
  }

  /// Smooth noise in [-1, 1] with features of about `size` metres.
  private func noise(_ p: Point2, size: Double, channel: Int) -> Double {
    let (fx, fy) = (p.x / size, p.y / size)
    let (ix, iy) = (fx.rounded(.down), fy.rounded(.down))
    let (tx, ty) = (smooth(fx - ix), smooth(fy - iy))
    func knot(_ dx: Int, _ dy: Int) -> Double {
      KeyedDraws(random, .cityLayout, 3, channel, Int(ix) + dx, Int(iy) + dy).between(-1, 1, 0)
    }
    let low = knot(0, 0) * (1 - tx) + knot(1, 0) * tx
    let high = knot(0, 1) * (1 - tx) + knot(1, 1) * tx
    return low * (1 - ty) + high * ty
  }

  private func smooth(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }

  /// A point of the plan in metres of the working CRS.
  func place(_ p: Point2) -> Point2 {
    let bend = meander(p.y)
    let near = radius * 0.45
    // Cross streets turn with the river, so that bridges stand square on it.
    let turned = bend.slope * p.x * fading(p.x, near) * 0.85
    var q = Point2(p.x + bend.value * fading(p.x, radius * 0.75), p.y - turned)
    let wide = Point2(noise(q, size: 1_500, channel: 0), noise(q, size: 1_500, channel: 1))
    let fine = Point2(noise(q, size: 640, channel: 2), noise(q, size: 640, channel: 3))
    q = q + wide * 62 + fine * 16
    let turnedPlan = Point2(
      q.x * rotation.x - q.y * rotation.y, q.x * rotation.y + q.y * rotation.x)
    return (Self.center + turnedPlan).roundedToMillimetre
  }
}
