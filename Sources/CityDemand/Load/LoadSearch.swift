/// Finds the flow at which a measure that grows with it meets a target.
public struct LoadSearch: Sendable {
  /// What was found.
  public struct Result: Sendable, Equatable {
    /// Vehicles an hour.
    public var vehiclesPerHour: Double
    /// The measure at that flow.
    public var reached: Double
    /// How often it was measured.
    public var rounds: Int
  }

  /// Share of the target that the measure may be off.
  public var tolerance = 0.02
  public var mostRounds = 8
  public var mostVehiclesPerHour = 2_000_000.0

  public init() {}

  /// Goes from `start` on in steps of the ratio of target and measure, between the nearest flows
  /// below and above the target where both are known. The best of all measured is the result.
  public func find(target: Double, start: Double, measure: (Double) -> Double) -> Result {
    guard target > 0 else { return Result(vehiclesPerHour: 0, reached: 0, rounds: 0) }
    var flow = min(mostVehiclesPerHour, max(1, start.isFinite ? start : 1))
    var below: (flow: Double, use: Double)?
    var above: (flow: Double, use: Double)?
    var best = Result(vehiclesPerHour: 0, reached: 0, rounds: 0)
    for round in 1...max(1, mostRounds) {
      let use = measure(flow)
      if round == 1 || abs(use - target) < abs(best.reached - target) {
        best = Result(vehiclesPerHour: flow, reached: use, rounds: round)
      }
      best.rounds = round
      if abs(use - target) <= tolerance * target { break }
      if use < target {
        if below.map({ flow > $0.flow }) ?? true { below = (flow, use) }
      } else if above.map({ flow < $0.flow }) ?? true {
        above = (flow, use)
      }
      let next = nextFlow(flow, use, target, below, above)
      guard next != flow else { break }
      flow = next
    }
    return best
  }

  private func nextFlow(
    _ flow: Double, _ use: Double, _ target: Double, _ below: (flow: Double, use: Double)?,
    _ above: (flow: Double, use: Double)?
  ) -> Double {
    if let below, let above, below.flow < above.flow, above.use > below.use {
      let share = (target - below.use) / (above.use - below.use)
      return below.flow + (above.flow - below.flow) * min(0.95, max(0.05, share))
    }
    let ratio = use > 0 ? min(8, max(0.125, target / use)) : 8
    return min(mostVehiclesPerHour, max(1, flow * ratio))
  }
}
