import CityBase
import CityEmergency
import CityReporting
import CityText

/// Scenarios that are to be compared: the baseline, and variants of it, each bound to its city.
public struct ComparisonPlan: Sendable {
  /// One of the scenarios.
  struct Candidate: Sendable {
    /// The word for it in tables and files.
    var label: String
    var scenario: ScenarioFile
    var city: LoadedCity
    var inputs: [InputRecord]
    /// Of the city.
    var diagnostics: Diagnostics
    /// With the first seed: what every scenario is checked with before any of them runs.
    var first: LoadedScenario
  }

  /// The baseline first.
  let candidates: [Candidate]
  /// One for each replication, the same for every scenario.
  public let seeds: [UInt64]
  let options: RunOptions
  /// What keeps a difference from being the variant's policies alone, and what was left out or
  /// repaired in the inputs.
  public let diagnostics: Diagnostics

  /// The words for the scenarios, the baseline's first.
  public var labels: [String] { candidates.map(\.label) }
  public var baseline: LoadedScenario { candidates[0].first }
  /// How many remarks there are on the inputs of each scenario, by its label.
  public var remarkCounts: [(label: String, count: Int)] {
    candidates.map { ($0.label, $0.first.diagnostics.total) }
  }
  public var runCount: Int { candidates.count * seeds.count }

  /// The most replications a comparison may have.
  public static let replicationRange = 1...100_000

  /// Reads the scenarios and binds each to its city; a city that several name is loaded once.
  /// `options` may name a seed (in place of the baseline's) and an end; seeds count up from it.
  /// Refuses what cannot run.
  public init(
    baseline: String, variants: [String], replications: Int, options: RunOptions
  ) throws(CityError) {
    var scenarios: [ScenarioFile] = []
    for path in [baseline] + variants { scenarios.append(try ScenarioFile.read(path: path)) }
    let seed = options.seed ?? scenarios[0].seed
    var options = options
    options.seed = seed
    self.options = options
    seeds = (0..<UInt64(max(1, replications))).map { seed &+ $0 }
    let labels = Self.labels(scenarios)
    var cities: [String: (city: LoadedCity, diagnostics: Diagnostics)] = [:]
    var candidates: [Candidate] = []
    for (scenario, label) in zip(scenarios, labels) {
      let place = ScenarioPath.identity(of: scenario.cityFolder)
      let found: (city: LoadedCity, diagnostics: Diagnostics)
      if let known = cities[place] { found = known } else { found = try Self.load(scenario) }
      cities[place] = found
      let inputs = try RunInputs.records(of: scenario, map: found.city.map)
      let first = try ScenarioLoader.bind(
        scenario, to: found.city, inputs: inputs, options: options,
        diagnostics: found.diagnostics)
      candidates.append(
        Candidate(
          label: label, scenario: scenario, city: found.city, inputs: inputs,
          diagnostics: found.diagnostics, first: first))
    }
    self.candidates = candidates
    var diagnostics = Diagnostics()
    for candidate in candidates.dropFirst() {
      Self.note(candidate, against: candidates[0], seed: seed, diagnostics: &diagnostics)
    }
    self.diagnostics = diagnostics
  }

  private static func load(_ scenario: ScenarioFile) throws(CityError) -> (
    city: LoadedCity, diagnostics: Diagnostics
  ) {
    var diagnostics = Diagnostics()
    let map = try ScenarioLoader.loadMap(scenario, diagnostics: &diagnostics)
    return (try LoadedCity(map, diagnostics: &diagnostics), diagnostics)
  }

  /// Says where two scenarios do not have the same people in the same city.
  private static func note(
    _ variant: Candidate, against baseline: Candidate, seed: UInt64,
    diagnostics: inout Diagnostics
  ) {
    let (a, b) = (baseline.scenario, variant.scenario)
    func people(_ what: String) {
      diagnostics.warn(
        "other-people", file: b.path,
        "\(variant.label) has another \(what) than \(baseline.label): its people are not the same, "
          + "and the differences are not those of a policy alone")
    }
    if a.cityFolder != b.cityFolder,
      ScenarioPath.identity(of: a.cityFolder) != ScenarioPath.identity(of: b.cityFolder)
    {
      people("city")
    }
    if a.clock != b.clock { people("clock") }
    if text(a.demand) != text(b.demand) { people("demand") }
    if text(a.emergency) != text(b.emergency) {
      diagnostics.note(
        "other-emergency", file: b.path,
        "\(variant.label) has other emergency settings than \(baseline.label): its calls may differ"
      )
    }
    if b.seed != a.seed, b.seed != seed {
      diagnostics.note(
        "seed-unused", file: b.path, place: "$.seed",
        "the seed \(b.seed) of \(variant.label) is not used: all have the same, from \(seed) on")
    }
  }

  private static func text(_ demand: [ScenarioFile.DemandEntry]) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginArray()
    for entry in demand {
      writer.echo(entry.source)
      // Equal names are different files where the parts stand in different folders.
      for file in entry.settings.inputFiles {
        writer.value(ScenarioPath.identity(of: ScenarioPath.resolve(file, beside: entry.file)))
      }
    }
    writer.endArray()
    return writer.bytes
  }
}

extension ComparisonPlan {
  private static func text(_ emergency: EmergencySettings?) -> [UInt8] {
    var writer = JSONWriter()
    emergency?.write(to: &writer)
    return writer.bytes
  }

  /// The names of the scenarios. A variant that shares its name with another file is told apart by
  /// its own, then by its folder, then by a number; a baseline that is its own variant says so.
  static func labels(_ scenarios: [ScenarioFile]) -> [String] {
    func file(_ i: Int, _ parts: Int) -> String {
      scenarios[i].path.split(separator: "/").suffix(parts).joined(separator: "/")
    }
    var labels = scenarios.map(\.name)
    for parts in 1...2 {
      let taken = labels
      for i in labels.indices.dropFirst() {
        let hasNamesake = taken.indices.contains {
          taken[$0] == taken[i] && scenarios[$0].path != scenarios[i].path
        }
        if hasNamesake { labels[i] = "\(scenarios[i].name) (\(file(i, parts)))" }
      }
    }
    let taken = labels
    for i in labels.indices.dropFirst() where taken[1..<i].contains(taken[i]) {
      labels[i] += " #\(taken[1...i].count { $0 == taken[i] })"
    }
    if labels.dropFirst().contains(labels[0]) { labels[0] += " (baseline)" }
    return labels
  }
}
