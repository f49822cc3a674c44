import CityBase
import CityDemand
import CityNetwork
import CityScenario
import CityText

/// Times the signals of a city folder for the demand of its own scenario.
public enum DemandSignals {
  /// Draws the trips of `scenario.json`, counts who turns where on the way that the drivers set out
  /// on, and writes the network again with signals timed for these flows. Returns the scenario as it
  /// then loads: with a load, the new plans may let more trips through.
  @discardableResult
  public static func retime(city folder: String) throws(CityError) -> LoadedScenario {
    let path = "\(folder)/scenario.json"
    let loaded = try ScenarioLoader.load(path: path, options: RunOptions())
    guard !loaded.network.signals.values.isEmpty else { return loaded }
    let graph = TurnGraph(loaded.network)
    var flows = [Double](repeating: 0, count: graph.turnCount)
    let window = loaded.measuredWindow
    let hours = Double(window.upperBound - window.lowerBound) / 3_600_000
    guard hours > 0 else { return loaded }
    let demand = loaded.demand
    for trip in demand.trips.indices
    where window.contains(demand.trips[trip].departureMilliseconds) {
      let first = Int(demand.routeFirst[trip])
      for i in first..<(first + Int(demand.routeCount[trip])).advanced(by: -1) {
        for turn in graph.turns(from: demand.links[i])
        where graph.turnTarget[turn] == demand.links[i + 1] {
          flows[turn] += 1 / hours
        }
      }
    }
    let network = SignalRetiming(loaded.network, graph: graph, flows: flows).retimed()
    try OutputFile.write(NetworkFile.encode(network), to: "\(folder)/network.cimn")
    return try ScenarioLoader.load(path: path, options: RunOptions())
  }
}
