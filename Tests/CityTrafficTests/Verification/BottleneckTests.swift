import CityBase
import CityNetwork
import XCTest

@testable import CityTraffic

/// Lane drops, merges and queues that grow over the end of their link.
final class BottleneckTests: XCTestCase {
  /// Seconds, of which the first quarter of an hour is not counted.
  #if DEBUG
    private static let end = 1500.0
  #else
    private static let end = 4500.0
  #endif

  /// Vehicles an hour over the merge at 1,000 m out of two queues, and the share of those who come
  /// from the first of two lanes.
  private func merge(_ network: RoadNetwork, _ journeys: [TrackRun.Journey], lanes: [Int]) throws
    -> (flow: Double, share: Double, count: Double)
  {
    let run = TrackRun(network, journeys)
    let world = run.traffic.world
    var passed = 0
    var fromFirst = 0
    /// The lane in which each was last seen before the merge.
    var lane = [Int](repeating: -1, count: journeys.count)
    try run.drive(to: Self.end) {
      for own in lanes {
        let first = Int(world.lanes.base[own])
        for s in first..<(first + Int(world.lanes.count[own])) {
          lane[Int(world.slots.vehicle[s])] = own
        }
      }
      guard run.now > 900 else { return }
      for i in run.present where run.passed(1100, trip: i) != nil {
        passed += 1
        if lane[i] == lanes[0] { fromFirst += 1 }
      }
    }
    XCTAssertEqual(run.traffic.violations(), [])
    let count = Double(passed)
    return (count * 3600 / (Self.end - 900), Double(fromFirst) / count, count)
  }

  /// The most that a lane beyond a queue can carry is the capacity of the model; the least is what
  /// has been seen at lane drops, 3 to 18 % below what flows before the queue (Chung,
  /// Rudjanakanoknad and Cassidy 2007, Transportation Research Part B 41).
  private func assertCapacity(_ flow: Double, _ name: String) {
    let driver = ReferenceDriver()
    let most = stride(from: 5.0, to: 100, by: 0.1).map { gap in
      driver.equilibrium(gap: gap) / (gap + driver.length)
    }.max()
    let capacity = 3600 * (most ?? 0)
    print("\(name): \(flow) veh/h, capacity of a lane \(capacity)")
    XCTAssertTrue((0.82 * capacity...1.01 * capacity).contains(flow), "\(name): \(flow)")
  }

  func testTwoLanesBecomeOne() throws {
    var track = Track()
    let nodes = [track.junction(0, 0), track.junction(1000, 0, .equal), track.junction(2000, 0)]
    let wide = track.link("wide", from: nodes[0], to: nodes[1], length: 1000, lanes: 2)
    let narrow = track.link("narrow", from: nodes[1], to: nodes[2], length: 1000, cutBack: 10)
    for lane in 0..<2 { track.join(wide, lane: lane, to: narrow, length: 20) }
    let network = try track.build()
    let (flow, share, count) = try merge(
      network,
      (0..<3000).map { TrackRun.Journey(second: 1.5 * Double($0), way: ["wide", "narrow"]) },
      lanes: lanes(of: "wide", network))
    assertCapacity(flow, "lane drop")
    // Were it drawn for each vehicle, three standard errors were 0.15 / √n.
    XCTAssertEqual(share, 0.5, accuracy: 1.5 / count.squareRoot(), "lane drop")
  }

  /// Two roads with a queue each, at two angles, become one with equal right.
  private func equalRoads(_ aside: Double, cutBack: Double) throws -> RoadNetwork {
    var track = Track()
    let centre = track.junction(1000, 0, .equal)
    let ends = [track.junction(0, -aside), track.junction(0, aside), track.junction(2000, 0)]
    let one = track.link("one", from: ends[0], to: centre, length: 1000, cutBack: cutBack)
    let two = track.link("two", from: ends[1], to: centre, length: 1000, cutBack: cutBack)
    let out = track.link("out", from: centre, to: ends[2], length: 1000, cutBack: cutBack)
    track.join(one, to: out, length: 2 * cutBack)
    track.join(two, to: out, length: 2 * cutBack)
    return try track.build()
  }

  /// Where neither road has the right of way they take turns, and lose no more by it than at other
  /// places where two lanes become one.
  func testTwoEqualRoadsMergeFairly() throws {
    for (aside, cutBack) in [(60.0, 10.0), (400, 5)] {
      let network = try equalRoads(aside, cutBack: cutBack)
      let journeys = (0..<3000).map {
        TrackRun.Journey(second: 1.5 * Double($0), way: [$0 % 2 == 0 ? "one" : "two", "out"])
      }
      let (flow, share, count) = try merge(
        network, journeys, lanes: lanes(of: "one", network) + lanes(of: "two", network))
      assertCapacity(flow, "merge of two equal roads, \(aside) m aside")
      print("share of the first \(share)")
      XCTAssertEqual(share, 0.5, accuracy: 1.5 / count.squareRoot(), "merge")
    }
  }

  /// Only those wait before the line who have nobody to yield to and nobody who yields to them, and
  /// meet others nowhere but where their lanes become one.
  func testWhoTakesTurns() throws {
    func waits(_ change: (inout Track, _ one: Int, _ two: Int, _ out: Int) -> Void) throws
      -> [Float]
    {
      var track = Track()
      let centre = track.junction(1000, 0, .priority)
      let ends = [
        track.junction(0, -60), track.junction(0, 60), track.junction(2000, 0),
        track.junction(1000, 500),
      ]
      let one = track.link("one", from: ends[0], to: centre, length: 1000, cutBack: 10)
      let two = track.link("two", from: ends[1], to: centre, length: 1000, cutBack: 10)
      let out = track.link("out", from: centre, to: ends[2], length: 1000, cutBack: 10)
      _ = track.link("up", from: centre, to: ends[3], length: 500, cutBack: 10)
      change(&track, one, two, out)
      let topology = RoadTopology(try track.build())
      defer { topology.free() }
      return (0..<2).map { topology.waitsBefore[$0] }
    }
    let runUp = TakingTurns.runUp
    XCTAssertEqual(
      try waits { track, one, two, out in
        track.join(one, to: out, length: 20)
        track.join(two, to: out, length: 20)
      }, [runUp, runUp])
    XCTAssertEqual(
      try waits { track, one, two, out in
        track.join(one, to: out, length: 20)
        track.join(two, to: out, length: 20, isMinor: true)
        track.yield(1, to: 0)
      }, [0, 0], "the second yields")
    XCTAssertEqual(
      try waits { track, one, two, out in
        track.join(one, to: out, length: 20, group: 0)
        track.join(two, to: out, length: 20)
        track.signal(at: 0, [(.green, 30), (.red, 30)])
      }, [0, runUp], "a light")
    XCTAssertEqual(
      try waits { track, one, two, out in
        track.join(one, to: out, length: 20)
        track.join(two, to: out, length: 20)
        track.join(one, to: out + 1, turn: .left, length: 20)
      }, [0, 0], "whose left turn crosses")
    XCTAssertEqual(
      try waits { track, one, _, out in track.join(one, to: out, length: 20) }, [0, 0], "alone")
  }

  /// A road that yields gets what a main road leaves, and the main road loses nothing by it.
  func testAMinorRoadStillYields() throws {
    var track = Track()
    let centre = track.junction(1000, 0, .priority)
    let ends = [track.junction(0, -60), track.junction(0, 60), track.junction(2000, 0)]
    let main = track.link("main", from: ends[0], to: centre, length: 1000, cutBack: 10)
    let minor = track.link("minor", from: ends[1], to: centre, length: 1000, cutBack: 10)
    let out = track.link("out", from: centre, to: ends[2], length: 1000, cutBack: 10)
    track.join(main, to: out, length: 20)
    track.join(minor, to: out, length: 20, isMinor: true)
    track.yield(1, to: 0)
    // One in 4 s on the main road leaves hardly a gap, and a queue on the minor one takes them all.
    let network = try track.build()
    func last(_ ways: [(Double, String)]) throws -> [Double] {
      let journeys = ways.map { TrackRun.Journey(second: $0.0, way: [$0.1, "out"]) }
      let run = TrackRun(network, journeys)
      var passed = [Double](repeating: .nan, count: journeys.count)
      try run.drive(to: 1200) {
        for i in run.present { if let t = run.passed(1100, trip: i) { passed[i] = t } }
      }
      XCTAssertEqual(run.traffic.violations(), [])
      return passed
    }
    let stream = (0..<250).map { (4 * Double($0), "main") }
    let alone = try last(stream)
    let both = try last(stream + (0..<300).map { (3 * Double($0), "minor") })
    let delays = zip(both, alone).map { $0 - $1 }.filter { !$0.isNaN }
    XCTAssertEqual(delays.count, 250)
    // A driver who accelerates before one of them costs him little: in the mean less than the 2 s of
    // a car's headway.
    XCTAssertLessThan(delays.reduce(0, +) / 250, 2)
    XCTAssertLessThan(both[250...].count { !$0.isNaN }, 250, "fewer than of the main road")
  }

  private func lanes(of name: String, _ network: RoadNetwork) -> [Int] {
    network.linkExternalID.ids.first { network.linkExternalID[$0] == name }
      .map { Array(network.lanes(of: $0)) } ?? []
  }

  /// A light that stays red, 300 m behind it a junction without conflicts, before that 700 m. The
  /// link holds 1 + (300 - 1 - l) / (s0 + l) whole vehicles; the next one stands with its front in
  /// the link and its tail beyond, and the one after that still on the upstream link. A queue that
  /// stands within a centimetre or so of s0 may be off by one vehicle in the whole link.
  func testAQueueReachesTheUpstreamLinkWhenItsOwnIsFull() throws {
    var track = Track()
    let nodes = [0.0, 700, 1000, 1300].map { track.junction($0, 0) }
    let far = track.link("far", from: nodes[0], to: nodes[1], length: 700)
    let near = track.link("near", from: nodes[1], to: nodes[2], length: 300)
    let out = track.link("out", from: nodes[2], to: nodes[3], length: 300)
    track.join(far, to: near)
    track.join(near, to: out, group: 0)
    track.signal(at: nodes[2], [(.red, 36_000)])
    let driver = ReferenceDriver()
    let storage = 1 + Int((300.0 - 1 - driver.length) / (driver.gap + driver.length))
    for extra in [-1, 2] {
      let run = TrackRun(
        try track.build(),
        (0..<(storage + extra)).map {
          TrackRun.Journey(second: 5 * Double($0), way: ["far", "near", "out"])
        })
      try run.drive(to: 900)
      let upstream = run.present.count { run.place[$0] < 700 }
      XCTAssertEqual(run.speed.max() ?? 1, 0, accuracy: 0.05)
      if extra < 0 {
        XCTAssertEqual(upstream, 0)
      } else {
        XCTAssertTrue((1...2).contains(upstream), "\(upstream) of 2")
      }
    }
  }
}
