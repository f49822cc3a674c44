import CityBase

/// The plan of the main streets before the land bends it: on each bank half a square of rows and
/// columns, rounded at its corners by the inner ring, and around it radials and further rings.
///
/// Every second line is an arterial, the others are collectors. On the bank `side` (0 west,
/// 1 east) inner nodes are (i, j) with column i in 0...n from the river outwards and row j in
/// -n...n; outside lie (k, t) with ring k in 1...m and radial t in 0...4n, counted around the half
/// square from the river's lower end. Ring 0 is the border of the half square.
struct CityLattice {
  let radius: Double
  let halfChannel: Double
  /// Columns and half the rows; even.
  let n: Int
  /// Rings; even.
  let m: Int
  /// Half the side of the inner square in metres, before its corners are rounded.
  let inner: Double

  init(radius: Double, halfChannel: Double, collectorSpacing: Double) {
    self.radius = radius
    self.halfChannel = halfChannel
    inner = radius * 0.52
    func even(_ length: Double) -> Int {
      max(2, 2 * Int((length / (2 * collectorSpacing)).rounded()))
    }
    n = even(inner)
    m = even(radius - inner)
  }

  var innerNodeCount: Int { (n + 1) * (2 * n + 1) }
  var nodesPerSide: Int { innerNodeCount + m * (4 * n + 1) }
  var nodeCount: Int { 2 * nodesPerSide }

  func node(_ side: Int, _ i: Int, _ j: Int) -> Int32 {
    Int32(side * nodesPerSide + i * (2 * n + 1) + j + n)
  }

  func node(_ side: Int, ring k: Int, radial t: Int) -> Int32 {
    if k == 0 {
      if t <= n { return node(side, t, -n) }
      if t <= 3 * n { return node(side, n, t - 2 * n) }
      return node(side, 4 * n - t, n)
    }
    return Int32(side * nodesPerSide + innerNodeCount + (k - 1) * (4 * n + 1) + t)
  }

  /// The place of an inner node, or of a point between nodes, in the plan.
  func position(_ side: Int, _ i: Double, _ j: Double) -> Point2 {
    onBank(side, rounded(i / Double(n), j / Double(n)))
  }

  /// The place of a node outside the inner square, or of a point between nodes, in the plan.
  func position(_ side: Int, ring k: Double, radial t: Double) -> Point2 {
    let (share, width) = (k / Double(m), Double(n))
    let border: Point2
    let direction: Point2
    if t <= width {
      border = rounded(t / width, -1)
      direction = Point2(fan(t / width), -1)
    } else if t <= 3 * width {
      border = rounded(1, t / width - 2)
      direction = Point2(1, fan(t / width - 2))
    } else {
      border = rounded(4 - t / width, 1)
      direction = Point2(fan(4 - t / width), 1)
    }
    return onBank(side, border.lerp(to: direction.normalized * radius, share))
  }

  /// Rounds the corners of the inner square: a third of the way of the elliptical map to the disc.
  private func rounded(_ p: Double, _ q: Double) -> Point2 {
    Point2(
      inner * p * (1 - q * q / 6).squareRoot(), inner * q * (1 - p * p / 6).squareRoot())
  }

  /// Close to the tangent of q times 45 degrees, so that radials fan out evenly.
  private func fan(_ q: Double) -> Double { q * (0.785 + 0.215 * q * q) }

  private func onBank(_ side: Int, _ p: Point2) -> Point2 {
    side == 1 ? Point2(p.x + halfChannel, p.y) : Point2(-p.x - halfChannel, p.y)
  }
}
