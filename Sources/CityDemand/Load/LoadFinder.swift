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
    var wantedTurns: [Double] = []
  }

  private let sample: [Trip]
  private let target: LoadTarget
  private let isEntry: [Bool]
  private let assignment: StaticAssignment
  private let movements: MovementCapacity
  /// By trip of the sample and by turn.
  private var weights: [Double]
  private var shares: [Double]
  /// By link, of those who begin there.
  private var originShares: [Double]

  /// Rounds of thinning.
  private static let mostThinnings = Int(knob("CT_THIN", 5))
  /// A movement may be this much fuller than it should.
  private static let tolerance = 1.05

  init(
    _ sample: [Trip], target: LoadTarget, entries: [LinkID], assignment: StaticAssignment,
    movements: MovementCapacity
  ) {
    self.sample = sample
    self.target = target
    self.assignment = assignment
    self.movements = movements
    var isEntry = [Bool](repeating: false, count: assignment.network.linkCount)
    for link in entries where isEntry.indices.contains(link.index) { isEntry[link.index] = true }
    self.isEntry = isEntry
    weights = Array(repeating: 1, count: sample.count)
    shares = Array(repeating: 1, count: movements.graph.turnCount)
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
        shares: [], originShares: [], milliseconds: LinkCosts.freeFlow(movements.network)))
    guard !sample.isEmpty, target.volumeOverCapacity > 0 else { return result }
    var flow = start
    for round in 0...Self.mostThinnings {
      var trials: [Trial] = []
      let found = LoadSearch().find(target: target.volumeOverCapacity, start: flow) { flow in
        trials.append(assign(flow, execute: execute))
        return trials[trials.count - 1].reached
      }
      guard let trial = trials.first(where: { $0.flow == found.vehiclesPerHour }) else { break }
      result.rounds += found.rounds
      if round == 0 { result.wantedTurns = trial.traffic.turnVehiclesPerHour }
      result.vehiclesPerHour = found.vehiclesPerHour
      result.keptShare = weights.reduce(0, +) / Double(weights.count)
      result.reached = trial.reached
      result.fullest = zip(trial.use.ofTurn, trial.traffic.turnVehiclesPerHour)
        .reduce(0) { $1.1 >= 1 ? max($0, $1.0) : $0 }
      if !isThinned || round == Self.mostThinnings || !thin(trial) { break }
      result.thinning = DemandThinning(
        shares: shares, originShares: originShares, milliseconds: trial.traffic.milliseconds)
      weights = result.thinning.weights(
        of: sample, hierarchy: assignment.hierarchy, execute: execute)
      flow = found.vehiclesPerHour
    }
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
    let use = movements.use(turns: traffic.turnVehiclesPerHour, links: traffic.vehiclesPerHour)
    return Trial(
      flow: flow, traffic: traffic, use: use,
      reached: BusiestLinks.meanUse(
        use.ofLink, volumes: traffic.vehiclesPerHour,
        lengths: assignment.network.linkLength.values))
  }

  /// Lets less traffic onto turns that are too full, and more again onto those that have become
  /// emptier than they may be; false where none is too full.
  private mutating func thin(_ trial: Trial) -> Bool {
    var isAnyTooFull = false
    func fit(_ share: inout Double, _ use: Double, _ most: Double) {
      if use > most * Self.tolerance { isAnyTooFull = true }
      if use > most || share < 1 { share = min(1, max(0.01, share * most / max(use, 0.01))) }
    }
    let graph = movements.graph
    let departing = departing(trial)
    for l in 0..<graph.linkCount {
      let most = isEntry[l] ? target.fullestEntry : target.fullestMovement
      for turn in graph.turns(from: LinkID(l)) where trial.traffic.turnVehiclesPerHour[turn] >= 1 {
        fit(&shares[turn], trial.use.ofTurn[turn], most)
      }
      guard departing[l] >= 1 else { continue }
      let room = roomToBegin(l, beside: trial.traffic.vehiclesPerHour[l] - departing[l])
      fit(&originShares[l], departing[l] / room, most)
    }
    return isAnyTooFull
  }

  /// Vehicles an hour that begin on each link.
  private func departing(_ trial: Trial) -> [Double] {
    var departing = [Double](repeating: 0, count: assignment.network.linkCount)
    let each = trial.flow / Double(sample.count)
    for (trip, weight) in zip(sample, weights) {
      departing[trip.origin.link.index] += each * weight
    }
    return departing
  }

  /// Vehicles an hour that can begin on a link beside others: what comes in over the edge on all
  /// lanes, else those who find a gap in the kerb lane, as right turns out of a minor road do.
  private func roomToBegin(_ link: Int, beside others: Double) -> Double {
    let lanes = Double(max(1, assignment.network.lanes(of: LinkID(link)).count))
    if isEntry[link] {
      return max(MovementCapacity.least, MovementCapacity.laneFlow * lanes - others)
    }
    let pullingOut = GapAcceptance(.right, control: .priority, rank: 4, drivesOnRight: true)
    return max(MovementCapacity.least, pullingOut.capacity(conflicting: others / lanes))
  }
}
