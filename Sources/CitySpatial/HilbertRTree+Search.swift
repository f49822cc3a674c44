import CityBase

extension HilbertRTree {
  /// Calls `body` with every item whose box meets the window, in curve order, and allocates nothing.
  /// Returning false from `body` ends the search. Returns whether it ran to the end.
  ///
  /// Searching before `finish` is a mistake. A window that is empty or holds NaN meets nothing.
  @inlinable @discardableResult
  public func searchWhile(_ window: Box2, _ body: (Int) -> Bool) -> Bool {
    precondition(isFinished, "finish a HilbertRTree before searching it")
    // NaN compares false, so an empty window is the only one to turn away.
    guard !itemOfLeaf.isEmpty, !window.isEmpty else { return true }
    let q = query(window)
    let top = levelStart.count - 2
    let mask = 1 << shift - 1
    let shift = self.shift
    return boxes.withUnsafeBufferPointer { boxes in
      levelStart.withUnsafeBufferPointer { start in
        itemOfLeaf.withUnsafeBufferPointer { items in
          var level = top
          var i = 0
          while true {
            if level == 0 {
              let end = Swift.min(i | mask, items.count - 1)
              while i <= end {
                if Self.meets(boxes[i], q), !body(Int(items[i])) { return false }
                i += 1
              }
            } else if Self.meets(boxes[start[level] + i], q) {
              level -= 1
              i <<= shift
              continue
            } else {
              i += 1
            }
            // Past the last of a family: the search goes on with the parent's next sibling.
            while i & mask == 0 || i == start[level + 1] - start[level] {
              if level == top { return true }
              level += 1
              i = (i - 1) >> shift + 1
            }
          }
        }
      }
    }
  }

  /// Calls `body` with every item whose box meets the window, in curve order.
  @inlinable public func search(_ window: Box2, _ body: (Int) -> Void) {
    searchWhile(window) {
      body($0)
      return true
    }
  }

  /// The items whose boxes meet the window, ascending.
  public func items(in window: Box2) -> [Int] {
    var found: [Int] = []
    search(window) { found.append($0) }
    found.sort()
    return found
  }

  /// The items whose boxes contain a point, ascending.
  public func items(at point: Point2) -> [Int] { items(in: Box2(min: point, max: point)) }

  /// The lowest item whose box meets the window and that passes a test, or nil.
  @inlinable public func first(in window: Box2, where test: (Int) -> Bool) -> Int? {
    var best: Int?
    search(window) {
      if $0 < best ?? .max, test($0) { best = $0 }
    }
    return best
  }

  /// A window in the form that `meets` compares against, rounded outwards.
  @usableFromInline func query(_ window: Box2) -> SIMD4<Float> {
    // minX <= window.maxX and -maxX <= -window.minX.
    let w = Self.outward(window, origin)
    return SIMD4(-w.z, -w.w, -w.x, -w.y)
  }

  @inline(__always) @inlinable static func meets(_ node: SIMD4<Float>, _ query: SIMD4<Float>)
    -> Bool
  { all(node .<= query) }
}
