import CityBase
import CityDemand
import CityReporting
import CitySimulation

extension LoadedScenario {
  /// What the demand asks for, before the first tick: trips in all, by how they stand to the edge of
  /// the city and by purpose, and where their number follows from a load, how full that makes the
  /// roads.
  var demandFigures: MetricGroup {
    let asked = demand.trips.count + refused.count
    func count(_ value: Int) -> PropertyValue { .integer(Int64(value)) }
    var relations = [Int](repeating: 0, count: TripRelation.allCases.count)
    var purposes = [Int](repeating: 0, count: TripPurpose.allCases.count)
    func note(_ relation: TripRelation, _ purpose: TripPurpose) {
      relations[Int(relation.rawValue)] += 1
      purposes[Int(purpose.rawValue)] += 1
    }
    // Field by field, so that no trip is copied.
    for i in demand.trips.indices { note(demand.trips[i].relation, demand.trips[i].purpose) }
    for refused in refused { note(refused.trip.relation, refused.trip.purpose) }
    var figures = [
      Property("trips", count(asked)), Property("refused", count(refused.count)),
    ]
    figures += zip(TripRelation.allCases, relations).map { Property("\($0)", count($1)) }
    figures += zip(TripPurpose.allCases, purposes).map { Property("purpose_\($0.word)", count($1)) }
    // How far the times that drivers expect are from an equilibrium, in the worst interval.
    if let gap = preRun.map(\.relativeGap).max() {
      figures.append(Property("pre_run_relative_gap", .number(gap, decimals: 4)))
    }
    return MetricGroup("demand", figures + loadFigures)
  }

  private var loadFigures: [Property] {
    guard let load = parts.lazy.compactMap(\.load).first else { return [] }
    return [
      Property("load_target", .number(load.target.volumeOverCapacity, decimals: 3)),
      Property("load_reached", .number(load.reached, decimals: 3)),
      Property("load_reached_by_own_lanes", .number(load.reachedByOwnLanes, decimals: 3)),
      Property("load_vehicles_h", .number(load.vehiclesPerHour, decimals: 1)),
      Property("load_factor", .number(load.factor, decimals: 4)),
      Property("load_rounds", .integer(Int64(load.rounds))),
      Property("load_fullest_movement", .number(load.fullest, decimals: 3)),
      Property("load_left_out", .integer(Int64(parts.reduce(0) { $0 + $1.leftOut }))),
    ]
  }

  /// A line on the demand for people: shares by relation, gates and load; nil where there is nothing
  /// to tell beside the number of trips.
  public var demandLine: String? {
    var pieces: [String] = []
    let trips = demand.trips
    if let load = parts.lazy.compactMap(\.load).first {
      pieces.append(
        "\(Int(load.vehiclesPerHour.rounded())) trips an hour fill the busiest tenth of the roads to"
          + " \(Self.hundredths(load.reached)) of their capacity")
    }
    let gates = parts.reduce((0, 0)) { ($0.0 + $1.gates.inbound, $0.1 + $1.gates.outbound) }
    if gates.0 + gates.1 > 0, !trips.isEmpty {
      let shares = TripRelation.allCases.map { relation in
        let share = Double(trips.count { $0.relation == relation }) / Double(trips.count)
        return "\(Int((share * 100).rounded())) % \(relation)"
      }
      pieces.append(
        shares.joined(separator: ", ") + " (\(gates.0) gates in, \(gates.1) out)")
    }
    return pieces.isEmpty ? nil : pieces.joined(separator: "; ")
  }

  /// Lines for people on the trips that do not set out because their ways lead over movements that
  /// could not let all of them through, and where these are; empty where all set out.
  public var thinningLines: [String] {
    let leftOut = parts.reduce(0) { $0 + $1.leftOut }
    guard leftOut > 0, let load = parts.lazy.compactMap(\.load).first else { return [] }
    let crowded = load.thinning.crowdedCount
    let lines = load.thinning.mostCrowded(5, of: city.graph).map { place in
      let name = network.linkName[place.from]
      let from = network.linkExternalID[place.from]
      return
        (place.from == place.to
        ? "  from \(from)" : "  \(from) > \(network.linkExternalID[place.to])")
        + (name.isEmpty ? "" : " (\(name))")
        + ": \(Int((place.share * 100).rounded())) % of those who would"
    }
    return [
      "\(leftOut) of \(leftOut + demand.trips.count + refused.count) trips drawn do not set out:"
        + " their ways lead over \(crowded) places that could not let all of them through"
    ] + lines
  }

  private static func hundredths(_ value: Double) -> String {
    let n = Int((min(max(0, value), 1e6) * 100).rounded())
    return "\(n / 100).\(n / 10 % 10)\(n % 10)"
  }
}
