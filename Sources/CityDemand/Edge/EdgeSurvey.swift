import CityBase
import CityNetwork

/// Measures the ways from gates and to gates in the empty network.
struct EdgeSurvey: Sendable {
  private let network: RoadNetwork
  private let skims: SkimSurvey
  private let search: TimeSearch

  init(_ network: RoadNetwork, _ graph: TurnGraph) {
    self.network = network
    skims = SkimSurvey(network, graph)
    search = TimeSearch(ShortestPaths(network, graph), costs: LinkCosts.freeFlow(network))
  }

  /// For each gate, seconds to or from each of some places; infinite where no way leads.
  func times(_ gates: [EdgeGate], places: [AccessPoint], execute: ParallelLoop) -> [[Double]] {
    let (network, search) = (network, search)
    return ChunkedWork.map(count: gates.count, execute: execute) { range in
      var search = search
      return range.map { g -> [Double] in
        let gate = gates[g]
        let place = gate.place(in: network)
        let found =
          gate.isInbound
          ? search.milliseconds(from: place, to: places)
          : search.milliseconds(from: places, to: place)
        return found.map { $0.map { Double($0) / 1000 } ?? .infinity }
      }
    }.flatMap { $0 }
  }

  /// Between which gates somebody would pass through, row by row.
  func passing(
    _ inbound: [EdgeGate], _ outbound: [EdgeGate], _ rule: ThroughRule, execute: ParallelLoop
  ) -> [Bool] {
    let (network, skims) = (network, skims)
    let exits = outbound.map { gate in
      (
        gate: gate, place: gate.place(in: network), at: gate.position(in: network),
        heading: gate.heading(in: network)
      )
    }
    return ChunkedWork.map(count: inbound.count, execute: execute) { range in
      range.flatMap { i -> [Bool] in
        let gate = inbound[i]
        let (at, heading) = (gate.position(in: network), gate.heading(in: network))
        let tree = skims.tree(from: gate.place(in: network))
        return exits.map { exit in
          guard exit.gate.link != gate.link, network.linkReverse[gate.link] != exit.gate.link,
            let meters = skims.mean([tree], to: [exit.place])?.meters
          else { return false }
          return rule.allows(
            from: at, heading: heading, to: exit.at, leaving: exit.heading, meters: meters)
        }
      }
    }.flatMap { $0 }
  }
}
