import CityBase
import CityImport
import CityModel
import CityNetwork
import CityReporting
import CityScenario
import CityText

/// Generated cities of growing size: made and written, read again, and filled with trips.
enum CityBenchmark {
  /// Directed links of the cities; `--links` names another one instead.
  static let sizes = [10_000, 50_000, 200_000]

  static func run(_ options: Options) throws -> Section {
    let sizes = options.links.map { [$0] } ?? sizes
    var section = Section(
      title: "cities",
      about: "`cim generate city --links N --seed 1`, loading its folder, and "
        + "\(Section.figure(Double(options.trips))) trips of an hour by the gravity model, "
        + "5 km long on average, with their first routes. Memory is the most that the process has "
        + "held so far, the benchmark's own copies included.")
    for links in sizes {
      try Scratch.with { scratch in
        try measure(links, scratch, options, &section)
      }
    }
    return section
  }

  private static func measure(
    _ links: Int, _ scratch: Scratch, _ options: Options, _ section: inout Section
  ) throws {
    // A large city takes long enough to be measured once.
    let repeats = links > 50_000 ? 1 : options.repeats
    let name = "\(Section.figure(Double(links))) links"
    let folder = scratch.file("city")
    var making: [Double] = []
    var reading: [Double] = []
    for _ in 0..<repeats {
      let (timing, _) = try Timing.of {
        try GenerateCommand.run(CityGeneratorOptions(seed: 1, links: links), out: folder)
      }
      making.append(timing.cpu)
    }
    section.add("generate, \(name)", "CPU s", making)
    section.add("memory after generating, \(name)", "MB", [ProcessClock.peakMemoryMegabytes()])
    for _ in 0..<repeats {
      let (timing, _) = try Timing.of {
        var diagnostics = Diagnostics()
        let map = try CityMap.load(folder: folder, diagnostics: &diagnostics)
        return try ScenarioLoader.loadNetwork(map, diagnostics: &diagnostics).linkCount
      }
      reading.append(timing.cpu)
    }
    section.add("load, \(name)", "CPU s", reading)
    try measureDemand(name, scratch, options, &section)
    section.add("memory after demand, \(name)", "MB", [ProcessClock.peakMemoryMegabytes()])
  }

  /// What more trips cost: a scenario with all of them less one with a single trip, whose cost is
  /// the city, its zones and their distances.
  private static func measureDemand(
    _ name: String, _ scratch: Scratch, _ options: Options, _ section: inout Section
  ) throws {
    for threads in [1, 2] {
      let ready = try load(trips: 1, threads: threads, scratch)
      let full = try load(trips: options.trips, threads: threads, scratch)
      let label = "\(name), \(threads) thread\(threads > 1 ? "s" : "")"
      section.add("city, zones and distances, \(label)", "CPU s", [ready.cpu])
      section.add("trips and routes, \(label)", "CPU s", [full.cpu - ready.cpu])
      section.add("trips and routes, \(label)", "wall s", [full.wall - ready.wall])
    }
  }

  private static func load(trips: Int, threads: Int, _ scratch: Scratch) throws -> Timing {
    let path = scratch.file("scenario.json")
    let text = """
      {"format": "citytwin-scenario", "version": 1, "name": "cities", "city": "city", "seed": 1,
       "clock": {"start": "2026-03-02T07:00:00+08:00", "measured": "60min"},
       "demand": {"gravity": {"trips": \(trips), "mean_distance_m": 5000,
         "minimum_distance_m": 1000, "departures": {"from": "07:00", "to": "08:00"}}},
       "outputs": {"interval": "15min"}}
      """
    try OutputFile.write(text, to: path)
    return try Timing.of {
      try ScenarioLoader.load(path: path, options: RunOptions(threads: threads)).endTick
    }.timing
  }
}
