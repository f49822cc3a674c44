import CityBase
import CityNetwork
import CitySimulation
import CityText

/// Runs signals on another fixed-time plan: other greens, another cycle, another offset. The phases
/// between the greens (yellow and all-red) stay as they were built, in length and in what they show.
///
/// In a scenario: `{"type": "signal_plan", "signals": ["1042", {"near": [117.21, 39.12]}], "green_s":
/// [35, 20], "offset_s": 12, "from": "07:00", "until": "09:00"}`. A text is the id of a signal of the
/// network or of the city's layer of signals; `near` is the nearest within 50 m. `green_s` has a
/// number for each green stage, in the order of the built plan. `cycle_s` stretches or shrinks the
/// greens (those built, or those given) so that the cycle comes out as long. `offset_s` is when the
/// first phase begins, in seconds after midnight plus whole cycles.
public struct SignalPlan: PolicySettings {
  public static let typeName = "signal_plan"
  /// Seconds: the least a driver at the head of a queue needs to see it and go (the lower end of the
  /// minimum greens of the FHWA Signal Timing Manual, 2008, table 5-3, is 4 to 10).
  static let leastGreen = 5.0
  static let mostGreen = 600.0

  let selection: SignalSelection
  /// Seconds by green stage; empty where the built ones hold.
  let greens: [Double]
  let offset: Double?
  let cycle: Double?
  let window: PolicyWindow
  private let file: String
  private let greensPath: String
  private let cyclePath: String

  public init(from reader: inout JSONObjectReader) throws(CityError) {
    file = reader.file
    greensPath = reader.path(of: "green_s")
    cyclePath = reader.path(of: "cycle_s")
    selection = try SignalSelection(from: &reader)
    greens = try reader.numbers("green_s")
    for (i, green) in greens.enumerated() where !(Self.leastGreen...Self.mostGreen ~= green) {
      throw reader.error(
        "green_s[\(i)]",
        "expected seconds of green from \(Self.leastGreen) to \(Self.mostGreen), found \(green)")
    }
    offset = try reader.optionalNumber("offset_s", in: 0...3600)
    cycle = try reader.optionalNumber("cycle_s", in: 10...1200)
    guard !greens.isEmpty || offset != nil || cycle != nil else {
      throw reader.error("green_s", "expected one of \"green_s\", \"offset_s\" and \"cycle_s\"")
    }
    window = try PolicyWindow(from: &reader)
  }

  public func makePolicy(named name: String, on site: PolicySite) throws(CityError) -> any Policy {
    let signals = try selection.signals(on: site)
    var onset: [Command] = []
    for signal in signals {
      onset.append(.setSignalPlan(signal, try plan(inPlaceOf: site.network.signals[signal])))
    }
    return TimedPolicy(
      name: name, ticks: try window.ticks(on: site), onset: onset,
      release: signals.map { .restoreSignalPlan($0) }, subjects: signals.map { .signalPlan($0) })
  }

  /// The new plan of a signal. Refuses another number of greens than it has stages, and a cycle too
  /// short for them.
  func plan(inPlaceOf built: SignalController) throws(CityError) -> SignalController {
    var plan = built
    let stages = built.greenStages
    guard !stages.isEmpty || cycle == nil else {
      throw .refused(
        "signal \"\(built.externalID)\" shows no green that a cycle could stretch", file: file,
        place: cyclePath)
    }
    if !greens.isEmpty {
      guard greens.count == stages.count else {
        throw .refused(
          "signal \"\(built.externalID)\" has \(stages.count) green stages; expected a number for "
            + "each, found \(greens.count)", file: file, place: greensPath)
      }
      for (stage, green) in zip(stages, greens) {
        plan.phases[stage].milliseconds = Int32((green * 1000).rounded())
      }
    }
    if let cycle { try stretch(&plan, to: Int64((cycle * 1000).rounded())) }
    if let offset { plan.offsetMilliseconds = Int32((offset * 1000).rounded()) }
    return plan
  }

  /// Shares what a cycle leaves to the greens out in proportion.
  private func stretch(_ plan: inout SignalController, to cycle: Int64) throws(CityError) {
    let before = plan
    guard
      let short = plan.stretchGreens(toCycle: cycle, least: Int64(Self.leastGreen * 1000))
    else { return }
    let greens = before.greenStages.reduce(Int64(0)) { $0 + Int64(before.phases[$1].milliseconds) }
    let between = Int64(before.cycleMilliseconds) - greens
    throw .refused(
      "a cycle of \(Double(cycle) / 1000) s leaves green stage \(short.stage) of signal "
        + "\"\(plan.externalID)\" \(Double(max(0, short.green)) / 1000) s, beside "
        + "\(Double(between) / 1000) s between the greens; expected \(Self.leastGreen) s or "
        + "more for each", file: file, place: cyclePath)
  }
}
