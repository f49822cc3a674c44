import CityBase

/// A packed R-tree over boxes that do not move, sorted along a Hilbert curve.
///
/// Its life has three steps: `add` all boxes, `finish` once, then search as often as you like, from
/// as many threads as you like. Items are known by the order in which they were added. It is not a
/// tree that one can change: to add or remove, build another.
///
/// Boxes are kept as four `Float`s relative to the centre of all, rounded outwards, so a search may
/// name an item that lies outside the window by up to a ten-millionth of the extent (about a
/// centimetre for a city): it never misses one. Ask the exact geometry where that matters.
///
/// The order of results is a function of the boxes and the order of adding alone.
public struct HilbertRTree: Sendable {
  /// (minX, minY, -maxX, -maxY) of every node, leaves first, then level by level up to the root.
  /// With the maxima negated one comparison of four lanes tells whether two boxes meet.
  @usableFromInline var boxes: [SIMD4<Float>] = []
  /// The item of each leaf.
  @usableFromInline var itemOfLeaf: [Int32] = []
  /// Where each level starts in `boxes`, and at the end where the last one ends.
  @usableFromInline var levelStart: [Int] = [0]
  /// Children of a node k of a level are k << shift ..< (k + 1) << shift of the level below.
  @usableFromInline let shift: Int
  /// What is subtracted from every coordinate before it becomes a `Float`.
  @usableFromInline var origin = Point2(0, 0)
  /// What was added; emptied by `finish`.
  var pending: [Box2] = []
  /// The box around all items that can be found.
  public private(set) var bounds = Box2()
  /// Whether `finish` has been called.
  public private(set) var isFinished = false
  /// How many boxes were added.
  public private(set) var count = 0

  /// An empty tree that is ready for `add`. A node holds `nodeSize` children, a power of two from
  /// 2 to 64; 8 and 16 are the fastest.
  public init(nodeSize: Int = 16) {
    precondition(
      (2...64).contains(nodeSize) && nodeSize & (nodeSize - 1) == 0,
      "the node size of a HilbertRTree is a power of two from 2 to 64, not \(nodeSize)")
    shift = nodeSize.trailingZeroBitCount
  }

  /// A finished tree over some boxes; item i is the i-th of them.
  public init(_ boxes: some Sequence<Box2>, nodeSize: Int = 16) {
    self.init(nodeSize: nodeSize)
    pending = Array(boxes)
    count = pending.count
    precondition(count < Int(Int32.max) / 2, "a HilbertRTree holds fewer than a thousand million")
    finish()
  }

  /// Makes room for that many boxes.
  public mutating func reserveCapacity(_ n: Int) { pending.reserveCapacity(n) }

  /// Adds a box and returns its index: 0, 1, 2 … An empty box, or one with a coordinate that is not
  /// finite, takes its index too but is never found. Adding after `finish` is a mistake.
  @discardableResult public mutating func add(_ box: Box2) -> Int {
    precondition(!isFinished, "add to a HilbertRTree before finish, not after")
    precondition(
      count < Int(Int32.max) / 2, "a HilbertRTree holds fewer than a thousand million")
    pending.append(box)
    count += 1
    return count - 1
  }

  /// Adds a point as a box without extent.
  @discardableResult public mutating func add(_ point: Point2) -> Int {
    add(Box2(min: point, max: point))
  }

  /// Packs the tree, in time proportional to the number of boxes. Finishing twice is a mistake.
  public mutating func finish() {
    precondition(!isFinished, "finish a HilbertRTree once")
    isFinished = true
    for box in pending where Self.isUsable(box) { bounds.add(box) }
    origin = bounds.isEmpty ? Point2(0, 0) : bounds.center
    pack()
    pending = []
  }

  static func isUsable(_ box: Box2) -> Bool {
    box.min.isFinite && box.max.isFinite && !box.isEmpty
  }

  /// The number of items that can be found: those with a usable box.
  public var foundCount: Int { itemOfLeaf.count }
}
