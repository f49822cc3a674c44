import CityBase
import CityNetwork
import CitySimulation

/// People on foot who cross a street while vehicles turn into it: at every junction with signals,
/// parallel to those who go straight on, with the same green.
///
/// The share of the green for which the place where they meet is taken is the pedestrian occupancy
/// of the Highway Capacity Manual (2010, chapter 31; 2000, chapter 16, appendix D): with the flow v
/// in an hour of green, v / 2000 up to 1,000 and 0.4 + v / 10000 beyond, at most 0.9; 0.6 of it where
/// the street has more lanes than turn into it, because drivers get by. It is put into effect in
/// stretches of two seconds, the time in which somebody walks across a lane of 3 m at 1.5 m/s
/// (assumed), each taken or not by a draw of its own: who comes to the line in one that is taken
/// waits.
struct CrossingPedestrians {
  /// By connector: the share of its green that is taken; 0 where nobody crosses. Empty where no
  /// connector meets anybody.
  private let taken: RawColumn<Float>
  /// By connector: what its crossing is drawn by.
  private let key: RawColumn<UInt64>
  let areAny: Bool

  static let stretchSeconds = 2.0

  /// With so many people an hour over each crossing, both ways together.
  init(_ network: RoadNetwork, perHour: Float) {
    var shares = [Float](repeating: 0, count: network.connectorCount)
    var keys = [UInt64](repeating: 0, count: network.connectorCount)
    if perHour > 0 {
      for c in 0..<network.connectorCount {
        let id = ConnectorID(c)
        guard let share = Self.openShare(id, network), share > 0 else { continue }
        let turn = network.connectorTurn[id]
        guard turn == .left || turn == .right else { continue }
        let to = network.laneLink[network.connectorTo[id]]
        let occupancy = Self.occupancy(perHourOfGreen: perHour / share)
        shares[c] = Self.isPassable(id, to, network) ? 0.6 * occupancy : occupancy
        keys[c] = StableHash.of(network.linkExternalID[to])
      }
    }
    areAny = shares.contains { $0 > 0 }
    taken = RawColumn(shares)
    key = RawColumn(keys)
  }

  func free() {
    taken.free()
    key.free()
  }

  /// The share of time for which the place is taken by a flow in an hour of green.
  static func occupancy(perHourOfGreen v: Float) -> Float {
    v <= 1000 ? v / 2000 : min(0.9, 0.4 + v / 10000)
  }

  /// The share of the cycle in which the group of a connector may go; nil without a signal.
  private static func openShare(_ id: ConnectorID, _ network: RoadNetwork) -> Float? {
    let group = Int(network.connectorGroup[id])
    let junction = network.linkTo[network.laneLink[network.connectorFrom[id]]]
    let signal = network.junctionSignal[junction]
    guard group >= 0, network.signals.ids.contains(signal) else { return nil }
    let phases = network.signals[signal].phases
    let whole = phases.reduce(0) { $0 + Int($1.milliseconds) }
    let open = phases.reduce(0) { sum, phase in
      guard phase.states.indices.contains(group) else { return sum }
      let state = phase.states[group]
      return state == .green || state == .permissive ? sum + Int(phase.milliseconds) : sum
    }
    return whole > 0 ? Float(open) / Float(whole) : nil
  }

  /// Whether the link turned into has more lanes than lead into it by this turn.
  private static func isPassable(_ id: ConnectorID, _ to: LinkID, _ network: RoadNetwork) -> Bool {
    let from = network.laneLink[network.connectorFrom[id]]
    var turning: Set<Int> = []
    for lane in network.lanes(of: from) {
      for c in network.connectors(from: LaneID(lane))
      where network.laneLink[network.connectorTo[ConnectorID(c)]] == to {
        turning.insert(lane)
      }
    }
    return network.lanes(of: to).count > turning.count
  }

  /// Whether somebody on foot is in the way of a vehicle that comes to the line some seconds from
  /// now. Turns away from the kerb with a green of their own have nobody on foot before them.
  func block(_ c: Int, light: UInt8, isKerbTurn: Bool, after seconds: Float, _ moment: Moment)
    -> Bool
  {
    let share = taken[c]
    guard share > 0, light == SignalState.permissive.rawValue || isKerbTurn else { return false }
    let at = Double(moment.milliseconds) / 1000 + Double(min(seconds, 60))
    let stretch = UInt64(max(0, at / Self.stretchSeconds))
    return Float(moment.random.unit(.pedestrians, key[c], stretch)) < share
  }
}
