import CityBase

/// Quickest ways over a weighted hierarchy: those of `ShortestPaths` without a perturbation, found
/// sooner where the network is large.
///
/// From either end it walks up all cells above, in the order of ranks (the elimination tree query of
/// Dibbelt, Strasser and Wagner 2016), without a heap. The walk from the destination is kept: ask for
/// all routes to one destination in a row. A value of this type owns its working memory.
public struct HierarchySearch: Sendable {
  public let weighted: WeightedHierarchy
  var hierarchy: LinkHierarchy { weighted.hierarchy }
  /// By rank, valid in the cells above the end it was walked from.
  private(set) var forward: [Label]
  private(set) var backward: [Label]
  /// The rank that `backward` starts from; -1 for none.
  private var aim: Int32 = -1
  private var pending: [Int32] = []

  struct Label: Sendable, BitwiseCopyable {
    var weight: UInt64
    /// The rank before; the end's own for itself.
    var before: Int32
    /// The arc from there; -1 at the end itself.
    var arc: Int32

    static let none = Label(weight: WeightedHierarchy.none, before: -1, arc: -1)
  }

  public init(_ weighted: WeightedHierarchy) {
    self.weighted = weighted
    forward = Array(repeating: Label.none, count: weighted.hierarchy.linkCount)
    backward = forward
  }

  /// The links from one access point to another, both of theirs included; nil where no way leads.
  /// What holds for `ShortestPaths.route` holds here.
  public mutating func route(from origin: AccessPoint, to destination: AccessPoint) -> [LinkID]? {
    let known = 0..<hierarchy.linkCount
    guard known ~= origin.link.index, known ~= destination.link.index else { return nil }
    if origin.link == destination.link && destination.offset >= origin.offset {
      return [origin.link]
    }
    return way(from: origin.link, to: destination.link)
  }

  /// The links from the end of one link to the end of another, both included, or once round to the
  /// same one; nil where no way leads.
  mutating func way(from origin: LinkID, to destination: LinkID) -> [LinkID]? {
    if origin == destination { return round(from: origin)?.links }
    guard let meeting = meet(from: origin, to: destination) else { return nil }
    var links = [origin]
    appendWay(over: meeting.rank, to: &links)
    return links
  }

  /// Milliseconds from the end of one link to the end of another, with the sum of hashes in the
  /// lower half; nil where no way leads.
  public mutating func weight(from origin: LinkID, to destination: LinkID) -> UInt64? {
    let known = 0..<hierarchy.linkCount
    guard known ~= origin.index, known ~= destination.index else { return nil }
    if origin == destination { return round(from: origin)?.weight }
    return meet(from: origin, to: destination)?.weight
  }

  /// From the end of a link once round to it.
  private mutating func round(from link: LinkID) -> (weight: UInt64, links: [LinkID])? {
    let graph = hierarchy.graph
    var best: (weight: UInt64, next: LinkID)?
    for t in graph.turns(from: link) {
      let next = graph.turnTarget[t]
      let start = WeightedHierarchy.weight(of: t, into: next.index, in: hierarchy, weighted.costs)
      let rest = next == link ? 0 : meet(from: next, to: link)?.weight ?? WeightedHierarchy.none
      let sum = min(start + rest, WeightedHierarchy.none)
      if sum < best?.weight ?? WeightedHierarchy.none { best = (sum, next) }
    }
    guard let best else { return nil }
    if best.next == link { return (best.weight, [link, link]) }
    return way(from: best.next, to: link).map { (best.weight, [link] + $0) }
  }

  /// Where the quickest way between two different links is highest. Labels of ranks over which no way
  /// is shorter than `stretch` (1 or more) times the quickest need not be right afterwards.
  mutating func meet(from origin: LinkID, to destination: LinkID, stretch: Double = 1)
    -> (weight: UInt64, rank: Int)?
  {
    let start = Int(hierarchy.rankOfLink[origin.index])
    let end = hierarchy.rankOfLink[destination.index]
    if aim != end {
      Self.walk(
        from: Int(end), hierarchy, weighted.downward, &backward, Meeting(first: .max))
      aim = end
    }
    var meeting = Meeting(first: firstCommon(start, Int(end)) ?? .max, stretch: stretch)
    let known = backward
    meeting = known.withUnsafeBufferPointer {
      meeting.other = $0
      return Self.walk(from: start, hierarchy, weighted.upward, &forward, meeting)
    }
    return meeting.rank < 0 ? nil : (meeting.best, meeting.rank)
  }

  /// What a walk knows of the walk from the other end, and has found out about ways over both.
  private struct Meeting {
    /// The ranks from this one on are above both ends.
    var first: Int
    var stretch = 1.0
    var other = UnsafeBufferPointer<Label>(start: nil, count: 0)
    var best = WeightedHierarchy.none
    var rank = -1
  }

  /// The lowest rank above both of two; nil where there is none.
  private func firstCommon(_ start: Int, _ end: Int) -> Int? {
    var first: Int?
    forEachCommon(start, end) { if first == nil { first = $0.lowerBound } }
    return first
  }

  /// The ranks above both of two, cell by cell.
  @inline(__always)
  func forEachCommon(_ start: Int, _ end: Int, _ body: (Range<Int>) -> Void) {
    var a = Int(hierarchy.cellOfRank[start])
    var b = Int(hierarchy.cellOfRank[end])
    while a != b && a >= 0 && b >= 0 {
      // A parent has a greater number; -1 is above all.
      if a < b { a = Int(hierarchy.cellParent[a]) } else { b = Int(hierarchy.cellParent[b]) }
    }
    guard a >= 0, a == b else { return }
    var first = Int(hierarchy.cellFirst[a])
    // Where one of them is in this very cell, ranks below it are not above it.
    if Int(hierarchy.cellOfRank[start]) == a { first = max(first, start) }
    if Int(hierarchy.cellOfRank[end]) == a { first = max(first, end) }
    while a >= 0 {
      body(first..<Int(hierarchy.cellFirst[a + 1]))
      a = Int(hierarchy.cellParent[a])
      if a >= 0 { first = Int(hierarchy.cellFirst[a]) }
    }
  }

  /// Labels all ranks above one with the least weights over ways that only go up; those from which
  /// on no way can be short enough are left as they are. Every rank above both ends lies above every
  /// rank that is not, so that the best way so far is soon known.
  @discardableResult
  private static func walk(
    from start: Int, _ hierarchy: LinkHierarchy, _ arcs: SearchArcs, _ labels: inout [Label],
    _ meeting: Meeting
  ) -> Meeting {
    var meeting = meeting
    labels.withUnsafeMutableBufferPointer { labels in
      arcs.arcs.withUnsafeBufferPointer { upArcs in
        arcs.first.withUnsafeBufferPointer { first in
          hierarchy.walkUp(from: start) { ranks in
            for r in ranks { labels[r] = Label.none }
          }
          labels[start] = Label(weight: 0, before: Int32(start), arc: -1)
          var limit = WeightedHierarchy.none - 1
          hierarchy.walkUp(from: start) { ranks in
            for r in ranks {
              let base = labels[r].weight
              if base > limit { continue }
              if r >= meeting.first {
                let sum = base + meeting.other[r].weight
                if sum < meeting.best {
                  (meeting.best, meeting.rank) = (sum, r)
                  limit = Self.stretched(sum, by: meeting.stretch)
                }
              }
              for a in Int(first[r])..<Int(first[r + 1]) {
                let arc = upArcs[a]
                let weight = base + arc.weight
                if weight < labels[Int(arc.upper)].weight {
                  labels[Int(arc.upper)] = Label(
                    weight: weight, before: Int32(truncatingIfNeeded: r), arc: arc.arc)
                }
              }
            }
          }
        }
      }
    }
    return meeting
  }

  /// A weight times a factor of 1 or more.
  static func stretched(_ weight: UInt64, by factor: Double) -> UInt64 {
    let exact = Double(weight) * factor
    return factor <= 1 ? weight : exact < 9e18 ? UInt64(exact) : WeightedHierarchy.none - 1
  }

  /// Appends the links behind the origin of the way that the labels describe over a rank.
  mutating func appendWay(over rank: Int, to links: inout [LinkID]) {
    // The last one first: the stack gives them back in the order of the way.
    var at = Int32(rank)
    while forward[Int(at)].arc >= 0 {
      pending.append(forward[Int(at)].arc)
      at = forward[Int(at)].before
    }
    appendPending(to: &links)
    at = Int32(rank)
    while backward[Int(at)].arc >= 0 {
      pending.append(backward[Int(at)].arc)
      appendPending(to: &links)
      at = backward[Int(at)].before
    }
  }

  /// Appends the arcs of the way that the labels describe over a rank.
  func appendArcs(over rank: Int, to arcs: inout [Int32]) {
    for labels in [forward, backward] {
      var at = rank
      while labels[at].arc >= 0 {
        arcs.append(labels[at].arc)
        at = Int(labels[at].before)
      }
    }
  }

  /// Appends the links of the arcs on the stack, of each the first one left out.
  private mutating func appendPending(to links: inout [LinkID]) {
    let weighted = weighted
    while let arc = pending.popLast() {
      let first = weighted.firstHalf[Int(arc)]
      if first < 0 {
        links.append(LinkID(rawValue: -1 - first))
      } else {
        pending.append(weighted.secondHalf[Int(arc)])
        pending.append(first)
      }
    }
  }
}

extension LinkHierarchy {
  /// A rank with all above it, in stretches from low to high.
  @inline(__always) func walkUp(from start: Int, _ body: (Range<Int>) -> Void) {
    var cell = Int(cellOfRank[start])
    var first = start
    while cell >= 0 {
      body(first..<Int(cellFirst[cell + 1]))
      cell = Int(cellParent[cell])
      if cell >= 0 { first = Int(cellFirst[cell]) }
    }
  }
}
