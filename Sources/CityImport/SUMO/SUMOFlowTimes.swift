import CityBase

/// When the vehicles of a flow depart.
enum SUMOFlowTimes {
  /// Vehicles that one import may have.
  static let most = 5_000_000

  /// Milliseconds of the departures, ascending: no more than `limit` of them.
  ///
  /// Even rates start at `begin`, as SUMO has it. Random ones are drawn from the flow's own id, so
  /// that no other flow changes them: one draw for each second of `probability`, exponential
  /// intervals for `exp(...)`.
  static func departures(_ flow: SUMODemand.Flow, id: String, limit: Int) -> [Int64] {
    let random = RandomStream(seed: 1).draws(.departureTime, StableHash.of(id))
    let most = max(0, min(limit, flow.number ?? .max))
    switch flow.rate {
    case .every(let period):
      return regular(flow, period: max(1, period), most: most)
    case .spread:
      let count = max(1, flow.number ?? 1)
      return regular(
        flow, period: max(1, Double(flow.end - flow.begin) / Double(count)), most: most)
    case .poisson(let perSecond):
      var out: [Int64] = []
      var time = Double(flow.begin)
      while out.count < most {
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        time -= PortableMath.log(1 - random.unit(UInt64(out.count))) / perSecond * 1000
        guard time < Double(flow.end) else { break }
        out.append(Int64(time.rounded()))
      }
      return out
    case .chance(let chance):
      var out: [Int64] = []
      var second: Int64 = 0
      while out.count < most, flow.begin + second * 1000 < flow.end {
        if random.unit(UInt64(second)) < chance { out.append(flow.begin + second * 1000) }
        second += 1
      }
      return out
    }
  }

  private static func regular(_ flow: SUMODemand.Flow, period: Double, most: Int) -> [Int64] {
    var out: [Int64] = []
    while out.count < most {
      let time = flow.begin + Int64((Double(out.count) * period).rounded())
      guard time < flow.end || (out.isEmpty && flow.begin == flow.end) else { break }
      out.append(time)
    }
    return out
  }
}
