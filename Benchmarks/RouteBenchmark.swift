import CityBase
import CityModel
import CityNetwork
import CityScenario
import CityTestSupport

/// Shortest paths between links drawn at random, plain and over a contraction hierarchy; what it
/// takes to make one and to give it new times; and the routes of trips.
enum RouteBenchmark {
  static func run(_ options: Options) throws -> Section {
    let (network, name) = try site(options)
    return measure(network, name, title: "routes", queries: 1000, plainQueries: 1000, options)
  }

  /// The same on a grid of a million links.
  static func runMillion(_ options: Options) throws -> Section {
    let network = GridNetwork(size: 501, spacing: 200, isSignalised: false).build()
    return measure(
      network, "a grid of 501 x 501 crossings", title: "routes-million", queries: 1000,
      plainQueries: 20, options)
  }

  private static func site(_ options: Options) throws -> (RoadNetwork, String) {
    guard let city = options.city else {
      return (
        GridNetwork(size: 60, spacing: 200, isSignalised: false).build(),
        "a grid of 60 x 60 crossings"
      )
    }
    var diagnostics = Diagnostics()
    let map = try CityMap.load(folder: city, diagnostics: &diagnostics)
    return (try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics), map.name)
  }

  private static func pairs(_ network: RoadNetwork, _ count: Int) -> [(AccessPoint, AccessPoint)] {
    let random = RandomStream(seed: 1)
    return (0..<UInt64(count)).map { i in
      let from = LinkID(random.below(network.linkCount, .originZone, i))
      let to = LinkID(random.below(network.linkCount, .destinationZone, i))
      return (AccessPoint(link: from, offset: 0), AccessPoint(link: to, offset: 0))
    }
  }

  private static func measure(
    _ network: RoadNetwork, _ name: String, title: String, queries: Int, plainQueries: Int,
    _ options: Options
  ) -> Section {
    let graph = TurnGraph(network)
    let costs = LinkCosts.freeFlow(network)
    let pairs = pairs(network, queries)
    var figures: [(name: String, unit: String, values: [Double])] = [
      ("plain search", "1/s", []), ("order and arcs", "CPU s", []), ("new times", "CPU s", []),
      ("over the hierarchy", "1/s", []), ("over the hierarchy, median", "µs", []),
      ("time only, over the hierarchy", "1/s", []), ("up to three alternatives", "1/s", []),
      ("three alternatives found", "%", []),
    ]
    var arcs = 0
    var links = 0
    for _ in 0..<options.repeats {
      var plain = ShortestPaths(network, graph)
      let plainTime = Timing.of {
        for pair in pairs.prefix(plainQueries) {
          _ = plain.route(from: pair.0, to: pair.1, costs: costs)
        }
      }.timing
      figures[0].values.append(Double(plainQueries) / plainTime.cpu)
      let (built, hierarchy) = Timing.of { LinkHierarchy(network, graph) }
      figures[1].values.append(built.cpu)
      arcs = hierarchy.arcCount
      let (weighed, weighted) = Timing.of { WeightedHierarchy(hierarchy, costs: costs) }
      figures[2].values.append(weighed.cpu)
      var search = HierarchySearch(weighted)
      var each: [Double] = []
      links = 0
      for pair in pairs {
        let (time, way) = Timing.of { search.route(from: pair.0, to: pair.1) }
        each.append(time.wall)
        links += way?.count ?? 0
      }
      figures[3].values.append(Double(queries) / each.reduce(0, +))
      figures[4].values.append(each.sorted()[each.count / 2] * 1e6)
      let timeOnly = Timing.of {
        for pair in pairs { _ = search.weight(from: pair.0.link, to: pair.1.link) }
      }.timing
      figures[5].values.append(Double(queries) / timeOnly.cpu)
      var alternatives = AlternativeSearch(weighted, AlternativeLimits(count: 3))
      var three = 0
      let many = Timing.of {
        for pair in pairs where alternatives.routes(from: pair.0, to: pair.1).count == 3 {
          three += 1
        }
      }.timing
      figures[6].values.append(Double(queries) / many.cpu)
      figures[7].values.append(100 * Double(three) / Double(queries))
    }
    var section = Section(
      title: title,
      about: "\(queries) random pairs (plain: the first \(plainQueries)) on \(name), "
        + "\(Section.figure(Double(network.linkCount))) links, "
        + "\(Section.figure(Double(graph.turnCount))) turns, \(Section.figure(Double(arcs))) arcs "
        + "of the hierarchy; \(links / max(1, queries)) links a way on average; on one thread.")
    for figure in figures { section.add(figure.name, figure.unit, figure.values) }
    return section
  }
}
