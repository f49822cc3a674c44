import CityBase
import CityParking
import CityText
import XCTest

final class SettingsTests: XCTestCase {
  static let choices: [any ParkingChoice.Type] = [
    GeneralizedCost.self, NearestFacility.self, CheapestFacility.self,
  ]

  func read(_ text: String) throws -> ParkingSettings {
    var reader = try JSONObjectReader(
      try JSONValue.parse(Array(text.utf8), file: "s.json"), file: "s.json", path: "$.parking")
    return try ParkingSettings(from: &reader, choices: Self.choices)
  }

  func written(_ settings: ParkingSettings) -> String {
    var writer = JSONWriter()
    settings.write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  func testAnEmptyObjectIsTheDefaults() throws {
    XCTAssertEqual(written(try read("{}")), written(ParkingSettings()))
    XCTAssertFalse(ParkingSettings().purposes.contains(.home))
    XCTAssertEqual(ParkingSettings().purposes.count, 6)
  }

  func testWhatIsWrittenReadsBack() throws {
    let settings = try read(
      """
      {"purposes": ["shopping", "work"], "choice": {"type": "nearest"}, "max_tries": 7,
       "search_radius_m": 450.5, "guided_share": 0.25, "guidance_interval": "2min",
       "drivers": {"value_of_time_cny_h": 41, "value_of_time_spread": 0.3, "walking_weight": 1.5,
         "taste_cny": 0},
       "stays": {"form": "exponential", "spread": 0.7, "shopping": "45min", "work": "7.5h"},
       "double_parking": {"share": 0.6, "mean": "4min", "residual_width_m": 0.5},
       "at_start": {"garage": 0.1, "surface": 0.2, "kerb": 1, "mean": "90min"}}
      """)
    XCTAssertEqual(settings.purposes, [.work, .shopping])
    XCTAssertTrue(settings.choice is NearestFacility)
    XCTAssertEqual(settings.maxTries, 7)
    XCTAssertEqual(settings.guidanceMilliseconds, 120_000)
    XCTAssertEqual(settings.stays.meanMilliseconds[2], 2_700_000)
    XCTAssertEqual(settings.initial.kerb, 1)
    let text = written(settings)
    XCTAssertEqual(written(try read(text)), text)
    for part in [
      #""search_radius_m":450.5"#, #""guided_share":0.25"#, #""guidance_interval":"2min""#,
      #""choice":{"type":"nearest"}"#, #""taste_cny":0"#, #""work":"450min""#,
      #""residual_width_m":0.5"#, #""purposes":["work","shopping"]"#,
    ] {
      XCTAssertTrue(text.contains(part), "\(part) in \(text)")
    }
  }

  func testWhatIsWrongIsNamed() {
    for (text, place, message) in [
      (#"{"max_trys": 3}"#, "$.parking", "did you mean \"max_tries\""),
      (#"{"max_tries": 0}"#, "$.parking.max_tries", "from 1 to 16"),
      (#"{"max_tries": 17}"#, "$.parking.max_tries", "from 1 to 16"),
      (#"{"guided_share": 1.5}"#, "$.parking.guided_share", "from 0.0 to 1.0"),
      (#"{"purposes": ["wrok"]}"#, "$.parking.purposes[0]", "\"work\""),
      (#"{"purposes": "work"}"#, "$.parking.purposes", "an array"),
      (#"{"choice": {"type": "best"}}"#, "$.parking.choice.type", "\"generalized_cost\""),
      (#"{"choice": "nearest"}"#, "$.parking.choice", "an object"),
      (#"{"choice": {"type": "nearest", "x": 1}}"#, "$.parking.choice", "unknown key"),
      (#"{"stays": {"work": "long"}}"#, "$.parking.stays.work", "a duration"),
      (#"{"stays": {"form": "normal"}}"#, "$.parking.stays.form", "\"lognormal\""),
      (#"{"at_start": {"kerb": -1}}"#, "$.parking.at_start.kerb", "from 0.0 to 1.0"),
      (#"{"double_parking": {"mean": "0s"}}"#, "$.parking.double_parking.mean", "from 1s"),
      (#"{"drivers": {"walk": 1}}"#, "$.parking.drivers", "unknown key"),
    ] {
      do {
        _ = try read(text)
        XCTFail("\(text) was read")
      } catch {
        let error = error as? CityError
        XCTAssertEqual(error?.place, place, text)
        XCTAssertEqual(error?.file, "s.json")
        XCTAssertTrue(error?.message.contains(message) ?? false, "\(text): \(error as Any)")
      }
    }
  }
}
