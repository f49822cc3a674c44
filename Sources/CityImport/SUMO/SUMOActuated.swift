import CityBase
import CityNetwork
import CityTraffic

/// SUMO's gap-based actuated programs: every phase with `minDur` and `maxDur` is a green that lasts
/// as long as the gaps before its detectors stay below `max-gap`; the phases follow in turn.
enum SUMOActuated {
  static let type = "actuated"
  /// Parameters that are taken over, and those that only say what SUMO draws or writes.
  private static let known: [String: ClosedRange<Double>] = [
    "max-gap": 0.5...30, "detector-gap": 0...20, "detector-length": 0...50,
    "passing-time": 0.1...20,
  ]
  private static let ofDisplay = ["show-detectors", "file", "freq", "vTypes"]
  /// Milliseconds; where a phase has a shortest duration and no longest one, it has no end.
  private static let endless: Int64 = 86_400_000

  /// The program for a plan made of its phases; `fastest` is the highest limit of its approaches in
  /// m/s.
  static func program(
    _ source: SUMONet.Program, plan: SignalController, fastest: Double
  ) -> SignalProgram {
    var control = Actuated()
    control.skips = false
    if let gap = number(source, "max-gap") { control.extensionSeconds = gap }
    if let gap = number(source, "detector-gap") { control.detectorSeconds = gap }
    // SUMO's loops are lines unless they are said to be longer.
    control.detectorLengthMeters = number(source, "detector-length") ?? 0
    if let distance = loopDistance(source, control, fastest: fastest) {
      control.detectorMeters = distance
    }
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

  /// Metres to the loops where SUMO brings them nearer than `detector-gap` says: no more cars may
  /// stand between loop and stop line than pass within the shortest green, each of them in
  /// `passing-time` (1.9 s) and on 7.5 m, and half a one. All loops of a program are at one distance.
  private static func loopDistance(
    _ source: SUMONet.Program, _ control: Actuated, fastest: Double
  ) -> Double? {
    guard let shortest = source.phases.compactMap(\.minimum).min() else { return nil }
    let passing = number(source, "passing-time") ?? 1.9
    let most = (Double(shortest) / 1000 / passing + 0.5) * 7.5
    return control.detectorSeconds * fastest > most ? most : nil
  }

  private static func number(_ source: SUMONet.Program, _ key: String) -> Double? {
    source.parameters[key].flatMap(Double.init).flatMap {
      known[key]?.contains($0) == true ? $0 : nil
    }
  }

  /// Milliseconds for which a phase shows where nothing it lets go is driven on here: SUMO has no
  /// detectors that could prolong it beyond its shortest duration.
  static func durationWithoutGreen(_ phase: SUMONet.Phase, of source: SUMONet.Program) -> Int64 {
    source.type == type ? phase.minimum ?? phase.duration : phase.duration
  }

  /// Lists what of an actuated program is not taken over.
  static func noteUntaken(of source: SUMONet.Program, _ untaken: inout Untaken) {
    guard source.type == type else { return }
    for key in source.parameters.keys.sorted() where !ofDisplay.contains(key) {
      if known[key] == nil {
        untaken.add("signal parameter \(key)", "not read", example: source.id)
      } else if number(source, key) == nil {
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
