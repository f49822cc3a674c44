import CityBase
import CityModel
import CityNetwork
import CityScenario
import CityTestSupport

/// Shortest paths between links drawn at random.
enum RouteBenchmark {
  static func run(_ options: Options) throws -> Section {
    let network: RoadNetwork
    let name: String
    if let city = options.city {
      var diagnostics = Diagnostics()
      let map = try CityMap.load(folder: city, diagnostics: &diagnostics)
      network = try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics)
      name = map.name
    } else {
      network = GridNetwork(size: 60, spacing: 200, isSignalised: false).build()
      name = "a grid of 60 x 60 crossings"
    }
    let random = RandomStream(seed: 1)
    let costs = LinkCosts.freeFlow(network)
    let queries = 1000
    var rates: [Double] = []
    var links = 0
    var found = 0
    for _ in 0..<options.repeats {
      var paths = ShortestPaths(network)
      links = 0
      found = 0
      let (timing, _) = Timing.of {
        for i in 0..<UInt64(queries) {
          let from = LinkID(random.below(network.linkCount, .originZone, i))
          let to = LinkID(random.below(network.linkCount, .destinationZone, i))
          let way = paths.route(
            from: AccessPoint(link: from, offset: 0), to: AccessPoint(link: to, offset: 0),
            costs: costs)
          links += way?.count ?? 0
          found += way == nil ? 0 : 1
        }
      }
      rates.append(Double(queries) / timing.wall)
    }
    var section = Section(
      title: "routes",
      about: "\(queries) random pairs on \(name), "
        + "\(Section.figure(Double(network.linkCount))) links; \(found) have a way, of "
        + "\(links / max(1, found)) links on average; on one thread.")
    section.add("shortest paths", "1/s", rates)
    return section
  }
}
