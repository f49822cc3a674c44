import CityBase
import CityNetwork

/// What a road network consists of, for people.
enum NetworkDescription {
  static func text(_ network: RoadNetwork) -> String {
    var laneMeters = 0.0
    for lane in network.laneLink.ids { laneMeters += Double(network.laneLength[lane]) }
    let signals = network.signals.count
    let connected = network.largestComponent().count { $0 }
    return """
      Road network
        links      \(Figures.grouped(network.linkCount)), \(Figures.grouped(connected)) of them in \
      the part where every road reaches every other
        lanes      \(Figures.grouped(network.roadLaneCount)), \
      \(Figures.decimal(laneMeters / 1000, 1)) km
        junctions  \(Figures.grouped(network.junctionCount)), \(Figures.grouped(signals)) \
      with signals
        turns      \(Figures.grouped(network.connectorCount))
        hash       \(Figures.hex(network.networkHash))

      """
  }
}
