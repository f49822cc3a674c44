import CityBase
import CityNetwork
import CityText
import CityTraffic

extension SignalPlanFile {
  /// A plan file with what some signals of a network run (all of them, if none are named): their
  /// schedules, and the built plan of those that have none. Signals that never let anybody go are
  /// left out.
  public static func bytes(
    for network: RoadNetwork, _ setup: SignalSetup, signals: [SignalID]? = nil
  ) -> [UInt8] {
    var json = JSONWriter(pretty: true)
    json.beginObject()
    json.member("format", format)
    json.member("version", version)
    json.key("signals")
    json.beginArray()
    for signal in signals ?? Array(network.signals.ids) {
      let built = network.signals[signal]
      let schedule =
        setup[signal]
        ?? SignalSchedule(programs: [SignalProgram(name: "1", plan: built, control: FixedTime())])
      guard schedule.programs.allSatisfy({ !$0.plan.greenStages.isEmpty }) else { continue }
      write(signal, schedule, network, to: &json)
    }
    json.endArray()
    json.endObject()
    json.newline()
    return json.takeBytes()
  }

  private static func write(
    _ signal: SignalID, _ schedule: SignalSchedule, _ network: RoadNetwork,
    to json: inout JSONWriter
  ) {
    json.beginObject()
    json.member("id", network.signals[signal].externalID)
    json.key("groups")
    json.beginArray()
    for group in 0..<Int(network.signals[signal].groupCount) {
      json.value(words(for: group, of: signal, network))
    }
    json.endArray()
    json.key("programs")
    json.beginArray()
    for program in schedule.programs { write(program, to: &json) }
    json.endArray()
    if !schedule.entries.isEmpty {
      json.key("times")
      json.beginArray()
      for entry in schedule.entries {
        json.beginObject()
        json.member("from", clockText(entry.from))
        json.member("program", schedule.programs[entry.program].name)
        if entry.weekdays != SignalSchedule.everyDay {
          json.key("days")
          json.beginArray()
          for (i, day) in days.enumerated() where entry.weekdays >> UInt8(i) & 1 == 1 {
            json.value(day)
          }
          json.endArray()
        }
        json.endObject()
      }
      json.endArray()
    }
    json.endObject()
  }

  private static func write(_ program: SignalProgram, to json: inout JSONWriter) {
    let plan = StagedPlan(program.plan)
    json.beginObject()
    json.member("name", program.name)
    json.key("control")
    json.beginObject()
    json.member("type", type(of: program.control).typeName)
    json.members(program.control.parameters)
    json.endObject()
    // The file's cycle begins with its first stage; that of the plan may begin before it.
    let cycle = plan.cycleMilliseconds
    let first = (plan.offsetMilliseconds + (plan.stages.first?.startMilliseconds ?? 0)) % cycle
    json.member("offset_s", seconds(first < 0 ? first + cycle : first))
    json.key("stages")
    json.beginArray()
    for (i, stage) in plan.stages.enumerated() {
      json.beginObject()
      json.member("show", text(stage.states))
      json.member("green_s", seconds(Int64(stage.greenMilliseconds)))
      let limits =
        program.limits.indices.contains(i)
        ? program.limits[i] : SignalProgram.defaultLimits(of: stage)
      json.member("min_green_s", seconds(limits.minimum))
      json.member("max_green_s", seconds(limits.maximum))
      json.key("then")
      json.beginArray()
      for phase in stage.between {
        json.beginObject()
        json.member("show", text(phase.states))
        json.member("s", seconds(Int64(phase.milliseconds)))
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  /// `Quay Road: through right`, over all approaches of a group.
  private static func words(for group: Int, of signal: SignalID, _ network: RoadNetwork) -> String {
    var parts: [(road: String, turns: [Turn])] = []
    for c in network.connectors(of: network.signals[signal].junction).map({ ConnectorID($0) })
    where Int(network.connectorGroup[c]) == group {
      let link = network.laneLink[network.connectorFrom[c]]
      let name = network.linkName[link]
      let road = (name.isEmpty ? "" : "\(name) ") + "(\(network.linkExternalID[link]))"
      let turn = network.connectorTurn[c]
      if let i = parts.firstIndex(where: { $0.road == road }) {
        if !parts[i].turns.contains(turn) { parts[i].turns.append(turn) }
      } else {
        parts.append((road, [turn]))
      }
    }
    return parts.map { part in
      "\(part.road): " + part.turns.map { "\($0)" }.sorted().joined(separator: " ")
    }.joined(separator: "; ")
  }

  private static func text(_ states: [SignalState]) -> String { String(states.map(\.letter)) }

  private static func seconds(_ milliseconds: Int64) -> PropertyValue {
    .number(Double(milliseconds) / 1000, decimals: 3)
  }

  private static func clockText(_ milliseconds: Int64) -> String {
    func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let seconds = milliseconds / 1000
    let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60))"
    return seconds % 60 == 0 ? text : "\(text):\(two(seconds % 60))"
  }
}
