import CityBase
import CityTestSupport
import CityText
import Foundation
import XCTest

@testable import CityCLI

final class CommandLineTests: XCTestCase {
  /// What a command line printed and returned.
  private func cim(_ arguments: [String], terminal: Bool = false) -> (
    code: Int32, out: String, err: String
  ) {
    var out = ""
    var err = ""
    let output = CommandOutput(
      isTerminal: terminal, out: { out += $0 }, err: { err += $0 })
    let code = CommandLineTool.run(arguments, output)
    return (code, out, err)
  }

  func testEveryCommandExplainsItself() {
    let overview = cim(["--help"])
    XCTAssertEqual(overview.code, 0)
    for command in CommandLineTool.commands {
      let specification = command.specification
      XCTAssertTrue(overview.out.contains("  \(specification.name) "), specification.name)
      let words = specification.name.split(separator: " ").map(String.init)
      let help = cim(words + ["--help"])
      XCTAssertEqual(help.code, 0)
      XCTAssertEqual(help.out, cim(["help"] + words).out)
      XCTAssertTrue(help.out.contains("Example"), specification.name)
      for option in specification.options { XCTAssertTrue(help.out.contains(option.name)) }
      // What an example shows must be understood by the parser.
      for example in specification.examples {
        let line = example.line.split(separator: " ").map(String.init)
        XCTAssertEqual(Array(line.prefix(words.count + 1)), ["cim"] + words)
        XCTAssertNoThrow(try Arguments(line.dropFirst(words.count + 1), for: specification))
      }
      for line in help.out.split(separator: "\n") {
        XCTAssertLessThanOrEqual(line.count, 110, "\(line)")
      }
    }
  }

  func testVersionIsPrinted() {
    XCTAssertEqual(cim(["--version"]).out, "cim 0.1.0\n")
  }

  func testWrongUsageIs64() {
    let cases: [(arguments: [String], words: String)] = [
      ([], "Usage"),
      (["rnu", "x"], "did you mean run"),
      (["import", "shapefile"], "there is cim import osm"),
      (["export", "roads"], "there is cim export network"),
      (["export", "network", "c"], "--out is missing"),
      (["run"], "SCENARIO is missing"),
      (["run", "s.json"], "--out is missing"),
      (["run", "s.json", "t.json", "--out", "x"], "unexpected \"t.json\""),
      (["run", "s.json", "--out"], "--out needs a value"),
      (["run", "s.json", "--out", "--quiet"], "--out needs a value"),
      (["run", "s.json", "--out", "x", "--thread", "3"], "did you mean --threads"),
      (["run", "s.json", "--out", "x", "--threads", "-3"], "found \"-3\""),
      (["run", "s.json", "--out", "x", "--threads=0"], "found \"0\""),
      (["run", "s.json", "--out", "x", "--threads", "99999999999999999999"], "whole number"),
      (["run", "s.json", "--out", "x", "--seed", "-1"], "--seed expects"),
      (["run", "s.json", "--out", "x", "--seed", "1e3"], "--seed expects"),
      (["run", "s.json", "--out", "x", "--out", "y"], "given twice"),
      (["run", "s.json", "--out", "x", "--quiet=yes"], "takes no value"),
      (["run", "s.json", "--out", "x", "--until", "7"], "--until expects a time"),
      (["run", "s.json", "--out", "x", "--checkpoint-every", "15"], "duration"),
      (["run", "s.json", "--out", "x", "--checkpoint-every", "0s"], "duration"),
      (["import", "osm", "f.osm", "--out", "x", "--drive", "up"], "left or right"),
      (["import", "osm", "f.osm", "--out", "x", "--turn-on-red", "maybe"], "yes or no"),
      (["compare", "s.json"], "VARIANT... is missing"),
      (["compare", "s.json", "t.json", "--out", "x"], "--replications is missing"),
      (["compare", "s.json", "t.json", "--replications", "3"], "--out is missing"),
      (["compare", "s.json", "t.json", "--replications", "0", "--out", "x"], "found \"0\""),
      (["compare", "s.json", "t.json", "--replications", "2.5", "--out", "x"], "whole number"),
      (["compare", "s.json", "t.json", "--replicatons", "2", "--out", "x"], "did you mean"),
      (["generate", "city", "--out", "x", "--size", "1"], "from 2 to 200"),
      (["generate", "city", "--out", "x", "--size", "nan"], "from 2 to 200"),
      (["generate", "city", "--out", "x", "--links", "100"], "--links expects"),
      (["generate", "city", "--out", "x", "--links", "9000", "--size", "4"], "give one of them"),
      (["generate", "city", "--out", "x", "--detail", "all"], "buildings or blocks or streets"),
    ]
    for test in cases {
      let result = cim(test.arguments)
      XCTAssertEqual(result.code, 64, "\(test.arguments)")
      XCTAssertTrue(result.err.contains(test.words), "\(test.arguments): \(result.err)")
      XCTAssertEqual(result.out, "", "\(test.arguments)")
    }
  }

  func testInputThatCannotBeReadIs2() throws {
    let city = try TinyCity()
    let out = city.path + "/run"
    let missing = cim(["run", city.path + "/none.json", "--out", out])
    XCTAssertEqual(missing.code, 2)
    XCTAssertTrue(missing.err.contains("none.json"), missing.err)
    try city.write("{\"sed\": 1", to: "broken.json")
    XCTAssertEqual(cim(["validate", city.path + "/broken.json"]).code, 2)
    XCTAssertEqual(cim(["inspect", city.path + "/nowhere"]).code, 2)
    XCTAssertEqual(cim(["resume", city.path]).code, 2)
    // A folder with other things in it is left alone.
    let refused = cim(["run", city.scenarioPath, "--out", city.path])
    XCTAssertEqual(refused.code, 2)
    XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    XCTAssertTrue(FileManager.default.fileExists(atPath: city.scenarioPath))
  }

  func testRunPrintsATableAndNothingWhenQuiet() throws {
    let city = try TinyCity()
    let out = city.path + "/run"
    let loud = cim(["run", city.scenarioPath, "--out", out, "--until", "07:02"], terminal: true)
    XCTAssertEqual(loud.code, 0, loud.err)
    for word in ["trips due", "arrived", "mean travel time", "km/h", "times real time", out] {
      XCTAssertTrue(loud.out.contains(word), "\(word): \(loud.out)")
    }
    XCTAssertTrue(loud.err.contains("vehicles"), "a progress line on a terminal")
    let quiet = cim(
      ["run", city.scenarioPath, "--out", out, "--until", "07:01", "--quiet"], terminal: true)
    XCTAssertEqual(quiet.code, 0)
    XCTAssertEqual(quiet.out + quiet.err, "")
    let piped = cim(["run", city.scenarioPath, "--out", out, "--until", "07:01"])
    XCTAssertEqual(piped.err, "", "no progress line where nobody looks")
  }

  func testAnInterruptionIs130AndCanBeResumed() throws {
    let city = try TinyCity()
    let out = city.path + "/run"
    let cut = cim(["run", city.scenarioPath, "--out", out, "--stop-at", "07:01"])
    XCTAssertEqual(cut.code, 130)
    XCTAssertTrue(cut.err.contains("cim resume \(out)"), cut.err)
    XCTAssertEqual(cim(["resume", out, "--stop-at", "07:00"]).code, 64, "before where it stands")
    XCTAssertEqual(cim(["resume", out]).code, 0)
    let again = cim(["resume", out])
    XCTAssertEqual(again.code, 0)
    XCTAssertTrue(again.out.contains("nothing to resume"), again.out)
  }

  func testANetworkIsExported() throws {
    let city = try TinyCity()
    let out = city.path + "/layers"
    let loud = cim(["export", "network", city.path, "--out", out])
    XCTAssertEqual(loud.code, 0, loud.err)
    for layer in ["links", "lanes", "turns", "junctions", "signals"] {
      XCTAssertTrue(loud.out.contains("\(layer).geojson"), loud.out)
      XCTAssertTrue(FileManager.default.fileExists(atPath: "\(out)/\(layer).geojson"), layer)
    }
    let quiet = cim(["export", "network", city.path + "/city.json", "--out", out, "--quiet"])
    XCTAssertEqual(quiet.code, 0, quiet.err)
    XCTAssertEqual(quiet.out + quiet.err, "")
    XCTAssertEqual(cim(["export", "network", city.path, "--out", city.path]).code, 2)
  }

  func testValidateTellsWhatWouldRun() throws {
    let city = try TinyCity()
    let result = cim(["validate", city.scenarioPath])
    XCTAssertEqual(result.code, 0, result.err)
    XCTAssertTrue(result.out.contains("120"), result.out)
    XCTAssertTrue(result.out.contains("This scenario can run."))
    try city.write(
      TinyCity.scenario().replacingOccurrences(of: "vehicles", with: "vehicels"),
      to: "scenario.json")
    let layer = cim(["validate", city.scenarioPath])
    XCTAssertEqual(layer.code, 2)
    XCTAssertTrue(layer.err.contains("$.outputs.snapshots.layers[0]"), layer.err)
  }

  func testValidateCountsBaysCallsAndUnits() throws {
    let city = try TinyCity(scenario: TinyCity.scenario(parts: TinyCity.allDomains))
    try city.write(#"{"extends": "scenario.json", "policies": []}"#, to: "variant.json")
    let result = cim(["validate", city.path + "/variant.json"])
    XCTAssertEqual(result.code, 0, result.err)
    for words in [
      "4 parking facilities with 18 bays", "12 emergency calls for 5 units at 3 posts",
      "scenario.json; its own are: policies (policies in place of the other's)",
    ] {
      XCTAssertTrue(result.out.contains(words), result.out)
    }
  }

  func testCompareSaysWhatCannotBeToldFromNoise() throws {
    let city = try TinyCity(scenario: TinyCity.scenario(parts: TinyCity.allDomains))
    try city.write(
      #"{"extends": "scenario.json", "name": "Dear", "policies": [{"type": "parking_price", "#
        + #""facilities": ["p1", "p2"], "cny_per_hour": 90}]}"#, to: "dear.json")
    let out = city.path + "/compared"
    func compare(_ replications: Int, _ more: [String] = []) -> (
      code: Int32, out: String, err: String
    ) {
      cim(
        [
          "compare", city.scenarioPath, city.path + "/dear.json", "--replications",
          "\(replications)", "--out", out, "--until", "07:03",
        ] + more, terminal: true)
    }
    let many = compare(3)
    XCTAssertEqual(many.code, 0, many.err)
    for words in [
      "Tiny, the baseline, against Dear", "3 runs each, seeds 1 to 3", "95 % interval",
      "trips.total_time_h", "parking.revenue_cny", "emergency.mean_response_s",
      "no difference", "comparison.csv",
    ] {
      XCTAssertTrue(many.out.contains(words), "\(words): \(many.out)")
    }
    XCTAssertTrue(many.err.contains("of 6 runs"), "a progress line on a terminal")
    let rows = try CSVTable.read(path: out + "/comparison.csv")
    XCTAssertEqual(
      rows.header,
      ["variant", "figure", "baseline", "value", "difference", "low", "high", "replications"])
    let json = try XCTUnwrap(try JSONValue.read(path: out + "/comparison.json").array)
    XCTAssertEqual(json.count, rows.rows.count)
    XCTAssertEqual(json.first?.members?.map(\.key), rows.header)
    // An earlier comparison is replaced.
    let one = compare(1)
    XCTAssertEqual(one.code, 0, one.err)
    XCTAssertTrue(one.out.contains("says nothing about noise"), one.out)
    let first = try XCTUnwrap(try JSONValue.read(path: out + "/comparison.json").array?.first)
    XCTAssertEqual(first["low"]?.isNull, true)
    let quiet = compare(1, ["--quiet", "--seed", "5"])
    XCTAssertEqual(quiet.code, 0)
    XCTAssertEqual(quiet.out + quiet.err, "")
  }

  func testCompareRefusesWhatItCannotUse() throws {
    let city = try TinyCity()
    let arguments = [
      "compare", city.scenarioPath, city.scenarioPath, "--replications", "1", "--out",
    ]
    let taken = cim(arguments + [city.path])
    XCTAssertEqual(taken.code, 2)
    XCTAssertTrue(taken.err.contains("holds no comparison"), taken.err)
    let run = city.path + "/run"
    XCTAssertEqual(
      cim(["run", city.scenarioPath, "--out", run, "--until", "07:01", "--quiet"]).code, 0)
    XCTAssertEqual(cim(arguments + [run]).code, 2, "a run is no comparison")
    let missing = cim(
      ["compare", city.scenarioPath, city.path + "/none.json", "--replications", "1", "--out"]
        + [city.path + "/new"])
    XCTAssertEqual(missing.code, 2)
    XCTAssertTrue(missing.err.contains("none.json"), missing.err)
    XCTAssertFalse(FileManager.default.fileExists(atPath: city.path + "/new"))
  }

  func testInspectCountsWhatIsThere() throws {
    let city = try TinyCity()
    let result = cim(["inspect", city.path])
    XCTAssertEqual(result.code, 0, result.err)
    XCTAssertTrue(result.out.contains("EPSG:4548"), result.out)
    XCTAssertTrue(result.out.contains("links"), result.out)
  }

  func testFiguresReadWell() {
    XCTAssertEqual(Figures.grouped(1_234_567), "1,234,567")
    XCTAssertEqual(Figures.grouped(-999), "-999")
    XCTAssertEqual(Figures.decimal(2, 1), "2.0")
    XCTAssertEqual(Figures.decimal(2.349, 2), "2.35")
    XCTAssertEqual(Figures.decimal(.nan, 2), "-")
    XCTAssertEqual(Figures.duration(125), "2 min 5 s")
    XCTAssertEqual(Figures.duration(.infinity), "-")
  }
}
