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
      (["generate", "city", "--out", "x", "--size", "1"], "from 2 to 200"),
      (["generate", "city", "--out", "x", "--size", "nan"], "from 2 to 200"),
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
