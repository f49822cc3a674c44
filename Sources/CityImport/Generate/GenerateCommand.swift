import CityBase
import CityModel
import CityNetwork

/// The work of `cim generate city`.
public enum GenerateCommand {
  /// Generates a city, writes its folder with a README and half an hour of morning traffic in a
  /// `scenario.json`, and returns a report for people.
  ///
  /// Throws a usage error for options out of range, and what the folder writer throws where the
  /// folder cannot be written.
  public static func run(_ options: CityGeneratorOptions, out: String) throws(CityError) -> String {
    try options.validate()
    try CityFolderWriter.check(out)
    var draft = try CityGenerator.generate(options)
    draft.notice = notice(draft, options, out: out)
    var diagnostics = draft.diagnostics
    let network = NetworkBuilder.build(draft.roads, diagnostics: &diagnostics)
    try CityFolderWriter.write(
      draft, network: network, otherFiles: [("scenario.json", ScenarioSeed(draft).bytes)], to: out)
    return report(draft, network, diagnostics, out: out)
  }

  /// The command line that makes this city again. Of the folder only the last part is named, so
  /// that the text does not depend on where it was made.
  static func commandLine(_ options: CityGeneratorOptions, out: String) -> String {
    let folder = out.split(separator: "/").last { $0 != "." && $0 != ".." } ?? "city"
    var words = ["cim generate city --out \(folder) --seed \(options.seed)"]
    if let links = options.links {
      words.append("--links \(links)")
    } else {
      words.append("--size \(short(options.sizeKilometers))")
    }
    words.append("--name \(options.name)")
    if options.streets != .full { words.append("--streets \(options.streets.rawValue)") }
    if let detail = options.detail { words.append("--detail \(detail.rawValue)") }
    if let population = options.population { words.append("--population \(population)") }
    return words.joined(separator: " ")
  }

  private static func short(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e6 ? String(Int(x)) : String(x)
  }

  private static func notice(_ draft: CityDraft, _ options: CityGeneratorOptions, out: String)
    -> String
  {
    var text = """
      # \(options.name)

      A city that does not exist. Its streets, buildings, people and names are generated, not
      surveyed; only the place on the map, near 117.2° E, 39.12° N, is a real one. Made by

          \(commandLine(options, out: out))

      The same command makes the same bytes again. Layers are in CGCS2000 (EPSG:4490); the working
      CRS is EPSG:4548, metres. `city.json` lists the layers, `network.cimn` holds the built network.
      `scenario.json` is half an hour of a morning, with as much traffic as fills the streets moderately.

      | what | how many |
      |---|---|
      | residents | \(residents(draft)) |
      | streets | \(draft.roads.ways.count) |

      """
    for (kind, count) in counts(draft) { text += "| \(kind.plural) | \(count) |\n" }
    for side in draft.sideLayers {
      text += "\nBus stops, crossings and signs lie in `\(side.fileName)`, which nothing loads.\n"
    }
    return text
  }

  /// How many there are of each kind that occurs.
  private static func counts(_ draft: CityDraft) -> [(kind: EntityKind, count: Int)] {
    EntityKind.allCases.compactMap { kind in
      let count = draft.entities.count { $0.kind == kind }
      return count > 0 ? (kind, count) : nil
    }
  }

  private static func report(
    _ draft: CityDraft, _ network: RoadNetwork, _ diagnostics: Diagnostics, out: String
  ) -> String {
    var lines = ["Generated \(draft.name) in \(out)"]
    func add(_ label: String, _ value: String) {
      let gap = String(repeating: " ", count: max(1, 22 - label.count))
      lines.append("  \(label)\(gap)\(value)")
    }
    add("junctions", String(network.junctionCount))
    add("links", String(network.linkCount))
    for (kind, count) in counts(draft) { add(kind.plural, String(count)) }
    add("residents", String(residents(draft)))
    for d in diagnostics.entries.prefix(20) { lines.append("  \(d)") }
    lines.append("next: cim run \(out)/scenario.json --out run")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func residents(_ draft: CityDraft) -> Int64 {
    draft.entities.filter { $0.kind == .district }.reduce(0) { sum, district in
      for p in district.properties where p.name == "population" {
        if case .integer(let people) = p.value { return sum + people }
      }
      return sum
    }
  }
}
