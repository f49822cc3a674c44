import CityBase
import CityNetwork
import CityTraffic

/// The signal programs of a SUMO network as controllers, one for each junction that one rules.
///
/// A program that rules several junctions becomes a controller at each of them, with the same
/// phases and offset, so that they keep in step.
struct SUMOSignals {
  private(set) var controllers: [SignalController] = []
  /// By the id of a controller: what it runs instead of its plan by the clock.
  private(set) var schedules: [String: SignalSchedule] = [:]
  /// By connector of the lane source: its group, or -1.
  private(set) var groups: [Int]
  /// The program in use of each signal, by id in the order of the file.
  private(set) var programs: [SUMONet.Program] = []

  /// All programs of each signal, in the order of the files, and when they change.
  private var allPrograms: [String: [SUMONet.Program]] = [:]
  private let switches: SUMOSwitches
  /// By connector: the highest limit of the link it leads from, m/s.
  private let limits: [Double]

  /// A connector, and the indices of the lights that it passes one after the other: one, or several
  /// where short links have become part of its junction.
  private struct Member {
    var connector: Int
    var indices: [Int]
  }

  init(
    _ net: SUMONet, _ roads: SUMORoads, switches: SUMOSwitches = SUMOSwitches(),
    untaken: inout Untaken
  ) {
    groups = Array(repeating: -1, count: roads.source.connectors.count)
    self.switches = switches
    limits = roads.source.connectors.map { roads.source.links[$0.fromLink].laneSpeeds.max() ?? 0 }
    for program in net.programs where !program.phases.isEmpty && program.program != "off" {
      allPrograms[program.id, default: []].append(program)
    }
    let inUse = Self.programsInUse(net, switches, &untaken)
    programs = inUse.list
    // By junction: the signals there, with the connectors and link indices of each.
    var ruled: [Int: [String: [Member]]] = [:]
    for (connector, parts) in roads.connectionsOfConnector.enumerated() {
      let its = parts.map { net.connections[$0] }.filter { !$0.signal.isEmpty && $0.linkIndex >= 0 }
      guard let signal = its.first?.signal else { continue }
      let junction = roads.source.links[roads.source.connectors[connector].fromLink].to
      let member = Member(connector: connector, indices: its.map(\.linkIndex))
      ruled[junction, default: [:]][signal, default: []].append(member)
    }
    var junctionCount: [String: Int] = [:]
    for signals in ruled.values {
      for id in signals.keys { junctionCount[id, default: 0] += 1 }
    }
    for junction in ruled.keys.sorted() {
      guard let signals = ruled[junction] else { continue }
      // The one that rules most; a junction has one controller here.
      let order = signals.keys.sorted {
        let (a, b) = (signals[$0]?.count ?? 0, signals[$1]?.count ?? 0)
        return a != b ? a > b : $0 < $1
      }
      for other in order.dropFirst() {
        untaken.add(
          "second signals at one junction", "its ways go by right of way alone", example: other)
      }
      guard let id = order.first, let members = signals[id] else { continue }
      guard let program = inUse.byID[id] else {
        untaken.add(
          "signals without a program", "as at rail crossings; their ways go by right of way alone",
          example: id)
        continue
      }
      // A signal of one junction keeps its name; of several, each controller tells where it stands.
      let name = roads.source.junctions[junction].externalID
      let isAlone = junctionCount[id] == 1
      add(program, junction: junction, named: isAlone ? id : "\(id)@\(name)", members)
      if isAlone {
        schedule(program, named: id, members, &untaken)
      } else if program.type == SUMOActuated.type || switches.table(of: id) != nil {
        untaken.add(
          "actuated or switched signals of several junctions",
          "they run their phases' durations as a fixed plan, to keep in step", example: id)
      }
    }
  }

  /// The program of each signal: the last one in the files, as SUMO takes it.
  private static func programsInUse(
    _ net: SUMONet, _ switches: SUMOSwitches, _ untaken: inout Untaken
  ) -> (list: [SUMONet.Program], byID: [String: SUMONet.Program]) {
    var byID: [String: SUMONet.Program] = [:]
    var order: [String] = []
    for program in net.programs where !program.phases.isEmpty && program.program != "off" {
      if byID[program.id] == nil {
        order.append(program.id)
      } else if let table = switches.table(of: program.id) {
        // All of them are used in turn; the plan is the one that comes first.
        if program.program != table.start { continue }
      } else {
        untaken.add(
          "further programs of one signal", "the last one in the files is used",
          example: "\(program.id) \(program.program)")
      }
      byID[program.id] = program
    }
    let list = order.compactMap { byID[$0] }
    for program in list where !["static", SUMOActuated.type].contains(program.type) {
      untaken.add(
        "signals with type=\"\(program.type)\"",
        "they run their phases' durations as a fixed plan; the file signal_programs.csv keeps the"
          + " shortest and longest ones", example: program.id)
    }
    for program in list { SUMOActuated.noteUntaken(of: program, &untaken) }
    return (list, byID)
  }

  private mutating func add(
    _ program: SUMONet.Program, junction: Int, named name: String,
    _ members: [Member]
  ) {
    let lights = Self.lights(of: members)
    for member in members { groups[member.connector] = lights.firstIndex(of: member.indices) ?? -1 }
    if let plan = Self.plan(program, JunctionID(junction), named: name, lights) {
      controllers.append(plan)
    }
  }

  /// The groups of some connectors: what passes the same lights.
  private static func lights(of members: [Member]) -> [[Int]] {
    Set(members.map(\.indices)).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// A program as a plan with a group for each of these lists of link indices, which shows the
  /// strictest of their lights; nil where its cycle has no length.
  ///
  /// Lights that never let go together stop everybody half-way, where there is no room to stand
  /// here: who passes them goes with the last one, and yields.
  private static func plan(
    _ program: SUMONet.Program, _ junction: JunctionID, named name: String, _ lights: [[Int]]
  ) -> SignalController? {
    let goTogether = lights.map { its in
      program.phases.contains { strictest(of: its, in: $0).isOpen }
    }
    let phases = program.phases.map { phase in
      let states = zip(lights, goTogether).map { its, goTogether in
        if goTogether { return strictest(of: its, in: phase) }
        let last = strictest(of: Array(its.suffix(1)), in: phase)
        return last == .green ? .permissive : last
      }
      let duration =
        states.contains(where: \.isOpen)
        ? phase.duration : SUMOActuated.durationWithoutGreen(phase, of: program)
      return SignalPhase(milliseconds: Int32(clamping: duration), states: states)
    }
    let cycle = phases.reduce(Int64(0)) { $0 + Int64($1.milliseconds) }
    guard cycle > 0, cycle <= 86_400_000 else { return nil }
    return SignalController(
      externalID: name, junction: junction, groupCount: Int32(lights.count), phases: phases,
      offsetMilliseconds: Int32(clamping: program.offset % cycle))
  }

  private static func strictest(of lights: [Int], in phase: SUMONet.Phase) -> SignalState {
    let order: [SignalState] = [.red, .yellow, .permissive, .green]
    let states = lights.map { $0 < phase.state.count ? state(phase.state[$0]) : .red }
    return order.first { states.contains($0) } ?? .red
  }

  /// What the signal runs beside its plan by the clock, if anything.
  private mutating func schedule(
    _ program: SUMONet.Program, named name: String, _ members: [Member],
    _ untaken: inout Untaken
  ) {
    guard let own = controllers.last, own.externalID == name else { return }
    let lights = Self.lights(of: members)
    let fastest = members.map { limits[$0.connector] }.max() ?? 0
    func made(_ source: SUMONet.Program) -> SignalProgram? {
      guard let plan = Self.plan(source, own.junction, named: name, lights) else { return nil }
      if source.type == SUMOActuated.type {
        return SUMOActuated.program(source, plan: plan, fastest: fastest)
      }
      return SignalProgram(name: source.program, plan: plan, control: FixedTime())
    }
    guard let table = switches.table(of: name) else {
      if program.type == SUMOActuated.type, let only = made(program) {
        schedules[name] = SignalSchedule(programs: [only])
      }
      return
    }
    var schedule = SignalSchedule(programs: [])
    let times = SUMOSwitches.day(of: table)
    if table.times.contains(where: { !(0..<86_400_000 ~= $0.time + table.reference) }) {
      untaken.add("switches of programs after the first day", "left out", example: name)
    }
    if SUMOSwitches.rounds(of: table) == nil {
      untaken.add("tables of programs with thousands of switches a day", "run once", example: name)
    } else if table.period == 0 && !table.times.isEmpty {
      untaken.add("tables of programs without a period", "they come again every day", example: name)
    }
    for (time, word) in times {
      guard let source = allPrograms[name]?.last(where: { $0.program == word }),
        let next = made(source)
      else {
        untaken.add(
          "switches to programs that are not there", "left out", example: "\(name) \(word)")
        continue
      }
      let known = schedule.programs.firstIndex { $0.name == word }
      if known == nil { schedule.programs.append(next) }
      schedule.entries.append(
        SignalSchedule.Entry(from: time, program: known ?? schedule.programs.count - 1))
    }
    if !schedule.programs.isEmpty { schedules[name] = schedule }
  }

  /// What a letter of a SUMO phase shows: `G` and `O` go, `g`, `o` and `s` yield, `u` (red and
  /// yellow) stays.
  static func state(_ letter: UInt8) -> SignalState {
    switch letter {
    case UInt8(ascii: "G"), UInt8(ascii: "O"): .green
    case UInt8(ascii: "g"), UInt8(ascii: "o"), UInt8(ascii: "s"): .permissive
    case UInt8(ascii: "y"), UInt8(ascii: "Y"): .yellow
    default: .red
    }
  }
}
