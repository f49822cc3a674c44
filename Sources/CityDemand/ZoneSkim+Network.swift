import CityBase
import CityNetwork

extension ZoneSkim {
  /// Along the fastest ways in the empty network, expected waits at junctions included: the mean
  /// over up to four access points of each zone, fewer where there are many zones, and at least
  /// the one that represents it. Within a zone: the mean between its own points; where only one
  /// is asked, the mean distance of two random points, at 30 km/h.
  ///
  /// One search for each point: O(points * links * log links), shared out by `execute`.
  public static func along(
    _ network: RoadNetwork, graph: TurnGraph, zones: ZoneSystem, execute: ParallelLoop
  ) -> ZoneSkim {
    let each = max(1, min(4, 600 / max(1, zones.count)))
    let samples = zones.zones.values.map { $0.samples(each) }
    let survey = SkimSurvey(network, graph)
    let rows = ChunkedWork.map(count: zones.count, execute: execute) { range in
      range.map { origin in
        let trees = samples[origin].map { survey.tree(from: $0) }
        return (0..<zones.count).map { destination -> (meters: Double, seconds: Double) in
          survey.mean(trees, to: samples[destination])
            ?? (destination == origin ? within(zones.zones[ZoneID(origin)]) : unreachable)
        }
      }
    }
    let cells = rows.flatMap { $0 }.flatMap { $0 }
    return ZoneSkim(
      zoneCount: zones.count, meters: cells.map(\.meters), seconds: cells.map(\.seconds))
  }

  private static let unreachable = (meters: Double.infinity, seconds: Double.infinity)

  private static func within(_ zone: Zone) -> (meters: Double, seconds: Double) {
    let meters = metersWithin(zone)
    return (meters, meters / (30 / 3.6))
  }
}

extension Zone {
  /// Up to `count` different access points that stand for the zone: for one, the representative;
  /// else the quarters of where people live and of where they go.
  func samples(_ count: Int) -> [AccessPoint] {
    var chosen: [Int] = []
    if count > 1 {
      for (unit, end) in [
        (0.25, TripEnd.home), (0.75, .activity), (0.75, .home), (0.25, .activity),
      ] {
        if let i = accessPoint(unit, at: end), !chosen.contains(i) { chosen.append(i) }
      }
    }
    if chosen.isEmpty { chosen = [representative] }
    return chosen.prefix(count).compactMap {
      accessPoints.indices.contains($0) ? accessPoints[$0] : nil
    }
  }
}

/// Measures times and lengths of fastest ways from single points.
struct SkimSurvey: Sendable {
  let network: RoadNetwork
  let costs: [Int32]
  let paths: ShortestPaths
  /// The turns into link l are `turnsInto` [`firstInto` [l]] ..< [`firstInto` [l + 1]].
  let firstInto: [Int]
  let turnsInto: [Turn]

  struct Turn: Sendable {
    var from: Int
    var milliseconds: Int32
    /// Of its quickest connector.
    var meters: Double
  }

  struct Tree {
    var origin: AccessPoint
    /// Milliseconds to the end of each link.
    var times: [Int32]
  }

  init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.network = network
    costs = LinkCosts.freeFlow(network)
    paths = ShortestPaths(network, graph)
    let drives = TurnDrives(network, graph)
    var into: [[Turn]] = Array(repeating: [], count: graph.linkCount)
    for l in 0..<graph.linkCount {
      for turn in graph.turns(from: LinkID(l)) {
        let connector = drives.connectors[turn]
        let meters = connector.isSome ? Double(network.laneLength[network.lane(of: connector)]) : 0
        into[graph.turnTarget[turn].index].append(
          Turn(from: l, milliseconds: graph.turnMilliseconds[turn], meters: meters))
      }
    }
    firstInto = into.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    turnsInto = Array(into.joined())
  }

  func tree(from origin: AccessPoint) -> Tree {
    Tree(origin: origin, times: paths.travelTimes(from: origin, costs: costs))
  }

  /// Metres of the fastest way to the end of a link; nil where none leads there.
  func length(to end: LinkID, _ tree: Tree) -> Double? {
    var way: [(turn: Turn, link: LinkID)] = []
    var at = end.index
    while at != tree.origin.link.index {
      guard way.count < costs.count, let turn = last(to: at, tree) else { return nil }
      way.append((turn, LinkID(at)))
      at = turn.from
    }
    let start = Double(network.linkLength[tree.origin.link] - tree.origin.offset)
    return way.reversed().reduce(start) {
      $0 + $1.turn.meters + Double(network.linkLength[$1.link])
    }
  }

  /// The turn by which the fastest way enters a link: one whose time just fits; of several that from
  /// the link reached first.
  private func last(to link: Int, _ tree: Tree) -> Turn? {
    var best: Turn?
    for turn in turnsInto[firstInto[link]..<firstInto[link + 1]] {
      let time = tree.times[turn.from]
      guard time != .max,
        Int64(time) + Int64(turn.milliseconds) + Int64(costs[link]) == Int64(tree.times[link])
      else { continue }
      if let best, (tree.times[best.from], best.from) <= (time, turn.from) { continue }
      best = turn
    }
    return best
  }

  /// The mean over all pairs of different points that a way leads between; nil without any.
  func mean(_ trees: [Tree], to places: [AccessPoint]) -> (meters: Double, seconds: Double)? {
    var meters = 0.0
    var seconds = 0.0
    var pairs = 0.0
    for tree in trees {
      // A place behind the origin on its own link is rare and far: leave such pairs to the others.
      for place in places where place.link != tree.origin.link {
        let ms = paths.time(to: place, times: tree.times, costs: costs)
        guard ms != .max, let toEnd = length(to: place.link, tree) else { continue }
        meters += max(0, toEnd - Double(network.linkLength[place.link] - place.offset))
        seconds += Double(ms) / 1000
        pairs += 1
      }
    }
    return pairs > 0 ? (meters / pairs, seconds / pairs) : nil
  }
}
