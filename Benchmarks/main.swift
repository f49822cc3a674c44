import CityBase
import Foundation

// benchmarks NAME... [options]: measures parts of the engine and writes what it measured.

let usage = """
  Usage: swift run -c release benchmarks NAME... [options]

  \(Registry.all.map { "  \($0.name.padding(toLength: 9, withPad: " ", startingAt: 0))\($0.summary)" }
    .joined(separator: "\n"))
    all      All of these.

  Options:
    --scenario FILE   For traffic: a scenario instead of a grid.
    --osm FILE        For import: an .osm or .osm.gz file.
    --city DIR        For routes: a city folder instead of a grid.
    --until T         For traffic: end the run there, 07:10.
    --links N         For cities: one city of so many links. Default: 10,000, 50,000 and 200,000.
    --trips N         For cities: trips in an hour. Default: 100,000.
    --megabytes N     For geojson: size of the made file. Default: 100.
    --repeat N        Measurements of each figure. Default: 5.
    --results FILE    Replace these sections of FILE, such as Benchmarks/RESULTS.md.
    --commit ID       Of the code, for the results. Default: asked of git.

  """

do {
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  for benchmark in options.benchmarks {
    let section = try benchmark.run(options)
    print(section.text)
    if let path = options.results {
      try ResultsFile(path: path).replace(section, commit: options.commit)
    }
  }
} catch let error as CityError {
  FileHandle.standardError.write(
    Data("benchmarks: \(error)\n\(error.kind == .usage ? usage : "")".utf8))
  exit(error.exitCode)
}
