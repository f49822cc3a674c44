import CityBase
import CityNetwork

/// What loops before the stop lines see, part of phase 2: the worker of a junction reads its
/// approaches and the grants of its connectors, as they stand.
extension TrafficWorld {
  /// Looks at all loops of a signal.
  func detect(_ machine: SignalMachine, time: Int64, step: Int64) {
    var isAnyPresent = false
    let detection = machine.program.detection
    for (i, lane) in machine.lanes.enumerated() {
      let seen = look(atLoopOf: lane.lane, detection, time: time, step: step)
      machine.isPresent[i] = seen.isPresent
      if seen.isPresent { isAnyPresent = true }
      machine.lastSeen[i] = max(machine.lastSeen[i], seen.last)
    }
    machine.isAnyPresent = isAnyPresent
  }

  /// The moment within the last tick at which a vehicle was last on the loop of a lane, long ago
  /// where none was; and whether any is on it or between it and the stop line.
  private func look(
    atLoopOf lane: Int, _ detection: SignalDetection, time: Int64, step: Int64
  ) -> (last: Int64, isPresent: Bool) {
    let length = lanes.length[lane]
    let limit = network.linkSpeedLimit[LinkID(rawValue: topology.laneLink[lane])]
    let end = max(
      min(length, detection.loopLength), length - detection.distance(limit: limit))
    let start = max(0, end - detection.loopLength)
    var last = SignalMachine.longAgo
    var isPresent = false
    let seconds = Float(step) / 1000
    func note(front: Float, rear: Float, moved: Float) {
      if front < start { return }
      if rear <= end {
        last = time
      } else if moved > 0, rear - moved <= end {
        // It has left the loop within the tick.
        let ago = Int64((rear - end) / moved * Float(step))
        last = max(last, time - ago)
      }
    }
    let first = Int(lanes.base[lane])
    for s in first..<(first + Int(lanes.count[lane])) {
      let front = slots.position[s]
      if front < start { break }
      isPresent = true
      note(front: front, rear: front - slots.length[s], moved: slots.speed[s] * seconds)
    }
    for c in topology.connectors(fromLane: lane) where grants.count[c] > 0 {
      let held = Int(grants.base[c])
      for g in held..<(held + Int(grants.count[c])) {
        let moved = vehicles.displacement[grants.vehicle[g]]
        let rear = length + grants.rear[g] + moved
        // Those still on the lane have been seen there.
        if rear + grants.length[g] > length {
          note(front: rear + grants.length[g], rear: rear, moved: moved)
        }
      }
    }
    return (last, isPresent)
  }

  /// Whether all approaches of a junction are empty.
  func isNobody(before junction: Int) -> Bool {
    for lane in approachLanes(ofJunction: junction) where lanes.count[lane] > 0 { return false }
    return true
  }

  /// What the queues press for a stage; see `MaxPressure`.
  func pressure(of machine: SignalMachine, stage: Int, reach: Float) -> Double {
    let states = machine.program.plan.stages[stage].states
    var sum = 0.0
    for entry in machine.lanes {
      let open = topology.connectors(fromLane: entry.lane).filter {
        let group = Int(topology.connectorGroup[$0])
        return group >= 0 && states[group].isOpen
      }
      for c in open {
        let speed = Double(lanes.speedLimit[topology.roadLanes + c])
        var flow = SignalRetiming.saturationFlow(speed: speed) / Double(open.count)
        if states[Int(topology.connectorGroup[c])] == .permissive { flow /= 2 }
        let waiting = queue(in: entry.lane, for: topology.roadLanes + c, reach: reach)
        let beyond = meanQueue(
          ofLink: Int(topology.laneLink[topology.connectorTo[c]]), reach: reach)
        sum += flow * (Double(waiting) - beyond)
      }
    }
    return sum
  }

  /// Vehicles within a reach of a lane's end, bound for one connector or (below 0) for any.
  private func queue(in lane: Int, for connector: Int, reach: Float) -> Int {
    let first = Int(lanes.base[lane])
    var n = 0
    for s in first..<(first + Int(lanes.count[lane])) {
      if lanes.length[lane] - slots.position[s] > reach { break }
      if connector < 0 || Int(slots.next[s]) == connector { n += 1 }
    }
    return n
  }

  /// Vehicles within a reach of a link's end by turn that follows; 0 where none does.
  private func meanQueue(ofLink link: Int, reach: Float) -> Double {
    var waiting = 0
    var beyond: [Int32] = []
    for lane in topology.lanes(ofLink: link) {
      waiting += queue(in: lane, for: -1, reach: reach)
      for c in topology.connectors(fromLane: lane) {
        let next = topology.laneLink[topology.connectorTo[c]]
        if !beyond.contains(next) { beyond.append(next) }
      }
    }
    return beyond.isEmpty ? 0 : Double(waiting) / Double(beyond.count)
  }
}
