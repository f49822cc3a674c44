import CityBase
import CityNetwork

extension NetworkExport {
  /// One feature for each group of each controller: a point where each of its lanes stops, what it
  /// is shown in one cycle, and for how long.
  func signals() -> Layer {
    var features: [Feature] = []
    for signal in network.signals.values {
      let junction = signal.junction
      guard junction.isSome, junction.index < network.junctionCount else { continue }
      for group in 0..<Int(max(0, signal.groupCount)) {
        let stops = stopLines(of: group, at: junction)
        guard !stops.isEmpty else { continue }
        let id = network.junctionExternalID[junction]
        features.append(
          Feature(
            id: "\(id)/\(group)", shape: .points(stops),
            properties: [
              Property("junction", .text(id)),
              Property("group", .integer(Int64(group))),
              Property("lanes", .integer(Int64(stops.count))),
              Property("cycle_s", Self.seconds(signal.cycleMilliseconds)),
              Property("green_s", Self.seconds(time(.green, group, signal))),
              Property("permissive_s", Self.seconds(time(.permissive, group, signal))),
              Property("yellow_s", Self.seconds(time(.yellow, group, signal))),
              Property("offset_s", Self.seconds(signal.offsetMilliseconds)),
              Property("plan", .text(plan(of: group, signal))),
            ]))
      }
    }
    return Layer(file: "signals.geojson", features: features)
  }

  /// The ends of the lanes that a group rules, each once, in the order of the lanes.
  private func stopLines(of group: Int, at junction: JunctionID) -> [Point2] {
    var last = LaneID.none
    var stops: [Point2] = []
    for c in network.connectors(of: junction)
    where Int(network.connectorGroup[ConnectorID(c)]) == group {
      let lane = network.connectorFrom[ConnectorID(c)]
      if lane == last { continue }
      last = lane
      stops.append(network.lanePosition(lane, network.laneLength[lane]).point)
    }
    return stops
  }

  private func state(_ group: Int, _ phase: SignalPhase) -> SignalState {
    phase.states.indices.contains(group) ? phase.states[group] : .red
  }

  private func time(_ state: SignalState, _ group: Int, _ signal: SignalController) -> Int32 {
    signal.phases.reduce(0) { $0 + (self.state(group, $1) == state ? $1.milliseconds : 0) }
  }

  /// What a group is shown from which second of the cycle on: `0 green, 22.5 yellow, 25.5 red`.
  private func plan(of group: Int, _ signal: SignalController) -> String {
    var start: Int32 = 0
    var last: SignalState?
    var parts: [String] = []
    for phase in signal.phases {
      let state = state(group, phase)
      if state != last { parts.append("\(Self.text(start)) \(state)") }
      last = state
      start += phase.milliseconds
    }
    return parts.joined(separator: ", ")
  }

  private static func seconds(_ milliseconds: Int32) -> PropertyValue {
    .number(Double(milliseconds) / 1000, decimals: 3)
  }

  /// Seconds without needless decimals.
  private static func text(_ milliseconds: Int32) -> String {
    let whole = milliseconds / 1000
    let rest = abs(milliseconds % 1000)
    guard rest > 0 else { return "\(whole)" }
    var decimals = String(1000 + rest).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals)"
  }
}
