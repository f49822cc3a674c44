import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

/// Puts blockages up at random places and takes them down again.
private final class Nuisance: Domain {
  let name = "nuisance"
  let traffic: TrafficDomain
  let every: Tick
  let until: Tick
  private var standing: [(id: BlockageID, end: Tick)] = []
  private(set) var put = 0

  init(_ traffic: TrafficDomain, every: Tick, until: Tick) {
    self.traffic = traffic
    self.every = every
    self.until = until
  }

  func decide(_ moment: Moment) {
    for one in standing where one.end <= moment.tick { traffic.unblock(one.id) }
    standing.removeAll { $0.end <= moment.tick }
    if moment.tick < until && moment.tick % 20 == 0 { sendAmbulance(moment) }
    guard moment.tick < until, moment.tick % every == 0 else { return }
    let draw = moment.random.draws(.sampling, UInt64(moment.tick))
    let lane = LaneID(Int(draw.unit(0) * Double(traffic.network.roadLaneCount)))
    let from = Float(draw.unit(1)) * traffic.network.laneLength[lane]
    let id = traffic.block(
      LaneBlockage(
        lane: lane, from: from, to: from + 3 + 20 * Float(draw.unit(2)),
        residualWidth: [0, 1.3, 2.4, 2.7][Int(draw.unit(3) * 4)]))
    guard id.isSome else { return }
    put += 1
    standing.append((id, moment.tick + 100 + Tick(draw.unit(4) * 300)))
  }

  private func sendAmbulance(_ moment: Moment) {
    let draw = moment.random.draws(.callPlace, UInt64(moment.tick))
    func place(_ n: UInt64) -> AccessPoint {
      let link = LinkID(Int(draw.unit(n) * Double(traffic.network.linkCount)))
      return AccessPoint(link: link, offset: traffic.network.linkLength[link] * 0.4)
    }
    _ = traffic.begin(
      Drive(
        name: "a\(moment.tick)", key: UInt64(moment.tick), vehicleClass: .ambulance,
        privileges: .all, origin: place(0), destination: place(1)), at: moment)
  }

  func advance(_ moment: Moment) {}
  func insert(_ moment: Moment) {}

  func encodeState(into writer: inout StateWriter) {
    writer.write(Int64(put))
    writer.writeRaw(standing.map(\.id))
    writer.writeRaw(standing.map(\.end))
  }

  func decodeState(from reader: inout StateReader) throws(CityError) {
    put = Int(try reader.read(Int64.self))
    let ids: [BlockageID] = try reader.readRaw()
    let ends: [Tick] = try reader.readRaw()
    standing = zip(ids, ends).map { ($0, $1) }
  }
}

/// Blocks some lanes by order of a policy for a while.
private struct WorkSites: Policy {
  let name = "work-sites"
  let ticks: Range<Tick>
  let lanes: [Int]

  func commands(_ observation: Observation) -> [Command] {
    let tick = observation.moment.tick
    return lanes.flatMap { lane -> [Command] in
      let site = LaneBlockage(lane: LaneID(lane), from: 60, to: 75, residualWidth: 0)
      if tick == ticks.lowerBound { return [.blockLane(site)] }
      return tick == ticks.upperBound ? [.clearLane(site)] : []
    }
  }
}

final class LaneBlockageGridTests: XCTestCase {
  private func run(
    _ network: RoadNetwork, trips: Int, seconds: Double, threads: Int = 1, seed: UInt64 = 1,
    every: Tick, until: Tick, policies: [any Policy] = []
  ) -> GridRun {
    GridRun(
      network: network, trips: trips, seconds: seconds, threads: threads, seed: seed,
      policies: policies, reservedDrives: 400,
      others: { [Nuisance($0, every: every, until: until)] })
  }

  /// Whatever stands wherever: all books balance at every tick, nobody is where he must not be, and
  /// once it is over all get where they want to go.
  func testBlockagesComeAndGoOnAGrid() throws {
    for (name, network, trips, every) in [
      ("one lane", GridNetwork(size: 4, lanes: 1).build(), 400, Tick(20)),
      ("unsignalled", GridNetwork(size: 4, lanes: 1, isSignalised: false).build(), 500, 15),
      ("two lanes", GridNetwork(size: 4, lanes: 2).build(), 600, 15),
      ("short", GridNetwork(size: 5, spacing: 60, isSignalised: false).build(), 250, 30),
      ("left", GridNetwork(size: 4, lanes: 2, drivesOnRight: false).build(), 500, 15),
    ] {
      let r = run(network, trips: trips, seconds: 300, every: every, until: 1500)
      var passages = 0
      for _ in 0..<4000 {
        try r.simulation.step()
        let wrong = r.traffic.violations()
        XCTAssertEqual(wrong, [], "\(name), tick \(r.simulation.tick)")
        if !wrong.isEmpty { break }
        passages = max(passages, r.traffic.world.obstacles.passages.count)
      }
      print(
        name, r.traffic.counts, "passages", passages, "hard", r.traffic.hardBrakings, "missed",
        r.traffic.missedTurns, "reroutes", r.traffic.decisions.reroutes, "gridlocks",
        r.traffic.gridlocks.count, "ambulances", r.traffic.driveState.services)
      XCTAssertEqual(r.traffic.standingBlockages, [])
      XCTAssertEqual(r.traffic.world.obstacles.stretches.count, 0)
      XCTAssertGreaterThan(r.traffic.counts.arrived * 100, r.traffic.counts.due * 97, name)
      let services = r.traffic.driveState.services
      XCTAssertGreaterThan(services.due, 30, name)
      XCTAssertEqual(services.arrived, services.due, name)
    }
  }

  func testTheSameBitsOnThreadsAndAfterAResume() throws {
    for lanes in 1...2 {
      let network = GridNetwork(size: 6, spacing: 150, lanes: lanes).build()
      let sites = WorkSites(ticks: 120..<640, lanes: [3, 17, 40, 41])
      func start(_ threads: Int) -> GridRun {
        run(
          network, trips: 900, seconds: 400, threads: threads, every: 9, until: 5000,
          policies: [sites])
      }
      let runs = [1, 2, 4].map(start)
      var saved: [(tick: Tick, bytes: [UInt8])] = []
      for tick in 0..<900 {
        if [150, 421, 700].contains(tick) {
          var writer = StateWriter()
          runs[0].simulation.encodeState(into: &writer)
          saved.append((Tick(tick), writer.bytes))
        }
        for r in runs { try r.simulation.step() }
        guard tick % 100 == 99 else { continue }
        let hashes = runs.map { $0.simulation.stateHash() }
        XCTAssertEqual(hashes[0], hashes[1], "tick \(tick)")
        XCTAssertEqual(hashes[0], hashes[2], "tick \(tick)")
      }
      XCTAssertGreaterThan(runs[0].traffic.world.obstacles.blockages.count, 10)
      for (tick, bytes) in saved {
        let resumed = start(2)
        var reader = StateReader(bytes, file: "memory")
        try resumed.simulation.decodeState(from: &reader)
        XCTAssertTrue(reader.isAtEnd)
        XCTAssertEqual(resumed.simulation.tick, tick)
        while resumed.simulation.tick < 900 { try resumed.simulation.step() }
        XCTAssertEqual(
          resumed.simulation.stateHash(), runs[0].simulation.stateHash(), "from \(tick)")
      }
    }
  }

  func testADamagedStateOfObstaclesIsRefused() throws {
    let network = GridNetwork(size: 3, lanes: 1).build()
    let r = run(network, trips: 100, seconds: 100, every: 5, until: 5000)
    for _ in 0..<200 { try r.simulation.step() }
    var writer = StateWriter()
    r.traffic.world.encodeObstacles(into: &writer)
    let random = RandomStream(seed: 5)
    var refused = 0
    for i in 0..<60 {
      var bytes = writer.bytes
      let at = random.below(bytes.count, .sampling, UInt64(i))
      if i % 3 == 0 { bytes.removeLast(bytes.count - at) } else { bytes[at] ^= 0x80 }
      var reader = StateReader(bytes, file: "memory")
      do throws(CityError) {
        try r.traffic.world.decodeObstacles(from: &reader)
        // What passes must not trap.
        for _ in 0..<3 { do { try r.simulation.step() } catch { XCTFail("\(error)") } }
      } catch { refused += 1 }
    }
    XCTAssertGreaterThan(refused, 20)
  }

  /// Places that are none put up nothing.
  func testBlockagesOnNoRoadAreRefused() {
    let network = GridNetwork(size: 2, lanes: 1).build()
    let r = run(network, trips: 1, seconds: 1, every: 1, until: 0)
    for (lane, from, to) in [
      (-1, Float(1), Float(2)), (network.roadLaneCount, 1, 2), (0, .nan, 2), (0, 1, .infinity),
    ] {
      XCTAssertEqual(
        r.traffic.block(LaneBlockage(lane: LaneID(lane), from: from, to: to, residualWidth: 0)),
        .none)
    }
    let id = r.traffic.block(
      LaneBlockage(lane: LaneID(0), from: 1e9, to: -1e9, residualWidth: .nan))
    let only = r.traffic.standingBlockages[0]
    XCTAssertLessThan(only.from, only.to)
    XCTAssertLessThanOrEqual(only.to, network.laneLength[LaneID(0)])
    XCTAssertEqual(only.residualWidth, 0)
    r.traffic.unblock(id)
    r.traffic.unblock(.none)
    XCTAssertEqual(r.traffic.standingBlockages, [])
  }
}
