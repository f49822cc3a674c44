import CityBase

/// What has to show between any two stages of a signal: the yellow of each group, and for each pair
/// of groups how long everything stays red between the yellow of one and the green of the other.
///
/// Yellow is what the plan gives the group, or else v / 2a + 1 s with 3 m/s² (Institute of
/// Transportation Engineers), 3 to 5 s. All-red is the time by which who clears last passes a place
/// where ways meet later than who enters first (RiLSA 2015, section 2.5), 1 to 4 s in half seconds.
public struct Intergreens: Sendable {
  public static let shortestAllRed: Int32 = 1000
  static let longestAllRed: Int32 = 4000

  /// Milliseconds by group.
  public let yellow: [Int32]
  /// Milliseconds by pair: row of the group that ends, column of the group that begins.
  private let allRed: [Int32]

  public init(_ network: RoadNetwork, _ signal: SignalID) {
    let plan = network.signals[signal]
    let groups = Int(max(0, plan.groupCount))
    let own = network.connectors(of: plan.junction).map { ConnectorID($0) }
    yellow = (0..<groups).map { group in
      if let shown = Self.yellow(of: group, in: plan) { return shown }
      let speeds = own.filter { Int(network.connectorGroup[$0]) == group }
        .map { network.linkSpeedLimit[network.laneLink[network.connectorFrom[$0]]] }
      let seconds = SignalTiming.halfSeconds(Double(speeds.max() ?? 0) / (2 * 3.0) + 1)
      return Int32((min(5, max(3, seconds)) * 1000).rounded())
    }
    var allRed = [Int32](repeating: Self.shortestAllRed, count: groups * groups)
    for c in own {
      let ending = Int(network.connectorGroup[c])
      for conflict in network.conflicts(of: c) where conflict.kind != ConflictKind.diverge {
        let beginning = Int(network.connectorGroup[conflict.other])
        guard ending >= 0, beginning >= 0, ending != beginning else { continue }
        let time = Self.clearance(network, c, conflict)
        let i = ending * groups + beginning
        allRed[i] = max(allRed[i], time)
      }
    }
    self.allRed = allRed
  }

  /// The longest time for which the group is yellow without a break; nil where it never is.
  private static func yellow(of group: Int, in plan: SignalController) -> Int32? {
    var longest: Int32 = 0
    var run: Int32 = 0
    // Twice round, for a yellow that spans the end of the cycle.
    for phase in plan.phases + plan.phases {
      let isYellow = phase.states.indices.contains(group) && phase.states[group] == .yellow
      run = isYellow ? run + min(phase.milliseconds, 60_000) : 0
      longest = min(60_000, max(longest, run))
    }
    return longest > 0 ? longest : nil
  }

  private static func clearance(_ network: RoadNetwork, _ c: ConnectorID, _ conflict: Conflict)
    -> Int32
  {
    // Ways that join do so where their common stretch begins; others cross in the middle.
    let isCrossing = conflict.kind == ConflictKind.crossing
    let own = isCrossing ? (conflict.entry + conflict.exit) / 2 : conflict.entry
    let other = isCrossing ? (conflict.otherEntry + conflict.otherExit) / 2 : conflict.otherEntry
    let seconds = SignalTiming.clearance(
      speed: Double(network.laneSpeed[network.lane(of: c)]), turn: network.connectorTurn[c],
      upTo: Double(own), beforeEntering: Double(other))
    let bounded = min(4, max(0, SignalTiming.halfSeconds(seconds)))
    return min(longestAllRed, Int32((bounded * 1000).rounded()))
  }

  /// The all-red in milliseconds that has to lie between two stages; 0 where nobody ends for whom
  /// somebody else would begin.
  public func allRed(from now: [SignalState], to next: [SignalState]) -> Int32 {
    var longest: Int32 = 0
    for a in yellow.indices where now[a].isOpen && !next[a].isOpen {
      for b in yellow.indices where !now[b].isOpen && next[b].isOpen {
        longest = max(longest, allRed[a * yellow.count + b])
      }
    }
    return longest
  }

  /// What shows between two stages: yellow for those who end, then red for them until those who
  /// begin may go. Who goes on keeps the weaker of the two states. Empty where nobody ends.
  public func phases(from now: [SignalState], to next: [SignalState]) -> [SignalPhase] {
    let ending = yellow.indices.filter { now[$0].isOpen && !next[$0].isOpen }
    guard let longest = ending.map({ yellow[$0] }).max() else { return [] }
    func closing(_ state: SignalState) -> [SignalState] {
      zip(now, next).map { a, b in
        if !a.isOpen { return .red }
        if !b.isOpen { return state }
        return a == .permissive || b == .permissive ? .permissive : .green
      }
    }
    var phases = [SignalPhase(milliseconds: longest, states: closing(.yellow))]
    let red = allRed(from: now, to: next)
    if red > 0 { phases.append(SignalPhase(milliseconds: red, states: closing(.red))) }
    return phases
  }
}
