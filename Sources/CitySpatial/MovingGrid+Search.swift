import CityBase

extension MovingGrid {
  /// Calls `body` with every thing inside the window, edges included.
  ///
  /// The order depends on what has moved before; sort where order can reach a result.
  public func search(_ window: Box2, _ body: (Int) -> Void) {
    guard !window.isEmpty else { return }
    for r in row(window.min.y)...row(window.max.y) {
      for c in column(window.min.x)...column(window.max.x) {
        var thing = head[r * columnCount + c]
        while thing >= 0 {
          let i = Int(thing)
          if window.contains(positions[i]) { body(i) }
          thing = next[i]
        }
      }
    }
  }

  /// The things inside the window, ascending.
  public func items(in window: Box2) -> [Int] {
    var found: [Int] = []
    search(window) { found.append($0) }
    found.sort()
    return found
  }

  /// The things nearest to a point, nearest first; among equals the lower number.
  public func nearest(
    _ point: Point2, maxResults: Int = 1, maxDistance: Double = .infinity
  ) -> [Neighbor] {
    guard maxResults > 0, maxDistance >= 0, point.isFinite, count > 0 else { return [] }
    var best: [Neighbor] = []
    let column = column(point.x)
    let row = row(point.y)
    for ring in 0..<Swift.max(columnCount, rowCount) {
      // What is this many rings away lies at least one cell less than that away, because holding
      // points within the bounds never takes two of them farther apart.
      let reach = best.count < maxResults ? maxDistance : best[best.count - 1].distance
      if Double(ring - 1) * cellSize > reach { break }
      visitRing(ring, column: column, row: row) { thing in
        let d = point.distance(to: positions[thing])
        guard d <= maxDistance else { return }
        Self.keep(Neighbor(index: thing, distance: d), in: &best, atMost: maxResults)
      }
    }
    return best
  }

  /// Calls `body` with all things in the cells that are exactly `ring` cells away.
  private func visitRing(_ ring: Int, column: Int, row: Int, _ body: (Int) -> Void) {
    for r in Swift.max(0, row - ring)...Swift.min(rowCount - 1, row + ring) {
      let isEdge = abs(r - row) == ring
      let step = isEdge ? 1 : Swift.max(1, 2 * ring)
      var c = column - ring
      while c <= column + ring {
        if c >= 0 && c < columnCount {
          var thing = head[r * columnCount + c]
          while thing >= 0 {
            body(Int(thing))
            thing = next[Int(thing)]
          }
        }
        c += step
      }
    }
  }

  /// Inserts into a short sorted list.
  private static func keep(_ new: Neighbor, in best: inout [Neighbor], atMost limit: Int) {
    func isBefore(_ a: Neighbor, _ b: Neighbor) -> Bool {
      a.distance != b.distance ? a.distance < b.distance : a.index < b.index
    }
    if best.count == limit {
      guard let last = best.last, isBefore(new, last) else { return }
      best.removeLast()
    }
    let place = best.firstIndex { isBefore(new, $0) } ?? best.count
    best.insert(new, at: place)
  }
}
