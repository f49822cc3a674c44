import CitySimulation

/// Part of phases 5 and 6: lone drivers with a free road, who are most of those on the move in a large
/// city. What they do is `advanceRoadLane` without all that it asks for the sake of others, and comes to
/// the same bits.
extension TrafficWorld {
  /// 0 where the only driver of a lane is on the move, sees nobody ahead and is not near the line yet.
  /// Where that holds is as good as by chance, and a wrong guess costs more than all that is asked: so
  /// every condition is a whole number that is 0 where it holds, and the compiler has nowhere to branch.
  @inline(__always) func whatKeepsFromDrivingFreely(_ lane: Int, _ stopping: StopZone) -> Int32 {
    let record = lanes[lane]
    let slot = slots[Int(record.pointee.base)]
    let v = slot.pointee.speed
    let toWait = record.pointee.length - topology.waitsBefore[lane] - slot.pointee.position
    let isNotAlone =
      record.pointee.count ^ 1 | record.pointee.granted | ~(record.pointee.trailVehicle >> 31)
      | ~(record.pointee.firstObstacle >> 31)
    let next = slot.pointee.next ^ NextLane.arrival
    let arrives = ~((next | (0 &- next)) >> 31)
    let speed = Int32(bitPattern: v.bitPattern)
    let stands = (speed | (speed &- 1)) >> 31
    let yields = Int32(slot.pointee.flags & SlotFlag.yielding)
    let isNear = Int32(bitPattern: (toWait - stopping.reach(v)).bitPattern) >> 31
    return isNotAlone | arrives | stands | yields | isNear
  }

  @inline(__always) func advanceFreely<D: Drivers>(
    _ lane: Int, _ pace: Pace, _ moment: Moment, _ scratch: ChunkScratch, _ drivers: D
  ) {
    let record = lanes[lane]
    let s = Int(record.pointee.base)
    let slot = slots[s]
    let x = slot.pointee.position
    let v = slot.pointee.speed
    let end = record.pointee.length
    let driver = slot.pointee.driver
    var a = drivers.acceleration(
      driver, speed: v, desired: slot.pointee.desired, gap: .infinity, leaderSpeed: 0,
      leaderAcceleration: 0)
    a = atMost(a, anticipate(v, slot.pointee.exitSpeed, end - x))
    if pace.isImperfect { a = dawdled(a, s, speed: v, moment) }
    let (moved, speed) = move(v, a, atLeast(0, end - x - Rule.touch), pace.step, scratch)
    if x < slots.length.ofDriver[Int(driver)] + 0.5 {
      vehicles.displacement[slot.pointee.vehicle] = moved
    }
    Self.settle(slot, at: x + moved, speed: speed, tick: pace.tick)
    record.pointee.mayChange = wishes(
      slot, isHead: true, end: end,
      keepsToKerb: record.pointee.speedLimit >= LaneChange.kerbRuleSpeed)
    record.pointee.yieldRear = .infinity
    let toWait = end - topology.waitsBefore[lane] - (x + moved)
    if record.pointee.asks == 0, pace.stopping.isNear(toWait, speed: speed, way: speed * pace.step)
    {
      ask(lane, record)
    }
    lanes.vehicleTicks[lane] &+= 1
    lanes.metres[lane] += Double(moved)
  }
}
