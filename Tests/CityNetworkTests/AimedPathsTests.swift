import CityBase
import CityTestSupport
import XCTest

@testable import CityNetwork

/// Routes found with a table of bounds, and the search that makes the table.
final class AimedPathsTests: XCTestCase {
  /// Whatever was aimed at before and from where, the routes are those of a search of their own.
  func testRoutesAreThoseOfSingleSearches() {
    let network = GridNetwork(size: 6, spacing: 150).build()
    let random = RandomStream(seed: 3)
    for (round, spread) in [0, 0.15, 0.6].enumerated() {
      var costs = LinkCosts.freeFlow(network)
      for l in costs.indices where round > 0 {
        let u = random.unit(.sampling, UInt64(round), UInt64(l))
        costs[l] = u > 0.92 ? LinkCosts.closed : Int32(Double(costs[l]) * (1 + 2 * u))
      }
      var single = ShortestPaths(network)
      var aimed = AimedPaths(single, costs: costs, spread: spread)
      var found = 0
      for to in stride(from: 0, to: network.linkCount, by: 9) {
        let destination = AccessPoint(link: LinkID(to), offset: 5)
        // Sometimes from one place only, sometimes from none: the others must come out as well.
        let origins = stride(from: to % 5, to: network.linkCount, by: 11).map { LinkID($0) }
        aimed.aim(at: destination.link, from: Array(origins.prefix(to % 3)))
        for (k, from) in (origins + [destination.link]).enumerated() {
          let origin = AccessPoint(link: from, offset: 20)
          let view =
            spread > 0
            ? RoutePerturbation(random: random, key: UInt64(to * 100 + k), spread: spread) : nil
          let route = aimed.route(from: origin, to: destination, perturbation: view)
          XCTAssertEqual(
            route, single.route(from: origin, to: destination, costs: costs, perturbation: view))
          if route != nil { found += 1 }
        }
      }
      XCTAssertGreaterThan(found, 100)
    }
  }

  func testWhatNoBoundHoldsFor() {
    let network = GridNetwork(size: 3, spacing: 150).build()
    let costs = LinkCosts.freeFlow(network)
    var single = ShortestPaths(network)
    var aimed = AimedPaths(single, costs: costs, spread: 0.1)
    let a = AccessPoint(link: LinkID(0), offset: 0)
    let b = AccessPoint(link: LinkID(network.linkCount - 1), offset: 0)
    let wide = RoutePerturbation(random: RandomStream(seed: 1), key: 1, spread: 0.8)
    XCTAssertEqual(
      aimed.route(from: a, to: b, perturbation: wide),
      single.route(from: a, to: b, costs: costs, perturbation: wide))
    // Places that are not there.
    let nowhere = AccessPoint(link: LinkID(network.linkCount), offset: 0)
    aimed.aim(at: nowhere.link, from: [a.link])
    aimed.aim(at: b.link, from: [nowhere.link, .none])
    XCTAssertNil(aimed.route(from: nowhere, to: b))
    XCTAssertNil(aimed.route(from: a, to: nowhere))
    XCTAssertNotNil(aimed.route(from: a, to: b))
    var empty = AimedPaths(single, costs: [], spread: 0.1)
    XCTAssertNil(empty.route(from: a, to: b))
  }

  /// Weights from 0 to a day: many buckets at once, and far more than the wheel has.
  func testWheelAgreesWithRelaxation() {
    let random = RandomStream(seed: 5)
    for round in 0..<20 {
      let count = 60
      var first: [Int32] = [0]
      var edges: [WheelSearch.Edge] = []
      for l in 0..<count {
        for k in 0..<random.below(4, .sampling, UInt64(round), UInt64(l)) {
          let u = random.unit(.sampling, UInt64(1000 + round), UInt64(l * 8 + k))
          let v = random.unit(.sampling, UInt64(2000 + round), UInt64(l * 8 + k))
          let weight = v > 0.9 ? 86_400_000 * u : v > 0.8 ? 0 : v > 0.75 ? 4_294_967_295 : 2000 * u
          edges.append(
            WheelSearch.Edge(target: Int32(u * 7919) % Int32(count), weight: UInt32(weight)))
        }
        first.append(Int32(edges.count))
      }
      let best = relaxed(first, edges)
      var wheel = WheelSearch(first: first, edges: edges)
      XCTAssertEqual(wheel.run(from: 0), WheelSearch.unreached)
      XCTAssertEqual(wheel.withNodes { $0.map(\.label) }, best)
      // Ended early: the labels below the reach are right, and no other is.
      let sought = LinkID(round + 1)
      let reach = wheel.run(from: 0, reaching: [sought])
      let labels = wheel.withNodes { $0.map { min($0.label, reach) } }
      XCTAssertEqual(labels, best.map { min($0, reach) })
      XCTAssertGreaterThanOrEqual(reach, best[sought.index])
    }
  }

  private func relaxed(_ first: [Int32], _ edges: [WheelSearch.Edge]) -> [UInt32] {
    var best = [UInt32](repeating: WheelSearch.unreached, count: first.count - 1)
    best[0] = 0
    for _ in best.indices {
      for l in best.indices where best[l] != WheelSearch.unreached {
        for e in Int(first[l])..<Int(first[l + 1]) where edges[e].weight != WheelSearch.closed {
          let next = Int(edges[e].target)
          best[next] = min(best[next], best[l] + edges[e].weight)
        }
      }
    }
    return best
  }
}
