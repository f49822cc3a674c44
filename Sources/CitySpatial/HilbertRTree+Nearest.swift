import CityBase

/// An item and how far away it is.
public struct Neighbor: Hashable, Sendable {
  /// The item's index.
  public var index: Int
  /// In the units of the coordinates.
  public var distance: Double
  public init(index: Int, distance: Double) {
    self.index = index
    self.distance = distance
  }
}

extension HilbertRTree {
  /// The items whose boxes are nearest to a point, nearest first; among equals the lower index.
  ///
  /// The distance is that to the stored box: 0 inside it, and short of the exact one by no more
  /// than its outward rounding. Items farther than `maxDistance` are left out.
  public func nearest(
    _ point: Point2, maxResults: Int = 1, maxDistance: Double = .infinity
  ) -> [Neighbor] {
    nearest(point, maxResults: maxResults, maxDistance: maxDistance, isExact: true) { _ in 0 }
  }

  /// The items nearest to a point by an exact distance, nearest first; among equals the lower
  /// index.
  ///
  /// `distance` is asked only for items whose box might be near enough. It must not be less than the
  /// distance to the box; infinity or NaN leaves the item out, which makes it a filter too.
  public func nearest(
    _ point: Point2, maxResults: Int = 1, maxDistance: Double = .infinity,
    distance: (Int) -> Double
  ) -> [Neighbor] {
    nearest(
      point, maxResults: maxResults, maxDistance: maxDistance, isExact: false, distance: distance)
  }

  /// Best first (Hjaltason and Samet 1999): the queue holds nodes and items by their distance, so
  /// the first item that leaves it is the nearest. `isExact` takes the box for the item itself.
  private func nearest(
    _ point: Point2, maxResults: Int, maxDistance: Double, isExact: Bool,
    distance: (Int) -> Double
  ) -> [Neighbor] {
    precondition(isFinished, "finish a HilbertRTree before searching it")
    guard maxResults > 0, maxDistance >= 0, point.isFinite, !itemOfLeaf.isEmpty else { return [] }
    let p = point - origin
    let limit = maxDistance * maxDistance
    var found: [Neighbor] = []
    var queue = NearestQueue()
    boxes.withUnsafeBufferPointer { boxes in
      queue.push(Self.distanceSquared(p, boxes[boxes.count - 1]), .node(levelStart.count - 2), 0)
      while let next = queue.pop(), next.key <= limit {
        if next.level == NearestQueue.exact {
          found.append(Neighbor(index: next.index, distance: next.key.squareRoot()))
          if found.count == maxResults { return }
        } else if next.level == 0 {
          let item = Int(itemOfLeaf[next.index])
          if isExact {
            queue.push(next.key, .exact, item)
            continue
          }
          let d = distance(item)
          // Squaring what a square root has rounded may overstep the limit by a hair.
          if d <= maxDistance { queue.push(Swift.min(d * d, limit), .exact, item) }
        } else {
          let below = levelStart[next.level - 1]
          let first = next.index << shift
          let end = Swift.min(first + 1 << shift, levelStart[next.level] - below)
          for child in first..<end {
            let d = Self.distanceSquared(p, boxes[below + child])
            if d <= limit { queue.push(d, .node(next.level - 1), child) }
          }
        }
      }
    }
    return found
  }

  /// The squared distance from a point to a stored box, both about the origin.
  @inline(__always)
  private static func distanceSquared(_ p: Point2, _ box: SIMD4<Float>) -> Double {
    let dx = Swift.max(Double(box.x) - p.x, p.x + Double(box.z), 0)
    let dy = Swift.max(Double(box.y) - p.y, p.y + Double(box.w), 0)
    return dx * dx + dy * dy
  }
}

/// A binary heap by (distance, nodes before items, index).
struct NearestQueue {
  static let exact = -1

  enum Place {
    case node(Int)
    case exact
  }

  struct Entry {
    var key: Double
    /// The level of a node, or `exact`.
    var level: Int
    var index: Int

    /// Among equal distances nodes come first, or an item of lower index might still hide in one.
    @inline(__always) static func < (a: Entry, b: Entry) -> Bool {
      if a.key != b.key { return a.key < b.key }
      if a.level != b.level { return a.level > b.level }
      return a.index < b.index
    }
  }

  private var heap: [Entry] = []

  init() { heap.reserveCapacity(128) }

  mutating func push(_ key: Double, _ place: Place, _ index: Int) {
    let level =
      switch place {
      case .node(let level): level
      case .exact: Self.exact
      }
    let entry = Entry(key: key, level: level, index: index)
    var i = heap.count
    heap.append(entry)
    while i > 0 {
      let parent = (i - 1) / 2
      guard entry < heap[parent] else { break }
      heap[i] = heap[parent]
      i = parent
    }
    heap[i] = entry
  }

  mutating func pop() -> Entry? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    var i = 0
    while true {
      var child = 2 * i + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < last else { break }
      heap[i] = heap[child]
      i = child
    }
    heap[i] = last
    return top
  }
}
