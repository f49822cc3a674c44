import CityBase
import CityDemand
import CityNetwork
import CityScenario
import CityText

/// Times the signals of a city folder for the demand of its own scenario.
public enum DemandSignals {
  /// Drivers choose their way with an eye to the red times, and these follow from the ways: so the
  /// flows are counted again on the plans of the round before, and averaged over all rounds. In the
  /// first one nobody stays for want of green; in the others those do for whom there is none even so.
  static let rounds = 3

  /// Asks the load of `scenario.json` who wants to turn where, or without a load counts the turns on
  /// the ways that the drivers set out on, and writes the network again with signals timed for these
  /// flows. Returns the scenario as it then loads, with the inputs that it had before: with other
  /// plans, more trips may get through.
  @discardableResult
  public static func retime(city folder: String) throws(CityError) -> LoadedScenario {
    let options = RunOptions()
    var basis = try ScenarioBasis(path: "\(folder)/scenario.json")
    let first = basis.network
    let graph = TurnGraph(first)
    var mean: [Double] = []
    for round in 1...rounds where !first.signals.values.isEmpty {
      let flows: [Double]
      if let asked = try basis.turnsPerHour(isThinned: round > 1, options: options) {
        flows = asked
      } else {
        flows = counted(try basis.bound(options: options), graph)
      }
      guard flows.count == graph.turnCount else { break }
      if mean.isEmpty { mean = flows }
      for i in flows.indices { mean[i] += (flows[i] - mean[i]) / Double(round) }
      let network = SignalRetiming(first, graph: graph, flows: mean).retimed()
      basis = basis.with(signalsOf: network)
    }
    if !mean.isEmpty {
      try OutputFile.write(NetworkFile.encode(basis.network), to: "\(folder)/network.cimn")
    }
    return try basis.bound(options: options)
  }

  /// Vehicles an hour by turn; none where the scenario measures no time.
  private static func counted(_ loaded: LoadedScenario, _ graph: TurnGraph) -> [Double] {
    let window = loaded.measuredWindow
    let hours = Double(window.upperBound - window.lowerBound) / 3_600_000
    guard hours > 0 else { return [] }
    var flows = [Double](repeating: 0, count: graph.turnCount)
    let demand = loaded.demand
    for trip in demand.trips.indices
    where window.contains(demand.trips[trip].departureMilliseconds) {
      let first = Int(demand.routeFirst[trip])
      for i in first..<(first + max(1, Int(demand.routeCount[trip])) - 1) {
        for turn in graph.turns(from: demand.links[i])
        where graph.turnTarget[turn] == demand.links[i + 1] {
          flows[turn] += 1 / hours
        }
      }
    }
    return flows
  }
}
