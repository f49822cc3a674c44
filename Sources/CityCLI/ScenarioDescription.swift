import CityBase
import CityScenario

/// What a loaded scenario would do, for people.
enum ScenarioDescription {
  /// The lines before a run.
  static func opening(_ loaded: LoadedScenario) -> String {
    let end = loaded.clock.instant(of: loaded.endTick)
    var text = "\(loaded.scenario.name)\n"
    text += "  \(loaded.map.name), \(loaded.clock.epoch.iso8601) to \(end.timeOfDay), "
    text += "\(Figures.grouped(loaded.demand.trips.count)) trips on "
    text += "\(Figures.grouped(loaded.network.linkCount)) links, seed \(loaded.seed)\n"
    for line in [loaded.demandLine, parking(loaded), emergency(loaded)] where line != nil {
      text += "  \(line ?? "")\n"
    }
    let policies = loaded.scenario.policies.map(\.name)
    if !policies.isEmpty { text += "  with \(policies.joined(separator: ", "))\n" }
    return text + warnings(loaded)
  }

  private static func warnings(_ loaded: LoadedScenario) -> String {
    let total = loaded.diagnostics.total
    guard total > 0 else { return "" }
    let refused =
      loaded.refused.isEmpty
      ? "" : " (\(Figures.grouped(loaded.refused.count)) trips refused, see refused.csv)"
    return "  \(Figures.grouped(total)) remarks on the input\(refused); cim validate shows them\n"
  }

  /// All that `cim validate` prints.
  static func full(_ loaded: LoadedScenario) -> String {
    let scenario = loaded.scenario
    let clock = scenario.clock
    var rows: [(String, String)] = [("scenario", scenario.name)]
    if !scenario.description.isEmpty { rows.append(("", scenario.description)) }
    if let line = extended(scenario) { rows.append(("extends", line)) }
    rows += [
      ("city", "\(loaded.map.name) (\(scenario.city)), \(loaded.map.workingCRS)"),
      (
        "network",
        "\(Figures.grouped(loaded.network.linkCount)) links, "
          + "\(Figures.grouped(loaded.network.junctionCount)) junctions, "
          + "\(Figures.grouped(loaded.network.signals.count)) with signals"
      ),
      ("clock", window(loaded)),
      ("", phases(clock)),
      ("seed", "\(loaded.seed)"),
      ("trips", trips(loaded)),
    ]
    if let line = loaded.demandLine { rows.append(("", line)) }
    if let line = parking(loaded) { rows.append(("parking", line)) }
    if let line = emergency(loaded) { rows.append(("emergency", line)) }
    rows += [
      (
        "policies",
        scenario.policies.isEmpty ? "none" : scenario.policies.map(\.name).joined(separator: ", ")
      )
    ]
    let width = rows.map { $0.0.count }.max() ?? 0
    var text = rows.map { "\($0.0.padded(to: width))  \($0.1)\n" }.joined()
    text += remarks(loaded.diagnostics)
    return text + "\nThis scenario can run.\n"
  }

  private static func window(_ loaded: LoadedScenario) -> String {
    let end = loaded.clock.instant(of: loaded.endTick)
    let step = DurationText.text(milliseconds: loaded.clock.stepMilliseconds)
    return "\(loaded.clock.epoch.iso8601) to \(end.iso8601), in steps of \(step)"
  }

  private static func phases(_ clock: ClockSettings) -> String {
    func text(_ milliseconds: Int64) -> String { DurationText.text(milliseconds: milliseconds) }
    return
      "\(text(clock.warmUpMilliseconds)) warm-up, \(text(clock.measuredMilliseconds)) measured, "
      + "\(text(clock.coolDownMilliseconds)) cool-down"
  }

  private static func extended(_ scenario: ScenarioFile) -> String? {
    guard !scenario.extendedFiles.isEmpty else { return nil }
    let own = scenario.ownKeys.joined(separator: ", ")
    return "\(scenario.extendedFiles.joined(separator: ", ")); its own are: \(own)"
      + (scenario.ownKeys.contains("policies") ? " (policies in place of the other's)" : "")
  }

  private static func parking(_ loaded: LoadedScenario) -> String? {
    loaded.parking.map {
      "\(Figures.grouped($0.facilityCount)) parking facilities with "
        + "\(Figures.grouped($0.bayCount)) bays"
    }
  }

  private static func emergency(_ loaded: LoadedScenario) -> String? {
    loaded.emergency.map {
      "\(Figures.grouped($0.calls.count)) emergency calls for "
        + "\(Figures.grouped($0.unitCount)) units at \(Figures.grouped($0.postCount)) posts"
    }
  }

  private static func trips(_ loaded: LoadedScenario) -> String {
    let count = loaded.demand.trips.count
    var text = Figures.grouped(count)
    if count > 0 {
      let seconds = loaded.demand.freeFlowSeconds.reduce(0.0) { $0 + Double($1) } / Double(count)
      text += ", \(Figures.duration(seconds)) on empty roads on average"
    }
    if !loaded.refused.isEmpty { text += "; \(Figures.grouped(loaded.refused.count)) refused" }
    return text
  }

  private static func remarks(_ diagnostics: Diagnostics) -> String {
    guard !diagnostics.isEmpty else { return "\nNothing was left out or repaired.\n" }
    var text = "\n\(Figures.grouped(diagnostics.total)) remarks on the input:\n"
    for entry in diagnostics.entries { text += "  \(entry)\n" }
    for (code, count) in diagnostics.counts {
      let shown = diagnostics.entries.count { $0.code == code }
      if count > shown { text += "  and \(Figures.grouped(count - shown)) more of \(code)\n" }
    }
    return text
  }
}
