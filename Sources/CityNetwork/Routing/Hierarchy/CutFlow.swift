import CityBase

/// Least cuts of one part of the junctions, by maximum flow (Dinic 1970).
struct CutFlow {
  private let count: Int
  /// The arcs of place i are [`first` [i]] ..< [`first` [i + 1]].
  private var first: [Int32] = [0]
  private var head: [Int32] = []
  private var width: [Int32] = []
  /// The arc the other way.
  private var reverse: [Int32] = []
  private var rest: [Int32] = []
  private var level: [Int32]
  private var next: [Int32]
  private var queue: [Int32]
  /// 1 at the first end, 2 at the last one.
  private var end: [UInt8]

  init(_ junctions: [Int32], _ site: CutSite) {
    count = junctions.count
    let graph = site.graph
    for j in junctions {
      for e in Int(graph.first[Int(j)])..<Int(graph.first[Int(j) + 1]) {
        let other = Int(graph.head[e])
        guard site.part[other] == site.part[Int(j)] else { continue }
        head.append(site.place[other])
        width.append(graph.width[e])
      }
      first.append(Int32(head.count))
    }
    level = Array(repeating: -1, count: count)
    next = Array(repeating: 0, count: count)
    queue = Array(repeating: 0, count: count)
    end = Array(repeating: 0, count: count)
    reverse = Array(repeating: 0, count: head.count)
    for i in 0..<count {
      for e in Int(first[i])..<Int(first[i + 1]) {
        let other = Int(head[e])
        for back in Int(first[other])..<Int(first[other + 1]) where head[back] == Int32(i) {
          reverse[e] = Int32(back)
        }
      }
    }
  }

  /// The links between the two sides.
  func width(of side: [Bool]) -> Int {
    var sum = 0
    for i in 0..<count where side[i] {
      for e in Int(first[i])..<Int(first[i + 1]) where !side[Int(head[e])] { sum += Int(width[e]) }
    }
    return sum
  }

  /// The least cut between the first and the last `ends` places of an order, of those with equal
  /// width one near either end, the more even one; nil where it is wider than `limit`.
  mutating func leastCut(_ order: [Int32], ends: Int, limit: Int) -> (width: Int, side: [Bool])? {
    let sources = order.prefix(ends)
    let sinks = order.suffix(min(ends, count - ends))
    for i in 0..<count { end[i] = 0 }
    for i in sources { end[Int(i)] = 1 }
    for i in sinks { end[Int(i)] = 2 }
    rest = width
    var flow = 0
    while reach(from: sources, stopAt: 2) {
      for i in 0..<count { next[i] = first[i] }
      for source in sources { flow += push(from: Int(source)) }
      if flow > limit { return nil }
    }
    let nearFirst = level.map { $0 >= 0 }
    var side = nearFirst
    let size = nearFirst.count { $0 }
    reachBack(from: sinks)
    let nearLast = level.map { $0 < 0 }
    let other = nearLast.count { $0 }
    if abs(2 * other - count) < abs(2 * size - count) { side = nearLast }
    return (flow, side)
  }

  /// Puts the first places into the queue, at level 0; the others have none. Their number.
  private mutating func startSearch(at places: ArraySlice<Int32>) -> Int {
    for i in 0..<count { level[i] = -1 }
    var filled = 0
    for i in places {
      level[Int(i)] = 0
      queue[filled] = i
      filled += 1
    }
    return filled
  }

  /// Numbers the places by their distance over arcs with room left; whether an end was reached.
  private mutating func reach(from sources: ArraySlice<Int32>, stopAt goal: UInt8) -> Bool {
    var filled = startSearch(at: sources)
    var at = 0
    var reached = false
    while at < filled {
      let i = Int(queue[at])
      at += 1
      if end[i] == goal {
        reached = true
        continue
      }
      for e in Int(first[i])..<Int(first[i + 1]) where rest[e] > 0 {
        let other = Int(head[e])
        if level[other] < 0 {
          level[other] = level[i] + 1
          queue[filled] = Int32(other)
          filled += 1
        }
      }
    }
    return reached
  }

  /// Marks all places from which the sinks can be reached over arcs with room left.
  private mutating func reachBack(from sinks: ArraySlice<Int32>) {
    var filled = startSearch(at: sinks)
    var at = 0
    while at < filled {
      let i = Int(queue[at])
      at += 1
      for e in Int(first[i])..<Int(first[i + 1]) where rest[Int(reverse[e])] > 0 {
        let other = Int(head[e])
        if level[other] < 0 {
          level[other] = 0
          queue[filled] = Int32(other)
          filled += 1
        }
      }
    }
  }

  /// Sends all that goes from one source along ascending levels.
  private mutating func push(from source: Int) -> Int {
    var sent = 0
    var way: [Int32] = []
    var at = source
    while true {
      if end[at] == 2 {
        var least = Int32.max
        for e in way { least = min(least, rest[Int(e)]) }
        sent += Int(least)
        var cut = 0
        for (k, e) in way.enumerated().reversed() {
          rest[Int(e)] -= least
          rest[Int(reverse[Int(e)])] += least
          if rest[Int(e)] == 0 { cut = k }
        }
        // Goes on from where the way is now full.
        at = Int(head[Int(reverse[Int(way[cut])])])
        way.removeLast(way.count - cut)
        continue
      }
      var isStuck = true
      while next[at] < first[at + 1] {
        let e = Int(next[at])
        if rest[e] > 0 && level[Int(head[e])] == level[at] + 1 {
          way.append(Int32(e))
          at = Int(head[e])
          isStuck = false
          break
        }
        next[at] += 1
      }
      if isStuck {
        guard let back = way.popLast() else { return sent }
        at = Int(head[Int(reverse[Int(back)])])
        next[at] += 1
      }
    }
  }
}
