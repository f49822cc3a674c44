import CityBase
import CityReporting
import CityScenario
import CitySimulation
import CityText

/// The short table at the end of a run.
enum RunSummary {
  static func text(_ result: RunResult, folder: String) -> String {
    let figures = FigureLookup(groups: result.metrics)
    var rows: [(String, String)] = []
    func add(_ name: String, _ value: String?) {
      if let value { rows.append((name, value)) }
    }
    let due = figures.number("trips", "due")
    add("trips due", due.map(whole))
    add("  arrived", share(figures.number("trips", "arrived"), of: due))
    add("  on the road", share(figures.number("trips", "on_road"), of: due))
    add("  waiting to start", share(figures.number("trips", "waiting"), of: due))
    if let parked = figures.number("trips", "parked"), parked > 0 {
      add("  parked, on foot", share(parked, of: due))
    }
    add("mean travel time", travelTime(figures))
    add("mean delay", figures.number("trips", "mean_delay_s").map(Figures.duration))
    add("mean speed", figures.text("traffic", "mean_speed_kmh", 1, "km/h"))
    add("driven", figures.text("traffic", "vehicle_km", 0, "vehicle-km"))
    add("most on the road", figures.number("traffic", "peak_on_road").map(whole))
    add("gridlocks", figures.number("traffic", "gridlocks").map(whole))
    if let standstills = figures.number("traffic", "standstills"), standstills > 0 {
      add("standstills", whole(standstills))
    }
    addParking(figures, add)
    addEmergency(figures, add)
    add("computed in", computed(result.performance))
    let nameWidth = rows.map { $0.0.count }.max() ?? 0
    let lines = rows.map { "  \($0.0.padded(to: nameWidth))  \($0.1)\n" }
    let files = ((try? OutputFolder.list(folder)) ?? []).filter { $0 != "checkpoints" }
    return lines.joined() + "Results are in \(folder): \(files.joined(separator: ", "))\n"
  }

  private static func addParking(_ figures: FigureLookup, _ add: (String, String?) -> Void) {
    guard let arrivals = figures.number("parking", "arrivals") else { return }
    add("cars to park", whole(arrivals))
    add("  mean search", figures.number("parking", "mean_search_s").map(Figures.duration))
    add("  mean walk", figures.text("parking", "mean_walk_m", 0, "m"))
    add("  gave up", share(figures.number("parking", "gave_up"), of: arrivals))
    add("  double-parked", share(figures.number("parking", "violations"), of: arrivals))
    add("bays taken", percent(figures.number("parking", "mean_occupancy")))
  }

  private static func addEmergency(_ figures: FigureLookup, _ add: (String, String?) -> Void) {
    guard let calls = figures.number("emergency", "calls") else { return }
    add("emergency calls", whole(calls))
    add("  served", share(figures.number("emergency", "served"), of: calls))
    add("  mean response", figures.number("emergency", "mean_response_s").map(Figures.duration))
    add("  within 8 minutes", percent(figures.number("emergency", "within_8min")))
    add("units busy", percent(figures.number("emergency", "utilisation")))
  }

  private static func percent(_ share: Double?) -> String? {
    share.map { "\(Figures.decimal($0 * 100, 1)) %" }
  }

  private static func whole(_ value: Double) -> String {
    Int(exactly: value.rounded()).map { Figures.grouped($0) } ?? "-"
  }

  private static func share(_ part: Double?, of all: Double?) -> String? {
    guard let part else { return nil }
    guard let all, all > 0 else { return whole(part) }
    return "\(whole(part)) (\(Figures.decimal(part / all * 100, 1)) %)"
  }

  private static func travelTime(_ figures: FigureLookup) -> String? {
    guard let mean = figures.number("trips", "mean_travel_time_s") else { return nil }
    let ratio = figures.text("trips", "travel_time_ratio", 2, "times the time on empty roads")
    return Figures.duration(mean) + (ratio.map { ", \($0)" } ?? "")
  }

  private static func computed(_ performance: Performance) -> String {
    let factor = Figures.decimal(
      performance.realtimeFactor, performance.realtimeFactor < 10 ? 1 : 0)
    return "\(Figures.decimal(performance.wallSeconds, 1)) s, \(factor) times real time, on "
      + "\(performance.threads) thread\(performance.threads == 1 ? "" : "s")"
  }
}

/// Finds figures by group and name.
struct FigureLookup {
  let groups: [MetricGroup]

  func number(_ group: String, _ name: String) -> Double? {
    let value = groups.first { $0.name == group }?.figures.first { $0.name == name }?.value
    switch value {
    case .integer(let whole): return Double(whole)
    case .number(let number, _): return number.isFinite ? number : nil
    default: return nil
    }
  }

  func text(_ group: String, _ name: String, _ decimals: Int, _ unit: String) -> String? {
    number(group, name).map { value in
      let shown =
        decimals == 0
        ? Int(exactly: value.rounded()).map { Figures.grouped($0) } ?? "-"
        : Figures.decimal(value, decimals)
      return "\(shown) \(unit)"
    }
  }
}
