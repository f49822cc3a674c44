import CityBase
import XCTest

@testable import CityDemand

final class GravityModelTests: XCTestCase {
  let epoch = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)

  private func settings(_ trips: Int) throws -> GravitySettings {
    var s = GravitySettings(total: .trips(trips), window: 0..<3_600_000)
    s.pattern = try DailyPattern(
      hourWeights: Array(repeating: 1, count: 24),
      purposeWeights: Array(repeating: [1, 0, 0, 0, 0, 1, 0], count: 24))
    return s
  }

  private func model(_ zones: [Zone], _ settings: GravitySettings) throws -> GravityModel {
    let system = ZoneSystem(zones)
    var diagnostics = Diagnostics()
    let model = try GravityModel(
      zones: system, skim: .straight(system), settings: settings, epoch: epoch,
      diagnostics: &diagnostics)
    XCTAssertTrue(diagnostics.isEmpty, "\(diagnostics.entries)")
    return model
  }

  func testTotalsAreThoseOfPeopleAndPlaces() throws {
    let zones = latticeZones(
      3, population: { Double($0 + 1) }, attraction: { Double(10 - $0) })
    var s = try settings(1000)
    s.iterations = 200
    let m = try model(zones, s)
    // People 1...9 make 45, attractions 10...2 make 54; half of the 1,000 trips go to work.
    for z in 0..<9 {
      let id = ZoneID(z)
      let row = (0..<9).reduce(0) { $0 + m.expectedTrips(.work, from: id, to: ZoneID($1)) }
      let column = (0..<9).reduce(0) { $0 + m.expectedTrips(.work, from: ZoneID($1), to: id) }
      XCTAssertEqual(row, 500 * Double(z + 1) / 45, accuracy: 1e-9)
      XCTAssertEqual(column, 500 * Double(10 - z) / 54, accuracy: 1e-3)
      let home = (0..<9).reduce(0) { $0 + m.expectedTrips(.home, from: ZoneID($1), to: id) }
      XCTAssertEqual(home, 500 * Double(z + 1) / 45, accuracy: 1e-3)
    }
  }

  func testCalibrationReachesTheMeanDistance() throws {
    for (target, impedance) in [
      (1500.0, GravitySettings.Impedance.travelTime), (3000, .distance), (4000, .travelTime),
    ] {
      var s = try settings(4000)
      s.meanDistanceMeters = target
      s.impedance = impedance
      let m = try model(latticeZones(6), s)
      let pairs = (0..<36).flatMap { i in (0..<36).map { (ZoneID(i), ZoneID($0)) } }
      var sum = 0.0
      for (i, j) in pairs {
        let trips = m.expectedTrips(.work, from: i, to: j) + m.expectedTrips(.home, from: i, to: j)
        sum += trips * m.skim.meters[i.index * 36 + j.index]
      }
      XCTAssertEqual(sum / 4000, target, accuracy: 0.01 * target)
      XCTAssertGreaterThan(m.beta, 0)
    }
  }

  func testTargetOutOfReachIsReported() throws {
    var s = try settings(100)
    s.meanDistanceMeters = 50_000
    let system = ZoneSystem(latticeZones(3))
    var diagnostics = Diagnostics()
    let m = try GravityModel(
      zones: system, skim: .straight(system), settings: s, epoch: epoch,
      diagnostics: &diagnostics)
    XCTAssertEqual(diagnostics.count(of: "mean-distance"), 1)
    XCTAssertEqual(m.beta, 0)
  }

  func testDrawsFollowTheMatrix() throws {
    var s = try settings(20_000)
    s.meanDistanceMeters = 2000
    let zones = latticeZones(4, population: { $0 == 5 ? 500 : 100 })
    let m = try model(zones, s)
    let trips = m.trips(random: RandomStream(seed: 1))
    XCTAssertEqual(trips.count, 20_000)
    let system = m.zones
    var counts = [Double](repeating: 0, count: 256)
    for trip in trips {
      // Made-up links are numbered four to a zone, zones as the fixture counted them.
      let from = try XCTUnwrap(system.zone("z\(trip.origin.link.index / 4)"))
      let to = try XCTUnwrap(system.zone("z\(trip.destination.link.index / 4)"))
      counts[from.index * 16 + to.index] += 1
    }
    for i in 0..<16 {
      for j in 0..<16 {
        let expected = [TripPurpose.work, .home].reduce(0) {
          $0 + m.expectedTrips($1, from: ZoneID(i), to: ZoneID(j))
        }
        // Five standard deviations of a Poisson number.
        XCTAssertEqual(
          counts[i * 16 + j], expected, accuracy: 5 * expected.squareRoot() + 1)
      }
    }
    XCTAssertTrue(trips.allSatisfy { (0..<3_600_000).contains($0.departureMilliseconds) })
    for (a, b) in zip(trips, trips.dropFirst()) {
      XCTAssertTrue((a.departureMilliseconds, a.name) < (b.departureMilliseconds, b.name))
    }
  }

  func testDrawsDoNotShift() throws {
    let zones = latticeZones(4)
    let seed = RandomStream(seed: 7)
    let few = try model(zones, settings(500)).trips(random: seed).byName
    let more = try model(zones, settings(600)).trips(random: seed).byName
    for (name, choices) in few { XCTAssertEqual(more[name], choices) }
    let turned = try model(zones.reversed(), settings(500)).trips(random: seed).byName
    XCTAssertEqual(turned, few, "the order of zones in the input does not matter")
    let other = try model(zones, settings(500)).trips(random: RandomStream(seed: 8)).byName
    XCTAssertNotEqual(other, few)
  }

  func testShortPairsAreExcluded() throws {
    var s = try settings(1000)
    s.minimumDistanceMeters = 2000
    let m = try model(latticeZones(4), s)
    for i in 0..<16 {
      for j in 0..<16 where m.skim.meters[i * 16 + j] < 2000 {
        XCTAssertEqual(m.expectedTrips(.work, from: ZoneID(i), to: ZoneID(j)), 0)
      }
    }
    XCTAssertEqual(m.trips(random: RandomStream(seed: 1)).count, 1000)
    s.minimumDistanceMeters = 1e6
    XCTAssertThrowsError(try model(latticeZones(4), s))
  }

  func testPeopleAndDayGiveTheTotal() throws {
    var s = try settings(0)
    s.total = .perPersonAndDay(2.4)
    // 16 zones of 100 people, one of 24 equal hours.
    let system = ZoneSystem(latticeZones(4), populationIsKnown: true)
    var diagnostics = Diagnostics()
    let m = try GravityModel(
      zones: system, skim: .straight(system), settings: s, epoch: epoch, diagnostics: &diagnostics)
    XCTAssertEqual(m.tripCount, 160)
    for total in [GravitySettings.Total.trips(-1), .perPersonAndDay(.nan), .trips(.max)] {
      s.total = total
      XCTAssertThrowsError(try model(latticeZones(2), s))
    }
  }
}
