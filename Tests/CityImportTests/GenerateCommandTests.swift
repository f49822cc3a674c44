import CityBase
import CityScenario
import Foundation
import XCTest

@testable import CityImport

final class GenerateCommandTests: XCTestCase {
  private var folder = ""

  override func setUpWithError() throws {
    folder = NSTemporaryDirectory() + "/generate-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

  func testTwoFoldersHoldTheSameBytes() throws {
    let options = CityGeneratorOptions(seed: 4, name: "small", sizeKilometers: 2, population: 5_000)
    var written: [[String: Data]] = []
    for parent in ["one", "two"] {
      let out = "\(folder)/\(parent)/small"
      let report = try GenerateCommand.run(options, out: out)
      XCTAssertTrue(report.contains("5000"), report)
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: out) {
        files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(out)/\(name)"))
      }
      written.append(files)
    }
    XCTAssertEqual(written[0], written[1])
    XCTAssertGreaterThan(written[0].count, 10)
    let readme = String(decoding: written[0]["README.md"] ?? Data(), as: UTF8.self)
    XCTAssertTrue(
      readme.contains(
        "cim generate city --out small --seed 4 --size 2 --name small --population 5000"
      ), readme)
  }

  /// Nobody has to write a scenario before the first run: even without houses there is traffic.
  func testACityComesWithAMorning() throws {
    for detail in CityGeneratorOptions.Detail.allCases {
      var options = CityGeneratorOptions(sizeKilometers: 2)
      options.detail = detail
      let out = "\(folder)/\(detail.rawValue)"
      let report = try GenerateCommand.run(options, out: out)
      XCTAssertTrue(report.contains("next: cim run \(out)/scenario.json"), report)
      let basis = try ScenarioBasis(path: "\(out)/scenario.json")
      let loaded = try basis.bound(options: RunOptions())
      // Forty minutes of a moderate load: some vehicles for each of the 300 links.
      XCTAssertGreaterThan(loaded.demand.trips.count, 300, detail.rawValue)
    }
  }

  func testAFolderWithOtherThingsIsLeftAlone() throws {
    let note = folder + "/note.txt"
    try Data("mine".utf8).write(to: URL(fileURLWithPath: note))
    XCTAssertThrowsError(
      try GenerateCommand.run(CityGeneratorOptions(sizeKilometers: 2), out: folder)
    ) { XCTAssertEqual(($0 as? CityError)?.kind, .refused) }
    XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["note.txt"])
  }
}
