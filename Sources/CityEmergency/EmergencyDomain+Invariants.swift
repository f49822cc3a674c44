import CitySimulation

extension EmergencyDomain {
  /// Calls: every call that has come is served, open or queued, and an open one has a unit that
  /// is on its way to it. Units: each busy one has one call that is its own, and no other has it.
  public func violations() -> [String] {
    var found: [String] = []
    var tally = [Int64](repeating: 0, count: CallStatus.allCases.count)
    var unitOfCall = [Int: Int]()
    for (u, unit) in units.enumerated() where !unit.state.isFree {
      guard calls.indices.contains(unit.call) else {
        found.append("\(unit.name) is \(unit.state.word) without a call")
        continue
      }
      if let other = unitOfCall.updateValue(u, forKey: unit.call) {
        found.append("\(unit.name) and \(units[other].name) have one call")
      }
      if records[unit.call].unit != u {
        found.append("\(unit.name) has a call that another unit has")
      }
      let isOpen = unit.state == .turnout || unit.state == .enRoute
      if records[unit.call].status != (isOpen ? .open : .served) {
        found.append("\(unit.name) is \(unit.state.word), its call \(records[unit.call].status)")
      }
    }
    for (call, record) in records.enumerated() {
      tally[Int(record.status.rawValue)] += 1
      if (record.status == .notDue) != (call >= nextCall) {
        found.append("\(calls[call].name) is \(record.status.word) at the wrong time")
      }
      if record.status == .open, unitOfCall[call] == nil {
        found.append("\(calls[call].name) is open, and no unit is on its way")
      }
      if record.status == .queued, unitOfCall[call] != nil {
        found.append("\(calls[call].name) is queued, and has a unit")
      }
    }
    let served = tally[Int(CallStatus.served.rawValue)]
    let balance =
      served + tally[Int(CallStatus.queued.rawValue)] + tally[Int(CallStatus.open.rawValue)]
    if balance != counts.due || Int(balance) != nextCall {
      found.append("\(counts.due) calls have come, \(balance) are known")
    }
    if served != counts.served { found.append("\(counts.served) served, \(served) in the books") }
    for (u, unit) in units.enumerated() {
      let shouldDrive = unit.state == .enRoute || unit.state == .transport
      let mayDrive = shouldDrive || unit.state == .returning
      if (shouldDrive && !unit.isDriving) || (unit.isDriving && !mayDrive)
        || (unit.isDriving && unitOfVehicle[unit.vehicle] != u)
      {
        found.append("\(unit.name) is \(unit.state.word), and its vehicle is not")
      }
    }
    if unitOfVehicle.count != units.count(where: \.isDriving) {
      found.append("a vehicle belongs to no unit")
    }
    return found
  }
}
