import CityBase
import CityNetwork
import CityTestSupport
import XCTest

/// Shortest paths, components and access points on grids.
final class RoutingTests: XCTestCase {
  private let network = GridNetwork(size: 4, spacing: 200).build()

  /// The least cost by relaxing every turn until nothing changes.
  private func bruteForce(_ graph: TurnGraph, from: Int, _ costs: [Int32]) -> [Int64] {
    var best = [Int64](repeating: .max, count: graph.linkCount)
    best[from] = 0
    var isDone = false
    while !isDone {
      isDone = true
      for l in best.indices where best[l] < .max {
        for t in graph.turns(from: LinkID(l)) {
          let next = graph.turnTarget[t].index
          if costs[next] == LinkCosts.closed { continue }
          let cost = best[l] + Int64(costs[next]) + Int64(graph.turnMilliseconds[t])
          if cost < best[next] {
            best[next] = cost
            isDone = false
          }
        }
      }
    }
    return best
  }

  private func cost(_ route: [LinkID], _ graph: TurnGraph, _ costs: [Int32]) -> Int64? {
    var sum: Int64 = 0
    for (a, b) in zip(route, route.dropFirst()) {
      guard let t = graph.turns(from: a).first(where: { graph.turnTarget[$0] == b }) else {
        return nil
      }
      sum += Int64(costs[b.index]) + Int64(graph.turnMilliseconds[t])
    }
    return sum
  }

  func testRoutesAreTheCheapest() {
    let graph = TurnGraph(network)
    var paths = ShortestPaths(network, graph)
    let random = RandomStream(seed: 7)
    for round in 0..<6 {
      // Free flow, then congested links of up to five times that, and a few closed ones.
      var costs = LinkCosts.freeFlow(network)
      if round > 0 {
        for l in costs.indices {
          let u = random.unit(.sampling, UInt64(round), UInt64(l))
          costs[l] = u > 0.95 ? LinkCosts.closed : Int32(Double(costs[l]) * (1 + 4 * u))
        }
      }
      for from in stride(from: 0, to: network.linkCount, by: 7) {
        let best = bruteForce(graph, from: from, costs)
        for to in stride(from: 1, to: network.linkCount, by: 5) where to != from {
          let route = paths.route(
            from: AccessPoint(link: LinkID(from), offset: 10),
            to: AccessPoint(link: LinkID(to), offset: 10), costs: costs)
          guard best[to] < .max else {
            XCTAssertNil(route)
            continue
          }
          XCTAssertEqual(route?.first, LinkID(from))
          XCTAssertEqual(route?.last, LinkID(to))
          XCTAssertEqual(route.flatMap { cost($0, graph, costs) }, best[to])
        }
      }
    }
  }

  func testPlacesOnOneLink() {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    // Eastwards between the crossings at (400, 400) and (600, 400).
    guard let link = LinkIndex(network).nearest(to: Point2(500, 390))?.access.link else {
      return XCTFail("expected a street")
    }
    let ahead = paths.route(
      from: AccessPoint(link: link, offset: 20), to: AccessPoint(link: link, offset: 50),
      costs: costs)
    XCTAssertEqual(ahead, [link])
    let behind = paths.route(
      from: AccessPoint(link: link, offset: 50), to: AccessPoint(link: link, offset: 20),
      costs: costs)
    XCTAssertEqual(behind?.first, link)
    XCTAssertEqual(behind?.last, link)
    // Round a block: this link, three others, and this link again.
    XCTAssertEqual(behind?.count, 5)
    XCTAssertEqual(Set(behind ?? []).count, 4)
  }

  func testTravelTimesAgreeWithRoutes() {
    let graph = TurnGraph(network)
    let paths = ShortestPaths(network, graph)
    let costs = LinkCosts.freeFlow(network)
    let origin = AccessPoint(link: LinkID(3), offset: network.linkLength[LinkID(3)] / 2)
    let times = paths.travelTimes(from: origin, costs: costs)
    let best = bruteForce(graph, from: 3, costs)
    let half = Int64((Double(costs[3]) / 2).rounded())
    for l in times.indices where l != 3 {
      XCTAssertEqual(Int64(times[l]), best[l] + half)
    }
    let destination = AccessPoint(link: LinkID(40), offset: 0)
    XCTAssertEqual(
      paths.time(to: destination, times: times, costs: costs), times[40] - costs[40])
  }

  func testPerturbationIsOnesOwnAndKept() {
    var paths = ShortestPaths(network)
    let costs = LinkCosts.freeFlow(network)
    let index = LinkIndex(network)
    guard let from = index.nearest(to: Point2(100, 190))?.access,
      let to = index.nearest(to: Point2(900, 790))?.access
    else { return XCTFail("expected two streets") }
    func route(_ key: UInt64) -> [LinkID]? {
      paths.route(
        from: from, to: to, costs: costs,
        perturbation: RoutePerturbation(random: RandomStream(seed: 1), key: key))
    }
    let routes = (0..<40).map { route(UInt64($0)) }
    XCTAssertGreaterThan(Set(routes.compactMap { $0 }).count, 1)
    XCTAssertEqual(routes, (0..<40).map { route(UInt64($0)) })
  }

  func testClosedLinksAreAvoided() {
    var paths = ShortestPaths(network)
    var costs = LinkCosts.freeFlow(network)
    let from = AccessPoint(link: LinkID(0), offset: 0)
    let to = AccessPoint(link: LinkID(network.linkCount - 1), offset: 0)
    guard let usual = paths.route(from: from, to: to, costs: costs), usual.count > 4 else {
      return XCTFail("expected a route over several links")
    }
    costs[usual[2].index] = LinkCosts.closed
    let other = paths.route(from: from, to: to, costs: costs)
    XCTAssertNotNil(other)
    XCTAssertEqual(other?.contains(usual[2]), false)
    costs[to.link.index] = LinkCosts.closed
    XCTAssertNil(paths.route(from: from, to: to, costs: costs))
    // Nonsense from outside is answered, not trapped.
    XCTAssertNil(paths.route(from: from, to: to, costs: []))
    XCTAssertNil(paths.route(from: AccessPoint(link: .none, offset: 0), to: to, costs: costs))
  }

  func testComponents() {
    XCTAssertFalse(network.largestComponent().contains(false))
    // A one-way street that leads into a grid of two-way ones, and one that leads out.
    var s = Sketch()
    s.node("a", 0, 0)
    s.node("b", 200, 0)
    s.node("c", 400, 0)
    s.node("d", 600, 0)
    s.node("n", 200, 200)
    s.node("m", 400, 200)
    s.way("in", "a b", lanes: 1, backward: 0)
    s.way("block", "b c m n b")
    s.way("out", "c d", lanes: 1, backward: 0)
    // Without a place to turn round, the two directions of the block would never meet.
    s.node("k", 400, 400)
    s.way("spur", "m k")
    let built = s.build()
    let inside = built.network.largestComponent()
    let outside = inside.indices.filter { !inside[$0] }.map {
      built.network.linkExternalID[LinkID($0)]
    }
    XCTAssertEqual(outside.sorted(), ["in+0", "out+0"])
    XCTAssertEqual(built.diagnostics.count(of: "links-cut-off"), 1)
  }

  func testNearestLink() {
    let index = LinkIndex(network)
    // 30 m south of the middle of the street between two crossings, whose southern carriageway is
    // 1.625 m nearer.
    let found = index.nearest(to: Point2(300, 170))
    XCTAssertEqual(found?.distance ?? 0, 30 - 1.625, accuracy: 0.01)
    if let access = found?.access {
      let p = network.linkPosition(access.link, access.offset).point
      XCTAssertEqual(p.distance(to: Point2(300, 200 - 1.625)), 0, accuracy: 0.01)
      // On the right-hand side of the road one drives east.
      XCTAssertEqual(network.linkPosition(access.link, access.offset).direction.x, 1)
    }
    XCTAssertNil(index.nearest(to: Point2(300, 170), maxDistance: 20))
    XCTAssertNil(LinkIndex(network, usable: []).nearest(to: Point2(300, 170)))
    let both = index.nearest(to: Point2(300, 170), maxResults: 2)
    XCTAssertEqual(
      both.map { network.linkReverse[$0.access.link] }, both.reversed().map(\.access.link))
  }
}
