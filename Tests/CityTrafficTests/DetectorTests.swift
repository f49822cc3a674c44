import CityBase
import CityNetwork
import CitySimulation
import CityTestSupport
import XCTest

@testable import CityTraffic

final class DetectorTests: XCTestCase {
  private struct Row {
    var count: Int
    var speed: Double
    var spaceSpeed: Double
    var occupancy: Double
  }

  private func rows(_ table: any IntervalTable, _ simulation: Simulation, from: Double = 0)
    -> [Row]
  {
    var rows: [Row] = []
    table.closeInterval(
      from: simulation.clock.epoch.advanced(byMilliseconds: Int64(from * 1000)),
      to: simulation.moment.instant
    ) { row in
      func number(_ i: Int) -> Double {
        switch row[i] {
        case .integer(let n): Double(n)
        case .number(let d, _): d
        default: -1
        }
      }
      rows.append(
        Row(
          count: Int(number(6)), speed: number(8) / 3.6, spaceSpeed: number(9) / 3.6,
          occupancy: number(10) / 100))
    }
    return rows
  }

  /// One car that comes in at its desired speed and keeps it: a loop sees one vehicle, its speed,
  /// and is occupied for (length + loop) / speed, wherever the ends of the ticks fall.
  func testOneCarAtConstantSpeed() throws {
    let network = RoadShapes.build(length: 1000, forward: 1, backward: 0)
    let link = LinkID(0)
    var settings = TrafficSettings()
    settings.speedDeviation = 0
    let run = StreetRun(
      network,
      [
        StreetRun.Journey(
          second: 2, from: AccessPoint(link: link, offset: 0),
          to: AccessPoint(link: link, offset: 990))
      ], settings: settings)
    let places: [Float] = [50, 301.3, 302.9, 400, 511.7]
    let loop: Float = 2
    let table = run.traffic.detectorTable(
      places.enumerated().map {
        DetectorSite(id: "d\($0)", link: link, lane: 0, offset: $1, length: loop)
      } + [DetectorSite(id: "point", link: link, lane: nil, offset: 600, length: 0)])
    table.start()
    XCTAssertEqual(try run.drive(to: 60), [])
    let (speed, length) = (50 / 3.6, 4.6)
    XCTAssertEqual(Double(run.traffic.world.vehicles.length[0]), length, accuracy: 1e-5)
    let found = rows(table, run.simulation)
    XCTAssertEqual(found.count, 6)
    for (i, row) in found.enumerated() {
      XCTAssertEqual(row.count, 1, "loop \(i)")
      // Floats of positions to 1e-4 m over a step of 7 m.
      XCTAssertEqual(row.speed, speed, accuracy: 0.001)
      XCTAssertEqual(row.spaceSpeed, speed, accuracy: 0.001)
      let over = i < 5 ? length + Double(loop) : length
      XCTAssertEqual(row.occupancy, over / speed / 60, accuracy: 1e-5, "loop \(i)")
    }
    for row in rows(table, run.simulation) { XCTAssertEqual(row.count, 0, "a new interval") }
  }

  /// Loops at both ends of every lane of a grid: over the whole run as many vehicles pass the start
  /// of a link as come upon it by a junction, and over its end as leave it; the same on any number
  /// of threads and after a resume.
  func testLoopsAgreeWithMovements() throws {
    let network = GridNetwork(size: 4, lanes: 2).build()
    let sites = (0..<network.linkCount).flatMap { l -> [DetectorSite] in
      let end = network.linkLength[LinkID(l)]
      return [
        DetectorSite(id: "\(l)a", link: LinkID(l), lane: nil, offset: 0, length: 1),
        DetectorSite(id: "\(l)z", link: LinkID(l), lane: nil, offset: end - 0.01, length: 0.01),
        DetectorSite(id: "\(l)m0", link: LinkID(l), lane: 0, offset: end * 0.7, length: 2),
        DetectorSite(id: "\(l)m1", link: LinkID(l), lane: 1, offset: end * 0.7, length: 2),
        DetectorSite(id: "\(l)m", link: LinkID(l), lane: nil, offset: end * 0.7, length: 2),
      ]
    }
    func make(_ threads: Int) -> (run: GridRun, table: any IntervalTable) {
      let r = GridRun(network: network, trips: 600, seconds: 300, threads: threads)
      let table = r.traffic.detectorTable(sites)
      table.start()
      r.traffic.movements.start()
      return (r, table)
    }
    let whole = make(1)
    let other = make(4)
    for _ in 0..<500 {
      try whole.run.simulation.step()
      try other.run.simulation.step()
    }
    var writer = StateWriter()
    whole.run.simulation.encodeState(into: &writer)
    whole.table.encodeState(into: &writer)
    let resumed = make(2)
    var reader = StateReader(writer.bytes, file: "memory")
    try resumed.run.simulation.decodeState(from: &reader)
    try resumed.table.decodeState(from: &reader)
    XCTAssertTrue(reader.isAtEnd)
    for (r, _) in [whole, other, resumed] {
      while r.simulation.tick < 4000 && r.traffic.counts.arrived < 600 { try r.simulation.step() }
    }
    let found = [whole, other, resumed].map { r, table in
      var rows: [[PropertyValue]] = []
      let epoch = r.simulation.clock.epoch
      table.closeInterval(from: epoch, to: r.simulation.moment.instant) { rows.append($0) }
      return rows
    }
    XCTAssertEqual("\(found[0])", "\(found[1])")
    XCTAssertEqual("\(found[0])", "\(found[2])")
    var into = Array(repeating: 0, count: network.linkCount)
    var out = into
    let numbers = Dictionary(
      uniqueKeysWithValues: network.linkExternalID.ids.map {
        (network.linkExternalID[$0], $0.index)
      })
    whole.run.traffic.movements.closeInterval(
      from: whole.run.simulation.clock.epoch, to: whole.run.simulation.moment.instant
    ) { row in
      guard case .text(let from) = row[2], case .text(let to) = row[3],
        case .integer(let volume) = row[8], let a = numbers[from], let b = numbers[to]
      else { return XCTFail("a row") }
      out[a] += Int(volume)
      into[b] += Int(volume)
    }
    func count(_ i: Int) -> Int {
      if case .integer(let n) = found[0][i][6] { return Int(n) }
      return -1
    }
    for l in 0..<network.linkCount {
      XCTAssertEqual(count(l * 5), into[l], "start of link \(l)")
      XCTAssertEqual(count(l * 5 + 1), out[l], "end of link \(l)")
      XCTAssertEqual(count(l * 5 + 2) + count(l * 5 + 3), count(l * 5 + 4), "lanes of link \(l)")
    }
    XCTAssertGreaterThan(into.reduce(0, +), 1000)
  }
}
