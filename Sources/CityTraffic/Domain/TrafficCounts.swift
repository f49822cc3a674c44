/// How many trips are where, after a tick: due = arrived + parked + on the road + waiting.
public struct TrafficCounts: Sendable, Equatable {
  /// Trips whose time of departure has come.
  public var due = 0
  /// Trips that have entered the road.
  public var departed = 0
  /// Trips whose vehicle has left the road.
  public var left = 0
  /// Trips whose journey has ended, the way on foot included.
  public var arrived = 0
  /// Trips due that wait at their access point for a gap.
  public var waiting: Int { due - departed }
  public var onRoad: Int { departed - left }
  /// Trips whose vehicle is parked while their traveller is still on the way.
  public var parked: Int { left - arrived }
}

/// What has happened so far in a run; the difference of two is what happened in between.
struct EventCounts: Equatable {
  var missedTurns = 0
  var reroutes = 0
  var laneChanges = 0
  var hardBrakings = 0

  static func - (a: EventCounts, b: EventCounts) -> EventCounts {
    EventCounts(
      missedTurns: a.missedTurns - b.missedTurns, reroutes: a.reroutes - b.reroutes,
      laneChanges: a.laneChanges - b.laneChanges, hardBrakings: a.hardBrakings - b.hardBrakings)
  }
}

/// The sums of the lanes' measures at one moment, by link.
struct LinkTotals {
  var vehicleTicks: [Int64] = []
  var metres: [Double] = []
  var missedTurns: [Int32] = []
  /// All lanes and connectors.
  var allVehicleTicks: Int64 = 0
  var allMetres = 0.0

  init() {}

  init(_ world: TrafficWorld) {
    let links = world.network.linkCount
    vehicleTicks = Array(repeating: 0, count: links)
    metres = Array(repeating: 0, count: links)
    missedTurns = world.missedTurns.array
    world.countAsleep()
    for lane in 0..<world.lanes.count.count {
      let t = world.lanes.vehicleTicks[lane]
      let m = world.lanes.metres[lane]
      allVehicleTicks += t
      allMetres += m
      if lane < world.topology.roadLanes {
        let link = Int(world.topology.laneLink[lane])
        vehicleTicks[link] += t
        metres[link] += m
      }
    }
  }
}
