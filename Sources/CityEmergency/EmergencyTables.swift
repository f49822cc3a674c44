import CityBase
import CitySimulation

/// `responses.csv`: a row a call, in order of time.
///
/// `dispatch_delay_s` is from the call to the (last) assignment of a unit, `response_s` to its
/// arrival at the scene. `status` is served, open, queued or not_due, as in `metrics.json`.
/// `x_m`, `y_m` are in the working CRS.
struct ResponseRows: TableSource {
  let domain: EmergencyDomain
  let clock: Clock
  let tableName = "responses"
  let tableColumns = [
    "id", "kind", "priority", "time", "unit", "dispatched", "arrived", "dispatch_delay_s",
    "response_s", "cleared", "hospital", "status", "x_m", "y_m",
  ]
  var rowCount: Int { domain.calls.count }

  func row(_ index: Int) -> [PropertyValue] {
    let call = domain.calls[index]
    let record = domain.records[index]
    func when(_ milliseconds: Int64) -> PropertyValue {
      milliseconds >= 0
        ? .text(clock.epoch.advanced(byMilliseconds: milliseconds).iso8601) : .null
    }
    func delay(_ milliseconds: Int64) -> PropertyValue {
      milliseconds >= 0
        ? .number(Double(milliseconds - call.milliseconds) / 1000, decimals: 3) : .null
    }
    return [
      .text(call.name),
      .text(call.kind.word),
      .integer(Int64(call.priority)),
      .text(clock.epoch.advanced(byMilliseconds: call.milliseconds).iso8601),
      record.unit >= 0 ? .text(domain.units[record.unit].name) : .null,
      when(record.dispatched),
      when(record.arrived),
      delay(record.dispatched),
      delay(record.arrived),
      when(record.cleared),
      record.hospital >= 0 ? .text(domain.hospitals[record.hospital].name) : .null,
      .text(record.status.word),
      .number(call.position.x, decimals: 3),
      .number(call.position.y, decimals: 3),
    ]
  }
}

/// `units.csv`: a row a unit, in the order in which they came into service.
///
/// `calls` are those it has reached that came within the measured window; the times are within that
/// window too.
struct UnitRows: TableSource {
  let domain: EmergencyDomain
  let tableName = "units"
  let tableColumns = ["id", "kind", "post", "calls", "busy_s", "driving_s", "utilisation"]
  private let reached: [Int64]

  init(domain: EmergencyDomain) {
    self.domain = domain
    var reached = [Int64](repeating: 0, count: domain.units.count)
    for (call, record) in zip(domain.calls, domain.records)
    where record.status == .served && domain.measured.contains(call.milliseconds) {
      reached[record.unit] += 1
    }
    self.reached = reached
  }

  var rowCount: Int { reached.count }

  func row(_ index: Int) -> [PropertyValue] {
    let unit = domain.units[index]
    let time = unit.totals(at: domain.now, measured: domain.measured)
    return [
      .text(unit.name),
      .text(unit.kind.word),
      .text(domain.posts[unit.post].name),
      .integer(reached[index]),
      .number(Double(time.busy) / 1000, decimals: 3),
      .number(Double(time.driving) / 1000, decimals: 3),
      .number(domain.utilisation(of: CollectionOfOne(index)), decimals: 4),
    ]
  }
}
