import CityBase
import CityNetwork

/// Streets that nobody planned, for tests of routes: a jittered lattice of which a third is missing,
/// with one-way streets that may lead into nowhere, and banned turns.
enum RandomRoads {
  static func source(_ seed: UInt64, side: Int = 8, spacing: Double = 120) -> RoadSource {
    let random = RandomStream(seed: seed)
    var counter: UInt64 = 0
    func draw(_ n: Int) -> Int {
      counter += 1
      return random.below(n, .sampling, counter)
    }
    var source = RoadSource()
    for i in 0..<(side * side) {
      let jitter = Point2(Double(draw(600)) / 1000, Double(draw(600)) / 1000)
      source.nodes.append(
        RoadSource.Node(
          position: Point2(
            (Double(i % side) + jitter.x) * spacing, (Double(i / side) + jitter.y) * spacing),
          control: [NodeControl.none, .none, .signals, .stop][draw(4)], externalID: Int64(i)))
    }
    for i in 0..<(side * side) {
      for (step, isThere) in [(1, i % side < side - 1), (side, i / side < side - 1)] {
        guard isThere, draw(3) > 0 else { continue }
        source.ways.append(
          RoadSource.Way(
            externalID: "w\(source.ways.count)", nodes: [Int32(i), Int32(i + step)],
            roadClass: RoadClass.allCases[draw(7)], forwardLanes: 1 + draw(2),
            backwardLanes: draw(4) == 0 ? 0 : 1, speedLimit: 5 + Double(draw(20))))
      }
    }
    for _ in 0..<15 {
      let from = draw(source.ways.count)
      guard let via = source.ways[from].nodes.last,
        let to = source.ways.indices.first(where: {
          $0 != from && source.ways[$0].nodes.contains(via)
        })
      else { continue }
      source.turnBans.append(
        RoadSource.TurnBan(fromWay: Int32(from), viaNode: via, toWay: Int32(to)))
    }
    return source
  }
}
