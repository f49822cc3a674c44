import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import CityTraffic
import XCTest

/// Closes one link for a while.
struct Closure: Policy {
  let name = "closure"
  let link: LinkID
  let ticks: Range<Tick>

  func commands(_ observation: Observation) -> [Command] {
    if observation.moment.tick == ticks.lowerBound { return [.closeLink(link)] }
    if observation.moment.tick == ticks.upperBound { return [.reopenLink(link)] }
    return []
  }
}

final class SameBitsTests: XCTestCase {
  private let network = GridNetwork(size: 5, lanes: 2).build()

  private func run(threads: Int, seed: UInt64 = 1) -> GridRun {
    GridRun(
      network: network, trips: 900, seconds: 400, threads: threads, seed: seed,
      policies: [Closure(link: LinkID(40), ticks: 200..<700)])
  }

  func testAnyNumberOfThreadsGivesTheSameBits() throws {
    let runs = [1, 2, 4].map { run(threads: $0) }
    for _ in 0..<8 {
      for r in runs { for _ in 0..<100 { try r.simulation.step() } }
      let hashes = runs.map { $0.simulation.stateHash() }
      XCTAssertEqual(hashes[0], hashes[1])
      XCTAssertEqual(hashes[0], hashes[2])
    }
    XCTAssertGreaterThan(runs[0].traffic.counts.arrived, 300)
    let other = run(threads: 1, seed: 2)
    for _ in 0..<800 { try other.simulation.step() }
    XCTAssertNotEqual(other.simulation.stateHash(), runs[0].simulation.stateHash())
  }

  /// Links hardly longer than a car and its braking distance: vehicles hold grants of two junctions
  /// at once, and the junctions lie in several chunks.
  func testShortLinksGiveTheSameBitsAndKeepVehiclesApart() throws {
    let dense = GridNetwork(size: 12, spacing: 28, isSignalised: false).build()
    let runs = [1, 2, 4].map { threads in
      GridRun(network: dense, trips: 500, seconds: 250, threads: threads)
    }
    for i in 0..<1400 {
      for r in runs { try r.simulation.step() }
      if i % 7 == 0 { XCTAssertEqual(runs[0].traffic.violations(), [], "tick \(i)") }
      guard i % 100 == 0 else { continue }
      let hashes = runs.map { $0.simulation.stateHash() }
      XCTAssertEqual(hashes[0], hashes[1], "tick \(i)")
      XCTAssertEqual(hashes[0], hashes[2], "tick \(i)")
    }
    XCTAssertGreaterThan(runs[0].traffic.counts.arrived, 450)
  }

  func testAResumedRunGoesOnWithTheSameBits() throws {
    let whole = run(threads: 1)
    var saved: [(tick: Tick, bytes: [UInt8])] = []
    for tick in 0..<900 {
      if [150, 420, 701].contains(tick) {
        var writer = StateWriter()
        whole.simulation.encodeState(into: &writer)
        saved.append((Tick(tick), writer.bytes))
      }
      try whole.simulation.step()
    }
    for (tick, bytes) in saved {
      let resumed = run(threads: 2)
      var reader = StateReader(bytes, file: "memory")
      try resumed.simulation.decodeState(from: &reader)
      XCTAssertTrue(reader.isAtEnd)
      XCTAssertEqual(resumed.simulation.tick, tick)
      while resumed.simulation.tick < 900 { try resumed.simulation.step() }
      XCTAssertEqual(resumed.simulation.stateHash(), whole.simulation.stateHash(), "from \(tick)")
    }
  }

  func testADamagedStateIsRefused() throws {
    let whole = run(threads: 1)
    for _ in 0..<300 { try whole.simulation.step() }
    var writer = StateWriter()
    whole.simulation.encodeState(into: &writer)
    let random = RandomStream(seed: 9)
    var refused = 0
    for i in 0..<12 {
      var bytes = writer.bytes
      let at = random.below(bytes.count, .sampling, UInt64(i))
      if i % 2 == 0 { bytes.removeLast(bytes.count - at) } else { bytes[at] ^= 0x80 }
      var reader = StateReader(bytes, file: "memory")
      do throws(CityError) {
        try run(threads: 1).simulation.decodeState(from: &reader)
      } catch { refused += 1 }
    }
    // Every cut is refused; a flipped bit of a plain figure may pass, the envelope has a checksum.
    XCTAssertGreaterThanOrEqual(refused, 6)
  }

  func testNobodyEntersAClosedLink() throws {
    let closed = LinkID(40)
    let r = GridRun(
      network: network, trips: 800, seconds: 400,
      policies: [Closure(link: closed, ticks: 0..<5000)])
    var intruders = 0
    for _ in 0..<1800 {
      try r.simulation.step()
      // Who begins there may leave; nobody else has any business on the link.
      intruders += r.traffic.trips(on: closed).count {
        r.traffic.demand.trips[$0.index].origin.link != closed
      }
    }
    XCTAssertEqual(intruders, 0)
    let planned = r.traffic.demand.routeFirst.indices.count { i in
      let first = Int(r.traffic.demand.routeFirst[i])
      return r.traffic.demand.links[first..<(first + Int(r.traffic.demand.routeCount[i]))]
        .dropFirst().contains(closed)
    }
    XCTAssertGreaterThan(planned, 10, "the closure must be in somebody's way")
    XCTAssertGreaterThan(r.traffic.counts.arrived, 760)
  }
}
