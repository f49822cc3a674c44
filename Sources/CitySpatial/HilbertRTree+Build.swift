import CityBase

extension HilbertRTree {
  /// Sorts the usable boxes along the curve, then stacks levels of parents until one node is left.
  mutating func pack() {
    let order = leafOrder()
    let leafCount = order.count
    guard leafCount > 0 else { return }
    let nodeSize = 1 << shift
    var total = leafCount
    var size = leafCount
    levelStart = [0, leafCount]
    while size > 1 {
      size = (size + nodeSize - 1) >> shift
      total += size
      levelStart.append(total)
    }
    let origin = self.origin
    itemOfLeaf = order.map { Int32(truncatingIfNeeded: $0) }
    boxes = [SIMD4<Float>](unsafeUninitializedCapacity: total) { out, count in
      pending.withUnsafeBufferPointer { source in
        for i in 0..<leafCount {
          out[i] = Self.outward(source[Int(truncatingIfNeeded: order[i] & 0xFFFF_FFFF)], origin)
        }
      }
      Self.stackParents(out, levelStart: levelStart, shift: shift)
      count = total
    }
  }

  /// The usable items in curve order; the low 32 bits are the item, the high ones its position.
  private func leafOrder() -> [UInt64] {
    let low = bounds.min
    let scaleX = bounds.width > 0 ? 65535 / bounds.width : 0
    let scaleY = bounds.height > 0 ? 65535 / bounds.height : 0
    var keys: [UInt64] = []
    keys.reserveCapacity(pending.count)
    HilbertCurve.steps.withUnsafeBufferPointer { steps in
      for (i, box) in pending.enumerated() where Self.isUsable(box) {
        let c = box.center
        // Rounding may overstep the last cell by a hair.
        let x = UInt16(Swift.min(65535, Swift.max(0, (c.x - low.x) * scaleX)))
        let y = UInt16(Swift.min(65535, Swift.max(0, (c.y - low.y) * scaleY)))
        let position = HilbertCurve.position(x: x, y: y, steps: steps)
        keys.append(UInt64(position) << 32 | UInt64(UInt32(i)))
      }
    }
    RadixSort.sortByHighWord(&keys)
    return keys
  }

  /// Fills every level above the leaves with the union of its children.
  private static func stackParents(
    _ out: UnsafeMutableBufferPointer<SIMD4<Float>>, levelStart: [Int], shift: Int
  ) {
    guard levelStart.count > 2 else { return }
    for level in 1..<(levelStart.count - 1) {
      let below = levelStart[level - 1]
      let end = levelStart[level]
      for k in 0..<(levelStart[level + 1] - end) {
        let first = below + k << shift
        var union = out[first]
        for child in first..<Swift.min(first + 1 << shift, end) {
          union = pointwiseMin(union, out[child])
        }
        out[end + k] = union
      }
    }
  }

  /// A box as (minX, minY, -maxX, -maxY) about an origin, rounded outwards.
  @usableFromInline static func outward(_ box: Box2, _ origin: Point2) -> SIMD4<Float> {
    SIMD4(
      down(box.min.x - origin.x), down(box.min.y - origin.y),
      down(origin.x - box.max.x), down(origin.y - box.max.y))
  }

  /// A `Float` that is not above a number, and at most two steps below it. Lowering by a product
  /// instead of `nextDown` leaves no branch to guess.
  @inline(__always) static func down(_ v: Double) -> Float {
    let f = Float(v)
    let lowered = f - (abs(f) * 0x1p-23 + .leastNormalMagnitude)
    return Double(f) > v ? lowered : f
  }
}

/// Sorting by counting: linear in the number of keys, and stable.
enum RadixSort {
  /// Sorts by the upper 32 bits, in three passes of eleven bits; equal keys keep their order.
  static func sortByHighWord(_ keys: inout [UInt64]) {
    guard keys.count > 1 else { return }
    var spare = [UInt64](repeating: 0, count: keys.count)
    for pass in 0..<3 {
      let shift = UInt64(32 + pass * 11)
      var starts = [Int](repeating: 0, count: 2049)
      for key in keys { starts[Int((key >> shift) & 2047) + 1] += 1 }
      for i in 1...2048 { starts[i] += starts[i - 1] }
      spare.withUnsafeMutableBufferPointer { out in
        starts.withUnsafeMutableBufferPointer { starts in
          for key in keys {
            let digit = Int((key >> shift) & 2047)
            out[starts[digit]] = key
            starts[digit] += 1
          }
        }
      }
      swap(&keys, &spare)
    }
  }
}
