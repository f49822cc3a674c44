import CityBase
import CityNetwork
import CityTraffic

/// SUMO's gap-based actuated programs: every phase with `minDur` and `maxDur` is a green that lasts
/// as long as the gaps before its detectors stay below `max-gap`; the phases follow in turn.
enum SUMOActuated {
  static let type = "actuated"
  /// Parameters that are taken over, and those that only say what SUMO draws or writes.
  private static let known = ["max-gap", "detector-gap"]
  private static let ofDisplay = ["show-detectors", "file", "freq", "vTypes"]
  /// Milliseconds; where a phase has a shortest duration and no longest one, it has no end.
  private static let endless: Int64 = 86_400_000

  /// The program for a plan made of its phases.
  static func program(_ source: SUMONet.Program, plan: SignalController) -> SignalProgram {
    var control = Actuated()
    control.skips = false
    if let gap = number(source, "max-gap", in: 0.5...30) { control.extensionSeconds = gap }
    if let gap = number(source, "detector-gap", in: 0...20) { control.detectorSeconds = gap }
    let stages = plan.greenStages
    let limits = stages.map { i in
      let phase = source.phases[i]
      let minimum = phase.minimum ?? phase.duration
      let maximum = phase.maximum ?? (phase.minimum == nil ? phase.duration : endless)
      return SignalProgram.Limits(
        minimum: max(1, minimum), maximum: max(1, minimum, min(endless, maximum)))
    }
    return SignalProgram(name: source.program, plan: plan, limits: limits, control: control)
  }

  private static func number(
    _ source: SUMONet.Program, _ key: String, in range: ClosedRange<Double>
  ) -> Double? {
    source.parameters[key].flatMap(Double.init).flatMap { range.contains($0) ? $0 : nil }
  }

  /// Lists what of an actuated program is not taken over.
  static func noteUntaken(of source: SUMONet.Program, _ untaken: inout Untaken) {
    guard source.type == type else { return }
    for key in source.parameters.keys.sorted() where !ofDisplay.contains(key) {
      if !known.contains(key) {
        untaken.add("signal parameter \(key)", "not read", example: source.id)
      } else if number(source, key, in: key == "max-gap" ? 0.5...30 : 0...20) == nil {
        untaken.add(
          "signal parameter \(key) out of range", "the default is taken", example: source.id)
      }
    }
    if source.phases.contains(where: \.namesNext) {
      untaken.add(
        "phases with next", "the phases of the signal follow in turn", example: source.id)
    }
  }
}
