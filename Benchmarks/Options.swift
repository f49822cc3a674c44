import CityBase
import Foundation

/// The command line of the benchmarks.
struct Options: Sendable {
  var benchmarks: [Benchmark] = []
  var scenario: String?
  var osm: String?
  var city: String?
  var until: TimeText?
  var megabytes = 100
  /// Directed links of the only city to be measured.
  var links: Int?
  var trips = 100_000
  /// Measurements of each figure, 1 or more.
  var repeats = 5
  var results: String?
  var commit = Options.commitOfGit()

  init(_ arguments: [String]) throws(CityError) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        try add(benchmark: word)
        continue
      }
      guard let value = rest.popFirst() else { throw .usage("\(word) needs a value") }
      try set(word, value)
    }
    guard !benchmarks.isEmpty else { throw .usage("which benchmark?") }
  }

  private mutating func add(benchmark name: String) throws(CityError) {
    if name == "all" {
      // The import needs a file that this package does not have.
      benchmarks += Registry.all.filter { $0.name != "import" || osm != nil }
    } else if let found = Registry.all.first(where: { $0.name == name }) {
      benchmarks.append(found)
    } else {
      throw .usage("unknown benchmark \"\(name)\"")
    }
  }

  private mutating func set(_ option: String, _ value: String) throws(CityError) {
    func count(upTo limit: Int) throws(CityError) -> Int {
      guard let n = Int(value), 1...limit ~= n else {
        throw .usage("\(option) expects a whole number, 1 to \(limit); found \"\(value)\"")
      }
      return n
    }
    switch option {
    case "--scenario": scenario = value
    case "--osm": osm = value
    case "--city": city = value
    case "--results": results = value
    case "--commit": commit = value
    case "--repeat": repeats = try count(upTo: 1000)
    case "--links": links = try count(upTo: 2_000_000)
    case "--trips": trips = try count(upTo: 10_000_000)
    case "--megabytes": megabytes = try count(upTo: 4000)
    case "--until":
      guard let time = TimeText(value) else { throw .usage("--until expects a time such as 07:10") }
      until = time
    default: throw .usage("unknown option \(option)")
    }
  }

  /// The short id of the commit that lies here, with a mark where files differ from it.
  private static func commitOfGit() -> String {
    let git = Process()
    git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    git.arguments = ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]
    let pipe = Pipe()
    git.standardOutput = pipe
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return "unknown" }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    git.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return git.terminationStatus == 0 && !text.isEmpty ? text : "unknown"
  }
}
