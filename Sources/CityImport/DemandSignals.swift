import CityBase
import CityDemand
import CityNetwork
import CityScenario
import CityText

/// Times the signals of a city folder for the demand of its own scenario.
public enum DemandSignals {
  /// Drivers choose their way with an eye to the red times, and these follow from the ways: so the
  /// flows are counted again on the plans of the round before, and averaged over all rounds.
  static let rounds = 3

  /// Draws the trips of `scenario.json`, counts who turns where on the way that the drivers set out
  /// on, and writes the network again with signals timed for these flows. Returns the scenario as it
  /// then loads: with a load, the new plans may let more trips through.
  @discardableResult
  public static func retime(city folder: String) throws(CityError) -> LoadedScenario {
    let path = "\(folder)/scenario.json"
    var loaded = try ScenarioLoader.load(path: path, options: RunOptions())
    let first = loaded.network
    guard !first.signals.values.isEmpty else { return loaded }
    var mean: [Double] = []
    for round in 1...rounds {
      let graph = TurnGraph(loaded.network)
      guard let flows = flows(loaded, graph) else { return loaded }
      if mean.count != flows.count { mean = flows }
      for i in flows.indices { mean[i] += (flows[i] - mean[i]) / Double(round) }
      let network = SignalRetiming(first, graph: graph, flows: mean).retimed()
      try OutputFile.write(NetworkFile.encode(network), to: "\(folder)/network.cimn")
      loaded = try ScenarioLoader.load(path: path, options: RunOptions())
    }
    return loaded
  }

  /// Vehicles an hour by turn; nil where the scenario measures no time.
  private static func flows(_ loaded: LoadedScenario, _ graph: TurnGraph) -> [Double]? {
    let window = loaded.measuredWindow
    let hours = Double(window.upperBound - window.lowerBound) / 3_600_000
    guard hours > 0 else { return nil }
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
