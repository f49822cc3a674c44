import CityBase
import CityDemand
import CityModel
import CityNetwork
import Synchronization

/// A city folder as runs use it: the map, the network and what finds places by the road. It never
/// changes, so that any number of runs can share one.
public struct LoadedCity: Sendable {
  public let map: CityMap
  public let network: RoadNetwork
  public let networkHash: UInt64
  let graph: TurnGraph
  /// Finds the nearest place by the road, among links that are connected and open to cars.
  let index: LinkIndex
  private let madeLater = MadeLater()

  /// Reads or builds the network of a map, and indexes it.
  init(_ map: CityMap, diagnostics: inout Diagnostics) throws(CityError) {
    self.map = map
    let network: RoadNetwork
    (network, networkHash) = try ScenarioLoader.loadNetworkWithHash(map, diagnostics: &diagnostics)
    self.network = network
    let graph = TurnGraph(network)
    self.graph = graph
    let connected = graph.largestComponent()
    let usable: [Bool] = network.linkAccess.ids.map {
      connected[$0.index] && network.linkAccess[$0].contains(.car)
    }
    index = LinkIndex(network, usable: usable)
  }

  /// The same city with other signal plans on the same links and turns.
  init(_ other: LoadedCity, signalsOf network: RoadNetwork) {
    map = other.map
    self.network = network
    networkHash = network.networkHash
    graph = TurnGraph(network)
    index = other.index
    if let made = other.madeLater.hierarchy.withLock({ $0 }),
      made.turnCount == graph.turnCount
    {
      let own = LinkHierarchy(made, turnsOf: graph)
      madeLater.hierarchy.withLock { $0 = own }
    }
  }

  /// What many searches over one set of travel times go through; made when first asked for, and once
  /// for all runs that share the city.
  func hierarchy(execute: ParallelLoop) -> LinkHierarchy {
    madeLater.hierarchy.withLock { made in
      if let made { return made }
      let hierarchy = LinkHierarchy(network, graph, execute: execute)
      made = hierarchy
      return hierarchy
    }
  }

  private final class MadeLater: Sendable {
    let hierarchy = Mutex<LinkHierarchy?>(nil)
  }
}
