import CityBase

extension TurnGraph {
  /// The strongly connected components: a number for each link, links that can reach each other
  /// sharing one. Numbers are in no useful order.
  ///
  /// R. Tarjan, "Depth-first search and linear graph algorithms", 1972, without recursion.
  public func stronglyConnectedComponents() -> (componentOfLink: [Int32], count: Int) {
    var component = [Int32](repeating: -1, count: linkCount)
    var order = [Int32](repeating: -1, count: linkCount)
    var low = [Int32](repeating: 0, count: linkCount)
    var nextTurn = firstTurn
    var path: [Int32] = []
    var open: [Int32] = []
    var visited: Int32 = 0
    var count: Int32 = 0
    for root in 0..<linkCount where order[root] < 0 {
      path.append(Int32(root))
      while let top = path.last {
        let l = Int(top)
        if order[l] < 0 {
          order[l] = visited
          low[l] = visited
          visited += 1
          open.append(top)
        }
        if nextTurn[l] < firstTurn[l + 1] {
          let next = turnTarget[Int(nextTurn[l])].index
          nextTurn[l] += 1
          if order[next] < 0 {
            path.append(Int32(next))
          } else if component[next] < 0 {
            low[l] = min(low[l], order[next])
          }
          continue
        }
        path.removeLast()
        if let below = path.last { low[Int(below)] = min(low[Int(below)], low[l]) }
        guard low[l] == order[l] else { continue }
        while let member = open.popLast() {
          component[Int(member)] = count
          if Int(member) == l { break }
        }
        count += 1
      }
    }
    return (component, Int(count))
  }

  /// Whether each link belongs to the largest set of links that can all reach each other; of two
  /// equally large ones, the one with the first link.
  public func largestComponent() -> [Bool] {
    let (component, count) = stronglyConnectedComponents()
    var size = [Int](repeating: 0, count: count)
    for c in component { size[Int(c)] += 1 }
    var best: Int32 = -1
    for c in component where best < 0 || size[Int(c)] > size[Int(best)] { best = c }
    return component.map { $0 == best }
  }
}

extension RoadNetwork {
  /// Whether each link belongs to the largest set of links that can all reach each other. Trips
  /// between such links always have a route.
  public func largestComponent() -> [Bool] { TurnGraph(self).largestComponent() }

  /// Notes what lies outside the largest connected part: how many links, how many metres.
  public func reportComponents(to diagnostics: inout Diagnostics) {
    var links = 0
    var metres = 0.0
    for (l, isInside) in largestComponent().enumerated() where !isInside {
      links += 1
      metres += Double(linkLength[LinkID(l)])
    }
    guard links > 0 else { return }
    diagnostics.note(
      "links-cut-off",
      "\(links) of \(linkCount) links (\(Int(metres)) m) cannot both reach and be reached from "
        + "the largest connected part; no trips begin or end there")
  }
}
