import CityNetwork

/// Carries lane arrows along split roads: where mappers cut a way between the arrows and the
/// junction (a bridge, another limit), the part at the junction takes over those of the part before,
/// if it has as many lanes and no arrows of its own.
enum TurnLaneSpread {
  static func spread(_ source: inout RoadSource) {
    let ways = WaysAtNodes(source)
    // A directed way: twice its index, one more against its direction.
    var waiting = source.ways.indices.flatMap { [2 * $0, 2 * $0 + 1] }
      .filter { !turns($0, source).isEmpty }
    while let from = waiting.popLast() {
      guard let to = next(from, ways, source), turns(to, source).isEmpty,
        lanes(to, source) == lanes(from, source)
      else { continue }
      let marks = turns(from, source)
      // A lane that merges is gone further on.
      guard marks.allSatisfy({ $0.isDisjoint(with: .anyMerge) }) else { continue }
      if to & 1 == 0 {
        source.ways[to / 2].forwardTurns = marks
      } else {
        source.ways[to / 2].backwardTurns = marks
      }
      waiting.append(to)
    }
  }

  private static func turns(_ way: Int, _ source: RoadSource) -> [LaneTurns] {
    way & 1 == 0 ? source.ways[way / 2].forwardTurns : source.ways[way / 2].backwardTurns
  }

  private static func lanes(_ way: Int, _ source: RoadSource) -> Int {
    way & 1 == 0 ? source.ways[way / 2].forwardLanes : source.ways[way / 2].backwardLanes
  }

  /// The only way on from the end of a directed way, where nothing else meets and nothing rules.
  private static func next(_ way: Int, _ ways: WaysAtNodes, _ source: RoadSource) -> Int? {
    let nodes = source.ways[way / 2].nodes
    guard let node = way & 1 == 0 ? nodes.last : nodes.first else { return nil }
    let here = ways[node]
    guard here.count == 2, source.nodes[Int(node)].control == .none,
      let other = here.first(where: { Int($0) != way / 2 })
    else { return nil }
    let others = source.ways[Int(other)].nodes
    if others.first == node { return 2 * Int(other) }
    return others.last == node ? 2 * Int(other) + 1 : nil
  }
}
