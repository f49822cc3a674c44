import CityBase

/// One thing to measure.
struct Benchmark: Sendable {
  var name: String
  var summary: String
  var run: @Sendable (Options) throws -> Section
}

/// All benchmarks, in the order they run.
enum Registry {
  static let all: [Benchmark] = [
    Benchmark(
      name: "traffic", summary: "Vehicle-seconds per CPU second, on one thread and on two.",
      run: TrafficBenchmark.run),
    Benchmark(
      name: "geojson", summary: "Reading and writing GeoJSON, in MB/s.", run: GeoJSONBenchmark.run),
    Benchmark(
      name: "index", summary: "The R-tree: build, windows, nearest.", run: IndexBenchmark.run),
    Benchmark(
      name: "routes", summary: "Shortest paths, plain and over a hierarchy, queries per second.",
      run: RouteBenchmark.run),
    Benchmark(
      name: "routes-million", summary: "The same on a million links; takes a minute a repeat.",
      run: RouteBenchmark.runMillion),
    Benchmark(
      name: "cities", summary: "Generated cities by size: made, loaded, filled with trips.",
      run: CityBenchmark.run),
    Benchmark(
      name: "import", summary: "OpenStreetMap to a city folder; needs --osm.",
      run: ImportBenchmark.run),
  ]
}
