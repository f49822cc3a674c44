import CityBase
import CityNetwork

/// Traffic over the edge of a city: what comes in, goes out and passes through, in vehicles of the
/// busiest hour of the day.
public struct EdgeTraffic: Sendable {
  /// Sorted by id.
  public let inbound: [EdgeGate]
  public let outbound: [EdgeGate]
  /// Vehicles from each gate inwards to each gate outwards, row by row; 0 where nobody would pass.
  public let through: [Double]
  /// By gate inwards: vehicles that stay in the city.
  public let arriving: [Double]
  /// By gate outwards: vehicles that set out in the city.
  public let leaving: [Double]
  /// How far one can go in the city: 0.6 of the side of a square as large as the box around its
  /// zones (0.5 is the mean way to the edge of a square and back inwards, 1.3 the detour of roads).
  public let reachMeters: Double
  /// Seconds from each gate inwards to each zone, and from each zone to each gate outwards, gate by
  /// gate; infinite where no way leads.
  let secondsIn: [Double]
  let secondsOut: [Double]
  let inPlaces: [AccessPoint]
  let outPlaces: [AccessPoint]

  /// More gates than this are not used, the smallest left out first.
  public static let gateLimit = 150

  /// Measures the ways between gates and zones and finds who passes through. Gates from which no
  /// zone can be reached are left out; nil where none is left or the city has no zones.
  public init?(
    _ gates: [EdgeGate], zones: ZoneSystem, network: RoadNetwork, graph: TurnGraph,
    rule: ThroughRule = ThroughRule(), execute: ParallelLoop, diagnostics: inout Diagnostics
  ) {
    guard zones.count > 0 else { return nil }
    let usable = Self.usable(gates, network, &diagnostics)
    let places = zones.zones.values.compactMap { zone in
      zone.accessPoints.indices.contains(zone.representative)
        ? zone.accessPoints[zone.representative] : zone.accessPoints.first
    }
    guard places.count == zones.count else { return nil }
    let survey = EdgeSurvey(network, graph)
    let times = survey.times(usable, places: places, execute: execute)
    let live = usable.indices.filter { times[$0].contains { $0.isFinite } }
    if live.count < usable.count {
      diagnostics.note(
        "gate-cut-off",
        "\(usable.count - live.count) gates have no way to or from the city and are not used")
    }
    let ins = live.filter { usable[$0].isInbound }
    let outs = live.filter { !usable[$0].isInbound }
    guard !ins.isEmpty || !outs.isEmpty else { return nil }
    let (entries, exits) = Self.evened(ins.map { usable[$0] }, outs.map { usable[$0] })
    let passing = survey.passing(entries, exits, rule, execute: execute)
    let matrix = Self.balanced(passing, entries, exits)
    let columns = exits.count
    inbound = entries
    outbound = exits
    through = matrix
    secondsIn = ins.flatMap { times[$0] }
    secondsOut = outs.flatMap { times[$0] }
    inPlaces = entries.map { $0.place(in: network) }
    outPlaces = exits.map { $0.place(in: network) }
    arriving = entries.indices.map { i in
      max(0, entries[i].volume - (0..<columns).reduce(0) { $0 + matrix[i * columns + $1] })
    }
    leaving = exits.indices.map { o in
      max(0, exits[o].volume - entries.indices.reduce(0) { $0 + matrix[$1 * columns + o] })
    }
    let box = Box2(zones.zones.values.lazy.flatMap(\.accessPositions))
    reachMeters = 0.6 * max(0, box.width * box.height).squareRoot()
  }

  /// Share of residents' car trips that stay within so many metres: the lengths of car trips fall
  /// off like an exponential with a scale of 10 km (Mobilitaet in Deutschland 2017: some 40 % are
  /// shorter than 5 km, some 60 % shorter than 10 km).
  public static func internalShare(_ reachMeters: Double) -> Double {
    guard reachMeters.isFinite, reachMeters > 0 else { return 0.05 }
    return max(0.05, 1 - PortableMath.exp(-reachMeters / 10_000))
  }

  /// Vehicles that come in and stay, set out and leave, and pass through.
  public var totals: (inbound: Double, outbound: Double, through: Double) {
    (arriving.reduce(0, +), leaving.reduce(0, +), through.reduce(0, +))
  }

  private static func usable(
    _ gates: [EdgeGate], _ network: RoadNetwork, _ diagnostics: inout Diagnostics
  ) -> [EdgeGate] {
    var known = gates.filter {
      (0..<network.linkCount).contains($0.link.index)
        && network.linkAccess[$0.link].contains(.car) && $0.volume > 0 && $0.volume.isFinite
    }
    known.sort { ($0.externalID, $0.link) < ($1.externalID, $1.link) }
    guard known.count > gateLimit else { return known }
    let order = known.indices.sorted { a, b in
      known[a].volume != known[b].volume ? known[a].volume > known[b].volume : a < b
    }
    diagnostics.note(
      "gates-left-out",
      "the city has \(known.count) gates; the \(gateLimit) with the most traffic are used")
    return order.prefix(gateLimit).sorted().map { known[$0] }
  }

  /// As many leave as come in: both sides are scaled to their mean, because a missing gate or an
  /// additional lane on one side says nothing about traffic. Who goes which way at which hour follows
  /// from the purposes.
  private static func evened(_ inbound: [EdgeGate], _ outbound: [EdgeGate])
    -> ([EdgeGate], [EdgeGate])
  {
    let (ins, outs) = (
      inbound.reduce(0) { $0 + $1.volume }, outbound.reduce(0) { $0 + $1.volume }
    )
    guard ins > 0, outs > 0 else { return (inbound, outbound) }
    func scaled(_ gates: [EdgeGate], _ factor: Double) -> [EdgeGate] {
      gates.map {
        var gate = $0
        gate.volume *= factor
        return gate
      }
    }
    let mean = (ins + outs) / 2
    return (scaled(inbound, mean / ins), scaled(outbound, mean / outs))
  }

  /// Spreads what passes through over the pairs that are plausible, so that each gate has its
  /// share as far as pairs allow; roads of one class go on into each other first.
  private static func balanced(
    _ passing: [Bool], _ inbound: [EdgeGate], _ outbound: [EdgeGate]
  ) -> [Double] {
    let columns = outbound.count
    guard !inbound.isEmpty, columns > 0 else { return [] }
    let seed = passing.indices.map { k -> Double in
      guard passing[k] else { return 0 }
      let (a, b) = (inbound[k / columns].roadClass, outbound[k % columns].roadClass)
      return 1 / Double(1 + abs(Int(a.rawValue) - Int(b.rawValue)))
    }
    var rows = inbound.indices.map { i in
      seed[(i * columns)..<(i * columns + columns)].contains { $0 > 0 }
        ? inbound[i].volume * min(1, max(0, inbound[i].throughShare)) : 0
    }
    var sums = outbound.indices.map { o in
      inbound.indices.contains { seed[$0 * columns + o] > 0 }
        ? outbound[o].volume * min(1, max(0, outbound[o].throughShare)) : 0
    }
    let (all, out) = (rows.reduce(0, +), sums.reduce(0, +))
    guard all > 0, out > 0 else { return passing.map { _ in 0 } }
    let common = min(all, out)
    for i in rows.indices { rows[i] *= common / all }
    for o in sums.indices { sums[o] *= common / out }
    var matrix = Furness.balanced(seed: seed, rowTotals: rows, columnTotals: sums, iterations: 60)
    // Rows fit exactly; where columns could not, what goes beyond their share is taken back.
    for o in 0..<columns {
      let sum = inbound.indices.reduce(0) { $0 + matrix[$1 * columns + o] }
      let most = outbound[o].volume * min(1, max(0, outbound[o].throughShare))
      guard sum > most, sum > 0 else { continue }
      for i in inbound.indices { matrix[i * columns + o] *= most / sum }
    }
    return matrix
  }
}
