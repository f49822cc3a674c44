import CityBase
import CityNetwork

/// A gravity model scaled so that the roads are as full as a target says, and no movement fuller than
/// it can be.
///
/// First comes the flow that fills the busiest tenth of the roads to the target, then the shares of
/// the turns that it overfills (`DemandThinning`), at last, once drivers have chosen their ways, what
/// is still too much (`trimmed`).
public struct LoadedDemand: Sendable {
  public let target: LoadTarget
  /// Mean of volume over capacity on the busiest tenth of the roads, by the assignment of the
  /// scaled demand.
  public let reached: Double
  /// The same if every link were as full as its own fullest lane, whatever it leads to: less, because
  /// links that end at a driveway then pass for empty.
  public let reachedByOwnLanes: Double
  /// Volume over capacity of the fullest movement.
  public let fullest: Double
  /// Trips that set out in the busiest hour of the window.
  public let vehiclesPerHour: Double
  /// The flow relative to what residents and gates would give by surveys and counts.
  public let factor: Double
  /// How often traffic was assigned.
  public let rounds: Int
  /// Trips drawn over the whole window, those who then stay included.
  public let tripCount: Int
  /// Who of them stays.
  public let thinning: DemandThinning
  /// Vehicles an hour by turn of the graph, of those who set out. Empty where there is no demand.
  public let turnsPerHour: [Double]
  /// What one trip of the window counts in its busiest hour.
  let vehiclesPerHourPerTrip: Double
  /// Links on which traffic comes in over the edge.
  let entries: [LinkID]

  /// How many trips stand for the demand in an assignment: the more, the less the busiest roads are
  /// so by chance.
  static let sampleCount = 12_000
  /// Draws of the sample: the flow hangs on the city and its settings, and on no scenario's seed.
  static let sampleSeed: UInt64 = 1

  /// Finds the flow on a network whose movements `movements` knows. Without `isThinned` all who are
  /// drawn set out, however full that makes the movements.
  public init(
    _ model: GravityModel, target: LoadTarget, assignment: StaticAssignment,
    movements: MovementCapacity, isThinned: Bool = true, execute: ParallelLoop
  ) {
    self.target = target
    let usual = model.relationWeights.reduce(0, +)
    entries = model.edge?.inbound.map(\.link) ?? []
    var finder = LoadFinder(
      model.with(tripCount: Self.sampleCount).trips(random: RandomStream(seed: Self.sampleSeed)),
      limits: LoadLimits(target, movements: movements, entries: entries), assignment: assignment)
    let found = finder.find(start: max(10, usual), isThinned: isThinned, execute: execute)
    reached = found.reached
    reachedByOwnLanes = found.reachedByOwnLanes
    fullest = found.fullest
    rounds = found.rounds
    thinning = found.thinning
    turnsPerHour = found.turns
    vehiclesPerHour = found.vehiclesPerHour * found.keptShare
    factor = usual > 0 ? vehiclesPerHour / usual : 0
    let perTrip = model.departures.busiestHourShare
    vehiclesPerHourPerTrip = perTrip
    let trips = perTrip > 0 ? found.vehiclesPerHour / perTrip : 0
    tripCount = Int(max(0, min(trips, Double(GravitySettings.tripLimit))).rounded())
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
