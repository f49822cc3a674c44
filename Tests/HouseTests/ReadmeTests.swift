import CityCLI
import Foundation
import XCTest

final class ReadmeTests: XCTestCase {
  static let install = "apt-get install -y libgeos-dev libproj-dev"
  static let run = "swift run -c release cim run Scenarios/morning-peak/scenario.json --out run"
  static let test = "swift test -c release --scratch-path .build/test"

  func testTheCommandsAreThoseOfCI() throws {
    let readme = try House.text("README.md")
    let ci = try House.text(".ci/run")
    for command in [Self.install, Self.run, Self.test] {
      let lines = readme.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      XCTAssert(lines.contains(command), "the README has no line \"\(command)\"")
      XCTAssert(ci.contains(command), ".ci/run does not run \"\(command)\"")
    }
  }

  func testEveryNamedFileIsThere() throws {
    let pattern = try NSRegularExpression(
      pattern: #"(?:Sources|Tests|Scenarios|GeoData|Benchmarks|\.ci)/[A-Za-z0-9_+./-]*[A-Za-z0-9_]"#
    )
    let readme = try House.text("README.md")
    var count = 0
    for match in pattern.matches(in: readme, range: NSRange(readme.startIndex..., in: readme)) {
      guard let range = Range(match.range, in: readme) else { continue }
      let path = String(readme[range])
      count += 1
      XCTAssert(
        FileManager.default.fileExists(atPath: House.root.appendingPathComponent(path).path), path)
    }
    XCTAssertGreaterThan(count, 10)
  }

  /// Every `cim` line of the README names a command and options that exist.
  func testEveryCommandLineIsKnown() throws {
    var isCode = false
    var count = 0
    for line in try House.text("README.md").split(separator: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      guard isCode,
        let start = line.range(of: #"(^|release |&& )cim "#, options: .regularExpression)
      else { continue }
      let words = line[start.upperBound...].prefix { $0 != "#" && $0 != "&" }.split(separator: " ")
      let command = words.prefix {
        !$0.hasPrefix("-") && $0.allSatisfy { $0.isLowercase || $0 == "-" }
      }.map(String.init)
      let help = try XCTUnwrap(help(for: command), "cim \(command.joined(separator: " "))")
      for option in words where option.hasPrefix("--") && option != "--help" {
        XCTAssert(
          help.contains("  \(option) ") || help.contains("  \(option)\n"), "\(line): \(option)")
      }
      count += 1
    }
    XCTAssertGreaterThan(count, 5)
  }

  /// The help of the command that some words begin with.
  private func help(for words: [String]) -> String? {
    for length in stride(from: min(2, words.count), to: 0, by: -1) {
      let text = Said()
      let output = CommandOutput(out: { text.out += $0 }, err: { _ in })
      if CommandLineTool.run(words.prefix(length) + ["--help"], output) == 0 { return text.out }
    }
    return nil
  }

  private final class Said {
    var out = ""
  }
}
