import CityBase
import CitySimulation

extension TrafficDomain: MetricSource {
  /// The groups `trips` and `traffic`: trips due and traffic within the measured window.
  public func metrics() -> [MetricGroup] { [tripFigures(), trafficFigures()] }

  private func tripFigures() -> MetricGroup {
    var due = 0
    var departed = 0
    var arrived = 0
    var parked = 0
    var cutOff = 0
    var metres = 0.0
    var travelSeconds = 0.0
    var freeSeconds = 0.0
    var totalSeconds = 0.0
    let now = Double(lastTick) * stepSeconds
    for v in tripsDue {
      let journey = journey(of: v)
      guard measured.contains(journey.due) else { continue }
      due += 1
      let dueSeconds = Double(journey.due) / 1000
      let start = world.vehicles.departed[v]
      let done = world.vehicles.arrived[v]
      if start >= 0 { departed += 1 }
      if world.vehicles.left[v] >= 0 && done < 0 { parked += 1 }
      if done >= 0 {
        arrived += 1
        travelSeconds += Double(done - start) * stepSeconds
        freeSeconds += Double(journey.freeFlow)
        totalSeconds += Double(done) * stepSeconds - dueSeconds
        metres += Double(world.vehicles.metres[v])
      } else {
        totalSeconds += max(0, now - dueSeconds)
        if world.vehicles.left[v] < 0, world.isWayClosed(v, { world.isClosed[$0.index] != 0 }) {
          cutOff += 1
        }
      }
    }
    let mean = arrived > 0 ? travelSeconds / Double(arrived) : 0
    let delay = arrived > 0 ? (travelSeconds - freeSeconds) / Double(arrived) : 0
    return MetricGroup(
      "trips",
      [
        Property("due", .integer(Int64(due))),
        Property("departed", .integer(Int64(departed))),
        Property("arrived", .integer(Int64(arrived))),
        Property("waiting", .integer(Int64(due - departed))),
        Property("on_road", .integer(Int64(departed - arrived - parked))),
        Property("parked", .integer(Int64(parked))),
        Property("behind_closure", .integer(Int64(cutOff))),
        Property("mean_travel_time_s", .number(mean, decimals: 2)),
        Property("total_time_h", .number(totalSeconds / 3600, decimals: 3)),
        Property("mean_delay_s", .number(delay, decimals: 2)),
        Property(
          "travel_time_ratio",
          .number(freeSeconds > 0 ? travelSeconds / freeSeconds : 0, decimals: 4)),
        Property(
          "mean_distance_m", .number(arrived > 0 ? metres / Double(arrived) : 0, decimals: 1)),
      ])
  }

  private func trafficFigures() -> MetricGroup {
    let end = totalsAtEnd ?? LinkTotals(world)
    let start = totalsAtStart ?? end
    let km = (end.allMetres - start.allMetres) / 1000
    let hours = Double(end.allVehicleTicks - start.allVehicleTicks) * stepSeconds / 3600
    let events = measuredEvents
    return MetricGroup(
      "traffic",
      [
        Property("vehicle_km", .number(km, decimals: 3)),
        Property("vehicle_hours", .number(hours, decimals: 3)),
        Property("mean_speed_kmh", .number(hours > 0 ? km / hours : 0, decimals: 2)),
        Property("peak_on_road", .integer(Int64(peakMeasured))),
        // One from before the window weighs on it as well, so these are of the whole run.
        Property("gridlocks", .integer(Int64(gridlocks.count))),
        Property("standstills", .integer(Int64(standstills.count))),
        Property("standing_over_5min", .integer(gridlock.longStands)),
        Property("stuck_hours", .number(stuck.hours, decimals: 3)),
        Property("missed_turns", .integer(Int64(events.missedTurns))),
        Property("reroutes", .integer(Int64(events.reroutes))),
        Property("lane_changes", .integer(Int64(events.laneChanges))),
        Property("hard_brakings", .integer(Int64(events.hardBrakings))),
      ])
  }
}

extension TrafficDomain: IntervalSource {
  public var intervalColumns: [String] {
    ["departed", "arrived", "on_road", "waiting", "vehicle_km", "mean_speed_kmh"]
  }

  public func closeInterval(seconds: Double) -> [PropertyValue] {
    let now = LinkTotals(world)
    let km = (now.allMetres - interval.metres) / 1000
    let hours = Double(now.allVehicleTicks - interval.vehicleTicks) * stepSeconds / 3600
    let row: [PropertyValue] = [
      .integer(Int64(interval.departed)),
      .integer(Int64(interval.arrived)),
      .integer(Int64(counts.onRoad)),
      .integer(Int64(counts.waiting)),
      .number(km, decimals: 3),
      hours > 0 ? .number(km / hours, decimals: 2) : .null,
    ]
    interval = IntervalState()
    interval.metres = now.allMetres
    interval.vehicleTicks = now.allVehicleTicks
    return row
  }
}

/// `trips.csv`: a row a trip, those of the demand in order of departure, then those that other
/// domains began.
public struct TripRows: TableSource {
  let domain: TrafficDomain
  let clock: Clock
  public let tableName = "trips"
  public let tableColumns = [
    "id", "purpose", "status", "due", "departed", "arrived", "travel_time_s", "free_flow_s",
    "delay_s", "distance_m", "from_link", "to_link", "type",
  ]
  /// The vehicles whose journeys are trips.
  private let rows: [Int]
  public var rowCount: Int { rows.count }

  init(domain: TrafficDomain, clock: Clock) {
    self.domain = domain
    self.clock = clock
    rows = (0..<domain.vehicleCount).filter { domain.isTrip($0) }
  }

  private func status(_ v: Int) -> String {
    let vehicles = domain.world.vehicles
    if vehicles.arrived[v] >= 0 { return "arrived" }
    if vehicles.left[v] >= 0 { return "parked" }
    if vehicles.departed[v] >= 0 { return "on_road" }
    return v >= domain.demand.trips.count || v < domain.releasedTrips ? "waiting" : "not_due"
  }

  public func row(_ i: Int) -> [PropertyValue] {
    let v = rows[i]
    let journey = domain.journey(of: v)
    let vehicles = domain.world.vehicles
    let start = vehicles.departed[v]
    let done = vehicles.arrived[v]
    let seconds = Double(done - start) * domain.stepSeconds
    let free = Double(journey.freeFlow)
    func when(_ tick: Tick) -> PropertyValue {
      tick >= 0 ? .text(clock.instant(of: tick).iso8601) : .null
    }
    return [
      .text(journey.name),
      .text(journey.purpose.word),
      .text(status(v)),
      .text(clock.epoch.advanced(byMilliseconds: journey.due).iso8601),
      when(start),
      when(done),
      done >= 0 ? .number(seconds, decimals: 3) : .null,
      .number(free, decimals: 2),
      done >= 0 ? .number(seconds - free, decimals: 2) : .null,
      done >= 0 ? .number(Double(vehicles.metres[v]), decimals: 1) : .null,
      .text(domain.network.linkExternalID[journey.origin.link]),
      .text(domain.network.linkExternalID[journey.destination.link]),
      .text(domain.world.table.type(Int(vehicles.type[v])).name),
    ]
  }
}
