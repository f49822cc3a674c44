import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// The order of steps in a tick: see `TickOrder`.
final class TickOrderTests: XCTestCase {
  private struct Place {
    var stage: Int
    var part: Int
    var index: Int

    /// Whether a step here is over when another one begins, whatever the threads do.
    func isBefore(_ other: Place) -> Bool {
      stage < other.stage || stage == other.stage && part == other.part && index < other.index
    }
  }

  /// Every chunk has every phase once; a junction decides when the lanes it leads into have changed,
  /// and a lane moves when the junctions that lead into it have decided. What a link leads from and
  /// into is read from the network here.
  func testEveryStepComesAfterWhatItHangsOn() throws {
    // 28 m: with 4.6 m of a car and 60 m/s, a vehicle may pass three junctions within a second.
    for (network, hops) in [
      (GridNetwork(size: 12, spacing: 28, isSignalised: false).build(), 3),
      (GridNetwork(size: 9, lanes: 2).build(), 1),
    ] {
      let world = GridRun(network: network, trips: 10, seconds: 60, step: 1000).traffic.world
      let chunks = world.layout.count
      XCTAssertGreaterThan(chunks, 3)
      let reach = reach(hops, network, world)
      for threads in [1, 2, 4] {
        let order = try XCTUnwrap(TickOrder(world, threads: threads))
        let places = places(of: order, chunks: chunks)
        for from in 0..<chunks {
          for into in reach[from] {
            XCTAssert(places[0][into].isBefore(places[1][from]), "\(threads) threads")
            XCTAssert(places[1][from].isBefore(places[2][into]), "\(threads) threads")
          }
        }
      }
    }
  }

  /// Where a vehicle could pass thousands of links in a tick, nobody is looked for any more: each chunk
  /// decides after all have changed, and moves after all have decided.
  func testLinksWithoutNumberWithinReach() throws {
    var network = GridNetwork(size: 30).build()
    for link in network.linkLength.ids { network.linkLength[link] = 0.01 }
    XCTAssertGreaterThan(network.linkCount, 3000)
    let world = GridRun(network: network, trips: 1, seconds: 60, step: 1000).traffic.world
    let chunks = world.layout.count
    XCTAssertGreaterThan(chunks, 3)
    for threads in [1, 2] {
      let order = try XCTUnwrap(TickOrder(world, threads: threads))
      let places = places(of: order, chunks: chunks)
      for from in 0..<chunks {
        for into in 0..<chunks {
          XCTAssert(places[0][into].isBefore(places[1][from]))
          XCTAssert(places[1][from].isBefore(places[2][into]))
        }
      }
    }
  }

  private func chunk(of junction: JunctionID, _ world: TrafficWorld) -> Int {
    (0..<world.layout.count).last { Int(world.layout.firstJunction[$0]) <= junction.index } ?? 0
  }

  /// By chunk: those of the junctions that can be come to from its own over so many links.
  private func reach(_ hops: Int, _ network: RoadNetwork, _ world: TrafficWorld) -> [Set<Int>] {
    var reached = network.junctionSignal.ids.map { Set([$0]) }
    for _ in 0..<hops {
      reached = reached.map { junctions in
        junctions.union(
          network.linkFrom.ids.filter { junctions.contains(network.linkFrom[$0]) }
            .map { network.linkTo[$0] })
      }
    }
    var chunks = [Set<Int>](repeating: [], count: world.layout.count)
    for (junction, others) in reached.enumerated() {
      chunks[chunk(of: JunctionID(junction), world)].formUnion(others.map { chunk(of: $0, world) })
    }
    return chunks
  }

  /// Where every phase of every chunk stands.
  private func places(of order: TickOrder, chunks: Int) -> [[Place]] {
    var places = [[Place?]](repeating: Array(repeating: nil, count: chunks), count: 3)
    for (stage, parts) in order.steps.enumerated() {
      for (part, steps) in parts.enumerated() {
        for (index, step) in steps.enumerated() {
          let phase = Int(step.phase.rawValue)
          XCTAssertNil(places[phase][Int(step.chunk)], "a step comes twice")
          places[phase][Int(step.chunk)] = Place(stage: stage, part: part, index: index)
        }
      }
    }
    for (phase, ofChunks) in places.enumerated() {
      for (chunk, place) in ofChunks.enumerated() {
        XCTAssertNotNil(place, "phase \(phase) of chunk \(chunk) is missing")
      }
    }
    return places.map { $0.map { $0 ?? Place(stage: 9, part: 0, index: 0) } }
  }
}
