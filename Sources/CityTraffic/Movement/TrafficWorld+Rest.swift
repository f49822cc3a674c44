/// Lanes on which nothing happens are passed over. What stands here is all there is to it: when a lane
/// comes to rest, when it falls asleep, and what ends that.
///
/// A lane **rests** when all of its vehicles have been held at standstill through a tick (see
/// `advanceRoadLane`), the first one at the line and with a way on: then none of them moves before one
/// of the events below, and the walk leaves the lane out. Its drivers still ask for the junction and
/// look for gaps beside them.
///
/// A resting lane falls **asleep** when nobody on it looks for another lane and its first driver waits
/// for nothing but another light (`LaneStore.sleeps`). It is off the list of lanes then, so that no
/// phase of a tick comes upon it, and others find it as it was: its tail, its vehicles, its refusal.
///
/// What ends both:
/// - somebody comes into the lane or leaves it, gets another way, or trades places: `wake` where the
///   next one to ask may be another one or want something else, `rouse` where that stays as it is;
/// - somebody is asked to let another one in: `rouse`;
/// - an obstacle is put on the lane or taken away, its limit changes, side lists come into use: `rouse`;
/// - the first driver gets a grant: the walk looks;
/// - another light, which is looked for at the start of every tick: `rouseAtLights`.
///
/// Neither is part of the state: a run that goes on from a checkpoint begins with all lanes awake and
/// comes to the same end. What a tick adds for each vehicle is made up: for how long it has stood
/// follows from when that began, and `vehicleTicks` are added on rousing, or by `countAsleep` for those
/// who read them.
enum LaneRest {
  static let awake: UInt8 = 0
  static let resting: UInt8 = 1
  static let asleep: UInt8 = 2
}

extension TrafficWorld {
  /// The ticks begun: within a tick its own number up to the moves of phase 5, the next one from then
  /// on.
  @inline(__always) var now: Int32 { clock[0] }

  /// Ticks for which the vehicle of a slot has been at standstill, at most 65,535.
  @inline(__always) func standing(_ s: Int) -> UInt16 {
    let slot = slots[s]
    guard slot.pointee.speed < Rule.standing else { return 0 }
    return UInt16(truncatingIfNeeded: min(65_535, slot.pointee.ticks(until: now)))
  }

  /// Lets the head of a lane ask for the junction again, whatever it was refused for.
  @inline(__always) func wake(_ lane: Int) {
    lanes.asks[lane] = 1
    lanes.sleeps[lane] = 0
    busy.ask(Int(topology.laneJunction[lane]))
    rouse(lane)
  }

  /// Ends the rest of a lane. The count of its vehicles must still be that of its sleep.
  @inline(__always) func rouse(_ lane: Int) {
    if lanes.rests[lane] != LaneRest.awake { endRest(lane) }
  }

  private func endRest(_ lane: Int) {
    if lanes.rests[lane] == LaneRest.asleep {
      addVehicleTicks(lane)
      let chunk = chunks[Int(layout.chunkOfLane[lane])]
      chunk.active.rouse(lane)
      busy.ask(Int(topology.laneJunction[lane]))
      chunk.counters[0].hasNewLanes = true
    }
    lanes.rests[lane] = LaneRest.awake
  }

  private func addVehicleTicks(_ lane: Int) {
    lanes.vehicleTicks[lane] &+= Int64(lanes.count[lane]) * Int64(now &- lanes.asleepFrom[lane])
    lanes.asleepFrom[lane] = now
  }

  /// Rouses all lanes, between two ticks.
  func rouseAll() {
    for lane in 0..<topology.roadLanes { rouse(lane) }
  }

  /// Brings the `vehicleTicks` of those asleep up to date, between two ticks.
  func countAsleep() {
    for i in 0..<chunks.count { chunks[i].active.forEachAsleep { addVehicleTicks($0) } }
  }

  /// Rouses those who sleep at junctions that show another light than when they last decided. Where
  /// all plans run by the clock it is known until when nobody sees another one.
  func rouseAtLights(_ scratch: ChunkScratch, at time: Int64) {
    if time < scratch.counters[0].lightsStayUntil && !signals.hasMachines { return }
    var until = Int64.max
    var last: Int32 = -1
    var hasChanged = false
    scratch.active.forEachAsleep { lane in
      let junction = topology.laneJunction[lane]
      if junction != last {
        last = junction
        hasChanged =
          lights[junction].shown != Int32(truncatingIfNeeded: light(at: Int(junction), time))
        until = min(until, lights[junction].until)
      }
      if hasChanged { rouse(lane) }
    }
    scratch.counters[0].lightsStayUntil = until
  }

  /// A resting lane in the walk of a tick.
  @inline(__always) func rest(_ lane: Int, _ scratch: ChunkScratch, tick: Int32) {
    lanes.vehicleTicks[lane] &+= Int64(lanes.count[lane])
    fallAsleep(lane, scratch, tick: tick)
  }

  /// Puts a resting lane to sleep from the next tick on where it may.
  @inline(__always) func fallAsleep(_ lane: Int, _ scratch: ChunkScratch, tick: Int32) {
    guard lanes.sleeps[lane] != 0, lanes.mayChange[lane] == 0 else { return }
    lanes.rests[lane] = LaneRest.asleep
    lanes.asleepFrom[lane] = tick &+ 1
    scratch.counters[0].lightsStayUntil = min(
      scratch.counters[0].lightsStayUntil, lights[topology.laneJunction[lane]].until)
    scratch.active.putToSleep(lane)
  }
}
