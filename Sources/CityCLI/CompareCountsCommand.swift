import CityBase
import CityReporting

/// `cim compare-counts`.
enum CompareCountsCommand: Command {
  static let specification = CommandSpecification(
    name: "compare-counts",
    summary: "Hold a run against counts from the street: GEH, RMSE.",
    operands: ["RUN", "OBSERVED.csv"],
    options: [
      OptionSpecification(
        "--out", "DIR",
        "Write counts.csv, counts.geojson (a point a site, coloured by GEH) and manifest.json\n"
          + "there; an earlier comparison with counts is replaced."),
      RunOptionTexts.quiet,
    ],
    discussion: """
      OBSERVED.csv has the columns site, begin, end and count. A site is a detector of the run, or a
      link, for which those count who left it over its end (nobody, where the run has the link and
      no movement from it; a link on which all ways end is refused); the scenario must have asked
      for "detectors" or "movements" under its outputs. Times are HH:MM[:SS] of the run's first day or
      ISO 8601, and begin and end where intervals of the run do.

      Counts shorter than an hour are added up by clock hour. GEH is that of hourly volumes: below 5
      is good, from 10 on something is wrong.
      """,
    examples: [
      (
        "cim compare-counts run counts.csv --out against-counts",
        "The table on the screen, the files for a spreadsheet and a map."
      )
    ])

  static func run(_ arguments: Arguments, _ output: CommandOutput) throws(CityError) -> Int32 {
    let folder = arguments.text("--out").map { CountFolder(path: $0) }
    try folder?.checkReplaceable()
    let run = try ModelledCounts(run: arguments.operands[0])
    let observed = try ObservedCounts(path: arguments.operands[1], epoch: run.epoch)
    let comparison = try CountComparison(observed, run)
    try folder?.write(comparison)
    if !arguments.has("--quiet") {
      output.out(CountTable.text(comparison, run: arguments.operands[0], observed: observed.file))
      if let folder {
        output.out(
          "Results are in \(folder.path): counts.csv, counts.geojson, manifest.json\n")
      }
    }
    return 0
  }
}

/// A comparison with counts as the terminal shows it.
enum CountTable {
  static func text(_ comparison: CountComparison, run: String, observed: String) -> String {
    let hours = comparison.siteHours
    var cells = [["site", "from", "to", "observed", "modelled", "difference", "GEH"]]
    for hour in hours {
      let difference = hour.modelled - hour.observed
      cells.append([
        hour.site, hour.begin.timeOfDay, hour.end.timeOfDay, number(hour.observed),
        number(hour.modelled), (difference > 0 ? "+" : "") + number(difference),
        Figures.decimal(hour.geh, 1) + (hour.geh < 5 ? "  " : hour.geh < 10 ? " *" : " !"),
      ])
    }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var text = "\(run) against \(observed): \(comparison.bySite.count) sites\n"
    for line in cells {
      var row = "  " + line[0].padded(to: widths[0])
      for i in 1..<line.count { row += "  " + line[i].rightAligned(to: widths[i]) }
      while row.hasSuffix(" ") { row.removeLast() }
      text += row + "\n"
    }
    return text + figures(comparison)
  }

  private static func figures(_ comparison: CountComparison) -> String {
    let all = comparison.siteHours.count
    func share(_ limit: Double) -> String {
      let n = comparison.count(below: limit)
      return "\(n) of \(all) (\(Figures.decimal(Double(n) / Double(max(1, all)) * 100, 1)) %)"
    }
    var text = "  GEH below 5   \(share(5))\n  GEH below 10  \(share(10))\n"
    text += "  RMSE          \(Figures.decimal(comparison.rmse, 1)) veh/h"
    text += comparison.rmsePercent.map { " (\(Figures.decimal($0, 1)) %)\n" } ?? "\n"
    if let line = comparison.regression {
      text += "  regression    modelled = \(Figures.decimal(line.slope, 3)) x observed "
      text += line.intercept < 0 ? "- " : "+ "
      text += "\(Figures.decimal(abs(line.intercept), 1)) veh/h, R2 "
      text += Figures.decimal(line.r2, 3) + "\n"
    }
    let (observed, modelled) = (comparison.totalObserved, comparison.totalModelled)
    text += "  total         \(number(modelled)) modelled, \(number(observed)) observed"
    if observed > 0 {
      let percent = (modelled / observed - 1) * 100
      text += " (\(percent > 0 ? "+" : "")\(Figures.decimal(percent, 1)) %)"
    }
    return text + "\n"
  }

  private static func number(_ value: Double) -> String {
    Figures.decimal(value, value == value.rounded() ? 0 : 1)
  }
}
