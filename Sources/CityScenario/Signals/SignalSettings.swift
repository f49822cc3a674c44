import CityBase
import CityNetwork
import CityPolicy
import CityText
import CityTraffic

/// What a scenario says about its signals:
/// `{"plans": "signals.json", "default": {"type": "actuated"}, "at": [{"signals": ["1042"],
/// "control": {"type": "max_pressure"}}], "waves": [...]}`.
///
/// A plan file goes before the default, and what stands in `at` before both, the later before the
/// earlier. Signals that none of these names run the built plan by the clock.
public struct SignalSettings: Sendable {
  /// A control, and limits for all stages in place of those of the plan.
  struct Choice: Sendable {
    var control: any SignalControl
    var minimum: Int64?
    var maximum: Int64?

    /// Reads a control with `min_green_s` and `max_green_s` beside its own parameters.
    init(_ source: JSONObjectReader) throws(CityError) {
      var reader = source
      control = try SignalControlReading.control(&reader)
      minimum = try reader.optionalNumber("min_green_s", in: 1...600).map(Self.milliseconds)
      maximum = try reader.optionalNumber("max_green_s", in: 1...3600).map(Self.milliseconds)
      if let minimum, let maximum, minimum > maximum {
        throw reader.error("max_green_s", "expected the shortest green or more")
      }
      try reader.finish()
    }

    private static func milliseconds(_ seconds: Double) -> Int64 {
      Int64((seconds * 1000).rounded())
    }

    func applied(to program: SignalProgram) -> SignalProgram {
      var program = program
      program.control = control
      let stages = StagedPlan(program.plan).stages
      program.limits = stages.indices.map { i in
        var limits =
          program.limits.indices.contains(i)
          ? program.limits[i] : SignalProgram.defaultLimits(of: stages[i])
        if let minimum { limits.minimum = minimum }
        if let maximum { limits.maximum = maximum }
        limits.minimum = min(limits.minimum, maximum ?? limits.minimum)
        limits.maximum = max(limits.maximum, limits.minimum)
        return limits
      }
      return program
    }
  }

  /// The plan file, relative to the file of the scenario.
  let plans: String?
  let byDefault: Choice?
  let exceptions: [(selection: SignalSelection, choice: Choice)]
  let waves: [GreenWave]
  private let file: String
  private let source: JSONValue

  /// Reads the member; `value` is it as it stands there.
  init(_ value: JSONValue, file: String, path: String) throws(CityError) {
    var reader = try JSONObjectReader(value, file: file, path: path)
    self.file = file
    source = value
    plans = try reader.optionalString("plans")
    byDefault = try reader.optionalObject("default").map { source throws(CityError) in
      try Choice(source)
    }
    var exceptions: [(SignalSelection, Choice)] = []
    for source in try reader.objects("at") {
      var part = source
      let selection = try SignalSelection(from: &part)
      exceptions.append((selection, try Choice(try part.object("control"))))
      try part.finish()
    }
    self.exceptions = exceptions
    var waves: [GreenWave] = []
    for source in try reader.objects("waves") { waves.append(try GreenWave(source)) }
    self.waves = waves
    try reader.finish()
  }

  func write(to writer: inout JSONWriter) { writer.echo(source) }

  /// What the signals of a city are to run.
  func setup(on site: PolicySite, diagnostics: inout Diagnostics) throws(CityError) -> SignalSetup {
    let network = site.network
    var setup = SignalSetup()
    if let choice = byDefault {
      for signal in network.signals.ids {
        setup[signal] = SignalSchedule(programs: [
          choice.applied(to: Self.builtProgram(network.signals[signal]))
        ])
      }
    }
    if let plans {
      let path = ScenarioPath.resolve(plans, beside: file)
      for (signal, schedule) in try SignalPlanFile.read(path: path, for: network).schedules {
        setup[signal] = schedule
      }
    }
    for (selection, choice) in exceptions {
      for signal in try selection.signals(on: site) {
        var schedule =
          setup[signal]
          ?? SignalSchedule(programs: [Self.builtProgram(network.signals[signal])])
        schedule.programs = schedule.programs.map { choice.applied(to: $0) }
        setup[signal] = schedule
      }
    }
    for wave in waves { try wave.apply(to: &setup, on: site, diagnostics: &diagnostics) }
    // What is the built plan by the clock anyway needs no machine.
    for signal in setup.signals {
      guard let schedule = setup[signal], schedule.programs.count == 1,
        schedule.programs[0].control is FixedTime,
        schedule.programs[0].plan == network.signals[signal]
      else { continue }
      setup[signal] = nil
    }
    return setup
  }

  static func builtProgram(_ built: SignalController) -> SignalProgram {
    SignalProgram(name: "1", plan: built, control: FixedTime())
  }
}
