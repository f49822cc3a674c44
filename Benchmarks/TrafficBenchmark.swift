import CityBase
import CityReporting
import CityScenario
import CitySimulation
import CityTestSupport
import CityTraffic

/// Vehicle-seconds per CPU second: of a whole scenario, files and all, or of a grid without files.
enum TrafficBenchmark {
  static func run(_ options: Options) throws -> Section {
    if let scenario = options.scenario { return try runScenario(scenario, options) }
    return grid(options)
  }

  // A scenario, loading and outputs included

  private static func runScenario(_ path: String, _ options: Options) throws -> Section {
    var section = Section(
      title: "traffic",
      about: "`\(path)`, in one process: loading, routes, every tick and every output file.")
    for threads in [1, 2] {
      var whole: [Double] = []
      var running: [Double] = []
      var factor: [Double] = []
      var loading: [Double] = []
      var vehicleSeconds = 0.0
      for _ in 0..<options.repeats {
        let figures = try once(path, threads: threads, options)
        vehicleSeconds = figures.vehicleSeconds
        loading.append(figures.loading.cpu)
        whole.append(vehicleSeconds / (figures.loading.cpu + figures.running.cpu))
        running.append(vehicleSeconds / figures.running.cpu)
        factor.append(figures.simulatedSeconds / figures.running.wall)
      }
      let name = "\(threads) thread\(threads > 1 ? "s" : "")"
      if threads == 1 { section.add("driven", "vehicle-seconds", [vehicleSeconds]) }
      section.add("whole run, \(name)", "vehicle-s / CPU s", whole)
      section.add("without loading, \(name)", "vehicle-s / CPU s", running)
      section.add("loading, \(name)", "CPU s", loading)
      section.add("faster than real time, \(name)", "times", factor)
    }
    return section
  }

  private struct Figures {
    var loading: Timing
    var running: Timing
    var vehicleSeconds: Double
    var simulatedSeconds: Double
  }

  private static func once(_ path: String, threads: Int, _ options: Options) throws -> Figures {
    try Scratch.with { scratch in
      let runOptions = RunOptions(threads: threads, until: options.until)
      let (loading, runner) = try Timing.of {
        let loaded = try ScenarioLoader.load(path: path, options: runOptions)
        let folder = try RunFolder.prepare(path: scratch.file("run"))
        return try ScenarioRunner(loaded, folder: folder, options: runOptions)
      }
      let (running, result) = try Timing.of { try runner.run() }
      return Figures(
        loading: loading, running: running, vehicleSeconds: result.performance.vehicleSeconds,
        simulatedSeconds: result.performance.simulatedSeconds)
    }
  }

  // A grid, ticks alone

  private static func grid(_ options: Options) -> Section {
    let network = GridNetwork(size: 12, spacing: 250, lanes: 2).build()
    let demand = GridTraffic.demand(network, count: 12_000, seconds: 1200)
    var section = Section(
      title: "traffic on a grid",
      about: "12 x 12 signals, \(demand.trips.count) trips in 20 minutes: the ticks of 30 minutes, "
        + "without loading and without files.")
    for threads in [1, 2] {
      var rates: [Double] = []
      var vehicleSeconds = 0.0
      for _ in 0..<options.repeats {
        let run = GridTraffic(network: network, demand: demand, threads: threads)
        let (timing, _) = Timing.of { run.drive(seconds: 1800) }
        vehicleSeconds = run.vehicleSeconds
        rates.append(vehicleSeconds / timing.cpu)
        run.pool.shutDown()
      }
      if threads == 1 { section.add("driven", "vehicle-seconds", [vehicleSeconds]) }
      section.add("\(threads) thread\(threads > 1 ? "s" : "")", "vehicle-s / CPU s", rates)
    }
    return section
  }
}
