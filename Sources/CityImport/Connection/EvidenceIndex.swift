import CityBase
import CityNetwork
import CitySpatial

/// Finds what may cut a road off along its links.
struct EvidenceIndex {
  /// Roads pass what belongs to them within this many metres of their centreline.
  static let reach = 8.0

  private let evidence: [CutOffEvidence]
  private let tree: HilbertRTree
  /// Distances that may still be measured: hostile figures end with causes unknown, not with hours.
  private var left = 50_000_000

  init(_ evidence: [CutOffEvidence]) {
    self.evidence = evidence
    tree = HilbertRTree(evidence.map { Box2(min: $0.place, max: $0.place) })
  }

  /// The first of `causes` that something along some links speaks for.
  mutating func strongest(
    along links: [LinkID], _ network: RoadNetwork, _ causes: [CutOffPart.Cause]
  ) -> CutOffEvidence? {
    var best: Int?
    var bestRank = causes.count
    for link in links {
      // Junctions take the ends of their links, up to where the roads meet.
      let line =
        [network.junctionPosition[network.linkFrom[link]]] + network.points(of: link)
        + [network.junctionPosition[network.linkTo[link]]]
      for k in line.indices.dropLast() where left > 0 && bestRank > 0 {
        tree.search(Box2([line[k], line[k + 1]]).expanded(by: Self.reach)) { i in
          left -= 1
          guard let rank = causes.firstIndex(of: evidence[i].cause), rank < bestRank,
            Polyline.project(evidence[i].place, onto: line[k...(k + 1)]).distance <= Self.reach
          else { return }
          best = i
          bestRank = rank
        }
      }
    }
    return best.map { evidence[$0] }
  }
}
