import Foundation
import XCTest

final class TidinessTests: XCTestCase {
  static let folders = ["Sources", "Tests", "Scenarios", "GeoData", "Benchmarks", ".ci"]
  static let rootFiles = ["Package.swift", "README.md", ".gitignore", ".swift-format"]

  /// A path that exists on one machine only helps nobody on another.
  func testNoFileNamesAPlaceOnSomeonesMachine() throws {
    let pattern = try NSRegularExpression(
      pattern: #"(?<![A-Za-z0-9_.}])/(?:(?:work|tmp)\b|(?:home|root|Users|private|mnt|opt|var)/)"#)
    let files = Self.rootFiles + Self.folders.flatMap { House.files(under: $0) }
    XCTAssertGreaterThan(files.count, 150)
    for file in files where !Self.isBinary(file) {
      guard let text = try? House.text(file) else {
        XCTFail("\(file) is not UTF-8 text")
        continue
      }
      let whole = NSRange(text.startIndex..., in: text)
      if let match = pattern.firstMatch(in: text, range: whole),
        let range = Range(match.range, in: text)
      {
        XCTFail("\(file) names a place on a machine: \(text[range.lowerBound...].prefix(30))")
      }
    }
  }

  func testFilesStaySmall() throws {
    let files = House.files(under: "Sources", ending: ".swift")
    let lengths = try files.map { try House.text($0).split(separator: "\n").count }.sorted()
    XCTAssertLessThanOrEqual(lengths[lengths.count / 2], 130, "the median of \(files.count) files")
    // A few state machines may be long; most files must not.
    XCTAssertLessThanOrEqual(lengths.count { $0 > 300 }, 3)
  }

  func testTheTopLevelIsAsPlanned() throws {
    let planned: Set<String> = [
      "Package.swift", "Sources", "Tests", "Scenarios", "GeoData", "Benchmarks", "README.md",
    ]
    let found = try FileManager.default.contentsOfDirectory(atPath: House.root.path)
    let missing = planned.subtracting(found)
    XCTAssertEqual(missing, [])
    // What a run or a resolve leaves behind is ignored by git and may lie about.
    let ignored: Set<String> = ["run", "Package.resolved"]
    let others = Set(found.filter { !$0.hasPrefix(".") }).subtracting(planned).subtracting(ignored)
    XCTAssertEqual(others, [], "the top level is fixed")
  }

  private static func isBinary(_ file: String) -> Bool {
    [".cimn", ".gz", ".pbf", ".png"].contains { file.hasSuffix($0) }
  }
}
