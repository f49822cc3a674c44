import CityBase
import CityNetwork

/// What a report says about a network.
public struct NetworkFigures: Sendable {
  public private(set) var links = 0
  public private(set) var junctions = 0
  public private(set) var signals = 0
  public private(set) var connectors = 0
  /// Kilometres of lanes, connectors not counted.
  public private(set) var laneKilometres = 0.0
  /// Kilometres of links.
  public private(set) var linkKilometres = 0.0
  /// Share of the length of links open to cars that lies in the largest part in which every link
  /// can reach every other, 0 to 1.
  public private(set) var connectedShare = 0.0

  /// Measures a network.
  public init(_ network: RoadNetwork) {
    links = network.linkCount
    junctions = network.junctionCount
    signals = network.signals.count
    connectors = network.connectorCount
    let isConnected = network.largestComponent()
    var drivable = 0.0
    var connected = 0.0
    for l in 0..<network.linkCount {
      let length = Double(network.linkLength[LinkID(l)]) / 1000
      linkKilometres += length
      laneKilometres += length * Double(network.lanes(of: LinkID(l)).count)
      guard network.linkAccess[LinkID(l)].contains(.car) else { continue }
      drivable += length
      if isConnected.indices.contains(l) && isConnected[l] { connected += length }
    }
    connectedShare = drivable > 0 ? connected / drivable : 0
  }
}
