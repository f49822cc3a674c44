import CityBase
import CityNetwork

/// What the machines remember, for checkpoints. What follows from the scenario is not written.
extension SignalRoom {
  func encodeState(into writer: inout StateWriter) {
    writer.section("traffic-signals")
    writer.write(Int64(machines.count))
    for machine in machines {
      writer.write(Int64(machine.signal))
      writer.write(Int64(machine.imposed.count))
      for plan in machine.imposed { plan.encodeState(into: &writer) }
      machine.encodeState(into: &writer)
    }
  }

  func decodeState(from reader: inout StateReader) throws(CityError) {
    try reader.section("traffic-signals")
    let count: Int64 = try reader.read()
    guard (0...Int64(network.signals.count)).contains(count) else {
      throw .refused("expected a count of signals, found \(count)", file: reader.file)
    }
    for _ in 0..<count {
      let signal: Int64 = try reader.read()
      guard (0..<Int64(network.signals.count)).contains(signal) else {
        throw .refused("there is no signal \(signal)", file: reader.file)
      }
      let machine = makeMachine(Int(signal))
      let plans: Int64 = try reader.read()
      guard (0...100_000).contains(plans) else {
        throw .refused("expected a count of plans, found \(plans)", file: reader.file)
      }
      for _ in 0..<plans {
        let plan = try SignalController(fromState: &reader)
        guard Int(plan.groupCount) == machine.groupCount, !plan.phases.isEmpty else {
          throw .refused("a plan does not fit its signal", file: reader.file)
        }
        if machine.imposedProgram(plan) == nil {
          machine.impose(plan, clockPlan: clock.append(plan))
        }
      }
      try machine.decodeState(from: &reader)
      machine.show(clock)
    }
  }
}

extension SignalMachine {
  func encodeState(into writer: inout StateWriter) {
    writer.write(mode.rawValue)
    writer.write(isIdle)
    for n in [wanted, running, stage, target.program, target.stage] { writer.write(Int64(n)) }
    writer.write(since)
    writer.write(calledSince)
    writer.writeRaw(lastGreen)
    writer.writeRaw(lastSeen)
    writer.writeRaw(isPresent.map { UInt8($0 ? 1 : 0) })
  }

  func decodeState(from reader: inout StateReader) throws(CityError) {
    let file = reader.file
    func bad(_ what: String) -> CityError {
      .refused("\(what) of signal \(signal) is out of range", file: file)
    }
    guard let mode = Mode(rawValue: try reader.read()) else { throw bad("the mode") }
    isIdle = try reader.readBool()
    var n: [Int] = []
    for _ in 0..<5 {
      guard let value = Int(exactly: try reader.read(Int64.self)) else { throw bad("a number") }
      n.append(value)
    }
    self.mode = mode
    (wanted, running, stage, target) = (n[0], n[1], n[2], Target(program: n[3], stage: n[4]))
    guard programs.indices.contains(wanted), programs.indices.contains(running),
      programs.indices.contains(target.program), program.plan.stages.indices.contains(stage),
      programs[target.program].plan.stages.indices.contains(target.stage)
    else { throw bad("a stage") }
    since = try reader.read()
    calledSince = try reader.read()
    lastGreen = try reader.readRaw()
    lastSeen = try reader.readRaw()
    isPresent = try reader.readRaw(UInt8.self).map { $0 != 0 }
    isAnyPresent = isPresent.contains(true)
    guard lastGreen.count == program.plan.stages.count || mode == .clocked,
      lastSeen.count == lanes.count, isPresent.count == lanes.count
    else { throw bad("a list") }
    let times = [since, calledSince] + lastGreen + lastSeen
    guard times.allSatisfy({ (Self.longAgo...(1 << 40)).contains($0) }) else {
      throw bad("a time")
    }
    if mode == .between { findWay() }
  }
}
