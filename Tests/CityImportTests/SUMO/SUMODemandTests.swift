import CityBase
import CityNetwork
import XCTest

@testable import CityImport

/// Vehicles, trips and flows against what their text says.
final class SUMODemandTests: XCTestCase {
  private func built(_ routes: String) throws -> BuiltCross {
    try BuiltCross(routes: "<routes>\(routes)</routes>")
  }

  func testRoutesAreKeptAndTripsAreSearched() throws {
    let built = try built(
      """
      <vType id="short" length="4" maxSpeed="20"/>
      <route id="north" edges="SC CW"/>
      <vehicle id="a" type="short" depart="3.5" route="north"/>
      <vehicle id="b" depart="1:00:02" departPos="10" arrivalPos="-20"><route edges="WC CE"/></vehicle>
      <trip id="c" depart="2" from="EC " to=" CS"/>
      <trip id="d" depart="2" from="EC" to="CS" via="EC"/>
      <vehicle id="e" depart="9">
        <routeDistribution last="1"><route edges="SC CE"/><route edges="SC CW"/></routeDistribution>
      </vehicle>
      """)
    let rows = built.city.trips.rows
    XCTAssertEqual(rows.map(\.id), ["c", "d", "a", "e", "b"])
    XCTAssertEqual(rows.map(\.departure), [2000, 2000, 3500, 9000, 3_602_000])
    XCTAssertEqual(
      rows.map { built.names($0.route) },
      [[], ["EC", "CS"], ["SC", "CW"], ["SC", "CW"], ["WC", "CE"]])
    // The rear bumper at the start of the lane, and the end of the lane, unless the file says.
    XCTAssertEqual(rows.map(\.origin.offset), [5, 5, 4, 5, 10])
    XCTAssertEqual(rows.map(\.destination.offset), [92, 92, 92, 92, 72])
    XCTAssertEqual(rows.map(\.type), ["", "", "short", "", ""])
    XCTAssertEqual(built.city.untaken.count(of: "vType length"), 0)
    XCTAssertEqual(built.city.untaken.count(of: "vType maxSpeed"), 0)
  }

  func testFlowsSendWhatTheySay() throws {
    let built = try built(
      """
      <flow id="n" begin="0" end="60" number="4" from="SC" to="CW"/>
      <flow id="h" begin="10" end="20" vehsPerHour="1200" from="SC" to="CW"/>
      <flow id="p" begin="0" end="100" period="5" number="3" from="SC" to="CW"/>
      <flow id="r" begin="5" end="1005" probability="0.3" from="SC" to="CW"/>
      <flow id="x" begin="0" end="2000" period="exp(0.5)" from="SC" to="CW"/>
      <flow id="q" begin="0" end="2000" period="exp(0.5)" from="SC" to="CW"/>
      """)
    XCTAssertEqual(built.rows("n.").map(\.departure), [0, 15_000, 30_000, 45_000])
    XCTAssertEqual(built.rows("h.").map(\.departure), [10_000, 13_000, 16_000, 19_000])
    XCTAssertEqual(built.rows("p.").map(\.departure), [0, 5000, 10_000])
    // Binomial: 300, standard deviation 14.5; Poisson: 1000, 31.6. Four of them.
    let chance = built.rows("r.").map(\.departure)
    XCTAssertEqual(Double(chance.count), 300, accuracy: 58)
    XCTAssertTrue(chance.allSatisfy { $0 % 1000 == 0 && (5000..<1_005_000).contains($0) })
    let poisson = built.rows("x.").map(\.departure)
    XCTAssertEqual(Double(poisson.count), 1000, accuracy: 127)
    // Two flows of one rate are not one another's copies.
    XCTAssertNotEqual(poisson, built.rows("q.").map(\.departure))
  }

  func testDistributionsAreDrawnByTheirWeights() throws {
    let built = try built(
      """
      <vTypeDistribution id="mix">
        <vType id="one" probability="0.5"/><vType id="two" probability="0.5" length="7"/>
      </vTypeDistribution>
      <routeDistribution id="ways">
        <route id="w" edges="SC CW" probability="0.25"/><route id="e" edges="SC CE" probability="0.75"/>
      </routeDistribution>
      <flow id="f" begin="0" end="1000" period="1" route="ways" type="mix"/>
      """)
    let rows = built.city.trips.rows
    XCTAssertEqual(rows.count, 1000)
    // Standard deviations 13.7 and 15.8; four of them.
    let west = rows.count { built.names($0.route).last == "CW" }
    XCTAssertEqual(Double(west), 250, accuracy: 55)
    XCTAssertEqual(Double(rows.count { $0.type == "two" }), 500, accuracy: 64)
    XCTAssertTrue(rows.allSatisfy { $0.origin.offset == ($0.type == "two" ? 7 : 5) })
  }

  /// Types named from outside a distribution bring their own probabilities.
  func testDistributionsOfNamedTypesAreDrawnByTheTypes() throws {
    let built = try built(
      """
      <vType id="one" probability="0.9"/><vType id="two" probability="0.1" length="7"/>
      <vTypeDistribution id="mix" vTypes="one two"/>
      <vTypeDistribution id="refs"><vType refId="one"/><vType refId="two"/></vTypeDistribution>
      <flow id="f" begin="0" end="1000" period="1" from="SC" to="CW" type="mix"/>
      <flow id="g" begin="0" end="1000" period="1" from="SC" to="CW" type="refs"/>
      """)
    for flow in ["f.", "g."] {
      // Binomial: 100, standard deviation 9.5; four of them.
      let two = built.rows(flow).count { $0.type == "two" }
      XCTAssertEqual(Double(two), 100, accuracy: 38, flow)
    }
    XCTAssertEqual(built.city.untaken.count(of: "vType probability"), 0)
  }

  /// What ends by its number goes on into the next days; what has neither end nor number lasts a day.
  func testFlowsWithoutAnEnd() throws {
    let built = try built(
      """
      <flow id="n" begin="0" period="7200" number="48" from="SC" to="CW"/>
      <flow id="d" begin="0" period="7200" from="SC" to="CW"/>
      <flow id="s" begin="0" number="2" from="SC" to="CW"/>
      """)
    XCTAssertEqual(built.rows("n.").map(\.departure), (0..<48).map { $0 * 7_200_000 })
    XCTAssertEqual(built.rows("d.").count, 12)
    XCTAssertEqual(built.rows("s.").map(\.departure), [0, 43_200_000])
  }

  /// What SUMO 1.28 drives on a road without a limit, by class, where a type does not say.
  func testTopSpeedsAreThoseOfSUMO() throws {
    let classes = ["truck": 36.11, "trailer": 36.11, "bus": 27.78, "coach": 27.78, "moped": 16.67]
    for (name, speed) in classes.sorted(by: { $0.key < $1.key }) {
      let built = try built(
        """
        <vType id="t" vClass="\(name)"/><vehicle id="a" depart="0" type="t"><route edges="SC CW"/></vehicle>
        """)
      let file = try XCTUnwrap(built.city.files.first { $0.name == "vehicle_types.csv" })
      let row = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")[1]
      XCTAssertEqual(
        row.split(separator: ",", omittingEmptySubsequences: false)[5], "\(speed)", name)
    }
  }

  /// A run may have 200 types, five of which are there before. The rarest of more are driven as the most
  /// alike of their class.
  func testMoreTypesThanARunMayHave() throws {
    var text = ""
    for i in 0..<197 { text += "<vType id=\"t\(i)\" length=\"\(Double(i) / 100 + 4)\"/>" }
    text += #"<vType id="lorry" vClass="truck" length="4.0"/>"#
    for i in 0..<197 {
      // Type 100 is the rarest, and then the lorry and type 50.
      for k in 0..<(i == 100 ? 1 : i == 50 ? 2 : 3) {
        text += "<trip id=\"v\(i)-\(k)\" type=\"t\(i)\" depart=\"\(k)\" from=\"SC\" to=\"CW\"/>"
      }
    }
    text += #"<trip id="l" type="lorry" depart="9" from="SC" to="CW"/>"#
    let built = try built(text)
    let file = try XCTUnwrap(built.city.files.first { $0.name == "vehicle_types.csv" })
    let ids = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").dropFirst()
      .compactMap { $0.split(separator: ",").first.map(String.init) }
    XCTAssertEqual(ids.count, 195)
    XCTAssertTrue(ids.contains("lorry"), "the only one of its class")
    XCTAssertFalse(ids.contains("t100"))
    XCTAssertFalse(ids.contains("t50"))
    let types = Dictionary(uniqueKeysWithValues: built.city.trips.rows.map { ($0.id, $0.type) })
    // Both neighbours of 5.00 m are 1 cm off, and of 4.99 and 5.01 the latter is less off as a share.
    XCTAssertEqual(types["v100-0"], "t101")
    XCTAssertEqual(types["v50-1"], "t51")
    XCTAssertEqual(types["l"], "lorry")
    XCTAssertEqual(built.city.untaken.count(of: "vTypes beyond the 195 that a run may have"), 3)
  }

  /// What a route or a detector says that has no effect here is listed.
  func testWhatHasNoEffectIsListed() throws {
    let built = try built(
      """
      <vType id="t"><param key="k" value="v"/></vType>
      <route id="r" edges="SC CW" repeat="5" cycleTime="60"><stop lane="CW_0" duration="60"/></route>
      <vehicle id="a" depart="0" route="r"><param key="k" value="v"/></vehicle>
      <inductionLoop id="loop" lane="WC_1" pos="10" period="60" file="out.xml" vTypes="truck"/>
      <parkingArea id="park" lane="CE_0" roadsideCapacity="5" onRoad="true" angle="45"/>
      """)
    XCTAssertEqual(built.city.trips.rows.count, 1)
    for (what, count) in [
      ("stops of vehicles", 1), ("route repeat", 1), ("route cycleTime", 1),
      ("parameters of vehicles and types", 2), ("inductionLoop vTypes", 1),
      ("parkingArea onRoad", 1), ("parkingArea angle", 1), ("inductionLoop file", 0),
    ] { XCTAssertEqual(built.city.untaken.count(of: what), count, what) }
  }

  func testWhatCannotDriveIsLeftOutAndCounted() throws {
    let built = try built(
      """
      <vType id="train" vClass="rail"/><vType id="lorry" vClass="truck" length="12"/>
      <vehicle id="a" depart="0"><route edges="rail"/></vehicle>
      <vehicle id="b" depart="0"><route edges="CE CW"/></vehicle>
      <vehicle id="c" depart="0" type="train"><route edges="SC CW"/></vehicle>
      <vehicle id="d" depart="0" type="lorry"><route edges="SC CW"/></vehicle>
      <vehicle id="d" depart="1"><route edges="SC CW"/></vehicle>
      <vehicle id="e" depart="0" route="nowhere"/>
      <vehicle id="f" depart="triggered"><route edges="SC CW"/></vehicle>
      <vehicle id="g" depart="0" departPos="50" arrivalPos="20"><route edges="SC"/></vehicle>
      <trip id="h" depart="0" fromTaz="1" toTaz="2"/>
      <vehicle id="i" depart="0" departLane="best" departSpeed="max"><route edges="SC CW"/>
        <stop edge="CW" duration="20"/></vehicle>
      <person id="p" depart="0"><walk edges="SC"/></person>
      """)
    XCTAssertEqual(built.city.trips.rows.map(\.id), ["d", "i"])
    let expected = [
      "vehicles over an edge that is closed to cars, trucks and buses or not there",
      "vehicles whose route is not connected for their class", "vehicles of class rail",
      "vehicles whose id was there before",
      "vehicles whose route is not in the files", #"vehicles with depart="triggered""#,
      "vehicles that end before they begin", "vehicles placed by fromTaz", "vehicle departLane",
      "vehicle departSpeed", "stops of vehicles", "<person>",
    ]
    for what in expected { XCTAssertEqual(built.city.untaken.count(of: what), 1, what) }
  }

  /// What a type says is in the table that the scenario names; a driver of whom something is said, but
  /// no model, drives by SUMO's usual one, one of whom nothing is said drives like everybody, and lengths
  /// and gaps are SUMO's.
  func testTypesGoIntoTheirTable() throws {
    let built = try built(
      """
      <vType id="plain"/>
      <vType id="lorry" vClass="trailer" accel="1.1" decel="4.5" sigma="0.2" speedFactor="normc(0.95,0.05,0.2,2)"/>
      <vType id="calm" carFollowModel="IDM" accel="1.5" decel="2" tau="1" minGap="2" length="4.6"
        maxSpeed="1000" lcStrategic="2" color="red"/>
      <vehicle id="a" depart="0" type="plain"><route edges="SC CW"/></vehicle>
      <vehicle id="b" depart="1" type="lorry"><route edges="SC CW"/></vehicle>
      <vehicle id="c" depart="2" type="calm"><route edges="SC CW"/></vehicle>
      """)
    let file = try XCTUnwrap(built.city.files.first { $0.name == "vehicle_types.csv" })
    let rows = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    XCTAssertEqual(
      rows,
      [
        "id,class,length_m,width_m,min_gap_m,max_speed_mps,speed_factor,speed_deviation,"
          + "accel_mps2,decel_mps2,tau_s,sigma,car_follow_model",
        "calm,car,4.6,,2,,,,1.5,2,1,,idm",
        "lorry,truck,16.5,,2.5,36.11,0.95,0.05,1.1,4.5,,0.2,krauss",
        "plain,car,5,,2.5,,,,,,,,",
      ])
    let scenario = String(decoding: built.city.scenario.bytes, as: UTF8.self)
    XCTAssertTrue(scenario.contains(#""vehicle_types": "vehicle_types.csv""#), scenario)
    XCTAssertEqual(built.city.untaken.count(of: "carFollowModel Krauss"), 0)
    XCTAssertEqual(
      built.city.untaken.count(of: "vTypes that say nothing of their drivers"), 1, "plain")
    XCTAssertEqual(built.city.untaken.count(of: "vehicles without a type"), 0)
    XCTAssertEqual(built.city.untaken.count(of: "vType lcStrategic"), 1)
    XCTAssertEqual(built.city.untaken.count(of: "vType maxSpeed"), 1, "no car is that fast")
    XCTAssertEqual(built.city.untaken.count(of: "vType color"), 0)
  }

  func testTheScenarioStartsWithTheFirstMinute() throws {
    let routes = """
      <routes><vehicle id="a" depart="54090.5"><route edges="SC CW"/></vehicle>
      <vehicle id="b" depart="54180"><route edges="SC CW"/></vehicle></routes>
      """
    let built = try BuiltCross(routes: routes, timeZone: "Asia/Shanghai")
    let text = String(decoding: built.city.scenario.bytes, as: UTF8.self)
    // 54,090.5 s are 15:01:30.5; the last one departs 2 min later, which makes three minutes.
    XCTAssertTrue(text.contains("\"1970-01-01T15:01:00+08:00\""), text)
    XCTAssertTrue(text.contains("\"measured\": \"3min\""), text)
    XCTAssertTrue(text.contains("\"snapshots\": null"), text)
    let table = String(
      decoding: built.city.trips.table(midnight: built.city.scenario.midnight), as: UTF8.self)
    XCTAssertEqual(
      table.split(separator: "\n").dropFirst().first,
      "a,1970-01-01T15:01:30.500+08:00,SC,5,CW,92,SC CW,")
  }

  func testDetectorsAndParkingAreas() throws {
    let built = try built(
      """
      <inductionLoop id="loop" lane="WC_1" pos="-10" period="60" file="out.xml"/>
      <e2Detector id="area" lane="SC_0" pos="20" endPos="40" freq="30" file="out.xml"/>
      <inductionLoop id="lost" lane="XX_0" pos="1" file="out.xml"/>
      <parkingArea id="park" lane="CE_0" startPos="10" endPos="40" roadsideCapacity="5">
        <space x="1" y="1"/></parkingArea>
      <busStop id="bus" lane="CE_0" startPos="10" endPos="20"/>
      """)
    let sensors = built.city.draft.entities.filter { $0.kind == .sensor }
    XCTAssertEqual(sensors.map(\.id), ["loop", "area"])
    guard case .point(let loop) = sensors[0].shape, case .point(let area) = sensors[1].shape else {
      return XCTFail("expected points")
    }
    XCTAssertEqual(loop, Point2(-18, -1.6))
    // The one loop on a lane that is there counts by the minute; the area is said to be left out.
    XCTAssertEqual(built.city.scenario.loopInterval, 60_000)
    XCTAssertEqual(built.city.untaken.count(of: "<e2Detector>"), 1)
    XCTAssertEqual(area, Point2(1.6, -80))
    let parking = built.city.draft.entities.filter { $0.kind == .parking }
    XCTAssertEqual(parking.count, 1)
    guard case .line(let line) = parking[0].shape else { return XCTFail("expected a line") }
    // A lane's width to the right of the middle of the lane.
    XCTAssertEqual(line, [Point2(18, -4.8), Point2(48, -4.8)])
    XCTAssertTrue(
      parking[0].properties.contains {
        if case .integer(6) = $0.value { $0.name == "capacity" } else { false }
      })
    XCTAssertEqual(built.city.untaken.count(of: "<busStop>"), 1)
    XCTAssertEqual(built.city.untaken.count(of: "detectors on lanes that are not there"), 1)
  }
}
