import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// A crossing in two halves, joined by a link of 0.2 m:
///
///     W ---- A.B ---- E
///            | |
///            N S
///
/// From the west and the north to the east and the south; the north yields to the west at A.
final class ShortLinksTests: XCTestCase {
  private let names = ["WA", "NA", "AB", "BE", "BS"]

  private func halves(middle: Double = 0.2, lanes: Int = 1) -> LaneSource {
    var source = LaneSource()
    for (name, x, y) in [
      ("W", -100, 0), ("A", 0, 0), ("B", 2, 0), ("E", 100, 0), ("N", 0, 100), ("S", 2, -100),
    ] {
      source.junctions.append(
        LaneSource.Junction(
          externalID: name, position: Point2(Double(x), Double(y)),
          control: name == "A" ? .priority : name == "B" ? .equal : .passage))
    }
    for (name, from, to, length) in [
      ("WA", 0, 1, 90.0), ("NA", 4, 1, 90), ("AB", 1, 2, middle), ("BE", 2, 3, 90),
      ("BS", 2, 5, 90),
    ] {
      let (a, b) = (source.junctions[from].position, source.junctions[to].position)
      source.links.append(
        LaneSource.Link(
          externalID: name, from: from, to: to, length: length, points: [a, b], laneWidth: 3.2,
          laneSpeeds: Array(repeating: 14, count: name == "AB" ? lanes : 1), roadClass: .secondary,
          access: .all))
    }
    func connect(_ from: Int, _ to: Int, _ turn: Turn, lane: Int, isMinor: Bool = false) {
      let fromLane = from == 2 ? lane : 0
      source.connectors.append(
        LaneSource.Connector(
          fromLink: from, fromLane: fromLane, toLink: to, toLane: to == 2 ? lane : 0, turn: turn,
          length: 3, speed: turn == .through ? 14 : 6,
          points: [
            source.junctions[source.links[from].to].position - Point2(1, 0),
            source.junctions[source.links[from].to].position + Point2(0.5, turn == .right ? -1 : 0),
          ], isMinor: isMinor))
    }
    connect(0, 2, .through, lane: 0)
    connect(1, 2, .left, lane: lanes - 1, isMinor: true)
    connect(2, 3, .through, lane: lanes - 1)
    connect(2, 4, .right, lane: 0)
    source.meetings = [LaneSource.Meeting(a: 1, b: 0, yields: 1)]
    return source
  }

  private func ways(_ short: ShortLinks) -> [String] {
    short.source.connectors.map { c in
      "\(short.source.links[c.fromLink].externalID) \(short.source.links[c.toLink].externalID)"
    }
  }

  private let unsignalled = Array(repeating: Set<String>(), count: 6)

  func testTwoHalvesBecomeOneJunction() throws {
    let short = ShortLinks(halves(), signals: unsignalled)
    let source = short.source
    XCTAssertEqual(source.links.map(\.externalID), ["WA", "NA", "BE", "BS"])
    XCTAssertEqual(short.linkNow, [0, 1, -1, 2, 3])
    XCTAssertEqual(short.leftShort, [])
    XCTAssertEqual(source.junctions.map(\.externalID), ["W", "A", "E", "N", "S"])
    let middle = source.junctions[1]
    XCTAssertEqual(middle.position, Point2(1, 0))
    XCTAssertEqual(middle.control, .priority)
    for link in source.links {
      XCTAssertTrue((link.from == 1) != (link.to == 1), link.externalID)
    }
    XCTAssertEqual(Set(ways(short)), ["WA BE", "WA BS", "NA BE", "NA BS"])
    XCTAssertEqual(source.connectors.count, 4)
    for (c, parts) in zip(source.connectors, short.parts) {
      XCTAssertEqual(c.length, 6.2, accuracy: 1e-9)
      XCTAssertEqual(c.points.count, 4)
      // In by connector 0 or 1, out by 2 or 3.
      XCTAssertEqual(parts.first, c.fromLink == 0 ? 0 : 1)
      XCTAssertEqual(parts.last, c.toLink == 2 ? 2 : 3)
      XCTAssertEqual(c.isMinor, c.fromLink == 1)
    }
    let turns = Dictionary(uniqueKeysWithValues: zip(ways(short), source.connectors.map(\.turn)))
    XCTAssertEqual(turns["WA BE"], .through)
    XCTAssertEqual(turns["WA BS"], .right)
    XCTAssertEqual(turns["NA BE"], .left)
  }

  /// Everybody from the north goes over the place where it yields to everybody from the west.
  func testWhoYieldedStillDoes() {
    let short = ShortLinks(halves(), signals: unsignalled)
    var met = 0
    for m in short.source.meetings {
      let (a, b) = (short.source.connectors[m.a], short.source.connectors[m.b])
      XCTAssertNotEqual(a.fromLink, b.fromLink)
      XCTAssertEqual(m.yields, a.fromLink == 1 ? 1 : -1)
      met += 1
    }
    XCTAssertEqual(met, 4)
  }

  /// From the west one lane of the link leads to the south alone, from the north the other one to
  /// the east alone: a change of lanes on it was the way to the rest, and stays one.
  func testAChangeOfLanesOnTheLinkIsKept() {
    let short = ShortLinks(halves(lanes: 2), signals: unsignalled)
    XCTAssertEqual(Set(ways(short)), ["WA BE", "WA BS", "NA BE", "NA BS"])
  }

  func testWhatHasRoomForACarStays() {
    let source = halves(middle: 7)
    let short = ShortLinks(source, signals: unsignalled)
    XCTAssertEqual(short.source.links.count, 5)
    XCTAssertEqual(short.parts, [[0], [1], [2], [3]])
  }

  /// Two signals that know nothing of each other stay two; one may rule both halves.
  func testSignalsDecideWhatIsJoined() {
    var signals = unsignalled
    (signals[1], signals[2]) = (["one"], ["other"])
    XCTAssertEqual(ShortLinks(halves(), signals: signals).leftShort, [2])
    signals[2] = ["one"]
    XCTAssertEqual(ShortLinks(halves(), signals: signals).leftShort, [])
  }

  /// A short link that is a road's end is where trips begin: it stays.
  func testARoadsEndStays() {
    var source = halves()
    source.links[0].length = 3
    XCTAssertEqual(ShortLinks(source, signals: unsignalled).leftShort, [0])
  }

  /// Who may drive over the link between the halves is part of what the way over it says: a gate for
  /// buses stays, unless only buses come to it or go on behind it.
  func testAGateForBusesStays() {
    func left(_ access: [String: [Access]], lanes: Int = 1) -> [Int] {
      var source = halves(lanes: lanes)
      for (l, link) in source.links.enumerated() {
        source.links[l].laneAccess = access[link.externalID] ?? []
      }
      return ShortLinks(source, signals: unsignalled).leftShort
    }
    XCTAssertEqual(left(["AB": [.bus]]), [2])
    XCTAssertEqual(left(["AB": [.bus], "WA": [.bus]]), [2], "cars come from the north")
    XCTAssertEqual(left(["AB": [.bus], "WA": [.bus], "NA": [.bus]]), [])
    let services: Access = [.bus, .emergency]
    XCTAssertEqual(left(["AB": [.bus], "BE": [.bus], "BS": [services]]), [2])
    XCTAssertEqual(left(["AB": [services], "BE": [.bus], "BS": [services]]), [])
    XCTAssertEqual(left(["BE": [.bus]]), [], "the road beyond is closed to cars by itself")
    // Lane 0 leads from the west to the south, lane 1 from the north to the east; the way from the
    // west to the east and that from the north to the south change from one to the other.
    XCTAssertEqual(left(["AB": [.all, .bus]], lanes: 2), [2])
    XCTAssertEqual(left(["AB": [.all, .bus], "NA": [.bus]], lanes: 2), [2], "west to east")
    XCTAssertEqual(left(["AB": [.all, .bus], "NA": [.bus], "BE": [.bus]], lanes: 2), [])
  }

  /// A ring of four links of 5 m is one crossing; whoever went round it still can.
  func testARingOfShortLinksIsOneJunction() {
    var source = LaneSource()
    for i in 0..<8 {
      source.junctions.append(
        LaneSource.Junction(
          externalID: "\(i)", position: Point2(Double(i % 4) * 5, Double(i / 4) * 50),
          control: i < 4 ? .roundabout : .passage))
    }
    func link(_ name: String, _ from: Int, _ to: Int, _ length: Double) {
      source.links.append(
        LaneSource.Link(
          externalID: name, from: from, to: to, length: length,
          points: [source.junctions[from].position, source.junctions[to].position],
          laneWidth: 3.2, laneSpeeds: [10], roadClass: .tertiary, access: .all))
    }
    for i in 0..<4 { link("ring\(i)", i, (i + 1) % 4, 5) }
    for i in 0..<4 { link("in\(i)", i + 4, i, 45) }
    for i in 0..<4 { link("out\(i)", i, i + 4, 45) }
    func connect(_ from: Int, _ to: Int, _ turn: Turn) {
      source.connectors.append(
        LaneSource.Connector(
          fromLink: from, fromLane: 0, toLink: to, toLane: 0, turn: turn, length: 2, speed: 5,
          points: [Point2(Double(from), 0), Point2(Double(to), 1)], isMinor: from >= 4))
    }
    for i in 0..<4 {
      connect(i, (i + 1) % 4, .through)
      connect(i, 8 + (i + 1) % 4, .right)
      connect(4 + i, i, .right)
    }
    let short = ShortLinks(source, signals: Array(repeating: [], count: 8))
    XCTAssertEqual(short.source.links.count, 8)
    XCTAssertEqual(short.source.junctions.count, 5)
    XCTAssertTrue(short.source.junctions.contains { $0.control == .roundabout })
    // From every arm to every arm, its own by the whole ring.
    XCTAssertEqual(Set(ways(short)).count, 16)
    let whole = short.source.connectors.indices.filter {
      ways(short)[$0] == "in0 out0"
    }
    // In, three times on, and out; over four links of 5 m.
    XCTAssertEqual(whole.map { short.source.connectors[$0].length }, [2 * 5 + 4 * 5])
  }
}
