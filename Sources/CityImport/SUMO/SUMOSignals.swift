import CityBase
import CityNetwork

/// The signal programs of a SUMO network as controllers, one for each junction that one rules.
///
/// A program that rules several junctions becomes a controller at each of them, with the same
/// phases and offset, so that they keep in step.
struct SUMOSignals {
  private(set) var controllers: [SignalController] = []
  /// By connector of the lane source: its group, or -1.
  private(set) var groups: [Int]
  /// The program in use of each signal, by id in the order of the file.
  private(set) var programs: [SUMONet.Program] = []

  init(_ net: SUMONet, _ roads: SUMORoads, diagnostics: inout Diagnostics, untaken: inout Untaken) {
    groups = Array(repeating: -1, count: roads.source.connectors.count)
    let inUse = Self.programsInUse(net, &untaken)
    programs = inUse.list
    // By junction: the signals there, with the connectors and link indices of each.
    var ruled: [Int: [String: [(connector: Int, index: Int)]]] = [:]
    for (i, c) in net.connections.enumerated() {
      let connector = roads.connectorOfConnection[i]
      guard connector >= 0, !c.signal.isEmpty, c.linkIndex >= 0 else { continue }
      let junction = roads.source.links[roads.source.connectors[connector].fromLink].to
      ruled[junction, default: [:]][c.signal, default: []].append((connector, c.linkIndex))
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
        diagnostics.warn(
          "sumo-signal-program", place: "tl \(id)",
          "no program with phases rules it; its ways go by right of way alone")
        continue
      }
      // A signal of one junction keeps its name; of several, each controller tells where it stands.
      let name = roads.source.junctions[junction].externalID
      let isAlone = junctionCount[id] == 1
      add(program, junction: junction, named: isAlone ? id : "\(id)@\(name)", members)
    }
  }

  /// The program of each signal: the last one in the files, as SUMO takes it.
  private static func programsInUse(
    _ net: SUMONet, _ untaken: inout Untaken
  ) -> (list: [SUMONet.Program], byID: [String: SUMONet.Program]) {
    var byID: [String: SUMONet.Program] = [:]
    var order: [String] = []
    for program in net.programs where !program.phases.isEmpty && program.program != "off" {
      if byID[program.id] != nil {
        untaken.add(
          "further programs of one signal", "the last one in the files is used",
          example: "\(program.id) \(program.program)")
      } else {
        order.append(program.id)
      }
      byID[program.id] = program
    }
    let list = order.compactMap { byID[$0] }
    for program in list where program.type != "static" {
      untaken.add(
        "signals with type=\"\(program.type)\"",
        "they run their phases' durations as a fixed plan; the file signal_programs.csv keeps the"
          + " shortest and longest ones", example: program.id)
    }
    return (list, byID)
  }

  private mutating func add(
    _ program: SUMONet.Program, junction: Int, named name: String,
    _ members: [(connector: Int, index: Int)]
  ) {
    let indices = Set(members.map(\.index)).sorted()
    for member in members { groups[member.connector] = indices.firstIndex(of: member.index) ?? -1 }
    var phases: [SignalPhase] = []
    for phase in program.phases {
      phases.append(
        SignalPhase(
          milliseconds: Int32(clamping: phase.duration),
          states: indices.map { $0 < phase.state.count ? Self.state(phase.state[$0]) : .red }))
    }
    let cycle = program.phases.reduce(Int64(0)) { $0 + $1.duration }
    guard cycle > 0, cycle <= 86_400_000 else { return }
    controllers.append(
      SignalController(
        externalID: name, junction: JunctionID(junction), groupCount: Int32(indices.count),
        phases: phases,
        offsetMilliseconds: Int32(clamping: program.offset % cycle)))
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
