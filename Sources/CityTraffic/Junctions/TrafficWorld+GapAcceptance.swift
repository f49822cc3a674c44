import CityBase
import CityNetwork
import CitySimulation

/// How drivers who yield use the gaps of those who go first; part of phase 4.
///
/// A gap lasts from one of those who go first to the next, both as their fronts come to the place
/// where the ways meet. It lets in one driver if it is as long as the critical gap, and one more for
/// each follow-up time that it is longer (Harders 1968; Siegloch 1973). The first one may set out
/// before it begins, so as to come to the conflict area just as it becomes free. For any other driver
/// it is as if it began when, for the first one, it would have begun: as many seconds before he
/// enters the area as somebody who goes first keeps it shut.
extension TrafficWorld {
  /// A vehicle on its way to a junction, from the stop line of which it is some metres away.
  struct Mover {
    var distance: Float
    var speed: Float
    var top: Float
    var length: Float
    /// m/s²
    var acceleration: Float
    /// Whom it follows to the junction, where that is asked for.
    var leader: Leading?

    /// Seconds until its front is at a place of its connector.
    @inline(__always) func time(to place: Float) -> Float {
      let alone = TrafficWorld.timeToCover(
        distance + place, speed: speed, top: top, acceleration: acceleration)
      guard let leader else { return alone }
      return max(alone, leader.time(to: place, top: top))
    }

    /// m/s with which its front is at a place of its connector, if it follows nobody.
    @inline(__always) func speed(at place: Float) -> Float {
      let square = speed * speed + 2 * acceleration * max(0, distance + place)
      return min(top, square.squareRoot())
    }

    /// Seconds that a faster one coming up from behind loses by slowing down at ease to the speed
    /// that this one has at a place.
    @inline(__always) func catchingUp(from fast: Float, after place: Float) -> Float {
      let difference = max(0, fast - self.speed(at: place))
      return difference * difference / (2 * Rule.anticipation * max(fast, 1))
    }
  }

  /// Somebody who goes before another one into a connector.
  struct Leading {
    /// Metres from the start of the connector, negative before it; the follower's gap at standstill
    /// is taken off.
    var rear: Float
    /// The same of the front, with nothing taken off.
    var front: Float
    var speed: Float
    var acceleration: Float

    /// Seconds until its own front is at a place, negative where it has passed it.
    @inline(__always) func ownTime(to place: Float, top: Float) -> Float {
      front > place
        ? (place - front) / max(speed, 1)
        : TrafficWorld.timeToCover(
          place - front, speed: speed, top: top, acceleration: acceleration)
    }

    /// The least seconds until the front of the follower is at a place: it drives as the leader has,
    /// so much later as drivers in a queue start one after the other (Newell 2002).
    @inline(__always) func time(to place: Float, top: Float) -> Float {
      TrafficWorld.timeToCover(place - rear, speed: speed, top: top, acceleration: acceleration)
        + Rule.startDelay
    }
  }

  /// The gap that a driver who yields would go into, in seconds from now.
  struct Gap {
    /// Half a step: what is decided at a tick is what would be decided, on average, as much earlier
    /// as later.
    var halfStep: Float
    /// When it begins for him, if he goes close behind nobody.
    var begin = -Float.infinity
    /// When the last one of those comes by whom he goes behind.
    var passed = -Float.infinity
    /// Whether he goes as closely behind one of them as he can.
    var isClose = false
    /// When the next one comes.
    var end = Float.infinity
    var critical: Float = 0

    init(step: Float) { halfStep = step / 2 }

    @inline(__always) mutating func follows(somebodyAt seconds: Float, closely: Bool) {
      passed = max(passed, seconds)
      if closely { isClose = true }
    }

    @inline(__always) mutating func end(at seconds: Float) { end = min(end, seconds) }

    /// Seconds at which the next one may come.
    var needed: Float { critical + (isClose ? passed : max(begin, passed)) }
    var isLongEnough: Bool { end >= needed }
  }

  /// The gap before it is known who comes before and after it.
  func openGap(_ s: Int, _ c: Int, _ mover: Mover, step: Float) -> Gap {
    let way = yielding[c]
    let waited = min(1, Float(standing(s)) * step / settings.patienceSeconds)
    var gap = Gap(step: step)
    gap.begin = mover.time(to: way.entry) - way.taken
    gap.critical = (settings.criticalGapSeconds ?? way.criticalGap) * (1 - 0.5 * waited)
    return gap
  }

  /// Whether a driver would come to where he yields sooner than a follow-up time after whom he follows:
  /// every driver looks for himself whether he may go.
  @inline(__always) func followsTooSoon(_ mover: Mover, _ c: Int, step: Float) -> Bool {
    guard let leader = mover.leader, let followUp = settings.followUpSeconds else { return false }
    let entry = yielding[c].entry
    return mover.time(to: entry) < leader.ownTime(to: entry, top: mover.top) + followUp - step / 2
  }

  /// Whom a candidate follows into the junction: the last one granted of its lane, else of its
  /// connector.
  @inline(__always) func leader(of s: Int, on c: Int) -> Leading? {
    let lane = Int(topology.connectorFrom[c])
    let rear: Float
    let length: Float
    let speed: Float
    let driver: UInt8
    if s < side.firstSlot, lanes.granted[lane] > 0 {
      length = slots.length[s - 1]
      rear = slots.position[s - 1] - length - lanes.length[lane]
      speed = slots.speed[s - 1]
      driver = slots.driver[s - 1]
    } else if grants.count[c] > 0 {
      let g = Int(grants.base[c] + grants.count[c]) - 1
      rear = grants.rear[g]
      length = grants.length[g]
      speed = grants.speed[g]
      driver = vehicles.driver[grants.vehicle[g]]
    } else {
      return nil
    }
    return Leading(
      rear: rear - standstillGap(s), front: rear + length, speed: speed,
      acceleration: predictedAcceleration(ofDriver: driver))
  }

  /// Whether the next vehicle with the right of way, not granted yet, would come too soon: before
  /// this one has left the conflict area, or before the gap is long enough.
  func mustYield(
    to other: Int, _ gap: inout Gap, otherEntry: Float, exit: Float, states: Int
  ) -> Bool {
    let lane = Int(topology.connectorFrom[other])
    let first = Int(lanes.granted[lane])
    let count = Int(lanes.count[lane])
    guard first < count else { return false }
    if states >= 0 && topology.connectorGroup[other] >= 0 {
      let state = signals.state(start: states, group: Int(topology.connectorGroup[other]))
      if state == SignalState.red.rawValue || state == SignalState.yellow.rawValue { return false }
    }
    let connector = Int32(truncatingIfNeeded: topology.roadLanes + other)
    let base = Int(lanes.base[lane])
    for o in (base + first)..<(base + count) {
      let v = slots.speed[o]
      // Who stands there has been asked first and could not go, nor can those behind.
      if v < 0.5 && hasStood(o, seconds: 1) { return false }
      let arrival = (lanes.length[lane] - slots.position[o] + otherEntry) / max(v, 3)
      if slots.next[o] == connector {
        gap.end(at: arrival)
        return arrival < exit || !gap.isLongEnough
      }
      if arrival >= exit && arrival >= gap.needed { return false }
    }
    return false
  }

  /// Seconds to cover a distance from a speed, accelerating up to a top speed.
  @inline(__always) static func timeToCover(
    _ distance: Float, speed: Float, top: Float, acceleration a: Float
  ) -> Float {
    if distance <= 0 { return 0 }
    let v = min(speed, top)
    let runUp = (top * top - v * v) / (2 * a)
    if distance < runUp { return ((v * v + 2 * a * distance).squareRoot() - v) / a }
    return (top - v) / a + (distance - runUp) / max(top, 0.1)
  }

  /// m/s² that a vehicle is taken to accelerate by when it is reckoned when it comes.
  @inline(__always) func predictedAcceleration(of vehicle: Int32) -> Float {
    table.isUniform
      ? model.maximumAcceleration : predictedAcceleration(ofDriver: vehicles.driver[vehicle])
  }

  @inline(__always) func predictedAcceleration(ofDriver driver: UInt8) -> Float {
    table.isUniform ? model.maximumAcceleration : table.drivers[Int(driver)].meanAcceleration
  }

  /// Whether a driver keeps one acceleration up to the desired speed.
  func speedsUpEvenly(_ driver: UInt8) -> Bool {
    table.isUniform ? false : table.drivers[Int(driver)].speedsUpEvenly
  }
}

/// What a driver has to know of a connector on which he yields.
struct YieldingWay: BitwiseCopyable {
  /// Seconds between two of those who go first that he needs (`GapAcceptance`).
  var criticalGap: Float
  /// Where the first area begins in which he yields, in metres; without one, the first of all.
  var entry: Float = 0
  /// Seconds for which one of those who go first keeps it shut, from its front coming there on.
  var taken: Float = 0
  var yields = false

  /// By connector, with cars of some length that keep some metres at standstill.
  static func all(_ network: RoadNetwork, carLength: Float, standstillGap: Float)
    -> RawColumn<YieldingWay>
  {
    RawColumn(
      network.connectorFrom.ids.map { c in
        var way = YieldingWay(criticalGap: GapAcceptance(c, in: network).criticalSeconds)
        var met: Conflict?
        var first: Conflict?
        for area in network.conflicts(of: c) where area.kind != ConflictKind.diverge {
          if area.entry < met?.entry ?? .infinity { met = area }
          if area.yields > 0, area.entry < first?.entry ?? .infinity { first = area }
        }
        way.yields = first != nil
        guard let area = first ?? met else { return way }
        way.entry = area.entry
        let top = max(1, network.laneSpeed.values[network.roadLaneCount + area.other.index])
        way.taken =
          area.kind == ConflictKind.crossing
          ? (area.otherExit - area.otherEntry + carLength) / top + Rule.clearanceMargin
          : (carLength + standstillGap) / top + Rule.followingMargin
        return way
      })
  }
}
