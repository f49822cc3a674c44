import CityBase
import CityNetwork
import CityTestSupport
import XCTest

/// The network file: what goes in comes out, and nothing hostile gets through.
final class NetworkFileTests: XCTestCase {
  private let network = GridNetwork(size: 2, spacing: 150, lanes: 2).build()

  func testRoundTrip() throws {
    let bytes = NetworkFile.encode(network)
    XCTAssertEqual(try NetworkFile.decode(bytes, file: "n.cimn"), network)
    XCTAssertEqual(
      GridNetwork(size: 2, spacing: 150, lanes: 2).build().networkHash, network.networkHash)
    XCTAssertEqual(
      try NetworkFile.decodeWithHash(bytes, file: "n.cimn").hash, network.networkHash)
    var other = network
    other.linkSpeedLimit[LinkID(0)] += 1
    XCTAssertNotEqual(other.networkHash, network.networkHash)
  }

  /// Who may use which lane is kept, and must be what the links say.
  func testLanesWithAccessOfTheirOwn() throws {
    var reserved = network
    let first = network.lanes(of: LinkID(0)).lowerBound
    reserved.laneAccess = Column(network.laneLink.values.map { network.linkAccess[$0] })
    reserved.laneAccess[LaneID(first)] = .bus
    let bytes = NetworkFile.encode(reserved)
    let read = try NetworkFile.decode(bytes, file: "n.cimn")
    XCTAssertEqual(read, reserved)
    XCTAssertEqual(read.access(to: LaneID(first)), .bus)
    XCTAssertNotEqual(read.networkHash, network.networkHash)
    reserved.laneAccess[LaneID(first + 1)] = .bus
    XCTAssertThrowsError(try reserved.validate()) {
      XCTAssertEqual(($0 as? CityError)?.place, "laneAccess")
    }
    reserved.laneAccess = Column([.all])
    XCTAssertThrowsError(try reserved.validate())
  }

  /// Every prefix, and every damaged byte, is an error with the file's name.
  func testDamagedBytesAreRefused() {
    let bytes = NetworkFile.encode(network)
    for n in stride(from: 0, to: bytes.count, by: 997) {
      XCTAssertThrowsError(try NetworkFile.decode(Array(bytes[..<n]), file: "n.cimn"))
    }
    for i in stride(from: 0, to: bytes.count, by: 1009) {
      var damaged = bytes
      damaged[i] ^= 0x5A
      XCTAssertThrowsError(try NetworkFile.decode(damaged, file: "n.cimn")) {
        XCTAssertEqual(($0 as? CityError)?.file, "n.cimn")
      }
    }
  }

  /// A checksum can be forged: the payload itself is damaged here, and sealed anew.
  func testForgedContentIsRefusedOrHarmless() throws {
    // With the part on lanes, so that all parts are tried.
    var reserved = network
    reserved.laneAccess = Column(network.laneLink.values.map { network.linkAccess[$0] })
    let sealed = NetworkFile.encode(reserved)
    let payload = try StateEnvelope.open(sealed, magic: "CIMN", version: 1, file: "n")
    let random = RandomStream(seed: 3)
    for round in 0..<400 {
      var damaged = payload
      for k in 0..<(1 + round % 3) {
        // Every fourth time in the last part, which is small.
        let reach = round % 4 == 0 ? 2 * network.roadLaneCount + 16 : damaged.count
        let back = random.below(reach, .sampling, UInt64(round), UInt64(3 * k))
        damaged[damaged.count - 1 - back] = UInt8(
          random.below(256, .sampling, UInt64(round), UInt64(3 * k + 1)))
      }
      let bytes = StateEnvelope.seal(damaged, magic: "CIMN", version: 1)
      // What is let through must be sound enough to use.
      guard let n = try? NetworkFile.decode(bytes, file: "n") else { continue }
      let paths = ShortestPaths(n)
      _ = paths.travelTimes(
        from: AccessPoint(link: LinkID(0), offset: 1), costs: LinkCosts.freeFlow(n))
      for lane in 0..<n.laneCount { _ = n.lanePosition(LaneID(lane), 1) }
      _ = TurnGraph(n, for: .bus)
    }
  }

  func testValidationNamesTheColumn() {
    func place(_ damage: (inout RoadNetwork) -> Void) -> String? {
      var n = network
      damage(&n)
      do {
        try n.validate()
        return nil
      } catch {
        return error.place
      }
    }
    XCTAssertNil(place { _ in })
    XCTAssertEqual(place { $0.linkLength[LinkID(1)] = .nan }, "linkLength")
    XCTAssertEqual(place { $0.linkLength[LinkID(1)] = 0 }, "linkLength")
    XCTAssertEqual(place { $0.connectorTo[ConnectorID(0)] = LaneID(9999) }, "connectorTo")
    XCTAssertEqual(place { $0.linkFirstLane[2] = 99 }, "linkFirstLane")
    XCTAssertEqual(place { $0.junctionFirstApproach = [] }, "junctionFirstApproach")
    XCTAssertEqual(place { $0.conflicts[0].other = ConnectorID(-1) }, "conflicts")
    XCTAssertEqual(place { $0.conflicts[0].exit = .infinity }, "conflicts")
    XCTAssertEqual(place { $0.connectorGroup[ConnectorID(0)] = 77 }, "connectorGroup")
    XCTAssertEqual(place { $0.signals[SignalID(0)].phases = [] }, "signal 0")
    XCTAssertEqual(place { $0.signals[SignalID(0)].phases[0].states = [] }, "signal 0")
    XCTAssertEqual(place { $0.laneSpeed[LaneID(0)] = 0 }, "laneSpeed")
    XCTAssertEqual(place { $0.linkPoints[0].x = .nan }, "linkPoints")
  }
}
