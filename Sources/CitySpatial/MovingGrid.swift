import CityBase

/// A uniform grid over things that move: inserting, moving and removing cost a few nanoseconds.
///
/// Things are known by small whole numbers that the caller gives out (a slot, a vehicle). Each cell
/// is a doubly linked list over columns, so nothing is allocated once the columns are long enough.
/// Points outside the bounds count to the cells at the edge and are still found exactly, but a
/// crowd out there is searched one by one.
public struct MovingGrid: Sendable {
  /// The area that the cells cover.
  public let bounds: Box2
  /// The side of a cell, in the units of the coordinates.
  public let cellSize: Double
  let columnCount: Int
  let rowCount: Int
  /// The first thing of each cell, or -1.
  var head: [Int32]
  /// By thing: its neighbours in the list of its cell (or -1), its cell (or -1 where it is not in
  /// the grid), and its position.
  var next: [Int32] = []
  var previous: [Int32] = []
  var cellOf: [Int32] = []
  var positions: [Point2] = []
  /// How many things are in the grid.
  public private(set) var count = 0

  /// The most cells a grid may have; a finer wish is answered with larger cells.
  public static let maximumCells = 1 << 22

  /// An empty grid. `cellSize` is best about the radius of the usual search. Empty bounds and a cell
  /// size that is not positive are mistakes.
  public init(bounds: Box2, cellSize: Double) {
    precondition(
      !bounds.isEmpty && bounds.min.isFinite && bounds.max.isFinite, "a MovingGrid needs bounds")
    precondition(
      cellSize > 0 && cellSize.isFinite, "the cells of a MovingGrid have a positive size")
    var size = cellSize
    func cells(_ extent: Double) -> Double { extent / size + 1 }
    while cells(bounds.width) * cells(bounds.height) > Double(Self.maximumCells) { size *= 2 }
    self.bounds = bounds
    self.cellSize = size
    columnCount = Int(cells(bounds.width))
    rowCount = Int(cells(bounds.height))
    head = Array(repeating: -1, count: columnCount * rowCount)
  }

  /// Whether a thing is in the grid.
  public func contains(_ thing: Int) -> Bool {
    cellOf.indices.contains(thing) && cellOf[thing] >= 0
  }

  /// Where a thing is, or nil where it is not in the grid.
  public func position(of thing: Int) -> Point2? { contains(thing) ? positions[thing] : nil }

  /// Puts a thing into the grid. A negative number, one that is in it already, or a point that is
  /// not finite is a mistake.
  public mutating func insert(_ thing: Int, at point: Point2) {
    precondition(thing >= 0 && thing < Int(Int32.max), "things in a MovingGrid count from 0")
    precondition(!contains(thing), "thing \(thing) is in the MovingGrid already: move it")
    precondition(point.isFinite, "a MovingGrid takes finite points")
    if thing >= cellOf.count { grow(to: thing + 1) }
    positions[thing] = point
    link(thing, into: cell(point))
    count += 1
  }

  /// Moves a thing that is in the grid.
  public mutating func move(_ thing: Int, to point: Point2) {
    precondition(contains(thing), "thing \(thing) is not in the MovingGrid: insert it")
    precondition(point.isFinite, "a MovingGrid takes finite points")
    positions[thing] = point
    let new = cell(point)
    guard new != Int(cellOf[thing]) else { return }
    unlink(thing)
    link(thing, into: new)
  }

  /// Takes a thing out of the grid.
  public mutating func remove(_ thing: Int) {
    precondition(contains(thing), "thing \(thing) is not in the MovingGrid")
    unlink(thing)
    cellOf[thing] = -1
    count -= 1
  }

  private mutating func grow(to size: Int) {
    let more = Swift.max(size, cellOf.count * 2, 16) - cellOf.count
    next.append(contentsOf: repeatElement(-1, count: more))
    previous.append(contentsOf: repeatElement(-1, count: more))
    cellOf.append(contentsOf: repeatElement(-1, count: more))
    positions.append(contentsOf: repeatElement(Point2(0, 0), count: more))
  }

  private mutating func link(_ thing: Int, into cell: Int) {
    let old = head[cell]
    next[thing] = old
    previous[thing] = -1
    if old >= 0 { previous[Int(old)] = Int32(thing) }
    head[cell] = Int32(thing)
    cellOf[thing] = Int32(cell)
  }

  private mutating func unlink(_ thing: Int) {
    let before = previous[thing]
    let after = next[thing]
    if before >= 0 { next[Int(before)] = after } else { head[Int(cellOf[thing])] = after }
    if after >= 0 { previous[Int(after)] = before }
  }

  func column(_ x: Double) -> Int { Self.held((x - bounds.min.x) / cellSize, below: columnCount) }
  func row(_ y: Double) -> Int { Self.held((y - bounds.min.y) / cellSize, below: rowCount) }
  func cell(_ p: Point2) -> Int { row(p.y) * columnCount + column(p.x) }

  private static func held(_ v: Double, below limit: Int) -> Int {
    v > 0 ? (v < Double(limit) ? Int(v) : limit - 1) : 0
  }
}
