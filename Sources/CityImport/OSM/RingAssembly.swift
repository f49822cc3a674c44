import CityBase

/// Joins the member ways of a multipolygon or boundary into closed rings.
enum RingAssembly {
  /// Rings of node indices, first node not repeated, from open or closed chains; `openChains`
  /// counts what could not be closed.
  ///
  /// Chains are joined at equal ends in the order they come, which is enough wherever no more
  /// than two chains meet at a node; at such a node the first that fits is taken.
  static func rings(_ chains: [[Int32]]) -> (rings: [[Int32]], openChains: Int) {
    var rings: [[Int32]] = []
    var open: [[Int32]] = []
    for chain in chains where chain.count > 1 {
      if chain.first == chain.last { close(chain, into: &rings) } else { open.append(chain) }
    }
    // Chains by their end nodes; used ones are skipped.
    var chainsAtNode: [Int32: [Int]] = [:]
    for (i, chain) in open.enumerated() {
      for end in [chain[0], chain[chain.count - 1]] { chainsAtNode[end, default: []].append(i) }
    }
    var used = [Bool](repeating: false, count: open.count)
    var openChains = 0
    for start in open.indices where !used[start] {
      used[start] = true
      var ring = open[start]
      while let last = ring.last, last != ring[0],
        let next = chainsAtNode[last]?.first(where: { !used[$0] })
      {
        used[next] = true
        let chain = open[next]
        ring.append(
          contentsOf: chain[0] == last ? chain.dropFirst() : chain.reversed().dropFirst())
      }
      if ring.first == ring.last { close(ring, into: &rings) } else { openChains += 1 }
    }
    return (rings, openChains)
  }

  private static func close(_ chain: [Int32], into rings: inout [[Int32]]) {
    // Fewer than three corners enclose nothing.
    if chain.count > 3 { rings.append(Array(chain.dropLast())) }
  }

  /// Groups rings into polygons: each outer ring with the inner rings that start inside it.
  static func polygons(outer: [[Point2]], inner: [[Point2]]) -> [[[Point2]]] {
    var polygons = outer.map { [$0] }
    let boxes = outer.map { Box2($0) }
    let areas = outer.map { abs(Ring.signedArea($0)) }
    for hole in inner {
      guard let p = hole.first else { continue }
      // The smallest outer ring around it, because an island may lie in a hole of another.
      let owner = outer.indices
        .filter { boxes[$0].contains(p) && Ring.contains(Ring.centroid(hole), in: outer[$0]) }
        .min { areas[$0] < areas[$1] }
      if let owner { polygons[owner].append(hole) }
    }
    return polygons
  }

  /// The area of polygons with holes, in square metres.
  static func area(_ polygons: [[[Point2]]]) -> Double {
    polygons.reduce(0) { sum, rings in
      let outer = rings.first.map { abs(Ring.signedArea($0)) } ?? 0
      return sum + max(0, outer - rings.dropFirst().reduce(0) { $0 + abs(Ring.signedArea($1)) })
    }
  }
}
