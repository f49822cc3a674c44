import CityBase
import CityModel
import CityNetwork

/// The report of an import, for people.
struct ImportReport {
  var file: String
  var out: String
  var options: OSMImportOptions
  var draft: CityDraft
  var network: RoadNetwork
  var findings: ImportFindings
  var trips: Int
  /// How they came about.
  var demand: [String]

  var text: String {
    ([
      "\(draft.name): imported from \(file) into \(out)",
      "  working CRS \(draft.workingCRS)",
      "  time zone \(draft.timeZone)"
        + (options.timeZone == nil ? " (default; set it with --time-zone)" : ""),
      "  traffic on the \(draft.roads.drivesOnRight ? "right" : "left")"
        + (options.drive == nil ? " (default; set it with --drive)" : ""),
      "  turning towards the kerb at red is \(draft.roads.allowsTurnOnRed ? "allowed" : "forbidden")"
        + (options.turnOnRed == nil ? " (default by place; set it with --turn-on-red)" : ""),
    ] + entityLines + networkLines + findings.lines(draft) + diagnosticLines
      + (demand.isEmpty ? [] : ["demand of the ready scenario"] + demand.map { "  \($0)" }) + [
        "next: cim run \(out)/scenario.json --out run   (\(Self.grouped(trips)) car trips: 10 minutes"
          + " to fill the roads, 30 that are measured)"
      ]).joined(separator: "\n") + "\n"
  }

  private var entityLines: [String] {
    var lines = ["entities"]
    for kind in EntityKind.allCases {
      let count =
        kind == .road ? draft.roads.ways.count : draft.entities.count { $0.kind == kind }
      if count > 0 {
        lines.append("  \(Self.padded(kind.rawValue, 18)) \(Self.rightAligned(count))")
      }
    }
    return lines
  }

  private var networkLines: [String] {
    let figures = NetworkFigures(network)
    return [
      "network",
      "  \(Self.grouped(figures.links)) links, \(Self.grouped(Int(figures.laneKilometres.rounded())))"
        + " km of lanes, \(Self.grouped(figures.junctions)) junctions,"
        + " \(Self.grouped(figures.signals)) with signals",
      "  \(Self.percent(figures.connectedShare)) of the length open to cars is in the largest part"
        + " where every road can reach every other",
    ]
  }

  private var diagnosticLines: [String] {
    let counts = draft.diagnostics.counts
    guard !counts.isEmpty else { return [] }
    return ["left out, repaired or assumed"]
      + counts.map { code, count in
        let example = draft.diagnostics.entries.first { $0.code == code }
        let place = example.map { $0.place.isEmpty ? "" : "\($0.place): " } ?? ""
        return "  \(Self.padded(code, 24)) \(Self.rightAligned(count))  \(place)"
          + "\(example?.message ?? "")"
      }
  }

  // MARK: Layout

  static func grouped(_ number: Int) -> String {
    var out: [Character] = []
    for (i, c) in String(abs(number)).reversed().enumerated() {
      if i > 0 && i % 3 == 0 { out.append(",") }
      out.append(c)
    }
    return (number < 0 ? "-" : "") + String(out.reversed())
  }

  static func rightAligned(_ number: Int) -> String {
    let text = grouped(number)
    return String(repeating: " ", count: max(0, 9 - text.count)) + text
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// One decimal, rounded down, so that 99.96 % never reads as all of it.
  static func percent(_ share: Double) -> String {
    let tenths = Int((max(0, min(1, share)) * 1000 + 1e-9).rounded(.down))
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
