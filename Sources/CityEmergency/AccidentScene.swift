import CityBase
import CityNetwork
import CitySimulation

/// What an accident does to the road: it closes one or two lanes, side by side, for 15 m, just past
/// the place by the road where units reach it, so that they do not stand behind it themselves.
struct AccidentScene {
  /// Metres of each closed lane: two cars and a police car behind them.
  static let length: Float = 15
  /// Metres between the place of the units and the first closed one.
  static let gap: Float = 2

  /// Where units go.
  var access: AccessPoint
  var blockages: [LaneBlockage] = []

  /// The scene of a call; nothing is closed where it is no accident. How many lanes and which are
  /// drawn by the call's key; on a link shorter than the scene they are closed over its length.
  init(_ call: Call, network: RoadNetwork, settings: EmergencySettings, random: RandomStream) {
    access = call.access
    let link = call.access.link
    guard call.kind == .accident, 0..<network.linkCount ~= link.index else { return }
    let length = network.linkLength[link]
    let lanes = network.lanes(of: link)
    let from = max(
      min(Self.gap, length / 2), min(call.access.offset + Self.gap, length - Self.length))
    guard from < length, !lanes.isEmpty else { return }
    access.offset = max(0, min(call.access.offset, from - Self.gap))
    let draws = random.draws(.incidentLanes, call.key)
    let count = min(lanes.count, draws.unit(0) < settings.twoLanesShare ? 2 : 1)
    let first = lanes.lowerBound + Int(draws.unit(1) * Double(lanes.count - count + 1))
    for lane in first..<(first + count) {
      blockages.append(
        LaneBlockage(
          lane: LaneID(lane), from: from, to: min(length, from + Self.length),
          residualWidth: Float(settings.accidentResidualWidth)))
    }
  }
}
