import CityBase
import CitySimulation
import CityText

/// What a scenario says under `emergency`.
///
/// Calls come from a log or are drawn; all else has a default:
/// `{"log": "calls.csv"}` or
/// `{"draw": {"count": 80}, "dispatch": {"type": "nearest_by_distance"},
/// "privileges": {"pass_red": true, "filter_queue": true},
/// "turnout": {"ambulance": "60s"}, "on_scene": {"medical": {"mean": "20min", "spread": "fixed"}},
/// "transport": {"share": 0.7, "handover": "15min"},
/// "accident": {"two_lanes_share": 0.3, "residual_width_m": 0}}`.
public struct EmergencySettings: Sendable {
  /// The table of calls as the scenario names it, or nil.
  public var log: String?
  /// How calls are drawn, or nil.
  public var draw: CallDraw?
  public var rule: any DispatchRule = NearestByTravelTime()
  /// The rule as it was read, for the manifest; nil where it was not named.
  var ruleSource: JSONValue?
  /// What units on the way to a call, and with a patient, may do.
  public var privileges: Privileges = .all
  /// From being sent to driving off, by kind of unit; nothing for a unit that is not at its post.
  ///
  /// Defaults: 60 s for ambulances and 80 s for fire engines, the objectives of NFPA 1710 (2020);
  /// police are as good as on patrol, 20 s (an assumption).
  public var turnout: [DrawnTime] = [60_000, 80_000, 20_000].map {
    DrawnTime(meanMilliseconds: $0, variation: 0.4)
  }
  /// From arrival to leaving the scene or being free, by kind of incident.
  ///
  /// Defaults: medical 13.4 min (urban ground ambulances, Carr et al. 2006, a meta-analysis of
  /// prehospital times); fire 45 min, police 30 min and accidents 35 min are assumptions.
  public var onScene: [DrawnTime] = [804_000, 2_700_000, 1_800_000, 2_100_000].map {
    DrawnTime(meanMilliseconds: $0)
  }
  /// The share of medical calls whose patient is brought to a hospital; 0.7 is an assumption.
  public var transportShare = 0.7
  /// From arrival at the hospital to being free. The default is the 15 min that NHS England's
  /// standard contract allows.
  public var handover = DrawnTime(meanMilliseconds: 900_000)
  /// The share of accidents that close two lanes rather than one; an assumption.
  public var twoLanesShare = 0.3
  /// Metres of each lane that an accident leaves free; 0 closes it.
  public var accidentResidualWidth = 0.0

  /// Settings with all defaults and no calls.
  public init() {}

  /// Files it reads, as the scenario names them.
  public var inputFiles: [String] { log.map { [$0] } ?? [] }

  /// The calls of a run, in order of time. Refuses a log that cannot be read; rows and draws that
  /// cannot be used are left out with a diagnostic.
  public func makeCalls(for site: CallSite, diagnostics: inout Diagnostics) throws(CityError)
    -> [Call]
  {
    if let log {
      return try CallLog(site: site).read(path: site.path(log), diagnostics: &diagnostics)
    }
    return try draw?.calls(for: site, diagnostics: &diagnostics) ?? []
  }
}
