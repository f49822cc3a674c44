import CityBase
import CityNetwork
import CitySimulation

/// The snapshot layer `signals`: a point at the stop line of every lane with signals, for each group
/// that it leads into, with what the group has just been shown.
public struct SignalLayer: SnapshotLayer {
  let domain: TrafficDomain
  public let layerName = "signals"

  public func addFeatures(to sink: inout some FeatureSink, at moment: Moment) {
    let network = domain.network
    // What shows at the moment itself is decided in the tick that begins with it.
    let shown = Moment(
      tick: max(0, moment.tick - 1), clock: moment.clock, random: moment.random,
      overrides: moment.overrides)
    for signal in network.signals.ids {
      let states = domain.signalStates(of: signal, at: shown)
      let controller = network.signals[signal]
      for lane in SignalLane.lanes(of: controller.junction, network) {
        let id = LaneID(lane.lane)
        let point = network.lanePosition(id, network.laneLength[id]).point
        let link = network.laneLink[id]
        let number = lane.lane - network.lanes(of: link).lowerBound
        for group in lane.groups where states.indices.contains(group) {
          sink.add(
            kind: "signal", id: "\(network.linkExternalID[link])/\(number)/\(group)",
            shape: .point(point),
            properties: [
              Property("signal", .text(controller.externalID)),
              Property("group", .integer(Int64(group))),
              Property("state", .text("\(states[group])")),
            ])
        }
      }
    }
  }
}
