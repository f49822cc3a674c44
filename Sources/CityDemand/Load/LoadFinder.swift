import CityBase
import CityNetwork

/// Finds the flow that meets a load, with what the movements let through.
struct LoadFinder {
  /// What was found.
  struct Result {
    /// Of all who are drawn, those who then stay included.
    var vehiclesPerHour = 0.0
    var keptShare = 1.0
    var reached = 0.0
    var fullest = 0.0
    var rounds = 0
    var thinning: DemandThinning
    /// Vehicles an hour by turn.
    var turns: [Double] = []
  }

  private let sample: [Trip]
  private let limits: LoadLimits
  private let assignment: StaticAssignment
  /// By trip of the sample, by turn, and by link of those who begin there.
  private var weights: [Double]
  private var shares: [Double]
  private var originShares: [Double]

  /// Rounds of thinning, and of these at the end such as only thin, so that nothing is too full.
  private static let mostThinnings = 24
  private static let lastThinnings = 4
  /// Thinning takes traffic from the busiest roads. Others get more instead where less than this
  /// part of the target is left: for a moderate load 0.5, the lower end of what is one.
  private static let leastReached = 10.0 / 11
  /// No more are drawn than so many times those who would meet the target if nobody was left out:
  /// what is left of more would be the trips that keep away from the places that all others pass.
  private static let mostDrawn = 2.0

  init(_ sample: [Trip], limits: LoadLimits, assignment: StaticAssignment) {
    self.sample = sample
    self.limits = limits
    self.assignment = assignment
    weights = Array(repeating: 1, count: sample.count)
    shares = Array(repeating: 1, count: limits.movements.graph.turnCount)
    originShares = Array(repeating: 1, count: assignment.network.linkCount)
  }

  /// One assignment of the sample at some flow.
  private struct Trial {
    var flow: Double
    var traffic: AssignedTraffic
    var use: MovementCapacity.Use
    var reached: Double
  }

  mutating func find(start: Double, isThinned: Bool, execute: ParallelLoop) -> Result {
    var result = Result(
      thinning: DemandThinning(
        shares: [], originShares: [], milliseconds: LinkCosts.freeFlow(assignment.network)))
    let target = limits.target.volumeOverCapacity
    guard !sample.isEmpty, target > 0 else { return result }
    var trials: [Trial] = []
    let found = LoadSearch().find(target: target, start: start) { flow in
      trials.append(assign(flow, execute: execute))
      return trials[trials.count - 1].reached
    }
    guard var trial = trials.first(where: { $0.flow == found.vehiclesPerHour }) else {
      return result
    }
    result.rounds = found.rounds
    let most = Self.mostDrawn * trial.flow
    for round in 0..<(isThinned ? Self.mostThinnings : 0) {
      let mayRise = round < Self.mostThinnings - Self.lastThinnings
      let isTooFull = thin(trial, mayRise: mayRise)
      let isLow =
        trial.reached < Self.leastReached * target && trial.flow < most && mayRise
      guard isTooFull || isLow else { break }
      result.thinning = DemandThinning(
        shares: shares, originShares: originShares, milliseconds: trial.traffic.milliseconds)
      weights = result.thinning.weights(
        of: sample, hierarchy: assignment.hierarchy, execute: execute)
      // A little more than what is missing, because thinning takes of it again.
      let missing = 1.03 * Self.leastReached * target / max(trial.reached, 0.01)
      let growth = isLow ? min(1.3, missing, most / trial.flow) : 1
      trial = assign(trial.flow * growth, execute: execute)
      result.rounds += 1
    }
    result.vehiclesPerHour = trial.flow
    result.keptShare = weights.reduce(0, +) / Double(weights.count)
    result.reached = trial.reached
    result.turns = trial.traffic.turnVehiclesPerHour
    result.fullest = zip(trial.use.ofTurn, result.turns)
      .reduce(0) { $1.1 >= 1 ? max($0, $1.0) : $0 }
    return result
  }

  private func assign(_ flow: Double, execute: ParallelLoop) -> Trial {
    let each = flow / Double(sample.count)
    let traffic = assignment.assign(
      sample.indices.map {
        AssignmentFlow(
          origin: sample[$0].origin.link, destination: sample[$0].destination.link,
          vehiclesPerHour: each * weights[$0])
      }, execute: execute)
    let use = limits.movements.use(
      turns: traffic.turnVehiclesPerHour, links: traffic.vehiclesPerHour)
    return Trial(
      flow: flow, traffic: traffic, use: use,
      reached: BusiestLinks.meanUse(
        use.ofLink, volumes: traffic.vehiclesPerHour,
        lengths: assignment.network.linkLength.values))
  }

  /// False where nothing is too full.
  private mutating func thin(_ trial: Trial, mayRise: Bool) -> Bool {
    var departing = [Double](repeating: 0, count: assignment.network.linkCount)
    let each = trial.flow / Double(sample.count)
    for (trip, weight) in zip(sample, weights) {
      departing[trip.origin.link.index] += each * weight
    }
    return limits.fit(
      turns: &shares, origins: &originShares,
      to: LoadLimits.Volumes(
        turns: trial.traffic.turnVehiclesPerHour, links: trial.traffic.vehiclesPerHour,
        departing: departing), trial.use, mayRise: mayRise)
  }
}
