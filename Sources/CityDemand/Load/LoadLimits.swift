import CityBase
import CityNetwork

/// How full movements, and the places where trips begin, may become under a load.
struct LoadLimits: Sendable {
  let target: LoadTarget
  let movements: MovementCapacity
  /// By link: whether traffic comes in there over the edge.
  private let isEntry: [Bool]
  /// A movement may be this much fuller than it should before anything is done.
  private static let tolerance = 1.05
  /// By how much a share rises at most in a round.
  private static let mostRise = 1.5
  /// The smallest share.
  private static let least = 0.01

  /// Vehicles an hour.
  struct Volumes: Sendable {
    var turns: [Double]
    var links: [Double]
    /// By link: what begins there.
    var departing: [Double]
  }

  init(_ target: LoadTarget, movements: MovementCapacity, entries: [LinkID]) {
    self.target = target
    self.movements = movements
    var isEntry = [Bool](repeating: false, count: movements.network.linkCount)
    for link in entries where isEntry.indices.contains(link.index) { isEntry[link.index] = true }
    self.isEntry = isEntry
  }

  /// Lets less traffic onto turns that are too full and, where `mayRise`, more again onto those that
  /// have become emptier than they may be; false where none is too full.
  ///
  /// More by the root of what there is room for: a turn that gets all of it at once is too full in the
  /// next round, and so are those that yield to it.
  func fit(
    turns shares: inout [Double], origins: inout [Double], to volumes: Volumes,
    _ use: MovementCapacity.Use, mayRise: Bool
  ) -> Bool {
    var isAnyTooFull = false
    func fit(_ share: inout Double, _ volume: Double, _ use: Double, _ most: Double) {
      if volume >= 1 && use > most {
        if use > most * Self.tolerance { isAnyTooFull = true }
        share = max(Self.least, share * most / use)
      } else if share < 1 && mayRise {
        share = min(1, share * min(Self.mostRise, (most / max(use, 0.01)).squareRoot()))
      }
    }
    let graph = movements.graph
    for l in 0..<graph.linkCount {
      let most = isEntry[l] ? target.fullestEntry : target.fullestMovement
      for turn in graph.turns(from: LinkID(l)) {
        fit(&shares[turn], volumes.turns[turn], use.ofTurn[turn], most)
      }
      guard volumes.departing[l] >= 1 || origins[l] < 1 else { continue }
      let room = roomToBegin(l, beside: volumes.links[l] - volumes.departing[l])
      fit(&origins[l], volumes.departing[l], volumes.departing[l] / room, most)
    }
    return isAnyTooFull
  }

  /// Vehicles an hour that can begin on a link beside others: what comes in over the edge on all
  /// lanes, else those who find a gap in the kerb lane, as right turns out of a minor road do.
  private func roomToBegin(_ link: Int, beside others: Double) -> Double {
    let lanes = Double(max(1, movements.network.laneCount(of: LinkID(link), for: .car)))
    let room =
      isEntry[link]
      ? MovementCapacity.laneFlow * lanes - others
      : GapAcceptance(.right, control: .priority, rank: 4, drivesOnRight: true)
        .capacity(conflicting: others / lanes)
    return max(MovementCapacity.least, room)
  }
}
