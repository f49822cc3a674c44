import CityBase

/// Times from one link to all others over turns of fixed weight, for when there are many such
/// questions over the same weights.
///
/// A queue of buckets a fraction of a mean weight wide (Dial, R. B. (1969), "Algorithm 360:
/// Shortest-path forest with topological ordering", Communications of the ACM 12, 632-633) takes the
/// place of a heap. A bucket is worked off until it stays empty, so its width costs time only, never
/// exactness; what lies further ahead than the wheel of buckets reaches waits in the last one.
struct WheelSearch: Sendable {
  /// A turn; one of weight `closed` may not be made.
  struct Edge: Sendable, BitwiseCopyable {
    var target: Int32
    /// Milliseconds.
    var weight: UInt32
  }

  struct Node: Sendable, BitwiseCopyable {
    /// Milliseconds; `unreached` where no way has been found.
    var label: UInt32
    var next: Int32
    /// The one before in its bucket, the complement of the bucket's number for the first one, or
    /// `outside`.
    var before: Int32
    var isSought: Bool
  }

  static let closed = UInt32.max
  static let unreached = UInt32.max
  fileprivate static let outside = Int32.min
  fileprivate static let bucketCount = 1024

  /// The edges of link l are `first` [l] ..< `first` [l + 1].
  private let first: [Int32]
  private let edges: [Edge]
  /// The power of two that is a bucket's width in milliseconds.
  private let shift: UInt32
  private var nodes: [Node]
  private var buckets: [Int32]

  init(first: [Int32], edges: [Edge]) {
    self.first = first
    self.edges = edges
    var sum: UInt64 = 0
    var count: UInt64 = 0
    for edge in edges where edge.weight != Self.closed {
      sum += UInt64(edge.weight)
      count += 1
    }
    let width = sum / max(1, count) / 4
    shift = width > 1 ? UInt32(63 - width.leadingZeroBitCount) : 0
    let node = Node(label: Self.unreached, next: -1, before: Self.outside, isSought: false)
    nodes = Array(repeating: node, count: max(0, first.count - 1))
    buckets = Array(repeating: -1, count: Self.bucketCount)
  }

  /// Searches from a link until all of the links sought have their times, and a little further;
  /// with none, until all links that can be reached do.
  ///
  /// Returns the time up to which it searched: labels below are exact, and all others stand for this
  /// time or more. `unreached` where it saw everything.
  mutating func run(from start: Int, reaching sought: [LinkID] = []) -> UInt32 {
    first.withUnsafeBufferPointer { first in
      edges.withUnsafeBufferPointer { edges in
        nodes.withUnsafeMutableBufferPointer { nodes in
          buckets.withUnsafeMutableBufferPointer { buckets in
            var run = WheelRun(
              first: first, edges: edges, nodes: nodes, buckets: buckets, shift: shift)
            return run.run(from: start, reaching: sought)
          }
        }
      }
    }
  }

  /// The label of each link after `run`.
  func withNodes<Result>(_ body: (UnsafeBufferPointer<Node>) -> Result) -> Result {
    nodes.withUnsafeBufferPointer(body)
  }
}

private struct WheelRun {
  let first: UnsafeBufferPointer<Int32>
  let edges: UnsafeBufferPointer<WheelSearch.Edge>
  let nodes: UnsafeMutableBufferPointer<WheelSearch.Node>
  let buckets: UnsafeMutableBufferPointer<Int32>
  let shift: UInt32
  /// How many links are in buckets.
  var waiting = 0
  /// The number of the bucket at work, counted on past the end of the wheel.
  var current: UInt32 = 0

  mutating func run(from start: Int, reaching sought: [LinkID]) -> UInt32 {
    nodes.update(
      repeating: WheelSearch.Node(
        label: WheelSearch.unreached, next: -1, before: WheelSearch.outside, isSought: false))
    buckets.update(repeating: -1)
    var missing = 0
    for link in sought where !nodes[link.index].isSought {
      nodes[link.index].isSought = true
      missing += 1
    }
    var last = UInt32.max
    nodes[start].label = 0
    insert(start)
    while waiting > 0 {
      let slot = Int(current) & (WheelSearch.bucketCount - 1)
      while buckets[slot] >= 0 {
        let l = Int(buckets[slot])
        remove(l)
        if nodes[l].label >> shift > current {
          insert(l)
          continue
        }
        if nodes[l].isSought {
          nodes[l].isSought = false
          missing -= 1
          // Searches of the same weights a little greater look a little further.
          if missing == 0 { last = current + current / 8 }
        }
        relax(l)
      }
      if current >= last {
        return UInt32(min(UInt64(WheelSearch.unreached) - 1, UInt64(current + 1) << shift))
      }
      current += 1
    }
    return WheelSearch.unreached
  }

  @inline(__always) private mutating func relax(_ l: Int) {
    let base = nodes[l].label
    for e in Int(first[l])..<Int(first[l + 1]) {
      let edge = edges[e]
      if edge.weight == WheelSearch.closed { continue }
      // Times of 49 days and more are all alike.
      let (sum, isOver) = base.addingReportingOverflow(edge.weight)
      let label = isOver ? WheelSearch.unreached - 1 : min(sum, WheelSearch.unreached - 1)
      let next = Int(edge.target)
      if label >= nodes[next].label { continue }
      nodes[next].label = label
      remove(next)
      insert(next)
    }
  }

  @inline(__always) private mutating func insert(_ l: Int) {
    let ahead = min((nodes[l].label >> shift) - current, UInt32(WheelSearch.bucketCount - 1))
    let slot = Int(current &+ ahead) & (WheelSearch.bucketCount - 1)
    let next = buckets[slot]
    nodes[l].next = next
    nodes[l].before = ~Int32(slot)
    if next >= 0 { nodes[Int(next)].before = Int32(l) }
    buckets[slot] = Int32(l)
    waiting += 1
  }

  @inline(__always) private mutating func remove(_ l: Int) {
    let (next, before) = (nodes[l].next, nodes[l].before)
    if before == WheelSearch.outside { return }
    if before >= 0 { nodes[Int(before)].next = next } else { buckets[Int(~before)] = next }
    if next >= 0 { nodes[Int(next)].before = before }
    nodes[l].before = WheelSearch.outside
    waiting -= 1
  }
}
