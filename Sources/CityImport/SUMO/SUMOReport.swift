import CityBase
import CityModel
import CityNetwork

/// The report of an import from SUMO, for people.
struct SUMOReport {
  var file: String
  var out: String
  var options: SUMOImportOptions
  var city: SUMOCity

  var text: String {
    let figures = NetworkFigures(city.network)
    let lanes = city.network.roadLaneCount
    var lines = [
      "\(city.draft.name): imported from \(file) into \(out)",
      "  \(city.place.remark)",
      "  time zone \(city.draft.timeZone)"
        + (options.timeZone == nil ? " (default; set it with --time-zone)" : "")
        + "; SUMO's second 0 is \(city.scenario.midnight.iso8601)",
      "  traffic on the \(city.draft.roads.drivesOnRight ? "right" : "left")",
      "network",
      "  \(ImportReport.grouped(figures.links)) links with \(ImportReport.grouped(lanes)) lanes,"
        + " \(ImportReport.grouped(Int(figures.laneKilometres.rounded()))) km of lanes,"
        + " \(ImportReport.grouped(figures.connectors)) connectors,"
        + " \(ImportReport.grouped(figures.junctions)) junctions,"
        + " \(ImportReport.grouped(figures.signals)) with signals",
      "  \(ImportReport.percent(figures.connectedShare)) of the length is in the largest part"
        + " where every road can reach every other",
    ]
    if city.absorbedEdges > 0 {
      lines.append(
        "  \(ImportReport.grouped(city.absorbedEdges)) edges shorter than"
          + " \(Int(ShortLinks.limit)) m are part of their junctions")
    }
    let sensors = city.draft.entities.count { $0.kind == .sensor }
    let parking = city.draft.entities.count { $0.kind == .parking }
    if sensors + parking > 0 {
      lines.append(
        "  \(ImportReport.grouped(sensors)) detectors,"
          + " \(ImportReport.grouped(parking)) parking areas")
    }
    lines += demandLines + untakenLines + diagnosticLines
    lines.append("next: cim run \(out)/scenario.json --out run")
    return lines.joined(separator: "\n") + "\n"
  }

  private var demandLines: [String] {
    let rows = city.trips.rows
    guard !rows.isEmpty else {
      return ["demand", "  none in the files: the scenario has half an hour of made-up traffic"]
    }
    let given = rows.count { !$0.route.isEmpty }
    return [
      "demand",
      "  \(ImportReport.grouped(rows.count)) vehicles, \(ImportReport.grouped(given)) of them with"
        + " a route to be driven edge by edge",
    ]
  }

  private var untakenLines: [String] {
    city.untaken.isEmpty ? [] : ["not taken over"] + city.untaken.lines.map { "  \($0)" }
  }

  private var diagnosticLines: [String] {
    let diagnostics = city.draft.diagnostics
    guard !diagnostics.counts.isEmpty else { return [] }
    return ["broken"]
      + diagnostics.counts.map { code, count in
        let example = diagnostics.entries.first { $0.code == code }
        let place = example.map { $0.place.isEmpty ? "" : "\($0.place): " } ?? ""
        return "  \(code): \(count) (first: \(place)\(example?.message ?? ""))"
      }
  }

  /// The `README.md` of the city folder.
  static func notice(_ city: SUMOCity) -> String {
    let untaken = city.untaken.lines.map { "- \($0)\n" }.joined()
    return """
      # \(city.draft.name)

      This city was imported from a SUMO network by `cim import sumo`. Who owns the network and its
      demand, and on which terms they may be passed on, is what their source says.

      `network.cimn` has the edges, lanes, connections, right of way and signal programs of the
      network; `trips.csv`, where it is there, the vehicles of the route files in the order of their
      departure, with the route of those that had one. `vehicle_types.csv` has the types that they
      name; `signal_programs.csv` keeps what the files say of programs, and nothing is loaded from
      it. `signals.json`, where it is there, has the actuated signals, and `scenario.json` names it.

      \(city.place.remark).

      ## Not taken over

      \(untaken.isEmpty ? "Nothing was left behind.\n" : untaken)
      """
  }
}
