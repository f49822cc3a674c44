import CityBase

/// Gives signals the greens that a known demand asks for, where the plan of the built network could
/// only assume one. Stages, yellow and all-red times stay as they are.
///
/// The cycle is Webster's, the greens are in proportion to the flow ratios of the critical lanes
/// (F. V. Webster, "Traffic Signal Settings", Road Research Technical Paper 39, 1958).
public struct SignalRetiming {
  /// Vehicles an hour by turn of the graph.
  private let flows: [Double]
  private let graph: TurnGraph
  private let network: RoadNetwork

  /// Sets out to time the signals of a network for flows in vehicles an hour, one for each turn of
  /// its turn graph. Flows that are missing or not finite count as 0.
  public init(_ network: RoadNetwork, graph: TurnGraph, flows: [Double]) {
    self.network = network
    self.graph = graph
    self.flows = flows
  }

  /// The network with all its signals retimed.
  public func retimed() -> RoadNetwork {
    var result = network
    for id in network.signals.ids {
      let plan = network.signals[id]
      guard let stages = SignalStagePlan(plan) else { continue }
      let lanes = approachLanes(of: plan.junction)
      let ratios = stages.ratios(of: lanes.map { uses(of: $0, network, plan, stages) })
      result.signals[id].phases = stages.phases(ratios: ratios)
    }
    return result
  }

  /// What one turn asks of one lane.
  struct Use {
    /// Stages in which it may go.
    var stages: [Int]
    /// Its flow in that lane over the lane's saturation flow for it.
    var ratio: Double
  }

  /// A lane with the turns that its drivers take, and how many an hour take each of them from it.
  private struct LaneLoad {
    var lane: LaneID
    var turns: [(turn: Int, flow: Double)] = []
  }

  private func flow(_ turn: Int) -> Double {
    guard flows.indices.contains(turn), flows[turn].isFinite else { return 0 }
    return max(0, flows[turn])
  }

  /// The lanes that lead into a junction. Each turn's drivers spread over the lanes that serve it,
  /// so that the fullest of them is as empty as can be.
  private func approachLanes(of junction: JunctionID) -> [LaneLoad] {
    var all: [LaneLoad] = []
    for link in network.approaches(of: junction) {
      let lanes = network.lanes(of: LinkID(link))
      var loads = lanes.map { LaneLoad(lane: LaneID($0)) }
      for turn in graph.turns(from: LinkID(link)) {
        for i in loads.indices where connector(from: loads[i].lane, turn) != nil {
          loads[i].turns.append((turn, 0))
        }
      }
      for _ in 0..<6 {
        for turn in graph.turns(from: LinkID(link)) { spread(turn, over: &loads) }
      }
      all += loads
    }
    return all
  }

  /// Pours one turn's flow into its lanes up to a common level.
  private func spread(_ turn: Int, over loads: inout [LaneLoad]) {
    var serving: [(index: Int, entry: Int, others: Double)] = []
    for i in loads.indices {
      guard let entry = loads[i].turns.firstIndex(where: { $0.turn == turn }) else { continue }
      let others = loads[i].turns.reduce(0) { $0 + ($1.turn == turn ? 0 : $1.flow) }
      serving.append((i, entry, others))
    }
    guard !serving.isEmpty else { return }
    serving.sort { ($0.others, $0.index) < ($1.others, $1.index) }
    var used = 1
    var sum = serving[0].others
    let total = flow(turn)
    while used < serving.count, (total + sum) / Double(used) > serving[used].others {
      sum += serving[used].others
      used += 1
    }
    let level = (total + sum) / Double(used)
    for (k, s) in serving.enumerated() {
      loads[s.index].turns[s.entry].flow = k < used ? max(0, level - s.others) : 0
    }
  }

  private func connector(from lane: LaneID, _ turn: Int) -> ConnectorID? {
    network.connectors(from: lane).lazy.map { ConnectorID($0) }.first {
      network.laneLink[network.connectorTo[$0]] == graph.turnTarget[turn]
        && network.isOpen($0, to: .car)
    }
  }

  private func uses(
    of load: LaneLoad, _ network: RoadNetwork, _ plan: SignalController, _ stages: SignalStagePlan
  ) -> [Use] {
    load.turns.compactMap { turn, flow in
      guard flow > 0, let c = connector(from: load.lane, turn) else { return nil }
      let group = Int(network.connectorGroup[c])
      guard group >= 0 else { return nil }
      let open = stages.stages.indices.filter {
        let state = stages.stages[$0].states[group]
        return state == .green || state == .permissive
      }
      let isPermissive =
        !open.isEmpty && open.allSatisfy { stages.stages[$0].states[group] == .permissive }
      let speed = Double(network.laneSpeed[network.lane(of: c)])
      var saturation = Self.saturationFlow(speed: speed)
      if isPermissive {
        saturation /= Self.throughEquivalent(opposing: opposing(c, stages, open))
      }
      return Use(stages: open, ratio: flow / saturation)
    }
  }

  /// Vehicles an hour that a lane discharges over a connector: headways of a second and of the way
  /// that a car of 4.6 m and its gap of 2 m take at the turning speed, but no more than at a plain
  /// stop line (1,800; Webster's order of magnitude).
  public static func saturationFlow(speed: Double) -> Double {
    min(SignalTiming.saturationFlow, 3600 / (1 + 6.6 / max(1, speed)))
  }

  /// Vehicles an hour that go first where a connector yields, in the stages it is open.
  private func opposing(
    _ c: ConnectorID, _ stages: SignalStagePlan, _ open: [Int]
  ) -> Double {
    var seen: [Int] = []
    var sum = 0.0
    for conflict in network.conflicts(of: c) where conflict.yields > 0 {
      let group = Int(network.connectorGroup[conflict.other])
      guard group >= 0, open.contains(where: { stages.stages[$0].states[group] == .green }) else {
        continue
      }
      let from = network.laneLink[network.connectorFrom[conflict.other]]
      let to = network.laneLink[network.connectorTo[conflict.other]]
      for turn in graph.turns(from: from) where graph.turnTarget[turn] == to {
        if !seen.contains(turn) {
          seen.append(turn)
          sum += flow(turn)
        }
      }
    }
    return sum
  }

  /// How many through vehicles one permissive left turn is worth at an opposing flow: Highway
  /// Capacity Manual 2000, exhibit C16-3, for one opposing lane, held to the table's ends.
  static func throughEquivalent(opposing: Double) -> Double {
    let table = [1.4, 1.7, 2.1, 2.5, 3.1, 3.7, 4.5]
    let x = min(1200, max(0, opposing)) / 200
    let i = min(table.count - 2, Int(x))
    return table[i] + (table[i + 1] - table[i]) * (x - Double(i))
  }
}
