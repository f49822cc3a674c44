import CityBase
import CitySimulation

extension EmergencyDomain: IntervalSource {
  /// The group `emergency`, over the calls that come within the measured window.
  ///
  /// `calls` = `served` (a unit has reached the scene) + `open` (a unit is assigned, and not there
  /// yet) + `queued` (none is assigned), as it stands at the end of the run. A response time runs
  /// from the call to the arrival at the scene: waiting in the queue, turnout and drive. Its mean,
  /// its quantiles (linear between the two nearest of the sorted times) and the shares `within_…`
  /// are over the served calls alone; calls that nobody has reached do not enter, so look at
  /// `queued` and `open` beside them. All five are null where no call was served. `utilisation` is
  /// the time that units are busy (from being sent to being free; the way home is not busy) over the
  /// time that they are in service, both within the measured window.
  public func metrics() -> [MetricGroup] {
    var tally: [CallStatus: Int64] = [:]
    var seconds: [Double] = []
    for call in 0..<nextCall where measured.contains(calls[call].milliseconds) {
      tally[records[call].status, default: 0] += 1
      if let time = responseSeconds(of: call) { seconds.append(time) }
    }
    seconds.sort()
    func number(_ value: Double?, _ decimals: Int) -> PropertyValue {
      value.map { .number($0, decimals: decimals) } ?? .null
    }
    func share(_ minutes: Double) -> PropertyValue {
      number(Self.share(of: seconds, within: minutes * 60), 4)
    }
    let count = { (status: CallStatus) in tally[status, default: 0] }
    return [
      MetricGroup(
        name,
        [
          Property("calls", .integer(count(.served) + count(.queued) + count(.open))),
          Property("served", .integer(count(.served))),
          Property("queued", .integer(count(.queued))),
          Property("open", .integer(count(.open))),
          Property(
            "mean_response_s",
            number(
              seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count), 2)),
          Property("p50_response_s", number(Self.quantile(0.5, of: seconds), 2)),
          Property("p90_response_s", number(Self.quantile(0.9, of: seconds), 2)),
          Property("within_8min", share(8)),
          Property("within_9min", share(9)),
          Property("within_15min", share(15)),
          Property("utilisation", .number(utilisation(of: units.indices), decimals: 4)),
        ])
    ]
  }

  /// From the call to the arrival at its scene; nil where nobody is there yet.
  func responseSeconds(of call: Int) -> Double? {
    let arrived = records[call].arrived
    return arrived >= 0 ? Double(arrived - calls[call].milliseconds) / 1000 : nil
  }

  /// Busy over in service, within the measured window so far; 0 where there is no unit.
  func utilisation(of some: some Sequence<Int>) -> Double {
    var busy: Int64 = 0
    var inService: Int64 = 0
    for u in some {
      busy += units[u].totals(at: now, measured: measured).busy
      inService += EmergencyUnit.overlap(units[u].inServiceSince, now, measured)
    }
    return inService > 0 ? Double(busy) / Double(inService) : 0
  }

  static func quantile(_ share: Double, of sorted: [Double]) -> Double? {
    guard let last = sorted.last else { return nil }
    let at = share * Double(sorted.count - 1)
    let below = Int(at)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (at - Double(below))
  }

  static func share(of sorted: [Double], within seconds: Double) -> Double? {
    sorted.isEmpty ? nil : Double(sorted.count { $0 <= seconds }) / Double(sorted.count)
  }

  public var intervalColumns: [String] {
    ["calls", "calls_served", "calls_queued", "units_busy"]
  }

  /// Calls that came and calls that were reached in the interval; calls without a unit and busy
  /// units at its end.
  public func closeInterval(seconds: Double) -> [PropertyValue] {
    let row: [PropertyValue] = [
      .integer(counts.intervalCalls),
      .integer(counts.intervalServed),
      .integer(Int64(records[..<nextCall].count { $0.status == .queued })),
      .integer(Int64(units.count { !$0.state.isFree })),
    ]
    counts.intervalCalls = 0
    counts.intervalServed = 0
    return row
  }

  public var intervalSources: [any IntervalSource] { [self] }
  public func tables(clock: Clock) -> [any TableSource] {
    [ResponseRows(domain: self, clock: clock), UnitRows(domain: self)]
  }
  public var snapshotLayers: [any SnapshotLayer] {
    [UnitLayer(domain: self), IncidentLayer(domain: self)]
  }
}
