import CityBase
import CityNetwork
import CityText
import XCTest

@testable import CityDemand

final class TripTableTests: XCTestCase {
  let network = TinyNetwork.line()
  let epoch = Instant(millisecondsSince1970: 1_772_406_000_000, zoneSeconds: 28800)

  /// The plane stands for the globe: a degree is 1,000 m, and the line of roads runs along y = 0.
  private func table(window: Range<Int64>? = nil) -> TripTable {
    TripTable(
      network: network, epoch: epoch, window: window,
      toWorking: { Point2($0.x * 1000, $0.y * 1000) },
      nearestAccess: { [network] p in
        let place = Polyline.project(p, onto: network.points(of: network.link("0>1")))
        return (AccessPoint(link: network.link("0>1"), offset: Float(place.offset)), place.distance)
      })
  }

  private func read(_ text: String, window: Range<Int64>? = nil) throws -> ([Trip], Diagnostics) {
    var diagnostics = Diagnostics()
    let csv = try CSVTable.parse(Array(text.utf8), file: "trips.csv")
    return (try table(window: window).trips(in: csv, diagnostics: &diagnostics), diagnostics)
  }

  func testBothWaysToNameAPlace() throws {
    // The epoch is 2026-03-02 07:00 in the zone of the city.
    XCTAssertEqual(epoch.iso8601, "2026-03-02T07:00:00+08:00")
    let (trips, diagnostics) = try read(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m,to_lon,to_lat,purpose
      late,07:10,0>1,10,1>2,150.5,,,work
      soon,2026-03-01T23:01:30Z,2>1,0,,,0.1,0.05,
      """)
    XCTAssertTrue(diagnostics.isEmpty, "\(diagnostics.entries)")
    XCTAssertEqual(trips.map(\.name), ["soon", "late"])
    XCTAssertEqual(trips.map(\.departureMilliseconds), [90_000, 600_000])
    XCTAssertEqual(trips[0].destination, AccessPoint(link: network.link("0>1"), offset: 100))
    XCTAssertEqual(trips[1].destination, AccessPoint(link: network.link("1>2"), offset: 150.5))
    XCTAssertEqual(trips.map(\.purpose), [.other, .work])
  }

  func testRoutesMayBePrescribed() throws {
    let (trips, diagnostics) = try read(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m,route
      a,07:00:00,0>1,10,1>2,20,0>1 1>2
      b,07:00:01,0>1,10,1>2,20,
      c,07:00:02,0>1,10,1>2,20,0>1 9>9 1>2
      d,07:00:03,0>1,10,1>2,20,1>2
      """)
    XCTAssertEqual(trips.map(\.name), ["a", "b"])
    XCTAssertEqual(trips[0].givenRoute, [network.link("0>1"), network.link("1>2")])
    XCTAssertEqual(trips[1].givenRoute, [])
    XCTAssertEqual(
      diagnostics.entries.map { "\($0.code) \($0.place)" },
      ["trip-route line 4", "trip-route line 5"])
  }

  func testBadRowsAreNamedAndDropped() throws {
    let good = "0>1,10,1>2,20,"
    let (trips, diagnostics) = try read(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m,purpose
      a,07:00:00,\(good)
      a,07:00:01,\(good)
      ,07:00:00,\(good)
      b,7 o'clock,\(good)
      c,07:00,0>9,10,1>2,20,
      d,07:00,0>1,201,1>2,20,
      e,07:00,0>1,-1,1>2,20,
      f,07:00,0>1,inf,1>2,20,
      g,07:00,\(good)flying
      h,06:59,\(good)
      i,08:00,\(good)
      """, window: 0..<3_600_000)
    XCTAssertEqual(trips.map(\.name), ["a"])
    XCTAssertEqual(
      diagnostics.entries.map { "\($0.code) \($0.place)" },
      [
        "trip-duplicate line 3", "trip-id line 4", "trip-time line 5", "trip-link line 6",
        "trip-offset line 7", "trip-offset line 8", "trip-offset line 9", "trip-purpose line 10",
        "trip-outside-window ",
      ])
  }

  func testFarPlacesAreDropped() throws {
    let (trips, diagnostics) = try read(
      """
      id,depart,from_lon,from_lat,to_lon,to_lat
      near,07:00,0.1,0.299,0.2,0
      far,07:00,0.1,0.301,0.2,0
      north,07:00,0.1,200,0.2,0
      none,07:00,0.1,,0.2,0
      """)
    XCTAssertEqual(trips.map(\.name), ["near"])
    XCTAssertEqual(
      diagnostics.entries.map { "\($0.code) \($0.place)" },
      ["trip-far line 3", "trip-place line 4", "trip-place line 5"])
  }

  func testMissingColumnsAreRefused() {
    let headers = [
      "depart,from_lon,from_lat,to_lon,to_lat": "id",
      "id,from_lon,from_lat,to_lon,to_lat": "depart",
      "id,depart,to_lon,to_lat": "from_lon", "id,depart,from_lon,from_lat,to_lon": "to_lat",
      "id,depart,from_link,to_link,to_offset_m": "from_offset_m",
    ]
    for (header, missing) in headers {
      XCTAssertThrowsError(try read(header + "\n"), header) { error in
        XCTAssertTrue("\(error)".contains(missing), "\(error)")
        XCTAssertEqual((error as? CityError)?.exitCode, 2)
      }
    }
  }

  /// Damaged tables give trips or errors, never a trap, and no trip outside of the network.
  func testDamagedTables() throws {
    let base = Array(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m,to_lon,to_lat
      a,07:00:00,0>1,10,1>2,20,,
      b,2026-03-02T07:00:00+08:00,0>1,10,,,0.1,1e-3
      "c",23:59:59,0>1,199.99,1>0,0,,
      """.utf8)
    let random = RandomStream(seed: 5)
    let table = table()
    var accepted = 0
    for round in 0..<2000 as Range<UInt64> {
      var bytes = base
      for k in 0...(round % 4) {
        let at = random.below(bytes.count, .sampling, round, k * 2)
        let nasty = Array("9,\"\n-e.\u{0}\u{ff}:>nainf".utf8)
        bytes[at] = nasty[random.below(nasty.count, .sampling, round, k * 2 + 1)]
      }
      var diagnostics = Diagnostics()
      guard let csv = try? CSVTable.parse(bytes, file: "x.csv"),
        let trips = try? table.trips(in: csv, diagnostics: &diagnostics)
      else { continue }
      accepted += trips.count
      for place in trips.flatMap({ [$0.origin, $0.destination] }) {
        XCTAssertTrue((0...network.linkLength[place.link]).contains(place.offset))
      }
    }
    XCTAssertGreaterThan(accepted, 100)
  }
}
