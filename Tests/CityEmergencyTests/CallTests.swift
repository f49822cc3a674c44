import CityBase
import CityDemand
import CityEmergency
import CityNetwork
import CitySimulation
import CityTestSupport
import CityText
import XCTest

/// Calls from logs and calls that are drawn.
final class CallTests: XCTestCase {
  private static let network = EmergencyRun.network
  private static let index = LinkIndex(network)

  /// Two halves of the city with 3000 people in the west and 1000 in the east.
  private static let zones: ZoneSystem = {
    func half(_ name: String, _ people: Double, _ x: Double) -> ZoneInput.Area {
      let ring = [Point2(x, -9), Point2(x + 809, -9), Point2(x + 809, 1609), Point2(x, 1609)]
      return ZoneInput.Area(
        externalID: name, name: name, population: people, polygons: [[ring]])
    }
    var input = ZoneInput()
    input.subdistricts = [half("west", 3000, -9), half("east", 1000, 800)]
    var diagnostics = Diagnostics()
    return ZoneBuilder.build(
      input, network: network, isConnected: { _ in true }, diagnostics: &diagnostics)
  }()

  /// Degrees are metres here: x = longitude x 1000, y = latitude x 1000.
  private func site(zones: ZoneSystem = ZoneSystem([]), seed: UInt64 = 1) -> CallSite {
    CallSite(
      path: { $0 }, locate: { Point2($0.x * 1000, $0.y * 1000) },
      nearest: { Self.index.nearest(to: $0, maxDistance: 1000) }, zones: zones,
      bounds: Box2(min: Point2(0, 0), max: Point2(3000, 3000)),
      clock: Clock(epoch: EmergencyRun.epoch, stepMilliseconds: 500),
      simulatedWindow: 0..<57_600_000,
      random: RandomStream(seed: seed))
  }

  private func read(_ text: String, _ diagnostics: inout Diagnostics) throws -> [Call] {
    try CallLog(site: site()).calls(
      in: try CSVTable.parse(Array(text.utf8), file: "calls.csv"), diagnostics: &diagnostics)
  }

  private let header = "id,time,lon,lat,kind,priority\n"

  func testGoodLog() throws {
    var diagnostics = Diagnostics()
    let calls = try read(
      header + "a,2026-03-02T06:30:00+08:00,0.4,0.41,medical,1\n"
        + "b,07:00:05, 0.81 ,0.4, fire ,5\nd,2026-03-02T13:50:00Z,0.4,0.8,police,2\n"
        + "c,21:59:59,0.4,0.8,accident,3\n", &diagnostics)
    XCTAssertEqual(diagnostics.entries.map(\.description), [])
    XCTAssertEqual(calls.map(\.name), ["a", "b", "d", "c"])
    XCTAssertEqual(calls.map(\.milliseconds), [1_800_000, 3_605_000, 57_000_000, 57_599_000])
    XCTAssertEqual(calls.map(\.kind), [.medical, .fire, .police, .accident])
    XCTAssertEqual(calls.map(\.priority), [1, 5, 2, 3])
    XCTAssertEqual(calls[0].position, Point2(400, 410))
    XCTAssertEqual(calls[0].key, StableHash.of("a"))
  }

  /// Each bad row is left out with its code and line; the good one beside it stays.
  func testBadRows() throws {
    let rows: [(row: String, code: String)] = [
      ("x,07:00,99,0.4,medical,1", "call-outside-city"),
      ("x,07:00,-0.5,0.4,medical,1", "call-outside-city"),
      ("x,07:00,2.9,2.9,medical,1", "call-off-road"),
      ("x,07:00,200,0.4,medical,1", "call-place"),
      ("x,07:00,0.4,-91,medical,1", "call-place"),
      ("x,07:00,nan,0.4,medical,1", "call-place"),
      ("x,07:00,,0.4,medical,1", "call-place"),
      ("x,07:00,0.4,0.4,earthquake,1", "call-kind"),
      ("x,07:00,0.4,0.4,,1", "call-kind"),
      ("x,07:00,0.4,0.4,medical,0", "call-priority"),
      ("x,07:00,0.4,0.4,medical,6", "call-priority"),
      ("x,07:00,0.4,0.4,medical,1.5", "call-priority"),
      ("x,07:00,0.4,0.4,medical,99999999999999999999", "call-priority"),
      ("x,07:00,0.4,0.4,medical,", "call-priority"),
      ("x,seven,0.4,0.4,medical,1", "call-time"),
      ("x,2026-03-02T07:00:00,0.4,0.4,medical,1", "call-time"),
      ("x,,0.4,0.4,medical,1", "call-time"),
      ("x,05:59:59,0.4,0.4,medical,1", "call-outside-run"),
      ("x,22:00,0.4,0.4,medical,1", "call-outside-run"),
      ("x,9999-12-31T23:59:59Z,0.4,0.4,medical,1", "call-outside-run"),
      ("good,07:30,0.4,0.4,medical,1", "call-duplicate"),
    ]
    for (row, code) in rows {
      var diagnostics = Diagnostics()
      let calls = try read(header + "good,07:00,0.4,0.4,fire,2\n" + row + "\n", &diagnostics)
      XCTAssertEqual(calls.map(\.name), ["good"], row)
      XCTAssertEqual(diagnostics.entries.map(\.code), [code], row)
      XCTAssertEqual(diagnostics.entries.first?.place, "line 3", row)
      XCTAssertEqual(diagnostics.entries.first?.file, "calls.csv", row)
    }
  }

  func testOutOfOrderIsSortedAndNoted() throws {
    var diagnostics = Diagnostics()
    let calls = try read(
      header + "a,08:00,0.4,0.4,fire,2\nb,07:00,0.4,0.4,fire,2\nc,07:30,0.4,0.4,fire,2\n",
      &diagnostics)
    XCTAssertEqual(calls.map(\.name), ["b", "c", "a"])
    XCTAssertEqual(diagnostics.entries.map(\.code), ["call-order"])
    XCTAssertEqual(diagnostics.entries.first?.place, "line 3")
    XCTAssertEqual(diagnostics.entries.first?.severity, .note)
  }

  func testMissingColumnOrFileIsRefused() {
    for name in ["time", "lon", "lat", "kind", "priority"] {
      let words = header.dropLast().split(separator: ",").map { $0 == name ? "\($0)_" : "\($0)" }
      let text = words.joined(separator: ",") + "\na,07:00,0.4,0.4,fire,2\n"
      var diagnostics = Diagnostics()
      XCTAssertThrowsError(try read(text, &diagnostics)) {
        XCTAssertTrue("\($0)".contains("\"\(name)\""), "\($0)")
        XCTAssertTrue("\($0)".contains("calls.csv"), "\($0)")
      }
    }
    var settings = EmergencySettings()
    settings.log = "/nowhere/calls.csv"
    var diagnostics = Diagnostics()
    XCTAssertThrowsError(try settings.makeCalls(for: site(), diagnostics: &diagnostics))
  }

  /// Rows without an id are named by what they are, so that a row put in changes no other.
  func testNamesWithoutIds() throws {
    let text = "time,lon,lat,kind,priority\n"
    let rows = ["07:00,0.4,0.4,fire,2\n", "07:00,0.8,0.4,fire,2\n", "07:00,0.4,0.4,medical,2\n"]
    var diagnostics = Diagnostics()
    let calls = try read(text + rows.joined(), &diagnostics)
    XCTAssertEqual(
      Set(calls.map(\.name)),
      ["20260302T070000-fire", "20260302T070000-fire-2", "20260302T070000-medical"])
    let more = try read(text + "06:10,0.4,0.4,police,3\n" + rows.joined(), &diagnostics)
    XCTAssertTrue(Set(calls).isSubset(of: more))
  }

  private func settings(_ json: String) throws -> EmergencySettings {
    var reader = try JSONObjectReader(
      try JSONValue.parse(Array(json.utf8), file: "scenario.json"), file: "scenario.json",
      path: "$.emergency")
    return try EmergencySettings(
      from: &reader, rules: [NearestByTravelTime.self, NearestByDistance.self])
  }

  func testDrawnCalls() throws {
    var diagnostics = Diagnostics()
    XCTAssertEqual(Self.zones.count, 2)
    let site = site(zones: Self.zones)
    func calls(_ json: String) throws -> [Call] {
      try settings(#"{"draw": \#(json)}"#).makeCalls(for: site, diagnostics: &diagnostics)
    }
    let many = try calls(#"{"count": 4000}"#)
    XCTAssertEqual(many.count, 4000)
    XCTAssertEqual(many, many.sorted { $0.milliseconds < $1.milliseconds })
    // One more changes no other.
    let more = try calls(#"{"count": 4001}"#)
    XCTAssertTrue(Set(many).isSubset(of: more))
    XCTAssertEqual(more.count, 4001)
    // Shares against what was asked for: four standard deviations of a binomial count.
    func expect(_ count: Int, _ share: Double, _ what: String) {
      let mean = 4000 * share
      XCTAssertEqual(
        Double(count), mean, accuracy: 4 * (mean * (1 - share)).squareRoot(), what)
    }
    for (kind, share) in zip(IncidentKind.allCases, [0.6, 0.08, 0.2, 0.12]) {
      expect(many.count { $0.kind == kind }, share, kind.word)
    }
    for (priority, share) in zip(UInt8(1)...3, [0.3, 0.4, 0.3]) {
      expect(many.count { $0.priority == priority }, share, "priority \(priority)")
    }
    expect(many.count { $0.position.x < 800 }, 0.75, "west")
    // From 06:00 to 22:00 the weights of the hours 6 to 21 count.
    let hourly = CallDraw.defaultHourly[6..<22]
    for (hour, weight) in hourly.enumerated() {
      expect(
        many.count { $0.milliseconds / 3_600_000 == Int64(hour) },
        weight / hourly.reduce(0, +), "hour \(hour)")
    }
    let evening = try calls(
      #"{"count": 50, "from": "18:30", "until": "2026-03-02T19:00:00+08:00", "kinds": {"fire": 1}}"#
    )
    // Hours are those of the city's day, wherever the window begins.
    let hour = (0..<24).map { $0 == 7 ? "1" : "0" }.joined(separator: ",")
    let seven = try calls(
      #"{"count": 50, "from": "06:30", "until": "08:30", "hourly": [\#(hour)]}"#)
    XCTAssertTrue(
      seven.count == 50 && seven.allSatisfy { 3_600_000..<7_200_000 ~= $0.milliseconds })
    let window = Int64(45_000_000)..<46_800_000
    XCTAssertTrue(evening.allSatisfy { $0.kind == .fire && window.contains($0.milliseconds) })
    XCTAssertEqual(diagnostics.entries.map(\.code), [])
  }

  /// A rate gives Poisson's number of calls: over a hundred seeds the mean, and the variance near
  /// the mean.
  func testRate() throws {
    let settings = try settings(#"{"draw": {"rate_per_100000_a_day": 2000}}"#)
    var counts: [Double] = []
    for seed in UInt64(1)...100 {
      var diagnostics = Diagnostics()
      counts.append(
        Double(
          try settings.makeCalls(
            for: site(zones: Self.zones, seed: seed), diagnostics: &diagnostics
          )
          .count))
    }
    // 4000 people, 80 calls a day; 06:00 to 22:00 has its share of the day's weights.
    let hourly = CallDraw.defaultHourly
    let expected = 80 * hourly[6..<22].reduce(0, +) / hourly.reduce(0, +)
    let mean = counts.reduce(0, +) / 100
    XCTAssertEqual(mean, expected, accuracy: 4 * (expected / 100).squareRoot())
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 99
    XCTAssertEqual(variance / expected, 1, accuracy: 4 * (2.0 / 99).squareRoot())
  }

  func testDrawsThatCannotBe() throws {
    var diagnostics = Diagnostics()
    let nowhere = try settings(#"{"draw": {"count": 10}}"#).makeCalls(
      for: site(), diagnostics: &diagnostics)
    XCTAssertEqual(nowhere, [])
    XCTAssertEqual(diagnostics.entries.map(\.code), ["calls-nowhere"])
    diagnostics = Diagnostics()
    let cut = try settings(#"{"draw": {"count": 10, "from": "02:00", "until": "07:00"}}"#)
    let calls = try cut.makeCalls(for: site(zones: Self.zones), diagnostics: &diagnostics)
    XCTAssertEqual(diagnostics.entries.map(\.code), ["calls-window"])
    XCTAssertTrue(calls.count == 10 && calls.allSatisfy { 0..<3_600_000 ~= $0.milliseconds })
    let backwards = try settings(#"{"draw": {"count": 10, "from": "09:00", "until": "07:00"}}"#)
    XCTAssertThrowsError(
      try backwards.makeCalls(for: site(zones: Self.zones), diagnostics: &diagnostics))
  }

  func testSettings() throws {
    let bad: [(json: String, said: String)] = [
      ("{}", "\"log\""),
      (#"{"log": "a.csv", "draw": {"count": 1}}"#, "\"log\""),
      (#"{"log": ""}"#, "$.emergency.log"),
      (#"{"log": "a.csv", "dispach": {}}"#, "did you mean \"dispatch\""),
      (#"{"log": "a.csv", "dispatch": {"type": "best"}}"#, "nearest_by_travel_time"),
      (#"{"log": "a.csv", "dispatch": {"type": "nearest_by_distance", "x": 1}}"#, "\"x\""),
      (#"{"log": "a.csv", "privileges": {"pass_red": 1}}"#, "$.emergency.privileges.pass_red"),
      (#"{"log": "a.csv", "turnout": {"ambulance": "soon"}}"#, "$.emergency.turnout.ambulance"),
      (#"{"log": "a.csv", "turnout": {"police": "25h"}}"#, "at most a day"),
      (#"{"log": "a.csv", "on_scene": {"medical": 5}}"#, "a duration"),
      (#"{"log": "a.csv", "on_scene": {"fire": {"spread": "wide"}}}"#, "lognormal"),
      (#"{"log": "a.csv", "transport": {"share": 1.5}}"#, "from 0.0 to 1.0"),
      (#"{"log": "a.csv", "accident": {"residual_width_m": -1}}"#, "residual_width_m"),
      (#"{"draw": {}}"#, "\"count\""),
      (#"{"draw": {"count": -1}}"#, "$.emergency.draw.count"),
      (#"{"draw": {"count": 1, "rate_per_100000_a_day": 1}}"#, "either"),
      (#"{"draw": {"count": 1, "kinds": {"medical": 0}}}"#, "above 0"),
      (#"{"draw": {"count": 1, "hourly": [1, 2]}}"#, "24"),
      (#"{"draw": {"count": 1, "priorities": [0, 0]}}"#, "priorities"),
      (#"{"draw": {"count": 1, "from": "noon"}}"#, "$.emergency.draw.from"),
    ]
    for (json, said) in bad {
      XCTAssertThrowsError(try settings(json), json) {
        XCTAssertTrue("\($0)".contains(said), "\(json): \($0)")
      }
    }
    // What is written says the same as what was read.
    for json in [
      #"{"log": "a.csv"}"#,
      #"{"draw": {"rate_per_100000_a_day": 12.5, "from": "06:30", "kinds": {"fire": 1}},"#
        + #""dispatch": {"type": "nearest_by_distance"}, "privileges": {"pass_red": false},"#
        + #""turnout": {"ambulance": "0s"}, "on_scene": {"fire": {"mean": "1h", "spread":"#
        + #" "exponential"}}, "transport": {"share": 0.25, "handover": "90s"},"#
        + #""accident": {"two_lanes_share": 1, "residual_width_m": 2.5}}"#,
    ] {
      func written(_ settings: EmergencySettings) -> String {
        var writer = JSONWriter()
        settings.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
      }
      let once = written(try settings(json))
      XCTAssertEqual(written(try settings(once)), once)
    }
    let some = try settings(
      #"{"log": "a.csv", "turnout": {"ambulance": "0s"}, "privileges": {"pass_red": false}}"#)
    XCTAssertEqual(some.inputFiles, ["a.csv"])
    XCTAssertEqual(some.turnout[0].meanMilliseconds, 0)
    XCTAssertEqual(some.turnout[1], EmergencySettings().turnout[1])
    XCTAssertEqual(some.privileges, .filterQueue)
  }

  /// Drawn times have the mean and the spread that they are asked for.
  func testDrawnTimes() {
    let variations: [(DrawnTime.Spread, Double)] = [
      (.fixed, 0), (.exponential, 1), (.lognormal, 0.5),
    ]
    for (spread, variation) in variations {
      let time = DrawnTime(meanMilliseconds: 600_000, spread: spread, variation: 0.5)
      let random = RandomStream(seed: 3)
      var sum = 0.0
      var squares = 0.0
      for key in UInt64(0)..<20_000 {
        let share = Double(time.milliseconds(random, .sceneTime, key)) / 600_000
        sum += share
        squares += share * share
      }
      let mean = sum / 20_000
      let deviation = max(0, squares / 20_000 - mean * mean).squareRoot()
      // Four standard errors of the mean.
      XCTAssertEqual(mean, 1, accuracy: 4 * variation / 141 + 1e-9, spread.rawValue)
      XCTAssertEqual(deviation, variation, accuracy: 0.03, spread.rawValue)
    }
  }
}
