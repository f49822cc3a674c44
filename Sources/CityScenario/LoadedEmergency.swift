import CityBase
import CityDemand
import CityEmergency

/// The emergency services of a run: posts and hospitals, calls, and how units are sent.
public struct LoadedEmergency: Sendable {
  public let sites: EmergencySites
  /// In order of time.
  public let calls: [Call]
  public let settings: EmergencySettings

  public var postCount: Int { sites.posts.count }
  /// How many units wait at the posts when the run begins.
  public var unitCount: Int { sites.posts.reduce(0) { $0 + $1.count } }

  /// Nil where the scenario has no emergencies. Refuses a log of calls that cannot be read.
  init?(
    _ scenario: ScenarioFile, places: CityPlaces, clock: Clock, random: RandomStream,
    diagnostics: inout Diagnostics
  ) throws(CityError) {
    guard let settings = scenario.emergency else { return nil }
    self.settings = settings
    let file = scenario.file(of: "emergency")
    sites = EmergencySites.build(
      from: places.map, nearest: { places.nearest($0) }, diagnostics: &diagnostics)
    let site = CallSite(
      path: { ScenarioPath.resolve($0, beside: file) }, locate: { places.working($0) },
      nearest: { places.nearest($0) },
      zones: settings.draw == nil
        ? ZoneSystem([]) : places.zonesOfPeople(diagnostics: &diagnostics),
      bounds: places.map.bounds, clock: clock,
      simulatedWindow: 0..<scenario.clock.totalMilliseconds, random: random)
    do throws(CityError) {
      calls = try settings.makeCalls(for: site, diagnostics: &diagnostics)
    } catch {
      guard error.file == nil else { throw error }
      throw CityError(error.kind, error.message, file: file, place: error.place ?? "$.emergency")
    }
    sites.noteCallsWithoutUnits(calls, diagnostics: &diagnostics)
  }
}
