import CityBase
import CityModel
import CityNetwork

extension EdgeGate {
  /// The gates of a city on its network, with what is usual for their class where the layer leaves
  /// volume or through traffic open. Gates whose link the network does not have, or closes to cars,
  /// are left out with a diagnostic.
  public static func gates(
    of map: CityMap, on network: RoadNetwork, population: Double, diagnostics: inout Diagnostics
  ) -> [EdgeGate] {
    guard !map.gates.isEmpty else { return [] }
    var linkOfExternalID: [String: LinkID] = [:]
    for link in network.linkFrom.ids { linkOfExternalID[network.linkExternalID[link]] = link }
    var gates: [EdgeGate] = []
    for gate in map.gates.entities.values {
      guard let link = linkOfExternalID[gate.link], network.linkAccess[link].contains(.car) else {
        diagnostics.warn(
          "gate-link", place: "gate \(gate.externalID)",
          "the network has no link \"\(gate.link)\" open to cars; the gate is left out")
        continue
      }
      var made = EdgeGate(
        externalID: gate.externalID, isInbound: gate.direction == .in, link: link, in: network,
        population: population)
      if let capacity = gate.capacity {
        made.volume = capacity * GateDefaults.peakUse(made.roadClass)
      }
      if let volume = gate.volume { made.volume = volume }
      if let share = gate.throughShare { made.throughShare = share }
      gates.append(made)
    }
    return gates
  }
}
