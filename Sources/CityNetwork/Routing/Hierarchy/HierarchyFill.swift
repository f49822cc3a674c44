import CityBase

/// The arcs of a hierarchy: for every link contracted, one from each higher link with an arc to it to
/// each higher link with an arc from it. This is the symbolic factorization of an unsymmetric matrix,
/// and pruned like it (Eisenstat and Liu 1992): where an arc leads both ways between a link and a
/// higher one, links yet higher learn of its arcs from the latter.
struct HierarchyFill {
  private(set) var firstOut: [Int32] = [0]
  /// Heads of the arcs up, by rank.
  private(set) var out: [Int32] = []
  private(set) var firstIn: [Int32] = [0]
  /// Tails of the arcs down, by rank.
  private(set) var into: [Int32] = []

  init(_ graph: TurnGraph, rankOfLink: [Int32], linkOfRank: [Int32]) {
    let count = rankOfLink.count
    var turnsIn = LinkedLists(count)
    for l in 0..<count {
      for t in graph.turns(from: LinkID(l)) {
        let (from, to) = (rankOfLink[l], rankOfLink[graph.turnTarget[t].index])
        if from > to { turnsIn.add(from, to: Int(to)) }
      }
    }
    firstOut.reserveCapacity(count + 1)
    firstIn.reserveCapacity(count + 1)
    // By rank: lower ranks with an arc from it, whose arcs up it takes over; and the reverse.
    var down = LinkedLists(count)
    var up = LinkedLists(count)
    var mark = [Int32](repeating: -1, count: count)
    for r in 0..<count {
      let rank = Int32(r)
      let startOut = out.count
      mark[r] = rank
      for t in graph.turns(from: LinkID(rawValue: linkOfRank[r])) {
        let to = rankOfLink[graph.turnTarget[t].index]
        if to > rank && mark[Int(to)] != rank {
          mark[Int(to)] = rank
          out.append(to)
        }
      }
      down.forEach(r) { k in
        Self.take(&out, Int(firstOut[k])..<Int(firstOut[k + 1]), above: rank, &mark)
      }
      Self.sort(&out, from: startOut)
      // A second mark for the other direction.
      let startIn = into.count
      let inMark = -2 - rank
      turnsIn.forEach(r) { from in
        if mark[from] != inMark {
          mark[from] = inMark
          into.append(Int32(from))
        }
      }
      up.forEach(r) { k in
        Self.take(
          &into, Int(firstIn[k])..<Int(firstIn[k + 1]), above: rank, as: inMark, &mark)
      }
      Self.sort(&into, from: startIn)
      let both = Self.leastCommon(out[startOut...], into[startIn...])
      for w in out[startOut...] {
        if w > both { break }
        up.add(rank, to: Int(w))
      }
      for u in into[startIn...] {
        if u > both { break }
        down.add(rank, to: Int(u))
      }
      firstOut.append(Int32(out.count))
      firstIn.append(Int32(into.count))
    }
  }

  /// Appends those of a stretch of a list above a rank that are not marked yet.
  private static func take(
    _ list: inout [Int32], _ range: Range<Int>, above rank: Int32, as label: Int32? = nil,
    _ mark: inout [Int32]
  ) {
    let label = label ?? rank
    var i = range.upperBound - 1
    while i >= range.lowerBound {
      let other = list[i]
      if other <= rank { break }
      if mark[Int(other)] != label {
        mark[Int(other)] = label
        list.append(other)
      }
      i -= 1
    }
  }

  private static func sort(_ list: inout [Int32], from start: Int) {
    list.withUnsafeMutableBufferPointer { list in
      var tail = UnsafeMutableBufferPointer(rebasing: list[start...])
      tail.sort()
    }
  }

  private static func leastCommon(_ a: ArraySlice<Int32>, _ b: ArraySlice<Int32>) -> Int32 {
    var (i, j) = (a.startIndex, b.startIndex)
    while i < a.endIndex && j < b.endIndex {
      if a[i] == b[j] { return a[i] }
      if a[i] < b[j] { i += 1 } else { j += 1 }
    }
    return .max
  }
}

/// A list of whole numbers for each of many, all in one array.
private struct LinkedLists {
  private var first: [Int32]
  private var next: [Int32] = []
  private var value: [Int32] = []

  init(_ count: Int) { first = Array(repeating: -1, count: count) }

  mutating func add(_ x: Int32, to list: Int) {
    value.append(x)
    next.append(first[list])
    first[list] = Int32(value.count - 1)
  }

  @inline(__always) func forEach(_ list: Int, _ body: (Int) -> Void) {
    var at = first[list]
    while at >= 0 {
      body(Int(value[Int(at)]))
      at = next[Int(at)]
    }
  }
}
