import CityBase
import CityNetwork
import CityPolicy
import CityText
import CityTraffic

/// A green wave along a corridor: offsets with which platoons at a speed meet green at every signal.
///
/// `{"signals": ["11", "12", "13"], "speed_kmh": 50, "cycle_s": 80, "two_way": true}`: two signals or
/// more in the order of the drive. Without `speed_kmh` the limits of the links hold; without `cycle_s`
/// the longest of their cycles, to which the greens of the others are stretched. `two_way` (the
/// default) widens the narrower of the bands of both directions first. The offset of the first
/// signal stays.
///
/// The offsets are those with the widest bands that a plain search finds: J. D. C. Little, "The
/// synchronization of traffic signals by mixed-integer linear programming", Operations Research 14,
/// 1966, without the parts of his MAXBAND that choose cycle and speeds. See `BandSearch`.
struct GreenWave: Sendable {
  let selections: SignalSelection
  let speed: Double?
  let cycle: Int64?
  let isTwoWay: Bool
  private let file: String
  private let path: String

  init(_ source: JSONObjectReader) throws(CityError) {
    var reader = source
    file = reader.file
    path = reader.path
    selections = try SignalSelection(from: &reader)
    speed = try reader.optionalNumber("speed_kmh", in: 5...130).map { $0 / 3.6 }
    cycle = try reader.optionalNumber("cycle_s", in: 10...600).map { Int64(($0 * 1000).rounded()) }
    isTwoWay = try reader.optionalBool("two_way") ?? true
    try reader.finish()
  }

  private func refuse(_ message: String, _ key: String = "signals") -> CityError {
    .refused(message, file: file, place: "\(path).\(key)")
  }

  /// Puts the offsets, and the common cycle, into the programs of the signals.
  func apply(
    to setup: inout SignalSetup, on site: PolicySite, diagnostics: inout Diagnostics
  ) throws(CityError) {
    let network = site.network
    let signals = try selections.signalsInOrder(on: site)
    guard signals.count > 1 else { throw refuse("expected two signals or more") }
    var programs: [SignalProgram] = []
    for signal in signals {
      let schedule =
        setup[signal]
        ?? SignalSchedule(programs: [SignalSettings.builtProgram(network.signals[signal])])
      guard schedule.programs.count == 1, schedule.programs[0].control is FixedTime else {
        throw refuse(
          "expected signals with one fixed-time program; \"\(network.signals[signal].externalID)\""
            + " has another control or several programs")
      }
      programs.append(schedule.programs[0])
    }
    let common = cycle ?? programs.map { StagedPlan($0.plan).cycleMilliseconds }.max() ?? 0
    for i in programs.indices {
      if let short = programs[i].plan.stretchGreens(
        toCycle: common, least: SignalProgram.leastGreen)
      {
        throw refuse(
          "a cycle of \(Double(common) / 1000) s leaves green stage \(short.stage) of signal "
            + "\"\(programs[i].plan.externalID)\" \(Double(max(0, short.green)) / 1000) s; expected "
            + "5 s or more", cycle == nil ? "signals" : "cycle_s")
      }
    }
    let plans = programs.map(\.plan)
    let out = try band(network, signals, plans)
    let back: [BandSearch.Stop]? =
      isTwoWay ? try band(network, signals.reversed(), plans.reversed()).reversed() : nil
    let search = BandSearch(cycle: common, out: out, back: back)
    let found = search.best()
    let base = Int64(programs[0].plan.offsetMilliseconds)
    for (i, signal) in signals.enumerated() {
      programs[i].plan.offsetMilliseconds = Int32((base + found.offsets[i]) % common)
      setup[signal] = SignalSchedule(programs: [programs[i]])
    }
    note(found, signals: plans.map(\.externalID), cycle: common, &diagnostics)
  }

  private func note(
    _ found: BandSearch.Found, signals: [String], cycle: Int64, _ diagnostics: inout Diagnostics
  ) {
    func seconds(_ milliseconds: Int64) -> String { "\(Double(milliseconds) / 1000) s" }
    let offsets = zip(signals, found.offsets).map { "\($0) +\(seconds($1))" }
    diagnostics.note(
      "green-wave", file: file, place: path,
      "bands of \(seconds(found.out))" + (isTwoWay ? " and, back, \(seconds(found.back))" : "")
        + " in a cycle of \(seconds(cycle)): \(offsets.joined(separator: ", "))")
  }

  /// When a platoon reaches each stop line, and when it may pass there.
  private func band(
    _ network: RoadNetwork, _ signals: [SignalID], _ plans: [SignalController]
  ) throws(CityError) -> [BandSearch.Stop] {
    let junctions = signals.map { network.signals[$0].junction }
    guard let way = CorridorWay(network, junctions: junctions, speed: speed) else {
      throw refuse("expected signals that a road joins in this order, found none within 5 km")
    }
    var stops: [BandSearch.Stop] = []
    for (i, plan) in plans.enumerated() {
      let groups = way.groups(at: i, network)
      let windows = Self.windows(of: groups, in: plan)
      guard !windows.isEmpty else {
        throw refuse("signal \"\(plan.externalID)\" has no green along this corridor")
      }
      stops.append(BandSearch.Stop(arrival: way.arrivals[i], windows: windows))
    }
    return stops
  }

  /// When any of some groups is open, in milliseconds from the start of the cycle.
  static func windows(of groups: Set<Int>, in plan: SignalController) -> [Range<Int64>] {
    var windows: [Range<Int64>] = []
    var start: Int64 = 0
    for phase in plan.phases {
      let end = start + Int64(phase.milliseconds)
      if groups.contains(where: { phase.states[$0].isOpen }) {
        if let last = windows.last, last.upperBound == start {
          windows[windows.count - 1] = last.lowerBound..<end
        } else {
          windows.append(start..<end)
        }
      }
      start = end
    }
    return windows
  }
}
