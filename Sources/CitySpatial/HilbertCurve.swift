import CityBase

/// Positions along Hilbert's space-filling curve: cells that are near in the plane are mostly near
/// along the curve, so that sorting by it packs neighbours together.
public enum HilbertCurve {
  /// The position of a cell on the curve over a grid of 65536 by 65536 cells.
  public static func position(x: UInt16, y: UInt16) -> UInt32 {
    steps.withUnsafeBufferPointer { position(x: x, y: y, steps: $0) }
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

  /// The same with the table at hand, for loops.
  @inline(__always)
  static func position(x: UInt16, y: UInt16, steps: UnsafeBufferPointer<UInt16>) -> UInt32 {
    var state = 0
    var result: UInt32 = 0
    var shift: UInt16 = 12
    for _ in 0..<4 {
      let entry = steps[state << 8 | Int(x >> shift & 15) << 4 | Int(y >> shift & 15)]
      result = result << 8 | UInt32(entry >> 2)
      state = Int(entry & 3)
      shift &-= 4
    }
    return result
  }

  /// Four levels of the curve at a time: by state and four bits of x and y, eight bits of the
  /// position and two of the next state.
  ///
  /// Going down one level, the curve in a quarter is that of the whole, transposed where the lower
  /// half is entered, and turned by half a circle too where that is the right one. Both commute, so
  /// all that can pile up is one bit for each: the state.
  static let steps: [UInt16] = {
    var table: [UInt16] = []
    table.reserveCapacity(1024)
    for index in 0..<1024 {
      var isTransposed = index >> 8 & 1
      var isTurned = index >> 9
      var digits = 0
      for bit in (0..<4).reversed() {
        let x = (index >> (4 + bit) & 1) ^ isTurned
        let y = (index >> bit & 1) ^ isTurned
        let right = isTransposed == 1 ? y : x
        let upper = isTransposed == 1 ? x : y
        digits = digits << 2 | ((3 * right) ^ upper)
        if upper == 0 {
          isTransposed ^= 1
          isTurned ^= right
        }
      }
      table.append(UInt16(digits << 2 | isTurned << 1 | isTransposed))
    }
    return table
  }()
}
