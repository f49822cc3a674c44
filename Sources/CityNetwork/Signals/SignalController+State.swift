import CityBase

/// Plans in checkpoints.
extension SignalController {
  public func encodeState(into writer: inout StateWriter) {
    writer.write(externalID)
    writer.write(junction)
    writer.write(groupCount)
    writer.write(offsetMilliseconds)
    writer.write(Int64(phases.count))
    for phase in phases {
      writer.write(phase.milliseconds)
      writer.write(phase.states.map(\.rawValue))
    }
  }

  /// Refuses a plan that does not hold together.
  public init(fromState reader: inout StateReader) throws(CityError) {
    let name = try reader.readString()
    let junction: JunctionID = try reader.readID()
    let groups: Int32 = try reader.read()
    let offset: Int32 = try reader.read()
    let count: Int64 = try reader.read()
    guard (0...1_000_000).contains(count) else {
      throw .refused("expected a count of phases, found \(count)", file: reader.file)
    }
    var phases: [SignalPhase] = []
    for _ in 0..<count {
      let milliseconds: Int32 = try reader.read()
      let states = try reader.readBytes().compactMap(SignalState.init(rawValue:))
      guard (1...86_400_000).contains(milliseconds), states.count == Int(groups) else {
        throw .refused("a signal plan does not hold together", file: reader.file)
      }
      phases.append(SignalPhase(milliseconds: milliseconds, states: states))
    }
    self.init(
      externalID: name, junction: junction, groupCount: groups, phases: phases,
      offsetMilliseconds: offset)
  }
}
