import CityBase
import CityTestSupport
import XCTest

@testable import CityNetwork

/// Ways that differ from the quickest one.
final class AlternativeTests: XCTestCase {
  /// Three bridges over a river, each on a street of its own: the three ways are known by hand.
  func testThreeBridgesAreThreeWays() throws {
    let (network, graph) = bridges([1.0, 1.1, 1.2])
    var search = search(network, graph, 5)
    let ways = search.routes(from: at(network, "a", 10), to: at(network, "z", 10))
    XCTAssertEqual(ways.count, 3)
    XCTAssertEqual(
      ways.map { way in way.links.compactMap { bridge(network, $0) } }, [["0"], ["1"], ["2"]])
    XCTAssertEqual(ways.map(\.milliseconds), ways.map(\.milliseconds).sorted())
    // All three end on the street behind the bridges, and have nothing else in common.
    let costs = LinkCosts.freeFlow(network)
    for way in ways {
      let (own, shared) = (Double(costs[way.links[1].index]), Double(costs[way.links[2].index]))
      XCTAssertEqual(way.links.count, 3)
      XCTAssertEqual(way.pathSize, (own + shared / 3) / (own + shared), accuracy: 1e-12)
    }
  }

  /// A bridge twice as slow as the others is no alternative; nor is more than was asked for.
  func testLimitsHold() throws {
    let (network, graph) = bridges([1.0, 1.1, 3.5])
    let (a, z) = (at(network, "a", 10), at(network, "z", 10))
    for (asked, found) in [(5, 2), (1, 1)] {
      var search = search(network, graph, asked)
      XCTAssertEqual(search.routes(from: a, to: z).count, found)
    }
    var none = search(network, graph, 3)
    XCTAssertEqual(none.routes(from: AccessPoint(link: .none, offset: 0), to: z), [])
    // On one link, ahead.
    let ahead = none.routes(from: a, to: AccessPoint(link: a.link, offset: 20))
    XCTAssertEqual(ahead.map(\.links), [[a.link]])
  }

  /// On a grid: the first is the quickest, no two are alike, none laps, all keep to the limits.
  func testAllAreAdmissible() {
    let network = GridNetwork(size: 8, spacing: 150).build()
    let graph = TurnGraph(network)
    let costs = LinkCosts.freeFlow(network)
    let limits = AlternativeLimits(count: 3)
    let weighted = WeightedHierarchy(LinkHierarchy(network, graph), costs: costs)
    var search = AlternativeSearch(
      weighted, limits, others: weighted.variants(count: 2, execute: runSerially))
    var single = ShortestPaths(network, graph)
    var counts = [Int](repeating: 0, count: 4)
    for to in stride(from: 3, to: network.linkCount, by: 11) {
      for from in stride(from: 0, to: network.linkCount, by: 13) where from != to {
        let origin = AccessPoint(link: LinkID(from), offset: 0)
        let destination = AccessPoint(link: LinkID(to), offset: 0)
        let ways = search.routes(from: origin, to: destination)
        XCTAssertEqual(
          ways.first?.links, single.route(from: origin, to: destination, costs: costs))
        if ways.first.map({ $0.links.count >= 6 }) ?? true { counts[ways.count] += 1 }
        for way in ways {
          XCTAssertEqual(milliseconds(way.links, graph, costs), way.milliseconds)
          XCTAssertLessThanOrEqual(
            Double(way.milliseconds), Double(ways[0].milliseconds) * limits.detour + 1)
        }
        for (i, way) in ways.enumerated().dropFirst() {
          XCTAssertEqual(Set(way.links.map { network.linkTo[$0] }).count, way.links.count)
          for other in ways[..<i] {
            let known = Set(other.links.dropFirst())
            let own = way.links.dropFirst()
            // Which of the two was found first is not known here.
            let whole =
              [own, other.links.dropFirst()].map { links in
                links.reduce(0) { $0 + Double(costs[$1.index]) }
              }.max() ?? 0
            let common = own.filter { known.contains($0) }
              .reduce(0) { $0 + Double(costs[$1.index]) }
            XCTAssertLessThanOrEqual(common, whole * limits.overlap + 1e-6)
          }
        }
      }
    }
    XCTAssertEqual(counts[0], 0)
    // Of ways of a few blocks, most have another, and many of a city so small have two.
    XCTAssertGreaterThan(counts[2] + counts[3], counts[1], "\(counts)")
    XCTAssertGreaterThan(counts[3] * 3, counts[1] + counts[2], "\(counts)")
  }

  private func search(_ network: RoadNetwork, _ graph: TurnGraph, _ count: Int)
    -> AlternativeSearch
  {
    AlternativeSearch(
      WeightedHierarchy(LinkHierarchy(network, graph), costs: LinkCosts.freeFlow(network)),
      AlternativeLimits(count: count))
  }

  private func milliseconds(_ links: [LinkID], _ graph: TurnGraph, _ costs: [Int32]) -> Int64? {
    var sum: Int64 = 0
    for (a, b) in zip(links, links.dropFirst()) {
      guard let t = graph.turns(from: a).first(where: { graph.turnTarget[$0] == b }) else {
        return nil
      }
      sum += Int64(costs[b.index]) + Int64(graph.turnMilliseconds[t])
    }
    return sum
  }

  private func bridge(_ network: RoadNetwork, _ link: LinkID) -> String? {
    let name = network.linkName[link]
    return name.hasPrefix("bridge ") ? String(name.dropFirst(7)) : nil
  }

  private func at(_ network: RoadNetwork, _ name: String, _ offset: Float) -> AccessPoint {
    let link = (0..<network.linkCount).first {
      network.linkName[LinkID($0)] == name && network.linkExternalID[LinkID($0)].contains("+")
    }
    return AccessPoint(link: LinkID(link ?? -1), offset: offset)
  }

  /// A street `a` to a fork, one way over each bridge, and a street `z` from where they join; a bridge
  /// is so many times as long as 1 km.
  private func bridges(_ lengths: [Double]) -> (RoadNetwork, TurnGraph) {
    var source = RoadSource()
    func node(_ x: Double, _ y: Double) -> Int32 {
      source.nodes.append(
        RoadSource.Node(
          position: Point2(x, y), control: .none, externalID: Int64(source.nodes.count)))
      return Int32(source.nodes.count - 1)
    }
    func way(_ name: String, _ nodes: [Int32]) {
      var way = RoadSource.Way(
        externalID: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1, backwardLanes: 1,
        speedLimit: 15)
      way.name = name
      source.ways.append(way)
    }
    let ends = [node(-500, 0), node(0, 0), node(1000, 0), node(1500, 0)]
    way("a", [ends[0], ends[1]])
    for (i, length) in lengths.enumerated() {
      // Two equal sides of a triangle over 1 km; the first one straight.
      let half = 500 * length
      let height = (half * half - 250_000).squareRoot()
      let middle = node(500, i % 2 == 0 ? height : -height)
      way("bridge \(i)", [ends[1], middle, ends[2]])
    }
    way("z", [ends[2], ends[3]])
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    return (network, TurnGraph(network))
  }
}
