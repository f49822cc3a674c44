import CityBase
import CityReporting
import CityScenario

/// A comparison as the terminal shows it.
enum ComparisonTable {
  /// The lines before the runs.
  static func opening(_ plan: ComparisonPlan) -> String {
    let runs = plan.seeds.count
    let end = plan.baseline.clock.instant(of: plan.baseline.endTick)
    var text = "\(plan.baseline.scenario.name), the baseline, against "
    text += plan.labels.dropFirst().joined(separator: ", ") + "\n"
    text += "  \(plan.baseline.map.name), \(plan.baseline.clock.epoch.iso8601) to "
    text += "\(end.timeOfDay), \(Figures.grouped(plan.baseline.demand.trips.count)) trips; "
    text += runs == 1 ? "one run each, seed \(plan.seeds[0])\n" : "\(runs) runs each, seeds "
    if runs > 1 { text += "\(plan.seeds[0]) to \(plan.seeds[runs - 1])\n" }
    for entry in plan.diagnostics.entries { text += "  \(entry)\n" }
    for (label, count) in plan.remarkCounts where count > 0 {
      text +=
        "  \(label): \(Figures.grouped(count)) remarks on the input; cim validate shows them\n"
    }
    return text
  }

  /// The main figures of every variant, and where the rest is.
  static func text(_ rows: [FigureComparison], _ plan: ComparisonPlan, folder: String) -> String {
    var text = ""
    for variant in plan.labels.dropFirst() {
      let shown = rows.filter {
        $0.variant == variant && MainFigures.decimals(of: $0.figure) != nil
          && $0.difference.verdict != .missing
      }
      text += "\n\(variant)\n" + table(ordered(shown))
    }
    return text + "\n" + remarks(plan) + "All figures are in \(folder): comparison.json, "
      + "comparison.csv, and replications.csv for each run\n"
  }

  private static func ordered(_ rows: [FigureComparison]) -> [FigureComparison] {
    MainFigures.all.compactMap { main in rows.first { $0.figure == main.name } }
  }

  private static func remarks(_ plan: ComparisonPlan) -> String {
    guard plan.seeds.count > 1 else {
      return "One run each says nothing about noise: with other people the differences may be "
        + "others.\nTry --replications 10.\n"
    }
    let count = plan.seeds.count
    return "Intervals hold the true difference with 95 % confidence (Student's t, \(count) pairs); "
      + "of twenty\nfigures that nothing changes, one seems to change by chance alone.\n"
  }

  static func table(_ rows: [FigureComparison]) -> String {
    var cells = [["", "baseline", "variant", "difference", "95 % interval", ""]]
    for row in rows { cells.append(line(row)) }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      let padded = line.indices.map { i in
        i == 0 || i == 5 ? line[i].padded(to: widths[i]) : line[i].rightAligned(to: widths[i])
      }
      var text = "  " + padded.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  private static func line(_ row: FigureComparison) -> [String] {
    let decimals = MainFigures.decimals(of: row.figure) ?? 3
    let result = row.difference
    let difference = result.difference.map { signed($0, decimals) } ?? "-"
    let interval = result.interval.map {
      "\(signed($0.lowerBound, decimals)) to \(signed($0.upperBound, decimals))"
    }
    return [
      row.figure, number(result.baseline, decimals), number(result.value, decimals), difference,
      result.verdict == .same ? "" : interval ?? "", words(result.verdict),
    ]
  }

  private static func words(_ verdict: PairedDifference.Verdict) -> String {
    switch verdict {
    case .missing: "on one side only"
    case .same: "no difference"
    case .single, .effect: ""
    case .noise: "cannot be told from noise"
    }
  }

  private static func number(_ value: Double?, _ decimals: Int) -> String {
    guard let value else { return "-" }
    guard decimals == 0 else { return Figures.decimal(value, decimals) }
    return Int(exactly: value.rounded()).map { Figures.grouped($0) } ?? "-"
  }

  /// With a plus in front of what is above 0.
  private static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = number(value, decimals)
    return text.contains { ("1"..."9").contains($0) } && value > 0 ? "+" + text : text
  }
}
