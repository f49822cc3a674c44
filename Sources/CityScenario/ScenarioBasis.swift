import CityBase
import CityDemand
import CityNetwork
import CityReporting

/// A scenario file with its city as they were read, before people are drawn and ways found: what
/// stays the same while somebody tries other networks on it.
public struct ScenarioBasis: Sendable {
  let scenario: ScenarioFile
  let city: LoadedCity
  /// Of the files as they were read.
  let inputs: [InputRecord]
  let diagnostics: Diagnostics

  public var network: RoadNetwork { city.network }

  /// Reads a scenario and its city. Refuses what cannot run.
  public init(path: String) throws(CityError) {
    try self.init(path: path) { _ throws(CityError) in }
  }

  init(path: String, check: ([InputRecord]) throws(CityError) -> Void) throws(CityError) {
    var diagnostics = Diagnostics()
    scenario = try ScenarioFile.read(path: path)
    let map = try ScenarioLoader.loadMap(scenario, diagnostics: &diagnostics)
    inputs = try RunInputs.records(of: scenario, map: map)
    try check(inputs)
    city = try LoadedCity(map, diagnostics: &diagnostics)
    self.diagnostics = diagnostics
  }

  private init(_ other: ScenarioBasis, _ city: LoadedCity) {
    scenario = other.scenario
    self.city = city
    inputs = other.inputs
    diagnostics = other.diagnostics
  }

  /// The same on a network that has the same links and turns, but other signal plans.
  public func with(signalsOf network: RoadNetwork) -> ScenarioBasis {
    ScenarioBasis(self, LoadedCity(city, signalsOf: network))
  }

  /// Draws the people of the scenario and finds their first ways.
  public func bound(options: RunOptions) throws(CityError) -> LoadedScenario {
    try ScenarioLoader.bind(
      scenario, to: city, inputs: inputs, options: options, diagnostics: diagnostics)
  }

  /// Vehicles an hour by turn of the network that a demand given as a load comes to; nil where none
  /// is given so. Without `isThinned` those count as well who do not set out because movements are
  /// too full.
  public func turnsPerHour(isThinned: Bool, options: RunOptions) throws(CityError) -> [Double]? {
    try ScenarioLoader.loads(of: self, isThinned: isThinned, options: options).first?.turnsPerHour
  }
}
