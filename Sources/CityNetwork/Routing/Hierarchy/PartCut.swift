import CityBase

/// What the parts of one level share while they are cut.
struct CutSite: Sendable {
  let graph: JunctionGraph
  /// By junction: its part, and its place in the list of that part.
  let part: [Int32]
  let place: [Int32]
}

/// A part of the junctions cut in two: inertial flow (Schild and Sommer 2015), that is, the least cut
/// between the first and the last junctions along each of four directions, of which the one with the
/// fewest links for the junctions in its smaller side is taken.
struct PartCut: Sendable {
  /// Those of both sides; one may be empty.
  var sides: [[Int32]] = []
  /// The links between the sides, ascending; of a single junction, the links from it to itself.
  var links: [Int32] = []

  /// Along each direction, so many junctions of a thousand are given to either side.
  private static let terminals = [250, 450]
  /// Smaller parts are cut in the middle, which is nearly as good and needs no flow.
  private static let smallest = 12

  init(_ junctions: [Int32], _ site: CutSite) {
    let graph = site.graph
    guard junctions.count > 1 else {
      for j in junctions { links.append(contentsOf: Self.departures(of: j, in: graph) { $0 == j }) }
      return
    }
    let isInFirst = Self.split(junctions, site)
    var first: [Int32] = []
    var second: [Int32] = []
    for (i, j) in junctions.enumerated() {
      if isInFirst[i] { first.append(j) } else { second.append(j) }
      links.append(
        contentsOf: Self.departures(of: j, in: graph) { other in
          site.part[Int(other)] == site.part[Int(j)]
            && isInFirst[Int(site.place[Int(other)])] != isInFirst[i]
        })
    }
    sides = [first, second]
    links.sort()
  }

  private static func departures(
    of j: Int32, in graph: JunctionGraph, where leads: (Int32) -> Bool
  ) -> [Int32] {
    graph.departures[
      Int(graph.firstDeparture[Int(j)])..<Int(graph.firstDeparture[Int(j) + 1])
    ].filter { leads(graph.linkTo[Int($0)]) }
  }

  private static func split(_ junctions: [Int32], _ site: CutSite) -> [Bool] {
    let count = junctions.count
    if count == 2 { return [true, false] }
    var flow = CutFlow(junctions, site)
    var best: (cut: Int, smaller: Int, side: [Bool])?
    func offer(_ cut: Int, _ side: [Bool]) {
      let first = side.count { $0 }
      let smaller = min(first, count - first)
      guard smaller > 0 else { return }
      if let best, cut * best.smaller >= best.cut * smaller { return }
      best = (cut, smaller, side)
    }
    for direction in 0..<4 {
      let order = Self.order(junctions, along: direction, site.graph.position)
      if count <= smallest {
        var side = [Bool](repeating: false, count: count)
        for i in order.prefix(count / 2) { side[Int(i)] = true }
        offer(flow.width(of: side), side)
        continue
      }
      for share in terminals {
        // A cut of so many links could not be better even in the very middle.
        let limit = best.map { $0.cut * (count / 2) / max(1, $0.smaller) } ?? .max
        guard let found = flow.leastCut(order, ends: max(1, count * share / 1000), limit: limit)
        else { continue }
        offer(found.width, found.side)
      }
    }
    if let best { return best.side }
    return junctions.indices.map { $0 < count / 2 }
  }

  /// The places in the list, sorted along a direction.
  private static func order(_ junctions: [Int32], along direction: Int, _ position: [Point2])
    -> [Int32]
  {
    var keys: [UInt64] = []
    keys.reserveCapacity(junctions.count)
    for (i, j) in junctions.enumerated() {
      let p = position[Int(j)]
      let along: Double
      switch direction {
      case 0: along = p.x
      case 1: along = p.y
      case 2: along = p.x + p.y
      default: along = p.x - p.y
      }
      // Decimetres in the upper 40 bits, the place in the lower 24.
      let bounded = along.isFinite ? min(5e10, max(-5e10, along * 10)) : 0
      keys.append((UInt64(bounded + 5e10) << 24) | UInt64(i & 0xFF_FFFF))
    }
    keys.sort()
    return keys.map { Int32($0 & 0xFF_FFFF) }
  }
}
