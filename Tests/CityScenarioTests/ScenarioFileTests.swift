import CityBase
import CityTestSupport
import CityText
import XCTest

@testable import CityScenario

final class ScenarioFileTests: XCTestCase {
  private func read(_ text: String) throws -> ScenarioFile {
    try ScenarioFile(bytes: Array(text.utf8), path: "here/scenario.json")
  }

  func testReadsClockDemandAndOutputs() throws {
    let file = try read(TinyCity.scenario())
    XCTAssertEqual(file.name, "Tiny")
    XCTAssertEqual(file.clock.start.iso8601, "2026-03-02T07:00:00+08:00")
    XCTAssertEqual(file.clock.measuredWindow, 0..<300_000)
    XCTAssertEqual(file.clock.totalMilliseconds, 480_000)
    XCTAssertEqual(file.demand.count, 1)
    let snapshots = file.outputs.outputs.compactMap { $0 as? SnapshotOutput }.first
    XCTAssertEqual(snapshots?.snapshots?.layers, ["vehicles", "links", "facilities"])
    XCTAssertEqual(snapshots?.snapshots?.intervalMilliseconds, 120_000)
  }

  func testWritesWhatItReads() throws {
    let file = try read(
      TinyCity.scenario(parts: TinyCity.allDomains, policies: TinyCity.policiesOnAll))
    var writer = JSONWriter(pretty: true)
    file.write(to: &writer)
    let again = try ScenarioFile(bytes: writer.bytes, path: "again.json")
    var second = JSONWriter(pretty: true)
    again.write(to: &second)
    XCTAssertEqual(
      String(decoding: second.bytes, as: UTF8.self), String(decoding: writer.bytes, as: UTF8.self))
    XCTAssertEqual(again.clock, file.clock)
    XCTAssertEqual(again.parking?.maxTries, 2)
    XCTAssertEqual(again.emergency?.draw?.count, 12)
  }

  func testRefusesWithThePlaceOfTheMistake() throws {
    let good = TinyCity.scenario()
    let cases: [(find: String, replacement: String, place: String, words: String)] = [
      ("\"seed\"", "\"sed\"", "$", "did you mean \"seed\""),
      ("\"seed\": 1", "\"seed\": 1.5", "$.seed", "whole number"),
      ("\"seed\": 1", "\"seed\": -1", "$.seed", "from 0"),
      ("\"step\": \"0.5s\"", "\"step\": \"5\"", "$.clock.step", "duration"),
      ("\"step\": \"0.5s\"", "\"step\": \"2s\"", "$.clock.step", "0.1s to 1s"),
      ("\"step\": \"0.5s\"", "\"stepp\": \"0.5s\"", "$.clock", "did you mean \"step\""),
      ("07:00:00+08:00\", \"step", "07:00:00\", \"step", "$.clock.start", "ISO 8601"),
      ("\"measured\": \"5min\"", "\"warm_up\": \"5min\"", "$.clock", "measured"),
      ("\"city\": \".\"", "\"city\": 3", "$.city", "expected a string"),
      ("\"city\": \".\",", "", "$", "city"),
      ("citytwin-scenario", "citytwin-senario", "$.format", "citytwin-scenario"),
      ("\"version\": 1", "\"version\": 2", "$.version", "version 1"),
      ("\"gravity\"", "\"gravitiy\"", "$.demand", "did you mean \"gravity\""),
      ("\"trips\": 120", "\"trips\": \"many\"", "$.demand.gravity.trips", "whole number"),
      ("\"from\": \"07:00\"", "\"from\": \"7\"", "$.demand.gravity.departures.from", "time"),
      (
        "\"policies\": []", "\"policies\": [{\"type\": \"toll\"}]", "$.policies[0].type",
        "link_closure"
      ),
      (
        "\"policies\": []",
        "\"policies\": [{\"type\": \"link_closure\", \"links\": [\"1\"], \"form\": \"07:00\"}]",
        "$.policies[0]", "did you mean \"from\""
      ),
      ("\"interval\": \"1min\"", "\"interval\": \"0s\"", "$.outputs.interval", "1s"),
      (
        "\"layers\": [\"vehicles\"", "\"layers\": [\"links\"", "$.outputs.snapshots.layers[1]",
        "twice"
      ),
    ]
    for test in cases {
      let text = good.replacingOccurrences(of: test.find, with: test.replacement)
      XCTAssertNotEqual(text, good, "\(test.find) is not in the scenario")
      XCTAssertThrowsError(try read(text), test.replacement) { error in
        let city = error as? CityError
        XCTAssertEqual(city?.exitCode, 2, test.replacement)
        XCTAssertEqual(city?.file, "here/scenario.json", test.replacement)
        XCTAssertEqual(city?.place, test.place, "\(error)")
        XCTAssertTrue(city?.message.contains(test.words) ?? false, "\(error)")
      }
    }
  }

  func testDeepAndBrokenJSONIsRefused() {
    for text in [
      String(repeating: "[", count: 200_000), "{", "", "{\"format\": \"citytwin-scenario\"",
      "\u{FEFF}[]", "{\"format\": nul}",
    ] {
      XCTAssertThrowsError(try read(text)) { XCTAssertEqual(($0 as? CityError)?.exitCode, 2) }
    }
  }

  func testHashIsThatOfFIPS180() {
    // The examples of FIPS 180-4 and its test suite.
    let examples = [
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ]
    for (text, digits) in examples {
      XCTAssertEqual(SHA256.hex(Array(text.utf8)), digits)
      // By hand, too, where the processor can do it by itself.
      let slow = Array(text.utf8).withUnsafeBytes { SHA256.hex($0, isBuiltIn: false) }
      XCTAssertEqual(slow, digits)
    }
  }

  func testPathsAreRelativeToTheScenario() {
    XCTAssertEqual(ScenarioPath.resolve("../city", beside: "a/b/scenario.json"), "a/b/../city")
    XCTAssertEqual(ScenarioPath.resolve("/city", beside: "a/scenario.json"), "/city")
    XCTAssertEqual(ScenarioPath.resolve("trips.csv", beside: "scenario.json"), "trips.csv")
  }
}
