import CityBase
import CityNetwork

/// A gravity model scaled so that the roads are as full as a target says.
public struct LoadedDemand: Sendable {
  public let target: LoadTarget
  /// Mean of volume over capacity on the busiest tenth of the roads, by the assignment of the
  /// scaled demand.
  public let reached: Double
  /// Trips that set out in the busiest hour of the window.
  public let vehiclesPerHour: Double
  /// The flow relative to what residents and gates would give by surveys and counts.
  public let factor: Double
  /// How often traffic was assigned.
  public let rounds: Int
  /// Trips over the whole window.
  public let tripCount: Int

  /// How many trips stand for the demand in an assignment: the more, the less the busiest roads are
  /// so by chance.
  static let sampleCount = 12_000
  /// Draws of the sample: the flow hangs on the city and its settings, and on no scenario's seed.
  static let sampleSeed: UInt64 = 1

  /// Finds the flow. `assign` gives vehicles an hour by link for flows between links, with drivers
  /// on their way through congestion.
  public init(
    _ model: GravityModel, target: LoadTarget, network: RoadNetwork, capacities: [Double],
    assign: ([AssignmentFlow]) -> [Double]
  ) {
    self.target = target
    let sample = Self.sample(of: model)
    let lengths = network.linkLength.values
    let usual = model.relationWeights.reduce(0, +)
    var result = LoadSearch.Result(vehiclesPerHour: 0, reached: 0, rounds: 0)
    if !sample.isEmpty {
      result = LoadSearch().find(target: target.volumeOverCapacity, start: max(10, usual)) { flow in
        let each = flow / Double(sample.count)
        let volumes = assign(
          sample.map {
            AssignmentFlow(
              origin: $0.origin.link, destination: $0.destination.link, vehiclesPerHour: each)
          })
        return BusiestLinks.meanUse(volumes: volumes, capacities: capacities, lengths: lengths)
      }
    }
    reached = result.reached
    vehiclesPerHour = result.vehiclesPerHour
    rounds = result.rounds
    factor = usual > 0 ? result.vehiclesPerHour / usual : 0
    let perTrip = model.departures.busiestHourShare
    let trips = perTrip > 0 ? result.vehiclesPerHour / perTrip : 0
    tripCount = Int(max(0, min(trips, Double(GravitySettings.tripLimit))).rounded())
  }

  private static func sample(of model: GravityModel) -> [Trip] {
    model.with(tripCount: sampleCount).trips(random: RandomStream(seed: sampleSeed))
  }
}

extension DepartureProfile {
  /// The largest flow of an hour, in trips an hour for each trip of the whole profile: the share in
  /// its busiest hour, or of one shorter than an hour the share that an hour of it would have.
  public var busiestHourShare: Double {
    let total = intervals.reduce(0) { $0 + $1.share }
    let length = Double(range.upperBound - range.lowerBound) / 3_600_000
    guard total > 0, length > 0 else { return 0 }
    if length <= 1 { return 1 / length }
    var most = 0.0
    for start in intervals.flatMap({ [$0.from, $0.to - 3_600_000] }) {
      let end = start + 3_600_000
      let sum = intervals.reduce(0) { sum, piece in
        let common = Double(max(0, min(end, piece.to) - max(start, piece.from)))
        return sum + piece.share * common / Double(piece.to - piece.from)
      }
      most = max(most, sum)
    }
    return most / total
  }
}
