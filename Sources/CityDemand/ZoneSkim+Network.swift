import CityBase
import CityNetwork

extension ZoneSkim {
  /// Along the fastest ways in the empty network, expected waits at junctions included, between the
  /// representative access points of the zones. Within a zone: the mean distance of two random
  /// points, at 30 km/h.
  ///
  /// One search for each zone: O(zones * links * log links), shared out by `execute`.
  public static func along(
    _ network: RoadNetwork, graph: TurnGraph, zones: ZoneSystem, execute: ParallelLoop
  ) -> ZoneSkim {
    let costs = LinkCosts.freeFlow(network)
    let paths = ShortestPaths(network, graph)
    let places = zones.zones.values.map { $0.accessPoints[$0.representative] }
    let rows = ChunkedWork.map(count: zones.count, execute: execute) { range in
      var paths = paths
      return range.map { origin in
        let times = paths.travelTimes(from: places[origin], costs: costs)
        let ends = metersToEnds(network, graph, from: places[origin], times: times, costs: costs)
        return places.map { place -> (meters: Double, seconds: Double) in
          let ms = paths.time(to: place, times: times, costs: costs)
          let rest = Double(network.linkLength[place.link] - place.offset)
          return ms == .max
            ? (.infinity, .infinity)
            : (max(0, ends[place.link.index] - rest), Double(ms) / 1000)
        }
      }
    }.flatMap { $0 }
    var meters: [Double] = []
    var seconds: [Double] = []
    for (i, row) in rows.enumerated() {
      for (j, cell) in row.enumerated() {
        let within = metersWithin(zones.zones[ZoneID(i)])
        meters.append(i == j ? within : cell.meters)
        seconds.append(i == j ? within / (30 / 3.6) : cell.seconds)
      }
    }
    return ZoneSkim(zoneCount: zones.count, meters: meters, seconds: seconds)
  }

  /// Metres to the end of each link along the fastest ways, whose times are known: from links in
  /// the order of their times, a turn belongs to a fastest way where its time just fits.
  private static func metersToEnds(
    _ network: RoadNetwork, _ graph: TurnGraph, from origin: AccessPoint, times: [Int32],
    costs: [Int32]
  ) -> [Double] {
    var meters = [Double](repeating: .infinity, count: times.count)
    meters[origin.link.index] = Double(network.linkLength[origin.link] - origin.offset)
    let order = times.indices.filter { times[$0] != .max }
      .sorted { times[$0] != times[$1] ? times[$0] < times[$1] : $0 < $1 }
    for l in order where meters[l].isFinite {
      for turn in graph.turns(from: LinkID(l)) {
        let next = graph.turnTarget[turn]
        let arrival =
          Int64(times[l]) + Int64(graph.turnMilliseconds[turn]) + Int64(costs[next.index])
        if arrival == Int64(times[next.index]), !meters[next.index].isFinite {
          meters[next.index] = meters[l] + Double(network.linkLength[next])
        }
      }
    }
    return meters
  }
}
