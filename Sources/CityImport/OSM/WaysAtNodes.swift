import CityNetwork

/// For each node of a road source the ways that touch it.
struct WaysAtNodes {
  private var first: [Int32]
  private var list: [Int32]

  init(_ source: RoadSource) {
    first = Array(repeating: 0, count: source.nodes.count + 1)
    for way in source.ways { for node in way.nodes { first[Int(node) + 1] += 1 } }
    for i in 1..<first.count { first[i] += first[i - 1] }
    var next = first
    list = Array(repeating: 0, count: Int(first[first.count - 1]))
    for (w, way) in source.ways.enumerated() {
      for node in way.nodes {
        list[Int(next[Int(node)])] = Int32(truncatingIfNeeded: w)
        next[Int(node)] += 1
      }
    }
  }

  /// The ways at a node, ascending; one that passes it twice comes twice.
  subscript(node: Int32) -> ArraySlice<Int32> {
    list[Int(first[Int(node)])..<Int(first[Int(node) + 1])]
  }
}
