import CityBase
import CityTestSupport
import CityText
import CityTraffic
import XCTest

@testable import CityScenario

/// `traffic` of a scenario, its table of types, and the shares of types in the demand.
final class TrafficChoicesTests: XCTestCase {
  private func read(_ member: String) throws -> TrafficChoices {
    let text = TinyCity.scenario(parts: member.isEmpty ? "" : #""traffic": \#(member),"#)
    let file = try ScenarioFile(bytes: Array(text.utf8), path: "scenario.json")
    var writer = JSONWriter(pretty: true)
    file.write(to: &writer)
    let again = try ScenarioFile(bytes: writer.bytes, path: "again.json")
    XCTAssertEqual(again.traffic, file.traffic, "what is written reads as what was read")
    return file.traffic
  }

  func testDefaultsAndEveryKey() throws {
    XCTAssertEqual(try read("").carFollowing, .idm)
    XCTAssertNil(try read("").typeFile)
    for model in CarFollowingModel.allCases {
      XCTAssertEqual(try read(#"{"car_following": "\#(model.word)"}"#).carFollowing, model)
    }
    XCTAssertEqual(Registry.carFollowing, CarFollowingModel.allCases)
    XCTAssertEqual(try read(#"{"vehicle_types": "t.csv"}"#).inputFiles, ["t.csv"])
  }

  func testATableAddsTypesAndReplacesUsualOnes() throws {
    let text = """
      id,class,length_m,accel_mps2,car_follow_model,max_speed_mps
      lorry,truck,16.5,,krauss,
      car,car,5,2.6,,
      tram_bus,bus,,,acc,15

      """
    var catalogue = VehicleCatalogue()
    XCTAssertEqual(
      catalogue.types.map(\.name), ["car", "truck", "bus", "motorcycle", "e_bike"])
    try catalogue.read(try CSVTable.parse(Array(text.utf8), file: "types.csv"))
    XCTAssertEqual(catalogue.types.count, 7)
    let lorry = catalogue.types[Int(try XCTUnwrap(catalogue.index("lorry")))]
    XCTAssertEqual(lorry.length, 16.5)
    XCTAssertEqual(lorry.carFollowing, .krauss)
    XCTAssertEqual(lorry.topSpeed, 80 / 3.6, "as usual for a truck")
    XCTAssertEqual(catalogue.index("car"), 0)
    XCTAssertEqual(catalogue.types[0].length, 5)
    XCTAssertEqual(catalogue.types[0].said.maximumAcceleration, 2.6)
  }

  /// 120 trips of the demand model and two of a table; the run has the types that are used alone.
  func testTripsAreMadeWithTheTypesTheyName() throws {
    let city = try TinyCity(
      scenario: TinyCity.scenario(
        demand: """
          [{"trips": "trips.csv"},
            {"gravity": {"trips": 120, "departures": {"from": "07:00", "to": "07:05"}},
             "types": {"truck": 0.3, "lorry": 0.3}}]
          """, parts: #""traffic": {"vehicle_types": "types.csv"},"#))
    try city.write("id,class,length_m\nlorry,truck,16\n", to: "types.csv")
    let other = try TinyCity()
    let network = try ScenarioLoader.load(path: other.scenarioPath, options: RunOptions()).network
    let street = try XCTUnwrap(network.linkFrom.ids.first { network.linkName[$0] == "Row 2" })
    let id = network.linkExternalID[street]
    try city.write(
      """
      id,depart,from_link,from_offset_m,to_link,to_offset_m,type
      a,07:00:10,\(id),10,\(id),50,bus
      b,07:00:20,\(id),10,\(id),50,
      c,07:00:30,\(id),10,\(id),50,zeppelin

      """, to: "trips.csv")
    let loaded = try ScenarioLoader.load(path: city.scenarioPath, options: RunOptions())
    XCTAssertEqual(loaded.vehicleTypes.map(\.name), ["car", "truck", "bus", "lorry"])
    XCTAssertTrue(loaded.diagnostics.entries.contains { $0.message.contains("zeppelin") })
    func name(_ trip: String) -> String? {
      let found = loaded.demand.trips.first { $0.name == trip }
      return found?.vehicleType.map { loaded.vehicleTypes[Int($0)].name }
    }
    XCTAssertEqual(name("a"), "bus")
    XCTAssertEqual(name("b"), "car")
    XCTAssertEqual(name("c"), "car")
    let drawn = loaded.demand.trips.filter { $0.name.hasPrefix("gravity") }
    let trucks = drawn.count { $0.vehicleType == 1 }
    let lorries = drawn.count { $0.vehicleType == 3 }
    // 36 of 120 are expected of either, with a standard deviation of √(120 · 0.3 · 0.7) = 5.0.
    XCTAssertEqual(Double(trucks), 36, accuracy: 15)
    XCTAssertEqual(Double(lorries), 36, accuracy: 15)
    XCTAssertEqual(loaded.inputs.filter { $0.name == "types.csv" }.count, 1)
  }
}
