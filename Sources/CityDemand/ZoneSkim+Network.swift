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
      var paths = survey.paths
      return range.map { origin in
        let trees = samples[origin].map { survey.tree(from: $0, &paths) }
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
private struct SkimSurvey: Sendable {
  let network: RoadNetwork
  let graph: TurnGraph
  let costs: [Int32]
  let paths: ShortestPaths
  /// Metres of the quickest connector of each turn.
  let turnMeters: [Double]

  struct Tree {
    var origin: AccessPoint
    /// Milliseconds to the end of each link.
    var times: [Int32]
    /// Metres to there.
    var meters: [Double]
  }

  init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.network = network
    self.graph = graph
    costs = LinkCosts.freeFlow(network)
    paths = ShortestPaths(network, graph)
    var meters: [Double] = []
    meters.reserveCapacity(graph.turnCount)
    for l in 0..<graph.linkCount {
      for turn in graph.turns(from: LinkID(l)) {
        let target = graph.turnTarget[turn]
        let connector = FreeFlow.quickest(from: LinkID(l), to: target, network)
        meters.append(connector.map { Double(network.laneLength[network.lane(of: $0)]) } ?? 0)
      }
    }
    turnMeters = meters
  }

  /// The fastest ways from a point. From links in the order of their times, a turn belongs to a
  /// fastest way where its time just fits.
  func tree(from origin: AccessPoint, _ paths: inout ShortestPaths) -> Tree {
    let times = paths.travelTimes(from: origin, costs: costs)
    var meters = [Double](repeating: .infinity, count: times.count)
    meters[origin.link.index] = Double(network.linkLength[origin.link] - origin.offset)
    let order = times.indices.filter { times[$0] != .max }
      .sorted { times[$0] != times[$1] ? times[$0] < times[$1] : $0 < $1 }
    for l in order where meters[l].isFinite {
      for turn in graph.turns(from: LinkID(l)) {
        let next = graph.turnTarget[turn].index
        let arrival =
          Int64(times[l]) + Int64(graph.turnMilliseconds[turn]) + Int64(costs[next])
        if arrival == Int64(times[next]), !meters[next].isFinite {
          meters[next] = meters[l] + turnMeters[turn] + Double(network.linkLength[LinkID(next)])
        }
      }
    }
    return Tree(origin: origin, times: times, meters: meters)
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
        let toEnd = tree.meters[place.link.index]
        guard ms != .max, toEnd.isFinite else { continue }
        meters += max(0, toEnd - Double(network.linkLength[place.link] - place.offset))
        seconds += Double(ms) / 1000
        pairs += 1
      }
    }
    return pairs > 0 ? (meters / pairs, seconds / pairs) : nil
  }
}
