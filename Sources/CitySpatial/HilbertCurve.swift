import CityBase

/// Positions along Hilbert's space-filling curve: cells that are near in the plane are mostly near
/// along the curve, so that sorting by it packs neighbours together.
public enum HilbertCurve {
  /// The position of a cell on the curve over a grid of 65536 by 65536 cells.
  ///
  /// Skilling, "Programming the Hilbert curve" (2004), in two dimensions: the state of the curve
  /// is turned as one descends from the highest bit to the lowest.
  @inlinable public static func position(x: UInt16, y: UInt16) -> UInt32 {
    var px = UInt32(x)
    var py = UInt32(y)
    var result: UInt32 = 0
    var side: UInt32 = 1 << 15
    while side > 0 {
      let rx: UInt32 = px & side != 0 ? 1 : 0
      let ry: UInt32 = py & side != 0 ? 1 : 0
      result = (result << 2) | ((3 &* rx) ^ ry)
      if ry == 0 {
        if rx == 1 {
          px = 65535 &- px
          py = 65535 &- py
        }
        swap(&px, &py)
      }
      side >>= 1
    }
    return result
  }

  /// The position of a point on the curve over a box; points outside count as on its edge.
  public static func position(of p: Point2, in box: Box2) -> UInt32 {
    position(
      x: cell(p.x, from: box.min.x, size: box.width),
      y: cell(p.y, from: box.min.y, size: box.height))
  }

  static func cell(_ v: Double, from low: Double, size: Double) -> UInt16 {
    guard size > 0 else { return 0 }
    let share = (v - low) / size * 65535
    // The comparisons also refuse NaN.
    return share > 0 ? (share < 65535 ? UInt16(share) : 65535) : 0
  }
}
