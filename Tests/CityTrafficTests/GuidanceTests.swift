import CityBase
import CityDemand
import CityNetwork
import CitySimulation
import XCTest

@testable import CityTraffic

/// Drivers who look for a better way while driving.
final class GuidanceTests: XCTestCase {
  /// Closes a link at a tick.
  private struct Closure: Policy {
    let name = "closure"
    var link: LinkID
    var tick: Tick
    func commands(_ observation: Observation) -> [Command] {
      observation.moment.tick == tick ? [.closeLink(link)] : []
    }
    var claims: [PolicyClaim] { [] }
  }

  /// An approach of 3 km, a fork into three streets of one lane, and a street behind them: straight on,
  /// round by the north through a bottleneck, or a long way round by the south.
  private func threeStreets() -> (
    network: RoadNetwork, approach: LinkID, straight: LinkID, south: LinkID, exit: LinkID
  ) {
    var source = RoadSource()
    func node(_ x: Double, _ y: Double) -> Int32 {
      source.nodes.append(
        RoadSource.Node(position: Point2(x, y), externalID: Int64(source.nodes.count)))
      return Int32(source.nodes.count - 1)
    }
    func way(_ name: String, _ nodes: [Int32], kmh: Double = 50) {
      source.ways.append(
        RoadSource.Way(
          externalID: name, name: name, nodes: nodes, roadClass: .secondary, forwardLanes: 1,
          backwardLanes: 0, speedLimit: kmh / 3.6))
    }
    let (start, fork, join, end) = (node(-3000, 0), node(0, 0), node(600, 0), node(1200, 0))
    way("approach", [start, fork])
    way("straight", [fork, join])
    let (a, b) = (node(300, 200), node(555, 30))
    way("north", [fork, a, b])
    way("bottleneck", [b, join], kmh: 6)
    way("south", [fork, node(300, -700), join])
    way("exit", [join, end])
    var diagnostics = Diagnostics()
    let network = NetworkBuilder.build(source, diagnostics: &diagnostics)
    func link(_ name: String) -> LinkID {
      LinkID(network.linkName.values.firstIndex(of: name) ?? -1)
    }
    return (network, link("approach"), link("straight"), link("south"), link("exit"))
  }

  private func run(share: Double, closing: Bool = true) throws -> StreetRun {
    let (network, approach, straight, _, exit) = threeStreets()
    var settings = TrafficSettings()
    settings.guidance.share = share
    settings.guidance.intervalSeconds = 30
    let run = StreetRun(
      network,
      (0..<240).map {
        .init(
          second: Double($0) * 3, from: AccessPoint(link: approach, offset: 10),
          to: AccessPoint(link: exit, offset: 500))
      }, policies: closing ? [Closure(link: straight, tick: 480)] : [], settings: settings)
    XCTAssertEqual(try run.drive(to: 1800), [])
    XCTAssertEqual(
      traffic(run).filter { $0 >= 0 }.count, 240, "all have arrived, guided share \(share)")
    return run
  }

  private func traffic(_ run: StreetRun) -> [Int64] {
    (0..<240).map { run.traffic.world.vehicles.left[$0] }
  }

  /// When the straight street closes, everybody turns to the next best one, which is too narrow for
  /// all of them; guided drivers see its queue and go round.
  func testGuidanceShortensTheDelayOfAClosure() throws {
    let none = try run(share: 0)
    let half = try run(share: 0.5)
    let all = try run(share: 1)
    let open = try run(share: 0, closing: false)
    print(
      "guidance: open \(open.meanSeconds()) s, closed \(none.meanSeconds()), half guided "
        + "\(half.meanSeconds()), all guided \(all.meanSeconds()); reroutes "
        + "\(none.traffic.decisions.reroutes), \(half.traffic.decisions.reroutes), "
        + "\(all.traffic.decisions.reroutes)")
    XCTAssertLessThan(open.meanSeconds(), none.meanSeconds())
    // The queue of those who do not look reaches back over the fork, and with one lane it holds up the
    // guided ones too: half of them gain something, all together a tenth and more.
    let delay = none.meanSeconds() - open.meanSeconds()
    XCTAssertLessThan(half.meanSeconds(), none.meanSeconds())
    XCTAssertLessThan(all.meanSeconds(), half.meanSeconds())
    XCTAssertLessThan(all.meanSeconds() - open.meanSeconds(), delay * 0.9)
  }

  /// On free roads nobody finds anything better, however often he looks; and who is guided hangs on
  /// the trips, so that a greater share has everybody of a smaller one.
  func testNobodyLeavesAFreeRoad() throws {
    XCTAssertEqual(try run(share: 1, closing: false).traffic.decisions.reroutes, 0)
  }
}
