import CityBase
import CityTestSupport
import XCTest

@testable import CityNetwork

/// Contraction hierarchies against searches without them.
final class HierarchyTests: XCTestCase {
  /// Costs with closed links, links that cost far more than the others, and many equal ones.
  private func costs(_ network: RoadNetwork, round: Int) -> [Int32] {
    let random = RandomStream(seed: 11)
    var costs = LinkCosts.freeFlow(network)
    for l in costs.indices where round > 0 {
      let u = random.unit(.sampling, UInt64(round), UInt64(l))
      costs[l] = u > 0.9 ? LinkCosts.closed : Int32(Double(costs[l]) * (1 + 4 * u))
    }
    return costs
  }

  private func check(_ network: RoadNetwork, step: Int, _ name: String) {
    let graph = TurnGraph(network)
    let hierarchy = LinkHierarchy(network, graph)
    XCTAssertEqual(hierarchy.rankOfLink.sorted(), (0..<Int32(network.linkCount)).map { $0 }, name)
    var single = ShortestPaths(network, graph)
    for round in 0..<3 {
      let costs = costs(network, round: round)
      var search = HierarchySearch(WeightedHierarchy(hierarchy, costs: costs))
      var (found, none) = (0, 0)
      for to in stride(from: round, to: network.linkCount, by: step) {
        for from in Array(stride(from: to % 3, to: network.linkCount, by: step - 1)) + [to] {
          let origin = AccessPoint(link: LinkID(from), offset: 3)
          let destination = AccessPoint(link: LinkID(to), offset: from == to ? 1 : 3)
          let expected = single.route(from: origin, to: destination, costs: costs)
          XCTAssertEqual(
            search.route(from: origin, to: destination), expected, "\(name) \(from) > \(to)")
          if expected == nil { none += 1 } else { found += 1 }
        }
      }
      XCTAssertGreaterThan(found, 50, name)
      if round > 0 { XCTAssertGreaterThan(none, 0, name) }
    }
  }

  func testRoutesAreThoseOfPlainSearches() {
    check(GridNetwork(size: 7, spacing: 150).build(), step: 7, "grid")
    check(GridNetwork(size: 9, spacing: 100, isSignalised: false).build(), step: 13, "equal ways")
    for seed in 1...6 as ClosedRange<UInt64> {
      var diagnostics = Diagnostics()
      let source = RandomRoads.source(seed)
      check(NetworkBuilder.build(source, diagnostics: &diagnostics), step: 5, "random \(seed)")
    }
  }

  /// The order in which chunks are worked off changes nothing.
  func testWorkersChangeNothing() {
    let network = GridNetwork(size: 8, spacing: 150).build()
    let graph = TurnGraph(network)
    let backwards: ParallelLoop = { count, body in for i in (0..<count).reversed() { body(i) } }
    let a = LinkHierarchy(network, graph)
    let b = LinkHierarchy(network, graph, execute: backwards)
    XCTAssertEqual(a.rankOfLink, b.rankOfLink)
    XCTAssertEqual(a.upper, b.upper)
    let costs = costs(network, round: 1)
    let x = WeightedHierarchy(a, costs: costs)
    let y = WeightedHierarchy(b, costs: costs, execute: backwards)
    XCTAssertEqual(x.weights, y.weights)
    XCTAssertEqual(x.firstHalf, y.firstHalf)
    XCTAssertEqual(x.secondHalf, y.secondHalf)
    XCTAssertEqual(x.upward.arcs.map(\.arc), y.upward.arcs.map(\.arc))
    XCTAssertEqual(x.downward.arcs.map(\.arc), y.downward.arcs.map(\.arc))
    // Searches leave arcs out, and not all of them.
    let all = WeightedHierarchy(a, costs: costs, isForMany: false)
    XCTAssertLessThan(x.upward.arcs.count, all.upward.arcs.count)
    XCTAssertGreaterThan(x.upward.arcs.count, network.linkCount / 2)
    XCTAssertGreaterThan(a.stages.count, 1)
  }

  /// A separator leaves no turn between what it parts.
  func testCellsPartTheNetwork() {
    let network = GridNetwork(size: 8, spacing: 150).build()
    let graph = TurnGraph(network)
    let hierarchy = LinkHierarchy(network, graph)
    func cells(above rank: Int32) -> Set<Int32> {
      var cell = hierarchy.cellOfRank[Int(rank)]
      var found: Set<Int32> = []
      while cell >= 0 {
        found.insert(cell)
        cell = hierarchy.cellParent[Int(cell)]
      }
      return found
    }
    for l in 0..<network.linkCount {
      for t in graph.turns(from: LinkID(l)) {
        let (a, b) = (
          hierarchy.rankOfLink[l], hierarchy.rankOfLink[graph.turnTarget[t].index]
        )
        XCTAssertTrue(cells(above: min(a, b)).contains(hierarchy.cellOfRank[Int(max(a, b))]))
      }
    }
  }

  /// What is loaded on links is what the single ways use.
  func testLoadsAreThoseOfSingleWays() {
    let network = GridNetwork(size: 6, spacing: 150).build()
    let graph = TurnGraph(network)
    let costs = costs(network, round: 1)
    let weighted = WeightedHierarchy(LinkHierarchy(network, graph), costs: costs)
    var single = ShortestPaths(network, graph)
    var pairs: [HierarchyLoads.Pair] = []
    var expected = [Int64](repeating: 0, count: network.linkCount)
    var expectedTurns = [Int64](repeating: 0, count: graph.turnCount)
    var unrouted: Int64 = 0
    for to in stride(from: 0, to: network.linkCount, by: 9) {
      for from in stride(from: 4, to: network.linkCount, by: 13) where from != to {
        let amount = Int64(from + to)
        pairs.append(
          HierarchyLoads.Pair(origin: LinkID(from), destination: LinkID(to), amount: amount))
        let way = single.route(
          from: AccessPoint(link: LinkID(from), offset: 0),
          to: AccessPoint(link: LinkID(to), offset: 0), costs: costs)
        for link in way ?? [] { expected[link.index] += amount }
        for (a, b) in zip(way ?? [], (way ?? []).dropFirst()) {
          for t in graph.turns(from: a) where graph.turnTarget[t] == b {
            expectedTurns[t] += amount
          }
        }
        if way == nil { unrouted += amount }
      }
    }
    let loads = HierarchyLoads(weighted, pairs, execute: runSerially)
    XCTAssertEqual(loads.amounts, expected)
    XCTAssertEqual(loads.turnAmounts, expectedTurns)
    XCTAssertEqual(loads.unrouted, unrouted)
    XCTAssertGreaterThan(unrouted, 0)
    // Of each pair the least share on its way sets out.
    let shares = HierarchyLoads.Shares(
      turns: (0..<graph.turnCount).map { $0 % 7 == 0 ? Double($0 % 5) / 5 : 1 },
      origins: (0..<network.linkCount).map { $0 % 11 == 0 ? 0.5 : 1 })
    var departing = [Int64](repeating: 0, count: network.linkCount)
    var thinned = departing
    for pair in pairs {
      guard
        let way = single.route(
          from: AccessPoint(link: pair.origin, offset: 0),
          to: AccessPoint(link: pair.destination, offset: 0), costs: costs)
      else { continue }
      var least = shares.origins[pair.origin.index]
      for (a, b) in zip(way, way.dropFirst()) {
        for t in graph.turns(from: a) where graph.turnTarget[t] == b {
          least = min(least, shares.turns[t])
        }
      }
      let part = Int64((Double(pair.amount) * least).rounded())
      departing[pair.origin.index] += part
      for link in way { thinned[link.index] += part }
    }
    let less = HierarchyLoads(weighted, pairs, shares: shares, execute: runSerially)
    XCTAssertEqual(less.departing, departing)
    XCTAssertEqual(less.amounts, thinned)
    XCTAssertLessThan(less.amounts.reduce(0, +), loads.amounts.reduce(0, +))
    XCTAssertLessThan(less.milliseconds, loads.milliseconds)
  }
}
