import CityBase
import CityText

/// The plan by the clock: every stage begins and ends where its cycle and offset have it.
///
/// Where a plan has just begun, or takes the place of another, the signal is out of step with the
/// clock. It then goes on in the order of the stages with greens that are up to a quarter longer or
/// shorter than planned, whichever way is nearer, but never below their minimum, until it is in
/// step; the last wait, up to a quarter of a cycle, is spent in one green. This is the "shortway"
/// transition of the FHWA Signal Timing Manual, 2008, section 6.6, with its usual bounds on how much
/// a cycle may be stretched.
public struct FixedTime: SignalControl {
  public static let typeName = "fixed_time"
  /// The share of a green, and of a cycle, by which a transition stretches it.
  static let stretch = 0.25

  public init() {}
  public init(from reader: inout JSONObjectReader) throws(CityError) {}

  public func nextStage(_ view: SignalView) -> Int? {
    view.green >= Self.end(view) ? view.plan.stage(after: view.stage) : nil
  }

  /// Milliseconds after which the green that is on now is to end.
  static func end(_ view: SignalView) -> Int64 {
    let plan = view.plan
    let cycle = plan.cycleMilliseconds
    let planned = Int64(plan.stages[view.stage].greenMilliseconds)
    let shortest = view.minimumGreen(view.stage)
    // The green if it is ended where the clock ends this stage the next time.
    let endOfStage = plan.stages[view.stage].startMilliseconds + planned
    var waiting = view.green + (endOfStage - plan.position(at: view.time) + cycle) % cycle
    if waiting < shortest { waiting += cycle }
    if waiting <= planned + Int64(stretch * Double(cycle)) { return waiting }
    let late = planned + cycle - waiting
    if late <= cycle / 2, late <= 2 * room(view) {
      return max(shortest, planned - min(late, Int64(stretch * Double(planned))))
    }
    return planned + Int64(stretch * Double(planned))
  }

  /// Milliseconds by which all greens of a cycle together can be shortened.
  private static func room(_ view: SignalView) -> Int64 {
    var sum: Int64 = 0
    for (i, stage) in view.plan.stages.enumerated() {
      let planned = Int64(stage.greenMilliseconds)
      let shortest = max(view.minimumGreen(i), planned - Int64(stretch * Double(planned)))
      sum += max(0, planned - shortest)
    }
    return sum
  }
}
