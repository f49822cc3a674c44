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

  /// Asks the load of `scenario.json` who wants to turn where, and writes the network again with
  /// signals timed for these flows. Returns the scenario as it then loads, with the inputs that it
  /// had before: with other plans, more trips may get through. A scenario without a load keeps its
  /// signals.
  @discardableResult
  public static func retime(city folder: String) throws(CityError) -> LoadedScenario {
    let options = RunOptions()
    var basis = try ScenarioBasis(path: "\(folder)/scenario.json")
    let first = basis.network
    let graph = TurnGraph(first)
    var mean: [Double] = []
    for round in 1...rounds where !first.signals.values.isEmpty {
      guard let flows = try basis.turnsPerHour(isThinned: round > 1, options: options),
        flows.count == graph.turnCount
      else { break }
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
}
