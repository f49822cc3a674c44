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
    /// `reached` if every link were as full as its own fullest lane, whatever it leads to.
    var reachedByOwnLanes = 0.0
    var fullest = 0.0
    var rounds = 0
    var thinning: DemandThinning
    /// Vehicles an hour by turn.
    var turns: [Double] = []
  }

  private let sample: [Trip]
  private let limits: LoadLimits
  private let assignment: StaticAssignment
  private let segments: StreetSegments
  private var shares: HierarchyLoads.Shares

  /// Rounds of thinning, and of these at the end such as only thin, so that nothing is too full.
  private static let mostThinnings = 24
  private static let lastThinnings = 4
  /// Thinning takes traffic from the busiest roads. Others get more instead where less than this
  /// part of the target is left: for a moderate load 0.5, the lower end of what is one.
  private static let leastReached = 10.0 / 11
  /// No more are drawn than so many times those who would meet the target if nobody was left out:
  /// what is left of more would be the trips that keep away from the places that all others pass.
  private static let mostDrawn = 3.0
  /// Iterations of an assignment beside which shares are sought, of which there are many.
  private static let thinnedIterations = 5
  /// Where no more may be drawn, shares go on rising as long as a round brings so much.
  private static let leastGain = 1.003

  init(_ sample: [Trip], limits: LoadLimits, assignment: StaticAssignment) {
    self.sample = sample
    self.limits = limits
    self.assignment = assignment
    segments = StreetSegments(limits.movements)
    shares = HierarchyLoads.Shares(
      turns: Array(repeating: 1, count: limits.movements.graph.turnCount),
      origins: Array(repeating: 1, count: assignment.network.linkCount))
  }

  /// One assignment of the sample at some flow.
  private struct Trial {
    var flow: Double
    var traffic: AssignedTraffic
    var use: MovementCapacity.Use
    var reached: Double
  }

  mutating func find(start: Double, isThinned: Bool, execute: ParallelLoop) -> Result {
    var result = Result(thinning: DemandThinning(shares: [], originShares: [], waysBy: []))
    let target = limits.target.volumeOverCapacity
    guard !sample.isEmpty, target > 0 else { return result }
    var trials: [Trial] = []
    let found = LoadSearch().find(target: target, start: start) { flow in
      trials.append(assign(flow, isThinned: false, execute: execute))
      return trials[trials.count - 1].reached
    }
    guard var trial = trials.first(where: { $0.flow == found.vehiclesPerHour }) else {
      return result
    }
    result.rounds = found.rounds
    let most = Self.mostDrawn * trial.flow
    var isGaining = true
    // Of those with nothing too full, the one that comes nearest to the target, and its shares.
    var best: (trial: Trial, shares: HierarchyLoads.Shares)?
    for round in 0...Self.mostThinnings where isThinned {
      let mayRise = round < Self.mostThinnings - Self.lastThinnings
      let before = shares
      let isTooFull = thin(trial, mayRise: mayRise)
      if !isTooFull, trial.reached > best?.trial.reached ?? 0 { best = (trial, before) }
      let isLow =
        trial.reached < Self.leastReached * target && (trial.flow < most || isGaining) && mayRise
      guard isTooFull || isLow, round < Self.mostThinnings else {
        // Those that this trial came about with.
        shares = before
        break
      }
      // A little more than what is missing, because thinning takes of it again.
      let missing = 1.03 * Self.leastReached * target / max(trial.reached, 0.01)
      let growth = isLow ? min(1.3, missing, most / trial.flow) : 1
      let next = assign(
        trial.flow * growth, isThinned: true, execute: execute)
      isGaining = next.reached > trial.reached * Self.leastGain
      trial = next
      result.rounds += 1
    }
    if let best { (trial, shares) = best }
    if result.rounds > found.rounds {
      result.thinning = DemandThinning(
        shares: shares.turns, originShares: shares.origins, waysBy: trial.traffic.waysBy)
    }
    result.vehiclesPerHour = trial.flow
    result.keptShare = trial.traffic.keptShare
    result.reached = trial.reached
    result.reachedByOwnLanes = BusiestLinks.meanUse(
      trial.use.ofLink, volumes: trial.traffic.vehiclesPerHour,
      lengths: assignment.network.linkLength.values)
    result.turns = trial.traffic.turnVehiclesPerHour
    result.fullest = zip(trial.use.ofTurn, result.turns)
      .reduce(0) { $1.1 >= 1 ? max($0, $1.0) : $0 }
    return result
  }

  private func assign(_ flow: Double, isThinned: Bool, execute: ParallelLoop) -> Trial {
    let each = flow / Double(sample.count)
    let traffic = assignment.assign(
      sample.map {
        AssignmentFlow(
          origin: $0.origin.link, destination: $0.destination.link, vehiclesPerHour: each)
      }, shares: isThinned ? shares : nil,
      iterations: isThinned ? Self.thinnedIterations : 8, execute: execute)
    let use = limits.movements.use(
      turns: traffic.turnVehiclesPerHour, links: traffic.vehiclesPerHour)
    return Trial(
      flow: flow, traffic: traffic, use: use,
      reached: BusiestLinks.meanUse(
        segments.use(use), volumes: traffic.vehiclesPerHour,
        lengths: assignment.network.linkLength.values))
  }

  /// False where nothing is too full.
  private mutating func thin(_ trial: Trial, mayRise: Bool) -> Bool {
    limits.fit(
      turns: &shares.turns, origins: &shares.origins,
      to: LoadLimits.Volumes(
        turns: trial.traffic.turnVehiclesPerHour, links: trial.traffic.vehiclesPerHour,
        departing: trial.traffic.departingPerHour), trial.use, mayRise: mayRise)
  }
}
