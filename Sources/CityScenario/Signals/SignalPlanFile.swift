import CityBase
import CityNetwork
import CityText
import CityTraffic

/// A file of signal plans: `{"format": "citytwin-signals", "version": 1, "signals": [...]}`. What it
/// holds for a signal takes the place of the built plan; README.md has an example.
///
/// ```json
/// {"id": "1042", "groups": ["Quay Road: through right", "Mill Lane: left through right"],
///  "programs": [
///    {"name": "day", "control": {"type": "fixed_time"}, "offset_s": 12,
///     "stages": [
///       {"show": "Gr", "green_s": 30, "min_green_s": 8, "max_green_s": 50,
///        "then": [{"show": "yr", "s": 3}, {"show": "rr", "s": 2}]},
///       {"show": "rG", "green_s": 20, "then": [{"show": "ry", "s": 3}, {"show": "rr", "s": 2}]}]}],
///  "times": [{"from": "00:00", "program": "day", "days": ["mon", "tue"]}]}
/// ```
///
/// `show` has a letter for each group: `G` green, `g` green that yields, `y` yellow, `r` red. `groups`
/// tells people what they are; only its length is held against the network. The first stage begins
/// at `offset_s` after midnight, plus whole cycles.
public struct SignalPlanFile: Sendable {
  public static let format = "citytwin-signals"
  public static let version = 1
  static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// By signal, ascending.
  public private(set) var schedules: [(signal: SignalID, schedule: SignalSchedule)] = []
  private let file: String

  /// Reads a file for a network strictly; errors name the file, the JSON path and what was expected.
  public static func read(path: String, for network: RoadNetwork) throws(CityError)
    -> SignalPlanFile
  {
    try SignalPlanFile(bytes: try InputFile.read(path: path), path: path, for: network)
  }

  public init(bytes: [UInt8], path: String, for network: RoadNetwork) throws(CityError) {
    file = path
    let value = try JSONValue.parse(bytes, file: path)
    var top = try JSONObjectReader(value, file: path)
    let format = try top.string("format")
    guard format == Self.format else {
      throw top.error("format", "expected \"\(Self.format)\", found \"\(format)\"")
    }
    let version = try top.integer("version")
    guard version == Self.version else {
      throw top.error("version", "this build reads version \(Self.version), found \(version)")
    }
    var signalOfID: [String: SignalID] = [:]
    for signal in network.signals.ids { signalOfID[network.signals[signal].externalID] = signal }
    var seen: Set<SignalID> = []
    for source in try top.objects("signals") {
      var entry = source
      let id = try entry.string("id")
      guard let signal = signalOfID[id] else {
        throw entry.error(
          "id",
          "expected the id of a signal of the road network, found \"\(id)\""
            + Spelling.hint(for: id, among: signalOfID.keys.sorted()))
      }
      guard seen.insert(signal).inserted else {
        throw entry.error("id", "signal \"\(id)\" stands in this file already")
      }
      schedules.append((signal, try Self.schedule(&entry, network.signals[signal])))
      try entry.finish()
    }
    try top.finish()
    schedules.sort { $0.signal < $1.signal }
  }

  private static func schedule(_ entry: inout JSONObjectReader, _ built: SignalController)
    throws(CityError) -> SignalSchedule
  {
    let groups = try entry.strings("groups")
    guard groups.isEmpty || groups.count == Int(built.groupCount) else {
      throw entry.error(
        "groups", "expected the \(built.groupCount) groups of this signal, found \(groups.count)")
    }
    var programs: [SignalProgram] = []
    for source in try entry.objects("programs") {
      var program = source
      let name = try program.string("name")
      guard !programs.contains(where: { $0.name == name }) else {
        throw program.error("name", "two programs of this signal are named \"\(name)\"")
      }
      programs.append(try Self.program(&program, named: name, built))
      try program.finish()
    }
    guard !programs.isEmpty else {
      throw entry.error("programs", "expected one program or more")
    }
    let entries = try Self.times(&entry, programs)
    return SignalSchedule(programs: programs, entries: entries)
  }

  private static func program(
    _ program: inout JSONObjectReader, named name: String, _ built: SignalController
  ) throws(CityError) -> SignalProgram {
    var control: any SignalControl = FixedTime()
    if let source = try program.optionalObject("control") {
      control = try SignalControlReading.control(source)
    }
    let offset = try program.optionalNumber("offset_s", in: -86_400...86_400) ?? 0
    var phases: [SignalPhase] = []
    var limits: [SignalProgram.Limits] = []
    for source in try program.objects("stages") {
      var stage = source
      let green = SignalPhase(
        milliseconds: try Self.milliseconds(&stage, "green_s"),
        states: try Self.states(&stage, built))
      guard green.states.contains(where: \.isOpen) else {
        throw stage.error("show", "expected a stage that lets somebody go, found none")
      }
      phases.append(green)
      limits.append(try Self.limits(&stage, green))
      for source in try stage.objects("then") {
        var step = source
        phases.append(
          SignalPhase(
            milliseconds: try Self.milliseconds(&step, "s"),
            states: try Self.states(&step, built)))
        try step.finish()
      }
      try stage.finish()
    }
    guard !phases.isEmpty else { throw program.error("stages", "expected one stage or more") }
    var plan = built
    plan.phases = phases
    plan.offsetMilliseconds = Int32((offset * 1000).rounded())
    let cycle = phases.reduce(Int64(0)) { $0 + Int64($1.milliseconds) }
    guard cycle <= 86_400_000 else {
      throw program.error("stages", "expected a cycle within a day, found \(cycle / 1000) s")
    }
    try check(plan, stages: limits.count, program)
    return SignalProgram(name: name, plan: plan, limits: limits, control: control)
  }

  /// Every stage of the file must be one: what opens nothing belongs to the stage before it.
  private static func check(
    _ plan: SignalController, stages: Int, _ program: JSONObjectReader
  ) throws(CityError) {
    guard plan.greenStages.count == stages || stages == 1 else {
      throw program.error(
        "stages",
        "expected every stage to open a group and every \"then\" to close some; \(stages) stages "
          + "stand here, \(plan.greenStages.count) of the plan's phases open a group")
    }
  }

  private static func limits(_ stage: inout JSONObjectReader, _ green: SignalPhase)
    throws(CityError) -> SignalProgram.Limits
  {
    let plain = SignalProgram.defaultLimits(green: Int64(green.milliseconds))
    let least = try stage.optionalNumber("min_green_s", in: 0.001...86_400)
    let most = try stage.optionalNumber("max_green_s", in: 0.001...200_000)
    let minimum = least.map { Int64(($0 * 1000).rounded()) } ?? plain.minimum
    let maximum = most.map { Int64(($0 * 1000).rounded()) } ?? max(plain.maximum, minimum)
    guard minimum <= maximum else {
      throw stage.error(
        "max_green_s", "expected \(Double(minimum) / 1000) s or more, the shortest green")
    }
    return SignalProgram.Limits(minimum: minimum, maximum: maximum)
  }

  private static func milliseconds(
    _ object: inout JSONObjectReader, _ key: String
  ) throws(CityError) -> Int32 {
    Int32((try object.number(key, in: 0.001...86_400) * 1000).rounded())
  }

  private static func states(_ object: inout JSONObjectReader, _ built: SignalController)
    throws(CityError) -> [SignalState]
  {
    let text = try object.string("show")
    guard text.utf8.count == Int(built.groupCount) else {
      throw object.error(
        "show",
        "expected \(built.groupCount) letters, one for each group, found \(text.utf8.count)")
    }
    var states: [SignalState] = []
    for letter in text {
      guard let state = SignalState(letter: letter) else {
        throw object.error("show", "expected letters out of \"Ggyr\", found \"\(letter)\"")
      }
      states.append(state)
    }
    return states
  }
}

extension SignalPlanFile {
  private static func times(_ entry: inout JSONObjectReader, _ programs: [SignalProgram])
    throws(CityError) -> [SignalSchedule.Entry]
  {
    var entries: [SignalSchedule.Entry] = []
    for source in try entry.objects("times") {
      var time = source
      let text = try time.string("from")
      guard case .timeOfDay(let from)? = TimeText(text), from < 86_400_000 else {
        throw time.error("from", "expected a time of day such as \"07:00\", found \"\(text)\"")
      }
      let name = try time.string("program")
      guard let program = programs.firstIndex(where: { $0.name == name }) else {
        let words = programs.map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw time.error("program", "expected one of \(words), found \"\(name)\"")
      }
      var weekdays: UInt8 = 0
      for (i, day) in try time.strings("days").enumerated() {
        guard let bit = days.firstIndex(of: day) else {
          throw time.error(
            "days[\(i)]", "expected one of \(days.joined(separator: ", ")), found \"\(day)\"")
        }
        weekdays |= 1 << UInt8(bit)
      }
      try time.finish()
      entries.append(
        SignalSchedule.Entry(
          weekdays: weekdays == 0 ? SignalSchedule.everyDay : weekdays, from: from,
          program: program))
    }
    guard programs.count == 1 || !entries.isEmpty else {
      throw entry.error("times", "expected times for \(programs.count) programs, found none")
    }
    return entries
  }
}

extension SignalState {
  /// The letter of a plan file.
  public var letter: Character {
    switch self {
    case .red: "r"
    case .yellow: "y"
    case .permissive: "g"
    case .green: "G"
    }
  }

  init?(letter: Character) {
    switch letter {
    case "r": self = .red
    case "y": self = .yellow
    case "g": self = .permissive
    case "G": self = .green
    default: return nil
    }
  }
}

/// Controls by name.
enum SignalControlReading {
  /// Reads `{"type": "actuated", ...}`.
  static func control(_ source: JSONObjectReader) throws(CityError) -> any SignalControl {
    var reader = source
    let control = try control(&reader)
    try reader.finish()
    return control
  }

  /// Reads the type and its parameters; the rest is left to the caller.
  static func control(_ reader: inout JSONObjectReader) throws(CityError) -> any SignalControl {
    let name = try reader.string("type")
    guard let type = Registry.signalControls.first(where: { $0.typeName == name }) else {
      let words = Registry.signalControls.map { "\"\($0.typeName)\"" }.joined(separator: ", ")
      throw reader.error("type", "expected one of \(words), found \"\(name)\"")
    }
    return try type.init(from: &reader)
  }
}
