import CityBase
import CitySpatial

/// Joins the member ways of a multipolygon or boundary into closed rings.
enum RingAssembly {
  /// The rings of some chains, first node not repeated.
  struct Result {
    var rings: [[Int32]] = []
    /// How many lines stay open, and the node the first of them ends at.
    var openChains = 0
    var openAt: Int32 = -1
  }

  /// Rings of node indices from open or closed chains.
  ///
  /// Chains are joined at equal ends, in the order they come; where several meet, and where a ring
  /// touches itself, the line walked is cut into simple rings at the nodes it passes twice.
  static func rings(_ chains: [[Int32]]) -> Result {
    var result = Result()
    var open: [[Int32]] = []
    for chain in chains where chain.count > 1 {
      if chain.first == chain.last { close(chain, into: &result) } else { open.append(chain) }
    }
    // Chains by their end nodes; used ones are passed over once and for all.
    var chainsAtNode: [Int32: [Int]] = [:]
    for (i, chain) in open.enumerated() {
      for end in [chain[0], chain[chain.count - 1]] { chainsAtNode[end, default: []].append(i) }
    }
    var used = [Bool](repeating: false, count: open.count)
    for start in open.indices where !used[start] {
      used[start] = true
      var line = open[start]
      while let last = line.last, last != line[0] {
        while let next = chainsAtNode[last]?.last, used[next] { chainsAtNode[last]?.removeLast() }
        guard let next = chainsAtNode[last]?.popLast() else { break }
        used[next] = true
        let chain = open[next]
        line.append(
          contentsOf: chain[0] == last ? chain.dropFirst() : chain.reversed().dropFirst())
      }
      close(line, into: &result)
    }
    return result
  }

  /// Cuts a line into simple rings; what is left over stays open.
  private static func close(_ line: [Int32], into result: inout Result) {
    var path: [Int32] = []
    var place: [Int32: Int] = [:]
    for node in line {
      guard let start = place[node] else {
        place[node] = path.count
        path.append(node)
        continue
      }
      // Fewer than three corners enclose nothing.
      if path.count - start > 2 { result.rings.append(Array(path[start...])) }
      for gone in path[(start + 1)...] { place[gone] = nil }
      path.removeLast(path.count - start - 1)
    }
    if path.count > 1 {
      result.openChains += 1
      if result.openAt < 0 { result.openAt = path[path.count - 1] }
    }
  }

  /// Groups rings into polygons: each outer ring with the inner rings inside it. Rings without a
  /// role are outer ones unless an odd number of rings lies around them.
  static func polygons(outer: [[Point2]], inner: [[Point2]], unknown: [[Point2]] = [])
    -> [[[Point2]]]
  {
    var outer = outer
    var inner = inner
    var all = RingIndex(unknown.isEmpty ? [] : outer + unknown)
    let first = outer.count
    for (i, ring) in unknown.enumerated() {
      if all.count(around: ring, except: first + i) % 2 == 1 {
        inner.append(ring)
      } else {
        outer.append(ring)
      }
    }
    var polygons = outer.map { [$0] }
    guard !inner.isEmpty else { return polygons }
    var index = RingIndex(outer)
    for hole in inner {
      if let owner = index.smallest(around: hole) { polygons[owner].append(hole) }
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

/// Finds the rings around another one.
private struct RingIndex {
  /// Rings that may lie around a point, and corners that may be looked at in all. Maps have a few
  /// and a few million; a file made to hurt gets its holes ignored beyond.
  static let mostAround = 64
  private var cornersLeft = 200_000_000

  private let rings: [[Point2]]
  private let areas: [Double]
  private let tree: HilbertRTree

  init(_ rings: [[Point2]]) {
    self.rings = rings
    areas = rings.map { abs(Ring.signedArea($0)) }
    tree = HilbertRTree(rings.map { Box2($0) })
  }

  private mutating func isInside(_ ring: [Point2], _ i: Int) -> Bool {
    cornersLeft -= rings[i].count
    guard cornersLeft > 0 else { return false }
    if Ring.contains(Ring.centroid(ring), in: rings[i]) { return true }
    // The middle of a bent ring may lie outside of it; some of its corners then tell.
    let step = max(1, ring.count / 16)
    let corners = stride(from: 0, to: ring.count, by: step).map { ring[$0] }
    cornersLeft -= corners.count * rings[i].count
    return corners.count { Ring.contains($0, in: rings[i]) } * 2 > corners.count
  }

  /// The rings whose boxes hold a ring's first corner.
  private func candidates(_ ring: [Point2]) -> [Int] {
    guard let p = ring.first else { return [] }
    var found: [Int] = []
    _ = tree.searchWhile(Box2(min: p, max: p)) { i in
      found.append(i)
      return found.count < Self.mostAround
    }
    return found
  }

  mutating func count(around ring: [Point2], except: Int) -> Int {
    let area = abs(Ring.signedArea(ring))
    var count = 0
    for i in candidates(ring) where i != except && areas[i] > area {
      if isInside(ring, i) { count += 1 }
    }
    return count
  }

  /// The smallest ring around it, because an island may lie in a hole of another.
  mutating func smallest(around ring: [Point2]) -> Int? {
    let order = candidates(ring).sorted { (areas[$0], $0) < (areas[$1], $1) }
    for i in order { if isInside(ring, i) { return i } }
    return nil
  }
}
