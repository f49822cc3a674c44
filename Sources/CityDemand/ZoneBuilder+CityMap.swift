import CityBase
import CityModel
import CityNetwork

extension ZoneBuilder {
  /// The zones of a city map on its network, with access points in the network's largest connected
  /// part.
  public static func build(
    _ map: CityMap, network: RoadNetwork, graph: TurnGraph, settings: ZoneSettings = ZoneSettings(),
    diagnostics: inout Diagnostics
  ) -> ZoneSystem {
    let connected = graph.largestComponent()
    return build(
      ZoneInput(map), network: network, settings: settings,
      isConnected: { connected.indices.contains($0.index) && connected[$0.index] },
      diagnostics: &diagnostics)
  }
}
